//! 归口管理部门推荐 — truth and accuracy are checked, another person signs off (Art. 6(4)).

use crate::{
    application::refuse_unmet,
    context::Context,
    dossier::{Dossier, Step},
    event::Event,
    measures,
    refusal::Refusal,
    text,
};

/// 审核真实性、准确性 — the clerk's check; once given it stands.
pub fn check(dossier: &Dossier, opinion: &str) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.recommendation()?;
    text::paragraph("opinion", "审核意见", opinion)?;
    match &stage.check {
        None => Ok(vec![Event::MaterialsChecked { opinion: opinion.to_owned() }]),
        Some(check) if check.text == opinion => Ok(vec![]),
        Some(_) => Err(Refusal::not_now("6.4", "这一件已经审核", "由签发人签发，或退回修改")),
    }
}

/// 签发推荐意见 — by another person than the one who checked.
pub fn recommend(
    dossier: &Dossier,
    opinion: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.recommendation()?;
    if stage.check.is_none() {
        return Err(Refusal::not_now("6.4", "还没有审核真实性和准确性", "由初审员先写明审核意见"));
    }
    dossier.another_person(ctx.actor, Step::Recommend)?;
    text::paragraph("opinion", "推荐意见", opinion)?;
    let findings = measures::standing(dossier, ctx);
    refuse_unmet(&findings, "推荐时核验，有条件已不符合")?;
    Ok(vec![Event::Recommended { opinion: opinion.to_owned(), findings }])
}

/// 退回修改.
pub fn return_for_changes(dossier: &Dossier, reason: &str) -> Result<Vec<Event>, Refusal> {
    dossier.recommendation()?;
    text::paragraph("reason", "退回的理由", reason)?;
    Ok(vec![Event::Returned { reason: reason.to_owned() }])
}

/// 不予推荐 — signed off by another person than the one who checked.
pub fn decline(dossier: &Dossier, reason: &str, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.recommendation()?;
    if stage.check.is_none() {
        return Err(Refusal::not_now("6.4", "还没有审核真实性和准确性", "由初审员先写明审核意见"));
    }
    dossier.another_person(ctx.actor, Step::Recommend)?;
    text::paragraph("reason", "不予推荐的理由", reason)?;
    Ok(vec![Event::RecommendationDeclined { reason: reason.to_owned() }])
}
