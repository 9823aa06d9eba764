//! 专家评审 — the draw, declarations of interest, sheets, and the computed conclusion (Art. 6(5)).
//!
//! Nobody employed by a party sits. The draw is a function of the seed, the roster and the
//! parties, so anybody can compute it again. Sheets are invisible to the other experts until all
//! are in; a voided sheet is struck, never deleted. The conclusion is arithmetic; what follows
//! from it is decided by people.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    context::Context,
    department::Expert,
    dossier::{Dossier, ExpertReview, Step},
    event::Event,
    ids::{PersonId, Personal},
    parameter::{ParameterKey, Parameters},
    refusal::Refusal,
    text::{self, Limit},
};

/// 评分项目 and their full marks, a hundred in all (domain §2.8, a setting).
pub const CRITERIA: [(&str, u8); 6] = [
    ("组建必要性与方向", 15),
    ("牵头单位能力", 20),
    ("成员互补与研发条件", 20),
    ("目标任务分工可行性", 20),
    ("协议机制", 15),
    ("预期效益", 10),
];
/// Most experts of one panel.
pub const PANEL_MAX: usize = 15;

/// 专家类别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpertKind {
    /// 技术.
    Technical,
    /// 管理、财务.
    Management,
}

/// A roster entry as it stood at the draw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The expert.
    pub expert: PersonId,
    /// Present and recent employers.
    pub employers: Vec<String>,
    /// 类别.
    pub kind: ExpertKind,
}

/// A seat given at the draw or afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seating {
    /// The expert.
    pub expert: PersonId,
    /// The expert's name, known to the organiser only.
    pub name: Personal,
    /// What others see: 专家甲, 专家乙 …
    pub label: String,
    /// 类别.
    pub kind: ExpertKind,
}

/// 评审意见.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// 同意备案.
    Agree,
    /// 修改后同意: counts as agreement, with conditions.
    AgreeWithChanges,
    /// 不同意.
    Disagree,
}

impl Vote {
    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Agree => "同意备案",
            Self::AgreeWithChanges => "修改后同意",
            Self::Disagree => "不同意",
        }
    }
}

/// 评审意见表 of one expert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Points a criterion, in the order of [`CRITERIA`].
    pub scores: Vec<u8>,
    /// A remark a criterion; required below the low-score share.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// 结论.
    pub vote: Vote,
    /// 评审意见.
    pub opinion: String,
}

impl Sheet {
    /// The sum, 0–100.
    pub fn total(&self) -> u32 {
        self.scores.iter().copied().map(u32::from).sum()
    }
}

/// 回避声明.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// Not declared yet: no material is shown before it.
    Pending,
    /// 无利害关系.
    Clear(Date),
    /// 申请回避, with the reason.
    Recused(String),
}

/// 席位.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who sits.
    pub seating: Seating,
    /// Conflict first, then content.
    pub declaration: Declaration,
    /// The sheet handed in.
    pub sheet: Option<Sheet>,
    /// Why the sheet was struck.
    pub voided: Option<String>,
}

impl Seat {
    /// Whether this seat still counts.
    pub fn sits(&self) -> bool {
        self.voided.is_none() && !matches!(self.declaration, Declaration::Recused(_))
    }
}

/// 评审专家组.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// The seed of the draw.
    pub seed: u64,
    /// When it was drawn.
    pub on: Date,
    /// How many sit.
    pub size: usize,
    /// Who was excluded at the draw, and why.
    pub excluded: Vec<(PersonId, String)>,
    /// The roster as it stood.
    pub candidates: Vec<Candidate>,
    /// Every seat ever given.
    pub seats: Vec<Seat>,
    /// Who comes next when a seat falls free, in the drawn order.
    pub reserve: Vec<PersonId>,
}

impl Panel {
    /// The seats that count.
    pub fn sitting(&self) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(|seat| seat.sits())
    }

    /// One expert's seat that counts.
    pub fn seat(&self, expert: &PersonId) -> Option<&Seat> {
        self.sitting().find(|seat| seat.seating.expert == *expert)
    }

    /// Whether every sheet is in: only then does anybody see another's.
    pub fn complete(&self) -> bool {
        self.sitting().count() == self.size && self.sitting().all(|seat| seat.sheet.is_some())
    }
}

/// 评审结论 — computed from the sheets that stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// Sheets that stand.
    pub sheets: u32,
    /// 同意, with or without changes.
    pub agree: u32,
    /// Mean of the totals in hundredths of a point; highest and lowest are left out from seven on.
    pub mean_hundredths: u32,
    /// Highest total less lowest.
    pub spread: u32,
    /// Whether the spread asks for a discussion.
    pub dispersed: bool,
    /// Votes and mean both reach their marks.
    pub passed: bool,
}

/// Why an expert may not sit, if anything speaks against it.
fn exclusion(expert: &Expert, parties: &[&str]) -> Option<String> {
    if let Some(reason) = &expert.dismissed {
        return Some(format!("已停止聘任：{reason}"));
    }
    let named = |employer: &&String| parties.contains(&employer.trim());
    let employer = expert.employers.iter().find(named)?;
    Some(format!("任职或三年内任职于本联合体单位：{employer}"))
}

/// A step of splitmix64: the draw needs a fixed, simple order and no secrecy.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn shuffled(mut experts: Vec<&Expert>, mut seed: u64) -> Vec<&Expert> {
    experts.sort_by(|a, b| a.person.cmp(&b.person));
    for last in (1..experts.len()).rev() {
        let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let pick = usize::try_from(next(&mut seed) % bound).unwrap_or(0);
        experts.swap(last, pick);
    }
    experts
}

/// Picks the seats in the drawn order: enough technical experts, enough management, one an employer.
fn picked<'a>(
    order: &[&'a Expert],
    size: usize,
    parameters: &Parameters,
) -> (Vec<&'a Expert>, Vec<&'a Expert>) {
    let percent = usize::try_from(parameters.get(ParameterKey::PanelTechnicalPercent)).unwrap_or(0);
    let management_least =
        usize::try_from(parameters.get(ParameterKey::PanelManagementMin)).unwrap_or(0);
    let technical_least = (size * percent).div_ceil(100);
    let management_most = size.saturating_sub(technical_least);
    let technical_most = size.saturating_sub(management_least);
    let (mut chosen, mut reserve): (Vec<&Expert>, Vec<&Expert>) = (Vec::new(), Vec::new());
    for expert in order {
        let of_kind = chosen.iter().filter(|other| other.kind == expert.kind).count();
        let room = match expert.kind {
            ExpertKind::Technical => of_kind < technical_most,
            ExpertKind::Management => of_kind < management_most,
        };
        let colleague =
            chosen.iter().any(|other| other.employers.first() == expert.employers.first());
        if chosen.len() < size && room && !colleague {
            chosen.push(expert);
        } else {
            reserve.push(expert);
        }
    }
    (chosen, reserve)
}

fn label(position: usize) -> String {
    const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    match STEMS.get(position) {
        Some(stem) => format!("专家{stem}"),
        None => format!("专家{}", position + 1),
    }
}

fn seating(expert: &Expert, position: usize) -> Seating {
    Seating {
        expert: expert.person.clone(),
        name: expert.name.clone(),
        label: label(position),
        kind: expert.kind,
    }
}

/// 抽取专家.
pub fn draw(dossier: &Dossier, size: usize, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let stage = dossier.expert_review()?;
    if let Some(panel) = &stage.panel {
        if panel.size == size {
            return Ok(vec![]);
        }
        return Err(Refusal::not_now(
            "6.5",
            "专家组已经抽取",
            "需要更换的，由专家回避或作废评分后补抽",
        ));
    }
    dossier.another_person(ctx.actor, Step::Convene)?;
    let least =
        usize::try_from(dossier.parameters.get(ParameterKey::PanelMin)).unwrap_or(PANEL_MAX);
    if size < least || size > PANEL_MAX || size.is_multiple_of(2) {
        let reason = format!("专家组为不少于 {least} 人、不多于 {PANEL_MAX} 人的单数");
        return Err(Refusal::field("size", &reason, "改为单数"));
    }
    let parties: Vec<&str> = dossier.materials.parties.iter().map(|p| p.name.as_str()).collect();
    let mut excluded = Vec::new();
    let mut eligible = Vec::new();
    for expert in ctx.experts {
        match exclusion(expert, &parties) {
            Some(reason) => excluded.push((expert.person.clone(), reason)),
            None => eligible.push(expert),
        }
    }
    let order = shuffled(eligible, ctx.seed);
    let (chosen, reserve) = picked(&order, size, &dossier.parameters);
    if chosen.len() < size {
        let reason = format!("符合条件的专家只有 {} 人，抽不满 {size} 人", chosen.len());
        return Err(Refusal::not_now("6.5", &reason, "补充专家库，或减少人数"));
    }
    let candidates = order
        .iter()
        .map(|expert| Candidate {
            expert: expert.person.clone(),
            employers: expert.employers.clone(),
            kind: expert.kind,
        })
        .collect();
    Ok(vec![Event::PanelDrawn {
        seed: ctx.seed,
        candidates,
        excluded,
        seats: chosen.iter().enumerate().map(|(at, expert)| seating(expert, at)).collect(),
        reserve: reserve.iter().map(|expert| expert.person.clone()).collect(),
    }])
}

fn panel(stage: &ExpertReview) -> Result<&Panel, Refusal> {
    stage
        .panel
        .as_ref()
        .ok_or_else(|| Refusal::not_now("6.5", "专家组还没有抽取", "由评审组织员抽取专家"))
}

fn own_seat<'a>(panel: &'a Panel, ctx: &Context<'_>) -> Result<&'a Seat, Refusal> {
    panel
        .seat(&ctx.actor.person)
        .ok_or_else(|| Refusal::not_found("没有分给你的评审任务", "回到工作台查看"))
}

/// 声明利害关系 — before any material is shown; a conflict frees the seat at once.
pub fn declare(
    dossier: &Dossier,
    conflict: bool,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let panel = panel(dossier.expert_review()?)?;
    let seat = own_seat(panel, ctx)?;
    let expert = ctx.actor.person.clone();
    match (&seat.declaration, conflict) {
        (Declaration::Clear(_), false) => Ok(vec![]),
        (Declaration::Pending, false) => Ok(vec![Event::InterestDenied { expert }]),
        (_, true) if seat.sheet.is_some() => {
            Err(Refusal::not_now("6.5", "评分已提交，不能再申请回避", "联系评审组织员说明情况"))
        }
        (_, true) => {
            text::paragraph("reason", "回避的理由", reason)?;
            let mut events =
                vec![Event::Recused { expert: expert.clone(), reason: reason.to_owned() }];
            events.extend(replacement(dossier, panel, seat, ctx));
            Ok(events)
        }
        (Declaration::Recused(_), false) => {
            Err(Refusal::not_now("6.5", "已经回避", "回到工作台查看"))
        }
    }
}

/// The employers of the experts that stay when one leaves: no two seats share one.
fn employers_of<'a>(panel: &'a Panel, leaving: &Seat, ctx: &'a Context<'_>) -> Vec<&'a String> {
    let stays = panel.sitting().filter(|seat| seat.seating.expert != leaving.seating.expert);
    let drawn = |expert: &PersonId| panel.candidates.iter().find(|c| c.expert == *expert);
    let enrolled = |expert: &PersonId| ctx.experts.iter().find(|e| e.person == *expert);
    stays
        .filter_map(|seat| {
            let expert = &seat.seating.expert;
            let employers = drawn(expert).map(|candidate| &candidate.employers);
            employers.or_else(|| enrolled(expert).map(|expert| &expert.employers))?.first()
        })
        .collect()
}

/// Whether an expert may take the seat that falls free now: the same kind, no colleague, and
/// nothing that speaks against it today.
fn fits(
    expert: &Expert,
    dossier: &Dossier,
    panel: &Panel,
    leaving: &Seat,
    ctx: &Context<'_>,
) -> bool {
    let parties: Vec<&str> = dossier.materials.parties.iter().map(|p| p.name.as_str()).collect();
    let taken = employers_of(panel, leaving, ctx);
    expert.kind == leaving.seating.kind
        && exclusion(expert, &parties).is_none()
        && !expert.employers.first().is_some_and(|employer| taken.contains(&employer))
}

/// The next eligible expert of the same kind in the drawn order; nobody, when the reserve is spent.
fn replacement(
    dossier: &Dossier,
    panel: &Panel,
    leaving: &Seat,
    ctx: &Context<'_>,
) -> Option<Event> {
    let enrolled = |person: &PersonId| ctx.experts.iter().find(|e| e.person == *person);
    let mut reserve = panel.reserve.iter().filter_map(enrolled);
    let next = reserve.find(|expert| fits(expert, dossier, panel, leaving, ctx))?;
    Some(Event::SeatFilled { seating: seating(next, panel.seats.len()) })
}

/// 补抽专家 — when a seat fell free and nobody was left in the reserve then.
pub fn fill(dossier: &Dossier, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let panel = panel(dossier.expert_review()?)?;
    if panel.sitting().count() >= panel.size {
        return Ok(vec![]);
    }
    let Some(leaving) = panel.seats.iter().rev().find(|seat| !seat.sits()) else {
        return Ok(vec![]);
    };
    let from_reserve = replacement(dossier, panel, leaving, ctx);
    let fresh = || {
        let known = |person: &PersonId| panel.seats.iter().any(|s| s.seating.expert == *person);
        let eligible = ctx
            .experts
            .iter()
            .filter(|e| !known(&e.person) && fits(e, dossier, panel, leaving, ctx))
            .collect();
        let first = shuffled(eligible, ctx.seed).into_iter().next()?;
        Some(Event::SeatFilled { seating: seating(first, panel.seats.len()) })
    };
    match from_reserve.or_else(fresh) {
        Some(event) => Ok(vec![event]),
        None => Err(Refusal::not_now("6.5", "专家库里没有可以补抽的专家", "补充专家库后再补抽")),
    }
}

/// 提交评分 — once; the last sheet also concludes the review.
pub fn submit(dossier: &Dossier, sheet: &Sheet, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let panel = panel(dossier.expert_review()?)?;
    let seat = own_seat(panel, ctx)?;
    match &seat.sheet {
        Some(kept) if kept == sheet => return Ok(vec![]),
        Some(_) => {
            return Err(Refusal::not_now(
                "6.5",
                "评分已经提交，不能再改",
                "有误的，联系评审组织员",
            ));
        }
        None => {}
    }
    if !matches!(seat.declaration, Declaration::Clear(_)) {
        return Err(Refusal::not_now("6.5", "还没有声明利害关系", "先声明，再看材料和评分"));
    }
    check(sheet, &dossier.parameters)?;
    let expert = ctx.actor.person.clone();
    let mut events = vec![Event::SheetSubmitted { expert: expert.clone(), sheet: sheet.clone() }];
    let others = panel.sitting().filter(|other| other.seating.expert != expert);
    let mut sheets: Vec<&Sheet> = others.filter_map(|other| other.sheet.as_ref()).collect();
    sheets.push(sheet);
    if sheets.len() == panel.size {
        events.push(Event::ReviewConcluded { conclusion: conclude(&sheets, &dossier.parameters) });
    }
    Ok(events)
}

fn check(sheet: &Sheet, parameters: &Parameters) -> Result<(), Refusal> {
    if sheet.scores.len() != CRITERIA.len() {
        return Err(Refusal::field("scores", "每一项都要评分", "补齐评分"));
    }
    let low = parameters.get(ParameterKey::LowScorePercent);
    for (at, ((name, most), points)) in CRITERIA.iter().zip(&sheet.scores).enumerate() {
        let field = format!("score-{at}");
        if points > most {
            let reason = format!("“{name}”最多 {most} 分，现为 {points} 分");
            return Err(Refusal::field(&field, &reason, "改到满分以内"));
        }
        let remark = sheet.remarks.get(at).map_or("", |remark| remark.trim());
        let below = i64::from(*points) * 100 < i64::from(*most) * low;
        if below && remark.is_empty() {
            let reason = format!("“{name}”{points} 分，低于满分的 {low}%，要写明理由");
            return Err(Refusal::field(&format!("remark-{at}"), &reason, "补写理由"));
        }
        text::within(&format!("remark-{at}"), name, remark, Limit::Characters(500))?;
    }
    text::paragraph("opinion", "评审意见", &sheet.opinion)
}

/// Computes the conclusion: the order of the sheets does not matter.
pub fn conclude(sheets: &[&Sheet], parameters: &Parameters) -> Conclusion {
    let mut totals: Vec<u32> = sheets.iter().map(|sheet| sheet.total()).collect();
    totals.sort_unstable();
    let spread = totals.last().zip(totals.first()).map_or(0, |(high, low)| high - low);
    let trim_from = usize::try_from(parameters.get(ParameterKey::TrimFrom)).unwrap_or(usize::MAX);
    let counted =
        if totals.len() >= trim_from { &totals[1..totals.len() - 1] } else { &totals[..] };
    let number = u32::try_from(counted.len()).unwrap_or(1).max(1);
    let mean_hundredths = counted.iter().sum::<u32>() * 100 / number;
    let agree = sheets.iter().filter(|sheet| sheet.vote != Vote::Disagree).count();
    let enough = i64::try_from(agree).unwrap_or(0)
        * parameters.get(ParameterKey::PassVoteDenominator)
        >= i64::try_from(sheets.len()).unwrap_or(0)
            * parameters.get(ParameterKey::PassVoteNumerator);
    let mark = parameters.get(ParameterKey::PassMean) * 100;
    Conclusion {
        sheets: u32::try_from(sheets.len()).unwrap_or(u32::MAX),
        agree: u32::try_from(agree).unwrap_or(u32::MAX),
        mean_hundredths,
        spread,
        dispersed: i64::from(spread) > parameters.get(ParameterKey::DispersionFlag),
        passed: enough && i64::from(mean_hundredths) >= mark,
    }
}

/// 评分作废 — a conflict found after scoring; the sheet is struck and the seat filled (S14).
///
/// Possible until the decision is confirmed; a conclusion that rested on the sheet falls with it.
pub fn void(
    dossier: &Dossier,
    expert: &PersonId,
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let panel = match &dossier.stage {
        crate::dossier::Stage::ExpertReview(stage) => panel(stage)?,
        crate::dossier::Stage::Decision(stage) if stage.confirmed.is_none() => &stage.judged.panel,
        crate::dossier::Stage::Drafting(_)
        | crate::dossier::Stage::Signing(_)
        | crate::dossier::Stage::Recommendation(_)
        | crate::dossier::Stage::FormalReview(_)
        | crate::dossier::Stage::Decision(_)
        | crate::dossier::Stage::PublicNotice(_)
        | crate::dossier::Stage::Filed(_)
        | crate::dossier::Stage::Ended(_) => return Err(dossier.not_while("6.5")),
    };
    if panel.seats.iter().any(|seat| seat.seating.expert == *expert && seat.voided.is_some()) {
        return Ok(vec![]);
    }
    let Some(seat) = panel.seat(expert) else {
        return Err(Refusal::field("expert", "这位专家不在评审组中", "从列表中选"));
    };
    text::paragraph("reason", "作废的理由", reason)?;
    let mut events = vec![Event::SheetVoided { expert: expert.clone(), reason: reason.to_owned() }];
    events.extend(replacement(dossier, panel, seat, ctx));
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(total: [u8; 6], vote: Vote) -> Sheet {
        Sheet { scores: total.to_vec(), remarks: vec![], vote, opinion: "可行".into() }
    }

    #[test]
    fn seven_sheets_with_six_in_favour_and_a_mean_of_82_pass() {
        let good = sheet([13, 16, 16, 17, 12, 8], Vote::Agree);
        let against = sheet([13, 16, 16, 17, 12, 8], Vote::Disagree);
        let sheets = [&good, &good, &good, &good, &good, &good, &against];
        let conclusion = conclude(&sheets, &Parameters::on(jiff::civil::date(2026, 3, 1)));
        assert_eq!(
            (conclusion.mean_hundredths, conclusion.agree, conclusion.passed),
            (8200, 6, true)
        );
    }

    #[test]
    fn votes_and_mean_must_both_reach_their_marks() {
        let parameters = Parameters::on(jiff::civil::date(2026, 3, 1));
        // scores                      votes in favour of 5   passed
        let table = [
            ([13, 16, 16, 17, 12, 8], 4, true),
            ([13, 16, 16, 17, 12, 8], 3, false),
            ([9, 12, 12, 12, 9, 6], 5, true),
            ([9, 12, 12, 12, 9, 5], 5, false),
        ];
        for (scores, agree, passed) in table {
            let sheets: Vec<Sheet> = (0..5)
                .map(|at| sheet(scores, if at < agree { Vote::Agree } else { Vote::Disagree }))
                .collect();
            let conclusion = conclude(&sheets.iter().collect::<Vec<_>>(), &parameters);
            assert_eq!(conclusion.passed, passed, "{scores:?} {agree}");
        }
    }
}
