//! 盖章件 — whose a paper is, what is said of a file, and that an earlier one stays.

use consortium::{
    Command, Event, Refusal,
    actor::{Actor, Capacity},
    ids::Digest,
    official_paper::OfficialPaper,
    refusal::RefusalKind,
    sealed::{Examined, Reading},
};

use crate::{
    stories::at,
    story::play,
    world::{World, department, digest, handler, official},
};

/// A file that goes on from the platform's paper.
pub(crate) fn ours() -> Examined {
    Examined { continues: true, reading: Reading::Read, signatures: Vec::new() }
}

fn scanned() -> Examined {
    Examined { continues: false, reading: Reading::Scan, signatures: Vec::new() }
}

fn sequence(world: &World, paper: OfficialPaper) -> u64 {
    let of = world.dossier().issued.iter().rev().find(|issued| issued.paper == paper);
    of.map_or(0, |issued| issued.sequence)
}

/// Brings a sealed file for the latest paper of a kind.
fn bring(
    world: &mut World,
    actor: &Actor,
    paper: OfficialPaper,
    (file, reason, compared): (&Digest, &str, bool),
) -> Result<Vec<Event>, Refusal> {
    let paper = format!("{}/{}", sequence(world, paper), paper.name());
    let (file, reason) = (file.clone(), reason.to_owned());
    world.perform(actor, &Command::AttachSealed { paper, file, reason, compared })
}

fn kept(world: &World, paper: OfficialPaper) -> Vec<Digest> {
    let issued = world.dossier().issued(sequence(world, paper), paper).unwrap();
    issued.sealed.iter().map(|sealed| sealed.file.clone()).collect()
}

#[test]
fn the_office_that_issued_a_paper_brings_it_back_sealed_and_no_other() {
    let mut world = at("已备案");
    world.examined = Some(Ok(ours()));
    let file = digest("盖章件");
    let clerk = official("RA01", Capacity::Clerk);
    let cases = [
        (OfficialPaper::Recommendation, clerk.clone(), true),
        (OfficialPaper::Recommendation, official("RA01", Capacity::Signatory), true),
        (OfficialPaper::Recommendation, department(Capacity::Publisher), false),
        (OfficialPaper::Acceptance, department(Capacity::Reviewer), true),
        (OfficialPaper::Acceptance, department(Capacity::Publisher), false),
        (OfficialPaper::Certificate, department(Capacity::Publisher), true),
        (OfficialPaper::Certificate, department(Capacity::Supervisor), false),
        (OfficialPaper::Certificate, clerk, false),
        (OfficialPaper::PublicNotice, department(Capacity::Publisher), true),
    ];
    for (paper, actor, may) in cases {
        let mut world = world.clone();
        let answer = bring(&mut world, &actor, paper, (&file, "", false));
        if may {
            assert_eq!(answer.unwrap().len(), 1, "{paper:?} by {:?}", actor.capacity);
            assert_eq!(kept(&world, paper), std::slice::from_ref(&file));
        } else {
            let refusal = answer.unwrap_err();
            assert_eq!(refusal.kind, RefusalKind::Forbidden, "{paper:?} by {:?}", actor.capacity);
            assert!(refusal.reason.contains("由制发机关上传"), "{refusal}");
            assert_eq!(refusal.clause, Some(paper.clauses()[0]));
        }
    }
    // Another authority, a party: the table answers before any paper is looked for.
    for actor in [official("RA02", Capacity::Clerk), handler("云川")] {
        let paper = OfficialPaper::Recommendation;
        let refusal = bring(&mut world, &actor, paper, (&file, "", false)).unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Forbidden, "{refusal}");
    }
}

#[test]
fn a_paper_that_was_not_issued_cannot_be_sealed() {
    let mut world = at("已备案");
    world.examined = Some(Ok(ours()));
    let drafter = department(Capacity::Drafter);
    let file = digest("盖章件");
    let paper = OfficialPaper::NotFiled;
    let refusal = bring(&mut world, &drafter, paper, (&file, "", false)).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("paper"), "{refusal}");
    // Nor one of another event.
    let command = Command::AttachSealed {
        paper: format!("{}/certificate", sequence(&world, OfficialPaper::Certificate) - 1),
        file,
        reason: String::new(),
        compared: false,
    };
    let refusal = world.perform(&department(Capacity::Publisher), &command).unwrap_err();
    assert!(refusal.reason.contains("没有这份公文"), "{refusal}");
}

#[test]
fn a_file_that_does_not_go_on_from_ours_is_taken_once_a_person_has_compared_it() {
    let mut world = at("已备案");
    let publisher = department(Capacity::Publisher);
    let (paper, file) = (OfficialPaper::Certificate, digest("扫描件"));

    let refusal = bring(&mut world, &publisher, paper, (&file, "", true)).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("file"), "nobody looked at it: {refusal}");
    world.examined = Some(Err("上传的就是平台制作的那一份".to_owned()));
    let refusal = bring(&mut world, &publisher, paper, (&file, "", true)).unwrap_err();
    assert!(refusal.reason.contains("就是平台制作的那一份"), "{refusal}");

    world.examined = Some(Ok(scanned()));
    let refusal = bring(&mut world, &publisher, paper, (&file, "", false)).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("compared"), "{refusal}");
    assert!(refusal.remedy.contains("逐页核对"), "{refusal}");
    let events = bring(&mut world, &publisher, paper, (&file, "", true)).unwrap();
    assert_eq!(events[0].title(), "上传备案证明盖章件");
    assert_eq!(events[0].files(), [&file]);
    assert!(world.dossier().issued(sequence(&world, paper), paper).unwrap().sealed[0].compared);
}

#[test]
fn a_later_file_says_why_and_the_earlier_one_stays() {
    let mut world = at("已备案");
    world.examined = Some(Ok(ours()));
    let publisher = department(Capacity::Publisher);
    let paper = OfficialPaper::Certificate;
    let (first, second) = (digest("第一份"), digest("第二份"));
    bring(&mut world, &publisher, paper, (&first, "", false)).unwrap();

    // The same again is answered, and looked at no more.
    world.examined = None;
    assert_eq!(bring(&mut world, &publisher, paper, (&first, "", false)), Ok(vec![]));
    world.examined = Some(Ok(ours()));
    let refusal = bring(&mut world, &publisher, paper, (&second, " ", false)).unwrap_err();
    assert_eq!(refusal.field.as_deref(), Some("reason"), "{refusal}");
    bring(&mut world, &publisher, paper, (&second, "上一份盖错了页", false)).unwrap();
    assert_eq!(kept(&world, paper), [first, second.clone()]);
    let issued = world.dossier().issued(sequence(&world, paper), paper).unwrap();
    assert_eq!(issued.current().unwrap().file, second);
    assert_eq!(issued.current().unwrap().reason, "上一份盖错了页");
}

#[test]
fn what_ended_a_filing_is_sealed_after_the_end() {
    let mut world = at("形式审查");
    play(&mut world, "2026-03-12 形审员 形审不通过 -> 形式审查不通过");
    world.examined = Some(Ok(ours()));
    let reviewer = department(Capacity::Reviewer);
    let file = digest("盖章件");
    let events = bring(&mut world, &reviewer, OfficialPaper::NotAccepted, (&file, "", false));
    assert_eq!(events.unwrap().len(), 1);
    world.hold_together();
}
