//! 页面一览 — every page with its method, whom it is for and what it is about.
//!
//! The router is built from these rows, and each row stands guard before its handler: nothing is
//! served that does not stand here, and nobody reaches a handler whom its row does not admit. What
//! depends on one dossier or one unit the handler asks `consortium::access` about, or the office.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::MethodRouter;
use consortium::access;
use consortium::actor::{Capacity, Side};
use consortium::command::{self, Relation};

use crate::api::table::Object;
use crate::http::{Fault, Signed, Visitor};
use crate::state::AppState;

/// The table: one line a feature, the rows beside their handlers.
pub const ROUTES: &[&[Route]] = &[
    super::account::ROUTES,
    super::affairs::ROUTES,
    super::dossier::ROUTES,
    super::home::ROUTES,
    super::interpretations::ROUTES,
    super::names::ROUTES,
    super::notices::ROUTES,
    super::ops::ROUTES,
    super::precheck::ROUTES,
    super::registry::ROUTES,
    super::search::ROUTES,
    super::stats::ROUTES,
    super::units::ROUTES,
    super::verify::ROUTES,
    super::words::ROUTES,
    crate::api::PAGES,
    crate::assets::ROUTES,
    crate::demo::ROUTES,
    crate::http::ops::ROUTES,
];

/// One page, or what one of its forms is sent to.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with names in braces.
    pub path: &'static str,
    /// Whom it is for.
    pub by: By,
    /// What it is about.
    pub object: Object,
    handler: fn() -> MethodRouter<AppState>,
}

/// Whom a page is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Anybody.
    Public,
    /// Anybody who signed in, however strongly: the own account.
    Own,
    /// Anybody who signed in, as strongly as the post asks; so does everything below but pages for
    /// anybody.
    SignedIn,
    /// Whoever may read the object: [`access::may_read`], or a unit's own rule.
    Reader,
    /// Whoever may ask for this command of the law: [`access::may`].
    Verb(&'static str),
    /// Whoever may ask for the command that the path names.
    NamedVerb,
    /// Whoever acts for a unit.
    Unit,
    /// The authorities and the Department.
    Offices,
    /// Whoever confirms that a second factor was lost: the operator, and for units their authority.
    Keepers,
    /// The Department, in one of these capacities; in any when there are none.
    Department(&'static [Capacity]),
    /// Whoever runs the platform. To others there is nothing here.
    Operator,
    /// A collector on this machine. To others there is nothing here.
    Machine,
    /// Anybody, in a demonstration. Elsewhere there is nothing here.
    Demo,
}

/// A page that is shown.
pub(crate) const fn shows(
    path: &'static str,
    by: By,
    object: Object,
    handler: fn() -> MethodRouter<AppState>,
) -> Route {
    Route { method: "GET", path, by, object, handler }
}

/// What a form is sent to.
pub(crate) const fn takes(
    path: &'static str,
    by: By,
    object: Object,
    handler: fn() -> MethodRouter<AppState>,
) -> Route {
    Route { method: "POST", path, by, object, handler }
}

/// Everything in the table, guarded.
pub(crate) fn router() -> Router<AppState> {
    let rows = ROUTES.iter().copied().flatten();
    rows.fold(Router::new(), |router, route| router.route(route.path, route.guarded()))
}

impl Route {
    fn guarded(&self) -> MethodRouter<AppState> {
        let by = self.by;
        (self.handler)().route_layer(middleware::from_fn(
            move |request: Request, next: Next| async move {
                match by.admits(&request) {
                    Ok(()) => next.run(request).await,
                    Err(fault) => fault.into_response(),
                }
            },
        ))
    }
}

impl By {
    /// Whether this is for whoever asks, as far as that can be said without the object.
    fn admits(self, request: &Request) -> Result<(), Fault> {
        match self {
            Self::Public => return Ok(()),
            Self::Machine => return is_near(request).then_some(()).ok_or(Fault::NotFound),
            _ => {}
        }
        let visitor = request.extensions().get::<Visitor>();
        let visitor = visitor.ok_or_else(|| Fault::internal("no layer recognised the visitor"))?;
        if self == Self::Demo {
            return visitor.state().demo.as_ref().map(|_| ()).ok_or(Fault::NotFound);
        }
        if let Self::Verb(name) = self
            && command::named(name).is_some_and(|verb| verb.by == Relation::Anybody)
        {
            return Ok(());
        }
        if self == Self::Own {
            return visitor.account(request.method()).map(drop);
        }
        self.admits_signed(visitor.required(request.method())?)
    }

    fn admits_signed(self, signed: &Signed) -> Result<(), Fault> {
        let actor = &signed.actor;
        let fits = match self {
            Self::Verb(name) => return begins(signed, name),
            Self::Operator if actor.side != Side::Operator => return Err(Fault::NotFound),
            Self::Unit => matches!(actor.side, Side::Unit(_)),
            Self::Offices => matches!(actor.side, Side::Authority(_) | Side::Department),
            Self::Keepers => matches!(actor.side, Side::Authority(_) | Side::Operator),
            Self::Department(capacities) => {
                actor.side == Side::Department
                    && (capacities.is_empty() || capacities.contains(&actor.capacity))
            }
            _ => true,
        };
        if fits { Ok(()) } else { Err(self.not_for(actor.capacity)) }
    }

    fn not_for(self, capacity: Capacity) -> Fault {
        let (whom, own) = (self.term(), capacity.term());
        Fault::Forbidden(format!(
            "这一页由{whom}办理，你现在的身份是{own}。换身份登录，或转给对应的同事。"
        ))
    }

    /// Whom it is for, in words.
    pub fn term(self) -> String {
        match self {
            Self::Public => "任何人".to_owned(),
            Self::Own => "本人".to_owned(),
            Self::SignedIn => "登录的人".to_owned(),
            Self::Reader => "可以查看的人".to_owned(),
            Self::Verb(name) => {
                let verb = command::named(name);
                format!("可以“{}”的人", verb.map_or(name, |verb| verb.term))
            }
            Self::NamedVerb => "可以办这一事项的人".to_owned(),
            Self::Unit => "单位".to_owned(),
            Self::Offices => "归口管理部门或自治区科技厅".to_owned(),
            Self::Keepers => "系统管理员或归口管理部门".to_owned(),
            Self::Department(capacities) => {
                let terms: Vec<&str> = capacities.iter().map(|one| one.term()).collect();
                format!("自治区科技厅{}", terms.join("或"))
            }
            Self::Operator => "系统管理员".to_owned(),
            Self::Machine => "本机的采集程序".to_owned(),
            Self::Demo => "演示".to_owned(),
        }
    }
}

/// Whether a page is for somebody, as far as that can be said without its object: others are shown
/// no link that leads them to a refusal.
pub(crate) fn is_for(signed: &Signed, path: &str) -> bool {
    let mut rows = ROUTES.iter().copied().flatten();
    let row = rows.find(|row| row.method == "GET" && row.path == path);
    row.is_some_and(|row| row.by.admits_signed(signed).is_ok())
}

/// A command that begins something is asked about here; others need their dossier.
fn begins(signed: &Signed, name: &str) -> Result<(), Fault> {
    let verb = command::named(name).ok_or(Fault::NotFound)?;
    if verb.stages.is_empty() {
        access::may(&signed.actor, verb, None)?;
    }
    Ok(())
}

/// Whether a request comes from this machine, and not through a gateway on it.
fn is_near(request: &Request) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let near = peer.is_none_or(|ConnectInfo(peer)| peer.ip().is_loopback());
    near && !request.headers().contains_key("x-forwarded-for")
}
