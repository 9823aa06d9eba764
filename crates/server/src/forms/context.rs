//! What forms choose from and what stands in them: drawn from the dossier as its reader sees it.

use std::collections::BTreeMap;

use consortium::{
    Dossier, Finding,
    actor::Actor,
    agreement::supplement::signers,
    annual_report,
    change::ChangeKind,
    decision::Matter,
    dossier::Stage,
    formal_review,
    ids::UnitId,
    materials::{Materials, Part, Party},
    measures,
    parameter::{ParameterKey, Parameters, Signers},
    sealed::{Issued, is_duty},
    view::DossierView,
};
use jiff::civil::Date;

use crate::pages::shell::form::Choice;

/// A rule that a person has to answer before the formal review can pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The rule.
    pub rule: String,
    /// The clause.
    pub clause: String,
    /// What is asked, in words.
    pub title: String,
    /// What the machine saw.
    pub facts: String,
}

/// What a form is made for.
#[derive(Clone, Debug, Default)]
pub struct FormContext {
    /// No dossier: lists that depend on one are asked as plain text.
    pub example: bool,
    /// The day.
    pub today: Option<Date>,
    /// The section of the form that is written.
    pub part: Option<Part>,
    /// The member whose block is written.
    pub block: Option<UnitId>,
    /// The materials, for what stands in the fields.
    pub materials: Option<Materials>,
    /// The parties that count: id and name.
    pub parties: Vec<Choice>,
    /// The parties without the lead.
    pub members: Vec<Choice>,
    /// Whether a text is locked for signing, and by whom it is signed already.
    pub locked: Option<Vec<String>>,
    /// The digest of the locked text.
    pub digest: String,
    /// The digest of the scan that was signed on paper.
    pub paper: String,
    /// The supplement to the open change, as it stands.
    pub supplement: String,
    /// The parties whose signature or seal is awaited.
    pub awaited: Vec<Choice>,
    /// Remarks on the agreement without an answer: number and words.
    pub remarks: Vec<Choice>,
    /// Whether the actor is neither legal representative nor person in charge.
    pub agent: bool,
    /// The experts with a seat: id and label.
    pub seats: Vec<Choice>,
    /// Attachments: digest and name.
    pub attachments: Vec<Choice>,
    /// Open objections: receipt and kind.
    pub objections: Vec<Choice>,
    /// Kinds of change that ask for a supplement, and who signs it.
    pub supplements: BTreeMap<&'static str, &'static str>,
    /// Open changes: number and kind.
    pub changes: Vec<Choice>,
    /// Conditions in doubt: rule and facts.
    pub doubts: Vec<Choice>,
    /// Entries of the platform register of all parties.
    pub registered: Vec<Choice>,
    /// Open undertakings: number and title.
    pub undertakings: Vec<Choice>,
    /// Official papers that the actor has sealed: reference and term.
    pub sealable: Vec<Choice>,
    /// Matters that may be decided now.
    pub decidable: Vec<Matter>,
    /// Matters with a draft.
    pub drafted: Vec<Matter>,
    /// What a person has to judge.
    pub questions: Vec<Question>,
    /// The year for which a summary is owed.
    pub year: Option<i16>,
    /// The fewest experts of a panel.
    pub panel_min: i64,
    /// Below this share of the full mark a remark is owed, in percent.
    pub low_percent: i64,
    /// To whom a submission goes, once known.
    pub authority: String,
}

impl FormContext {
    /// Of a dossier as somebody sees it, with what the rules say of it now.
    pub fn of(dossier: &Dossier, view: &DossierView, findings: &[Finding], today: Date) -> Self {
        let materials = &dossier.materials;
        let party =
            |p: &consortium::materials::Party| Choice::from((p.unit.0.clone(), p.name.clone()));
        let round = dossier.signing_round();
        let also = dossier.signing_parties();
        Self {
            example: false,
            today: Some(today),
            part: None,
            block: None,
            parties: materials.standing().map(party).collect(),
            members: materials.parties.iter().skip(1).map(party).collect(),
            locked: round.map(|round| signed_by(&also, round)),
            digest: round.map(|round| round.digest.0.clone()).unwrap_or_default(),
            paper: round
                .and_then(|round| round.paper.as_ref())
                .map(|paper| paper.scan.0.clone())
                .unwrap_or_default(),
            awaited: round.map(|round| awaited(&also, round)).unwrap_or_default(),
            supplement: dossier
                .open_change()
                .and_then(|change| change.supplement.as_ref())
                .map(|kept| kept.text.clone())
                .unwrap_or_default(),
            remarks: remarks(materials),
            seats: seats(view),
            attachments: materials
                .attachments
                .iter()
                .map(|a| (a.digest.0.clone(), format!("{}（{}）", a.item, a.name)).into())
                .collect(),
            objections: objections(view),
            questions: questions(findings),
            decidable: decidable(dossier),
            drafted: matters().filter(|matter| dossier.draft(*matter).is_some()).collect(),
            panel_min: dossier.parameters.get(ParameterKey::PanelMin),
            low_percent: dossier.parameters.get(ParameterKey::LowScorePercent),
            authority: view.authority.unwrap_or_default().to_owned(),
            materials: Some(materials.clone()),
            ..Self::default()
        }
        .with_filed(view, dossier)
    }

    fn with_filed(mut self, view: &DossierView, dossier: &Dossier) -> Self {
        let (Some(filed), Some(entry)) = (&view.filed, dossier.register_entry()) else {
            return self;
        };
        self.year = Some(annual_report::next_year(entry));
        self.supplements = supplements(&dossier.parameters);
        let open = filed.changes.iter().filter(|change| change.accepted.is_none());
        self.changes = open
            .map(|c| {
                (c.no.to_string(), format!("第 {} 件：{}（{} 报告）", c.no, c.kind, c.on)).into()
            })
            .collect();
        self.doubts =
            filed.doubts.iter().map(|d| (d.rule.clone(), d.facts.clone()).into()).collect();
        let open = filed.undertakings.iter().filter(|(.., how)| how.is_none());
        self.undertakings = open
            .map(|(no, title, level, ..)| (no.to_string(), format!("{title}（{level}）")).into())
            .collect();
        self
    }

    /// Without a dossier: for describing the forms themselves.
    pub fn example() -> Self {
        let parameters = Parameters::on(Date::MIN);
        Self {
            example: true,
            decidable: matters().collect(),
            drafted: matters().collect(),
            locked: Some(Vec::new()),
            panel_min: parameters.get(ParameterKey::PanelMin),
            low_percent: parameters.get(ParameterKey::LowScorePercent),
            ..Self::default()
        }
    }

    /// For writing one section, and of the member blocks one.
    #[must_use]
    pub fn section(mut self, part: Part, block: Option<UnitId>) -> Self {
        self.part = Some(part);
        self.block = block;
        self
    }

    /// For somebody who signs on behalf of the legal representative.
    #[must_use]
    pub fn for_agent(mut self, agent: bool) -> Self {
        self.agent = agent;
        self
    }

    /// For somebody whose duty it is to have papers sealed; the latest comes first.
    #[must_use]
    pub fn for_duty(mut self, dossier: &Dossier, actor: &Actor) -> Self {
        let own = dossier.issued.iter().rev().filter(|issued| is_duty(issued.paper, actor));
        let choice = |issued: &Issued| {
            let words = format!("{}（{} 制发）", issued.paper.term(), issued.on);
            (issued.reference(), words).into()
        };
        self.sealable = own.map(choice).collect();
        self
    }

    /// Names the authority to which a submission goes.
    #[must_use]
    pub fn to_authority(mut self, name: &str) -> Self {
        name.clone_into(&mut self.authority);
        self
    }
}

fn signed_by(parties: &[&Party], round: &consortium::agreement::Round) -> Vec<String> {
    let begun = round.slots.iter().filter(|slot| slot.signature.is_some() || slot.seal.is_some());
    let named = |unit: &UnitId| parties.iter().find(|party| party.unit == *unit);
    begun.filter_map(|slot| Some(named(&slot.unit)?.name.clone())).collect()
}

/// Who signs a supplement, by the kind of change; kinds that need none are left out.
fn supplements(parameters: &Parameters) -> BTreeMap<&'static str, &'static str> {
    let asked = ChangeKind::ALL.map(|kind| (kind.name(), signers(kind, parameters)));
    let asked = asked.into_iter().filter(|(_, signers)| *signers != Signers::Nobody);
    asked.map(|(kind, signers)| (kind, signers.term())).collect()
}

fn awaited(parties: &[&Party], round: &consortium::agreement::Round) -> Vec<Choice> {
    let named = |unit: &UnitId| parties.iter().find(|party| party.unit == *unit);
    let parties = round.awaited().filter_map(|slot| named(&slot.unit));
    parties.map(|party| (party.unit.0.clone(), party.name.clone()).into()).collect()
}

fn remarks(materials: &Materials) -> Vec<Choice> {
    let remarks = materials.agreement.remarks.iter().zip(1..);
    let open = remarks.filter(|(remark, _): &(_, u32)| remark.answer.is_none());
    open.map(|(remark, no)| {
        let party = materials.party(&remark.unit).map_or("已移出的单位", |party| &party.name);
        (no.to_string(), format!("第 {no} 条（{party}）：{}", remark.remark)).into()
    })
    .collect()
}

fn matters() -> impl Iterator<Item = Matter> {
    [Matter::Filing, Matter::Termination, Matter::Cancellation].into_iter()
}

/// Matters in which a conclusion can be drafted.
fn decidable(dossier: &Dossier) -> Vec<Matter> {
    let open = |matter: &Matter| match (&dossier.stage, matter) {
        (Stage::Decision(stage), Matter::Filing) => stage.confirmed.is_none(),
        (Stage::Filed(filed), Matter::Termination) => filed.termination.is_some(),
        (Stage::Filed(filed), Matter::Cancellation) => {
            filed.cancellation.as_ref().is_some_and(|case| case.served.is_some())
        }
        _ => false,
    };
    matters().filter(open).filter(|matter| dossier.draft(*matter).is_none()).collect()
}

fn seats(view: &DossierView) -> Vec<Choice> {
    let seats = view.panel.iter().flat_map(|panel| &panel.seats);
    seats
        .filter_map(|seat| {
            let name = seat.name.as_ref().map(|name| name.value.as_str()).unwrap_or_default();
            Some((seat.expert.clone()?, format!("{} {name} {}", seat.label, seat.state)).into())
        })
        .collect()
}

fn objections(view: &DossierView) -> Vec<Choice> {
    let open = view.objections.iter().filter(|objection| objection.answer.is_none());
    open.filter_map(|o| {
        let receipt = o.receipt.clone()?;
        Some((receipt.clone(), format!("{receipt}（{}，{} 收到）", o.kind, o.on)).into())
    })
    .collect()
}

/// The open questions, each rule once with all that was seen.
fn questions(findings: &[Finding]) -> Vec<Question> {
    let mut facts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.verdict == measures::Verdict::AtDiscretion) {
        facts.entry(finding.rule.as_str()).or_default().push(finding.facts.as_str());
    }
    let question = |finding: &Finding| Question {
        rule: finding.rule.clone(),
        clause: finding.clause.clone(),
        title: rule_title(&finding.rule),
        facts: facts.get(finding.rule.as_str()).map(|all| all.join("；")).unwrap_or_default(),
    };
    formal_review::open_questions(findings).into_iter().map(question).collect()
}

/// What a rule asks, in words.
fn rule_title(rule: &str) -> String {
    let asked = measures::requirements::requirement(rule).map_or(rule, |asked| asked.zh);
    asked.trim_end_matches('。').to_owned()
}
