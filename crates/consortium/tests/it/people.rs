//! 单位人员 — who comes to act for a unit, who leaves it, and what becomes of a second claim to it.

use consortium::{
    actor::{Actor, Capacity, Side},
    ids::{Digest, PersonId, Personal, UnitId},
    refusal::{Refusal, RefusalKind},
    unit::{
        Command, Event, LegalForm, Unit, UnitKind,
        invitation::{self, Address, Invited, masked},
        people::{Evidence, Known, carried_over},
    },
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::world::{self, World, department, of_unit, official, somebody};

const NAME: &str = "云川法定代表人";

/// A unit registered by 赵一 and activated, on 2 March 2026.
struct Scene {
    unit: Option<Unit>,
    today: Date,
}

impl Scene {
    fn new() -> Self {
        let mut scene = Self { unit: None, today: date(2026, 3, 2) };
        let profile = world::profile(
            "云川",
            "内蒙古云川储能科技有限公司",
            UnitKind::Enterprise,
            LegalForm::EnterpriseLegalPerson,
            "91150104MAFX01A86K",
            "150104",
        );
        scene.ask(&somebody("赵一"), &Command::Register(profile)).unwrap();
        scene.ask(&official("RA01", Capacity::Clerk), &Command::Activate {}).unwrap();
        scene
    }

    fn ask(&mut self, actor: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let id = UnitId::from("云川");
        let events = consortium::unit::decide(&id, self.unit.as_ref(), command, actor, self.today)?;
        for event in &events {
            let written = serde_json::to_string(event).unwrap();
            let read: Event = serde_json::from_str(&written).unwrap();
            self.unit =
                Some(consortium::unit::evolve(self.unit.take(), &read, self.today).unwrap());
        }
        Ok(events)
    }

    fn unit(&self) -> &Unit {
        self.unit.as_ref().unwrap()
    }

    /// 赵一, who runs the accounts.
    fn administrator() -> Actor {
        acting("赵一", Capacity::Administrator)
    }

    fn invite(&mut self, name: &str, address: &str, capacity: Capacity) -> Vec<Event> {
        self.ask(&Self::administrator(), &invite(name, address, capacity)).unwrap()
    }

    /// Invites and has the invitation accepted.
    fn join(&mut self, name: &str, capacity: Capacity) -> Actor {
        self.invite(name, &format!("{}@unit.example", pinyin(name)), capacity);
        let no = u32::try_from(self.unit().people.invitations.len()).unwrap();
        self.ask(&somebody(name), &accept(no, "whoever")).unwrap();
        acting(name, capacity)
    }

    fn held(&self, name: &str, capacity: Capacity) -> bool {
        let holds = |link: &consortium::unit::people::Link| link.made.name.value == name;
        self.unit().people.holding(capacity, self.today).any(holds)
    }

    fn link(&self, name: &str, capacity: Capacity) -> String {
        let links = &self.unit().people.links;
        let found = links
            .iter()
            .rev()
            .find(|link| link.made.name.value == name && link.made.capacity == capacity);
        found.unwrap().made.link.clone()
    }
}

fn pinyin(name: &str) -> String {
    let signs: Vec<String> = name.chars().map(|sign| u32::from(sign).to_string()).collect();
    signs.join("-")
}

fn acting(name: &str, capacity: Capacity) -> Actor {
    Actor {
        person: PersonId::from(name),
        name: Personal::new(name),
        side: Side::Unit(UnitId::from("云川")),
        capacity,
    }
}

fn paper() -> Digest {
    Digest("0123456789abcdef".repeat(4))
}

fn invite(name: &str, address: &str, capacity: Capacity) -> Command {
    let file = (capacity == Capacity::LegalRepresentative).then(paper);
    Command::Invite(Invited {
        name: Personal::new(name),
        address: Personal::new(address),
        capacity,
        evidence: Evidence { words: String::new(), file },
        from: None,
        to: None,
    })
}

fn accept(no: u32, login: &str) -> Command {
    Command::AcceptInvitation { no, login: login.to_owned() }
}

fn end(link: &str, to: Date) -> Command {
    Command::EndLink { link: link.to_owned(), to, successor: None, reason: "调离".into() }
}

fn claim() -> Command {
    Command::Dispute {
        statement: "营业执照在我们手里，那个账号不是我们注册的。".into(),
        file: None,
    }
}

#[test]
fn whoever_registers_a_unit_handles_its_filings_and_runs_its_accounts() {
    let scene = Scene::new();
    assert!(scene.held("赵一", Capacity::Handler) && scene.held("赵一", Capacity::Administrator));
    assert!(!scene.held("赵一", Capacity::LegalRepresentative));
}

#[test]
fn the_same_person_is_invited_once_however_the_address_is_written() {
    // address                              again?
    let table = [
        ("wang.wu@Unit.example", true),
        (" WANG.WU@unit.EXAMPLE ", true),
        ("wang.wu@ unit.example", true),
        ("ｗａｎｇ.ｗｕ@unit.example", true),
        ("wang.wu\u{3000}@unit.example", true),
        ("wangwu@unit.example", false),
    ];
    for (address, again) in table {
        let mut scene = Scene::new();
        scene.invite("王五", "wang.wu@unit.example", Capacity::Handler);
        let events = scene.invite("王五", address, Capacity::Handler);
        assert_eq!(events.is_empty(), again, "{address}");
        let more = scene.invite("王五", address, Capacity::Contact);
        assert_eq!(more.len(), 1, "another capacity is another invitation");
    }
}

#[test]
fn an_address_is_read_as_what_it_is_or_named_as_unreadable() {
    let table = [
        ("zhao@unit.example", "z***@unit.example"),
        ("138 0000 1234", "138****34"),
        ("0471-5550001", "047****01"),
        ("Saibei-FR", "sa***"),
    ];
    for (typed, shown) in table {
        assert_eq!(Address::parse(typed).unwrap().to_string(), shown, "{typed}");
    }
    for odd in ["", "  ", "a@b", "@unit.example", "王五", "a b@c@d.e", "ab"] {
        let refusal = Address::parse(odd).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("address"), "{odd}");
    }
    let at = format!("{}@unit.example", "a".repeat(invitation::ADDRESS_MAX - 13));
    assert!(Address::parse(&at).is_ok());
    assert!(Address::parse(&format!("a{at}")).is_err());
    assert_eq!((masked("王五").as_str(), masked("欧阳云舒").as_str()), ("王*", "欧***"));
}

#[test]
fn an_invitation_is_accepted_by_the_one_who_is_meant_until_its_last_day() {
    // who, login, day after the invitation, outcome
    let table: &[(&str, &str, i64, Result<(), &str>)] = &[
        ("王五", "wangwu", 0, Ok(())),
        ("王 五", "wangwu", invitation::INVITATION_DAYS, Ok(())),
        ("王五", "wangwu", invitation::INVITATION_DAYS + 1, Err("已经过期")),
        ("李四", "lisi", 0, Err("这份邀请是给 王*（w***@unit.example） 的，不是现在登录的 李四")),
    ];
    for (name, login, after, outcome) in table {
        let mut scene = Scene::new();
        scene.invite("王五", "wangwu@unit.example", Capacity::Handler);
        scene.today = scene.today.checked_add(jiff::Span::new().days(*after)).unwrap();
        let answer = scene.ask(&somebody(name), &accept(1, login));
        match outcome {
            Ok(()) => assert!(answer.is_ok() && scene.held(name, Capacity::Handler), "{name}"),
            Err(words) => {
                let refusal = answer.unwrap_err();
                assert!(refusal.reason.contains(words), "{refusal}");
                assert_eq!(scene.unit().people.links.len(), 2, "nothing changed");
            }
        }
    }
    // To an account of the platform: the account says who is meant, not the name.
    let mut scene = Scene::new();
    scene.invite("王五", "Wang-Wu", Capacity::Handler);
    assert!(scene.ask(&somebody("王五"), &accept(1, "wangwu2")).is_err());
    assert!(scene.ask(&somebody("王伍"), &accept(1, "wang-wu")).is_ok());
    // Nobody accepts without an account.
    scene.invite("公众", "public@unit.example", Capacity::Handler);
    assert!(scene.ask(&Actor::public(), &accept(2, "")).is_err());
}

#[test]
fn an_invitation_works_once_and_not_after_it_was_revoked_or_declined() {
    let mut scene = Scene::new();
    scene.invite("王五", "wangwu@unit.example", Capacity::Handler);
    scene.ask(&somebody("王五"), &accept(1, "w")).unwrap();
    assert!(scene.ask(&somebody("王五"), &accept(1, "w")).unwrap().is_empty(), "asked again");
    let other = Actor { person: PersonId::from("另一个王五"), ..somebody("王五") };
    assert!(scene.ask(&other, &accept(1, "w")).unwrap_err().reason.contains("已经有人接受"));
    scene.invite("李四", "lisi@unit.example", Capacity::Contact);
    let revoke = Command::RevokeInvitation { no: 2 };
    scene.ask(&Scene::administrator(), &revoke).unwrap();
    assert!(scene.ask(&Scene::administrator(), &revoke).unwrap().is_empty());
    assert!(scene.ask(&somebody("李四"), &accept(2, "l")).unwrap_err().reason.contains("撤销"));
    assert_eq!(scene.invite("李四", "lisi@unit.example", Capacity::Contact).len(), 1, "anew");
    let decline = Command::DeclineInvitation { no: 3, login: "l".into() };
    assert!(scene.ask(&somebody("王五"), &decline).is_err(), "not for the one who is not meant");
    scene.ask(&somebody("李四"), &decline).unwrap();
    assert!(scene.ask(&somebody("李四"), &accept(3, "l")).is_err());
    let renew = |no| Command::RenewInvitation { no };
    assert!(scene.ask(&Scene::administrator(), &renew(3)).is_err());
}

#[test]
fn an_expired_invitation_is_renewed_and_then_works_again() {
    let mut scene = Scene::new();
    scene.invite("王五", "wangwu@unit.example", Capacity::Handler);
    scene.today = date(2026, 4, 1);
    assert!(scene.ask(&somebody("王五"), &accept(1, "w")).is_err());
    scene.ask(&Scene::administrator(), &Command::RenewInvitation { no: 1 }).unwrap();
    scene.ask(&somebody("王五"), &accept(1, "w")).unwrap();
    assert!(scene.held("王五", Capacity::Handler));
}

#[test]
fn only_those_who_run_the_accounts_invite_and_end() {
    let capacities = [
        (Capacity::Administrator, true),
        (Capacity::LegalRepresentative, true),
        (Capacity::Handler, false),
        (Capacity::SealKeeper, false),
        (Capacity::Contact, false),
    ];
    for (capacity, may) in capacities {
        let mut scene = Scene::new();
        let asked =
            scene.ask(&acting("孙二", capacity), &invite("王五", "wang-wu", Capacity::Contact));
        assert_eq!(asked.is_ok(), may, "{capacity:?}");
    }
    let mut scene = Scene::new();
    let stranger = of_unit("绿氢", Capacity::Administrator);
    assert!(scene.ask(&stranger, &invite("王五", "wang-wu", Capacity::Contact)).is_err());
    // A unit that never named an administrator is run by its handlers.
    let mut old = Scene::new();
    old.unit.as_mut().unwrap().people.links.retain(|l| l.made.capacity == Capacity::Handler);
    let handler = acting("赵一", Capacity::Handler);
    assert!(old.ask(&handler, &invite("王五", "wang-wu", Capacity::Administrator)).is_ok());
}

#[test]
fn a_legal_representative_is_confirmed_by_somebody_else_and_shown_by_a_paper() {
    let mut scene = Scene::new();
    let boss = Scene::administrator();
    let asked = |name: &str, file: Option<Digest>| {
        Command::Invite(Invited {
            name: Personal::new(name),
            address: Personal::new("fr@unit.example"),
            capacity: Capacity::LegalRepresentative,
            evidence: Evidence { words: "任命文件".into(), file },
            from: None,
            to: None,
        })
    };
    let without = scene.ask(&boss, &asked(NAME, None)).unwrap_err();
    assert_eq!(without.field.as_deref(), Some("file"));
    let another = scene.ask(&boss, &asked("钱七", Some(paper()))).unwrap_err();
    assert!(another.reason.contains(NAME), "{another}");
    scene.ask(&boss, &asked(NAME, Some(paper()))).unwrap();
    // The one who invited cannot be the one who accepts.
    let oneself = Actor { name: Personal::new(NAME), side: Side::Public, ..boss.clone() };
    let refusal = scene.ask(&oneself, &accept(1, "x")).unwrap_err();
    assert!(refusal.reason.contains("不能由本人确认"), "{refusal}");
    scene.ask(&somebody(NAME), &accept(1, "x")).unwrap();
    let link = scene.unit().people.link(&scene.link(NAME, Capacity::LegalRepresentative)).unwrap();
    assert_eq!(link.made.confirmed.as_ref().unwrap().person, boss.person);
    assert_eq!(link.made.evidence.file, Some(paper()));
}

#[test]
fn ones_own_office_is_proposed_and_confirmed_by_the_authority_or_a_colleague() {
    let propose = Command::ProposeRepresentative {
        evidence: Evidence { words: String::new(), file: Some(paper()) },
    };
    let mine = Actor { name: Personal::new(NAME), ..Scene::administrator() };
    let proposed = || {
        let mut scene = Scene::new();
        scene.ask(&mine, &propose).unwrap();
        assert!(scene.ask(&mine, &propose).unwrap().is_empty(), "asked again");
        assert!(
            !scene.held(NAME, Capacity::LegalRepresentative),
            "a word of one's own gives nothing"
        );
        let link = scene.link(NAME, Capacity::LegalRepresentative);
        (scene, link)
    };
    // who confirms, whether it counts
    let table = [
        (official("RA01", Capacity::Clerk), true),
        (official("RA01", Capacity::Signatory), true),
        (official("RA02", Capacity::Clerk), false),
        (department(Capacity::Reviewer), false),
        (acting("孙二", Capacity::Administrator), true),
        (acting("孙二", Capacity::Handler), false),
        (mine.clone(), false),
    ];
    for (who, counts) in table {
        let (mut scene, link) = proposed();
        let confirmed = scene.ask(&who, &Command::ConfirmLink { link: link.clone() });
        assert_eq!(confirmed.is_ok(), counts, "{who:?}");
        assert_eq!(scene.held(NAME, Capacity::LegalRepresentative), counts, "{who:?}");
    }
    let (mut scene, link) = proposed();
    let clerk = official("RA01", Capacity::Clerk);
    let reason = "任命文件已过期".to_owned();
    scene.ask(&clerk, &Command::RefuseLink { link: link.clone(), reason }).unwrap();
    assert!(scene.ask(&clerk, &Command::ConfirmLink { link }).is_err());
    assert!(!scene.held(NAME, Capacity::LegalRepresentative));
}

#[test]
fn activation_confirms_the_representative_whose_papers_came_with_it() {
    let mut scene = Scene::new();
    scene.unit.as_mut().unwrap().standing = consortium::unit::Standing::Registered;
    let mine = Actor { name: Personal::new(NAME), ..Scene::administrator() };
    let evidence = Evidence { words: String::new(), file: Some(paper()) };
    scene.ask(&mine, &Command::ProposeRepresentative { evidence }).unwrap();
    scene.ask(&official("RA01", Capacity::Clerk), &Command::Activate {}).unwrap();
    assert!(scene.held(NAME, Capacity::LegalRepresentative));
}

#[test]
fn a_change_of_the_representative_ends_the_old_office_the_same_day() {
    let mut scene = Scene::new();
    scene.join(NAME, Capacity::LegalRepresentative);
    assert!(scene.held(NAME, Capacity::LegalRepresentative));
    let mut profile = scene.unit().profile.clone();
    profile.representative = Personal::new("钱七");
    scene.ask(&acting("赵一", Capacity::Handler), &Command::Amend(profile)).unwrap();
    assert!(!scene.held(NAME, Capacity::LegalRepresentative));
    assert!(scene.unit().people.representative_wanted);
    scene.join("钱七", Capacity::LegalRepresentative);
    assert!(scene.held("钱七", Capacity::LegalRepresentative));
    assert!(!scene.unit().people.representative_wanted);
}

#[test]
fn a_seal_keeper_and_a_contact_do_not_amend_the_units_record() {
    for (capacity, may) in
        [(Capacity::SealKeeper, false), (Capacity::Contact, false), (Capacity::Administrator, true)]
    {
        let mut scene = Scene::new();
        let mut profile = scene.unit().profile.clone();
        profile.address = "新址".into();
        assert_eq!(scene.ask(&acting("孙二", capacity), &Command::Amend(profile)).is_ok(), may);
    }
}

#[test]
fn a_former_delegate_can_do_nothing_from_the_next_day_on() {
    let mut scene = Scene::new();
    let today = scene.today;
    scene.join("王五", Capacity::Handler);
    let link = scene.link("王五", Capacity::Handler);
    scene.ask(&Scene::administrator(), &end(&link, today)).unwrap();
    assert!(scene.held("王五", Capacity::Handler), "the last day is a day of work");
    scene.today = today.tomorrow().unwrap();
    assert!(!scene.held("王五", Capacity::Handler));
    assert_eq!(scene.unit().people.link(&link).unwrap().made.name.value, "王五", "the name stays");
    // At once, but never before yesterday: what was done had an office behind it.
    let mut scene = Scene::new();
    scene.join("王五", Capacity::Handler);
    let link = scene.link("王五", Capacity::Handler);
    let early = end(&link, date(2026, 2, 28));
    assert_eq!(
        scene.ask(&Scene::administrator(), &early).unwrap_err().field.as_deref(),
        Some("to")
    );
    scene.ask(&Scene::administrator(), &end(&link, date(2026, 3, 1))).unwrap();
    assert!(!scene.held("王五", Capacity::Handler));
}

#[test]
fn the_last_administrator_cannot_leave() {
    let mut scene = Scene::new();
    let link = scene.link("赵一", Capacity::Administrator);
    let today = scene.today;
    let refusal = scene.ask(&Scene::administrator(), &end(&link, today)).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotNow);
    assert!(refusal.reason.contains("最后一位单位管理员"), "{refusal}");
    scene.join("孙二", Capacity::Administrator);
    scene.ask(&Scene::administrator(), &end(&link, today)).unwrap();
    let link = scene.link("孙二", Capacity::Administrator);
    scene.today = today.tomorrow().unwrap();
    let own = acting("孙二", Capacity::Administrator);
    let tomorrow = scene.today;
    assert!(scene.ask(&own, &end(&link, tomorrow)).is_err());
}

#[test]
fn whoever_takes_over_holds_the_same_office_and_is_somebody_else() {
    let mut scene = Scene::new();
    let today = scene.today;
    scene.join("王五", Capacity::Handler);
    scene.join("李四", Capacity::Contact);
    let link = scene.link("王五", Capacity::Handler);
    let to = |successor: &str| Command::EndLink {
        link: link.clone(),
        to: today,
        successor: Some(PersonId::from(successor)),
        reason: String::new(),
    };
    for wrong in ["王五", "李四", "没有这个人"] {
        let refusal = scene.ask(&Scene::administrator(), &to(wrong)).unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("successor"), "{wrong}");
    }
    scene.ask(&Scene::administrator(), &to("赵一")).unwrap();
    let ended = scene.unit().people.link(&link).unwrap().ended.clone().unwrap();
    assert_eq!(ended.1, Some(PersonId::from("赵一")));
}

#[test]
fn a_second_claim_is_a_dispute_in_which_nothing_changes_hands() {
    let mut scene = Scene::new();
    scene.join(NAME, Capacity::LegalRepresentative);
    let before = scene.unit().people.links.clone();
    let claimant = somebody("周八");
    scene.ask(&claimant, &claim()).unwrap();
    assert!(scene.ask(&claimant, &claim()).unwrap().is_empty(), "asked again");
    assert_eq!(scene.unit().people.links, before);
    let boss = Scene::administrator();
    let link = scene.link("赵一", Capacity::Administrator);
    let today = scene.today;
    let frozen = [
        invite("孙二", "sun-er", Capacity::Administrator),
        invite(NAME, "another", Capacity::LegalRepresentative),
        end(&link, today),
    ];
    for command in frozen {
        let refusal = scene.ask(&boss, &command).unwrap_err();
        assert!(refusal.reason.contains("归属争议"), "{command:?} {refusal}");
    }
    let mut profile = scene.unit().profile.clone();
    profile.representative = Personal::new("周八");
    assert!(scene.ask(&boss, &Command::Amend(profile)).is_err());
    // The work of the unit goes on.
    assert!(scene.ask(&boss, &invite("孙二", "sun-er", Capacity::Handler)).is_ok());
    // Both sides speak; others do not.
    let say =
        |text: &str| Command::StateInDispute { no: 1, text: text.into(), file: Some(paper()) };
    scene.ask(&claimant, &say("这是营业执照。")).unwrap();
    scene.ask(&boss, &say("这是我们的营业执照。")).unwrap();
    assert!(scene.ask(&somebody("路人"), &say("我也说一句。")).is_err());
    let speakers: Vec<bool> =
        scene.unit().dispute(1).unwrap().statements.iter().map(|said| said.claimant).collect();
    assert_eq!(speakers, [true, true, false]);
}

#[test]
fn the_authority_decides_a_dispute_with_a_reason() {
    let decide = |upheld: bool, reason: &str| Command::DecideDispute {
        no: 1,
        upheld,
        reason: reason.into(),
    };
    let raised = || {
        let mut scene = Scene::new();
        scene.join(NAME, Capacity::LegalRepresentative);
        scene.invite("孙二", "sun-er", Capacity::Contact);
        scene.ask(&somebody("周八"), &claim()).unwrap();
        scene
    };
    let clerk = official("RA01", Capacity::Clerk);
    let others = [
        official("RA02", Capacity::Clerk),
        department(Capacity::Reviewer),
        department(Capacity::Supervisor),
        Scene::administrator(),
        somebody("周八"),
    ];
    for other in others {
        assert!(raised().ask(&other, &decide(true, "理由")).is_err(), "{other:?}");
    }
    let mut scene = raised();
    assert!(scene.ask(&clerk, &decide(true, " ")).is_err(), "not without a reason");
    scene.ask(&clerk, &decide(false, "执照原件在登记方。")).unwrap();
    assert!(scene.held("赵一", Capacity::Administrator) && !scene.held("周八", Capacity::Handler));
    assert!(scene.ask(&clerk, &decide(true, "改主意")).is_err());
    assert!(
        scene
            .ask(&Scene::administrator(), &invite("吴九", "wu-jiu", Capacity::Administrator))
            .is_ok()
    );

    let mut scene = raised();
    scene.ask(&clerk, &decide(true, "执照原件在提出方。")).unwrap();
    for (name, capacity) in [
        ("赵一", Capacity::Administrator),
        ("赵一", Capacity::Handler),
        (NAME, Capacity::LegalRepresentative),
    ] {
        assert!(!scene.held(name, capacity), "{name}");
    }
    assert!(scene.held("周八", Capacity::Administrator) && scene.held("周八", Capacity::Handler));
    assert!(
        scene.ask(&somebody("孙二"), &accept(2, "sun-er")).is_err(),
        "its invitations are void"
    );
}

#[test]
fn a_unit_elsewhere_is_the_departments() {
    let mut scene = Scene::new();
    scene.unit.as_mut().unwrap().authority = None;
    scene.ask(&somebody("周八"), &claim()).unwrap();
    let decide = Command::DecideDispute { no: 1, upheld: false, reason: "理由".into() };
    assert!(scene.ask(&official("RA01", Capacity::Clerk), &decide).is_err());
    assert!(scene.ask(&department(Capacity::Supervisor), &decide).is_err());
    scene.ask(&department(Capacity::Reviewer), &decide).unwrap();
}

#[test]
fn what_stood_before_is_carried_over_once() {
    let mut scene = Scene::new();
    let known = Known {
        link: "D1".into(),
        person: PersonId::from("老李"),
        name: Personal::new("老李"),
        capacity: Capacity::Handler,
        from: date(2025, 1, 1),
        to: None,
    };
    let events = carried_over(scene.unit(), std::slice::from_ref(&known));
    assert_eq!(events.len(), 1);
    for event in &events {
        scene.unit = consortium::unit::evolve(scene.unit.take(), event, scene.today);
    }
    assert!(scene.held("老李", Capacity::Handler));
    assert!(carried_over(scene.unit(), &[known]).is_empty());
}

#[test]
fn limits_of_invitations_links_disputes_and_statements_hold_at_their_edge() {
    use consortium::unit::{dispute, people};
    let mut scene = Scene::new();
    for n in 0..invitation::WAITING_MAX {
        assert_eq!(scene.invite("某某", &format!("someone-{n}"), Capacity::Contact).len(), 1);
    }
    let over = invite("某某", "one-too-many", Capacity::Contact);
    assert_eq!(scene.ask(&Scene::administrator(), &over).unwrap_err().kind, RefusalKind::NotNow);
    for n in 0..dispute::OPEN_MAX {
        scene.ask(&somebody(&format!("周{n}")), &claim()).unwrap();
    }
    assert!(scene.ask(&somebody("周八"), &claim()).is_err());
    for n in 1..dispute::STATEMENTS_MAX {
        let say = Command::StateInDispute { no: 1, text: format!("第 {n} 次"), file: None };
        scene.ask(&somebody("周0"), &say).unwrap();
    }
    let say = Command::StateInDispute { no: 1, text: "再说".into(), file: None };
    assert!(scene.ask(&somebody("周0"), &say).is_err());
    let link = scene.unit().people.links[0].clone();
    let links = &mut scene.unit.as_mut().unwrap().people.links;
    links.resize(people::LINKS_MAX - 1, link);
    assert!(scene.ask(&somebody("甲"), &accept(1, "someone-0")).is_ok());
    assert!(scene.ask(&somebody("乙"), &accept(2, "someone-1")).is_err());
}

proptest! {
    /// Whatever is asked by whomever, somebody runs the accounts, at most one represents the unit,
    /// and nobody was confirmed by oneself.
    #[test]
    fn whatever_is_asked_the_unit_is_run_and_nobody_confirms_oneself(
        asked in prop::collection::vec((0usize..5, 0usize..9, 0u32..6, 0usize..5), 1..60)
    ) {
        const PEOPLE: [&str; 5] = ["赵一", "孙二", "王五", NAME, "周八"];
        let capacities = consortium::unit::people::CAPACITIES;
        let mut scene = Scene::new();
        for (who, what, no, capacity) in asked {
            let name = PEOPLE[who];
            let capacity = capacities[capacity];
            let inside = scene.unit().people.links.iter().find(|link| {
                link.made.name.value == name && link.held_on(scene.today)
                    && link.made.capacity == capacity
            });
            let actor = match inside {
                Some(link) => acting(name, link.made.capacity),
                None => somebody(name),
            };
            let other = PEOPLE[(who + usize::try_from(no).unwrap()) % PEOPLE.len()];
            let link = scene.unit().people.links
                [usize::try_from(no).unwrap() % scene.unit().people.links.len()].made.link.clone();
            let evidence = Evidence { words: String::new(), file: Some(paper()) };
            let command = match what {
                0 => invite(other, &format!("{}@unit.example", pinyin(other)), capacity),
                1 => accept(no, "x"),
                2 => Command::RevokeInvitation { no },
                3 => Command::ProposeRepresentative { evidence },
                4 => Command::ConfirmLink { link },
                5 => end(&link, scene.today),
                6 => claim(),
                7 => Command::DecideDispute { no, upheld: who == 0, reason: "理由".into() },
                _ => Command::RefuseLink { link, reason: "理由".into() },
            };
            let actor = if what == 7 { official("RA01", Capacity::Clerk) } else { actor };
            let _ = scene.ask(&actor, &command);
            if what == 5 {
                scene.today = scene.today.tomorrow().unwrap();
            }
            let people = &scene.unit().people;
            prop_assert!(people.has_administrator(scene.today));
            prop_assert!(people.holding(Capacity::LegalRepresentative, scene.today).count() <= 1);
            for link in &people.links {
                let by = link.made.confirmed.as_ref().map(|by| &by.person);
                let office = link.made.capacity == Capacity::LegalRepresentative;
                prop_assert!(!office || by != Some(&link.made.person));
            }
        }
    }
}

#[test]
fn an_ordinary_user_who_tries_to_sign_is_told_who_does() {
    let world: World = crate::stories::at("签署");
    for capacity in [Capacity::SealKeeper, Capacity::Contact, Capacity::Administrator] {
        let actor = of_unit("塞北", capacity);
        let verb = consortium::command::named("sign").unwrap();
        let refusal = consortium::access::may(&actor, verb, Some(world.dossier())).unwrap_err();
        assert_eq!((refusal.kind, refusal.clause), (RefusalKind::Forbidden, Some("6.2")));
        assert!(refusal.remedy.contains("法定代表人或者负责人登录签字"), "{refusal}");
        assert!(refusal.remedy.contains("授权委托书"), "{refusal}");
    }
}
