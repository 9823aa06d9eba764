//! 备案全程 — S01 from the first visit to the register, by hand.

use std::net::SocketAddr;

use consortium::actor::{Actor, Capacity, Side};
use consortium::department;
use consortium::expert_review::ExpertKind;
use consortium::ids::{AuthorityId, PersonId, Personal};
use jiff::civil::date;
use server::clock::Clock;
use server::config::{Argon2Cost, Config, Pace};
use server::http::{password, session};
use server::office::Envelope;
use server::platform_key::PlatformKey;
use server::state::AppState;
use store::{Location, Person, Post, Store};

use super::driver::{Browser, DESK};
use super::{NAME, scan};

/// The password of everybody in this house.
const PASSWORD: &str = "hulun-buir-2026-yiqi";

/// A house on loopback with its offices staffed and nobody else in it.
struct House {
    state: AppState,
    base: String,
    _data: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let store = Store::open(Location::Sqlite(data.path().to_owned())).expect("a store");
        let config = Config {
            data: data.path().to_owned(),
            pace: Pace { exempt_loopback: true, ..Pace::default() },
            argon2: Argon2Cost::CHEAP,
            ..Config::default()
        };
        let clock = Clock::fixed("2026-02-24T01:30:00Z".parse().expect("a time"));
        let key = PlatformKey::fresh(clock.now()).expect("a key");
        let state = AppState::new(store, config, clock, key);
        staff(&state).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let app =
            server::http::app(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { state, base, _data: data }
    }

    fn go(&self, month: i8, day: i8) {
        self.state.clock.go_to(date(2026, month, day));
    }
}

/// Signs in by hand; the second factor, which scenarios of its own show, is taken for shown.
async fn sign_in(browser: &Browser, house: &House, login: &str) {
    browser.sign_in(login, PASSWORD).await;
    let (store, login) = (house.state.store.clone(), login.to_owned());
    let strengthened =
        tokio::task::spawn_blocking(move || crate::strength::strengthen(&store, &login)).await;
    strengthened.expect("a write");
    browser.open("/home").await;
}

async fn account(state: &AppState, login: &str, side: Side, capacity: Capacity) -> Actor {
    let person = PersonId(format!("p-{login}"));
    let hash = password::hash(Argon2Cost::CHEAP, PASSWORD).expect("a hash");
    let actor = Actor { person, name: Personal::new(format!("虚构{login}")), side, capacity };
    let kept = Person {
        id: actor.person.to_string(),
        login: login.to_owned(),
        name: actor.name.value.clone(),
        password_hash: Some(hash),
        ..Person::default()
    };
    state.store.save_person(kept).await.expect("a person");
    let post = Post {
        id: format!("t-{login}"),
        person: actor.person.to_string(),
        side: actor.reader_key(),
        capacity: session::capacity_text(capacity),
        from: "2026-01-01".to_owned(),
        to: None,
    };
    state.store.save_post(post).await.expect("a post");
    actor
}

async fn staff(state: &AppState) {
    let hohhot = || Side::Authority(AuthorityId::from("RA01"));
    account(state, "clerk", hohhot(), Capacity::Clerk).await;
    account(state, "signatory", hohhot(), Capacity::Signatory).await;
    let baotou = || Side::Authority(AuthorityId::from("RA02"));
    account(state, "clerk2", baotou(), Capacity::Clerk).await;
    let organiser = account(state, "organiser", Side::Department, Capacity::Organiser).await;
    for (login, capacity) in [
        ("reviewer", Capacity::Reviewer),
        ("drafter", Capacity::Drafter),
        ("decider", Capacity::Decider),
        ("publisher", Capacity::Publisher),
    ] {
        account(state, login, Side::Department, capacity).await;
    }
    for n in 1..=9 {
        let expert = account(state, &format!("expert{n}"), Side::Expert, Capacity::Expert).await;
        let command = department::Command::EnrolExpert {
            person: expert.person,
            name: expert.name,
            employers: vec![format!("虚构第{n}大学")],
            expert_kind: if n > 6 { ExpertKind::Management } else { ExpertKind::Technical },
            field: "储能".to_owned(),
        };
        let envelope = Envelope::default();
        state.office.affairs_command(&organiser, &command, envelope).await.expect("an expert");
    }
}

/// The cast of S01: login, name, code, kind, legal form, area, address.
const UNITS: [(&str, &str, &str, &str, &str, &str); 5] = [
    (
        "yunchuan",
        "内蒙古云川储能科技有限公司",
        "91150104MAFX01A86K",
        "enterprise",
        "enterprise_legal_person",
        "150104",
    ),
    (
        "jinling",
        "包头金岭稀土材料有限公司",
        "91150203MAFX02B779",
        "enterprise",
        "enterprise_legal_person",
        "150203",
    ),
    ("saibei", "塞北理工大学", "12150000MBFX06F341", "university", "public_institution", "150105"),
    (
        "beijiang",
        "北疆能源研究院",
        "12100000999000750W",
        "institute",
        "public_institution",
        "150102",
    ),
    (
        "caoyuan",
        "草原技术转移中心",
        "52150000MJFX08H156",
        "transfer_agency",
        "social_service",
        "150105",
    ),
];

/// Registers every unit by hand, has it activated, and gives it somebody who signs.
async fn register_units(browser: &Browser, house: &House) {
    for (login, name, code, kind, form, area) in UNITS {
        browser.leave().await;
        let fields = [
            ("code", code),
            ("unit_name", name),
            ("kind", kind),
            ("legal_form", form),
            ("area", area),
            ("address", "虚构路 1 号"),
            ("representative", "虚构代表"),
            ("phone", "0471-5550001"),
            ("person", "虚构经办"),
            ("login", login),
            ("new_password", PASSWORD),
            ("again", PASSWORD),
        ];
        browser.act("/units/register", &fields).await;
        let row = house.state.store.unit_by_code(code).await.expect("a store").expect(name);
        let clerk = if area.starts_with("1502") { "clerk2" } else { "clerk" };
        sign_in(browser, house, clerk).await;
        browser.sees("激活单位账号").await;
        browser.open(&format!("/units/{}", row.id)).await;
        browser.press("form[action$='/activate'] button").await;
        browser.sees("已激活").await;
        let side = Side::Unit(row.id.as_str().into());
        let signer = format!("{login}-fr");
        account(&house.state, &signer, side, Capacity::LegalRepresentative).await;
    }
}

/// The lead opens the dossier, writes everything and starts the signing; members accept.
async fn prepare(browser: &Browser, house: &House) -> String {
    sign_in(browser, house, "yunchuan").await;
    browser.open("/dossiers/new").await;
    browser.fill("name", "内蒙古储能创新联合体").await;
    browser.send().await;
    browser.sees("内蒙古自治区储能创新联合体").await;
    browser.fill("name", NAME).await;
    browser.send().await;
    browser.sees(NAME).await;
    let dossier = browser.at().await;
    for (_, name, ..) in &UNITS[1..] {
        browser.act(&format!("{dossier}/invite"), &[("unit", name)]).await;
    }
    for (login, ..) in &UNITS[1..] {
        sign_in(browser, house, login).await;
        browser.act(&format!("{dossier}/answer_invitation"), &[("accept", "yes")]).await;
        browser.sees("你所在单位是成员单位").await;
    }
    sign_in(browser, house, "yunchuan").await;
    write_form(browser, house, &dossier).await;
    browser.act(&format!("{dossier}/start_signing"), &[]).await;
    dossier
}

async fn write_form(browser: &Browser, house: &House, dossier: &str) {
    let mut ids = Vec::new();
    for (_, _, code, ..) in UNITS {
        let row = house.state.store.unit_by_code(code).await.expect("a store").expect(code);
        ids.push(row.id);
    }
    let (lead, university) = (ids[0].as_str(), ids[2].as_str());
    let section = |part: &str| format!("{dossier}/sections/{part}");
    let long = "围绕电化学储能的共性难题协同攻关，成果在区内转化。";
    browser
        .act(
            &section("basics"),
            &[
                ("field", "T6"),
                ("industry", "M"),
                ("chain", "储能"),
                ("background", long),
                ("not_secret", "on"),
            ],
        )
        .await;
    browser
        .act(
            &format!("{}?unit={lead}", section("unit")),
            &[
                ("staff", "320"),
                ("rd_staff", "80"),
                ("years.0.year", "2025"),
                ("years.0.revenue_fen", "152600.00"),
                ("years.0.rd_spend_fen", "6900.50"),
            ],
        )
        .await;
    browser
        .act(&section("lead"), &[("team", long), ("management_rules", long), ("cooperation", long)])
        .await;
    browser
        .act(
            &section("platforms"),
            &[
                ("platforms.0.name", "自治区储能重点实验室"),
                ("platforms.0.level", "region"),
                ("platforms.0.owner", university),
                ("platforms.0.approved_by", "虚构批准部门"),
                ("platforms.0.document_no", "虚构字〔2021〕8号"),
                ("platforms.0.approved_on", "2021-06-01"),
            ],
        )
        .await;
    browser.act(&section("goals"), &[("goals", long)]).await;
    browser
        .act(
            &section("technologies"),
            &[("technologies.0.name", "长寿命电极"), ("technologies.0.approach", long)],
        )
        .await;
    // One row, then another: without script the page asks for it the same way.
    for (at, kind) in [(0, "research"), (1, "conversion")] {
        browser.open(&section("work")).await;
        if at == 1 {
            browser.more("work").await;
        }
        let field = |column: &str| format!("work.{at}.{column}");
        for (column, value) in [
            ("content", long),
            ("kind", kind),
            ("unit", lead),
            ("from", "2026-03-01"),
            ("to", "2028-12-31"),
            ("deliverable", "报告"),
        ] {
            browser.fill(&field(column), value).await;
        }
        browser.send().await;
    }
    browser
        .act(
            &section("inputs"),
            &[
                ("inputs.0.unit", lead),
                ("inputs.0.year", "2026"),
                ("inputs.0.form", "货币"),
                ("inputs.0.amount_fen", "2860.00"),
            ],
        )
        .await;
    for unit in &ids[1..] {
        let path = format!("{}?unit={unit}", section("member"));
        browser.act(&path, &[("capability", long), ("cooperation", long), ("role", long)]).await;
    }
    browser.act(&section("promise"), &[("truthful", "on")]).await;
    browser
        .act(
            &format!("{dossier}/write_agreement"),
            &[
                ("formed_on", "2026-03-02"),
                ("goals", long),
                ("division", long),
                ("results", long),
                ("distribution", long),
                ("disputes", "协商不成的，提交有管辖权的人民法院。"),
            ],
        )
        .await;
}

async fn sign(browser: &Browser, house: &House, dossier: &str, scan: &str) {
    sign_in(browser, house, "yunchuan").await;
    browser.open(&format!("{dossier}/agreement")).await;
    browser.follow("提交纸质签署件").await;
    browser.submit(&[("scan", scan), ("custodian", "牵头单位档案室")]).await;
    for (login, ..) in UNITS {
        sign_in(browser, house, login).await;
        browser.open(&format!("{dossier}/agreement")).await;
        browser.sees("解决争议的方式").await;
        browser.follow("确认纸质签署件").await;
        browser.submit(&[]).await;
    }
}

async fn review(browser: &Browser, house: &House, dossier: &str) {
    sign_in(browser, house, "reviewer").await;
    browser.open(&format!("{dossier}/pass_formal_review")).await;
    browser.judge_all("核对材料，认为符合。").await;
    browser.send().await;
    browser.sees("专家评审").await;
    sign_in(browser, house, "organiser").await;
    browser.act(&format!("{dossier}/draw_panel"), &[("size", "7")]).await;
    house.go(4, 10);
    let mut scored = 0;
    for n in 1..=9 {
        sign_in(browser, house, &format!("expert{n}")).await;
        browser.open(&format!("{dossier}/declare_interest")).await;
        if !browser.text().await.contains("利害关系") {
            continue;
        }
        browser.fill("conflict", "no").await;
        browser.send().await;
        let vote = if scored == 6 { "disagree" } else { "agree" };
        let mut fields: Vec<(String, String)> = [13, 16, 16, 17, 12, 8]
            .iter()
            .enumerate()
            .map(|(at, points)| (format!("score-{at}"), points.to_string()))
            .collect();
        fields.push(("vote".to_owned(), vote.to_owned()));
        fields.push(("opinion".to_owned(), "目标明确，具备条件。".to_owned()));
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.act(&format!("{dossier}/submit_sheet"), &fields).await;
        scored += 1;
    }
    assert_eq!(scored, 7, "seven experts of the roster sit");
}

/// S01 of the domain, by hand: first visit, registration, preparation, co-signing, recommendation,
/// formal review, seven experts, decision, notice, register, and the duty of the first year.
#[tokio::test(flavor = "multi_thread")]
async fn s01_runs_from_the_first_visit_to_the_register_in_a_browser() {
    let house = House::open().await;
    let Some(browser) = Browser::start(&house.base, DESK).await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let scan = scan(folder.path());
    register_units(&browser, &house).await;
    let dossier = prepare(&browser, &house).await;
    house.go(3, 2);
    sign(&browser, &house, &dossier, &scan).await;
    sign_in(&browser, &house, "yunchuan").await;
    browser.act(&format!("{dossier}/submit"), &[]).await;
    browser.sees("呼和浩特市科学技术局").await;
    sign_in(&browser, &house, "clerk").await;
    browser.act(&format!("{dossier}/check_materials"), &[("opinion", "材料真实、准确。")]).await;
    sign_in(&browser, &house, "signatory").await;
    browser.act(&format!("{dossier}/recommend"), &[("opinion", "同意推荐。")]).await;
    review(&browser, &house, &dossier).await;
    house.go(4, 24);
    sign_in(&browser, &house, "drafter").await;
    browser.sees("拟定决定").await;
    browser
        .act(
            &format!("{dossier}/draft_decision"),
            &[("outcome", "grant"), ("reason", "评审通过。")],
        )
        .await;
    sign_in(&browser, &house, "decider").await;
    browser.act(&format!("{dossier}/confirm_decision"), &[]).await;
    house.go(4, 29);
    sign_in(&browser, &house, "publisher").await;
    browser.act(&format!("{dossier}/publish_notice"), &[]).await;
    browser.sees("2026-05-08").await;
    browser.leave().await;
    browser.open("/notices").await;
    browser.sees(NAME).await;
    house.go(5, 9);
    sign_in(&browser, &house, "publisher").await;
    browser.act(&format!("{dossier}/file"), &[]).await;
    browser.sees("蒙创联备〔2026〕1号").await;
    browser.leave().await;
    browser.open("/").await;
    browser.sees(NAME).await;
    sign_in(&browser, &house, "yunchuan").await;
    browser.sees("报送 2026 年度总结和下一年度计划").await;
    browser.sees("2026-12-31").await;
}
