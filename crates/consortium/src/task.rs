//! 待办 — whose turn it is: derived from the dossier, written in the same transaction as its events.
//!
//! Every live dossier is somebody's turn. A due day is computed by a dated rule; where the
//! calendar does not reach it, the task says so and is computed again when the calendar comes.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::{
    actor::{Actor, Capacity, Side},
    agreement::{Supplement, supplement::signers},
    annual_report,
    calendar::{Calendar, Due},
    change::Change,
    dossier::{Dossier, Filed, FormalReview, PublicNotice, Signing, Stage},
    expert_review::{Declaration, Panel},
    ids::{AuthorityId, PersonId, UnitId},
    materials::Intention,
    name::Hold,
    outstanding::outstanding,
    parameter::{ParameterKey, Signers},
    unit,
};

/// 责任人 — whose turn: an office in a capacity, or one person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "holder", content = "of", rename_all = "snake_case")]
pub enum Holder {
    /// A unit, in a capacity.
    Unit(UnitId, Capacity),
    /// An authority, in a capacity.
    Authority(AuthorityId, Capacity),
    /// The Department, in a capacity.
    Department(Capacity),
    /// One expert.
    Expert(PersonId),
}

impl Holder {
    /// The key of a worklist: `unit:U1/handler`, `department/reviewer`, `expert:P9`.
    pub fn key(&self) -> String {
        let name = |capacity: &Capacity| match capacity {
            Capacity::Handler => "handler",
            Capacity::LegalRepresentative => "legal_representative",
            Capacity::SealKeeper => "seal_keeper",
            Capacity::Contact => "contact",
            Capacity::Administrator => "administrator",
            Capacity::Clerk => "clerk",
            Capacity::Signatory => "signatory",
            Capacity::Reviewer => "reviewer",
            Capacity::Organiser => "organiser",
            Capacity::Drafter => "drafter",
            Capacity::Decider => "decider",
            Capacity::Publisher => "publisher",
            Capacity::Supervisor => "supervisor",
            Capacity::Expert => "expert",
            Capacity::Public => "public",
            Capacity::Operator => "operator",
            Capacity::Calendar => "calendar",
        };
        match self {
            Self::Unit(unit, capacity) => format!("unit:{unit}/{}", name(capacity)),
            Self::Authority(authority, capacity) => {
                format!("authority:{authority}/{}", name(capacity))
            }
            Self::Department(capacity) => format!("department/{}", name(capacity)),
            Self::Expert(person) => format!("expert:{person}"),
        }
    }

    /// The worklists of an actor. A legal representative may do what a handler may, and a handler
    /// what a seal keeper may.
    pub fn keys_of(actor: &Actor) -> Vec<String> {
        match (&actor.side, actor.capacity) {
            (Side::Unit(unit), capacity) => Self::of_unit(unit, Self::works(capacity)),
            (Side::Authority(own), capacity) => vec![Self::Authority(own.clone(), capacity).key()],
            (Side::Department, capacity) => vec![Self::Department(capacity).key()],
            (Side::Expert, _) => vec![Self::Expert(actor.person.clone()).key()],
            (Side::Public | Side::Operator | Side::Calendar, _) => vec![],
        }
    }

    /// Whose letters an actor reads: the own worklists', and of a contact and an administrator
    /// everybody's of the unit. Somebody who acts for nobody is written to in person.
    pub fn told(actor: &Actor) -> Vec<String> {
        match (&actor.side, actor.capacity) {
            (Side::Unit(unit), Capacity::Contact | Capacity::Administrator) => {
                Self::of_unit(unit, &unit::people::CAPACITIES)
            }
            (Side::Public, _) => vec![format!("person:{}", actor.person)],
            _ => Self::keys_of(actor),
        }
    }

    /// The capacities whose work a capacity does.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others work for no unit")]
    const fn works(capacity: Capacity) -> &'static [Capacity] {
        match capacity {
            Capacity::LegalRepresentative => &[
                Capacity::Handler,
                Capacity::LegalRepresentative,
                Capacity::SealKeeper,
                Capacity::Administrator,
            ],
            Capacity::Handler => &[Capacity::Handler, Capacity::SealKeeper],
            Capacity::SealKeeper => &[Capacity::SealKeeper],
            Capacity::Administrator => &[Capacity::Administrator],
            _ => &[],
        }
    }

    fn of_unit(unit: &UnitId, capacities: &[Capacity]) -> Vec<String> {
        capacities.iter().map(|capacity| Self::Unit(unit.clone(), *capacity).key()).collect()
    }
}

/// 待办.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Task {
    /// What is owed: a command's name, or `answer_invitation` and the like.
    pub verb: &'static str,
    /// In words.
    pub title: String,
    /// Whose turn.
    pub holder: Holder,
    /// The clause it carries out.
    pub clause: &'static str,
    /// Since when.
    pub since: Date,
    /// By when.
    pub due: Due,
}

struct Clock<'a> {
    dossier: &'a Dossier,
    calendar: &'a Calendar,
}

impl Clock<'_> {
    fn due(&self, key: ParameterKey, since: Date) -> Due {
        self.calendar.due_under(&self.dossier.parameters, key, since)
    }

    fn task(
        &self,
        verb: &'static str,
        title: &str,
        holder: Holder,
        clause: &'static str,
        since: Date,
        due: Due,
    ) -> Task {
        let _ = self;
        Task { verb, title: title.to_owned(), holder, clause, since, due }
    }

    fn department(
        &self,
        verb: &'static str,
        title: &str,
        of: Capacity,
        clause: &'static str,
        since: Date,
        key: ParameterKey,
    ) -> Task {
        self.task(verb, title, Holder::Department(of), clause, since, self.due(key, since))
    }

    fn lead(
        &self,
        verb: &'static str,
        title: &str,
        clause: &'static str,
        since: Date,
        due: Due,
    ) -> Task {
        let holder = Holder::Unit(self.dossier.lead().clone(), Capacity::Handler);
        self.task(verb, title, holder, clause, since, due)
    }
}

/// Every open task of a dossier.
pub fn tasks(dossier: &Dossier, calendar: &Calendar) -> Vec<Task> {
    let clock = Clock { dossier, calendar };
    match &dossier.stage {
        Stage::Drafting(stage) => drafting(&clock, stage.since),
        Stage::Signing(stage) => signing(&clock, stage),
        Stage::Recommendation(stage) => {
            let (verb, title, capacity) = match stage.check {
                None => ("check_materials", "审核材料的真实性和准确性", Capacity::Clerk),
                Some(_) => ("recommend", "签发推荐意见", Capacity::Signatory),
            };
            let holder = Holder::Authority(stage.submission.authority.clone(), capacity);
            let due = clock.due(ParameterKey::RecommendDays, stage.since);
            vec![clock.task(verb, title, holder, "6.4", stage.since, due)]
        }
        Stage::FormalReview(stage) => formal_review(&clock, stage),
        Stage::ExpertReview(stage) => match &stage.panel {
            None => vec![clock.department(
                "draw_panel",
                "组织专家评审",
                Capacity::Organiser,
                "6.5",
                stage.since,
                ParameterKey::ExpertReviewDays,
            )],
            Some(panel) => experts(&clock, panel, stage.since),
        },
        Stage::Decision(stage) => {
            let (verb, title, capacity) = match (&stage.confirmed, &stage.draft) {
                (Some(_), _) => ("publish_notice", "发布公示", Capacity::Publisher),
                (None, Some(_)) => ("confirm_decision", "复核决定", Capacity::Decider),
                (None, None) => ("draft_decision", "拟定决定", Capacity::Drafter),
            };
            let since = stage.confirmed.as_ref().map_or(stage.since, |confirmed| confirmed.on);
            vec![clock.department(verb, title, capacity, "6.5", since, ParameterKey::DecisionDays)]
        }
        Stage::PublicNotice(stage) => public_notice(&clock, stage),
        Stage::Filed(filed) => lifelong(&clock, filed),
        Stage::Ended(_) => vec![],
    }
}

fn drafting(clock: &Clock<'_>, since: Date) -> Vec<Task> {
    let mut tasks =
        vec![clock.lead("start_signing", "准备备案材料和组建协议", "6.1", since, Due::None)];
    tasks.extend(invitations(clock, since));
    tasks.extend(blocks(clock, since));
    tasks.extend(name_held(clock));
    tasks
}

/// 成员填写 — what a member writes of itself, once it takes part, from its own account.
fn blocks(clock: &Clock<'_>, since: Date) -> Vec<Task> {
    let owed = outstanding(clock.dossier).into_iter().filter(|owed| !owed.answer);
    owed.map(|owed| {
        let holder = Holder::Unit(owed.unit, Capacity::Handler);
        clock.task("write_application", "填写本单位的材料", holder, "5.3", since, Due::None)
    })
    .collect()
}

/// 名称预留 — told in time: the hold ends on a day, and a name that is free has to be reserved again.
fn name_held(clock: &Clock<'_>) -> Option<Task> {
    let (title, since, due) = match clock.dossier.hold {
        Hold::Reserved { since, until } => {
            ("名称预留到期前提交材料，或者续留名称", since, Due::On { date: until })
        }
        Hold::Lapsed { until } => ("名称预留已到期，重新预留后才能提交", until, Due::None),
        Hold::Firm => return None,
    };
    Some(clock.lead("reserve_name", title, "6.1", since, due))
}

fn invitations(clock: &Clock<'_>, since: Date) -> Vec<Task> {
    let due = clock.due(ParameterKey::InvitationDays, since);
    let pending = |party: &&crate::materials::Party| party.intention == Intention::Pending;
    let parties = clock.dossier.materials.parties.iter().filter(pending);
    parties
        .map(|party| {
            let holder = Holder::Unit(party.unit.clone(), Capacity::Handler);
            clock.task("answer_invitation", "答复参加联合体的邀请", holder, "4", since, due)
        })
        .collect()
}

fn signing(clock: &Clock<'_>, stage: &Signing) -> Vec<Task> {
    if clock.dossier.materials.agreement.effective_at().is_some() {
        let title = if stage.returned.is_some() {
            "修改后重新提交"
        } else {
            "协议已生效，提交备案材料"
        };
        let submit = clock.lead("submit", title, "6.3", stage.since, Due::None);
        let mut tasks = vec![submit];
        tasks.extend(blocks(clock, stage.since));
        tasks.extend(name_held(clock));
        return tasks;
    }
    let mut tasks = slots(clock);
    tasks.extend(blocks(clock, stage.since));
    tasks.extend(name_held(clock));
    tasks
}

fn slots(clock: &Clock<'_>) -> Vec<Task> {
    let Some(round) = clock.dossier.signing_round() else {
        return vec![];
    };
    let what =
        if clock.dossier.open_supplement().is_some() { "补充协议" } else { "组建协议" };
    let due = clock.due(ParameterKey::SigningDays, round.since);
    let mut tasks = Vec::new();
    for slot in &round.slots {
        let unit = &slot.unit;
        if let Some(paper) = round.paper.as_ref().filter(|_| !slot.complete()) {
            let holder = Holder::Unit(unit.clone(), Capacity::Handler);
            let title = "核对并确认纸质签署件";
            tasks.push(clock.task("confirm_paper", title, holder, "6.2", paper.on, due));
            continue;
        }
        if slot.signature.is_none() {
            let holder = Holder::Unit(unit.clone(), Capacity::LegalRepresentative);
            let title = format!("在{what}上签字");
            tasks.push(clock.task("sign", &title, holder, "6.2", round.since, due));
        }
        if slot.seal.is_none() {
            let holder = Holder::Unit(unit.clone(), Capacity::SealKeeper);
            let title = format!("在{what}上加盖公章");
            tasks.push(clock.task("seal", &title, holder, "6.2", round.since, due));
        }
    }
    tasks
}

fn formal_review(clock: &Clock<'_>, stage: &FormalReview) -> Vec<Task> {
    if let Some(correction) = &stage.correction {
        let due = correction.due.map_or(Due::None, |date| Due::On { date });
        let mut tasks = vec![clock.lead("submit_correction", "补正", "6.5", correction.on, due)];
        tasks.extend(invitations(clock, correction.on));
        if clock.dossier.materials.agreement.effective_at().is_none() {
            tasks.extend(slots(clock));
        }
        tasks.extend(correction.overdue.map(|since| {
            clock.department(
                "not_accept",
                "补正逾期，延长补正期限或者作不通过处理",
                Capacity::Reviewer,
                "6.5",
                since,
                ParameterKey::FormalReviewDays,
            )
        }));
        return tasks;
    }
    let base = clock.dossier.parameters.get(ParameterKey::FormalReviewDays);
    let extra: i64 = stage.extensions.iter().map(|(days, _)| *days).sum();
    let due = clock.calendar.due(stage.since, base + extra, false);
    let holder = Holder::Department(Capacity::Reviewer);
    vec![clock.task("pass_formal_review", "形式审查", holder, "6.5", stage.since, due)]
}

fn experts(clock: &Clock<'_>, panel: &Panel, since: Date) -> Vec<Task> {
    let due = clock.due(ParameterKey::ExpertReviewDays, since);
    let mut tasks = Vec::new();
    for seat in panel.sitting().filter(|seat| seat.sheet.is_none()) {
        let holder = Holder::Expert(seat.seating.expert.clone());
        let (verb, title) = match seat.declaration {
            Declaration::Clear(_) => ("submit_sheet", "评分并写明评审意见"),
            Declaration::Pending | Declaration::Recused(_) => ("declare_interest", "声明利害关系"),
        };
        tasks.push(clock.task(verb, title, holder, "6.5", panel.on, due));
    }
    if panel.sitting().count() < panel.size {
        let holder = Holder::Department(Capacity::Organiser);
        tasks.push(clock.task("fill_seat", "补抽专家", holder, "6.5", since, due));
    }
    tasks
}

fn public_notice(clock: &Clock<'_>, stage: &PublicNotice) -> Vec<Task> {
    let mut tasks: Vec<Task> = stage
        .open_objections()
        .map(|objection| {
            let title = format!("办理异议 {}", objection.receipt);
            clock.department(
                "conclude_objection",
                &title,
                Capacity::Supervisor,
                "6.5",
                objection.on,
                ParameterKey::ObjectionDays,
            )
        })
        .collect();
    if tasks.is_empty() {
        tasks.push(clock.department(
            "file",
            &format!("公示至 {}，期满后备案", stage.notice.to),
            Capacity::Publisher,
            "6.5",
            stage.notice.to,
            ParameterKey::FilingDays,
        ));
    }
    tasks
}

fn lifelong(clock: &Clock<'_>, filed: &Filed) -> Vec<Task> {
    let parameters = &clock.dossier.parameters;
    let year = annual_report::next_year(filed);
    let due = Due::On { date: annual_report::due(year, parameters) };
    let title = format!("报送 {year} 年度总结和下一年度计划");
    let since = Date::new(year, 1, 1).unwrap_or(filed.on).max(filed.on);
    let mut tasks = vec![clock.lead("submit_report", &title, "9", since, due)];
    for change in filed.changes.iter().filter(|change| change.decided.is_none()) {
        let supplement = change.supplement.as_ref();
        let effective = supplement.and_then(Supplement::effective_at);
        let asked = signers(change.kind, parameters) != Signers::Nobody;
        if asked && effective.is_none() {
            tasks.extend(supplementing(clock, change));
            continue;
        }
        let key = if change.kind.class() == 'A' {
            ParameterKey::ChangeADays
        } else {
            ParameterKey::ChangeBDays
        };
        let title = format!("办理变更：{}", change.kind.term());
        tasks.push(clock.department(
            "decide_change",
            &title,
            Capacity::Drafter,
            "10",
            effective.map_or(change.on, DateTime::date),
            key,
        ));
    }
    if !filed.doubts.is_empty() {
        let since = filed.versions.last().map_or(filed.on, |version| version.on);
        tasks.push(clock.department(
            "settle_doubt",
            "变更后有条件待认定",
            Capacity::Supervisor,
            "5.1",
            since,
            ParameterKey::LostConditionDays,
        ));
    }
    if let Some(termination) = &filed.termination {
        let (verb, title, who) = two_persons(termination.draft.is_some(), "终止申请");
        tasks.push(clock.department(
            verb,
            &title,
            who,
            "10",
            termination.on,
            ParameterKey::ChangeADays,
        ));
    }
    tasks.extend(cancellation(clock, filed));
    tasks
}

/// A change waits for its supplement: the lead writes and locks it, the parties sign.
fn supplementing(clock: &Clock<'_>, change: &Change) -> Vec<Task> {
    let (verb, title) = match &change.supplement {
        Some(kept) if kept.round.is_some() => return slots(clock),
        Some(_) => ("lock_supplement", "锁定补充协议并发起签署"),
        None => ("write_supplement", "起草补充协议"),
    };
    vec![clock.lead(verb, title, "10", change.on, Due::None)]
}

fn two_persons(drafted: bool, what: &str) -> (&'static str, String, Capacity) {
    if drafted {
        ("confirm_decision", format!("复核{what}的决定"), Capacity::Decider)
    } else {
        ("draft_decision", format!("拟定{what}的决定"), Capacity::Drafter)
    }
}

fn cancellation(clock: &Clock<'_>, filed: &Filed) -> Option<Task> {
    let case = filed.cancellation.as_ref()?;
    let Some(served) = &case.served else {
        return Some(clock.department(
            "serve_cancellation_notice",
            &format!("送达取消事先告知书（{}）", case.ground.term()),
            Capacity::Supervisor,
            "11",
            case.since,
            ParameterKey::NoticeOutDays,
        ));
    };
    let (verb, title, who) = two_persons(case.draft.is_some(), "取消备案");
    let since = served.statement_due;
    Some(clock.department(verb, &title, who, "11", since, ParameterKey::DecisionDays))
}
