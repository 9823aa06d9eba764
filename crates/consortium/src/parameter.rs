//! 参数 — what the regulation leaves open: days, panel sizes, pass marks, reporting dates.
//!
//! No rule holds a bare figure. Each one stands in [`PARAMETERS`] with its value, its basis and
//! the day it takes effect; a set of them is pinned to a dossier and changed only by an event.
//! What the regulation itself fixes (连续两年) is not a parameter.

use std::{collections::BTreeMap, fmt, str::FromStr};

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::measures::ClauseId;

/// 参数 — one figure that the regulation leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Which figure.
    pub key: ParameterKey,
    /// What it is called for people: `公示期`.
    pub zh: &'static str,
    /// What the figure counts.
    pub unit: ParameterUnit,
    /// The figure.
    pub value: i64,
    /// The least value that makes sense.
    pub least: i64,
    /// The greatest value that makes sense.
    pub most: i64,
    /// Where the figure comes from: a reference to the study of the regulation, and its source.
    pub basis: &'static str,
    /// The clause that needs it.
    pub clause: ClauseId,
    /// The first day on which it applies.
    pub effective_from: Date,
}

/// 单位 — what a parameter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterUnit {
    /// 工作日, counted with the [`Calendar`](crate::calendar::Calendar).
    WorkingDays,
    /// 自然日; a period that ends on a day off runs to the next working day.
    CalendarDays,
    /// 月.
    Months,
    /// 年: a length.
    Years,
    /// 年份: a year of the calendar.
    Year,
    /// 月日, as month × 100 + day: 930 is 9月30日.
    MonthDay,
    /// 时, of the clock in Asia/Shanghai.
    Hour,
    /// 家.
    Units,
    /// 人.
    People,
    /// 个.
    Count,
    /// 分.
    Points,
    /// 百分比.
    Percent,
    /// 是否: 1 is yes, 0 is no.
    YesNo,
    /// 签署方: 0 is nobody, 1 the new parties and the lead, 2 everybody.
    Signers,
}

/// 签署方 — who signs a supplement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signers {
    /// 不需要补充协议.
    Nobody,
    /// 新加入的各方和牵头单位.
    NewAndLead,
    /// 全体.
    Everybody,
}

impl Signers {
    /// As a parameter has it.
    pub const fn of(value: i64) -> Self {
        match value {
            0 => Self::Nobody,
            1 => Self::NewAndLead,
            _ => Self::Everybody,
        }
    }

    /// The Chinese term.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Nobody => "不需要补充协议",
            Self::NewAndLead => "新加入的单位和牵头单位",
            Self::Everybody => "全体",
        }
    }
}

impl ParameterUnit {
    /// The word that follows the figure; empty where the figure needs none.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::WorkingDays => "个工作日",
            Self::CalendarDays => "日",
            Self::Months => "个月",
            Self::Years | Self::Year => "年",
            Self::MonthDay | Self::YesNo | Self::Signers => "",
            Self::Hour => "时",
            Self::Units => "家",
            Self::People => "人",
            Self::Count => "个",
            Self::Points => "分",
            Self::Percent => "%",
        }
    }

    /// The figure as people read it: `5个工作日`, `9月30日`, `是`.
    pub fn show(self, value: i64) -> String {
        match self {
            Self::MonthDay => format!("{}月{}日", value / 100, value % 100),
            Self::YesNo if value == 0 => "否".to_owned(),
            Self::YesNo => "是".to_owned(),
            Self::Signers => Signers::of(value).term().to_owned(),
            Self::WorkingDays
            | Self::CalendarDays
            | Self::Months
            | Self::Years
            | Self::Year
            | Self::Hour
            | Self::Units
            | Self::People
            | Self::Count
            | Self::Points
            | Self::Percent => format!("{value}{}", self.zh()),
        }
    }
}

/// A parameter asked for by a name it does not have, or given a value it cannot take.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParameterFault {
    /// No parameter of that name.
    #[error("没有名为“{0}”的参数。")]
    Unknown(String),
    /// The value lies outside what makes sense.
    #[error("“{zh}”应在{least}至{most}之间，不能是{value}。")]
    OutOfRange {
        /// What the parameter is called.
        zh: &'static str,
        /// The least value.
        least: i64,
        /// The greatest value.
        most: i64,
        /// The value given.
        value: i64,
    },
}

macro_rules! parameters {
    ($($key:ident $name:literal $zh:literal $unit:ident $value:literal in $least:literal .. $most:literal, $clause:literal, $basis:literal;)*) => {
        /// Names every figure that the regulation leaves open.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum ParameterKey {
            $(#[doc = $zh] $key,)*
        }

        impl ParameterKey {
            /// Every key, in the order of the regulation.
            pub const ALL: &[Self] = &[$(Self::$key),*];

            /// The name under which it is stored: `notice_days`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$key => $name,)*
                }
            }
        }

        /// 参数表 — the values the platform ships with, each with its basis. The first rows
        /// stand in the order of the keys.
        pub const PARAMETERS: &[Parameter] = &[
            $(Parameter {
                key: ParameterKey::$key,
                zh: $zh,
                unit: ParameterUnit::$unit,
                value: $value,
                least: $least,
                most: $most,
                basis: $basis,
                clause: ClauseId($clause),
                effective_from: EFFECTIVE_FROM,
            },)*
        ];
    };
}

/// The day from which the shipped values apply. The text carries no date of issue; the day stands
/// until the Department states one.
const EFFECTIVE_FROM: Date = date(2025, 1, 1);

parameters! {
    // Articles 5 and 6(1)–(2): conditions, invitation, signing.
    UnitsMin "units_min" "单位数（原则上不少于）" Units 3 in 2..50, "5.1", "第五条（一）：原则上不少于3家，牵头单位计入";
    PlatformHard "platform_hard" "自治区级以上平台为必备条件" YesNo 1 in 0..1, "5.1", "第五条（一）：“原则上”只及于家数，平台一项视为必备";
    OtherMemberCreditHard "other_member_credit_hard" "其他成员单位的严重失信记录一律不符合" YesNo 0 in 0..1, "5.3", "R5.3f：该句文义可只及于技术转移机构，其他成员由人判断";
    AttachmentsHard "attachments_hard" "附件清单缺项即不能提交" YesNo 0 in 0..1, "7.3", "办法只写“相关附件材料”；清单未经公布，缺项由人判断（优化营商环境条例第三十五条）";
    LeadConsortiaWarn "lead_consortia_warn" "同一牵头单位超过几个联合体时提示" Count 1 in 1..50, "5.2", "A12：办法未规定，仅提示；广西原则上一家牵头一个";
    NameReservedHard "name_reserved_hard" "名称不得含保留字词" YesNo 1 in 0..1, "6.1", "办法未规定；比照企业名称登记管理规定第十一条、第十二条，不作要求时由人判断";
    NameReservationDays "name_reservation_days" "名称预留" CalendarDays 30 in 7..365, "6.1", "办法未规定，平台默认；到期只释放名称，卷宗不受影响，可以续留";
    NameReservationsMax "name_reservations_max" "同一牵头单位同时预留的名称（不超过）" Count 2 in 1..200, "6.1", "办法未规定，平台默认；防止占用名称";
    InvitationDays "invitation_days" "答复邀请" WorkingDays 10 in 1..60, "6.1", "办法未规定，平台默认，只作提醒";
    SigningDays "signing_days" "签字盖章" WorkingDays 15 in 1..120, "6.2", "办法未规定，平台默认，只作提醒";
    SignByPassword "sign_by_password" "签字可用账号签字" YesNo 0 in 0..1, "6.2", "只凭账号和口令，专有、专控难以证明；各方约定后可以开启（电子签名法第十三条）。已经这样签的照样有效";
    SignByPasskey "sign_by_passkey" "签字可用通行密钥" YesNo 1 in 0..1, "6.2", "电子签名法第十三条：专有、专控、改动可发现";
    SignByCertificate "sign_by_certificate" "签字可用数字证书" YesNo 1 in 0..1, "6.2", "电子签名法第十三条、第十六条";
    SealByScan "seal_by_scan" "盖章可用盖章页扫描件" YesNo 0 in 0..1, "6.2", "各方各盖一页，难以证明是同一份文本；可以开启，原件由本单位保管。已经这样盖的照样有效";
    SealByCertificate "seal_by_certificate" "盖章可用单位数字证书" YesNo 1 in 0..1, "6.2", "在线政务服务规定第九条：电子印章与实物印章同等效力";
    SignOnPaper "sign_on_paper" "可在纸上签字盖章后共同确认扫描件" YesNo 1 in 0..1, "6.2", "第六条（二）：纸质签署本身即为完整方式";
    // Article 6(4)–(5): recommendation, formal review, expert review.
    RecommendDays "recommend_days" "归口管理部门审核推荐" WorkingDays 10 in 1..60, "6.4", "A3：优化营商环境条例第三十六条，合理期限并公布";
    FormalReviewDays "formal_review_days" "形式审查" WorkingDays 5 in 1..30, "6.5", "A2、A3：比照行政许可法第三十二条五日内一次告知";
    CorrectionDays "correction_days" "补正" WorkingDays 10 in 1..60, "6.5", "A2：一次性告知后申请人补正";
    ExpertReviewDays "expert_review_days" "专家评审" WorkingDays 30 in 1..90, "6.5", "A3：比照行政许可法第四十五条，评审时间另计并书面告知";
    PanelMin "panel_min" "评审专家人数（不少于，且为单数）" People 5 in 3..25, "6.5", "A5：高新技术企业认定不少于5人";
    PanelTechnicalPercent "panel_technical_percent" "技术专家占比（不低于）" Percent 60 in 0..100, "6.5", "A5：高新技术企业认定技术专家不少于60%";
    PanelManagementMin "panel_management_min" "管理或财务专家（不少于）" People 1 in 0..5, "6.5", "A5：高新技术企业认定至少1名财务专家";
    AvoidanceRequestsMax "avoidance_requests_max" "申请人可请求回避的专家人数" People 3 in 0..10, "6.5", "A6：申请回避不超过3人并说明理由";
    RecusalYears "recusal_years" "回避所涉年限" Years 3 in 1..10, "6.5", "A6：现在或三年内";
    PassVoteNumerator "pass_vote_numerator" "同意票占比的分子" Count 2 in 1..10, "6.5", "A7：三分之二以上同意";
    PassVoteDenominator "pass_vote_denominator" "同意票占比的分母" Count 3 in 1..10, "6.5", "A7：三分之二以上同意";
    PassMean "pass_mean" "平均分（不低于）" Points 60 in 0..100, "6.5", "A7：平均60分以上，以专家组书面意见为准";
    TrimFrom "trim_from" "去掉最高最低分的起始人数" People 7 in 3..25, "6.5", "评审表：7人以上去掉一个最高分和一个最低分";
    DispersionFlag "dispersion_flag" "分差超过即提请讨论" Points 30 in 1..100, "6.5", "评审表：最高最低分差大于30分时讨论";
    LowScorePercent "low_score_percent" "单项低于此比例须写理由" Percent 60 in 0..100, "6.5", "评审表：单项得分不足60%时写明意见";
    ExpertNamesSealed "expert_names_sealed" "决定前后均不公开专家姓名" YesNo 1 in 0..1, "6.5", "A6：姓名决定前不公开，公开与否由厅定";
    // Article 6(5): decision, public notice, objections, filing.
    DecisionDays "decision_days" "核准决定" WorkingDays 10 in 1..60, "6.5", "A3：优化营商环境条例第三十六条，合理期限并公布";
    NoticeOutDays "notice_out_days" "发出通知或公告" WorkingDays 10 in 1..60, "6.5", "A3：决定后十个工作日内";
    NoticeDays "notice_days" "公示期" WorkingDays 5 in 1..30, "6.5", "A1：科技厅历次公示通知";
    NoticeIncludesFirstDay "notice_includes_first_day" "公示期含发布当日" YesNo 1 in 0..1, "6.5", "A1：科技厅历次公示通知均计入发布当日";
    NoticeLatestHour "notice_latest_hour" "当日最迟发布时刻" Hour 17 in 0..23, "6.5", "公示计入当日的，17时后发布不足一日";
    ObjectionDays "objection_days" "异议核查" WorkingDays 20 in 1..60, "6.5", "A9：核查二十个工作日";
    ObjectionExtensionDays "objection_extension_days" "异议核查延长（一次）" WorkingDays 10 in 0..60, "6.5", "A9：可延长一次十个工作日";
    ObjectionAnswerDays "objection_answer_days" "牵头单位答复异议" WorkingDays 10 in 1..30, "6.5", "A8：请牵头单位十个工作日内答复";
    FilingDays "filing_days" "公示无异议后备案" WorkingDays 10 in 1..60, "6.5", "A3：公示期满十个工作日内";
    // Article 9: reports.
    ReportFirstYear "report_first_year" "最早应报年度" Year 2025 in 2020..2100, "9", "A27：自办法发布之年起，不追溯以前年度";
    ReportFirstMonthDay "report_first_month_day" "当年起报的最迟备案日" MonthDay 930 in 101..1231, "9", "A25：9月30日及以前备案的当年起报，以后的次年起报";
    ReportDue "report_due" "年度总结和计划的报送日" MonthDay 1231 in 101..1231, "9", "第九条：每年年底";
    ReportWindowCloses "report_window_closes" "次年补报截止日" MonthDay 331 in 101..1231, "9", "A26：次年3月31日前报送为逾期，其后为未提交";
    // Article 10: changes.
    ChangeReportDays "change_report_days" "变更后报告" CalendarDays 30 in 1..180, "10", "A19：“及时”按三十日提醒，不作为条件";
    ChangeADays "change_a_days" "审核类变更办理" WorkingDays 20 in 1..60, "10", "A20：牵头单位变更、终止等由厅决定";
    ChangeBDays "change_b_days" "报备类变更办理" WorkingDays 5 in 1..30, "10", "A20：形式核对后记录";
    ResignLead "resign_lead" "补充协议的签署方：牵头单位变更" Signers 2 in 0..2, "10", "V01：附各方签署的补充协议";
    ResignName "resign_name" "补充协议的签署方：联合体更名" Signers 1 in 0..2, "10", "V02：附补充协议；办法未规定由谁签署，默认新加入的单位和牵头单位";
    ResignJoin "resign_join" "补充协议的签署方：新增成员" Signers 1 in 0..2, "10", "V03：附加入协议；办法未规定由谁签署，默认新加入的单位和牵头单位";
    ResignLeave "resign_leave" "补充协议的签署方：成员退出或除名" Signers 1 in 0..2, "10", "V04：附退出协议；离开的不必签署";
    ResignDirection "resign_direction" "补充协议的签署方：技术方向、目标重大调整" Signers 2 in 0..2, "10", "V11：任务分工随之改变，第六条（二）各方共同签署";
    ResignTerms "resign_terms" "补充协议的签署方：投入、收益或知识产权条款变更" Signers 2 in 0..2, "10", "V12：第六条（二）必备内容，各方共同签署";
    // Articles 9 and 11: supervision and cancellation.
    RectificationDays "rectification_days" "限期整改" CalendarDays 60 in 1..365, "11", "A21：取消前责令整改六十日";
    LostConditionDays "lost_condition_days" "丧失条件后的整改" CalendarDays 90 in 1..365, "5", "A24：责令九十日内恢复条件，办法无明确依据，须法规审核";
    CancellationStatementDays "cancellation_statement_days" "陈述申辩" CalendarDays 15 in 3..60, "11", "A21：比照行政处罚法第四十四、四十五条";
    HearingRequestDays "hearing_request_days" "要求听证" WorkingDays 5 in 1..30, "11", "A21：比照行政处罚法第六十三、六十四条，五日内提出";
    HearingNoticeDays "hearing_notice_days" "听证前通知" WorkingDays 7 in 1..30, "11", "A21：比照行政处罚法第六十四条，七日前通知";
    ReconsiderationDays "reconsideration_days" "申请行政复议" CalendarDays 60 in 60..365, "11", "行政复议法第二十条";
    LitigationMonths "litigation_months" "提起行政诉讼" Months 6 in 6..24, "11", "行政诉讼法第四十六条";
}

impl ParameterKey {
    /// The shipped entry that applies on a day; before the first one, the first one.
    pub fn entry(self, on: Date) -> &'static Parameter {
        PARAMETERS
            .iter()
            .filter(|entry| entry.key == self && entry.effective_from <= on)
            .max_by_key(|entry| entry.effective_from)
            .unwrap_or(&PARAMETERS[self as usize])
    }
}

impl fmt::Display for ParameterKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for ParameterKey {
    type Err = ParameterFault;

    fn from_str(name: &str) -> Result<Self, ParameterFault> {
        let key = Self::ALL.iter().find(|key| key.as_str() == name);
        key.copied().ok_or_else(|| ParameterFault::Unknown(name.to_owned()))
    }
}

/// 参数 — the figures pinned to a dossier, written as a map from name to figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<ParameterKey, i64>);

impl Parameters {
    /// The shipped figures that apply on a day.
    pub fn on(day: Date) -> Self {
        Self(ParameterKey::ALL.iter().map(|&key| (key, key.entry(day).value)).collect())
    }

    /// The pinned figure. A set that was pinned before a key existed answers with the key's first
    /// shipped figure.
    pub fn get(&self, key: ParameterKey) -> i64 {
        self.0.get(&key).copied().unwrap_or_else(|| key.entry(Date::MIN).value)
    }

    /// Whether a yes-or-no parameter says yes.
    pub fn yes(&self, key: ParameterKey) -> bool {
        self.get(key) != 0
    }

    /// The day of a month-and-day parameter in a year: `ReportDue` in 2026 is 2026-12-31.
    ///
    /// 29 February falls on the 28th where the year has none.
    pub fn day(&self, key: ParameterKey, year: i16) -> Date {
        let figure = self.get(key);
        let month = i8::try_from(figure / 100).unwrap_or(12).clamp(1, 12);
        let day = i8::try_from(figure % 100).unwrap_or(31).max(1);
        let first = date(year, month, 1);
        date(year, month, day.min(first.days_in_month()))
    }

    /// The same set with one figure changed.
    #[must_use]
    pub fn with(mut self, key: ParameterKey, value: i64) -> Self {
        self.0.insert(key, value);
        self
    }

    /// The same set with one figure changed, or the reason why it cannot take that value.
    pub fn changed(self, key: ParameterKey, value: i64) -> Result<Self, ParameterFault> {
        let Parameter { zh, least, most, .. } = *key.entry(Date::MIN);
        if !(least..=most).contains(&value) {
            return Err(ParameterFault::OutOfRange { zh, least, most, value });
        }
        Ok(self.with(key, value))
    }

    /// Every pinned figure, in the order of the regulation.
    pub fn iter(&self) -> impl Iterator<Item = (ParameterKey, i64)> + '_ {
        ParameterKey::ALL.iter().map(|&key| (key, self.get(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures;

    #[test]
    fn every_parameter_has_one_row_a_clause_a_basis_and_a_value_in_range() {
        let keys: Vec<_> = PARAMETERS.iter().map(|row| row.key).collect();
        assert_eq!(keys, ParameterKey::ALL);
        for row in PARAMETERS {
            assert!(measures::clause(row.clause.0).is_some(), "{row:?}");
            assert!(!row.basis.is_empty() && !row.zh.is_empty(), "{row:?}");
            assert!((row.least..=row.most).contains(&row.value), "{row:?}");
        }
    }

    #[test]
    fn a_key_is_stored_under_the_name_it_is_parsed_from() {
        for &key in ParameterKey::ALL {
            assert_eq!(key.as_str().parse(), Ok(key));
            assert_eq!(serde_json::to_value(key).unwrap(), key.as_str());
        }
        assert_eq!("days".parse::<ParameterKey>(), Err(ParameterFault::Unknown("days".into())));
    }

    #[test]
    fn the_pinned_set_is_a_map_of_names_and_reads_back_the_same() {
        let pinned = Parameters::on(date(2026, 3, 2)).with(ParameterKey::NoticeDays, 7);
        let written = serde_json::to_value(&pinned).unwrap();
        assert_eq!(written["notice_days"], 7);
        assert_eq!(written["units_min"], 3);
        assert_eq!(serde_json::from_value::<Parameters>(written).unwrap(), pinned);
    }

    #[test]
    fn a_set_pinned_before_a_key_existed_answers_with_the_first_figure() {
        let old: Parameters = serde_json::from_str("{}").unwrap();
        assert_eq!(old.get(ParameterKey::PanelMin), 5);
    }

    #[test]
    fn a_figure_out_of_range_is_refused_in_words() {
        let pinned = Parameters::on(date(2026, 3, 2));
        let fault = pinned.clone().changed(ParameterKey::NoticeDays, 0).unwrap_err();
        assert_eq!(fault.to_string(), "“公示期”应在1至30之间，不能是0。");
        assert!(pinned.changed(ParameterKey::NoticeDays, 30).is_ok());
    }

    #[test]
    fn a_month_and_day_falls_in_the_year_asked_for() {
        let pinned = Parameters::on(date(2026, 3, 2));
        assert_eq!(pinned.day(ParameterKey::ReportDue, 2026), date(2026, 12, 31));
        assert_eq!(pinned.day(ParameterKey::ReportFirstMonthDay, 2026), date(2026, 9, 30));
        let leap = pinned.with(ParameterKey::ReportWindowCloses, 229);
        assert_eq!(leap.day(ParameterKey::ReportWindowCloses, 2027), date(2027, 2, 28));
    }

    #[test]
    fn a_figure_is_shown_as_people_read_it() {
        // key, shown
        let table = [
            (ParameterKey::NoticeDays, "5个工作日"),
            (ParameterKey::ReportFirstMonthDay, "9月30日"),
            (ParameterKey::NoticeIncludesFirstDay, "是"),
            (ParameterKey::OtherMemberCreditHard, "否"),
            (ParameterKey::PanelTechnicalPercent, "60%"),
        ];
        for (key, shown) in table {
            let entry = key.entry(date(2026, 3, 2));
            assert_eq!(entry.unit.show(entry.value), shown, "{key}");
        }
    }
}
