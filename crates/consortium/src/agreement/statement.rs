//! 签署声明 — the words one party puts its name to: which text, which parties, who, as what, when.

use jiff::civil::DateTime;

use super::Round;
use crate::{
    actor::Actor,
    ids::{Digest, DossierId},
    materials::{Materials, Party},
};

/// The first line of every statement: the form it is written in.
pub const FORM: &str = "创联 组建协议签署声明 第1版";

/// 签署行为 — what the statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// 签字.
    Signature,
    /// 加盖公章.
    Seal,
}

impl Deed {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Signature => "签字",
            Self::Seal => "加盖公章",
        }
    }
}

/// What a statement is made of.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    /// The dossier.
    pub dossier: &'a DossierId,
    /// Its materials as they stand.
    pub materials: &'a Materials,
    /// The number of the change, where a supplement to the agreement is signed.
    pub supplement: Option<u32>,
    /// Who signs, the lead first.
    pub parties: &'a [&'a Party],
    /// The round that is open.
    pub round: &'a Round,
    /// SM3 of the canonical text, in hex.
    pub sm3: &'a str,
    /// Who signs.
    pub actor: &'a Actor,
    /// 授权委托书, where somebody signs for the legal representative.
    pub letter: Option<&'a Digest>,
    /// Signing or sealing.
    pub deed: Deed,
    /// Drawn by the office, so that no two statements are the same.
    pub nonce: &'a str,
    /// When it was made out, Asia/Shanghai.
    pub at: DateTime,
}

impl Statement<'_> {
    /// The text that is signed: one fact a line, in a fixed order; `None` where the actor's unit
    /// is no party.
    pub fn text(&self) -> Option<String> {
        let Self { round, actor, parties, .. } = self;
        let unit = actor.unit()?;
        let own = parties.iter().find(|party| party.unit == *unit)?;
        let parties: Vec<String> =
            parties.iter().map(|party| format!("{}（{}）", party.name, party.code)).collect();
        let letter = self.letter.map_or("无", |letter| letter.0.as_str());
        let lines = [
            FORM.to_owned(),
            format!("协议：{}", title(&self.materials.name, self.supplement)),
            format!("卷宗：{}", self.dossier),
            format!("版本：第{}版", round.version),
            format!("内容摘要 SHA-256：{}", round.digest.0),
            format!("内容摘要 SM3：{}", self.sm3),
            format!("各方：{}", one_line(&parties.join("；"))),
            format!("签署方：{}（{}）", one_line(&own.name), own.code),
            format!("签署人：{}", one_line(&actor.name.value)),
            format!("身份：{}", actor.capacity.term()),
            format!("授权委托书 SHA-256：{letter}"),
            format!("行为：{}", self.deed.term()),
            "意思表示：本单位已阅读全文，同意受其约束".to_owned(),
            format!("序号：{}", self.nonce),
            format!("时间：{}（北京时间）", self.at.strftime("%Y-%m-%d %H:%M:%S")),
        ];
        Some(lines.join("\n") + "\n")
    }
}

/// What is signed is called.
pub fn title(name: &str, supplement: Option<u32>) -> String {
    let name = one_line(name);
    match supplement {
        None => format!("《{name}组建协议》"),
        Some(no) => format!("《{name}组建协议》补充协议（变更第{no}件）"),
    }
}

/// A name never opens a line of its own.
fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
