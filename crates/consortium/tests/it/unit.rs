//! What a unit keeps, the platforms it registers, and the records it stands on: tables of Arts. 5(1)
//! to 5(3) with the cases that the study of the regulation names.

use std::collections::BTreeMap;

use consortium::{
    Command, Finding,
    actor::{Actor, Capacity},
    ids::{Personal, UnitId},
    materials::{Materials, Part, PlatformLevel, Section},
    measures::{Verdict, article_05},
    parameter::{ParameterKey, Parameters},
    reference::{self, Counts, PlatformStatus},
    unit::{
        self, Certificates, Checked, CreditRecord, Detail, DetailKind, Event, KeptRecord,
        PLATFORMS_MAX, PlatformEntry, Profile, Repair, RepairOutcome, Unit, UnitKind, YEARS_MAX,
    },
};
use jiff::civil::{Date, date};

use crate::{
    content,
    stories::{at, later},
    world::{World, department, handler},
};

const TODAY: Date = date(2026, 3, 3);

fn unit_of(world: &World, id: &str) -> Unit {
    world.units[&UnitId::from(id)].clone()
}

fn write(world: &mut World, id: &str, detail: Detail) -> Result<Vec<Event>, consortium::Refusal> {
    world.unit(id, &handler(id), &unit::Command::WriteDetail(detail))
}

fn reviewer() -> Actor {
    department(Capacity::Reviewer)
}

#[test]
fn a_platform_counts_by_its_level_its_status_its_kind_and_its_period() {
    use PlatformStatus as S;
    let past = Some(date(2026, 3, 2));
    // kind, status, valid to, counts
    let table = [
        ("N02", S::Running, None, Counts::Yes),
        ("N02", S::Building, None, Counts::Ask),
        ("N02", S::Rectifying, None, Counts::Ask),
        ("N02", S::Revoked, None, Counts::No),
        ("R02", S::Running, None, Counts::Yes),
        ("R02", S::Running, Some(TODAY), Counts::Yes),
        ("R02", S::Running, past, Counts::No),
        ("R02", S::Building, None, Counts::Ask),
        ("R02", S::Rectifying, None, Counts::Ask),
        ("R02", S::Revoked, None, Counts::No),
        // 工信、发改 and others: the regulation does not list the kinds.
        ("R14", S::Running, None, Counts::Ask),
        ("R14", S::Revoked, None, Counts::No),
        ("N09", S::Running, None, Counts::Ask),
        ("P99", S::Running, None, Counts::Ask),
        ("P99", S::Running, past, Counts::No),
        ("L99", S::Running, None, Counts::No),
        ("L99", S::Building, None, Counts::No),
    ];
    for row in table {
        let (kind, status, valid_to, counts) = row;
        let entry = PlatformEntry { status, valid_to, ..content::entry(kind) };
        let (counted, why) = entry.counts(TODAY);
        assert_eq!(counted, counts, "{row:?}");
        assert!(!why.is_empty(), "{row:?}");
    }
    let before = PlatformEntry { valid_from: Some(date(2026, 3, 4)), ..content::entry("R02") };
    assert_eq!(before.counts(TODAY).0, Counts::No, "not in force yet");
}

#[test]
fn the_table_has_one_row_a_level_and_status_and_each_has_its_basis() {
    for level in [
        reference::PlatformLevel::National,
        reference::PlatformLevel::Region,
        reference::PlatformLevel::OtherProvince,
        reference::PlatformLevel::Other,
    ] {
        for status in PlatformStatus::ALL {
            let row = reference::platform_standing(level, status, TODAY);
            assert_eq!((row.level, row.status), (level, status));
            assert!(!row.basis.is_empty() && row.from <= TODAY);
            // A day before the first row is answered by the first row.
            assert_eq!(reference::platform_standing(level, status, Date::MIN), row);
        }
    }
    assert_eq!(reference::platform_standings().len(), 16);
}

/// The materials of S01 with one row that names the first entry of 塞北, and its units.
fn referring(kept: Option<(PlatformEntry, Checked)>) -> (Materials, BTreeMap<UnitId, Unit>) {
    let world = at("推荐");
    let mut materials = world.dossier().materials.clone();
    let owner = UnitId::from("塞北");
    let mut units = world.units.clone();
    // What the row says of itself is not what is read: it says less than the register.
    let mut row = content::platform(PlatformLevel::Other, &owner);
    row.entry = format!("{owner}/1");
    materials.platforms = vec![row];
    if let (Some((entry, checked)), Some(unit)) = (kept, units.get_mut(&owner)) {
        unit.platforms = vec![unit::KeptPlatform { no: 1, entry, checked, since: TODAY }];
    }
    (materials, units)
}

#[test]
fn a_row_that_names_an_entry_is_read_by_the_register_and_no_entry_is_passed_over() {
    let entry = content::entry;
    let revoked = PlatformEntry { status: PlatformStatus::Revoked, ..entry("R02") };
    let table = [
        (Some((entry("R02"), Checked::Confirmed)), Verdict::Met),
        (Some((entry("R02"), Checked::Waiting)), Verdict::Met),
        (Some((entry("R02"), Checked::Returned("文号不符".into()))), Verdict::AtDiscretion),
        (Some((entry("R14"), Checked::Confirmed)), Verdict::AtDiscretion),
        (Some((entry("P99"), Checked::Confirmed)), Verdict::AtDiscretion),
        (Some((entry("L99"), Checked::Confirmed)), Verdict::Unmet),
        (Some((revoked, Checked::Confirmed)), Verdict::Unmet),
        (None, Verdict::AtDiscretion),
    ];
    for (kept, verdict) in table {
        let row = format!("{kept:?}");
        let (materials, units) = referring(kept);
        let finding = article_05::platform(&materials, &units, &Parameters::on(TODAY), TODAY);
        assert_eq!(finding.verdict, verdict, "{row} {finding:?}");
        assert!(!finding.facts.is_empty() && !finding.sentence.is_empty(), "{row}");
    }
    // A good row beside a bad one is enough, in either order.
    let (mut materials, units) = referring(Some((entry("L99"), Checked::Confirmed)));
    materials.platforms.push(content::platform(PlatformLevel::Region, &UnitId::from("塞北")));
    let met = article_05::platform(&materials, &units, &Parameters::on(TODAY), TODAY);
    assert_eq!(met.verdict, Verdict::Met);
    materials.platforms.reverse();
    let met = article_05::platform(&materials, &units, &Parameters::on(TODAY), TODAY);
    assert_eq!(met.verdict, Verdict::Met);
}

#[test]
fn an_entry_is_the_units_or_the_departments_and_the_department_looks_at_it() {
    let mut world = World::official();
    let enter = unit::Command::EnterPlatform(content::entry("R02"));
    let refusal = world.unit("塞北", &handler("云川"), &enter).unwrap_err();
    assert_eq!(refusal.clause, Some("5.1"));
    assert_eq!(world.unit("塞北", &handler("塞北"), &enter).unwrap().len(), 1);
    assert_eq!(world.unit("塞北", &handler("塞北"), &enter).unwrap(), vec![]);
    assert_eq!(unit_of(&world, "塞北").platforms[0].checked, Checked::Waiting);
    let confirm = unit::Command::ConfirmPlatform { platform: 1 };
    assert!(world.unit("塞北", &handler("塞北"), &confirm).is_err());
    assert!(world.unit("塞北", &department(Capacity::Supervisor), &confirm).is_err());
    world.unit("塞北", &reviewer(), &confirm).unwrap();
    assert_eq!(world.unit("塞北", &reviewer(), &confirm).unwrap(), vec![]);
    assert_eq!(unit_of(&world, "塞北").platforms[0].checked, Checked::Confirmed);
    // The unit's own correction waits to be looked at again, the Department's does not.
    let correct = |status| unit::Command::CorrectPlatform {
        platform: 1,
        entry: PlatformEntry { status, ..content::entry("R02") },
        reason: "整改通知".into(),
    };
    world.unit("塞北", &handler("塞北"), &correct(PlatformStatus::Rectifying)).unwrap();
    assert_eq!(unit_of(&world, "塞北").platforms[0].checked, Checked::Waiting);
    world.unit("塞北", &reviewer(), &correct(PlatformStatus::Running)).unwrap();
    assert_eq!(unit_of(&world, "塞北").platforms[0].checked, Checked::Confirmed);
    let back = unit::Command::ReturnPlatform { platform: 1, reason: "文号不符".into() };
    world.unit("塞北", &reviewer(), &back).unwrap();
    assert_eq!(world.unit("塞北", &reviewer(), &back).unwrap(), vec![]);
    let none = unit::Command::ConfirmPlatform { platform: 2 };
    assert!(world.unit("塞北", &reviewer(), &none).is_err());
}

#[test]
fn an_entry_that_contradicts_itself_is_not_taken() {
    type Spoil = fn(&mut PlatformEntry);
    // field named in the answer, what is spoilt
    let table: &[(&str, Spoil)] = &[
        ("name", |entry| entry.name = " ".into()),
        ("approved_by", |entry| entry.approved_by.clear()),
        ("document_no", |entry| entry.document_no.clear()),
        ("kind", |entry| entry.kind = "R98".into()),
        ("approved_on", |entry| entry.approved_on = date(2030, 1, 1)),
        ("valid_to", |entry| entry.valid_to = Some(date(2020, 1, 1))),
        ("assessment_grade", |entry| {
            entry.assessment = Some(unit::Assessment { year: 2025, grade: String::new() });
        }),
        ("assessment_year", |entry| {
            entry.assessment = Some(unit::Assessment { year: 1999, grade: "优".into() });
        }),
    ];
    for (field, spoil) in table {
        let mut world = World::official();
        let mut entry = content::entry("R02");
        spoil(&mut entry);
        let enter = unit::Command::EnterPlatform(entry);
        let refusal = world.unit("塞北", &handler("塞北"), &enter).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(*field), "{refusal}");
    }
    let mut world = World::official();
    for no in 0..PLATFORMS_MAX {
        let entry = PlatformEntry { name: format!("第{no}实验室"), ..content::entry("R02") };
        world.unit("塞北", &handler("塞北"), &unit::Command::EnterPlatform(entry)).unwrap();
    }
    let more = unit::Command::EnterPlatform(content::entry("R02"));
    assert!(world.unit("塞北", &handler("塞北"), &more).is_err());
    let other = PlatformEntry {
        name: "第0实验室".into(),
        status: PlatformStatus::Building,
        ..content::entry("R02")
    };
    let refusal =
        world.unit("塞北", &handler("塞北"), &unit::Command::EnterPlatform(other)).unwrap_err();
    assert!(refusal.remedy.contains("更正"), "{refusal}");
}

#[test]
fn each_list_weighs_what_it_is_and_a_repair_ends_a_record() {
    let record = |list: &str| CreditRecord {
        source: "信用中国".into(),
        list: list.into(),
        basis: "决定书".into(),
        from: date(2025, 6, 1),
        until: None,
        proof: None,
    };
    let repaired = |outcome, decided_on| {
        Some(Repair {
            applied_on: date(2026, 1, 5),
            outcome,
            decided_on,
            document: "决定".into(),
            proof: None,
        })
    };
    let (pending, granted, refused) =
        (RepairOutcome::Pending, RepairOutcome::Granted, RepairOutcome::Refused);
    // list, repair, lead, 技术转移机构, 金岭 (another member), 金岭 where others are hard
    let (met, ask, unmet) = (Verdict::Met, Verdict::AtDiscretion, Verdict::Unmet);
    let table = [
        ("", None, [unmet, unmet, ask, unmet]),
        ("C01", None, [unmet, unmet, ask, unmet]),
        ("C02", None, [unmet, unmet, ask, unmet]),
        ("C10", None, [ask, ask, ask, ask]),
        // 经营异常名录 is stricter than the clause: a warning only.
        ("C90", None, [met, met, met, met]),
        ("C02", repaired(pending, None), [unmet, unmet, ask, unmet]),
        ("C02", repaired(refused, Some(date(2026, 2, 1))), [unmet, unmet, ask, unmet]),
        ("C02", repaired(granted, Some(TODAY)), [met, met, met, met]),
        ("C02", repaired(granted, Some(date(2026, 3, 4))), [unmet, unmet, ask, unmet]),
    ];
    for (list, repair, verdicts) in table {
        let who = [("云川", true, 0), ("草原", false, 0), ("金岭", false, 0), ("金岭", false, 1)];
        for ((id, lead, hard), verdict) in who.into_iter().zip(verdicts) {
            let mut unit = unit_of(&World::official(), id);
            unit.credit =
                vec![KeptRecord { repair: repair.clone(), ..KeptRecord::new(record(list)) }];
            let parameters = Parameters::on(TODAY).with(ParameterKey::OtherMemberCreditHard, hard);
            let finding = article_05::credit(&unit, lead, TODAY, &parameters);
            assert_eq!(finding.verdict, verdict, "{list} {repair:?} {id} {hard}: {finding:?}");
        }
    }
    // A warning beside a serious record hides nothing.
    let mut unit = unit_of(&World::official(), "云川");
    unit.credit = vec![KeptRecord::new(record("C90")), KeptRecord::new(record("C02"))];
    let finding = article_05::credit(&unit, true, TODAY, &Parameters::on(TODAY));
    assert_eq!(finding.verdict, Verdict::Unmet);
}

#[test]
fn a_repair_has_its_days_in_order_and_is_the_supervisors() {
    use RepairOutcome as O;
    let mut world = World::official();
    let supervisor = department(Capacity::Supervisor);
    let record = CreditRecord {
        source: "信用中国".into(),
        list: "C02".into(),
        basis: "决定书".into(),
        from: date(2026, 1, 5),
        until: None,
        proof: None,
    };
    let bad = CreditRecord { list: "C77".into(), ..record.clone() };
    assert!(world.unit("金岭", &supervisor, &unit::Command::RecordCredit(bad)).is_err());
    world.unit("金岭", &supervisor, &unit::Command::RecordCredit(record)).unwrap();
    let ask = |applied, outcome, decided_on, document: &str| unit::Command::RecordRepair {
        record: 0,
        repair: Repair {
            applied_on: applied,
            outcome,
            decided_on,
            document: document.into(),
            proof: None,
        },
    };
    let day = |month, day| date(2026, month, day);
    let today = world.today();
    let table = [
        (ask(day(1, 4), O::Pending, None, ""), Some("applied_on")),
        (ask(day(1, 6), O::Pending, Some(day(1, 7)), ""), Some("decided_on")),
        (ask(day(1, 6), O::Granted, None, "决定"), Some("decided_on")),
        (ask(day(1, 6), O::Granted, Some(day(1, 5)), "决定"), Some("decided_on")),
        (ask(day(1, 6), O::Granted, today.tomorrow().ok(), "决定"), Some("decided_on")),
        (ask(day(1, 6), O::Granted, Some(day(1, 7)), " "), Some("document")),
        (ask(day(1, 6), O::Pending, None, ""), None),
        (ask(day(1, 6), O::Granted, Some(today), "决定"), None),
    ];
    for (command, field) in table {
        let done = world.unit("金岭", &supervisor, &command);
        if let Some(field) = field {
            assert_eq!(done.unwrap_err().field.as_deref(), Some(field));
            continue;
        }
        assert_eq!(done.unwrap().len(), 1);
        assert_eq!(world.unit("金岭", &supervisor, &command).unwrap(), vec![]);
    }
    assert!(unit_of(&world, "金岭").live_credit(today).next().is_none());
    let own = ask(day(1, 6), O::Pending, None, "");
    assert!(world.unit("金岭", &handler("金岭"), &own).is_err());
}

#[test]
fn a_unit_keeps_each_section_that_is_of_its_kind_and_only_itself_writes() {
    // unit, sections that are not of its kind
    let table = [
        ("云川", vec![DetailKind::Research, DetailKind::Transfer]),
        ("塞北", vec![DetailKind::Certificates, DetailKind::Business, DetailKind::Transfer]),
        ("北疆", vec![DetailKind::Certificates, DetailKind::Business, DetailKind::Transfer]),
        ("草原", vec![DetailKind::Certificates, DetailKind::Business, DetailKind::Research]),
    ];
    for (id, foreign) in table {
        let mut world = World::official();
        for detail in content::details() {
            let kind = detail.kind();
            let done = write(&mut world, id, detail.clone());
            assert_eq!(done.is_err(), foreign.contains(&kind), "{id} {kind:?}");
            assert_eq!(kind.belongs_to(unit_of(&world, id).profile.kind), done.is_ok());
            if done.is_ok() {
                assert_eq!(write(&mut world, id, detail.clone()).unwrap(), vec![]);
                assert_eq!(unit_of(&world, id).details.section(kind), Some(detail));
            }
        }
        for kind in DetailKind::ALL {
            assert!(kind.belongs_to(UnitKind::Other));
            assert_eq!(DetailKind::named(kind.name()), Some(kind));
        }
    }
    let mut world = World::official();
    let strengths = content::details().remove(3);
    let command = unit::Command::WriteDetail(strengths);
    assert_eq!(world.unit("云川", &handler("金岭"), &command).unwrap_err().clause, Some("6.3"));
    assert!(world.unit("云川", &reviewer(), &command).is_err());
}

#[test]
fn figures_that_cannot_be_so_are_not_kept() {
    type Spoil = fn(&mut unit::YearFigures);
    let sound = || content::figures(2025);
    let table: &[Spoil] = &[
        |figures| figures.year = 1999,
        |figures| figures.year = 2027,
        |figures| figures.revenue_fen = -1,
        |figures| figures.rd_spend_fen = -1,
        |figures| figures.rd_staff = figures.staff + 1,
        |figures| figures.doctors = figures.staff + 1,
        |figures| figures.senior_titles = figures.staff + 1,
        |figures| figures.rd_fte = figures.rd_staff + 1,
    ];
    for (at, spoil) in table.iter().enumerate() {
        let mut figures = sound();
        spoil(&mut figures);
        let done = write(&mut World::official(), "云川", Detail::Figures { years: vec![figures] });
        assert_eq!(done.unwrap_err().field.as_deref(), Some("years"), "{at}");
    }
    let twice = vec![sound(), sound()];
    assert!(write(&mut World::official(), "云川", Detail::Figures { years: twice }).is_err());
    let years = |count: usize| {
        let from = 2026 - i16::try_from(count).unwrap();
        Detail::Figures { years: (from..2026).map(content::figures).rev().collect() }
    };
    let mut world = World::official();
    assert!(write(&mut world, "云川", years(YEARS_MAX + 1)).is_err());
    write(&mut world, "云川", years(YEARS_MAX)).unwrap();
    let kept = unit_of(&world, "云川").details;
    assert_eq!(kept.years.first().map(|figures| figures.year), Some(2016), "in order");
    let last: Vec<i16> = kept.last_three().iter().map(|figures| figures.year).collect();
    assert_eq!(last, [2023, 2024, 2025]);
    let expired = Detail::Certificates(Certificates {
        tech_sme: Some(unit::TechSme { no: "1".into(), year: 2027 }),
        ..Certificates::default()
    });
    assert!(write(&mut world, "云川", expired).is_err());
}

#[test]
fn whoever_headed_a_unit_is_known_with_the_days() {
    let mut world = World::official();
    let first_day = world.today();
    let profile = unit_of(&world, "云川").profile;
    let amend = |world: &mut World, name: &str, from: Option<Date>| {
        let profile = Profile {
            representative: Personal::new(name),
            representative_from: from,
            ..profile.clone()
        };
        world.unit("云川", &handler("云川"), &unit::Command::Amend(profile)).unwrap();
    };
    world.on(first_day.tomorrow().unwrap());
    amend(&mut world, "新任", Some(date(2026, 1, 10)));
    amend(&mut world, "再任", None);
    let terms = unit_of(&world, "云川").representatives;
    let days: Vec<_> = terms.iter().map(|term| (term.from, term.to)).collect();
    let second = world.today();
    let expected =
        [(first_day, Some(date(2026, 1, 10))), (date(2026, 1, 10), Some(second)), (second, None)];
    assert_eq!(days, expected);
    assert_eq!(terms[1].name.value, "新任");
    assert_eq!(unit_of(&world, "云川").profile.representative.value, "再任");
}

#[test]
fn a_platform_revoked_between_two_checkpoints_is_seen_at_the_next() {
    let mut world = at("起草");
    let enter = unit::Command::EnterPlatform(content::entry("R02"));
    world.unit("云川", &handler("云川"), &enter).unwrap();
    let owner = UnitId::from("云川");
    let mut row = content::platform(PlatformLevel::Region, &owner);
    row.entry = format!("{owner}/1");
    let write = Command::WriteApplication { content: Section::Platforms { platforms: vec![row] } };
    world.perform(&handler("云川"), &write).unwrap();
    let verdict = |world: &World| {
        let materials = &world.dossier().materials;
        let parameters = Parameters::on(world.today());
        article_05::platform(materials, &world.units, &parameters, world.today()).verdict
    };
    assert_eq!(verdict(&world), Verdict::Met);
    let revoke = unit::Command::CorrectPlatform {
        platform: 1,
        entry: PlatformEntry { status: PlatformStatus::Revoked, ..content::entry("R02") },
        reason: "撤销通知".into(),
    };
    world.unit("云川", &reviewer(), &revoke).unwrap();
    assert_eq!(verdict(&world), Verdict::Unmet);
    assert!(world.dossier().editable(Part::Platforms).is_ok());
}

/// The findings that an event keeps.
fn kept(event: &consortium::Event) -> Option<&[Finding]> {
    use consortium::Event as E;
    match event {
        E::Submitted { findings, .. }
        | E::Recommended { findings, .. }
        | E::FormalReviewPassed { findings, .. }
        | E::DecisionConfirmed { findings, .. }
        | E::NoticePublished { findings, .. }
        | E::Filed { findings, .. }
        | E::ReportSubmitted { findings, .. }
        | E::ReportMissed { findings, .. } => Some(findings),
        _ => None,
    }
}

#[test]
fn the_conditions_are_looked_at_at_every_named_checkpoint_and_the_findings_kept() {
    let mut world = later("已备案");
    world.on(date(2026, 12, 20));
    let report = Command::SubmitReport { year: 2026, summary: content::summary(2026) };
    world.perform(&handler("云川"), &report).unwrap();
    let looked: Vec<_> =
        world.journals[&world.current].iter().filter_map(|(event, _)| kept(event)).collect();
    // 提交、推荐、形式审查、决定、公示、备案、年度.
    assert_eq!(looked.len(), 7);
    for findings in looked {
        for rule in ["R5.1c", "R5.2f", "R5.3f"] {
            assert!(findings.iter().any(|finding| finding.rule == rule), "{rule} {findings:?}");
        }
    }
}

#[test]
fn a_condition_lost_is_found_once_a_year_and_waits_for_a_person_until_settled() {
    let mut world = later("已备案");
    let supervisor = department(Capacity::Supervisor);
    let record = CreditRecord {
        source: "信用中国".into(),
        list: "C02".into(),
        basis: "决定书".into(),
        from: world.today(),
        until: None,
        proof: None,
    };
    world.unit("云川", &supervisor, &unit::Command::RecordCredit(record)).unwrap();
    let doubts = |world: &World| -> Vec<String> {
        let filed = world.dossier().register_entry().unwrap();
        filed.doubts.iter().map(|finding| finding.rule.clone()).collect()
    };
    assert_eq!(doubts(&world), Vec::<String>::new());
    world.on(date(2026, 12, 20));
    let report = |year| Command::SubmitReport { year, summary: content::summary(year) };
    world.perform(&handler("云川"), &report(2026)).unwrap();
    assert_eq!(doubts(&world), ["R5.2f"]);
    let settle = Command::SettleDoubt { rule: "R5.2f".into(), reason: "已启动核查".into() };
    world.perform(&supervisor, &settle).unwrap();
    // The same facts are not asked about again, whether the lead reports or is silent.
    world.on(date(2028, 4, 2));
    let events = world.perform(&Actor::calendar(), &Command::DayPassed {}).unwrap();
    let unmet = events.iter().filter_map(kept).flatten();
    assert!(unmet.into_iter().any(|f| f.rule == "R5.2f" && f.verdict == Verdict::Unmet));
    assert_eq!(doubts(&world), Vec::<String>::new());
}
