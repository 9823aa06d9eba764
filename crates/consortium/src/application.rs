//! 备案申请 — naming, inviting, the form, and the submission that freezes it (Arts. 4, 6, 7).

use crate::{
    agreement,
    context::Context,
    dossier::{Dossier, Stage},
    event::Event,
    ids::{AuthorityId, Digest, DossierId, UnitId},
    materials::{
        self, ATTACHMENTS_MAX, Attachment, FILE_BYTES_MAX, FILING_BYTES_MAX, Intention,
        MEMBERS_MAX, Materials, Part, Party, Section,
    },
    measures::{self, Verdict},
    name, reference,
    refusal::Refusal,
    text,
    unit::{Standing, Unit},
};

fn party(unit: &Unit, intention: Intention) -> Party {
    Party {
        unit: unit.id.clone(),
        name: unit.profile.name.clone(),
        code: unit.profile.code.clone(),
        kind: unit.profile.kind,
        intention,
    }
}

/// 立卷 — the lead names the consortium; what no later step can cure is said at once (S05).
pub fn open(id: &DossierId, name: &str, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let unit = ctx.own_unit()?;
    if let Some(finding) = measures::article_05::lead_hard(unit)
        .into_iter()
        .find(|finding| finding.verdict == Verdict::Unmet)
    {
        return Err(Refusal::unmet(
            "5.2",
            &finding.facts.clone(),
            &finding.sentence.clone(),
            vec![finding],
        ));
    }
    let name = name::usable(name, ctx, "name")?;
    name::room_for_one_more(ctx)?;
    Ok(vec![Event::Opened {
        dossier: id.clone(),
        name,
        lead: party(unit, Intention::Accepted { on: ctx.today() }),
        parameters: ctx.parameters.clone(),
    }])
}

/// 更名 — before filing; a signed agreement bears the old name and is voided (S02).
pub fn rename(
    dossier: &Dossier,
    name: &str,
    void: bool,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if dossier.materials.name == name.trim() {
        return Ok(vec![]);
    }
    dossier.editable(Part::Parties)?;
    let name = name::usable(name, ctx, "name")?;
    agreement::may_void(dossier, void)?;
    Ok(vec![Event::Renamed { name }])
}

/// 邀请成员单位.
pub fn invite(
    dossier: &Dossier,
    unit: &UnitId,
    void: bool,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if let Some(party) = dossier.materials.party(unit)
        && !matches!(party.intention, Intention::Declined { .. })
    {
        return Ok(vec![]);
    }
    dossier.editable(Part::Parties)?;
    let Some(invited) = ctx.units.get(unit) else {
        return Err(Refusal::field("unit", "没有这个单位", "请对方先注册单位"));
    };
    // The lead is a party and no member; a unit invited again takes its own place.
    let others = dossier.materials.parties.iter().skip(1).filter(|party| party.unit != *unit);
    if others.count() >= MEMBERS_MAX {
        return Err(Refusal::field(
            "unit",
            &format!("成员单位最多 {MEMBERS_MAX} 家"),
            "先移出不参加的单位",
        ));
    }
    if invited.standing != Standing::Active {
        return Err(Refusal::field(
            "unit",
            "该单位的账号还没有激活",
            "由其归口管理部门激活后再邀请",
        ));
    }
    agreement::may_void(dossier, void)?;
    Ok(vec![Event::Invited { party: party(invited, Intention::Pending) }])
}

/// 答复邀请 — each member from its own account (Art. 4).
pub fn answer(
    dossier: &Dossier,
    accept: bool,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let unit = ctx.own_unit()?.id.clone();
    let Some(party) = dossier.materials.party(&unit) else {
        return Err(Refusal::not_found("没有给你单位的邀请", "联系牵头单位"));
    };
    match (&party.intention, accept) {
        (Intention::Accepted { .. }, true) | (Intention::Declined { .. }, false) => {
            return Ok(vec![]);
        }
        (Intention::Pending, _) => {}
        (Intention::Accepted { .. }, false) => {
            return Err(Refusal::not_now(
                "4",
                "已经确认合作意向",
                "需要退出的，联系牵头单位移出，或不同意签署协议",
            ));
        }
        (Intention::Declined { .. }, true) => {
            return Err(Refusal::not_now("4", "已经答复不参加", "由牵头单位重新邀请"));
        }
    }
    dossier.editable(Part::Parties)?;
    if accept {
        return Ok(vec![Event::InvitationAccepted { unit }]);
    }
    text::paragraph("reason", "不参加的理由", reason)?;
    Ok(vec![Event::InvitationDeclined { unit, reason: reason.to_owned() }])
}

/// 移出成员 — before filing.
pub fn remove(dossier: &Dossier, unit: &UnitId, void: bool) -> Result<Vec<Event>, Refusal> {
    if dossier.lead() == unit {
        return Err(Refusal::field(
            "unit",
            "牵头单位不能移出",
            "更换牵头单位的，由新的牵头单位另行发起",
        ));
    }
    if dossier.materials.party(unit).is_none() {
        return Ok(vec![]);
    }
    dossier.editable(Part::Parties)?;
    agreement::may_void(dossier, void)?;
    Ok(vec![Event::MemberRemoved { unit: unit.clone() }])
}

/// 填写登记表的一节 — the lead any section, a member its own block.
pub fn write(
    dossier: &Dossier,
    section: &Section,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let own = ctx.actor.unit();
    let by_lead = own == Some(dossier.lead());
    let part = section.part();
    let own_block = section.unit().is_some() && section.unit() == own;
    if part.own_only() && !own_block {
        return Err(Refusal::forbidden(
            "7.1",
            "承诺由作出承诺的单位在自己的账号里填写",
            "由该成员单位的经办人填写",
        ));
    }
    if !by_lead && !own_block {
        return Err(Refusal::forbidden(
            "7.1",
            "这一节由牵头单位填写",
            "成员单位只填写本单位的各节",
        ));
    }
    if dossier.materials.holds(section) {
        return Ok(vec![]);
    }
    dossier.editable(part)?;
    let mut after = dossier.materials.clone();
    after.write(section);
    agreement::unlocked(dossier, &after, part.term())?;
    materials::check(&dossier.materials, section)?;
    Ok(vec![Event::SectionWritten { section: section.clone() }])
}

/// The dossier as it would stand if a section were written like this: the rules answer for a
/// draft what they would answer for the section, and nothing happens.
#[must_use]
pub fn as_if(dossier: &Dossier, section: &Section) -> Dossier {
    let mut copy = dossier.clone();
    copy.materials.write(section);
    copy
}

/// 上传附件 — or, of a file that is there, its place on the list: then the other places are given up
/// by the same decision, so that it stands somewhere at every moment.
pub fn attach(
    dossier: &Dossier,
    attachment: &Attachment,
    moves: bool,
) -> Result<Vec<Event>, Refusal> {
    if dossier.materials.attachments.contains(attachment) {
        return Ok(vec![]);
    }
    let stood = |kept: &Attachment| moves && kept.digest == attachment.digest;
    let mut before = dossier.materials.clone();
    before.attachments.retain(|kept| !stood(kept));
    let gone = dossier.materials.attachments.iter().find(|kept| stood(kept));
    let gone = gone.map(|kept| Event::Detached { digest: kept.digest.clone() });
    dossier.editable(Part::Attachments)?;
    text::line("item", "材料名称", &attachment.item)?;
    text::line("name", "文件名", &attachment.name)?;
    let mut after = before.clone();
    after.attachments.push(attachment.clone());
    agreement::unlocked(dossier, &after, agreement::ANNEX)?;
    if before.attachments.len() >= ATTACHMENTS_MAX {
        return Err(Refusal::field(
            "file",
            &format!("附件最多 {ATTACHMENTS_MAX} 份"),
            "合并后再上传",
        ));
    }
    if let Some(unit) = &attachment.unit {
        materials::known("unit", &dossier.materials, unit)?;
    }
    has_room(&before, attachment.size_bytes)?;
    let attached = Event::Attached { attachment: attachment.clone() };
    Ok(gone.into_iter().chain([attached]).collect())
}

/// Refuses a file that is larger than one may be, or than what is left for all.
pub fn has_room(materials: &Materials, size_bytes: u64) -> Result<(), Refusal> {
    if size_bytes > FILE_BYTES_MAX {
        return Err(Refusal::field(
            "file",
            &format!("单个文件不超过 {} MB", FILE_BYTES_MAX >> 20),
            "压缩图片、降低扫描分辨率，或拆成几份再上传",
        ));
    }
    if materials.attached_bytes().saturating_add(size_bytes) > FILING_BYTES_MAX {
        return Err(Refusal::field(
            "file",
            &format!("一件申请的附件合计不超过 {} GB", FILING_BYTES_MAX >> 30),
            "移出不需要的附件，或压缩后再上传",
        ));
    }
    Ok(())
}

/// 移出附件.
pub fn detach(dossier: &Dossier, digest: &Digest) -> Result<Vec<Event>, Refusal> {
    if dossier.materials.attachments.iter().all(|kept| kept.digest != *digest) {
        return Ok(vec![]);
    }
    dossier.editable(Part::Attachments)?;
    let mut after = dossier.materials.clone();
    after.attachments.retain(|kept| kept.digest != *digest);
    agreement::unlocked(dossier, &after, agreement::ANNEX)?;
    Ok(vec![Event::Detached { digest: digest.clone() }])
}

/// 提交 — freezes the package once every rule that a machine decides is met (Arts. 5–7).
pub fn submit(
    dossier: &Dossier,
    package: &Digest,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if dossier.submission().is_some() {
        return Ok(vec![]);
    }
    if !matches!(dossier.stage, Stage::Drafting(_) | Stage::Signing(_)) {
        return Err(dossier.not_while("6.3"));
    }
    name::held(dossier)?;
    let findings = measures::examine(dossier, ctx);
    refuse_unmet(&findings, "有条件还不符合，不能提交")?;
    let authority = ctx
        .units
        .get(dossier.lead())
        .and_then(|unit| reference::route(&unit.profile.area, ctx.today(), None))
        .ok_or_else(|| {
            Refusal::not_now("6.4", "按牵头单位住所找不到归口管理部门", "核对单位资料里的住所")
        })?;
    Ok(vec![Event::Submitted {
        package: package.clone(),
        at: ctx.now,
        authority: AuthorityId::from(authority.id),
        findings,
        parameters: ctx.parameters.clone(),
    }])
}

/// Refuses with every finding that is not met, each with its clause.
pub(crate) fn refuse_unmet(findings: &[measures::Finding], reason: &str) -> Result<(), Refusal> {
    let unmet: Vec<_> = findings.iter().filter(|f| f.verdict == Verdict::Unmet).cloned().collect();
    let Some(first) = unmet.first() else { return Ok(()) };
    let clause = measures::clause(&first.clause).map_or("5", |clause| clause.id.0);
    let more =
        if unmet.len() > 1 { format!("；另有 {} 项", unmet.len() - 1) } else { String::new() };
    let reason = format!("{reason}：{}{more}", first.facts);
    Err(Refusal::unmet(clause, &reason, &first.sentence.clone(), unmet))
}

/// 撤回 — the lead may stop until the decision is confirmed.
pub fn withdraw(dossier: &Dossier, reason: &str) -> Result<Vec<Event>, Refusal> {
    text::paragraph("reason", "撤回的理由", reason)?;
    match &dossier.stage {
        Stage::Filed(_) => Err(Refusal::not_now(
            "10",
            "已经备案，不能撤回",
            "可以提交“申请终止”，由自治区科技厅决定",
        )),
        Stage::PublicNotice(_) => Err(Refusal::not_now(
            "6.5",
            "已作出决定并公示，不能自行撤回",
            "有客观原因的，书面联系自治区科技厅",
        )),
        Stage::Decision(stage) if stage.confirmed.is_some() => Err(Refusal::not_now(
            "6.5",
            "已经作出决定，不能撤回",
            "有客观原因的，书面联系自治区科技厅",
        )),
        Stage::Ended(_) => Err(dossier.not_while("6.3")),
        Stage::Drafting(_)
        | Stage::Signing(_)
        | Stage::Recommendation(_)
        | Stage::FormalReview(_)
        | Stage::ExpertReview(_)
        | Stage::Decision(_) => Ok(vec![Event::Withdrawn { reason: reason.to_owned() }]),
    }
}
