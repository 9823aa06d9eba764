//! 第一次来的人 — somebody who has read nothing prepares S01 from the name to the lock, going where
//! the platform says: how much they press, type and read is counted page by page.
//!
//! Nothing is timed. The counts are turned into minutes by the keystroke-level model (Card, Moran and
//! Newell 1980): a press with the pointer, a thought before it, a key; and whatever stands newly in
//! sight is read, every word of it, once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use consortium::calendar::Calendar;
use serde_json::json;

use super::driver::{Browser, DESK, Habits, PLAIN, POCKET};
use super::visit;
use crate::house::House;

/// A press with the pointer, a thought before an act, one key; in seconds.
const PRESS_S: f64 = 1.1;
const THOUGHT_S: f64 = 1.35;
const KEY_S: f64 = 0.28;
/// Keys for a Chinese character.
const KEYS_A_CHARACTER: usize = 2;
/// Characters read in a minute, without haste.
const READ_A_MINUTE: f64 = 400.0;
/// What the lead may need, in minutes, and a member.
const LEAD_MINUTES: f64 = 15.0;
const MEMBER_MINUTES: f64 = 5.0;

/// What stands in sight in the main part, text by text; what is folded, hidden or to be chosen from a
/// list is not.
const IN_SIGHT: &str = "
    const main = document.querySelector('main');
    const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const seen = new Map();
    while (walk.nextNode()) {
        const at = walk.currentNode.parentElement, words = walk.currentNode.textContent.trim();
        if (!words || at.closest('option, script, template, .vh')) continue;
        const box = at.getBoundingClientRect();
        if (!at.checkVisibility({ visibilityProperty: true }) || box.width < 2) continue;
        let block = at;
        while (block !== main && getComputedStyle(block).display.startsWith('inline')) {
            block = block.parentElement;
        }
        seen.set(block, (seen.get(block) || '') + words);
    }
    return [...seen.values()];";

/// Somebody before the pages, and what they have done so far.
struct Newcomer<'a> {
    browser: &'a Browser,
    read: BTreeSet<String>,
    /// Page by page: what it is called, and the characters read on it.
    pages: Vec<(String, usize)>,
    presses: usize,
    thoughts: usize,
    keys: usize,
}

impl<'a> Newcomer<'a> {
    async fn arrives(browser: &'a Browser) -> Self {
        let (read, pages) = (BTreeSet::new(), Vec::new());
        let mut newcomer = Self { browser, read, pages, presses: 0, thoughts: 0, keys: 0 };
        newcomer.reads().await;
        newcomer
    }

    /// Reads what was not there before; figures alone make no new text.
    async fn reads(&mut self) {
        let texts: Vec<String> = self.browser.runs(IN_SIGHT).await;
        let mut count = 0;
        for text in texts {
            let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            let known: String = plain.chars().filter(|c| !c.is_ascii_digit()).collect();
            if self.read.insert(known) {
                count += plain.chars().count();
            }
        }
        self.pages.push((self.browser.text_of("h1").await, count));
    }

    /// Presses what leads on.
    async fn presses(&mut self, css: &str) {
        (self.presses, self.thoughts) = (self.presses + 1, self.thoughts + 1);
        self.browser.press(css).await;
        self.reads().await;
    }

    /// Follows what the platform says comes next.
    async fn goes_on(&mut self) {
        (self.presses, self.thoughts) = (self.presses + 1, self.thoughts + 1);
        self.browser.follow("接着办：").await;
        self.reads().await;
    }

    /// Saves the section with the button that goes on, and is on the page of this name then.
    async fn saves(&mut self, next: &str) {
        self.presses("main button[name=_next]").await;
        self.stands_at(next).await;
    }

    async fn stands_at(&self, title: &str) {
        let shown = self.browser.text_of("h1").await;
        assert!(
            shown.contains(title),
            "{shown:?} is not {title:?}:\n{}",
            self.browser.text().await
        );
    }

    /// Answers a field, whatever its kind.
    async fn answers(&mut self, name: &str, value: &str) {
        let typed: usize =
            value.chars().map(|c| if c.is_ascii() { 1 } else { KEYS_A_CHARACTER }).sum();
        let tag: String = self.browser.runs(&kind_of(name)).await;
        match tag.as_str() {
            // A list is opened and chosen from.
            "select" => self.presses += 2,
            "checkbox" | "radio" => self.presses += 1,
            _ => (self.presses, self.keys) = (self.presses + 1, self.keys + typed),
        }
        self.thoughts += 1;
        self.browser.fill(name, value).await;
    }

    fn minutes(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of one morning")]
        let (presses, thoughts, keys, read) =
            (self.presses as f64, self.thoughts as f64, self.keys as f64, self.characters() as f64);
        (presses * PRESS_S + thoughts * THOUGHT_S + keys * KEY_S) / 60.0 + read / READ_A_MINUTE
    }

    fn characters(&self) -> usize {
        self.pages.iter().map(|(_, count)| count).sum()
    }

    /// Says what was counted, and fails when it was too much.
    fn needs_at_most(&self, who: &str, most: f64) {
        let minutes = self.minutes();
        let Self { presses, thoughts, keys, .. } = self;
        let told: Vec<String> =
            self.pages.iter().map(|(title, count)| format!("{count:5} {title}")).collect();
        println!(
            "{who}: {minutes:.1} minutes; {presses} presses, {thoughts} thoughts, {keys} keys, {} \
             characters read:\n{}",
            self.characters(),
            told.join("\n")
        );
        assert!(minutes <= most, "{who} needs {minutes:.1} minutes, {most} at most");
    }
}

fn kind_of(name: &str) -> String {
    format!(
        "const at = document.querySelector(\"main [name='{name}']\");\
         return at.type === 'checkbox' || at.type === 'radio' ? at.type : at.tagName.toLowerCase()"
    )
}

/// What the units keep of themselves before anybody applies.
async fn profiles(house: &House) {
    let keeps = async |unit: &str, command: serde_json::Value| {
        let path = format!("/api/v1/units/u-{unit}/commands");
        let reply = house.post(unit, &path, &command).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
    };
    for unit in ["yunchuan", "saibei", "jinling", "caoyuan"] {
        let strengths = json!({
            "command": "write_detail", "detail": "strengths",
            "team": "团队由带头人和三个方向的骨干组成，近年承担自治区项目 3 项。",
            "capability": "有中试线和检测中心，可以为联合体成员做工艺验证。",
            "cooperation": "与两所高校共建联合实验室，联合培养研究生。",
        });
        keeps(unit, strengths).await;
    }
    let business = json!({
        "command": "write_detail", "detail": "business", "products": "储能电芯",
        "position": "产业链中游，上下游均在区内", "matching": "带动上下游企业二十家。",
    });
    keeps("yunchuan", business).await;
    let rules = json!({
        "command": "write_detail", "detail": "rules",
        "rules": [{ "name": "研发项目管理办法", "in_force_from": "2023-01-01" }],
    });
    keeps("yunchuan", rules).await;
    let platform = json!({
        "command": "enter_platform", "name": "自治区储能材料重点实验室", "kind": "R02",
        "approved_by": "内蒙古自治区科学技术厅", "document_no": "虚构字〔2022〕5号",
        "approved_on": "2022-05-01", "status": "running",
    });
    keeps("saibei", platform).await;
}

/// Files as somebody names them.
fn files(folder: &Path) -> Vec<PathBuf> {
    let named = [
        "云川营业执照",
        "云川管理制度",
        "云川科研团队名单",
        "云川与塞北理工大学合作协议",
        "云川信用查询结果",
        "塞北法人证书",
        "塞北合作证明",
        "塞北信用查询结果",
        "金岭营业执照",
        "金岭合作证明",
        "金岭信用查询结果",
        "草原登记证",
        "草原合作证明",
        "草原信用查询结果",
        "自治区重点实验室批准文件",
    ];
    let scan = std::fs::read(super::scan(folder)).unwrap();
    let (head, rest) = scan.split_at(scan.iter().position(|byte| *byte == b'\n').unwrap() + 1);
    let file = |name: &str| {
        let path = folder.join(format!("{name}.pdf"));
        let own = format!("% {name}\n");
        std::fs::write(&path, [head, own.as_bytes(), rest].concat()).unwrap();
        path
    };
    named.into_iter().map(file).collect()
}

const BACKGROUND: &str = "自治区新能源装机快速增长，储能安全与低温性能成为共性难题。单个企业难以完成从材料、\
    电芯到场景验证的全链条攻关，需要企业与高校联合，共享平台和数据，加快成果在区内转化。";

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_prepares_s01_in_fifteen_minutes_by_the_platforms_own_lead() {
    prepares(DESK).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_prepares_s01_on_a_telephone_in_as_long() {
    prepares(POCKET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_prepares_s01_without_script_in_as_long() {
    prepares(PLAIN).await;
}

async fn prepares(habits: Habits) {
    let Some((house, browser)) = visit(habits, Calendar::official()).await else { return };
    house.on_day("2026-02-10");
    profiles(&house).await;
    browser.becomes(&house, "yunchuan").await;
    let mut lead = Newcomer::arrives(&browser).await;
    lead.presses("main a[href='/dossiers/new']").await;
    lead.answers("name", super::NAME).await;
    lead.presses("main form button[type=submit]").await;
    let dossier = browser.at().await;
    let dossier = dossier.split(['?', '#']).next().unwrap().to_owned();
    lead.goes_on().await;
    for unit in ["塞北理工大学", "包头金岭稀土材料有限公司", "草原技术转移中心"]
    {
        lead.answers("unit", unit).await;
        lead.presses("main form button[type=submit]:not(.vh)").await;
    }
    for member in ["saibei", "jinling", "caoyuan"] {
        browser.becomes(&house, member).await;
        let mut newcomer = Newcomer::arrives(&browser).await;
        newcomer.presses("main table a[href$='/answer_invitation']").await;
        newcomer.answers("accept", "yes").await;
        newcomer.presses("main form button[type=submit]:not(.vh)").await;
        newcomer.goes_on().await;
        newcomer.answers("cooperation", "2024年起与云川联合试制低温电芯。").await;
        newcomer.saves("成员单位承诺").await;
        for promise in ["takes_part", "truthful", "data_use"] {
            newcomer.answers(promise, "on").await;
        }
        newcomer.presses("#draft button[type=submit]:not([name]):not(.vh)").await;
        newcomer.stands_at("创新联合体").await;
        newcomer.needs_at_most(member, MEMBER_MINUTES);
    }
    browser.becomes(&house, "yunchuan").await;
    browser.open(&format!("{dossier}/invite")).await;
    lead.reads().await;
    lead.goes_on().await;
    form(&mut lead).await;
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<String> =
        files(folder.path()).iter().map(|path| path.display().to_string()).collect();
    // A file dialogue is opened, files are marked, and it is closed.
    (lead.presses, lead.thoughts) = (lead.presses + 4, lead.thoughts + 1);
    browser.tab_to("#f-files").await;
    browser.types(&paths.join("\n")).await;
    if habits.runs_scripts() {
        browser.comes_to_see("自治区重点实验室批准文件.pdf：已传完").await;
    }
    lead.presses("main form[enctype] button[type=submit]").await;
    browser.sees("15 份附件已列入材料").await;
    lead.goes_on().await;
    lead.stands_at("组建协议").await;
    lead.answers("formed_on", "2026-03-01").await;
    let disputes = "因本协议发生争议，各方先行协商；协商不成的，提交呼和浩特仲裁委员会仲裁。";
    browser.fill("disputes", disputes).await;
    // Of the clause only the blank is written over.
    (lead.presses, lead.thoughts, lead.keys) =
        (lead.presses + 2, lead.thoughts + 1, lead.keys + 20);
    lead.saves("锁定文本").await;
    lead.needs_at_most("lead", LEAD_MINUTES);
    // What was saved in the same breath as the last key leaves nothing behind to be put back.
    for section in ["basics", "work", "inputs"] {
        browser.open(&format!("{dossier}/sections/{section}")).await;
        browser.sees_no("没送出的内容").await;
    }
    browser.open(&format!("{dossier}/start_signing")).await;
    browser.press("main form button[type=submit]").await;
    browser.sees("文本已锁定，各方可以签字盖章").await;
}

/// The sections of the form, one after the other.
async fn form(lead: &mut Newcomer<'_>) {
    lead.stands_at("基本信息").await;
    lead.answers("field", "T6").await;
    lead.answers("background", BACKGROUND).await;
    lead.answers("term_from", "2026-03-01").await;
    lead.answers("term_to", "2029-02-28").await;
    lead.answers("not_secret", "on").await;
    lead.saves("牵头单位情况").await;
    // What the unit keeps stands there already.
    lead.saves("科技创新平台").await;
    lead.saves("技术创新目标").await;
    lead.answers("goals", "到2029年建成低温电芯百兆瓦时中试线，循环寿命达到六千次。").await;
    lead.saves("关键技术").await;
    lead.answers("technologies.0.name", "低温电解液规模化制备").await;
    lead.saves("任务分工").await;
    let tasks = [
        ("低温电解液与电芯制备技术研究", "research", "u-yunchuan"),
        ("低温储能示范应用和成果转化", "conversion", "u-caoyuan"),
    ];
    for (at, (content, kind, unit)) in tasks.into_iter().enumerate() {
        if at > 0 {
            (lead.presses, lead.thoughts) = (lead.presses + 1, lead.thoughts + 1);
            lead.browser.more("work").await;
        }
        lead.answers(&format!("work.{at}.content"), content).await;
        lead.answers(&format!("work.{at}.kind"), kind).await;
        lead.answers(&format!("work.{at}.unit"), unit).await;
    }
    for partner in ["u-saibei", "u-jinling"] {
        (lead.presses, lead.thoughts) = (lead.presses + 1, lead.thoughts + 1);
        lead.browser.click(&format!("main [name='work.0.partners'][value={partner}]")).await;
    }
    lead.saves("投入与收益分配").await;
    lead.answers("inputs.0.unit", "u-yunchuan").await;
    lead.answers("inputs.0.year", "2026").await;
    lead.answers("inputs.0.form", "货币").await;
    lead.answers("inputs.0.amount_fen", "500").await;
    lead.saves("承诺").await;
    for promise in ["truthful", "honest", "data_use", "publication"] {
        lead.answers(promise, "on").await;
    }
    lead.saves("附件清单").await;
}
