//! 备案名录 — what stands on it, what a dossier claims for itself alone, and the filings of the
//! trial edition taken over (Arts. 4, 13).

use serde::Serialize;

use crate::{
    access,
    application::refuse_unmet,
    command::Command,
    context::Context,
    dossier::{Dossier, End, Filed, Stage},
    event::Event,
    ids::{AuthorityId, DossierId, UnitId},
    materials::{Intention, Party},
    measures, name,
    parameter::ParameterKey,
    reference,
    refusal::Refusal,
    text,
};

/// 名录状态, as the public reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 公示中.
    OnNotice,
    /// 有效.
    Valid,
    /// 变更办理中.
    Changing,
    /// 年报逾期.
    ReportOverdue,
    /// 取消程序中.
    Cancelling,
    /// 已取消.
    Cancelled,
    /// 已注销.
    Closed,
    /// 已撤销.
    Voided,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::OnNotice,
        Self::Valid,
        Self::Changing,
        Self::ReportOverdue,
        Self::Cancelling,
        Self::Cancelled,
        Self::Closed,
        Self::Voided,
    ];

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::OnNotice => "公示中",
            Self::Valid => "有效",
            Self::Changing => "变更办理中",
            Self::ReportOverdue => "年报逾期",
            Self::Cancelling => "取消程序中",
            Self::Cancelled => "已取消",
            Self::Closed => "已注销",
            Self::Voided => "已撤销",
        }
    }

    /// The machine name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnNotice => "on_notice",
            Self::Valid => "valid",
            Self::Changing => "changing",
            Self::ReportOverdue => "report_overdue",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Closed => "closed",
            Self::Voided => "voided",
        }
    }

    /// The status of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// The public status of a dossier; `None` while the public does not see it.
pub fn status(dossier: &Dossier) -> Option<Status> {
    match &dossier.stage {
        Stage::PublicNotice(_) => Some(Status::OnNotice),
        Stage::Filed(filed) => Some(live(filed)),
        Stage::Ended(ended) => {
            ended.filed.as_ref()?;
            match ended.end {
                End::Cancelled => Some(Status::Cancelled),
                End::Closed => Some(Status::Closed),
                End::Voided => Some(Status::Voided),
                End::NotRecommended | End::NotAccepted | End::NotFiled | End::Withdrawn => None,
            }
        }
        Stage::Drafting(_)
        | Stage::Signing(_)
        | Stage::Recommendation(_)
        | Stage::FormalReview(_)
        | Stage::ExpertReview(_)
        | Stage::Decision(_) => None,
    }
}

fn live(filed: &Filed) -> Status {
    if filed.cancellation.as_ref().is_some_and(|case| case.served.is_some()) {
        return Status::Cancelling;
    }
    if filed.changes.iter().any(|change| change.decided.is_none()) {
        return Status::Changing;
    }
    let previous = filed.missed.iter().max();
    let reported_since = |year: &i16| filed.reports.iter().any(|report| report.year > *year);
    match previous {
        Some(year) if !reported_since(year) => Status::ReportOverdue,
        _ => Status::Valid,
    }
}

/// Something only one dossier may hold: a name, a register number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// `name`, or `number:YYYY`.
    pub kind: String,
    /// The normalised name, or the number.
    pub value: String,
    /// The number's sequence; 0 for a name.
    pub ordinal: u32,
}

/// What a dossier holds for itself. A name is free again once an application ends without filing;
/// a number is never free again.
pub fn claims(dossier: &Dossier) -> Vec<Claim> {
    let mut claims = Vec::new();
    let ended_unfiled = matches!(&dossier.stage, Stage::Ended(ended) if ended.filed.is_none());
    if !ended_unfiled && dossier.hold.holds() {
        let value = name::key(&dossier.materials.name);
        claims.push(Claim { kind: "name".to_owned(), value, ordinal: 0 });
    }
    if let Some(filed) = dossier.register_entry() {
        claims.push(Claim {
            kind: format!("number:{}", filed.on.year()),
            value: filed.number.clone(),
            ordinal: filed.sequence,
        });
    }
    claims
}

/// 导入试行期备案 — keeps its number and status; nothing is counted as missed for earlier years.
pub(crate) fn import(
    id: &DossierId,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Command::ImportTrialFiling { name, lead, members, field, number, sequence, filed_on } =
        command
    else {
        return Err(Refusal::not_found("没有这一件", "核对链接，或从工作台进入"));
    };
    let name = name::check(name)
        .map_err(|fault| Refusal::field("name", &fault.to_string(), "核对备案文件").under("6.1"))?
        .to_string();
    if let Some(by) = ctx.name_taken_by {
        return Err(Refusal::field(
            "name",
            &format!("已有相同或相近的名称：{by}"),
            "核对是否已经导入",
        ));
    }
    text::line("number", "备案编号", number)?;
    if reference::field(field).is_none() {
        return Err(Refusal::field("field", "技术领域不在列表中", "从列表中选"));
    }
    if *filed_on > ctx.today() {
        return Err(Refusal::field("filed_on", "备案日期晚于今天", "核对备案文件"));
    }
    if *sequence == 0 {
        return Err(Refusal::field("sequence", "序号从 1 起", "核对备案文件"));
    }
    let mut parties = vec![party(lead, "lead", ctx)?];
    for member in members {
        if parties.iter().all(|kept| kept.unit != *member) {
            parties.push(party(member, "members", ctx)?);
        }
    }
    let lead_unit = ctx.units.get(lead).ok_or_else(|| unknown("lead"))?;
    refuse_unmet(&measures::article_05::lead_hard(lead_unit), "牵头单位不符合")?;
    let authority = reference::route(&lead_unit.profile.area, ctx.today(), None)
        .ok_or_else(|| Refusal::field("lead", "按住所找不到归口管理部门", "核对单位资料"))?;
    let from_rule =
        i16::try_from(ctx.parameters.get(ParameterKey::ReportFirstYear)).unwrap_or(i16::MAX);
    let by_filing = crate::annual_report::first_year(*filed_on, ctx.parameters);
    Ok(vec![Event::TrialFilingImported {
        dossier: id.clone(),
        name,
        parties,
        field: field.clone(),
        authority: AuthorityId::from(authority.id),
        number: number.trim().to_owned(),
        sequence: *sequence,
        filed_on: *filed_on,
        first_report_year: by_filing.max(from_rule),
        parameters: ctx.parameters.clone(),
    }])
}

fn unknown(field: &str) -> Refusal {
    Refusal::field(field, "没有这个单位", "先注册并激活单位")
}

fn party(unit: &UnitId, field: &str, ctx: &Context<'_>) -> Result<Party, Refusal> {
    let unit = ctx.units.get(unit).ok_or_else(|| unknown(field))?;
    Ok(Party {
        unit: unit.id.clone(),
        name: unit.profile.name.clone(),
        code: unit.profile.code.clone(),
        kind: unit.profile.kind,
        intention: Intention::Accepted { on: ctx.today() },
    })
}

/// Whether a dossier stands on the register or once did.
pub fn listed(dossier: &Dossier) -> bool {
    access::is_public(dossier) && dossier.register_entry().is_some()
}
