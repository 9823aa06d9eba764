//! 重大事项变更与终止 — reported, checked against the conditions again, recorded (Art. 10).
//!
//! There is no way to dissolve: only an application for termination, which the Department decides
//! and which cannot go through while tasks are open.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    agreement::{Supplement, supplement},
    context::Context,
    decision::Draft,
    dossier::{Dossier, Filed},
    event::Event,
    ids::{AuthorityId, UnitId},
    materials::{Intention, MEMBERS_MAX, Party},
    measures::{self, Finding, Verdict},
    name, reference,
    refusal::Refusal,
    text,
    unit::{Standing, Unit},
};

/// 变更类型 (domain §2.6; which changes are 重大 is a setting).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// V01 牵头单位变更.
    Lead,
    /// V02 联合体更名.
    Name,
    /// V03 新增成员.
    Join,
    /// V04 成员退出、除名.
    Leave,
    /// V05–V07 单位更名、法定代表人、住所.
    UnitData,
    /// V09 单位合并、分立、注销、破产.
    UnitFate,
    /// V10 归口管理部门变更.
    Authority,
    /// V11 技术方向、目标重大调整.
    Direction,
    /// V12 投入、收益、知识产权条款变更.
    Terms,
    /// V13 平台撤销、降级、新增.
    Platform,
    /// V14 信用状况变化.
    Credit,
    /// V15 联系人、秘书处.
    Contact,
}

impl ChangeKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Lead,
        Self::Name,
        Self::Join,
        Self::Leave,
        Self::UnitData,
        Self::UnitFate,
        Self::Authority,
        Self::Direction,
        Self::Terms,
        Self::Platform,
        Self::Credit,
        Self::Contact,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Lead => "牵头单位变更",
            Self::Name => "联合体更名",
            Self::Join => "新增成员",
            Self::Leave => "成员退出或除名",
            Self::UnitData => "单位更名、法定代表人或住所变更",
            Self::UnitFate => "单位合并、分立、注销或破产",
            Self::Authority => "归口管理部门变更",
            Self::Direction => "技术方向、目标重大调整",
            Self::Terms => "投入、收益或知识产权条款变更",
            Self::Platform => "平台撤销、降级或新增",
            Self::Credit => "信用状况变化",
            Self::Contact => "联系人、秘书处变更",
        }
    }

    /// The value used in commands and in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Name => "name",
            Self::Join => "join",
            Self::Leave => "leave",
            Self::UnitData => "unit_data",
            Self::UnitFate => "unit_fate",
            Self::Authority => "authority",
            Self::Direction => "direction",
            Self::Terms => "terms",
            Self::Platform => "platform",
            Self::Credit => "credit",
            Self::Contact => "contact",
        }
    }

    /// A 审核 · B 报备 · C 登记.
    pub const fn class(self) -> char {
        match self {
            Self::Lead => 'A',
            Self::UnitData | Self::Contact => 'C',
            Self::Name
            | Self::Join
            | Self::Leave
            | Self::UnitFate
            | Self::Authority
            | Self::Direction
            | Self::Terms
            | Self::Platform
            | Self::Credit => 'B',
        }
    }
}

/// What is to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeContent {
    /// 客观原因与变更内容.
    pub reason: String,
    /// 新名称.
    #[serde(default)]
    pub new_name: Option<String>,
    /// 涉及的单位: the new lead, the one that joins, or the one that leaves.
    #[serde(default)]
    pub unit: Option<UnitId>,
}

/// 变更.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Counts from 1.
    pub no: u32,
    /// When it was reported.
    pub on: Date,
    /// 类型.
    pub kind: ChangeKind,
    /// 发生日期.
    pub occurred_on: Date,
    /// 内容.
    pub content: ChangeContent,
    /// 补充协议, once one was written.
    pub supplement: Option<Supplement>,
    /// When and how it was decided: accepted or not, and why.
    pub decided: Option<(Date, bool, String)>,
}

/// 申请终止.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Termination {
    /// When.
    pub on: Date,
    /// 客观原因.
    pub circumstance: String,
    /// 各方决议.
    pub resolution: String,
    /// 拟稿.
    pub draft: Option<Draft>,
}

fn open(filed: &Filed) -> Option<&Change> {
    filed.changes.iter().find(|change| change.decided.is_none())
}

/// 报告变更 — one at a time; what a machine can see at once is said at once.
pub fn report(
    dossier: &Dossier,
    kind: ChangeKind,
    occurred_on: Date,
    content: &ChangeContent,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    if let Some(change) = open(filed) {
        if change.kind == kind && change.content == *content {
            return Ok(vec![]);
        }
        let reason = format!("已有一件“{}”在办", change.kind.term());
        return Err(Refusal::not_now("10", &reason, "办结后再报下一件"));
    }
    // A change of class C is decided at once; asked for again it has already happened.
    let done = |last: &Change| {
        kind.class() == 'C'
            && (last.kind, last.on, last.occurred_on) == (kind, ctx.today(), occurred_on)
            && last.content == *content
    };
    if filed.changes.last().is_some_and(done) {
        return Ok(vec![]);
    }
    text::section("reason", "客观原因与变更内容", &content.reason)?;
    if occurred_on > ctx.today() {
        return Err(Refusal::field("occurred_on", "发生日期晚于今天", "核对日期"));
    }
    possible(dossier, kind, content, ctx)?;
    let no = u32::try_from(filed.changes.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut events =
        vec![Event::ChangeReported { no, kind, occurred_on, content: content.clone() }];
    if kind.class() == 'C' {
        events.push(decided(dossier, no, kind, content, "登记类变更，系统记录", ctx)?);
    }
    Ok(events)
}

fn possible(
    dossier: &Dossier,
    kind: ChangeKind,
    content: &ChangeContent,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    match kind {
        ChangeKind::Name => {
            let name = content.new_name.as_deref().unwrap_or_default();
            name::usable(name, ctx, "new_name").map(drop)
        }
        ChangeKind::Lead => {
            let unit = named_unit(content, ctx)?;
            let hard = measures::article_05::lead_hard(unit)
                .into_iter()
                .chain([measures::article_05::credit(unit, true, ctx.today(), &dossier.parameters)])
                .find(|finding| finding.verdict == Verdict::Unmet);
            match hard {
                Some(finding) => Err(Refusal::unmet(
                    "5.2",
                    &finding.facts.clone(),
                    &finding.sentence.clone(),
                    vec![finding],
                )),
                None => Ok(()),
            }
        }
        ChangeKind::Join => {
            let unit = named_unit(content, ctx)?;
            if dossier.materials.standing().any(|party| party.unit == unit.id) {
                return Err(Refusal::field("unit", "该单位已经是成员", "核对单位"));
            }
            if dossier.materials.standing().skip(1).count() >= MEMBERS_MAX {
                return Err(Refusal::field(
                    "unit",
                    &format!("成员单位最多 {MEMBERS_MAX} 家"),
                    "先办理退出",
                ));
            }
            let finding = measures::article_05::member_legal(unit);
            if finding.verdict == Verdict::Unmet {
                return Err(Refusal::unmet(
                    "5.3",
                    &finding.facts.clone(),
                    &finding.sentence.clone(),
                    vec![finding],
                ));
            }
            Ok(())
        }
        ChangeKind::Leave => {
            let unit = named_unit(content, ctx)?;
            if unit.id == *dossier.lead() {
                return Err(Refusal::field(
                    "unit",
                    "牵头单位退出要办“牵头单位变更”",
                    "改选变更类型",
                ));
            }
            if dossier.materials.party(&unit.id).is_none() {
                return Err(Refusal::field("unit", "该单位不是成员", "从成员中选"));
            }
            Ok(())
        }
        ChangeKind::UnitData
        | ChangeKind::UnitFate
        | ChangeKind::Authority
        | ChangeKind::Direction
        | ChangeKind::Terms
        | ChangeKind::Platform
        | ChangeKind::Credit
        | ChangeKind::Contact => Ok(()),
    }
}

fn named_unit<'a>(content: &ChangeContent, ctx: &Context<'a>) -> Result<&'a Unit, Refusal> {
    let unit = content.unit.as_ref().and_then(|id| ctx.units.get(id));
    match unit {
        Some(unit) if unit.standing == Standing::Active => Ok(unit),
        Some(_) => Err(Refusal::field("unit", "该单位的账号还没有激活", "激活后再报")),
        None => Err(Refusal::field("unit", "写明涉及的单位", "从已注册的单位中选")),
    }
}

/// 办结变更 — by the Department; a refusal needs a reason.
pub fn decide(
    dossier: &Dossier,
    no: u32,
    accepted: bool,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    let Some(change) = filed.changes.iter().find(|change| change.no == no) else {
        return Err(Refusal::field("no", "没有这件变更", "从列表中选"));
    };
    if change.decided.is_some() {
        return Ok(vec![]);
    }
    text::paragraph("reason", "办理意见", reason)?;
    if !accepted {
        return Ok(vec![Event::ChangeDecided {
            no,
            accepted,
            reason: reason.to_owned(),
            parties: dossier.materials.parties.clone(),
            authority: None,
            findings: vec![],
        }]);
    }
    possible(dossier, change.kind, &change.content, ctx)?;
    supplement::in_force(dossier, change)?;
    Ok(vec![decided(dossier, no, change.kind, &change.content, reason, ctx)?])
}

fn decided(
    dossier: &Dossier,
    no: u32,
    kind: ChangeKind,
    content: &ChangeContent,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let parties = parties_after(&dossier.materials.parties, kind, content, ctx)?;
    let mut after = dossier.clone();
    after.materials.parties.clone_from(&parties);
    let findings = measures::standing(&after, ctx);
    Ok(Event::ChangeDecided {
        no,
        accepted: true,
        reason: reason.to_owned(),
        authority: authority_after(dossier, &parties, ctx),
        parties,
        findings,
    })
}

/// 归口管理部门变更 — the authority of the lead's address on this day, where it is another one.
fn authority_after(dossier: &Dossier, parties: &[Party], ctx: &Context<'_>) -> Option<AuthorityId> {
    let lead = parties.first().and_then(|party| ctx.units.get(&party.unit))?;
    let routed = reference::route(&lead.profile.area, ctx.today(), None)?;
    let authority = AuthorityId::from(routed.id);
    (dossier.authority.as_ref() != Some(&authority)).then_some(authority)
}

fn parties_after(
    parties: &[Party],
    kind: ChangeKind,
    content: &ChangeContent,
    ctx: &Context<'_>,
) -> Result<Vec<Party>, Refusal> {
    let mut after = parties.to_vec();
    match kind {
        ChangeKind::Lead => {
            let unit = named_unit(content, ctx)?;
            after.retain(|party| party.unit != unit.id);
            after.insert(0, joined(unit, ctx.today()));
        }
        ChangeKind::Join => {
            let unit = named_unit(content, ctx)?;
            after.retain(|party| party.unit != unit.id);
            after.push(joined(unit, ctx.today()));
        }
        ChangeKind::Leave => after.retain(|party| Some(&party.unit) != content.unit.as_ref()),
        ChangeKind::UnitData => {
            let fresh: BTreeMap<_, _> =
                ctx.units.iter().map(|(id, u)| (id, &u.profile.name)).collect();
            for party in &mut after {
                if let Some(name) = fresh.get(&party.unit) {
                    party.name.clone_from(name);
                }
            }
        }
        ChangeKind::Name
        | ChangeKind::UnitFate
        | ChangeKind::Authority
        | ChangeKind::Direction
        | ChangeKind::Terms
        | ChangeKind::Platform
        | ChangeKind::Credit
        | ChangeKind::Contact => {}
    }
    Ok(after)
}

pub(crate) fn joined(unit: &Unit, on: Date) -> Party {
    Party {
        unit: unit.id.clone(),
        name: unit.profile.name.clone(),
        code: unit.profile.code.clone(),
        kind: unit.profile.kind,
        intention: Intention::Accepted { on },
    }
}

/// Conditions that a change left unmet or open: a person looks at each (J41).
pub fn doubts(findings: &[Finding]) -> Vec<Finding> {
    findings.iter().filter(|finding| finding.verdict != Verdict::Met).cloned().collect()
}

/// 认定条件疑点.
pub fn settle(dossier: &Dossier, rule: &str, reason: &str) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    if filed.doubts.iter().all(|finding| finding.rule != rule) {
        return Ok(vec![]);
    }
    text::paragraph("reason", "认定意见", reason)?;
    Ok(vec![Event::DoubtSettled { rule: rule.to_owned(), reason: reason.to_owned() }])
}

/// Refuses while tasks are open: 在承担各项工作任务期间，不得自行解散 (S22).
pub(crate) fn no_open_undertaking(filed: &Filed) -> Result<(), Refusal> {
    let open: Vec<&str> = filed
        .undertakings
        .iter()
        .filter(|undertaking| undertaking.finished.is_none())
        .map(|undertaking| undertaking.title.as_str())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::not_now(
        "10",
        &format!("还在承担任务，不得自行解散：{}", open.join("、")),
        "任务完成或移交并登记后，再申请终止",
    ))
}

/// 申请终止.
pub fn apply_for_termination(
    dossier: &Dossier,
    circumstance: &str,
    resolution: &str,
) -> Result<Vec<Event>, Refusal> {
    let filed = dossier.filed()?;
    if filed.termination.is_some() {
        return Ok(vec![]);
    }
    no_open_undertaking(filed)?;
    text::section("circumstance", "客观原因", circumstance)?;
    text::section("resolution", "各方决议与善后安排", resolution)?;
    Ok(vec![Event::TerminationApplied {
        circumstance: circumstance.to_owned(),
        resolution: resolution.to_owned(),
    }])
}
