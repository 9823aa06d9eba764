//! A dossier on the desk of somebody who may read it: what all its pages begin with.

use std::sync::Arc;

use consortium::{
    Dossier, Finding, access,
    actor::Actor,
    calendar::Calendar,
    ids::{DossierId, UnitId},
    materials::Part,
    reference,
    view::DossierView,
};
use jiff::civil::Date;

use crate::forms::FormContext;
use crate::http::Fault;
use crate::state::AppState;

/// A dossier, opened.
pub(super) struct Desk {
    pub(super) actor: Actor,
    pub(super) id: DossierId,
    pub(super) dossier: Arc<Dossier>,
    pub(super) view: DossierView,
    /// What the rules say of it now; empty for those who do not read the procedure.
    pub(super) findings: Vec<Finding>,
    pub(super) calendar: Calendar,
    pub(super) today: Date,
}

impl Desk {
    /// Opens a dossier; one that is not the reader's is not found.
    pub(super) async fn open(state: &AppState, actor: &Actor, id: &str) -> Result<Self, Fault> {
        let id = DossierId::from(id);
        let opened = state.office.read(actor, &id).await?;
        let findings = if access::mask(actor, &opened.dossier).procedure {
            state.office.examine(actor, &opened.dossier).await?
        } else {
            vec![]
        };
        Ok(Self {
            actor: actor.clone(),
            id,
            dossier: opened.dossier,
            view: opened.view,
            findings,
            calendar: state.office.calendar().await?,
            today: state.clock.today(),
        })
    }

    /// The address of the dossier.
    pub(super) fn href(&self) -> String {
        format!("/dossiers/{}", self.id)
    }

    /// The address of an act or a page under it.
    pub(super) fn to(&self, page: &str) -> String {
        format!("/dossiers/{}/{page}", self.id)
    }

    /// Whether the reader can do this now.
    pub(super) fn can(&self, verb: &str) -> bool {
        self.view.actions.iter().any(|action| action.verb == verb)
    }

    /// Whether the reader can write this part, and of the member blocks this unit's.
    pub(super) fn writes(&self, part: Part, block: Option<&UnitId>) -> bool {
        let own = self.actor.unit();
        let lead = own == Some(self.dossier.lead());
        let own_block = part == Part::Member && block.is_some() && block == own;
        self.can("write_application") && self.dossier.editable(part).is_ok() && (lead || own_block)
    }

    /// What forms on this dossier are made for.
    pub(super) async fn context(&self, state: &AppState, verb: &str) -> Result<FormContext, Fault> {
        let context = FormContext::of(&self.dossier, &self.view, &self.findings, self.today);
        if verb != "submit" {
            return Ok(context);
        }
        let lead = state.office.unit_record(self.dossier.lead()).await?;
        let authority =
            lead.and_then(|unit| reference::route(&unit.profile.area, self.today, None));
        Ok(match authority {
            Some(authority) => context.to_authority(authority.name),
            None => context,
        })
    }

    /// The short name, for crumbs: without the words that all names share.
    pub(super) fn short(&self) -> &str {
        short(&self.view.name)
    }
}

/// A consortium's name without the words that all names share.
pub(in crate::pages) fn short(name: &str) -> &str {
    name.strip_prefix(consortium::name::PREFIX).unwrap_or(name)
}
