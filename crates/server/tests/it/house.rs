//! A house to test in: an office over a store, a fictional cast with a token each, and the router
//! that is asked without a socket.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use consortium::{
    actor::{Actor, Capacity, Side},
    calendar::Calendar,
    department,
    expert_review::ExpertKind,
    ids::{AuthorityId, PersonId, Personal, UnitId},
    unit::{self, LegalForm, Profile, UnitKind},
};
use http_body_util::BodyExt;
use jiff::civil::Date;
use serde_json::Value;
use server::clock::{self, Clock};
use server::config::{Argon2Cost, Config, Pace};
use server::factors::totp;
use server::http::strength::With;
use server::http::{app, session};
use server::inspect::{Desk, SLOTS};
use server::office::{Envelope, Office};
use server::platform_key::PlatformKey;
use server::preview::Drawing;
use server::sealed::Lens;
use server::state::AppState;
use sha2::{Digest, Sha256};
use store::{Person, Post, Token};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::place::{self, Engine, Place};

/// The password of everybody of the cast.
pub(crate) const PASSWORD: &str = "tulip kettle 97 bridge";
/// The wall time: a Tuesday morning before every story.
const WALL: &str = "2026-02-03T02:00:00Z";

/// login of the handler, full name, kind, legal form, code, area of the domicile
pub(crate) const UNITS: &[(&str, &str, UnitKind, LegalForm, &str, &str)] = &[
    ("yunchuan", "内蒙古云川储能科技有限公司", E, FIRM, "91150104MAFX01A86K", "150104"),
    ("jinling", "包头金岭稀土材料有限公司", E, FIRM, "91150203MAFX02B779", "150203"),
    ("lvqing", "鄂尔多斯绿氢装备有限公司", E, FIRM, "91150600MAFX03C68H", "150602"),
    ("saibei", "塞北理工大学", UnitKind::University, INST, "12150000MBFX06F341", "150105"),
    ("beijiang", "北疆能源研究院", UnitKind::Institute, INST, "12100000999000750W", "150104"),
    (
        "caoyuan",
        "草原技术转移中心",
        UnitKind::TransferAgency,
        LegalForm::SocialService,
        "52150000MJFX08H156",
        "150102",
    ),
    ("yuantu", "北京远图软件有限公司", E, FIRM, "91110108MAFX10K90Y", "110000"),
    (
        "branch",
        "云川储能科技有限公司上海分公司",
        E,
        LegalForm::NotLegalPerson,
        "91310000MAFX11L83B",
        "310000",
    ),
];

const E: UnitKind = UnitKind::Enterprise;
const FIRM: LegalForm = LegalForm::EnterpriseLegalPerson;
const INST: LegalForm = LegalForm::PublicInstitution;

/// Employers of the experts; the last four are of management. One is of a party.
const EXPERTS: [&str; 12] = [
    "阴山科技大学",
    "河套电力研究所",
    "兴安电池有限公司",
    "乌兰化工研究院",
    "北疆能源研究院",
    "敕勒川学院",
    "贺兰山材料研究所",
    "西辽河电网公司",
    "岱海会计师事务所",
    "居延咨询中心",
    "克鲁伦投资公司",
    "达里诺尔评估中心",
];

/// Desks of the Department.
pub(crate) const DESKS: [(&str, Capacity); 6] = [
    ("reviewer", Capacity::Reviewer),
    ("organiser", Capacity::Organiser),
    ("drafter", Capacity::Drafter),
    ("decider", Capacity::Decider),
    ("publisher", Capacity::Publisher),
    ("supervisor", Capacity::Supervisor),
];

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The smallest PDF with something of its own in it: one empty page.
pub(crate) fn pdf(content: &str) -> String {
    format!(
        "%PDF-1.4\n% {content}\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
         2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
         3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>\nendobj\n\
         startxref\n0\n%%EOF\n"
    )
}

/// The seed of somebody's one-time passwords, where the test bound one.
fn seed(login: &str) -> Vec<u8> {
    Sha256::digest(login)[..20].to_vec()
}

/// The office, its router, and a token for everybody.
pub(crate) struct House {
    pub(crate) state: AppState,
    app: Router,
    tokens: BTreeMap<String, String>,
    actors: BTreeMap<String, Actor>,
    // Closed last.
    pub(crate) place: Arc<Place>,
}

impl House {
    /// A house on an engine, with the working days as published; `None` without the engine.
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        Self::with(engine, Calendar::official()).await
    }

    /// A house on an engine with a calendar; `None` without the engine.
    pub(crate) async fn with(engine: Engine, calendar: Calendar) -> Option<Self> {
        Self::listening(engine, calendar, Config::default().listen).await
    }

    /// The same for browsers that ask at an address.
    pub(crate) async fn listening(
        engine: Engine,
        calendar: Calendar,
        listen: SocketAddr,
    ) -> Option<Self> {
        Self::configured(engine, calendar, Config { listen, ..Config::default() }).await
    }

    /// The same as an operator sets it up.
    pub(crate) async fn configured(
        engine: Engine,
        calendar: Calendar,
        config: Config,
    ) -> Option<Self> {
        let place = place::open(engine)?;
        let unhurried = Pace { per_second: 0, burst: 1, exempt_loopback: true };
        let config = Config { argon2: Argon2Cost::CHEAP, pace: unhurried, ..config };
        let clock = Clock::fixed(WALL.parse().unwrap());
        let office = Office::with_calendar(place.store.clone(), clock.clone(), calendar);
        let key = PlatformKey::fresh(clock.now()).unwrap();
        // A machine that is busy with other tests is no reason to tell of a page that it comes later,
        // nor of a file that it could not be looked at.
        let long = Duration::from_mins(2);
        let drawing = Drawing::by(crate::kill::program().to_owned()).patient(long, long);
        office.read_by(Lens::by(crate::kill::program().to_owned()).patient(long));
        let desk = Desk::new(SLOTS, long);
        let state = AppState::new(place.store.clone(), config, clock, key);
        let state = AppState { office, drawing, desk, ..state };
        let (tokens, actors) = (BTreeMap::new(), BTreeMap::new());
        let place = Arc::new(place);
        let mut house = Self { app: app(state.clone()), state, tokens, actors, place };
        house.furnish().await;
        Some(house)
    }

    /// Another node: a store, an office and a router of its own over the same database, with the
    /// same cast and the same day.
    pub(crate) fn beside(&self) -> Self {
        let store = store::Store::open(self.place.location.clone()).unwrap();
        let (config, clock) = ((*self.state.config).clone(), self.state.clock.clone());
        let office = Office::with_calendar(store.clone(), clock.clone(), Calendar::official());
        let key = (*self.state.key).clone();
        let vault = Arc::clone(&self.state.vault);
        let state = AppState { office, vault, ..AppState::new(store, config, clock, key) };
        let (tokens, actors) = (self.tokens.clone(), self.actors.clone());
        Self { app: app(state.clone()), state, tokens, actors, place: Arc::clone(&self.place) }
    }

    async fn furnish(&mut self) {
        let password = self.state.passwords.hash(PASSWORD).await.unwrap();
        for (id, office) in [("RA01", "hohhot"), ("RA02", "baotou"), ("RA06", "ordos")] {
            let side = Side::Authority(AuthorityId::from(id));
            self.person(&format!("clerk-{office}"), &side, Capacity::Clerk, &password).await;
            self.person(&format!("signatory-{office}"), &side, Capacity::Signatory, &password)
                .await;
        }
        for (login, capacity) in DESKS {
            self.person(login, &Side::Department, capacity, &password).await;
        }
        // One lead of the cast has a dossier in every stage at once, and most tales are told with
        // the signature that needs no instrument.
        for (key, value) in
            [("name_reservations_max", 200), ("sign_by_password", 1), ("seal_by_scan", 1)]
        {
            self.sets(key, value).await;
        }
        self.person("operator", &Side::Operator, Capacity::Operator, &password).await;
        for (at, employer) in EXPERTS.into_iter().enumerate() {
            self.expert(at, employer, &password).await;
        }
        for unit in UNITS {
            self.unit(unit, &password).await;
        }
        for (unit, of, capacity) in [
            ("yunchuan", "gl", Capacity::Administrator),
            ("saibei", "yz", Capacity::SealKeeper),
            ("saibei", "lx", Capacity::Contact),
        ] {
            let side = Side::Unit(UnitId(format!("u-{unit}")));
            self.person(&format!("{unit}-{of}"), &side, capacity, &password).await;
        }
    }

    async fn person(&mut self, login: &str, side: &Side, capacity: Capacity, password: &str) {
        let id = format!("p-{login}");
        let person = Person {
            id: id.clone(),
            login: login.to_owned(),
            name: format!("姓名{login}"),
            password_hash: Some(password.to_owned()),
            created_ms: 0,
            disabled: false,
        };
        let name = Personal::new(person.name.clone());
        let actor = Actor { person: PersonId(id.clone()), name, side: side.clone(), capacity };
        let post = Post {
            id: format!("t-{login}"),
            person: id.clone(),
            side: actor.reader_key(),
            capacity: session::capacity_text(capacity),
            from: "2020-01-01".to_owned(),
            to: None,
        };
        let secret = format!("clt_{login}");
        let token = Token {
            hash: session::digest(&secret),
            person: id,
            post: post.id.clone(),
            label: "测试".to_owned(),
            created_ms: 0,
            expires_ms: i64::MAX,
            strength: "two_factor".to_owned(),
            proved_with: "totp".to_owned(),
            proved_ms: self.state.clock.wall_ms(),
        };
        self.state.store.save_person(person).await.unwrap();
        self.state.store.save_post(post).await.unwrap();
        self.state.store.save_token(token).await.unwrap();
        self.tokens.insert(login.to_owned(), secret);
        self.actors.insert(login.to_owned(), actor);
    }

    async fn expert(&mut self, at: usize, employer: &str, password: &str) {
        let login = format!("expert{:02}", at + 1);
        self.person(&login, &Side::Expert, Capacity::Expert, password).await;
        let expert = self.actor(&login);
        let command = department::Command::EnrolExpert {
            person: expert.person,
            name: expert.name,
            employers: vec![employer.to_owned()],
            expert_kind: if at < 8 { ExpertKind::Technical } else { ExpertKind::Management },
            field: "新能源".to_owned(),
        };
        let organiser = self.actor("organiser");
        let office = &self.state.office;
        office.affairs_command(&organiser, &command, Envelope::default()).await.unwrap();
    }

    async fn unit(&mut self, unit: &(&str, &str, UnitKind, LegalForm, &str, &str), password: &str) {
        let &(login, name, kind, legal_form, code, area) = unit;
        let id = UnitId(format!("u-{login}"));
        let side = Side::Unit(id.clone());
        self.person(login, &side, Capacity::Handler, password).await;
        self.person(&format!("{login}-fr"), &side, Capacity::LegalRepresentative, password).await;
        let profile = Profile {
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            legal_form,
            area: area.to_owned(),
            address: format!("虚构路 {login} 号"),
            representative: Personal::new(format!("CANARY-法人-{login}")),
            representative_from: None,
            phone: Personal::new(format!("CANARY-电话-{login}")),
            code_confirmed: true,
        };
        let register = unit::Command::Register(profile);
        let office = &self.state.office;
        let handler = self.actor(login);
        office.unit(&handler, &id, &register, Envelope::default()).await.unwrap();
        let supervisor = self.actor("supervisor");
        let activate = unit::Command::Activate {};
        office.unit(&supervisor, &id, &activate, Envelope::default()).await.unwrap();
    }

    /// Sets a parameter from today on; what is open keeps what it was opened with.
    pub(crate) async fn sets(&self, key: &str, value: i64) {
        let set = department::Command::SetParameter {
            key: key.to_owned(),
            value,
            basis: "测试".to_owned(),
            from: self.state.clock.today(),
        };
        let (office, decider) = (&self.state.office, self.actor("decider"));
        office.affairs_command(&decider, &set, Envelope::default()).await.unwrap();
    }

    /// The data folder.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.place.data()
    }

    /// A colleague of somebody, for what two people of one unit do at once: `yunchuan-2`.
    pub(crate) async fn colleague(&mut self, login: &str) {
        let password = self.state.passwords.hash(PASSWORD).await.unwrap();
        let Actor { side, capacity, .. } = self.actor(login);
        self.person(&format!("{login}-2"), &side, capacity, &password).await;
    }

    /// Serves the house on a free port of the loopback address; its address.
    pub(crate) async fn serve(&self) -> String {
        self.serve_at(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// The same at an address.
    pub(crate) async fn serve_at(&self, address: SocketAddr) -> String {
        let listener = TcpListener::bind(address).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = self.app.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        base
    }

    /// Somebody of the cast.
    pub(crate) fn actor(&self, login: &str) -> Actor {
        self.actors.get(login).cloned().unwrap_or_else(|| panic!("nobody is {login}"))
    }

    /// Everybody of the cast.
    pub(crate) fn logins(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// Sets the legal time to ten in the morning of a day.
    pub(crate) fn on_day(&self, day: &str) {
        let day: Date = day.parse().unwrap();
        let wanted = day.at(10, 0, 0, 0).to_zoned(clock::zone()).unwrap();
        let clock = &self.state.clock;
        clock.set_ahead_ms(wanted.timestamp().as_millisecond() - clock.wall_ms());
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// A request by somebody of the cast; by nobody in particular when `who` is empty.
    pub(crate) fn request(
        &self,
        who: &str,
        method: Method,
        path: &str,
    ) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "cl.test");
        if who.is_empty() {
            return request;
        }
        let token = self.tokens.get(who).unwrap_or_else(|| panic!("nobody is {who}"));
        request.header(header::AUTHORIZATION, format!("Bearer {token}"))
    }

    /// Reads.
    pub(crate) async fn get(&self, who: &str, path: &str) -> Reply {
        self.send(self.request(who, Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Takes something away.
    pub(crate) async fn delete(&self, who: &str, path: &str) -> Reply {
        self.send(self.request(who, Method::DELETE, path).body(Body::empty()).unwrap()).await
    }

    /// Posts JSON.
    pub(crate) async fn post(&self, who: &str, path: &str, body: &Value) -> Reply {
        self.post_with(who, path, body, &[]).await
    }

    /// Posts JSON with headers.
    pub(crate) async fn post_with(
        &self,
        who: &str,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = self.request(who, Method::POST, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string().into()).unwrap()).await
    }

    /// Uploads a file; its digest and size.
    pub(crate) async fn upload(&self, who: &str, content: &str) -> (String, u64) {
        let request = self.request(who, Method::POST, "/api/v1/files");
        let request = request.header(header::CONTENT_TYPE, "application/pdf");
        let reply = self.send(request.body(pdf(content).into()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        let file = reply.json();
        (file["digest"].as_str().unwrap().to_owned(), file["size_bytes"].as_u64().unwrap())
    }

    /// A session cookie of somebody, as a browser has it after signing in.
    pub(crate) async fn cookie(&self, login: &str) -> String {
        let person = format!("p-{login}");
        let cookie = session::begin(&self.state, &person, None, "测试", With::Totp).await.unwrap();
        cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    /// Binds one-time passwords for somebody, with a seed that the test knows.
    pub(crate) async fn binds(&self, login: &str) {
        let person = format!("p-{login}");
        let sealed = self.state.vault.seal(&format!("totp:{person}"), &seed(login));
        let store = &self.state.store;
        store.offer_totp(&person, sealed.clone(), 0).await.unwrap();
        let bind =
            move |tx: &mut dyn store::Tx| store::factors::bind_totp(tx, &person, &sealed, (0, 0));
        assert!(store.write(bind).await.unwrap());
    }

    /// The code that somebody's phone shows so many steps from now.
    pub(crate) fn code(&self, login: &str, steps: i64) -> String {
        let at = self.state.clock.wall_ms() / 1000 + steps * 30;
        totp::generator(&seed(login)).unwrap().generate(at.try_into().unwrap()).to_string()
    }

    /// What somebody types to be shown to be oneself: the next code that was not used.
    pub(crate) async fn proof(&self, login: &str) -> String {
        let person = format!("p-{login}");
        if self.state.store.totp(&person).await.unwrap().is_none() {
            self.binds(login).await;
        }
        let used = self.state.store.totp(&person).await.unwrap().unwrap().used_step;
        let now = self.state.clock.wall_ms() / 30_000;
        self.code(login, (used + 1 - now).max(-1))
    }

    /// Lets the calendar pass up to the legal day.
    pub(crate) async fn sweep(&self) {
        self.state.office.sweep().await.unwrap();
    }
}
