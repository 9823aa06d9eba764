//! 盖章件 — an official paper that was sealed outside and is attached (Arts. 6(4), 6(5), 9 to 11).
//!
//! The machine reports what it found of the file and its signatures; whether the seal is right, a
//! person judges. So nothing here is refused because of a signature. What the office states is
//! that a person compared a file which the machine cannot compare.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::{
    access,
    actor::Actor,
    context::Context,
    dossier::Dossier,
    event::Event,
    evolve::Stamp,
    ids::{Digest, Personal},
    official_paper::OfficialPaper,
    refusal::Refusal,
    text,
};

/// 机器检查的结果 — what was found of a file, and of what kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examined {
    /// 平台文书的延续: it begins with every byte of the paper as the platform made it.
    pub continues: bool,
    /// How far its signatures could be read.
    pub reading: Reading,
    /// The signatures, in the order of what they cover.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<SeenSignature>,
}

/// How far the signatures of a file could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// 已读: every signature of the file is listed.
    Read,
    /// 扫描件: an image, which holds none.
    Scan,
    /// OFD: its seals (GB/T 38540) are of a kind that is not judged here.
    Foreign,
    /// 读不出: the file could not be read to its end.
    Unreadable,
}

/// One thing that was looked at in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// 相符.
    Holds,
    /// 不符.
    Fails,
    /// 不能判断.
    Unjudged,
}

/// 签名覆盖的范围.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// The whole file but the signature itself.
    Whole,
    /// A revision of the file, after which more was added.
    Earlier,
    /// Something else: bytes are left out that no signature leaves out.
    Broken,
}

/// 文件里的一个签名, as the machine found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSignature {
    /// The name of its field; empty where it stands in none.
    pub field: String,
    /// Its format, by the name the file gives it.
    pub format: String,
    /// 平台签名: it was made with the platform's own key when the paper was made.
    pub platform: bool,
    /// What it covers.
    pub coverage: Coverage,
    /// Whether what it covers is unchanged.
    pub content: Check,
    /// Whether it was made with the key of its certificate.
    pub signature: Check,
    /// Whether its certificate leads to one that the operator trusts.
    pub chain: Check,
    /// Whether the certificate was valid at the time that the signature states.
    pub in_force: Check,
    /// The certificate, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<SeenSigner>,
    /// When it was made, by its own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<DateTime>,
    /// Who signed, by its own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal>,
    /// What for, by its own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Personal>,
}

/// 签名证书, as it names itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSigner {
    /// Whom it names.
    pub subject: Personal,
    /// Who issued it.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of its bytes.
    pub certificate: Digest,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
}

/// 已制发的公文 — issued by an event, and what came back sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The event that issued it.
    pub sequence: u64,
    /// Which.
    pub paper: OfficialPaper,
    /// The day.
    pub on: Date,
    /// 盖章件, oldest first: the last one is in force; the earlier ones stay, see
    /// [`Issued::given_to`].
    pub sealed: Vec<SealedFile>,
}

/// 盖章件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedFile {
    /// SHA-256 of the file.
    pub file: Digest,
    /// Why it took the place of an earlier one; empty for the first.
    pub reason: String,
    /// Whether a person compared it with the platform's paper.
    pub compared: bool,
    /// What the machine found.
    pub examined: Examined,
    /// When it was attached.
    pub at: DateTime,
}

impl Issued {
    /// What a command names it by, which is its address among the papers: `12/certificate`.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.sequence, self.paper.name())
    }

    /// The sealed files that are given to an actor who reads the paper, by their numbers from 1,
    /// oldest first: those who follow the procedure see what was replaced, everybody else is given
    /// the one in force.
    pub fn given_to(
        &self,
        actor: &Actor,
        dossier: &Dossier,
    ) -> impl Iterator<Item = (usize, &SealedFile)> {
        let all = access::mask(actor, dossier).procedure;
        let from = if all { 0 } else { self.sealed.len().saturating_sub(1) };
        (1..).zip(&self.sealed).skip(from)
    }

    /// The sealed file in force.
    pub fn current(&self) -> Option<&SealedFile> {
        self.sealed.last()
    }
}

impl Dossier {
    /// An official paper of an event.
    pub fn issued(&self, sequence: u64, paper: OfficialPaper) -> Option<&Issued> {
        self.issued.iter().find(|issued| issued.sequence == sequence && issued.paper == paper)
    }

    /// The official paper that a command names.
    pub fn issued_as(&self, reference: &str) -> Option<&Issued> {
        self.issued.iter().find(|issued| issued.reference() == reference)
    }

    /// Notes the official papers that an event issues.
    pub(crate) fn issue(&mut self, event: &Event, sequence: u64, on: Date) {
        let issued = OfficialPaper::issued_by(event).iter();
        self.issued.extend(issued.map(|&paper| Issued { sequence, paper, on, sealed: Vec::new() }));
    }
}

/// Applies [`Event::SealedAttached`]; `None` where that paper was never issued.
pub(crate) fn attached(mut dossier: Dossier, event: &Event, stamp: &Stamp) -> Option<Dossier> {
    let Event::SealedAttached { sequence, paper, file, reason, compared, examined } = event else {
        return None;
    };
    let of = |issued: &&mut Issued| issued.sequence == *sequence && issued.paper == *paper;
    dossier.issued.iter_mut().find(of)?.sealed.push(SealedFile {
        file: file.clone(),
        reason: reason.clone(),
        compared: *compared,
        examined: examined.clone(),
        at: stamp.at,
    });
    Some(dossier)
}

/// Whether it is this actor's duty to have a paper sealed.
pub fn is_duty(paper: OfficialPaper, actor: &Actor) -> bool {
    paper.is_of(actor) && paper.duty().contains(&actor.capacity)
}

/// 上传盖章件 — by the office that issued the paper, on duty for it.
pub fn attach(
    dossier: &Dossier,
    paper: &str,
    file: &Digest,
    reason: &str,
    compared: bool,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(issued) = dossier.issued_as(paper) else {
        return Err(Refusal::field("paper", "这一卷没有这份公文", "从列出的公文中选").under("6.5"));
    };
    let Issued { sequence, paper, .. } = *issued;
    on_duty(paper, ctx)?;
    if issued.current().is_some_and(|kept| kept.file == *file) {
        return Ok(vec![]);
    }
    let examined = examined(paper, ctx)?;
    replaces(issued, reason)?;
    was_compared(paper, examined, compared)?;
    Ok(vec![Event::SealedAttached {
        sequence,
        paper,
        file: file.clone(),
        reason: reason.to_owned(),
        compared,
        examined: examined.clone(),
    }])
}

const fn clause(paper: OfficialPaper) -> &'static str {
    paper.clauses()[0]
}

fn on_duty(paper: OfficialPaper, ctx: &Context<'_>) -> Result<(), Refusal> {
    if is_duty(paper, ctx.actor) {
        return Ok(());
    }
    let who: Vec<&str> = paper.duty().iter().map(|capacity| capacity.term()).collect();
    Err(Refusal::forbidden(
        clause(paper),
        &format!("{}由{}制发，盖章件由制发机关上传", paper.term(), paper.office()),
        &format!("由{}的{}办理", paper.office(), who.join("或者")),
    ))
}

/// What the office found of the file; it looks before the law is asked.
fn examined<'a>(paper: OfficialPaper, ctx: &Context<'a>) -> Result<&'a Examined, Refusal> {
    let refused = |why: &str, remedy: &str| Refusal::field("file", why, remedy);
    match ctx.examined {
        Some(Ok(examined)) => Ok(examined),
        Some(Err(why)) => Err(refused(why, "核对后另选一份").under(clause(paper))),
        None => Err(refused("没有找到上传的文件", "重新上传盖章以后的文件").under(clause(paper))),
    }
}

/// A later file says why it takes the place of the earlier one.
fn replaces(issued: &Issued, reason: &str) -> Result<(), Refusal> {
    let under = clause(issued.paper);
    if issued.sealed.is_empty() && reason.is_empty() {
        return Ok(());
    }
    text::paragraph("reason", "更换的理由", reason).map_err(|refusal| refusal.under(under))
}

/// Where the machine cannot say that it is our paper, a person does.
fn was_compared(paper: OfficialPaper, examined: &Examined, compared: bool) -> Result<(), Refusal> {
    if examined.continues || compared {
        return Ok(());
    }
    Err(Refusal::field(
        "compared",
        "这个文件不是在平台制作的文书上接着盖章形成的，平台不能判断内容是否一致",
        "与平台制作的文书逐页核对，一致的勾选“已逐页核对”后再上传；不一致的换成正确的文件",
    )
    .under(clause(paper)))
}
