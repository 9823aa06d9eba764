//! 归属争议 — a second claim to the same unit is heard and decided by a person; it takes nothing over.
//!
//! The credit code of a unit is public, so anybody can type it. Whoever registered first stays; the
//! other side says why the unit is theirs, both bring what shows it, and the unit's authority, or the
//! Department for units elsewhere, decides with a reason (Art. 6(4)).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Event, Unit,
    people::{Confirmed, Evidence, LinkStanding, NewLink, manages, next_link},
};
use crate::{
    actor::{Actor, Capacity, Side},
    ids::{Digest, PersonId, Personal},
    refusal::Refusal,
    text,
};

/// Disputes about one unit that stand at once.
pub const OPEN_MAX: usize = 5;
/// Statements of both sides in one dispute.
pub const STATEMENTS_MAX: usize = 40;

/// 一次陈述 — what a side says, and the file it brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Whether the claimant speaks; the registered unit otherwise.
    pub claimant: bool,
    /// What is said.
    pub text: String,
    /// What shows it.
    pub file: Option<Digest>,
    /// When.
    pub on: Date,
}

/// 归属争议.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Who says the unit is theirs.
    pub claimant: PersonId,
    /// Under which name.
    pub name: Personal,
    /// Since when.
    pub on: Date,
    /// What both sides said.
    pub statements: Vec<Statement>,
    /// Whether the claim was upheld, why, by whom.
    pub decided: Option<Decided>,
}

/// The decision of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Whether the claim is right.
    pub upheld: bool,
    /// Why.
    pub reason: String,
    /// By whom, and when.
    pub by: Confirmed,
}

impl Unit {
    /// A dispute by its number.
    pub fn dispute(&self, no: u32) -> Option<&Dispute> {
        let at = usize::try_from(no).ok()?.checked_sub(1)?;
        self.people.disputes.get(at)
    }

    /// The number of the dispute of this person that stands.
    pub fn dispute_of(&self, person: &PersonId) -> Option<u32> {
        let of = |dispute: &Dispute| dispute.claimant == *person && dispute.decided.is_none();
        let at = self.people.disputes.iter().position(of)?;
        u32::try_from(at + 1).ok()
    }
}

/// 提出归属争议 — by a person with an account who does not act for the unit.
pub(super) fn raise(
    unit: &Unit,
    actor: &Actor,
    statement: &str,
    file: Option<&Digest>,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    if actor.person.as_str() == "public" {
        return Err(Refusal::forbidden("6.4", "归属争议由有账号的人提出", "先登录或建立账号"));
    }
    if unit.dispute_of(&actor.person).is_some() {
        return Ok(vec![]);
    }
    let acts = unit.people.links.iter().any(|link| {
        link.made.person == actor.person
            && link.standing == LinkStanding::Held
            && link.made.to.is_none_or(|to| today <= to)
    });
    if acts {
        return Err(Refusal::not_now(
            "6.4",
            "你已经是这个单位的人员",
            "身份有误的，联系本单位管理员",
        ));
    }
    text::paragraph("statement", "为什么这个单位由你们办理", statement)?;
    if unit.people.disputes.iter().filter(|kept| kept.decided.is_none()).count() >= OPEN_MAX {
        return Err(Refusal::not_now(
            "6.4",
            &format!("这个单位同时在办的归属争议已有 {OPEN_MAX} 件"),
            "等归口管理部门作出决定后再提出，或直接联系归口管理部门",
        ));
    }
    Ok(vec![Event::DisputeRaised {
        no: u32::try_from(unit.people.disputes.len() + 1).unwrap_or(u32::MAX),
        claimant: actor.person.clone(),
        name: actor.name.clone(),
        statement: statement.to_owned(),
        file: file.cloned(),
    }])
}

/// 陈述和举证 — either side, as long as nothing is decided.
pub(super) fn state(
    unit: &Unit,
    actor: &Actor,
    no: u32,
    (words, file): (&str, Option<&Digest>),
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let dispute = found(unit, no)?;
    let claimant = dispute.claimant == actor.person;
    if !claimant {
        manages(unit, actor, today)?;
    }
    if dispute.decided.is_some() {
        return Err(settled());
    }
    text::paragraph("text", "情况说明", words)?;
    let same = |kept: &Statement| {
        kept.claimant == claimant && kept.text == words && kept.file.as_ref() == file
    };
    if dispute.statements.iter().any(same) {
        return Ok(vec![]);
    }
    if dispute.statements.len() >= STATEMENTS_MAX {
        return Err(Refusal::not_now(
            "6.4",
            &format!("一件争议双方合计最多陈述 {STATEMENTS_MAX} 次"),
            "还有材料的，直接交归口管理部门",
        ));
    }
    Ok(vec![Event::DisputeStated { no, claimant, text: words.to_owned(), file: file.cloned() }])
}

/// 决定 — a person of the authority decides; only then something changes hands.
pub(super) fn decide(
    unit: &Unit,
    actor: &Actor,
    (no, upheld, reason): (u32, bool, &str),
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    super::decides(unit, actor)?;
    let dispute = found(unit, no)?;
    if let Some(decided) = &dispute.decided {
        return if decided.upheld == upheld { Ok(vec![]) } else { Err(settled()) };
    }
    text::paragraph("reason", "理由", reason)?;
    let by = Confirmed::by(actor, today);
    let decided = Decided { upheld, reason: reason.to_owned(), by: by.clone() };
    let mut events = vec![Event::DisputeDecided { no, decided }];
    if upheld {
        events.extend(handed_over(unit, dispute, &by, today));
    }
    Ok(events)
}

/// Everybody before goes, and the claimant runs the accounts.
fn handed_over(unit: &Unit, dispute: &Dispute, by: &Confirmed, today: Date) -> Vec<Event> {
    let last = today.yesterday().unwrap_or(today);
    let reason = "归属争议的决定".to_owned();
    let standing = unit.people.links.iter().filter(|link| link.stands_on(today));
    let mut events: Vec<Event> = standing
        .map(|link| Event::LinkEnded {
            link: link.made.link.clone(),
            to: last,
            successor: None,
            reason: reason.clone(),
        })
        .collect();
    let waiting = (1..).zip(&unit.people.invitations).filter(|(_, kept)| kept.waits_on(today));
    events.extend(waiting.map(|(no, _)| Event::InvitationClosed { no, declined: false }));
    events.extend(unit.people.proposed().map(|link| Event::LinkNotConfirmed {
        link: link.made.link.clone(),
        reason: reason.clone(),
    }));
    let given = [Capacity::Handler, Capacity::Administrator].into_iter().enumerate();
    events.extend(given.map(|(ahead, capacity)| {
        Event::LinkMade(NewLink {
            link: next_link(&unit.id, &unit.people, ahead),
            person: dispute.claimant.clone(),
            name: dispute.name.clone(),
            capacity,
            from: today,
            to: None,
            evidence: Evidence { words: reason.clone(), file: None },
            invitation: None,
            confirmed: Some(by.clone()),
        })
    }));
    events
}

/// Whether somebody reads a dispute: both sides, and whoever decides.
pub fn reads(unit: &Unit, actor: &Actor, no: u32) -> bool {
    let claims = unit.dispute(no).is_some_and(|dispute| dispute.claimant == actor.person);
    claims || of_the_unit(unit, actor) || super::decides(unit, actor).is_ok()
}

impl Unit {
    /// The name of a paper of this record, for somebody who may open it: whoever decides all of
    /// them, the unit's own people what their side brought, a claimant the claimant's own.
    pub fn paper_for(&self, actor: &Actor, digest: &Digest) -> Option<&'static str> {
        let officer = super::decides(self, actor).is_ok();
        let inside = of_the_unit(self, actor);
        let is = |file: &Option<Digest>| file.as_ref() == Some(digest);
        let people = &self.people;
        let shown = people.links.iter().any(|link| is(&link.made.evidence.file))
            || people.invitations.iter().any(|kept| is(&kept.asked.evidence.file));
        if shown && (officer || inside) {
            return Some("任职证明");
        }
        let said = people.disputes.iter().any(|dispute| {
            let own = dispute.claimant == actor.person;
            dispute.statements.iter().any(|said| {
                is(&said.file) && (officer || (said.claimant && own) || (!said.claimant && inside))
            })
        });
        said.then_some("争议材料")
    }
}

fn of_the_unit(unit: &Unit, actor: &Actor) -> bool {
    matches!(&actor.side, Side::Unit(own) if *own == unit.id)
        && matches!(
            actor.capacity,
            Capacity::Administrator | Capacity::LegalRepresentative | Capacity::Handler
        )
}

fn found(unit: &Unit, no: u32) -> Result<&Dispute, Refusal> {
    unit.dispute(no).ok_or_else(|| Refusal::not_found("没有这件争议", "核对链接，或从消息进入"))
}

fn settled() -> Refusal {
    Refusal::not_now("6.4", "这件争议已经作出决定", "有新的证据的，另行提出")
}
