//! Properties: what holds whoever asks for whatever, on whichever day.

use std::{cell::RefCell, collections::BTreeSet, sync::LazyLock};

use consortium::{
    Command, Dossier, Event, access,
    actor::{Actor, Capacity},
    agreement::{self, AgreementText},
    calendar::Calendar,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    command::{Relation, VERBS, Verb},
    decision::{Matter, Outcome},
    dossier::{CorrectionItem, Judgement, Stage, StageKind},
    expert_review::{Seat, Sheet, Vote, conclude},
    formal_review,
    ids::{Digest, PersonId, UnitId},
    materials::{Attachment, Indicator, Intention, Materials, Part, PlatformLevel, Section},
    measures,
    parameter::Parameters,
    public_notice::ObjectionEffect,
    register,
    sealed::Issued,
    support::SupportClause,
    task,
};
use jiff::{ToSpan, civil::date};
use proptest::{
    prelude::{Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest},
    test_runner::{RngAlgorithm, TestRng, TestRunner},
};

use crate::{
    content,
    stories::{at, before},
    world::{
        World, agreement_digest, department, digest, expert, handler, official, operator,
        representative,
    },
};

/// Every way from one stage to another; what is not drawn here must not happen.
const DRAWN: &[(StageKind, StageKind)] = &[
    (StageKind::Drafting, StageKind::Signing),
    (StageKind::Signing, StageKind::Drafting),
    (StageKind::Signing, StageKind::Recommendation),
    (StageKind::Recommendation, StageKind::Signing),
    (StageKind::Recommendation, StageKind::FormalReview),
    (StageKind::FormalReview, StageKind::ExpertReview),
    (StageKind::ExpertReview, StageKind::Decision),
    (StageKind::Decision, StageKind::ExpertReview),
    (StageKind::Decision, StageKind::PublicNotice),
    (StageKind::PublicNotice, StageKind::Filed),
    // Withdrawn.
    (StageKind::Drafting, StageKind::Ended),
    (StageKind::Signing, StageKind::Ended),
    (StageKind::ExpertReview, StageKind::Ended),
    // Withdrawn, or refused by the office whose turn it is.
    (StageKind::Recommendation, StageKind::Ended),
    (StageKind::FormalReview, StageKind::Ended),
    (StageKind::Decision, StageKind::Ended),
    // An objection upheld.
    (StageKind::PublicNotice, StageKind::Ended),
    // Cancelled, closed, voided.
    (StageKind::Filed, StageKind::Ended),
];

const PARTIES: [&str; 9] =
    ["云川", "金岭", "塞北", "北疆", "草原", "绿氢", "远图", "分公司", "蒙大"];

/// One step of a history: chance for the verb, the actor and the words, and days that pass.
#[derive(Clone, Copy, Debug)]
struct Turn {
    verb: u16,
    fitting: bool,
    actor: u16,
    rightful: bool,
    words: u16,
    days: u16,
}

fn turn() -> impl Strategy<Value = Turn> {
    let days = prop_oneof![12 => 0_u16..3, 2 => 10_u16..40, 1 => 300_u16..500];
    let often = || prop_oneof![5 => Just(true), 1 => Just(false)];
    (any::<u16>(), often(), any::<u16>(), often(), any::<u16>(), days).prop_map(
        |(verb, fitting, actor, rightful, words, days)| Turn {
            verb,
            fitting,
            actor,
            rightful,
            words,
            days,
        },
    )
}

/// S01 at the beginning of each stage, in the middle of the review by experts, and ready to submit.
static BEGINNINGS: LazyLock<Vec<World>> = LazyLock::new(|| {
    let stages = ["起草", "签署", "推荐", "形式审查", "专家评审", "审定", "公示", "已备案"];
    let mut worlds: Vec<World> = stages.into_iter().map(at).collect();
    worlds.push(before("专家 评分"));
    worlds.push(before("2026-03-03  云川 提交"));
    for world in &mut worlds {
        world.calendar = Calendar::fictional(2023, 2060);
        world.examined = Some(Ok(crate::sealed::ours()));
    }
    worlds
});

fn pick<T: Clone>(of: &[T], chance: u16) -> T {
    of[usize::from(chance) % of.len()].clone()
}

static EVERYBODY: LazyLock<Vec<Actor>> = LazyLock::new(|| {
    let mut all: Vec<Actor> =
        PARTIES.into_iter().flat_map(|u| [handler(u), representative(u)]).collect();
    for authority in ["RA01", "RA02"] {
        all.push(official(authority, Capacity::Clerk));
        all.push(official(authority, Capacity::Signatory));
    }
    all.extend(OFFICES.map(department));
    all.extend(["E01", "E02", "E03", "E05", "E09"].map(expert));
    all.extend([Actor::public(), Actor::calendar(), operator()]);
    all
});

const OFFICES: [Capacity; 6] = [
    Capacity::Reviewer,
    Capacity::Organiser,
    Capacity::Drafter,
    Capacity::Decider,
    Capacity::Publisher,
    Capacity::Supervisor,
];

/// Somebody who may; now and then a second person of the office, or the same person as in
/// another office.
fn rightful(dossier: &Dossier, verb: &Verb, chance: u16) -> Actor {
    let capacity = verb.capacities.first().copied().unwrap_or(Capacity::Public);
    let of_unit = |unit: &str| match capacity {
        Capacity::LegalRepresentative => representative(unit),
        _ => handler(unit),
    };
    let members: Vec<String> =
        dossier.materials.parties.iter().map(|party| party.unit.to_string()).collect();
    let mut actor = match verb.by {
        Relation::AnyUnit | Relation::Lead => of_unit(dossier.lead().as_str()),
        Relation::Member | Relation::Party => of_unit(&pick(&members, chance)),
        Relation::OwnAuthority => {
            let own = dossier.authority.as_ref().map_or("RA01", |authority| authority.as_str());
            official(own, pick(verb.capacities, chance))
        }
        Relation::Department => department(pick(verb.capacities, chance)),
        Relation::Office => match pick(verb.capacities, chance) {
            of @ (Capacity::Clerk | Capacity::Signatory) => {
                let own = dossier.authority.as_ref().map_or("RA01", |own| own.as_str());
                official(own, of)
            }
            desk => department(desk),
        },
        Relation::Seat => {
            let seats = dossier.panel().map(|panel| panel.seats.clone()).unwrap_or_default();
            let idle = |seat: &&Seat| seat.sits() && seat.sheet.is_none();
            let owing: Vec<Seat> = seats.iter().filter(idle).cloned().collect();
            match (&*owing, &*seats) {
                ([], []) => expert("E01"),
                ([], all) => expert(pick(all, chance).seating.expert.as_str()),
                (owing, _) => expert(pick(owing, chance).seating.expert.as_str()),
            }
        }
        Relation::Anybody => Actor::public(),
        Relation::Calendar => Actor::calendar(),
    };
    if matches!(verb.by, Relation::Department | Relation::OwnAuthority | Relation::Office) {
        match chance % 11 {
            0 => actor.person = PersonId("同一人".to_owned()),
            1 => actor.person = PersonId(format!("{}乙", actor.person)),
            _ => {}
        }
    }
    actor
}

fn judgements(world: &World, unmet: bool) -> Vec<Judgement> {
    let dossier = world.dossier();
    let reviewer = department(Capacity::Reviewer);
    let findings =
        world.in_context(&dossier.id, &reviewer, None, |ctx| measures::examine(dossier, ctx));
    let judge =
        |rule: &str| Judgement { rule: rule.to_owned(), met: !unmet, reason: "已核对".into() };
    formal_review::open_questions(&findings).iter().map(|finding| judge(&finding.rule)).collect()
}

/// A command of that name with words that mostly make sense.
pub(crate) fn command(world: &World, verb: &str, actor: &Actor, chance: u16) -> Command {
    let dossier = world.dossier();
    let odd = chance.is_multiple_of(13);
    let void_signatures = !(chance / 16).is_multiple_of(3);
    let unit = UnitId::from(pick(&PARTIES, chance));
    let own = actor.unit().cloned().unwrap_or_else(|| dossier.lead().clone());
    let reason = if odd { String::new() } else { format!("理由{}", chance % 4) };
    let supplement = dossier.open_supplement().map(|(.., round)| round.digest.clone());
    let now = supplement.unwrap_or_else(|| agreement_digest(dossier));
    let now = if odd { digest("别的文本") } else { now };
    let matter = match dossier.stage_kind() {
        StageKind::Decision => Matter::Filing,
        _ => pick(
            &[Matter::Filing, Matter::Termination, Matter::Cancellation, Matter::Cancellation],
            chance,
        ),
    };
    let outcome = if chance.is_multiple_of(5) { Outcome::Refuse } else { Outcome::Grant };
    let year = world.today().year() - i16::try_from(chance % 3).unwrap();
    match verb {
        "open" => Command::Open { name: "内蒙古自治区另一个创新联合体".into() },
        "rename" => Command::Rename { name: name(chance), void_signatures },
        "invite" => Command::Invite { unit, void_signatures },
        "answer_invitation" => {
            Command::AnswerInvitation { accept: !chance.is_multiple_of(4), reason }
        }
        "remove_member" => Command::RemoveMember { unit, void_signatures },
        "write_application" => Command::WriteApplication { content: section(chance, &own, &unit) },
        "attach" => Command::Attach {
            moves: false,
            attachment: Attachment {
                digest: digest(&format!("{}", chance % 4)),
                name: "附件.pdf".into(),
                size_bytes: u64::from(chance),
                item: if odd { String::new() } else { "其他".into() },
                unit: None,
            },
        },
        "detach" => Command::Detach { digest: digest(&format!("{}", chance % 4)) },
        "write_agreement" => {
            let mut text = content::agreement(&format!("目标{}", chance % 5));
            text.disputes = if odd { String::new() } else { text.disputes };
            Command::WriteAgreement { text, void_signatures }
        }
        "reserve_name" => Command::ReserveName {},
        "start_signing" => Command::StartSigning {},
        "sign" => Command::sign_by_password(now),
        "seal" => Command::seal_by_scan(now, digest("扫描件")),
        "reopen_agreement" => Command::ReopenAgreement { reason },
        "offer_paper" => Command::OfferPaper {
            digest: now,
            scan: digest(&format!("纸质{}", chance % 2)),
            custodian: reason,
        },
        "confirm_paper" => {
            Command::ConfirmPaper { digest: now, scan: digest(&format!("纸质{}", chance % 2)) }
        }
        "remind_to_sign" => Command::RemindToSign { unit },
        "remark_on_agreement" => Command::RemarkOnAgreement {
            heading: pick(&["goals", "results", "没有"], chance).into(),
            remark: reason,
        },
        "answer_remark" => Command::AnswerRemark { no: u32::from(chance % 3), answer: reason },
        "decline_to_sign" => Command::DeclineToSign { reason },
        "submit" => Command::Submit {},
        "withdraw" => Command::Withdraw { reason },
        "check_materials" => Command::CheckMaterials { opinion: reason },
        "recommend" => Command::Recommend { opinion: reason },
        "return_for_changes" => Command::ReturnForChanges { reason },
        "decline_to_recommend" => Command::DeclineToRecommend { reason },
        "pass_formal_review" => Command::PassFormalReview { judgements: judgements(world, odd) },
        "request_correction" => Command::RequestCorrection {
            items: [chance, chance / 7]
                .map(|n| CorrectionItem {
                    part: pick(&Part::ALL, n),
                    reason: reason.clone(),
                    clause: "6.5".into(),
                })
                .to_vec(),
        },
        "submit_correction" => Command::SubmitCorrection {},
        "extend_correction" => {
            Command::ExtendCorrection { days: i64::from(chance % 40) - 3, reason }
        }
        "extend_review" => Command::ExtendReview { days: i64::from(chance % 40) - 3, reason },
        "not_accept" => Command::NotAccept { reason },
        "draw_panel" => {
            Command::DrawPanel { size: usize::from(pick(&[5_u16, 5, 7, 4, 17], chance)) }
        }
        "declare_interest" => {
            Command::DeclareInterest { conflict: chance.is_multiple_of(6), reason }
        }
        "fill_seat" => Command::FillSeat {},
        "submit_sheet" => Command::SubmitSheet { sheet: sheet(chance) },
        "void_sheet" => Command::VoidSheet { expert: seated(dossier, chance), reason },
        "draft_decision" => Command::DraftDecision { matter, outcome, reason },
        "confirm_decision" => Command::ConfirmDecision { matter },
        "return_draft" => Command::ReturnDraft { matter, reason },
        "publish_notice" => Command::PublishNotice {},
        "object" => Command::Object(content::objection(&format!("异议人{}", chance % 5))),
        "conclude_objection" => Command::ConcludeObjection {
            receipt: receipt(dossier, chance),
            upheld: (chance / 16).is_multiple_of(3),
            effect: pick(
                &[ObjectionEffect::Continue, ObjectionEffect::Continue, ObjectionEffect::Terminate],
                chance,
            ),
            reason: "经核查".into(),
            public_reason: reason,
        },
        "file" => Command::File {},
        "import_trial_filing" => Command::ImportTrialFiling {
            name: "内蒙古自治区试行创新联合体".into(),
            lead: unit,
            members: vec![],
            field: "T6".into(),
            number: "1".into(),
            sequence: 1,
            filed_on: date(2023, 6, 1),
        },
        "submit_report" => Command::SubmitReport {
            year,
            summary: content::summary(i16::try_from(chance % 2).unwrap()),
        },
        "submit_plan" => Command::SubmitPlan { year, plan: reason },
        "report_change" => Command::ReportChange {
            kind: pick(&ChangeKind::ALL, chance),
            occurred_on: date(2026, 3, 2),
            content: ChangeContent { reason, new_name: Some(name(chance)), unit: Some(unit) },
        },
        "write_supplement" => {
            Command::WriteSupplement { text: format!("约定{}", chance % 3), void_signatures }
        }
        "lock_supplement" => Command::LockSupplement {},
        "decide_change" => Command::DecideChange {
            no: u32::from(chance % 6) + 1,
            accepted: !chance.is_multiple_of(4),
            reason,
        },
        "settle_doubt" => {
            Command::SettleDoubt { rule: pick(&["R5.1b", "R5.1c", "R5.1a"], chance).into(), reason }
        }
        "record_undertaking" => Command::RecordUndertaking {
            title: reason,
            level: "自治区级".into(),
            until: date(2027, 6, 30),
        },
        "finish_undertaking" => {
            Command::FinishUndertaking { no: u32::from(chance % 4) + 1, how: "验收".into() }
        }
        "record_support" => Command::RecordSupport {
            clause: pick(&SupportClause::ALL, chance),
            measure: reason,
            document: "文号".into(),
            on: world.today(),
        },
        "apply_for_termination" => {
            Command::ApplyForTermination { circumstance: reason.clone(), resolution: reason }
        }
        "propose_cancellation" => Command::ProposeCancellation {
            ground: pick(
                &[
                    Ground::LeadFailed,
                    Ground::Falsehood,
                    Ground::TwoYearsWithoutSummary { years: vec![] },
                ],
                chance,
            ),
            facts: reason,
        },
        "serve_cancellation_notice" => Command::ServeCancellationNotice {
            served_on: world.today(),
            proof: if odd { Digest(String::new()) } else { digest("回证") },
            text: "拟取消".into(),
        },
        "make_statement" => Command::MakeStatement { text: reason },
        "drop_cancellation" => Command::DropCancellation { reason },
        "attach_sealed" => {
            let issued = dossier.issued.iter().map(Issued::reference);
            let known: Vec<_> = std::iter::once("1/certificate".to_owned()).chain(issued).collect();
            let paper = pick(&known, chance);
            let file = digest(&format!("盖章件{}", chance % 3));
            Command::AttachSealed { paper, file, reason, compared: false }
        }
        "day_passed" => Command::DayPassed {},
        other => panic!("no words for {other}"),
    }
}

fn name(chance: u16) -> String {
    pick(
        &["内蒙古自治区固态储能创新联合体", "内蒙古自治区电化学储能创新联合体", "储能联盟"],
        chance,
    )
    .to_owned()
}

fn section(chance: u16, own: &UnitId, unit: &UnitId) -> Section {
    let level = pick(
        &[PlatformLevel::Region, PlatformLevel::Other, PlatformLevel::OtherProvince],
        chance / 3,
    );
    let mut sections = content::sections(own);
    sections.push(content::member(own));
    sections.push(content::member(own));
    sections.push(Section::Platforms { platforms: vec![content::platform(level, unit)] });
    sections.push(Section::Special { special: format!("特殊情况{}", chance % 3) });
    pick(&sections, chance)
}

fn sheet(chance: u16) -> Sheet {
    let vote = pick(&[Vote::Agree, Vote::Agree, Vote::AgreeWithChanges, Vote::Disagree], chance);
    content::sheet(u8::try_from(50 + chance % 51).unwrap(), vote)
}

fn seated(dossier: &Dossier, chance: u16) -> PersonId {
    let seats = dossier.panel().map(|panel| panel.seats.clone()).unwrap_or_default();
    if seats.is_empty() { PersonId::from("E01") } else { pick(&seats, chance).seating.expert }
}

fn receipt(dossier: &Dossier, chance: u16) -> String {
    match &dossier.stage {
        Stage::PublicNotice(stage) if !stage.objections.is_empty() => {
            pick(&stage.objections, chance).receipt
        }
        _ => "YY000".to_owned(),
    }
}

/// What ends or throws back a history is asked for less often, so that histories grow long.
fn rare(verb: &Verb, turn: Turn) -> bool {
    let ends =
        ["withdraw", "not_accept", "decline_to_recommend", "return_for_changes", "void_sheet"];
    ends.contains(&verb.name) && !turn.words.is_multiple_of(8)
}

/// Takes one turn; answers with the way from stage to stage, where it led to another.
fn live(world: &mut World, turn: Turn) -> Option<(StageKind, StageKind)> {
    let later = world.today().checked_add(i64::from(turn.days).days()).unwrap();
    world.on(later);
    world.seed = u64::from(turn.words);
    let before = world.dossier().clone();
    let stage = before.stage_kind();
    let here: Vec<&Verb> = VERBS.iter().filter(|verb| verb.stages.contains(&stage)).collect();
    let here: Vec<&Verb> = here.into_iter().filter(|verb| !rare(verb, turn)).collect();
    let verb = if turn.fitting && !here.is_empty() {
        pick(&here, turn.verb)
    } else {
        &VERBS[usize::from(turn.verb) % VERBS.len()]
    };
    let actor = if turn.rightful {
        rightful(&before, verb, turn.actor)
    } else {
        pick(&EVERYBODY, turn.actor)
    };
    let command = command(world, verb.name, &actor, turn.words);
    if matches!(command, Command::Open { .. } | Command::ImportTrialFiling { .. }) {
        assert!(world.decide(&before.id, &actor, &command).is_err(), "{command:?}");
        return None;
    }
    match world.perform(&actor, &command) {
        Err(refusal) => {
            assert!(!refusal.reason.is_empty() && !refusal.remedy.is_empty(), "{refusal:?}");
            assert_eq!(*world.dossier(), before);
        }
        Ok(events) if events.is_empty() => assert_eq!(*world.dossier(), before),
        Ok(events) => {
            // What ended it is sealed afterwards; nothing else is done any more.
            let sealed = matches!(events[..], [Event::SealedAttached { .. }]);
            assert!(stage != StageKind::Ended || sealed, "{events:?} after the end");
            let edge = (stage, world.dossier().stage_kind());
            assert!(edge.0 == edge.1 || DRAWN.contains(&edge), "{edge:?} by {events:?}");
            let again = world.decide(&before.id, &actor, &command);
            assert!(again.as_ref().map_or(true, Vec::is_empty), "{command:?} again: {again:?}");
            consistent(world);
            return (edge.0 != edge.1).then_some(edge);
        }
    }
    None
}

/// What holds of a dossier at any moment.
fn consistent(world: &World) {
    let dossier = world.dossier();
    let ended = matches!(dossier.stage, Stage::Ended(_));
    assert_eq!(task::tasks(dossier, &world.calendar).is_empty(), ended, "nobody's turn");
    if let Some(round) = &dossier.materials.agreement.round {
        let complete =
            round.slots.iter().all(|slot| slot.signature.is_some() && slot.seal.is_some());
        assert_eq!(
            round.effective_at.is_some(),
            complete,
            "in force exactly when all signed and sealed"
        );
    }
    for (at, (person, step)) in dossier.steps.iter().enumerate() {
        let other = dossier.steps[..at].iter().find(|(who, took)| who == person && took != step);
        assert_eq!(other, None, "{person} took {step:?} too");
    }
    let readers = access::readers(dossier);
    let public = readers.iter().any(|key| key == "public");
    assert_eq!(public, register::status(dossier).is_some());
    for actor in EVERYBODY.iter().filter(|actor| **actor != Actor::calendar()) {
        let listed = public || readers.contains(&actor.reader_key());
        assert_eq!(access::may_read(actor, dossier).is_ok(), listed, "{actor:?}");
        let mask = access::mask(actor, dossier);
        let sees = mask.materials
            || mask.secrets
            || mask.procedure
            || mask.experts
            || mask.sheets
            || mask.objectors
            || mask.personal;
        assert!(listed || !sees, "{actor:?} sees of a dossier it may not read");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_that_passed_twice_passed_once(gaps in prop::collection::vec((1_i64..900, any::<bool>()), 1..12)) {
        let mut world = BEGINNINGS[7].clone();
        for (gap, reports) in gaps {
            world.on(world.today().checked_add(gap.days()).unwrap());
            let year = world.today().year();
            if reports {
                let summary = content::summary(year);
                let _ = world.perform(&handler("云川"), &Command::SubmitReport { year, summary });
            }
            world.perform(&Actor::calendar(), &Command::DayPassed {}).unwrap();
            let again = world.perform(&Actor::calendar(), &Command::DayPassed {}).unwrap();
            prop_assert_eq!(again, vec![]);
        }
        world.hold_together();
    }

    #[test]
    fn the_order_of_the_sheets_makes_no_difference(
        words in prop::collection::vec(any::<u16>(), 5..16),
        order in any::<u64>(),
    ) {
        let parameters = Parameters::on(date(2026, 3, 2));
        let sheets: Vec<Sheet> = words.iter().map(|chance| sheet(*chance)).collect();
        let mut other: Vec<&Sheet> = sheets.iter().collect();
        for at in (1..other.len()).rev() {
            let with = usize::try_from(order.rotate_left(u32::try_from(at).unwrap()) % 16).unwrap();
            other.swap(at, with % (at + 1));
        }
        prop_assert_eq!(conclude(&sheets.iter().collect::<Vec<_>>(), &parameters), conclude(&other, &parameters));
    }

    #[test]
    fn two_agreements_share_their_canonical_text_only_when_they_are_the_same(
        one in prop::collection::vec("[a:0-2\n乙]{0,4}", 8),
        other in prop::collection::vec("[a:0-2\n乙]{0,4}", 8),
        shared in any::<u8>(),
    ) {
        let mut mixed = other;
        for (at, text) in one.iter().enumerate() {
            if shared & (1 << at) != 0 {
                mixed[at].clone_from(text);
            }
        }
        let (one, other) = (agreed(&one), agreed(&mixed));
        let same = (&one.name, &one.agreement.text) == (&other.name, &other.agreement.text);
        prop_assert_eq!(agreement::canonical(&one) == agreement::canonical(&other), same);
    }
}

proptest! {
    // A case is up to three years of days.
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_day_passed_alone_comes_to_the_same_as_the_days_passed_at_once(days in 1_i64..1100) {
        let mut daily = BEGINNINGS[7].clone();
        let mut asleep = daily.clone();
        let end = daily.today().checked_add(days.days()).unwrap();
        while daily.today() < end {
            daily.on(daily.today().tomorrow().unwrap());
            daily.perform(&Actor::calendar(), &Command::DayPassed {}).unwrap();
        }
        asleep.on(end);
        asleep.perform(&Actor::calendar(), &Command::DayPassed {}).unwrap();
        let missed = |world: &World| world.dossier().register_entry().unwrap().missed.clone();
        let case = |world: &World| {
            world.dossier().register_entry().unwrap().cancellation.clone().map(|case| case.ground)
        };
        prop_assert_eq!(missed(&daily), missed(&asleep));
        prop_assert_eq!(case(&daily), case(&asleep));
    }
}

/// 384 histories of 60 turns, the same ones at every run; together they walk every drawn way.
#[test]
fn every_history_holds_together_and_every_drawn_way_is_walked() {
    let config =
        ProptestConfig { cases: 384, failure_persistence: None, ..ProptestConfig::default() };
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let histories = (0_usize..10, prop::collection::vec(turn(), 60));
    let walked = RefCell::new(BTreeSet::new());
    let run = TestRunner::new_with_rng(config, chance).run(&histories, |(beginning, turns)| {
        let mut world = BEGINNINGS[beginning].clone();
        for turn in turns {
            walked.borrow_mut().extend(live(&mut world, turn));
        }
        world.hold_together();
        Ok(())
    });
    run.unwrap_or_else(|fault| panic!("{fault}"));
    let walked = walked.into_inner();
    let missing: Vec<_> = DRAWN.iter().filter(|way| !walked.contains(way)).collect();
    assert_eq!(missing, Vec::<&(StageKind, StageKind)>::new(), "ways never walked");
}

fn agreed(texts: &[String]) -> Materials {
    let mut materials = BEGINNINGS[1].dossier().materials.clone();
    materials.name.clone_from(&texts[0]);
    materials.agreement.text = AgreementText {
        formed_on: None,
        goals: texts[1].clone(),
        division: texts[2].clone(),
        results: texts[3].clone(),
        distribution: texts[4].clone(),
        disputes: texts[5].clone(),
        risk: texts[6].clone(),
        breach: texts[7].clone(),
        ..AgreementText::default()
    };
    materials
}

#[test]
fn any_one_change_of_what_is_signed_changes_its_canonical_text() {
    type Change = fn(&mut Materials);
    let mut materials = BEGINNINGS[1].dossier().materials.clone();
    materials.indicators.push(Indicator {
        name: "授权发明专利（件）".into(),
        baseline: "2".into(),
        target: "10".into(),
        year: 2028,
        ..Indicator::default()
    });
    let materials = &materials;
    let written = agreement::canonical(materials);
    let table: &[(&str, Change)] = &[
        ("version", |m| m.agreement.version += 1),
        ("name", |m| m.name.push('甲')),
        ("formed_on", |m| m.agreement.text.formed_on = Some(date(2026, 2, 27))),
        ("no formed_on", |m| m.agreement.text.formed_on = None),
        ("goals", |m| m.agreement.text.goals.push('甲')),
        ("division", |m| m.agreement.text.division.push('甲')),
        ("results", |m| m.agreement.text.results.push('甲')),
        ("distribution", |m| m.agreement.text.distribution.push('甲')),
        ("disputes", |m| m.agreement.text.disputes.push('甲')),
        ("risk", |m| m.agreement.text.risk.push('甲')),
        ("breach", |m| m.agreement.text.breach.push('甲')),
        ("other", |m| m.agreement.text.other.push('甲')),
        ("confidentiality", |m| m.agreement.text.confidentiality.push('甲')),
        ("an indicator", |m| m.indicators[0].target.push('甲')),
        ("an indicator less", |m| drop(m.indicators.pop())),
        ("a task", |m| m.work[0].content.push('甲')),
        ("a task's day", |m| m.work[0].to = date(2031, 1, 1)),
        ("an input", |m| m.inputs[0].amount_fen += 1),
        ("an annex", |m| m.attachments.push(annex("甲"))),
        ("an annex's digest", |m| m.attachments.push(annex("乙"))),
        ("a party's unit", |m| m.parties[1].unit = UnitId::from("甲")),
        ("a party's name", |m| m.parties[1].name.push('甲')),
        ("a party's code", |m| m.parties[1].code.push('甲')),
        ("a party less", |m| m.parties.truncate(3)),
        ("a party that declined", |m| {
            let reason = "无".to_owned();
            m.parties[1].intention = Intention::Declined { on: date(2026, 2, 11), reason };
        }),
    ];
    for (what, change) in table {
        let mut changed = materials.clone();
        change(&mut changed);
        assert_ne!(agreement::canonical(&changed), written, "{what}");
    }
    // The order of invitation binds nobody.
    let mut swapped = materials.clone();
    swapped.parties.swap(1, 2);
    assert_eq!(agreement::canonical(&swapped), written);
}

fn annex(text: &str) -> Attachment {
    let item = agreement::ANNEX.to_owned();
    Attachment { digest: digest(text), name: "附件.pdf".into(), size_bytes: 1, item, unit: None }
}
