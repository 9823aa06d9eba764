//! What is written down for good: every event as JSON, every command's name, every word.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
};

use consortium::{
    Event, Finding,
    actor::{Capacity, Side},
    agreement::{Format, Proof},
    annual_report::Summary,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    command::{self, VERBS},
    decision::{Matter, Outcome},
    department,
    dossier::{CorrectionItem, Judgement},
    expert_review::{Candidate, Conclusion, ExpertKind, Seating, Sheet, Vote},
    ids::{AuthorityId, Digest, DossierId, PersonId, Personal, UnitId},
    materials::{Attachment, Intention, Part, Party, PlatformLevel, Section},
    measures::{
        self, Verdict,
        requirements::{Carried, REQUIREMENTS},
    },
    official_paper::OfficialPaper,
    parameter::{ParameterKey, Parameters},
    public_notice::ObjectionEffect,
    sealed::{Check, Coverage, Examined, Reading, SeenSignature, SeenSigner},
    support::SupportClause,
    unit::{
        self, Assessment, CreditRecord, LegalForm, PlatformEntry, Profile, Repair, RepairOutcome,
        UnitKind,
        dispute::Decided,
        invitation::Invited,
        people::{Confirmed, Evidence, NewLink},
    },
};
use jiff::civil::{DateTime, date};
use serde::{Serialize, de::DeserializeOwned};

use crate::{content, golden, properties, stories::at, world};

const NOON: DateTime = date(2026, 3, 2).at(12, 0, 0, 0);

fn digest() -> Digest {
    Digest("0123456789abcdef".repeat(4))
}

fn unit_id() -> UnitId {
    UnitId::from("U1")
}

fn person() -> PersonId {
    PersonId::from("P1")
}

fn words() -> String {
    "理由".to_owned()
}

fn proof() -> Proof {
    Proof {
        statement: digest(),
        file: digest(),
        key: digest(),
        subject: Personal::new("CN=云川法定代表人"),
    }
}

fn party(intention: Intention) -> Party {
    Party {
        unit: unit_id(),
        name: "塞北理工大学".into(),
        code: "12150000MBFX06F341".into(),
        kind: UnitKind::University,
        intention,
    }
}

fn parameters() -> Parameters {
    // A pinned set is a map; one figure says how it is written.
    let pinned = Parameters::on(date(2026, 3, 2)).get(ParameterKey::NoticeDays);
    serde_json::from_value(serde_json::json!({ "notice_days": pinned })).unwrap()
}

fn findings() -> Vec<Finding> {
    [Verdict::Met, Verdict::Unmet, Verdict::AtDiscretion]
        .map(|verdict| Finding {
            rule: "R5.1b".into(),
            clause: "5.1".into(),
            verdict,
            facts: "现有 2 家单位".into(),
            sentence: "由人认定".into(),
        })
        .to_vec()
}

fn seating() -> Seating {
    Seating {
        expert: person(),
        name: Personal::new("李四"),
        label: "专家甲".into(),
        kind: ExpertKind::Technical,
    }
}

/// Every way an event can be written: each variant once, those that hold a choice once a choice.
fn events() -> Vec<Event> {
    let day = date(2026, 3, 2);
    let mut events = vec![
        Event::Opened {
            dossier: DossierId::from("D1"),
            name: "内蒙古自治区电化学储能创新联合体".into(),
            lead: party(Intention::Accepted { on: day }),
            parameters: parameters(),
        },
        Event::NameReserved { until: day },
        Event::NameLapsed { until: day },
        Event::Renamed { name: "内蒙古自治区固态储能创新联合体".into() },
        Event::Invited { party: party(Intention::Pending) },
        Event::Invited { party: party(Intention::Declined { on: day, reason: words() }) },
        Event::InvitationAccepted { unit: unit_id() },
        Event::InvitationDeclined { unit: unit_id(), reason: words() },
        Event::MemberRemoved { unit: unit_id() },
    ];
    let written = |section| Event::SectionWritten { section };
    events.extend(content::sections(&unit_id()).into_iter().map(written));
    events.extend(
        [
            content::member(&unit_id()),
            Section::Platforms {
                platforms: vec![content::platform(PlatformLevel::Region, &unit_id())],
            },
            Section::Special { special: words() },
        ]
        .map(written),
    );
    events.extend(vec![
        Event::Attached {
            attachment: Attachment {
                digest: digest(),
                name: "执照.pdf".into(),
                size_bytes: 1024,
                item: "营业执照".into(),
                unit: None,
            },
        },
        Event::Detached { digest: digest() },
        Event::AgreementWritten { text: content::agreement("低温储能") },
        Event::SigningStarted {
            version: 3,
            digest: digest(),
            parties: vec![unit_id()],
            format: Format::Second,
        },
        Event::SigningStarted {
            version: 3,
            digest: digest(),
            parties: vec![unit_id()],
            format: Format::Third,
        },
        Event::Signed {
            unit: unit_id(),
            version: 3,
            digest: digest(),
            method: "account_password".into(),
            proof: None,
            letter: None,
        },
        Event::Signed {
            unit: unit_id(),
            version: 3,
            digest: digest(),
            method: "certificate".into(),
            proof: Some(proof()),
            letter: Some(digest()),
        },
        Event::Sealed {
            unit: unit_id(),
            version: 3,
            digest: digest(),
            scan: digest(),
            method: "scan".into(),
            proof: None,
        },
        Event::Sealed {
            unit: unit_id(),
            version: 3,
            digest: digest(),
            scan: digest(),
            method: "certificate".into(),
            proof: Some(proof()),
        },
        Event::PaperOffered { version: 3, scan: digest(), custodian: words(), supplement: None },
        Event::PaperOffered { version: 1, scan: digest(), custodian: words(), supplement: Some(2) },
        Event::PaperConfirmed { unit: unit_id(), version: 3, digest: digest(), scan: digest() },
        Event::AgreementEffective { version: 3, at: NOON },
        Event::SigningVoided { reason: words() },
        Event::SigningReminded { unit: unit_id(), version: 3, supplement: None },
        Event::SigningReminded { unit: unit_id(), version: 1, supplement: Some(2) },
        Event::SupplementWritten { no: 2, text: words() },
        Event::SupplementLocked {
            no: 2,
            version: 1,
            digest: digest(),
            parties: vec![party(Intention::Accepted { on: day })],
        },
        Event::SupplementEffective { no: 2, version: 1, at: NOON },
        Event::SupplementDeclined { no: 2, unit: unit_id(), reason: words() },
        Event::AgreementRemarked {
            unit: unit_id(),
            heading: "goals".into(),
            remark: words(),
            version: 3,
        },
        Event::RemarkAnswered { no: 1, answer: words() },
        Event::SigningDeclined { unit: unit_id(), reason: words() },
        Event::Submitted {
            package: digest(),
            at: NOON,
            authority: AuthorityId::from("RA01"),
            findings: findings(),
            parameters: parameters(),
        },
        Event::Withdrawn { reason: words() },
        Event::MaterialsChecked { opinion: words() },
        Event::Recommended { opinion: words(), findings: vec![] },
        Event::Returned { reason: words() },
        Event::RecommendationDeclined { reason: words() },
        Event::FormalReviewPassed {
            findings: vec![],
            judgements: vec![Judgement { rule: "R5.1b".into(), met: true, reason: words() }],
        },
        Event::CorrectionRequested {
            items: Part::ALL
                .map(|part| CorrectionItem { part, reason: words(), clause: "6.5".into() })
                .to_vec(),
            due: Some(day),
        },
        Event::CorrectionRequested { items: vec![], due: None },
        Event::CorrectionSubmitted { package: digest(), findings: vec![] },
        Event::CorrectionOverdue { due: day },
        Event::CorrectionExtended { days: 5, due: day, reason: words() },
        Event::ReviewExtended { days: 5, reason: words() },
        Event::NotAccepted { reason: words() },
        Event::PanelDrawn {
            seed: 7,
            candidates: vec![Candidate {
                expert: person(),
                employers: vec!["阴山科技大学".into()],
                kind: ExpertKind::Management,
            }],
            excluded: vec![(person(), words())],
            seats: vec![seating()],
            reserve: vec![person()],
        },
        Event::InterestDenied { expert: person() },
        Event::Recused { expert: person(), reason: words() },
        Event::SeatFilled { seating: seating() },
    ]);
    events.extend([Vote::Agree, Vote::AgreeWithChanges, Vote::Disagree].map(|vote| {
        let sheet = Sheet { remarks: vec![], ..content::sheet(82, vote) };
        Event::SheetSubmitted { expert: person(), sheet }
    }));
    events.extend([
        Event::SheetVoided { expert: person(), reason: words() },
        Event::ReviewConcluded {
            conclusion: Conclusion {
                sheets: 7,
                agree: 6,
                mean_hundredths: 8200,
                spread: 12,
                dispersed: false,
                passed: true,
            },
        },
    ]);
    events.extend(
        [Matter::Filing, Matter::Termination, Matter::Cancellation].map(|matter| {
            Event::DecisionDrafted { matter, outcome: Outcome::Grant, reason: words() }
        }),
    );
    events.extend([
        Event::DraftReturned { matter: Matter::Filing, reason: words() },
        Event::DecisionConfirmed {
            matter: Matter::Filing,
            outcome: Outcome::Refuse,
            reason: words(),
            findings: vec![],
        },
        Event::DecisionConfirmed {
            matter: Matter::Filing,
            outcome: Outcome::Grant,
            reason: words(),
            findings: findings(),
        },
        Event::NoticePublished {
            from: date(2026, 4, 29),
            to: date(2026, 5, 8),
            days: 5,
            findings: vec![],
        },
        Event::NoticePublished {
            from: date(2026, 4, 29),
            to: date(2026, 5, 8),
            days: 5,
            findings: findings(),
        },
        Event::ObjectionReceived {
            receipt: "YY001-0000000007".into(),
            objector: Personal::new("张三"),
            contact: Personal::new("0471-0000002"),
            kind: "材料真实性".into(),
            facts: words(),
        },
    ]);
    events.extend([ObjectionEffect::Continue, ObjectionEffect::Terminate].map(|effect| {
        Event::ObjectionConcluded {
            receipt: "YY001-0000000007".into(),
            upheld: true,
            effect,
            reason: words(),
            public_reason: words(),
        }
    }));
    events.extend([
        Event::Filed {
            number: "蒙创联备〔2026〕1号".into(),
            sequence: 1,
            first_report_year: 2026,
            findings: vec![],
        },
        Event::TrialFilingImported {
            dossier: DossierId::from("D1"),
            name: "内蒙古自治区氢能创新联合体".into(),
            parties: vec![party(Intention::Accepted { on: day })],
            field: "T6".into(),
            authority: AuthorityId::from("RA06"),
            number: "内科发〔2023〕7号".into(),
            sequence: 7,
            filed_on: date(2023, 6, 1),
            first_report_year: 2025,
            parameters: parameters(),
        },
        Event::ReportSubmitted {
            year: 2026,
            summary: Summary { other: words(), ..content::summary(2026) },
            late: true,
            after_window: false,
            findings: vec![],
        },
        Event::ReportSubmitted {
            year: 2026,
            summary: content::summary(2026),
            late: false,
            after_window: false,
            findings: findings(),
        },
        Event::PlanSubmitted { year: 2026, plan: words() },
        Event::ReportMissed { year: 2026, findings: vec![] },
        Event::ReportMissed { year: 2026, findings: findings() },
    ]);
    events.extend(ChangeKind::ALL.map(|kind| Event::ChangeReported {
        no: 1,
        kind,
        occurred_on: day,
        content: ChangeContent { reason: words(), new_name: None, unit: Some(unit_id()) },
    }));
    events.extend([
        Event::ChangeDecided {
            no: 1,
            accepted: true,
            reason: words(),
            parties: vec![party(Intention::Accepted { on: day })],
            authority: Some(AuthorityId::from("RA02")),
            findings: findings(),
        },
        Event::DoubtSettled { rule: "R5.1b".into(), reason: words() },
        Event::UndertakingRecorded {
            no: 1,
            title: "重大专项".into(),
            level: "自治区级".into(),
            until: day,
        },
        Event::UndertakingFinished { no: 1, how: words() },
    ]);
    events.extend(SupportClause::ALL.map(|clause| Event::SupportRecorded {
        clause,
        measure: words(),
        document: "内科发〔2026〕9号".into(),
        on: day,
    }));
    events.push(Event::TerminationApplied { circumstance: words(), resolution: words() });
    let grounds = [
        Ground::TwoYearsWithoutSummary { years: vec![2026, 2027] },
        Ground::LeadFailed,
        Ground::Falsehood,
    ];
    events.extend(grounds.map(|ground| Event::CancellationProposed { ground, facts: words() }));
    events.extend([
        Event::CancellationNoticeServed {
            served_on: day,
            proof: digest(),
            text: words(),
            statement_due: date(2026, 3, 17),
        },
        Event::StatementMade { text: words() },
        Event::CancellationDropped { reason: words() },
    ]);
    events.extend(sealed_events());
    events
}

/// A continuation of our paper with two signatures, and a scan in its place.
fn sealed_events() -> [Event; 2] {
    let own = SeenSignature {
        field: "Signature1".into(),
        format: "ETSI.CAdES.detached".into(),
        platform: true,
        coverage: Coverage::Earlier,
        content: Check::Holds,
        signature: Check::Holds,
        chain: Check::Fails,
        in_force: Check::Holds,
        signer: Some(SeenSigner {
            subject: Personal::new("CN=平台"),
            issuer: "CN=平台".into(),
            serial: "01".into(),
            certificate: digest(),
            from: date(2026, 3, 2),
            until: date(2036, 3, 2),
        }),
        claimed_at: Some(NOON),
        name: Some(Personal::new("平台")),
        reason: Some(Personal::new("表明文件由平台制作")),
    };
    let strange = SeenSignature {
        field: String::new(),
        format: "GM.Seal".into(),
        platform: false,
        coverage: Coverage::Whole,
        content: Check::Unjudged,
        signature: Check::Unjudged,
        chain: Check::Unjudged,
        in_force: Check::Unjudged,
        signer: None,
        claimed_at: None,
        name: None,
        reason: None,
    };
    let brought = |reason: &str, compared, examined| Event::SealedAttached {
        sequence: 9,
        paper: OfficialPaper::Certificate,
        file: digest(),
        reason: reason.into(),
        compared,
        examined,
    };
    let signatures = vec![own, strange];
    let ours = Examined { continues: true, reading: Reading::Read, signatures };
    let scan = Examined { continues: false, reading: Reading::Scan, signatures: vec![] };
    [brought("", false, ours), brought("上一份盖错了页", true, scan)]
}

fn unit_events() -> Vec<unit::Event> {
    let profile = world::profile(
        "塞北",
        "塞北理工大学",
        UnitKind::University,
        LegalForm::PublicInstitution,
        "12150000MBFX06F341",
        "150105",
    );
    let authority = Some(AuthorityId::from("RA01"));
    let record = |until| CreditRecord {
        source: "信用中国".into(),
        list: String::new(),
        basis: "决定书".into(),
        from: date(2026, 3, 2),
        until,
        proof: None,
    };
    let listed = CreditRecord {
        list: "C02".into(),
        proof: Some(digest()),
        ..record(Some(date(2027, 3, 1)))
    };
    let repair = |outcome, decided_on| Repair {
        applied_on: date(2026, 3, 2),
        outcome,
        decided_on,
        document: "修复决定".into(),
        proof: None,
    };
    let succeeded = Profile { representative_from: Some(date(2026, 3, 2)), ..profile.clone() };
    let mut events = vec![
        unit::Event::UnitRegistered {
            unit: unit_id(),
            profile: profile.clone(),
            authority: authority.clone(),
            warnings: vec!["代码区划与住所不一致，核对营业执照".into()],
        },
        unit::Event::UnitActivated {},
        unit::Event::ActivationRefused { reason: words() },
        unit::Event::UnitAmended { profile, authority: None },
        unit::Event::CreditRecorded(record(None)),
        unit::Event::CreditRecorded(record(Some(date(2027, 3, 1)))),
        unit::Event::CreditLifted { record: 0, proof: words() },
        unit::Event::ColleagueInvited {
            no: 1,
            asked: invited(),
            by: confirmed(),
            until: date(2026, 3, 9),
        },
        unit::Event::InvitationRenewed { no: 1, until: date(2026, 3, 12) },
        unit::Event::InvitationClosed { no: 1, declined: true },
        unit::Event::LinkMade(link(None)),
        unit::Event::LinkMade(link(Some(confirmed()))),
        unit::Event::LinkConfirmed {
            link: "U1.001".into(),
            from: date(2026, 3, 2),
            by: confirmed(),
        },
        unit::Event::LinkNotConfirmed { link: "U1.001".into(), reason: words() },
        unit::Event::LinkEnded {
            link: "U1.001".into(),
            to: date(2026, 6, 30),
            successor: Some(person()),
            reason: words(),
        },
        unit::Event::LinkCarriedOver {
            link: "D1".into(),
            person: person(),
            name: Personal::new("李四"),
            capacity: Capacity::Handler,
            from: date(2026, 3, 2),
            to: None,
        },
        unit::Event::DisputeRaised {
            no: 1,
            claimant: person(),
            name: Personal::new("李四"),
            statement: words(),
            file: Some(digest()),
        },
        unit::Event::DisputeStated { no: 1, claimant: false, text: words(), file: None },
        unit::Event::DisputeDecided {
            no: 1,
            decided: Decided { upheld: false, reason: words(), by: confirmed() },
        },
        unit::Event::UnitAmended { profile: succeeded, authority: None },
        unit::Event::CreditRecorded(listed),
        unit::Event::RepairRecorded { record: 0, repair: repair(RepairOutcome::Pending, None) },
        unit::Event::RepairRecorded {
            record: 0,
            repair: repair(RepairOutcome::Granted, Some(date(2026, 4, 2))),
        },
        unit::Event::PlatformEntered {
            platform: 1,
            entry: content::entry("R02"),
            confirmed: false,
        },
        unit::Event::PlatformCorrected {
            platform: 1,
            entry: PlatformEntry {
                valid_from: Some(date(2022, 6, 1)),
                valid_to: Some(date(2027, 5, 31)),
                assessment: Some(Assessment { year: 2025, grade: "良好".into() }),
                proof: Some(digest()),
                ..content::entry("R02")
            },
            reason: words(),
            confirmed: true,
        },
        unit::Event::PlatformConfirmed { platform: 1 },
        unit::Event::PlatformReturned { platform: 1, reason: words() },
    ];
    events.extend(content::details().into_iter().map(unit::Event::DetailWritten));
    events
}

fn confirmed() -> Confirmed {
    Confirmed {
        person: person(),
        name: Personal::new("张三"),
        side: Side::Unit(unit_id()),
        capacity: Capacity::Administrator,
        on: date(2026, 3, 2),
    }
}

fn evidence() -> Evidence {
    Evidence { words: "任命文件".into(), file: Some(digest()) }
}

fn invited() -> Invited {
    Invited {
        name: Personal::new("李四"),
        address: Personal::new("lisi@unit.example"),
        capacity: Capacity::SealKeeper,
        evidence: evidence(),
        from: Some(date(2026, 3, 2)),
        to: Some(date(2027, 3, 1)),
    }
}

fn link(confirmed: Option<Confirmed>) -> NewLink {
    NewLink {
        link: "U1.001".into(),
        person: person(),
        name: Personal::new("李四"),
        capacity: Capacity::LegalRepresentative,
        from: date(2026, 3, 2),
        to: None,
        evidence: evidence(),
        invitation: confirmed.is_some().then_some(1),
        confirmed,
    }
}

fn department_events() -> Vec<department::Event> {
    vec![
        department::Event::ExpertEnrolled {
            person: person(),
            name: Personal::new("李四"),
            employers: vec!["阴山科技大学".into()],
            expert_kind: ExpertKind::Technical,
            field: "新能源".into(),
        },
        department::Event::ExpertDismissed { person: person(), reason: words() },
        department::Event::InterpretationPublished {
            no: 1,
            clause: "5.1".into(),
            question: "几家？".into(),
            answer: "三家。".into(),
        },
        department::Event::ParameterSet {
            key: ParameterKey::NoticeDays,
            value: 7,
            basis: words(),
            from: date(2026, 3, 2),
        },
        department::Event::CalendarImported { text: "year 2027".into() },
    ]
}

/// Writes each event on a line, and holds that it reads back the same.
fn lines<T: Serialize + DeserializeOwned + PartialEq + Debug>(events: &[T]) -> Vec<String> {
    let line = |event: &T| {
        let written = serde_json::to_string(event).unwrap();
        assert_eq!(&serde_json::from_str::<T>(&written).unwrap(), event, "{written}");
        written
    };
    events.iter().map(line).collect()
}

/// The kinds that the golden file has.
fn kinds(lines: &[String]) -> BTreeSet<String> {
    let kind = |line: &String| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["kind"].as_str().unwrap().to_owned()
    };
    lines.iter().map(kind).collect()
}

/// The variants of the enum `Event` as written in a source, in the words of the JSON.
fn variants(source: &str) -> BTreeSet<String> {
    let body = source.split("pub enum Event {").nth(1).unwrap().split("\n}").next().unwrap();
    let named = |line: &str| {
        let line = line.strip_prefix("    ")?;
        let name: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
        name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
    };
    body.lines().filter_map(named).map(|name| snake(&name)).collect()
}

fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[test]
fn every_event_is_written_as_it_always_was() {
    let (dossier, unit, department) =
        (lines(&events()), lines(&unit_events()), lines(&department_events()));
    assert_eq!(kinds(&dossier), variants(include_str!("../../src/event.rs")));
    assert_eq!(kinds(&unit), variants(include_str!("../../src/unit/event.rs")));
    assert_eq!(kinds(&department), variants(include_str!("../../src/department.rs")));
    let list = |lines: Vec<String>| lines.join(",\n");
    let text = format!(
        "{{\"dossier\":[\n{}\n],\"unit\":[\n{}\n],\"department\":[\n{}\n]}}\n",
        list(dossier),
        list(unit),
        list(department)
    );
    golden("events.json", &text);
}

#[test]
fn an_event_kept_earlier_still_reads() {
    let kept: serde_json::Value =
        serde_json::from_str(include_str!("../golden/events.json")).unwrap();
    let read = |journal: &str| kept[journal].as_array().unwrap().clone();
    for event in read("dossier") {
        let event: Event = serde_json::from_value(event).unwrap();
        assert!(!event.title().is_empty());
        let clauses = event.clauses();
        assert!(clauses.iter().all(|id| measures::clause(id).is_some()), "{event:?}");
        assert!(!clauses.is_empty(), "{event:?}");
    }
    for event in read("unit") {
        serde_json::from_value::<unit::Event>(event).unwrap();
    }
    for event in read("department") {
        let event: department::Event = serde_json::from_value(event).unwrap();
        assert!(event.clauses().iter().all(|id| measures::clause(id).is_some()));
    }
}

#[test]
fn every_command_has_one_row_and_every_row_one_command() {
    let world = at("公示");
    let actor = world::handler("云川");
    for verb in VERBS {
        assert_eq!(VERBS.iter().filter(|other| other.name == verb.name).count(), 1, "{verb:?}");
        assert!(measures::clause(verb.clause).is_some(), "{verb:?}");
        assert!(!verb.term.is_empty(), "{verb:?}");
        let command = properties::command(&world, verb.name, &actor, 1);
        assert_eq!((command.name(), command.verb()), (verb.name, verb));
        let written = serde_json::to_value(&command).unwrap();
        assert_eq!(written["command"], verb.name, "the name in JSON");
        assert_eq!(serde_json::from_value::<consortium::Command>(written).unwrap(), command);
    }
    let source = include_str!("../../src/command.rs");
    let body = source.split("pub const fn name(&self)").nth(1).unwrap();
    let names: Vec<&str> = body
        .split("\n    }\n")
        .next()
        .unwrap()
        .lines()
        .filter_map(|line| line.split("=> \"").nth(1)?.strip_suffix("\","))
        .collect();
    assert_eq!(names.len(), VERBS.len());
    assert!(names.iter().all(|name| command::named(name).is_some()));
}

#[test]
fn a_command_with_a_word_too_many_is_not_read() {
    let told = r#"{"command":"withdraw","reason":"无","force":true}"#;
    assert!(serde_json::from_str::<consortium::Command>(told).is_err());
    let told = r#"{"command":"strike_off"}"#;
    assert!(serde_json::from_str::<consortium::Command>(told).is_err());
}

fn sources() -> String {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for place in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap() {
        collect(&place.unwrap().path().join("src"), &mut found);
    }
    found.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Words for papers that the law rests on and other crates make.
const ELSEWHERE: [&str; 1] = ["certificate"];

#[test]
fn every_word_of_the_glossary_is_a_word_of_the_code() {
    let glossary = include_str!("../../../../docs/glossary.md");
    let sources = sources();
    let lower = sources.to_lowercase();
    let mut words = 0;
    for row in glossary.lines().filter(|line| line.starts_with("| ") && !line.contains("---")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, english, code] = cells[..] else { panic!("three columns: {row}") };
        if english == "English" {
            continue;
        }
        words += 1;
        for name in code.split('`').skip(1).step_by(2) {
            let word = name.split("::").last().unwrap();
            assert!(sources.contains(word), "{name} of “{row}” is not in the code");
        }
        let term = english.split(':').next().unwrap_or_default().to_lowercase();
        for word in term.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 3) {
            if ELSEWHERE.contains(&word) {
                continue;
            }
            // The stem will do: signing, sign; closure, closed.
            let stem = &word[..word.len().saturating_sub(3).max(4)];
            assert!(lower.contains(stem), "“{word}” of “{row}” is not in the code");
        }
    }
    assert!(words > 50, "the glossary was read");
}

#[test]
fn every_requirement_that_the_program_carries_out_names_a_test_that_shows_it() {
    for asked in REQUIREMENTS {
        let rule = asked.carried.iter().any(|by| matches!(by, Carried::Rule(_)));
        let command = asked.carried.iter().any(|by| matches!(by, Carried::Command(_)));
        let person = asked.carried.iter().any(|by| matches!(by, Carried::Person(_)));
        let shown = !asked.tests.is_empty();
        assert!(shown || !(rule || command && !person), "{} has no test", asked.id);
    }
}
