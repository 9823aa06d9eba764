//! 写法 — an agreement is read for ever in the format in which it was locked (Art. 6(2)).

use consortium::{
    Command, Dossier, Event,
    agreement::{Format, annexes, canonical, is_locked},
    evolve::evolve,
    materials::{Foreground, Part, Rights, Section},
};
use serde_json::Value;

use crate::{
    stories::at,
    world::{World, agreement_digest, handler},
};

/// A dossier whose text is locked, as it reads where its lock says nothing of a format.
fn locked_before() -> World {
    let mut world = at("签署");
    let journal = &world.journals[&world.current];
    let mut dossier: Option<Dossier> = None;
    for (event, stamp) in journal {
        let mut written = serde_json::to_value(event).unwrap();
        if matches!(event, Event::SigningStarted { .. }) {
            assert!(written["payload"].as_object_mut().unwrap().remove("format").is_some());
        }
        let read: Event = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), written, "what was written stays so");
        dossier = Some(evolve(dossier, &read, stamp).unwrap());
    }
    let id = world.current.clone();
    world.dossiers.insert(id, dossier.unwrap());
    world
}

fn rights() -> Command {
    let rights = Rights { foreground: Some(Foreground::Joint), ..Rights::default() };
    Command::WriteApplication { content: Section::Rights(Box::new(rights)) }
}

fn text(dossier: &Dossier) -> Value {
    serde_json::from_str(&canonical(&dossier.materials)).unwrap()
}

#[test]
fn what_an_earlier_format_leaves_out_was_not_locked_with_it() {
    let mut world = locked_before();
    assert_eq!(world.dossier().materials.agreement.format, Format::Second);
    let before = text(world.dossier());
    assert_eq!(before["format"], "chuanglian-agreement-2");
    assert_eq!(before.get("rights"), None);
    assert!(is_locked(world.dossier(), Part::Work));
    assert!(!is_locked(world.dossier(), Part::Rights));
    assert_eq!(world.perform(&handler("云川"), &rights()).unwrap().len(), 1);
    assert_eq!(text(world.dossier()), before, "not a byte of what is signed moved");
}

#[test]
fn every_table_that_binds_the_parties_is_locked_with_the_text() {
    let mut world = at("签署");
    assert_eq!(text(world.dossier())["format"], "chuanglian-agreement-3");
    for part in [Part::Goals, Part::Work, Part::Inputs, Part::Rights, Part::Organisation] {
        assert!(is_locked(world.dossier(), part), "{}", part.term());
    }
    assert!(!is_locked(world.dossier(), Part::Plan));
    let refusal = world.perform(&handler("云川"), &rights()).unwrap_err();
    assert!(refusal.to_string().contains("知识产权"), "{refusal}");
}

#[test]
fn an_agreement_that_is_taken_back_is_locked_in_the_present_format() {
    let mut world = locked_before();
    let lead = handler("云川");
    world.perform(&lead, &Command::ReopenAgreement { reason: "补写".into() }).unwrap();
    assert_eq!(world.dossier().materials.agreement.format, Format::Third);
    world.perform(&lead, &rights()).unwrap();
    world.perform(&lead, &Command::StartSigning {}).unwrap();
    let dossier = world.dossier();
    assert_eq!(text(dossier)["rights"]["foreground"], "joint");
    let round = dossier.materials.agreement.round.as_ref().unwrap();
    assert_eq!(round.digest, agreement_digest(dossier));
}

#[test]
fn people_read_what_the_format_signs() {
    let mut materials = at("签署").dossier().materials.clone();
    materials.rights = Rights { foreground: Some(Foreground::Joint), ..Rights::default() };
    let materials = &materials;
    let titles = |format| -> Vec<&str> {
        let all = annexes(materials, format).into_iter();
        all.filter(|annex| !annex.rows.is_empty()).map(|annex| annex.title).collect()
    };
    let earlier = ["附表二　任务分工", "附表三　投入"];
    assert_eq!(titles(Format::Second), earlier);
    assert_eq!(titles(Format::Third), [&earlier[..], &["附表六　新产生的知识产权"]].concat());
    for format in [Format::Second, Format::Third] {
        for annex in annexes(materials, format) {
            for row in &annex.rows {
                assert_eq!(row.len(), annex.columns.len(), "{}", annex.title);
            }
        }
    }
    // A number as the parties wrote it, to the fen, with the sum under it.
    let inputs = &annexes(materials, Format::Third)[2];
    assert!(inputs.note.as_ref().unwrap().ends_with("万元"), "{:?}", inputs.note);
}
