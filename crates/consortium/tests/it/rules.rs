//! Tables: each row trips one guard of Arts. 5, 6 and 9, or stands at a limit.

use std::collections::BTreeMap;

use consortium::{
    Command, Event, Finding, Refusal,
    actor::Capacity,
    annual_report,
    calendar::Calendar,
    checklist,
    dossier::{CorrectionItem, StageKind},
    expert_review::PANEL_MAX,
    formal_review::{self, ITEMS_MAX},
    ids::{Digest, UnitId},
    materials::{
        ATTACHMENTS_MAX, Attachment, FILE_BYTES_MAX, FILING_BYTES_MAX, Intention, MEMBERS_MAX,
        Materials, Part, PlatformLevel, PublicMoney, ROWS_MAX, Section, WorkKind,
    },
    measures::{Verdict, article_05, article_06},
    parameter::{ParameterKey, Parameters},
    text::{LINE_MAX, PARAGRAPH_MAX, SECTION_MAX},
    unit::{CreditRecord, KeptRecord, LegalForm, Unit, UnitKind},
};
use jiff::civil::{Date, date};

use crate::{
    content,
    stories::{at, later},
    world::{World, department, digest, handler, profile},
};

const TODAY: Date = date(2026, 3, 3);

fn parameters() -> Parameters {
    Parameters::on(TODAY)
}

/// The materials of S01 as submitted.
fn materials() -> Materials {
    at("推荐").dossier().materials.clone()
}

fn unit(of: &World, id: &str) -> Unit {
    of.units[&UnitId::from(id)].clone()
}

fn is(finding: &Finding, rule: &str, verdict: Verdict, row: &str) {
    assert_eq!((finding.rule.as_str(), finding.verdict), (rule, verdict), "{row}: {finding:?}");
    assert!(!finding.facts.is_empty() && !finding.sentence.is_empty(), "{row}: {finding:?}");
}

#[test]
fn several_units_are_needed_and_three_in_principle() {
    // units, one of them declined, explained, least, rule, verdict
    let table = [
        (1, 0, false, 3, "R5.1a", Verdict::Unmet),
        (1, 0, true, 3, "R5.1a", Verdict::Unmet),
        (2, 0, false, 3, "R5.1b", Verdict::Unmet),
        (2, 0, true, 3, "R5.1b", Verdict::AtDiscretion),
        (3, 1, true, 3, "R5.1b", Verdict::AtDiscretion),
        (3, 0, false, 3, "R5.1b", Verdict::Met),
        (4, 1, false, 3, "R5.1b", Verdict::Met),
        (5, 0, false, 6, "R5.1b", Verdict::Unmet),
        (2, 0, false, 2, "R5.1b", Verdict::Met),
    ];
    for row in table {
        let (units, declined, explained, least, rule, verdict) = row;
        let mut materials = materials();
        materials.parties.truncate(units);
        for party in materials.parties.iter_mut().skip(1).take(declined) {
            let reason = "无".to_owned();
            party.intention = Intention::Declined { on: TODAY, reason };
        }
        materials.special = if explained { "特殊情况".into() } else { " ".into() };
        let parameters = parameters().with(ParameterKey::UnitsMin, least);
        is(&article_05::units(&materials, &parameters), rule, verdict, &format!("{row:?}"));
    }
}

#[test]
fn one_platform_of_the_region_or_above_must_stand_at_a_party_today() {
    // level, owner, approved, valid to, hard, verdict
    let (past, ever) = (date(2022, 5, 1), None);
    let table = [
        (PlatformLevel::National, "塞北", past, ever, 1, Verdict::Met),
        (PlatformLevel::Region, "塞北", past, ever, 1, Verdict::Met),
        (PlatformLevel::Region, "云川", past, ever, 1, Verdict::Met),
        (PlatformLevel::Region, "绿氢", past, ever, 1, Verdict::Unmet),
        (PlatformLevel::OtherProvince, "塞北", past, ever, 1, Verdict::AtDiscretion),
        (PlatformLevel::Other, "塞北", past, ever, 1, Verdict::Unmet),
        (PlatformLevel::Other, "塞北", past, ever, 0, Verdict::AtDiscretion),
        (PlatformLevel::Region, "塞北", TODAY, ever, 1, Verdict::Met),
        (PlatformLevel::Region, "塞北", date(2026, 3, 4), ever, 1, Verdict::Unmet),
        (PlatformLevel::Region, "塞北", past, Some(TODAY), 1, Verdict::Met),
        (PlatformLevel::Region, "塞北", past, Some(date(2026, 3, 2)), 1, Verdict::Unmet),
    ];
    for row in table {
        let (level, owner, approved_on, valid_to, hard, verdict) = row;
        let mut materials = materials();
        let mut platform = content::platform(level, &UnitId::from(owner));
        (platform.approved_on, platform.valid_to) = (approved_on, valid_to);
        materials.platforms = vec![platform];
        let parameters = parameters().with(ParameterKey::PlatformHard, hard);
        let finding = article_05::platform(&materials, &BTreeMap::new(), &parameters, TODAY);
        is(&finding, "R5.1c", verdict, &format!("{row:?}"));
    }
    let none = Materials { platforms: vec![], ..materials() };
    is(
        &article_05::platform(&none, &BTreeMap::new(), &parameters(), TODAY),
        "R5.1c",
        Verdict::Unmet,
        "none",
    );
}

#[test]
fn a_lead_is_an_enterprise_with_legal_personality_in_the_region() {
    use LegalForm as F;
    use UnitKind as K;
    // area, kind, form, in the region, an enterprise legal person
    let table = [
        ("150104", K::Enterprise, F::EnterpriseLegalPerson, true, true),
        ("152921", K::Enterprise, F::EnterpriseLegalPerson, true, true),
        ("110000", K::Enterprise, F::EnterpriseLegalPerson, false, true),
        ("", K::Enterprise, F::Overseas, false, false),
        ("150104", K::Enterprise, F::NotLegalPerson, true, false),
        ("150104", K::University, F::PublicInstitution, true, false),
        ("150104", K::Institute, F::EnterpriseLegalPerson, true, false),
        ("150104", K::TransferAgency, F::SocialService, true, false),
        ("150104", K::Enterprise, F::PublicInstitution, true, false),
        ("150104", K::Other, F::SpecialLegalPerson, true, false),
    ];
    let verdict = |met| if met { Verdict::Met } else { Verdict::Unmet };
    for row in table {
        let (area, kind, form, region, person) = row;
        let world = World::official();
        let profile = profile("甲", "甲单位", kind, form, "", area);
        let lead = Unit { profile, ..unit(&world, "云川") };
        let findings = article_05::lead_hard(&lead);
        is(&findings[0], "R5.2a", verdict(region), &format!("{row:?}"));
        is(&findings[1], "R5.2b", verdict(person), &format!("{row:?}"));
    }
}

#[test]
fn a_member_is_a_legal_person_of_any_form_and_place() {
    for form in LegalForm::ALL {
        let expected = match form {
            LegalForm::NotLegalPerson => Verdict::Unmet,
            LegalForm::Overseas => Verdict::AtDiscretion,
            _ => Verdict::Met,
        };
        let world = World::official();
        let profile = profile("甲", "甲单位", UnitKind::Other, form, "", "440000");
        let member = Unit { profile, ..unit(&world, "云川") };
        is(&article_05::member_legal(&member), "R5.3a", expected, &format!("{form:?}"));
    }
}

#[test]
fn a_credit_record_counts_from_its_first_to_its_last_day_unless_lifted() {
    let day = |text: &str| Some(text.parse::<Date>().unwrap());
    // from, until, lifted on, stands on 2026-03-03
    let table = [
        ("2026-03-04", None, None, false),
        ("2026-03-03", None, None, true),
        ("2025-01-01", day("2026-03-02"), None, false),
        ("2025-01-01", day("2026-03-03"), None, true),
        ("2025-01-01", None, day("2026-03-04"), true),
        ("2025-01-01", None, day("2026-03-03"), false),
    ];
    // unit, as lead, others hard, verdict when the record stands
    let who = [
        ("云川", true, 0, Verdict::Unmet),
        ("草原", false, 0, Verdict::Unmet),
        ("金岭", false, 0, Verdict::AtDiscretion),
        ("塞北", false, 0, Verdict::AtDiscretion),
        ("金岭", false, 1, Verdict::Unmet),
    ];
    for row in table {
        let (from, until, lifted_on, stands) = row;
        let record = CreditRecord {
            source: "信用中国".into(),
            list: String::new(),
            basis: "决定书".into(),
            from: from.parse().unwrap(),
            until,
            proof: None,
        };
        for (id, lead, hard, verdict) in who {
            let mut unit = unit(&World::official(), id);
            unit.credit = vec![KeptRecord { lifted_on, ..KeptRecord::new(record.clone()) }];
            let parameters = parameters().with(ParameterKey::OtherMemberCreditHard, hard);
            let rule = if lead { "R5.2f" } else { "R5.3f" };
            let expected = if stands { verdict } else { Verdict::Met };
            let finding = article_05::credit(&unit, lead, TODAY, &parameters);
            is(&finding, rule, expected, &format!("{row:?} {id}"));
        }
    }
}

#[test]
fn what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine() {
    type Clear = fn(&mut Materials);
    // what is left out, rules that are unmet then
    let table: &[(&str, Clear, &[&str])] = &[
        ("nothing", |_| {}, &[]),
        ("team", |m| m.lead.as_mut().unwrap().team.clear(), &["R5.2d"]),
        ("rules", |m| m.lead.as_mut().unwrap().management_rules = " ".into(), &["R5.2d"]),
        ("cooperation", |m| m.lead.as_mut().unwrap().cooperation.clear(), &["R5.2e"]),
        ("the lead's section", |m| m.lead = None, &["R5.2c", "R5.2d", "R5.2e"]),
    ];
    for (what, clear, unmet) in table {
        let mut materials = materials();
        clear(&mut materials);
        let findings = article_05::lead_materials(&materials);
        let missing: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Unmet)
            .map(|finding| finding.rule.as_str())
            .collect();
        assert_eq!(missing, *unmet, "{what}");
        assert!(findings.iter().all(|finding| finding.verdict != Verdict::Met), "{what}");
    }
    // unit, the rule for its kind
    let table = [("金岭", "R5.3d"), ("塞北", "R5.3c"), ("北疆", "R5.3c"), ("草原", "R5.3e")];
    for (id, rule) in table {
        let mut materials = materials();
        let party = materials.party(&UnitId::from(id)).unwrap().clone();
        let findings = article_05::member_materials(&materials, &party);
        is(&findings[0], "R5.3b", Verdict::AtDiscretion, id);
        is(&findings[1], rule, Verdict::AtDiscretion, id);
        materials.members.retain(|block| block.unit != party.unit);
        let findings = article_05::member_materials(&materials, &party);
        is(&findings[0], "R5.3b", Verdict::Unmet, id);
        is(&findings[1], rule, Verdict::Unmet, id);
    }
}

#[test]
fn each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing() {
    type Rule = fn(&Materials) -> Finding;
    type Clear = fn(&mut Materials);
    let table: &[(&str, &str, Rule, Clear)] = &[
        ("name", "R6.1b", article_06::naming, |m| m.name = "储能联盟".into()),
        ("an answer", "R4b", article_06::intention, |m| {
            m.parties[1].intention = Intention::Pending;
        }),
        ("formed_on", "R6.2b", article_06::contents, |m| m.agreement.text.formed_on = None),
        ("goals", "R6.2b", article_06::contents, |m| m.agreement.text.goals = " ".into()),
        ("division", "R6.2b", article_06::contents, |m| m.agreement.text.division.clear()),
        ("results", "R6.2b", article_06::contents, |m| m.agreement.text.results.clear()),
        ("distribution", "R6.2b", article_06::contents, |m| {
            m.agreement.text.distribution.clear();
        }),
        ("disputes", "R6.2b", article_06::contents, |m| m.agreement.text.disputes.clear()),
        ("a round", "R6.2e", article_06::in_force, |m| m.agreement.round = None),
        ("force", "R6.2e", article_06::in_force, |m| {
            m.agreement.round.as_mut().unwrap().effective_at = None;
        }),
        ("research", "R3c", article_06::both_tasks, |m| {
            m.work.retain(|row| row.kind != WorkKind::Research);
        }),
        ("conversion", "R3c", article_06::both_tasks, |m| {
            m.work.retain(|row| row.kind != WorkKind::Conversion);
        }),
        ("basics", "R7.1", article_06::form, |m| m.basics = None),
        ("field", "R7.1", article_06::form, |m| m.basics.as_mut().unwrap().field.clear()),
        ("background", "R7.1", article_06::form, |m| {
            m.basics.as_mut().unwrap().background.clear();
        }),
        ("not_secret", "R7.1", article_06::form, |m| {
            m.basics.as_mut().unwrap().not_secret = false;
        }),
        ("goals of the form", "R7.1", article_06::form, |m| m.goals.clear()),
        ("technologies", "R7.1", article_06::form, |m| m.technologies.clear()),
        ("work", "R7.1", article_06::form, |m| m.work.clear()),
        ("inputs", "R7.1", article_06::form, |m| m.inputs.clear()),
        ("the promise", "R7.1", article_06::form, |m| m.truthful = false),
    ];
    for (what, rule, check, clear) in table {
        let mut materials = materials();
        is(&check(&materials), rule, Verdict::Met, what);
        clear(&mut materials);
        is(&check(&materials), rule, Verdict::Unmet, what);
    }
}

#[test]
fn the_agreement_may_leave_risk_breach_and_other_terms_open() {
    let mut materials = materials();
    materials.agreement.text.risk.clear();
    materials.agreement.text.breach.clear();
    is(&article_06::contents(&materials), "R6.2b", Verdict::Met, "recommended only");
}

#[test]
fn open_questions_are_those_at_discretion_each_rule_once_in_order() {
    let finding = |rule: &str, verdict| Finding {
        rule: rule.into(),
        clause: "5.3".into(),
        verdict,
        facts: rule.into(),
        sentence: rule.into(),
    };
    let findings = [
        finding("R5.3b", Verdict::AtDiscretion),
        finding("R5.1b", Verdict::Met),
        finding("R5.1c", Verdict::AtDiscretion),
        finding("R5.3b", Verdict::AtDiscretion),
        finding("R5.2a", Verdict::Unmet),
    ];
    let open: Vec<&str> =
        formal_review::open_questions(&findings).iter().map(|f| f.rule.as_str()).collect();
    assert_eq!(open, ["R5.3b", "R5.1c"]);
}

#[test]
fn a_filing_up_to_30_september_reports_that_year_and_a_later_one_the_next() {
    // filed on, latest day, first year
    let table = [
        (date(2026, 1, 1), 930, 2026),
        (date(2026, 9, 30), 930, 2026),
        (date(2026, 10, 1), 930, 2027),
        (date(2026, 12, 31), 930, 2027),
        (date(2026, 6, 30), 630, 2026),
        (date(2026, 7, 1), 630, 2027),
    ];
    for (on, latest, year) in table {
        let parameters = parameters().with(ParameterKey::ReportFirstMonthDay, latest);
        assert_eq!(annual_report::first_year(on, &parameters), year, "{on}");
    }
}

/// What a lead hands in for one year, and when.
#[derive(Clone, Copy, Debug)]
enum Handed {
    Summary(&'static str),
    Plan(&'static str),
    Nothing,
}

#[test]
fn two_silent_years_in_a_row_open_a_case_and_nothing_else_does() {
    use Handed::{Nothing, Plan, Summary};
    // 2026, 2027, 2028, missed, the case opens for (domain §2.4, one year on)
    type Row = ([Handed; 3], &'static [i16], Option<[i16; 2]>);
    let table: &[Row] = &[
        ([Nothing, Nothing, Nothing], &[2026, 2027, 2028], Some([2026, 2027])),
        ([Nothing, Summary("2028-02-10"), Nothing], &[2026, 2028], None),
        ([Nothing, Summary("2028-03-31"), Nothing], &[2026, 2028], None),
        ([Nothing, Summary("2028-04-01"), Nothing], &[2026, 2027, 2028], Some([2026, 2027])),
        ([Nothing, Plan("2027-12-20"), Summary("2028-12-20")], &[2026, 2027], Some([2026, 2027])),
        ([Summary("2026-12-20"), Nothing, Nothing], &[2027, 2028], Some([2027, 2028])),
        ([Summary("2026-12-20"), Nothing, Summary("2028-12-20")], &[2027], None),
        ([Summary("2026-12-20"), Summary("2027-12-20"), Nothing], &[2028], None),
        ([Summary("2026-12-20"), Summary("2027-12-20"), Summary("2028-12-20")], &[], None),
    ];
    for row in table {
        let (handed, missed, case) = row;
        let mut world = later("已备案");
        let mut day = world.today();
        while day < date(2029, 5, 1) {
            day = day.tomorrow().unwrap();
            world.on(day);
            for (year, handed) in (2026..).zip(handed) {
                let command = match handed {
                    Summary(on) if *on == day.to_string() => {
                        Command::SubmitReport { year, summary: content::summary(year) }
                    }
                    Plan(on) if *on == day.to_string() => {
                        Command::SubmitPlan { year, plan: "明年计划".into() }
                    }
                    Summary(_) | Plan(_) | Nothing => continue,
                };
                world.perform(&handler("云川"), &command).unwrap();
            }
            let calendar = consortium::actor::Actor::calendar();
            world.perform(&calendar, &Command::DayPassed {}).unwrap();
        }
        let filed = world.dossier().register_entry().unwrap();
        assert_eq!(filed.missed, *missed, "{row:?}");
        let opened = filed.cancellation.as_ref().map(|case| case.ground.clone());
        let expected = case.map(|years| consortium::cancellation::Ground::TwoYearsWithoutSummary {
            years: years.to_vec(),
        });
        assert_eq!(opened, expected, "{row:?}");
    }
}

#[test]
fn a_filing_late_in_the_year_owes_nothing_for_that_year() {
    let mut world = later("公示");
    world.on(date(2026, 11, 2));
    world.perform(&department(Capacity::Publisher), &Command::File {}).unwrap();
    let parameters = &world.dossier().parameters;
    let filed = world.dossier().register_entry().unwrap();
    assert_eq!(filed.first_report_year, 2027);
    assert_eq!(annual_report::window_closes(2028, parameters), date(2029, 3, 31));
    for (day, missed, case) in [
        (date(2028, 3, 31), 0, false),
        (date(2028, 4, 1), 1, false),
        (date(2029, 3, 31), 1, false),
        (date(2029, 4, 1), 2, true),
    ] {
        world.on(day);
        let calendar = consortium::actor::Actor::calendar();
        world.perform(&calendar, &Command::DayPassed {}).unwrap();
        let filed = world.dossier().register_entry().unwrap();
        assert_eq!((filed.missed.len(), filed.cancellation.is_some()), (missed, case), "{day}");
    }
}

#[test]
fn a_summary_states_each_of_its_six_contents_or_why_not() {
    for (at, clause) in ["9.1", "9.2", "9.3", "9.4", "9.5", "9.6"].into_iter().enumerate() {
        let mut summary = content::summary(2026);
        let field = [
            &mut summary.rules,
            &mut summary.research,
            &mut summary.conversion,
            &mut summary.promotion,
            &mut summary.other,
            &mut summary.plan,
        ];
        field.into_iter().nth(at).unwrap().clear();
        let refusal = told(&mut later("已备案"), &Command::SubmitReport { year: 2026, summary });
        assert_eq!(refusal.clause, Some(clause));
        assert_eq!(refusal.remedy, "没有开展的，写“本年度未开展”并说明原因");
    }
}

/// The lead's command, which must be refused.
fn told(world: &mut World, command: &Command) -> Refusal {
    world.perform(&handler("云川"), command).unwrap_err()
}

fn of(length: usize) -> String {
    "稀".repeat(length)
}

#[test]
fn a_text_at_its_limit_is_taken_everywhere_and_one_character_more_nowhere() {
    type Write = fn(String) -> Command;
    // stage, what, limit, the command with that text
    let table: &[(&str, &str, usize, Write)] = &[
        ("起草", "background", SECTION_MAX, |text| {
            let Section::Basics(mut basics) = content::sections(&lead()).remove(0) else {
                panic!("basics stand first")
            };
            basics.background = text;
            Command::WriteApplication { content: Section::Basics(basics) }
        }),
        ("起草", "special", SECTION_MAX, |text| Command::WriteApplication {
            content: Section::Special { special: text },
        }),
        ("起草", "goals", SECTION_MAX, |text| Command::WriteApplication {
            content: Section::Goals { goals: text, yearly: vec![], indicators: vec![] },
        }),
        ("起草", "platform name", LINE_MAX, |text| {
            let mut platform = content::platform(PlatformLevel::Region, &lead());
            platform.name = text;
            Command::WriteApplication { content: Section::Platforms { platforms: vec![platform] } }
        }),
        ("起草", "work content", PARAGRAPH_MAX, |text| {
            let Section::Work { mut work } = content::sections(&lead()).remove(4) else {
                panic!("work stands fifth")
            };
            work[0].content = text;
            Command::WriteApplication { content: Section::Work { work } }
        }),
        ("起草", "safeguards", SECTION_MAX, |safeguards| Command::WriteApplication {
            content: Section::Safeguards { safeguards },
        }),
        ("起草", "public money source", LINE_MAX, |source| Command::WriteApplication {
            content: Section::Inputs {
                inputs: vec![],
                total_fen: 0,
                public_money: vec![PublicMoney { year: 2026, source, amount_fen: 1 }],
                sharing: vec![],
                custodian: None,
                audit: String::new(),
            },
        }),
        ("起草", "attachment name", LINE_MAX, |text| Command::Attach {
            moves: false,
            attachment: Attachment {
                digest: digest("甲"),
                name: text,
                size_bytes: 1,
                item: "其他".into(),
                unit: None,
            },
        }),
        ("起草", "agreement", SECTION_MAX, |text| Command::WriteAgreement {
            text: content::agreement(&text),
            void_signatures: false,
        }),
        ("推荐", "withdrawal", PARAGRAPH_MAX, |text| Command::Withdraw { reason: text }),
        ("已备案", "plan", SECTION_MAX, |text| Command::SubmitPlan { year: 2026, plan: text }),
        ("已备案", "termination", SECTION_MAX, |text| Command::ApplyForTermination {
            circumstance: text,
            resolution: "各方一致同意".into(),
        }),
    ];
    for (stage, what, limit, write) in table {
        let world = at(stage);
        let refusal = told(&mut world.clone(), &write(of(limit + 1)));
        assert!(refusal.reason.contains(&format!("最多 {limit} 个字")), "{what}: {refusal}");
        let taken = world.clone().perform(&handler("云川"), &write(of(*limit)));
        assert!(taken.is_ok_and(|events| !events.is_empty()), "{what}");
    }
}

fn lead() -> UnitId {
    UnitId::from("云川")
}

#[test]
fn a_table_of_the_form_takes_so_many_rows_and_no_more() {
    let rows = |count: usize| Command::WriteApplication {
        content: Section::Platforms {
            platforms: vec![content::platform(PlatformLevel::Region, &lead()); count],
        },
    };
    let world = at("起草");
    assert!(world.clone().perform(&handler("云川"), &rows(ROWS_MAX)).is_ok());
    let refusal = told(&mut world.clone(), &rows(ROWS_MAX + 1));
    assert_eq!(refusal.reason, "最多 100 行，现为 101 行");
}

#[test]
fn a_filing_takes_so_many_attachments_and_no_more() {
    let mut world = at("起草");
    let attach = |no: usize| Command::Attach {
        moves: false,
        attachment: Attachment {
            digest: digest(&no.to_string()),
            name: format!("{no}.pdf"),
            size_bytes: 1,
            item: "其他".into(),
            unit: None,
        },
    };
    for no in 0..ATTACHMENTS_MAX {
        world.perform(&handler("云川"), &attach(no)).unwrap();
    }
    assert_eq!(told(&mut world, &attach(ATTACHMENTS_MAX)).reason, "附件最多 100 份");
    assert_eq!(world.perform(&handler("云川"), &attach(0)).unwrap(), vec![]);
}

#[test]
fn files_are_so_large_and_no_larger_and_all_together_too() {
    let attach = |no: u64, size_bytes: u64| Command::Attach {
        moves: false,
        attachment: Attachment {
            digest: digest(&no.to_string()),
            name: format!("{no}.pdf"),
            size_bytes,
            item: "其他".into(),
            unit: None,
        },
    };
    let mut world = at("起草");
    let past = told(&mut world.clone(), &attach(0, FILE_BYTES_MAX + 1));
    assert_eq!(past.reason, "单个文件不超过 200 MB");
    let whole = FILING_BYTES_MAX / FILE_BYTES_MAX;
    for no in 0..whole {
        world.perform(&handler("云川"), &attach(no, FILE_BYTES_MAX)).unwrap();
    }
    let rest = FILING_BYTES_MAX % FILE_BYTES_MAX;
    let past = told(&mut world.clone(), &attach(whole, rest + 1));
    assert_eq!(past.reason, "一件申请的附件合计不超过 2 GB");
    world.perform(&handler("云川"), &attach(whole, rest)).unwrap();
}

#[test]
fn what_the_list_of_attachments_asks_for_is_left_to_a_person_until_it_is_published() {
    let mut world = at("起草");
    let finding = |world: &World, parameters: &Parameters| {
        article_06::attachments(&world.dossier().materials, parameters)
    };
    let open = Parameters::on(date(2026, 3, 2));
    let hard = open.clone().with(ParameterKey::AttachmentsHard, 1);
    let missing = finding(&world, &open);
    assert_eq!((missing.verdict, missing.clause.as_str()), (Verdict::AtDiscretion, "7.3"));
    assert!(missing.facts.contains("法人证书（"), "{}", missing.facts);
    assert_eq!(finding(&world, &hard).verdict, Verdict::Unmet);
    let wanted: Vec<(String, Option<UnitId>)> = checklist::lines(&world.dossier().materials)
        .iter()
        .filter(|line| line.item.derived)
        .map(|line| (line.item.term.to_owned(), line.party.map(|party| party.unit.clone())))
        .collect();
    let last = wanted.len() - 1;
    for (no, (item, unit)) in wanted.into_iter().enumerate() {
        let attachment = Attachment {
            digest: digest(&no.to_string()),
            name: "证明.pdf".into(),
            size_bytes: 1,
            item,
            unit,
        };
        assert_eq!(finding(&world, &open).verdict, Verdict::AtDiscretion, "{no} of {last}");
        world.perform(&handler("云川"), &Command::Attach { attachment, moves: false }).unwrap();
    }
    assert_eq!(finding(&world, &open).verdict, Verdict::Met);
    assert_eq!(finding(&world, &hard).verdict, Verdict::Met, "suggestions are never owed");
    // A file that names a unit outside is refused; one of an unlisted name is other material.
    let other = |unit: Option<UnitId>| Command::Attach {
        moves: false,
        attachment: Attachment {
            digest: digest("其他"),
            name: "其他.pdf".into(),
            size_bytes: 1,
            item: "其他材料".into(),
            unit,
        },
    };
    assert_eq!(told(&mut world.clone(), &other(Some("外".into()))).field.as_deref(), Some("unit"));
    world.perform(&handler("云川"), &other(None)).unwrap();
    assert_eq!(checklist::others(&world.dossier().materials).len(), 1);
}

/// An item by its name, and whose.
type Meant = (&'static str, Option<UnitId>);

#[test]
fn a_file_moves_on_the_list_by_one_decision_and_stands_somewhere_throughout() {
    let mut world = at("起草");
    let lead = handler("云川");
    let put = |item: &str, unit: Option<&str>, moves| Command::Attach {
        moves,
        attachment: Attachment {
            digest: digest("证照"),
            name: "证照.pdf".into(),
            size_bytes: 1,
            item: item.into(),
            unit: unit.map(Into::into),
        },
    };
    world.perform(&lead, &put("其他材料", None, false)).unwrap();
    let before = world.dossier().materials.attachments.len();
    // What cannot stand there stays where it is.
    assert!(world.perform(&lead, &put("法人证书", Some("外"), true)).is_err());
    assert_eq!(world.dossier().materials.attachments.len(), before);
    let events = world.perform(&lead, &put("法人证书", Some("云川"), true)).unwrap();
    assert!(matches!(events[..], [Event::Detached { .. }, Event::Attached { .. }]), "{events:?}");
    let all = &world.dossier().materials.attachments;
    assert_eq!(all.len(), before, "moved, not doubled");
    assert_eq!(all.last().unwrap().item, "法人证书");
    assert_eq!(world.perform(&lead, &put("法人证书", Some("云川"), true)).unwrap(), []);
    // The limit of the number counts what stays.
    let other = |no: usize| Command::Attach {
        moves: false,
        attachment: Attachment {
            digest: digest(&no.to_string()),
            name: format!("{no}.pdf"),
            size_bytes: 1,
            item: "其他".into(),
            unit: None,
        },
    };
    for no in before..ATTACHMENTS_MAX {
        world.perform(&lead, &other(no)).unwrap();
    }
    assert!(world.perform(&lead, &put("其他材料", None, true)).is_ok());
}

#[test]
fn what_a_file_is_stands_in_its_name_only_where_that_is_plain() {
    let world = at("推荐");
    let materials = &world.dossier().materials;
    let party = |sign: &str| {
        let party = materials.standing().find(|party| party.name.contains(sign));
        party.map(|party| party.unit.clone()).unwrap()
    };
    let table: Vec<(String, Option<Meant>)> = vec![
        ("云川营业执照.pdf".into(), Some(("法人证书", Some(party("云川"))))),
        (format!("{}-法人证书.pdf", materials.parties[1].name), {
            Some(("法人证书", Some(materials.parties[1].unit.clone())))
        }),
        ("营业执照.pdf".into(), None),
        ("平台批复和批准文件.pdf".into(), Some(("平台批准文件", None))),
        ("研发管理制度.docx".into(), Some(("科技管理制度", Some(party("云川"))))),
        ("云川合作协议.pdf".into(), {
            Some(("与院所高校及科学家团队的合作证明", Some(party("云川"))))
        }),
        ("塞北与云川的合作证明.pdf".into(), Some(("与牵头单位的合作证明", Some(party("塞北"))))),
        ("云川与塞北合作协议.pdf".into(), {
            Some(("与院所高校及科学家团队的合作证明", Some(party("云川"))))
        }),
        ("云川与金岭合作协议.pdf".into(), Some(("与牵头单位的合作证明", Some(party("金岭"))))),
        (format!("{}与金岭合作协议.pdf", materials.parties[0].name), {
            Some(("与院所高校及科学家团队的合作证明", Some(party("云川"))))
        }),
        ("合作协议.pdf".into(), None),
        ("重点实验室团队名单.pdf".into(), None),
        ("2025年审计报告.pdf".into(), {
            Some(("上一年度审计报告或研发费用资料", Some(party("云川"))))
        }),
        ("IMG_0001.jpg".into(), None),
        // A sign that many units bear, and places alone, name nobody.
        ("北京大学营业执照.pdf".into(), None),
        ("内蒙古营业执照.pdf".into(), None),
        (String::new(), None),
    ];
    for (name, wanted) in table {
        let meant = checklist::meant(materials, &name).map(|(item, unit)| (item.term, unit));
        assert_eq!(meant, wanted, "{name}");
    }
}

#[test]
fn a_consortium_takes_so_many_members_beside_its_lead_and_no_more() {
    let mut world = at("起草");
    for no in 0..=MEMBERS_MAX {
        let profile = consortium::unit::Profile {
            name: format!("第{no}研究所"),
            ..world.units[&UnitId::from("北疆")].profile.clone()
        };
        world.enter(&format!("U{no}"), profile);
    }
    let invite =
        |no: usize| Command::Invite { unit: UnitId(format!("U{no}")), void_signatures: false };
    for no in 0..MEMBERS_MAX {
        world.perform(&handler("云川"), &invite(no)).unwrap();
    }
    assert_eq!(world.dossier().materials.parties.len(), MEMBERS_MAX + 1);
    assert_eq!(told(&mut world, &invite(MEMBERS_MAX)).reason, "成员单位最多 60 家");
    let declined = Command::AnswerInvitation { accept: false, reason: "无人手".into() };
    world.perform(&handler("U3"), &declined).unwrap();
    world.perform(&handler("云川"), &invite(3)).unwrap();
}

#[test]
fn a_panel_is_odd_at_least_five_and_at_most_fifteen() {
    // experts asked for, the smallest panel, refused with
    let table = [
        (0, 5, Some("单数")),
        (3, 5, Some("单数")),
        (4, 5, Some("单数")),
        (5, 5, None),
        (6, 5, Some("单数")),
        (7, 5, None),
        (5, 7, Some("专家组为不少于 7 人")),
        (15, 5, None),
        (16, 5, Some("单数")),
        (17, 5, Some("不多于 15 人")),
    ];
    let organiser = department(Capacity::Organiser);
    for row in table {
        let (size, least, refused) = row;
        let mut world = at("形式审查");
        for no in 0..12 {
            let kind = consortium::expert_review::ExpertKind::Technical;
            world.enrol(&format!("X{no}"), &format!("第{no}学院"), kind);
        }
        let decider = department(Capacity::Decider);
        let set = consortium::department::Command::SetParameter {
            key: "panel_min".into(),
            value: least,
            basis: "测试".into(),
            from: world.today(),
        };
        world.affair(&decider, &set).unwrap();
        let mut world = submitted_again(world);
        match (world.perform(&organiser, &Command::DrawPanel { size }), refused) {
            (Ok(_), None) => {
                let panel = world.dossier().panel().unwrap();
                let technical = panel.sitting().filter(|seat| {
                    seat.seating.kind == consortium::expert_review::ExpertKind::Technical
                });
                let technical = technical.count();
                assert!(technical * 100 >= size * 60 && technical < size, "{row:?}");
            }
            (Err(refusal), Some(words)) => {
                assert!(refusal.reason.contains(words), "{row:?}: {refusal}");
            }
            (answer, _) => panic!("{row:?}: {answer:?}"),
        }
    }
    assert_eq!(PANEL_MAX, 15);
}

/// The parameters are pinned at submission: begins again, up to the review by experts.
fn submitted_again(world: World) -> World {
    let mut fresh = world;
    let day = fresh.today();
    crate::story::play(
        &mut fresh,
        &format!(
            "
{day}  形审员 通知补正 附件     -> 形式审查
{day}  云川 撤回 参数已改       -> 已撤回
{day}  云川 命名 内蒙古自治区电化学储能创新联合体 -> 起草
{day}  云川 邀请 金岭 塞北      -> 起草
{day}  各成员 接受邀请          -> 起草
{day}  云川 填写登记表          -> 起草
{day}  各成员 填写本单位情况    -> 起草
{day}  云川 填写平台 自治区级 塞北 -> 起草
{day}  云川 起草协议 低温储能   -> 起草
{day}  云川 发起签署            -> 签署
{day}  各方 签字盖章            -> 签署
{day}  云川 提交                -> 推荐
{day}  呼市初审 审核            -> 推荐
{day}  呼市签发 推荐            -> 形式审查
{day}  形审员 形审通过          -> 专家评审
"
        ),
    );
    fresh
}

#[test]
fn a_draw_is_the_same_for_the_same_seed_and_roster_in_any_order() {
    let organiser = department(Capacity::Organiser);
    let drawn = |seed: u64, reversed: bool| {
        let mut world = at("专家评审");
        world.seed = seed;
        if reversed {
            world.affairs.experts.reverse();
        }
        world.perform(&organiser, &Command::DrawPanel { size: 7 }).unwrap();
        let panel = world.dossier().panel().unwrap();
        panel.seats.iter().map(|seat| seat.seating.expert.to_string()).collect::<Vec<_>>()
    };
    for seed in 0..50 {
        assert_eq!(drawn(seed, false), drawn(seed, true), "{seed}");
        assert!(!drawn(seed, false).contains(&"E05".to_owned()), "employed by a party");
    }
    assert_ne!(drawn(1, false), drawn(2, false));
}

#[test]
fn a_correction_lists_so_many_items_and_an_extension_so_many_days() {
    let reviewer = department(Capacity::Reviewer);
    let items = |count: usize| Command::RequestCorrection {
        items: vec![
            CorrectionItem {
                part: Part::Attachments,
                reason: "不清楚".into(),
                clause: "7.3".into()
            };
            count
        ],
    };
    // the command, taken
    let table = [
        (items(0), false),
        (items(1), true),
        (items(ITEMS_MAX), true),
        (items(ITEMS_MAX + 1), false),
        (Command::ExtendReview { days: 0, reason: "核实".into() }, false),
        (Command::ExtendReview { days: 1, reason: "核实".into() }, true),
        (Command::ExtendReview { days: 30, reason: "核实".into() }, true),
        (Command::ExtendReview { days: 31, reason: "核实".into() }, false),
        (Command::ExtendReview { days: 5, reason: " ".into() }, false),
    ];
    for (command, taken) in table {
        let mut world = at("形式审查");
        assert_eq!(world.perform(&reviewer, &command).is_ok(), taken, "{command:?}");
        assert_eq!(world.dossier().stage_kind(), StageKind::FormalReview);
    }
}

#[test]
fn a_correction_past_the_calendar_waits_for_the_calendar() {
    let mut world = at("形式审查");
    world.on(date(2026, 12, 28));
    let reviewer = department(Capacity::Reviewer);
    let command = Command::RequestCorrection {
        items: vec![CorrectionItem {
            part: Part::Attachments,
            reason: "不清楚".into(),
            clause: "7.3".into(),
        }],
    };
    let refusal = world.perform(&reviewer, &command).unwrap_err();
    assert!(refusal.reason.contains("2027 年的工作日历还没有导入"), "{refusal}");
    world.calendar = Calendar::fictional(2026, 2027);
    world.perform(&reviewer, &command).unwrap();
}

#[test]
fn what_was_recorded_of_a_units_credit_is_recorded_once() {
    let mut world = World::official();
    let supervisor = department(Capacity::Supervisor);
    let record = consortium::unit::Command::RecordCredit(CreditRecord {
        source: "信用中国".into(),
        list: String::new(),
        basis: "决定书".into(),
        from: world.today(),
        until: None,
        proof: None,
    });
    assert_eq!(world.unit("金岭", &supervisor, &record).unwrap().len(), 1);
    assert_eq!(world.unit("金岭", &supervisor, &record).unwrap(), vec![]);
    let by_itself = world.unit("金岭", &handler("金岭"), &record).unwrap_err();
    assert_eq!(by_itself.clause, Some("5.2"));
}

#[test]
fn a_signature_says_how_it_was_made() {
    let mut world = at("签署");
    let digest = crate::world::agreement_digest(world.dossier());
    let signer = crate::world::representative("云川");
    let sign = |method: &str| Command::Sign {
        digest: digest.clone(),
        method: method.into(),
        statement: None,
        proof: None,
        letter: None,
    };
    for unknown in ["", "fax", "scan", "paper"] {
        let refusal = world.perform(&signer, &sign(unknown)).unwrap_err();
        assert_eq!((refusal.clause, refusal.reason.as_str()), (Some("6.2"), "没有这种签署方式"));
    }
    // A certificate stands on a signature that the office verified: without one there is none.
    let bare = world.perform(&signer, &sign("certificate")).unwrap_err();
    assert_eq!((bare.clause, bare.reason.as_str()), (Some("6.2"), "没有签名文件"));
    assert_eq!(world.perform(&signer, &sign("account_password")).unwrap().len(), 1);
    let seal = Command::seal_by_scan(Digest("别的".into()), digest.clone());
    assert!(world.perform(&signer, &seal).is_err());
}

/// What the Department has not opened is not taken: the account and a page of one's own prove little.
#[test]
fn passkey_certificate_and_paper_are_taken_by_default() {
    use consortium::agreement::Method;
    let shipped = parameters();
    let table = [
        (Method::Passkey, true, false),
        (Method::Certificate, true, true),
        (Method::AccountPassword, false, false),
        (Method::Scan, false, false),
        // Paper is both at once, and neither by itself.
        (Method::Paper, false, false),
    ];
    for (method, signs, seals) in table {
        assert_eq!((method.signs(&shipped), method.seals(&shipped)), (signs, seals), "{method:?}");
    }
    assert!(shipped.yes(ParameterKey::SignOnPaper));

    let mut world = at("签署");
    let digest = crate::world::agreement_digest(world.dossier());
    let dossier = world.dossiers.get_mut(&world.current).unwrap();
    dossier.parameters = shipped;
    let acts = [
        (crate::world::representative("云川"), Command::sign_by_password(digest.clone())),
        (handler("云川"), Command::seal_by_scan(digest.clone(), digest)),
    ];
    for (actor, act) in acts {
        let refusal = world.perform(&actor, &act).unwrap_err();
        assert_eq!(refusal.clause, Some("6.2"));
        assert!(refusal.reason.starts_with("现在不接受"), "{refusal}");
    }
}

#[test]
fn an_interpretation_names_its_clause_and_is_the_deciders() {
    let mut world = World::official();
    let publish = |clause: &str| consortium::department::Command::PublishInterpretation {
        clause: clause.into(),
        question: "分公司能否作为成员？".into(),
        answer: "不能，成员单位应为独立法人单位。".into(),
    };
    let decider = department(Capacity::Decider);
    let drafter = department(Capacity::Drafter);
    assert_eq!(world.affair(&drafter, &publish("5.3")).unwrap_err().clause, Some("12"));
    assert!(world.affair(&handler("云川"), &publish("5.3")).is_err());
    assert!(world.affair(&decider, &publish("5.9")).is_err());
    assert_eq!(world.affair(&decider, &publish("5.3")).unwrap().len(), 1);
    assert_eq!(world.affair(&decider, &publish("5.3")).unwrap(), vec![]);
    assert_eq!(world.affairs.interpretations[0].no, 1);
}

#[test]
fn a_parameter_is_set_from_a_day_on_and_leaves_what_was_submitted_alone() {
    let mut world = at("推荐");
    let set = |value: i64, from: Date| consortium::department::Command::SetParameter {
        key: "notice_days".into(),
        value,
        basis: "厅务会纪要".into(),
        from,
    };
    let decider = department(Capacity::Decider);
    let today = world.today();
    assert!(world.affair(&decider, &set(7, today.yesterday().unwrap())).is_err());
    assert!(world.affair(&decider, &set(31, today)).is_err());
    assert!(world.affair(&decider, &set(0, today)).is_err());
    world.affair(&decider, &set(7, today)).unwrap();
    assert_eq!(world.affair(&decider, &set(7, today)).unwrap(), vec![]);
    let days = |parameters: &Parameters| parameters.get(ParameterKey::NoticeDays);
    assert_eq!(days(&world.affairs.parameters_on(today.yesterday().unwrap())), 5);
    assert_eq!(days(&world.affairs.parameters_on(today)), 7);
    assert_eq!(days(&world.dossier().parameters), 5, "pinned at submission");
}
