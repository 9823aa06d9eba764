//! The shell: what stands around every page, and the pieces pages are made of.
//!
//! A page is a struct with a field `shell: Shell` and a template that begins with
//! `{% extends "shell/base.html" %}` and fills the block `content` (blocks `head`, `hero` and
//! `title` are optional). See `ui` for the pieces and `form` for forms.

pub(crate) mod ceremony;
pub mod clause;
pub mod form;
pub mod html;
pub mod nav;
pub mod parse;
pub mod ui;

use store::recovery::Kind;

use crate::assets;
use crate::clock;
use crate::http::Visitor;
use nav::NavItem;
use ui::Flash;

/// The name of the site.
pub const SITE: &str = "创联 · 创新联合体备案管理平台";
/// Whose site it is.
pub const HOST: &str = "内蒙古自治区科学技术厅";

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The title of the page, without the name of the site.
    pub title: String,
    /// Whether the page shows something to mend: the title then begins with 有错误.
    pub has_errors: bool,
    /// The way here: address and words; the page itself is added from the title.
    pub crumbs: Vec<(String, String)>,
    /// The navigation.
    pub nav: Vec<NavItem>,
    /// Who is signed in.
    pub who: Option<Who>,
    /// The token for forms.
    pub csrf: String,
    /// What the last act did.
    pub flash: Option<Flash>,
    /// Whether large letters were chosen.
    pub large: bool,
    /// The path and query of this page.
    pub here: String,
    /// The legal time, as written.
    pub now: String,
    /// The legal day, `2026-11-20`.
    pub today: String,
    /// The bar of a demonstration.
    pub demo: Option<DemoView>,
    /// Whether search engines may keep the page.
    pub indexed: bool,
    /// One sentence about the page for search engines and shared links.
    pub description: String,
}

/// Who is signed in, as the header says it.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name.
    pub name: String,
    /// The capacity: `经办人`.
    pub capacity: String,
    /// For whom.
    pub side: String,
    /// Whether there is another post to change to.
    pub several: bool,
    /// What somebody asks for in this name.
    pub at_stake: Option<Kind>,
}

impl Who {
    /// What somebody asks for in this name, in words.
    pub fn asked_for(&self) -> Option<&'static str> {
        self.at_stake.map(|kind| match kind {
            Kind::Factor => "有人用你的密码申请解除第二个因素。",
            Kind::Password => "有人为你申请重置密码。",
        })
    }
}

/// The bar of a demonstration.
#[derive(Clone, Debug)]
pub struct DemoView {
    /// Whom one can become: value and words.
    pub roles: Vec<(String, String)>,
    /// The password of every account of the cast.
    pub password: String,
    /// The login of whoever one is now; empty for nobody.
    pub login: String,
}

impl Shell {
    /// The shell of a page. Pages for those who are signed in are not indexed.
    pub fn new(visitor: &Visitor, title: impl Into<String>) -> Self {
        let state = visitor.state();
        let signed = visitor.signed();
        let who = signed.map(|signed| Who {
            name: signed.actor.name.value.clone(),
            capacity: signed.post.capacity.clone(),
            side: signed.post.side.clone(),
            several: signed.posts.len() > 1,
            at_stake: signed.at_stake,
        });
        // A token makes a cookie, so pages that have no form do without.
        let has_forms = who.is_some() || state.demo.is_some();
        let demo = state.demo.as_ref().map(|bar| DemoView {
            roles: bar.roles.clone(),
            password: bar.password.clone(),
            login: signed.map(|signed| signed.login.clone()).unwrap_or_default(),
        });
        Self {
            title: title.into(),
            has_errors: false,
            crumbs: Vec::new(),
            nav: nav::items(&visitor.actor(), visitor.path()),
            indexed: who.is_none(),
            who,
            csrf: if has_forms { visitor.csrf() } else { String::new() },
            flash: visitor.flash().cloned(),
            large: visitor.large(),
            here: visitor.here(),
            now: clock::written(state.clock.now_ms()),
            today: state.clock.today().to_string(),
            demo,
            description: String::new(),
        }
    }

    /// Adds a step to the way here.
    #[must_use]
    pub fn crumb(mut self, href: impl Into<String>, words: impl Into<String>) -> Self {
        self.crumbs.push((href.into(), words.into()));
        self
    }

    /// Marks the page as one with something to mend.
    #[must_use]
    pub fn with_errors(mut self) -> Self {
        self.has_errors = true;
        self
    }

    /// Gives a page for everybody a token for its form.
    #[must_use]
    pub fn with_form(mut self, visitor: &Visitor) -> Self {
        if self.csrf.is_empty() {
            self.csrf = visitor.csrf();
        }
        self
    }

    /// Says in one sentence what the page is, for search engines and shared links.
    #[must_use]
    pub fn about(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Says how much waits behind an item of the navigation.
    pub fn waiting(&mut self, href: &str, count: u64) {
        for item in self.nav.iter_mut().filter(|item| item.href == href) {
            item.waiting = count;
        }
    }

    /// The name of the site.
    pub const fn site(&self) -> &'static str {
        SITE
    }

    /// Whose site it is.
    pub const fn host(&self) -> &'static str {
        HOST
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The address that turns large letters on or off and comes back.
    pub fn size_href(&self) -> String {
        let large = if self.large { "0" } else { "1" };
        let pairs = [("large", large), ("next", self.here.as_str())];
        format!("/size?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }

    /// The address of the login, which comes back here.
    pub fn login_href(&self) -> String {
        if self.here == "/" || self.here.starts_with("/login") {
            return "/login".to_owned();
        }
        let pairs = [("next", self.here.as_str())];
        format!("/login?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
    }
}
