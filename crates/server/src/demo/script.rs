//! 演示剧本 — about forty fictional consortia, in every stage and end, over three years.

use jiff::civil::Date;

use super::step::Step;

/// How far a consortium gets in the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// 起草, members still answering.
    Drafting,
    /// 有成员不同意签署.
    Declined,
    /// 签署中, some have signed.
    Signing,
    /// 协议已生效，待提交.
    Effective,
    /// 归口管理部门待审核.
    Submitted,
    /// 待签发.
    Checked,
    /// 退回修改.
    Returned,
    /// 不予推荐.
    NotRecommended,
    /// 待形式审查.
    Recommended,
    /// 待补正.
    Correcting,
    /// 形式审查不通过.
    NotAccepted,
    /// 待抽取专家.
    Accepted,
    /// 专家评审中, some sheets in.
    Scoring,
    /// 待审定.
    Scored,
    /// 待复核.
    Drafted,
    /// 不予备案.
    NotFiled,
    /// 待公示.
    Decided,
    /// 公示中.
    OnNotice,
    /// 公示中，有异议.
    Objected,
    /// 已撤回.
    Withdrawn,
    /// 已备案, reports in time.
    Filed,
    /// 已备案, one summary late.
    FiledLate,
    /// 已备案, one year missed.
    FiledMissing,
    /// 两年未报, a proposal opened by the calendar.
    TwoYears,
    /// 取消程序中, notice served.
    Cancelling,
    /// 已取消.
    Cancelled,
    /// 变更办理中.
    Changing,
    /// 变更后不足三家, a person looks at it.
    Doubtful,
    /// 申请终止.
    Terminating,
    /// 已注销.
    Closed,
    /// 已撤销.
    Voided,
}

/// One consortium of the script.
pub(super) struct Tale {
    /// The middle of its name.
    pub(super) core: &'static str,
    /// 技术领域.
    pub(super) field: &'static str,
    /// Index into the leads.
    pub(super) lead: usize,
    /// Indices into the members.
    pub(super) members: &'static [usize],
    /// When it is opened.
    pub(super) start: (i16, i8, i8),
    /// How far it gets.
    pub(super) fate: Fate,
}

const fn tale(
    core: &'static str,
    field: &'static str,
    lead: usize,
    members: &'static [usize],
    start: (i16, i8, i8),
    fate: Fate,
) -> Tale {
    Tale { core, field, lead, members, start, fate }
}

/// The script, by the day it begins.
pub(super) const TALES: [Tale; 42] = [
    tale("低碳冶金", "T4", 1, &[5, 12, 8], (2023, 7, 3), Fate::Filed),
    tale("乳制品与益生菌", "T2", 3, &[4, 2, 6], (2023, 8, 7), Fate::Filed),
    tale("煤基高端聚烯烃", "T4", 18, &[5, 0, 13], (2023, 9, 4), Fate::FiledLate),
    tale("草种与生态修复", "T7", 6, &[4, 14, 10], (2023, 6, 5), Fate::Cancelled),
    tale("煤焦化循环利用", "T7", 9, &[0, 11, 2], (2023, 10, 9), Fate::Closed),
    tale("沙生药材种植加工", "T2", 12, &[4, 10, 3], (2023, 11, 6), Fate::TwoYears),
    tale("玉米种业", "T2", 4, &[4, 6, 10], (2024, 1, 8), Fate::FiledMissing),
    tale("稀土功能材料", "T4", 1, &[5, 0, 3, 12], (2024, 2, 19), Fate::Filed),
    tale("寒旱区光储融合", "T6", 0, &[1, 0, 8, 7], (2024, 3, 4), Fate::Filed),
    tale("风电装备智能运维", "T8", 13, &[7, 12, 3], (2024, 4, 8), Fate::Changing),
    tale("智能矿山装备", "T8", 14, &[13, 0, 11], (2024, 5, 6), Fate::Filed),
    tale("肉牛良种繁育", "T2", 5, &[6, 4, 2], (2024, 6, 3), Fate::Doubtful),
    tale("蒙医药现代化", "T2", 11, &[4, 14, 2], (2024, 7, 1), Fate::Filed),
    tale("算力调度与绿色数据中心", "T1", 15, &[0, 13, 3], (2024, 8, 5), Fate::Filed),
    tale("特种合金", "T4", 17, &[5, 12], (2024, 9, 2), Fate::Voided),
    tale("盐碱地改良", "T7", 7, &[9, 4, 10], (2024, 10, 8), Fate::Filed),
    tale("石墨负极材料", "T4", 8, &[5, 8, 15], (2024, 11, 4), Fate::Filed),
    tale("森林碳汇监测", "T7", 10, &[14, 0, 3], (2025, 1, 6), Fate::Cancelling),
    tale("兽用生物制品", "T2", 19, &[4, 6, 2], (2025, 2, 17), Fate::Filed),
    tale("铝基新材料", "T4", 22, &[5, 12, 7], (2025, 3, 3), Fate::Filed),
    tale("口岸智慧物流", "T1", 16, &[3, 0, 10], (2025, 4, 7), Fate::Filed),
    tale("绿氢制储输用", "T6", 2, &[1, 7, 0], (2025, 5, 6), Fate::Filed),
    tale("绒纺绿色制造", "T8", 23, &[12, 2, 11], (2025, 6, 9), Fate::Terminating),
    tale("中药材全产业链", "T2", 20, &[4, 10, 14], (2025, 8, 4), Fate::Filed),
    tale("跨境数据流通", "T1", 21, &[3, 0, 13], (2025, 9, 8), Fate::NotFiled),
    tale("动力电池回收", "T6", 0, &[8, 1], (2025, 10, 9), Fate::Withdrawn),
    tale("煤矸石高值利用", "T7", 9, &[5, 11], (2025, 11, 3), Fate::NotAccepted),
    tale("奶牛精准营养", "T2", 3, &[6, 4], (2025, 12, 1), Fate::NotRecommended),
    tale("电化学储能", "T6", 0, &[1, 0, 8, 2], (2026, 1, 12), Fate::Filed),
    tale("高纯石英材料", "T4", 8, &[5, 15, 12], (2026, 9, 21), Fate::OnNotice),
    tale("氢能重载装备", "T8", 2, &[7, 1, 3], (2026, 9, 18), Fate::Objected),
    tale("蒙药质量标准", "T2", 11, &[4, 2, 14], (2026, 9, 25), Fate::Decided),
    tale("风光储一体化", "T6", 13, &[1, 7, 0], (2026, 9, 28), Fate::Drafted),
    tale("稀土永磁电机", "T4", 1, &[5, 12, 7], (2026, 9, 30), Fate::Scored),
    tale("数字草原", "T1", 6, &[14, 3, 4], (2026, 10, 16), Fate::Scoring),
    tale("高寒耐旱作物", "T2", 7, &[4, 9, 6], (2026, 10, 22), Fate::Accepted),
    tale("矿山生态修复", "T7", 14, &[0, 14, 11], (2026, 10, 23), Fate::Correcting),
    tale("疫苗佐剂", "T2", 19, &[4, 2, 6], (2026, 10, 27), Fate::Recommended),
    tale("铝合金车身", "T8", 22, &[12, 5, 7], (2026, 10, 29), Fate::Checked),
    tale("算电协同", "T1", 15, &[13, 1, 0], (2026, 11, 2), Fate::Submitted),
    tale("秸秆综合利用", "T7", 4, &[4, 10, 9], (2026, 10, 27), Fate::Returned),
    tale("碳纤维复合材料", "T4", 18, &[5, 15, 12], (2026, 11, 5), Fate::Signing),
];

/// More that are only being prepared.
pub(super) const DRAFTS: [Tale; 3] = [
    tale("生物航煤", "T6", 2, &[1, 0, 13], (2026, 11, 2), Fate::Effective),
    tale("特色林果", "T2", 10, &[14, 4, 10], (2026, 11, 4), Fate::Declined),
    tale("智慧牧场", "T1", 5, &[6, 3, 4], (2026, 11, 9), Fate::Drafting),
];

/// The steps of a tale, each with the number of days after the start on which it is taken.
pub(super) fn steps(tale: &Tale) -> Vec<(i64, Step)> {
    let mut steps = vec![(0, Step::Open), (1, Step::Invite), (3, Step::Accept), (5, Step::Write)];
    let end = |steps: &mut Vec<(i64, Step)>, more: &[(i64, Step)]| steps.extend_from_slice(more);
    match tale.fate {
        Fate::Drafting => {
            steps.truncate(2);
            steps.push((3, Step::AcceptOne));
            return steps;
        }
        Fate::Signing => {
            // What a member remarks on comes out once two have signed: so there are two versions to
            // compare, and signatures that hold for the older one alone.
            end(&mut steps, &[(6, Step::StartSigning), (7, Step::SignSome), (8, Step::Remark)]);
            end(&mut steps, &[(9, Step::Reword), (10, Step::StartSigning), (12, Step::SignSome)]);
            return steps;
        }
        Fate::Declined => {
            end(&mut steps, &[(8, Step::StartSigning), (9, Step::SignSome), (11, Step::Decline)]);
            return steps;
        }
        _ => end(&mut steps, &[(10, Step::StartSigning), (12, Step::SignAll)]),
    }
    if tale.fate == Fate::Effective {
        return steps;
    }
    steps.push((14, Step::Submit));
    let ladder: [(Fate, i64, Step); 12] = [
        (Fate::Submitted, 18, Step::Check),
        (Fate::Checked, 20, Step::Recommend),
        (Fate::Recommended, 24, Step::Pass),
        (Fate::Accepted, 28, Step::Draw),
        (Fate::Accepted, 30, Step::ScoreSome),
        (Fate::Scoring, 44, Step::ScoreRest),
        (Fate::Scored, 50, Step::DraftFiling),
        (Fate::Drafted, 53, Step::ConfirmFiling),
        (Fate::Decided, 57, Step::Publish),
        (Fate::OnNotice, 78, Step::File),
        (Fate::Filed, 98, Step::Support),
        (Fate::Filed, 120, Step::Undertake),
    ];
    for (stop, day, step) in ladder {
        if let Some(branch) = branch(tale.fate, step) {
            steps.extend(branch.iter().map(|(later, step)| (day + later, *step)));
            return steps;
        }
        if tale.fate == stop && !matches!(stop, Fate::Filed) {
            return steps;
        }
        steps.push((day, step));
    }
    steps
}

/// Where a fate leaves the ladder: what happens instead of a step.
fn branch(fate: Fate, instead_of: Step) -> Option<&'static [(i64, Step)]> {
    match (fate, instead_of) {
        (Fate::NotRecommended, Step::Recommend) => Some(&[(0, Step::DeclineToRecommend)]),
        (Fate::Returned, Step::Recommend) => Some(&[(0, Step::Return)]),
        (Fate::Correcting, Step::Pass) => Some(&[(0, Step::RequestCorrection)]),
        (Fate::NotAccepted, Step::Pass) => Some(&[(0, Step::NotAccept)]),
        (Fate::Withdrawn, Step::Draw) => Some(&[(0, Step::Withdraw)]),
        (Fate::NotFiled, Step::DraftFiling) => {
            Some(&[(0, Step::DraftRefusal), (3, Step::ConfirmFiling)])
        }
        (Fate::Objected, Step::File) => Some(&[(-18, Step::Object)]),
        _ => None,
    }
}

/// The years a filed tale reports, and the steps of its later life, by date.
pub(super) fn later(fate: Fate, filed: Date) -> Vec<(Date, Step)> {
    let on = |year: i16, month: i8, day: i8| Date::new(year, month, day).unwrap_or(filed);
    let mut steps = Vec::new();
    let reports = |steps: &mut Vec<(Date, Step)>, years: &[i16]| {
        for &year in years {
            steps.push((on(year, 12, 20), Step::Report(year)));
        }
    };
    match fate {
        Fate::FiledLate => {
            reports(&mut steps, &[2023, 2025]);
            steps.push((on(2025, 2, 14), Step::Report(2024)));
        }
        Fate::FiledMissing => reports(&mut steps, &[2024]),
        Fate::Cancelled => steps.extend([
            (on(2024, 12, 30), Step::PlanOnly(2024)),
            (on(2025, 4, 10), Step::Serve),
            (on(2025, 4, 20), Step::State),
            (on(2025, 5, 12), Step::DraftCancellation),
            (on(2025, 5, 15), Step::ConfirmCancellation),
        ]),
        Fate::Cancelling => {
            reports(&mut steps, &[2025]);
            steps.extend([(on(2026, 10, 12), Step::Propose), (on(2026, 11, 12), Step::Serve)]);
        }
        Fate::Voided => steps.extend([
            (on(2025, 3, 10), Step::ProposeFalsehood),
            (on(2025, 3, 17), Step::Serve),
            (on(2025, 4, 14), Step::DraftCancellation),
            (on(2025, 4, 16), Step::ConfirmCancellation),
        ]),
        Fate::Closed => {
            reports(&mut steps, &[2024]);
            steps.extend([
                (on(2025, 6, 3), Step::FinishUndertaking),
                (on(2025, 6, 10), Step::ApplyTermination),
                (on(2025, 6, 18), Step::DraftTermination),
                (on(2025, 6, 20), Step::ConfirmTermination),
            ]);
        }
        Fate::Terminating => {
            reports(&mut steps, &[2025]);
            steps.extend([
                (on(2026, 11, 5), Step::FinishUndertaking),
                (on(2026, 11, 10), Step::ApplyTermination),
            ]);
        }
        Fate::Changing => {
            reports(&mut steps, &[2024, 2025]);
            steps.extend([
                (on(2025, 9, 2), Step::ChangeJoin),
                (on(2025, 9, 8), Step::DecideChange),
                (on(2026, 11, 16), Step::ChangeDirection),
            ]);
        }
        Fate::Doubtful => {
            reports(&mut steps, &[2024, 2025]);
            steps.extend([
                (on(2026, 10, 27), Step::ChangeLeave),
                (on(2026, 10, 29), Step::ChangeDecided),
                (on(2026, 11, 10), Step::ChangeLeave),
                (on(2026, 11, 13), Step::ChangeDecided),
            ]);
        }
        Fate::Filed => reports(&mut steps, &[2023, 2024, 2025]),
        _ => {}
    }
    steps.retain(|(day, step)| match step {
        Step::Report(year) => *day > filed && owed(filed, *year),
        _ => *day > filed,
    });
    steps
}

/// Whether a year is owed by the default rule: filed by 30 September, or an earlier year.
fn owed(filed: Date, year: i16) -> bool {
    let first =
        if (filed.month(), filed.day()) <= (9, 30) { filed.year() } else { filed.year() + 1 };
    year >= first
}
