//! A dossier on the desk of somebody who may read it: what all its pages begin with.

use std::sync::Arc;

use consortium::{
    Dossier, Finding, access,
    actor::{Actor, Capacity},
    calendar::Calendar,
    ids::{DossierId, UnitId},
    materials::Part,
    reference,
    view::{DossierView, FormView},
};
use jiff::civil::Date;

use crate::drafts::Writer;
use crate::fair_copy::Source;
use crate::forms::{self, FormContext};
use crate::http::Fault;
use crate::office::Profiles;
use crate::pages::shell::form::FieldSpec;
use crate::state::AppState;

/// A dossier, opened.
pub(super) struct Desk {
    pub(super) actor: Actor,
    pub(super) id: DossierId,
    pub(super) dossier: Arc<Dossier>,
    pub(super) view: DossierView,
    /// What the rules say of it now; empty for those who do not read the procedure.
    pub(super) findings: Vec<Finding>,
    /// What the units have registered; empty for those who do not read the materials.
    pub(super) profiles: Profiles,
    /// Whether the operator has named anybody whose certificates count.
    pub(super) certificates: bool,
    pub(super) calendar: Arc<Calendar>,
    pub(super) today: Date,
}

impl Desk {
    /// Opens a dossier; one that is not the reader's is not found.
    pub(super) async fn open(state: &AppState, actor: &Actor, id: &str) -> Result<Self, Fault> {
        let id = DossierId::from(id);
        let opened = state.office.read(actor, &id).await?;
        let mask = access::mask(actor, &opened.dossier);
        let profiles = if mask.materials {
            state.office.profiles(&opened.dossier).await?
        } else {
            Profiles::new()
        };
        let findings = if mask.procedure {
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
            profiles,
            certificates: state.office.trusted() > 0,
            calendar: state.office.calendar().await?,
            today: state.clock.today(),
        })
    }

    /// The form as its reader sees it, with what the units have registered.
    pub(super) fn source<'a>(&'a self, form: &'a FormView) -> Source<'a> {
        Source::of(&self.dossier, form, &self.profiles).routed(self.today)
    }

    /// The reader, as somebody who writes its sections.
    pub(super) fn writer(&self) -> Writer<'_> {
        Writer { actor: &self.actor, dossier: &self.dossier, view: &self.view, today: self.today }
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
        let lead = own == Some(self.dossier.lead()) && !part.own_only();
        let own_block = part.by_unit() && block.is_some() && block == own;
        let verb = if part == Part::Agreement { "write_agreement" } else { "write_application" };
        self.can(verb) && self.dossier.editable(part).is_ok() && (lead || own_block)
    }

    /// The address where a part is written.
    pub(super) fn section(&self, part: Part, block: Option<&UnitId>) -> String {
        match (part, block) {
            (Part::Agreement, _) => self.to("write_agreement"),
            (_, Some(unit)) => self.to(&format!("sections/{}?unit={unit}", part.name())),
            (_, None) => self.to(&format!("sections/{}", part.name())),
        }
    }

    /// What a part asks.
    pub(super) fn fields(&self, part: Part) -> Vec<FieldSpec> {
        let context = FormContext::of(&self.dossier, &self.view, &[], self.today);
        let (verb, context) = match part {
            Part::Agreement => ("write_agreement", context),
            _ => ("write_application", context.section(part, None)),
        };
        forms::form(verb, &context).map(|form| form.fields).unwrap_or_default()
    }

    /// What forms on this dossier are made for.
    pub(super) async fn context(&self, state: &AppState, verb: &str) -> Result<FormContext, Fault> {
        let agent = self.actor.capacity != Capacity::LegalRepresentative;
        let context =
            FormContext::of(&self.dossier, &self.view, &self.findings, self.today).for_agent(agent);
        let context = context.for_duty(&self.dossier, &self.actor);
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
