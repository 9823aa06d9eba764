//! A consortium's life through the API: one act after the other, each on its day.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, PASSWORD, Reply};
use crate::papers;

/// The four members of S01.
pub(crate) const MEMBERS: [&str; 4] = ["jinling", "saibei", "beijiang", "caoyuan"];

/// One dossier of a house.
pub(crate) struct Tale<'a> {
    pub(crate) house: &'a House,
    pub(crate) id: String,
}

impl<'a> Tale<'a> {
    /// 云川 opens a dossier.
    pub(crate) async fn open(house: &'a House, name: &str) -> Self {
        let reply = house.post("yunchuan", "/api/v1/dossiers", &json!({ "name": name })).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        Self { house, id: reply.json()["id"].as_str().unwrap().to_owned() }
    }

    /// A page of the dossier.
    pub(crate) fn page(&self, rest: &str) -> String {
        format!("/dossiers/{}{rest}", self.id)
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/dossiers/{}{rest}", self.id)
    }

    /// Asks for a command.
    pub(crate) async fn ask(&self, who: &str, command: &Value) -> Reply {
        self.house.post(who, &self.path("/commands"), command).await
    }

    /// Carries a command out; the stage afterwards.
    pub(crate) async fn does(&self, who: &str, command: Value) -> String {
        let reply = self.ask(who, &command).await;
        assert_eq!(reply.status, StatusCode::OK, "{who} {command}: {}", reply.body);
        reply.json()["stage"].as_str().unwrap_or_default().to_owned()
    }

    /// Is refused with a status and in these words.
    pub(crate) async fn refused(&self, who: &str, command: Value, status: u16, words: &str) {
        let reply = self.ask(who, &command).await;
        assert_eq!(reply.status.as_u16(), status, "{who} {command}: {}", reply.body);
        assert!(reply.body.contains(words), "{who} {command}: {}", reply.body);
        assert_eq!(reply.header("content-type"), "application/problem+json");
    }

    /// The dossier as somebody sees it.
    pub(crate) async fn view(&self, who: &str) -> Value {
        let reply = self.house.get(who, &self.path("")).await;
        assert_eq!(reply.status, StatusCode::OK, "{who}: {}", reply.body);
        reply.json()
    }

    /// How many events made it, by the store.
    pub(crate) async fn sequence(&self) -> u64 {
        self.house.state.store.head(&self.id).await.unwrap().map_or(0, |head| head.seq)
    }

    pub(crate) async fn invite(&self, members: &[&str]) {
        for unit in members {
            let invite = json!({"command": "invite", "unit": format!("u-{unit}")});
            self.does("yunchuan", invite).await;
        }
        for unit in members {
            self.does(unit, json!({"command": "answer_invitation", "accept": true})).await;
        }
    }

    pub(crate) async fn write(&self, who: &str, content: Value) {
        self.does(who, json!({"command": "write_application", "content": content})).await;
    }

    /// The form with every section, every member's block and a platform of 塞北's.
    pub(crate) async fn fill(&self, members: &[&str]) {
        for section in papers::sections("u-yunchuan") {
            self.write("yunchuan", section).await;
        }
        for unit in members {
            self.write(unit, papers::member(&format!("u-{unit}"))).await;
        }
        self.write("yunchuan", papers::platform("region", "u-saibei", None)).await;
    }

    pub(crate) async fn attach(&self) -> String {
        let content = format!("attachment of {}", self.id);
        let (digest, size) = self.house.upload("yunchuan", &content).await;
        let attachment = json!({
            "digest": digest, "name": "平台批准文件.pdf", "size_bytes": size, "item": "平台批准文件",
        });
        self.does("yunchuan", json!({"command": "attach", "attachment": attachment})).await;
        digest
    }

    pub(crate) async fn agree(&self) {
        let text = papers::agreement();
        self.does("yunchuan", json!({"command": "write_agreement", "text": text})).await;
        self.does("yunchuan", json!({"command": "start_signing"})).await;
    }

    /// The digest of the locked text.
    pub(crate) async fn locked(&self) -> String {
        self.view("yunchuan").await["agreement"]["digest"].as_str().unwrap().to_owned()
    }

    /// Signs and seals for these units.
    pub(crate) async fn sign(&self, units: &[&str]) {
        let digest = self.locked().await;
        for unit in units {
            let sign = json!({"command": "sign", "digest": digest, "password": PASSWORD});
            self.does(&format!("{unit}-fr"), sign).await;
            let (scan, _) = self.house.upload(unit, &format!("seal of {unit}")).await;
            self.does(unit, json!({"command": "seal", "digest": digest, "scan": scan})).await;
        }
    }

    /// The lead writes and locks the supplement to the first change, and these units sign and seal.
    pub(crate) async fn supplement(&self, units: &[&str]) {
        let text = json!({"command": "write_supplement", "text": "各方商定，照此变更。"});
        self.does("yunchuan", text).await;
        self.does("yunchuan", json!({"command": "lock_supplement"})).await;
        let told = self.house.get("yunchuan", &self.path("/supplements/1")).await.json();
        for unit in units {
            let sign = json!({"command": "sign", "digest": told["digest"], "password": PASSWORD});
            self.does(&format!("{unit}-fr"), sign).await;
            let (scan, _) = self.house.upload(unit, &format!("seal of {unit} again")).await;
            let seal = json!({"command": "seal", "digest": told["digest"], "scan": scan});
            self.does(unit, seal).await;
        }
    }

    /// Every question that the rules leave to a person, answered with yes but for these rules.
    pub(crate) async fn judgements(&self, not: &[&str]) -> Value {
        let findings = self.house.get("reviewer", &self.path("/findings")).await.json();
        let mut rules: Vec<String> = findings
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["verdict"] == "at_discretion")
            .map(|finding| finding["rule"].as_str().unwrap().to_owned())
            .collect();
        rules.sort();
        rules.dedup();
        let judged = |rule: String| json!({"met": !not.contains(&rule.as_str()), "rule": rule, "reason": "已核对证明材料"});
        rules.into_iter().map(judged).collect()
    }

    pub(crate) async fn pass(&self) -> String {
        let judgements = self.judgements(&[]).await;
        self.does("reviewer", json!({"command": "pass_formal_review", "judgements": judgements}))
            .await
    }

    /// The logins of those who sit.
    pub(crate) async fn seated(&self) -> Vec<String> {
        let view = self.view("organiser").await;
        let seats = view["panel"]["seats"].as_array().unwrap().clone();
        let sitting = seats
            .iter()
            .filter(|seat| !matches!(seat["state"].as_str(), Some("已回避" | "评分已作废")));
        sitting.map(|seat| seat["expert"].as_str().unwrap().replacen("p-", "", 1)).collect()
    }

    /// Everybody who sits declares no interest.
    pub(crate) async fn declare(&self) {
        for expert in self.seated().await {
            self.does(&expert, json!({"command": "declare_interest", "conflict": false})).await;
        }
    }

    /// Everybody who sits scores 82, one of them against.
    pub(crate) async fn score(&self) {
        for (at, expert) in self.seated().await.iter().enumerate() {
            let vote = if at == 2 { "disagree" } else { "agree" };
            let sheet = papers::sheet(vote);
            self.does(expert, json!({"command": "submit_sheet", "sheet": sheet})).await;
        }
    }

    /// Drafts and confirms a decision.
    pub(crate) async fn decide(&self, matter: &str, outcome: &str, days: [&str; 2]) -> String {
        self.house.on_day(days[0]);
        let draft = json!({
            "command": "draft_decision", "matter": matter, "outcome": outcome,
            "reason": "依据评审意见",
        });
        self.does("drafter", draft).await;
        self.house.on_day(days[1]);
        self.does("decider", json!({"command": "confirm_decision", "matter": matter})).await
    }
}

/// The stages of S01 in order, with the day on which each begins.
pub(crate) const STAGES: [(&str, &str); 8] = [
    ("drafting", "2026-02-10"),
    ("signing", "2026-02-25"),
    ("recommendation", "2026-03-03"),
    ("formal_review", "2026-03-10"),
    ("expert_review", "2026-03-16"),
    ("decision", "2026-04-10"),
    ("public_notice", "2026-04-29"),
    ("filed", "2026-05-11"),
];

/// S01 up to the beginning of a stage.
pub(crate) async fn told<'a>(house: &'a House, name: &str, stage: &str) -> Tale<'a> {
    house.on_day("2026-02-10");
    let tale = Tale::open(house, name).await;
    tale.invite(&MEMBERS).await;
    house.on_day("2026-02-12");
    tale.fill(&MEMBERS).await;
    tale.attach().await;
    for (next, day) in STAGES.iter().skip(1) {
        let reached = STAGES.iter().position(|(name, _)| *name == stage).unwrap();
        if STAGES.iter().position(|(name, _)| name == next).unwrap() > reached {
            break;
        }
        step(&tale, next, day).await;
    }
    tale
}

/// What leads into a stage, from the one before.
pub(crate) async fn step(tale: &Tale<'_>, stage: &str, day: &str) {
    let house = tale.house;
    house.on_day(day);
    match stage {
        "signing" => tale.agree().await,
        "recommendation" => {
            house.on_day("2026-03-02");
            tale.sign(&["yunchuan", "jinling", "saibei", "beijiang", "caoyuan"]).await;
            house.on_day(day);
            tale.does("yunchuan", json!({"command": "submit"})).await;
        }
        "formal_review" => {
            let opinion = "CANARY-审核意见";
            house.on_day("2026-03-09");
            tale.does("clerk-hohhot", json!({"command": "check_materials", "opinion": opinion}))
                .await;
            house.on_day(day);
            tale.does("signatory-hohhot", json!({"command": "recommend", "opinion": "同意推荐"}))
                .await;
        }
        "expert_review" => drop(tale.pass().await),
        "decision" => {
            house.on_day("2026-03-20");
            tale.does("organiser", json!({"command": "draw_panel", "size": 7})).await;
            house.on_day("2026-03-25");
            tale.declare().await;
            house.on_day(day);
            tale.score().await;
        }
        "public_notice" => {
            tale.decide("filing", "grant", ["2026-04-24", "2026-04-27"]).await;
            house.on_day(day);
            tale.does("publisher", json!({"command": "publish_notice"})).await;
        }
        "filed" => drop(tale.does("publisher", json!({"command": "file"})).await),
        other => panic!("nothing leads into {other}"),
    }
    assert_eq!(tale.view("yunchuan").await["stage"], stage);
}
