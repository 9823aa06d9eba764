//! Hints: each is given where it belongs and nowhere else, and none of them blocks.

use consortium::{
    Command, Refusal,
    ids::UnitId,
    materials::{Hint, Materials, Part, Platform, PlatformStatus, Section, WorkKind, hints},
    measures::{Verdict, article_05, article_06},
    parameter::Parameters,
};
use jiff::civil::{Date, date};

use crate::{
    full,
    stories::{before, from},
    story::play,
    world::{World, handler},
};

const TODAY: Date = date(2026, 3, 3);

type Change = fn(&mut Materials);
type PlatformChange = fn(&mut Platform);

/// A consortium in drafting whose form is filled whole, every section from the account of its own.
pub(crate) fn filled() -> World {
    let mut world = before("起草协议");
    let parties = world.dossier().materials.parties.clone();
    let lead = parties[0].unit.clone();
    for section in full::sections(&parties) {
        let by = section.unit().unwrap_or(&lead).clone();
        world
            .perform(&handler(by.as_str()), &Command::WriteApplication { content: section })
            .unwrap();
    }
    for party in parties.iter().skip(1) {
        let content = full::promise(&party.unit);
        let actor = handler(party.unit.as_str());
        world.perform(&actor, &Command::WriteApplication { content }).unwrap();
    }
    world
}

fn whole() -> Materials {
    filled().dossier().materials.clone()
}

fn places(materials: &Materials) -> Vec<(Part, Option<UnitId>, String)> {
    let place = |hint: Hint| (hint.part, hint.unit, hint.field);
    hints::hints(materials, TODAY).into_iter().map(place).collect()
}

/// Part, whose block by its place among the parties, field, and what brings the hint about.
const TABLE: &[(Part, Option<usize>, &str, Change)] = &[
    (Part::Basics, None, "industry", |m| {
        let basics = m.basics.as_mut().unwrap();
        (basics.industry, basics.division) = (String::new(), String::new());
    }),
    (Part::Basics, None, "chain", |m| m.basics.as_mut().unwrap().chain.clear()),
    (Part::Basics, None, "operation", |m| m.basics.as_mut().unwrap().operation = None),
    (Part::Basics, None, "subfield", |m| m.basics.as_mut().unwrap().subfield = "T4-01".into()),
    (Part::Basics, None, "division", |m| m.basics.as_mut().unwrap().division = "73".into()),
    (Part::Basics, None, "company", |m| m.basics.as_mut().unwrap().company.clear()),
    (Part::Basics, None, "background", |m| {
        m.basics.as_mut().unwrap().background = "短".repeat(199);
    }),
    (Part::Basics, None, "background", |m| {
        m.basics.as_mut().unwrap().background = "长".repeat(1_501);
    }),
    (Part::Basics, None, "term_from", |m| {
        m.agreement.text.formed_on = Some(date(2025, 12, 31));
    }),
    (Part::Agreement, None, "background", |m| {
        m.agreement.text.background = "原有的知识产权见附表五。".into();
        m.rights.background.clear();
    }),
    (Part::Unit, Some(0), "staff", |m| {
        let block = &mut m.units[0];
        (block.staff, block.rd_staff, block.rd_fte, block.doctors, block.senior) = (0, 0, 0, 0, 0);
    }),
    (Part::Unit, Some(0), "years", |m| m.units[0].years.truncate(2)),
    (Part::Unit, Some(1), "years", |m| m.units[1].years[0].rd_spend_fen = i64::MAX),
    (Part::Unit, Some(1), "years", |m| m.units[1].years[2].year = 2027),
    (Part::Unit, Some(1), "paid_fen", |m| m.units[1].paid_fen = m.units[1].capital_fen + 1),
    (Part::Unit, Some(1), "founded_on", |m| m.units[1].founded_on = TODAY.tomorrow().ok()),
    (Part::Unit, Some(1), "credit_checks", |m| m.units[1].credit_checks.clear()),
    (Part::Unit, Some(1), "certificates.0.until", |m| {
        m.units[1].certificates[0].until = TODAY.yesterday().ok();
    }),
    (Part::Lead, None, "rules", |m| m.lead.as_mut().unwrap().rules.clear()),
    (Part::Lead, None, "cooperations", |m| m.lead.as_mut().unwrap().cooperations.clear()),
    (Part::Lead, None, "cooperations.0.proof", |m| {
        m.lead.as_mut().unwrap().cooperations[0].proof.clear();
    }),
    (Part::Member, Some(1), "cooperations", |m| m.members[0].cooperations.clear()),
    (Part::Member, Some(1), "cooperations.0.from", |m| {
        let row = &mut m.members[0].cooperations[0];
        (row.from, row.to) = (TODAY.tomorrow().ok(), None);
    }),
    (Part::Member, Some(1), "role", |m| m.members[0].role.clear()),
    (Part::Platforms, None, "platforms.0.owner", |m| m.platforms[0].owner = "远图".into()),
    (Part::Platforms, None, "platforms.0.approved_on", |m| {
        m.platforms[0].approved_on = TODAY.tomorrow().unwrap();
    }),
    (Part::Platforms, None, "platforms.0.valid_to", |m| {
        m.platforms[0].valid_to = TODAY.yesterday().ok();
    }),
    (Part::Platforms, None, "platforms.0.kind", |m| m.platforms[0].kind = "N01".into()),
    (Part::Platforms, None, "platforms.0.kind", |m| m.platforms[0].kind.clear()),
    (Part::Platforms, None, "platforms.0.status", |m| m.platforms[0].status = None),
    (Part::Platforms, None, "platforms.0.status", |m| {
        m.platforms[0].status = Some(PlatformStatus::Revoked);
    }),
    (Part::Goals, None, "yearly.2.year", |m| m.yearly[2].year = 2029),
    (Part::Goals, None, "yearly.1.year", |m| m.yearly[1].year = 2026),
    (Part::Goals, None, "indicators.0.year", |m| m.indicators[0].year = 2025),
    (Part::Goals, None, "indicators.0.target", |m| m.indicators[0].target.clear()),
    (Part::Technologies, None, "technologies.0.lead_unit", |m| m.technologies[0].lead_unit = None),
    (Part::Technologies, None, "technologies.0.lead_unit", |m| {
        m.technologies[0].partners.push("远图".into());
    }),
    (Part::Technologies, None, "technologies.0.trl_from", |m| m.technologies[0].trl_to = None),
    (Part::Work, None, "work", |m| m.work[0].partners.truncate(1)),
    (Part::Work, None, "work.0.from", |m| m.work[0].from = date(2025, 12, 31)),
    (Part::Work, None, "work.1.to", |m| m.work[1].to = date(2029, 1, 1)),
    (Part::Work, None, "work.1.unit", |m| m.work[1].partners.push("远图".into())),
    (Part::Work, None, "work.1.partners", |m| {
        let lead = m.work[1].unit.clone();
        m.work[1].partners.push(lead);
    }),
    (Part::Work, None, "work.0.indicators", |m| m.work[0].indicators.push("没有的指标".into())),
    (Part::Inputs, None, "inputs.1.year", |m| m.inputs[1].year = 2029),
    (Part::Inputs, None, "inputs.2.unit", |m| m.inputs[2].unit = "远图".into()),
    (Part::Inputs, None, "total_fen", |m| m.funding.total_fen += 1),
    (Part::Inputs, None, "public_money.0.year", |m| m.funding.public_money[0].year = 2025),
    (Part::Inputs, None, "sharing", |m| m.funding.sharing.clear()),
    (Part::Inputs, None, "custodian", |m| m.funding.custodian = Some("远图".into())),
    (Part::Rights, None, "shares", |m| m.rights.shares[0].percent = 59),
    (Part::Rights, None, "background.0.owner", |m| m.rights.background[0].owner = "远图".into()),
    (Part::Organisation, None, "liable", |m| m.organisation.liable = None),
    (Part::Plan, None, "rows.0.year", |m| m.plan.rows[0].year = 2025),
    (Part::Plan, None, "rows", |m| m.plan.rows[0].amount_fen += 1),
    (Part::Promise, None, "honest", |m| m.promise.publication = false),
    (Part::MemberPromise, Some(1), "takes_part", |m| m.promises[0].data_use = false),
    (Part::MemberPromise, Some(1), "takes_part", |m| drop(m.promises.remove(0))),
];

#[test]
fn each_hint_is_given_where_it_belongs_and_nowhere_else() {
    let whole = whole();
    assert_eq!(hints::hints(&whole, TODAY), [], "a whole form that fits together has none");
    for (number, (part, unit, field, change)) in TABLE.iter().enumerate() {
        let mut materials = whole.clone();
        change(&mut materials);
        let unit = unit.map(|at| whole.parties[at].unit.clone());
        let wanted = (*part, unit, (*field).to_owned());
        assert_eq!(places(&materials), [wanted], "row {number}");
        let finding = article_06::consistent(&materials, TODAY);
        assert_eq!(finding.verdict, Verdict::AtDiscretion, "row {number}: never blocks");
    }
    let finding = article_06::consistent(&whole, TODAY);
    assert_eq!(finding.verdict, Verdict::Met);
}

#[test]
fn a_background_at_the_edges_is_not_pointed_out() {
    let mut materials = whole();
    for length in [200, 1_500] {
        materials.basics.as_mut().unwrap().background = "字".repeat(length);
        assert_eq!(places(&materials), [], "{length}");
    }
}

#[test]
fn what_contradicts_itself_is_refused_at_its_field() {
    let materials = whole();
    let parties = materials.parties.clone();
    let lead = parties[0].unit.clone();
    let row = |part: Part, unit: Option<&UnitId>| {
        let of = |section: &Section| section.part() == part && section.unit() == unit;
        full::sections(&parties).into_iter().find(of).unwrap()
    };
    let edit = |mut section: Section, change: fn(&mut Section)| {
        change(&mut section);
        section
    };
    let table: &[(&str, Section)] = &[
        (
            "name_mn",
            edit(row(Part::Basics, None), |s| {
                if let Section::Basics(b) = s {
                    b.name_mn = "蒙古".into();
                }
            }),
        ),
        (
            "term_to",
            edit(row(Part::Basics, None), |s| {
                if let Section::Basics(b) = s {
                    b.term_to = Some(date(2025, 1, 1));
                }
            }),
        ),
        (
            "subfield",
            edit(row(Part::Basics, None), |s| {
                if let Section::Basics(b) = s {
                    b.subfield = "T9-01".into();
                }
            }),
        ),
        (
            "rd_staff",
            edit(row(Part::Unit, Some(&lead)), |s| {
                if let Section::Unit(b) = s {
                    b.rd_staff = b.staff + 1;
                }
            }),
        ),
        (
            "years",
            edit(row(Part::Unit, Some(&lead)), |s| {
                if let Section::Unit(b) = s {
                    b.years[1].year = 2023;
                }
            }),
        ),
        (
            "capital_fen",
            edit(row(Part::Unit, Some(&lead)), |s| {
                if let Section::Unit(b) = s {
                    b.capital_fen = -1;
                }
            }),
        ),
        (
            "technologies.0.trl_to",
            edit(row(Part::Technologies, None), |s| {
                if let Section::Technologies { technologies } = s {
                    technologies[0].trl_to = Some(3);
                }
            }),
        ),
        (
            "technologies.0.trl_from",
            edit(row(Part::Technologies, None), |s| {
                if let Section::Technologies { technologies } = s {
                    technologies[0].trl_from = Some(0);
                }
            }),
        ),
        (
            "work.0.to",
            edit(row(Part::Work, None), |s| {
                if let Section::Work { work } = s {
                    work[0].to = date(2025, 12, 31);
                }
            }),
        ),
        (
            "work.0.partners",
            edit(row(Part::Work, None), |s| {
                if let Section::Work { work } = s {
                    work[0].partners.push("远图".into());
                }
            }),
        ),
        (
            "inputs.0.form",
            edit(row(Part::Inputs, None), |s| {
                if let Section::Inputs { inputs, .. } = s {
                    inputs[0].form = "口头".into();
                }
            }),
        ),
        (
            "custodian",
            edit(row(Part::Inputs, None), |s| {
                if let Section::Inputs { custodian, .. } = s {
                    *custodian = Some("远图".into());
                }
            }),
        ),
        (
            "shares",
            edit(row(Part::Rights, None), |s| {
                if let Section::Rights(b) = s {
                    b.shares[1].unit = b.shares[0].unit.clone();
                }
            }),
        ),
        (
            "percent",
            edit(row(Part::Rights, None), |s| {
                if let Section::Rights(b) = s {
                    b.shares[0].percent = 101;
                }
            }),
        ),
        (
            "liable",
            edit(row(Part::Organisation, None), |s| {
                if let Section::Organisation(b) = s {
                    b.liable = Some("远图".into());
                }
            }),
        ),
        (
            "rows.0.year",
            edit(row(Part::Plan, None), |s| {
                if let Section::Plan(b) = s {
                    b.rows[0].year = 1999;
                }
            }),
        ),
    ];
    let mut world = filled();
    for (field, content) in table {
        let command = Command::WriteApplication { content: content.clone() };
        let refusal: Refusal = world.perform(&handler(lead.as_str()), &command).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some(*field), "{refusal:?}");
    }
    // At the edge: the same level, the same day, the whole.
    let same = edit(row(Part::Technologies, None), |s| {
        if let Section::Technologies { technologies } = s {
            technologies[0].trl_to = Some(4);
        }
    });
    world.perform(&handler(lead.as_str()), &Command::WriteApplication { content: same }).unwrap();
}

#[test]
fn nobody_but_the_member_itself_gives_its_promise() {
    let mut world = before("起草协议");
    let parties = world.dossier().materials.parties.clone();
    let (lead, member, other) = (&parties[0].unit, &parties[1].unit, &parties[2].unit);
    let command = Command::WriteApplication { content: full::promise(member) };
    for by in [lead, other] {
        let refusal = world.perform(&handler(by.as_str()), &command).unwrap_err();
        assert!(refusal.reason.contains("在自己的账号里"), "{refusal:?}");
    }
    world.perform(&handler(member.as_str()), &command).unwrap();
    assert!(world.dossier().materials.promised(member).unwrap().takes_part);
}

#[test]
fn a_member_writes_its_own_blocks_and_no_others() {
    let mut world = before("起草协议");
    let parties = world.dossier().materials.parties.clone();
    let member = handler(parties[1].unit.as_str());
    for section in full::sections(&parties) {
        let own = section.unit() == Some(&parties[1].unit);
        let command = Command::WriteApplication { content: section.clone() };
        let done = world.perform(&member, &command);
        assert_eq!(done.is_ok(), own, "{:?} {:?}", section.part(), section.unit());
    }
}

#[test]
fn a_platform_counts_plainly_or_by_a_person_or_not_at_all() {
    let materials = whole();
    let parameters = Parameters::on(TODAY);
    let verdict = |change: fn(&mut Platform)| {
        let mut materials = materials.clone();
        change(&mut materials.platforms[0]);
        article_05::platform(&materials, &std::collections::BTreeMap::new(), &parameters, TODAY)
            .verdict
    };
    let table: [(Verdict, PlatformChange); 5] = [
        (Verdict::Met, |_| ()),
        (Verdict::Met, |row| (row.kind, row.status) = (String::new(), None)),
        (Verdict::AtDiscretion, |row| row.status = Some(PlatformStatus::Building)),
        (Verdict::AtDiscretion, |row| row.status = Some(PlatformStatus::Rectifying)),
        (Verdict::Unmet, |row| row.status = Some(PlatformStatus::Revoked)),
    ];
    for (number, (wanted, change)) in table.into_iter().enumerate() {
        assert_eq!(verdict(change), wanted, "row {number}");
    }
}

#[test]
fn a_full_form_goes_the_whole_way_to_the_register() {
    let mut world = filled();
    play(&mut world, &from("起草协议"));
    let dossier = world.dossier();
    assert_eq!(hints::hints(&dossier.materials, TODAY), []);
    assert!(dossier.register_entry().is_some());
    world.hold_together();
}

#[test]
fn without_research_or_conversion_the_filing_is_refused_and_a_hint_never_is() {
    let mut materials = whole();
    materials.work.retain(|row| row.kind != WorkKind::Conversion);
    assert_eq!(article_06::both_tasks(&materials).verdict, Verdict::Unmet);
}
