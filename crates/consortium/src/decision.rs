//! 核准 — one person drafts, another confirms; neither took an earlier step (Art. 6(5)).
//!
//! The same two-person act ends a termination (Art. 10) and a cancellation (Arts. 9, 11).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    application::refuse_unmet,
    context::Context,
    dossier::{Dossier, End, Filed, Stage, Step},
    event::Event,
    ids::PersonId,
    measures,
    refusal::Refusal,
    text,
};

/// 决定的事项.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 备案核准 (6.5).
    Filing,
    /// 申请终止 (10).
    Termination,
    /// 取消备案资格 (9, 11).
    Cancellation,
}

/// 结论.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 予以备案；准予终止；取消.
    Grant,
    /// 不予备案；不予终止；不予取消.
    Refuse,
}

impl Matter {
    /// The clauses of the matter.
    pub const fn clauses(self) -> &'static [&'static str] {
        match self {
            Self::Filing => &["6.5", "4"],
            Self::Termination => &["10"],
            Self::Cancellation => &["9", "11"],
        }
    }

    /// The first clause of the matter.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Filing => "6.5",
            Self::Termination => "10",
            Self::Cancellation => "11",
        }
    }

    /// What it is called.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Filing => "备案决定",
            Self::Termination => "终止决定",
            Self::Cancellation => "取消备案决定",
        }
    }

    /// What the confirmed decision is called.
    pub fn title(self, outcome: Outcome) -> String {
        match (self, outcome) {
            (Self::Filing, Outcome::Grant) => "决定予以备案",
            (Self::Filing, Outcome::Refuse) => "决定不予备案",
            (Self::Termination, Outcome::Grant) => "准予终止",
            (Self::Termination, Outcome::Refuse) => "不予终止",
            (Self::Cancellation, Outcome::Grant) => "取消备案资格",
            (Self::Cancellation, Outcome::Refuse) => "不予取消",
        }
        .to_owned()
    }
}

/// 拟稿.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who drafted.
    pub by: PersonId,
    /// When.
    pub on: Date,
    /// What is proposed.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
}

/// 拟定结论.
pub fn draft(
    dossier: &Dossier,
    matter: Matter,
    outcome: Outcome,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    ripe(dossier, matter, outcome, ctx)?;
    text::paragraph("reason", "决定的理由", reason)?;
    if let Some(draft) = dossier.draft(matter) {
        if draft.outcome == outcome && draft.reason == reason {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now(
            matter.clause(),
            "已有拟稿，等复核",
            "由复核人确认，或退回拟稿",
        ));
    }
    if matter == Matter::Filing {
        dossier.another_person(ctx.actor, Step::Draft)?;
    }
    Ok(vec![Event::DecisionDrafted { matter, outcome, reason: reason.to_owned() }])
}

/// Whether this decision may be made at all now.
///
/// Once filing is decided, and while the notice runs, only the opposite can still be decided:
/// where the lead enters a list of serious dishonesty then, people end it (domain S10).
fn ripe(
    dossier: &Dossier,
    matter: Matter,
    outcome: Outcome,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match matter {
        Matter::Filing => match (&dossier.stage, outcome) {
            (Stage::Decision(stage), Outcome::Grant) if stage.confirmed.is_some() => {
                Err(Refusal::not_now("6.5", "已经作出予以备案的决定", "发布公示"))
            }
            (Stage::PublicNotice(_), Outcome::Grant) => {
                Err(Refusal::not_now("6.5", "已经作出予以备案的决定", "公示期满后备案"))
            }
            (Stage::PublicNotice(_), Outcome::Refuse) => Ok(()),
            (_, _) => dossier.decision().map(|_| ()),
        },
        Matter::Termination => match &dossier.filed()?.termination {
            Some(_) => Ok(()),
            None => Err(Refusal::not_now("10", "没有终止申请", "由牵头单位申请终止")),
        },
        Matter::Cancellation => crate::cancellation::ripe(dossier.filed()?, ctx),
    }
}

/// 复核确认 — by another person, on the draft as it stands.
pub fn confirm(
    dossier: &Dossier,
    matter: Matter,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if already(dossier, matter) {
        return Ok(vec![]);
    }
    let Some(draft) = dossier.draft(matter) else {
        return Err(Refusal::not_now(matter.clause(), "还没有拟定结论", "由业务处室经办拟定"));
    };
    ripe(dossier, matter, draft.outcome, ctx)?;
    if draft.by == ctx.actor.person {
        return Err(Refusal::forbidden(
            matter.clause(),
            "拟稿人不能复核自己的拟稿",
            "由另一人复核",
        ));
    }
    let mut findings = Vec::new();
    if matter == Matter::Filing {
        dossier.another_person(ctx.actor, Step::Confirm)?;
        if draft.outcome == Outcome::Grant {
            findings = measures::standing(dossier, ctx);
            refuse_unmet(&findings, "作出决定时核验，有条件不符合")?;
        }
    }
    if matter == Matter::Termination && draft.outcome == Outcome::Grant {
        crate::change::no_open_undertaking(dossier.filed()?)?;
    }
    Ok(vec![Event::DecisionConfirmed {
        matter,
        outcome: draft.outcome,
        reason: draft.reason.clone(),
        findings,
    }])
}

fn already(dossier: &Dossier, matter: Matter) -> bool {
    match (&dossier.stage, matter) {
        (Stage::Decision(stage), Matter::Filing) => {
            stage.confirmed.is_some() && stage.draft.is_none()
        }
        (Stage::Ended(ended), Matter::Filing) => ended.end == End::NotFiled,
        (Stage::Ended(ended), Matter::Termination) => ended.end == End::Closed,
        (Stage::Ended(ended), Matter::Cancellation) => {
            matches!(ended.end, End::Cancelled | End::Voided)
        }
        _ => false,
    }
}

/// 退回拟稿.
pub fn return_draft(
    dossier: &Dossier,
    matter: Matter,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Some(draft) = dossier.draft(matter) else {
        return Err(Refusal::not_now(matter.clause(), "没有可以退回的拟稿", "刷新页面查看"));
    };
    if draft.by == ctx.actor.person {
        return Err(Refusal::forbidden(
            matter.clause(),
            "拟稿人不能退回自己的拟稿",
            "由复核人退回",
        ));
    }
    text::paragraph("reason", "退回的理由", reason)?;
    Ok(vec![Event::DraftReturned { matter, reason: reason.to_owned() }])
}

/// The end a cancellation leads to: breach cancels, falsehood voids.
pub(crate) fn cancelled_as(filed: &Filed) -> End {
    let falsehood = filed
        .cancellation
        .as_ref()
        .is_some_and(|case| case.ground == crate::cancellation::Ground::Falsehood);
    if falsehood { End::Voided } else { End::Cancelled }
}
