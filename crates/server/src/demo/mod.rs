//! 演示 — the platform with a fictional cast, ready to click through.
//!
//! The data is made by playing commands through the office under a simulated clock; nothing is
//! written past it. Only this mode has one-click sign-ins and the control that lets days pass.

mod cast;
mod filled;
mod links;
mod player;
mod profiles;
mod routes;
mod script;
mod step;

use std::sync::Arc;

use anyhow::Context;

use crate::config::Argon2Cost;
use crate::http::{password, random};
use crate::office::Office;
use crate::state::{AppState, DemoBar};

pub(crate) use routes::ROUTES;

/// Where the demonstration keeps how far its clock is ahead.
const AHEAD: &str = "demo.ahead_ms";
/// Where the demonstration keeps its password.
const PASSWORD: &str = "demo.password";

/// The sign-in that looks for an expert with something to do.
const EXPERT: &str = "expert";

/// The one-click sign-ins: login and words.
const SIGN_INS: [(&str, &str); 22] = [
    ("yunchuan", "牵头单位经办人（云川储能）"),
    ("yunchuan-fr", "牵头单位法定代表人（云川储能）"),
    ("yunchuan-gl", "牵头单位管理员（云川储能）"),
    ("yunchuan-yz", "牵头单位印章保管人（云川储能）"),
    ("saibei", "成员单位经办人（塞北理工大学）"),
    ("saibei-fr", "成员单位负责人（塞北理工大学）"),
    ("meiji", "牵头单位经办人（煤基新材料，签署中）"),
    ("clerk-ra01", "呼和浩特市科技局初审员"),
    ("signatory-ra01", "呼和浩特市科技局签发人"),
    ("clerk-ra02", "包头市科技局初审员（有一件归属争议）"),
    ("zhengyi", "归属争议的提出人（金岭稀土）"),
    ("clerk-ra04", "赤峰市科技局初审员"),
    ("signatory-ra05", "通辽市科技局签发人（有一件待签发）"),
    ("reviewer", "科技厅形式审查员"),
    ("organiser", "科技厅评审组织员"),
    (EXPERT, "评审专家（有待评的一位）"),
    ("drafter", "科技厅业务处室经办"),
    ("decider", "科技厅厅领导"),
    ("publisher", "科技厅公示发布员"),
    ("supervisor", "科技厅监督处"),
    ("roniu", "牵头单位经办人（科尔沁肉牛，起草中）"),
    ("operator", "平台运维"),
];

/// Fills a fresh store with the fictional cast, or finds the one that is there; returns the
/// password of every account of the cast.
pub async fn prepare(office: &Office) -> anyhow::Result<String> {
    let store = office.store();
    if let Some(ahead) = store.setting(AHEAD).await? {
        office.clock().set_ahead_ms(ahead.parse().context("the demonstration's clock")?);
        return store.setting(PASSWORD).await?.context("the demonstration's password");
    }
    if office.store().head(crate::office::AFFAIRS).await?.is_some() {
        anyhow::bail!("这个数据目录里是正式数据，演示要用空目录：换一个 --data");
    }
    let password = random::secret_hex()[..16].to_owned();
    let hash = password::hash(Argon2Cost::default(), &password)
        .map_err(|fault| anyhow::anyhow!("{}", fault.words().1))?;
    Box::pin(player::Player::new(office, hash).play()).await?;
    store.set_setting(PASSWORD, &password).await?;
    remember(office).await?;
    Ok(password)
}

/// Keeps how far the clock is ahead, so that a restart goes on from the same day.
async fn remember(office: &Office) -> anyhow::Result<()> {
    let ahead = office.clock().ahead_ms().to_string();
    Ok(office.store().set_setting(AHEAD, &ahead).await?)
}

/// Switches the bar of the demonstration on.
pub fn with_bar(mut state: AppState, password: String) -> AppState {
    let roles = SIGN_INS.iter().map(|(login, words)| ((*login).to_owned(), (*words).to_owned()));
    state.demo = Some(Arc::new(DemoBar { roles: roles.collect(), password }));
    state
}
