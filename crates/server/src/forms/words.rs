//! What follows from a command, in sentences: over the form, on the button, and afterwards.

use consortium::command::Verb;

use super::FormContext;

/// The words on the button: those of the table, with the one they go to.
pub(super) fn submit_label(verb: &Verb, context: &FormContext) -> String {
    let words = match verb.name {
        "submit" if !context.authority.is_empty() => {
            return format!("核对无误，提交给{}", context.authority);
        }
        "open" => "保存名称并立卷",
        "rename" => "保存名称",
        "invite" => "邀请成员",
        "write_application" | "write_agreement" => "保存",
        "answer_invitation" => "提交答复",
        "attach" => "上传附件",
        "request_correction" => "发出补正通知",
        "check_materials" => "保存审核意见",
        "seal" => "上传并加盖公章",
        "offer_paper" => "上传纸质签署件",
        "confirm_paper" => "确认这就是本单位签字盖章的那一份",
        "remark_on_agreement" => "提出意见",
        "conclude_objection" => "作出答复",
        "submit_plan" => "提交下一年度计划",
        "declare_interest" => "提交声明",
        "object" => "提交异议",
        _ => verb.term,
    };
    words.to_owned()
}

/// Whether the reader is stopped before the act: it is hard to take back.
pub fn interrupts(verb: &str) -> bool {
    matches!(
        verb,
        "withdraw"
            | "decline_to_sign"
            | "reopen_agreement"
            | "decline_to_recommend"
            | "not_accept"
            | "void_sheet"
            | "confirm_decision"
            | "publish_notice"
            | "apply_for_termination"
            | "propose_cancellation"
            | "drop_cancellation"
            | "remove_member"
            | "detach"
    )
}

/// What follows from the act, said before it.
pub fn consequence(verb: &str, context: &FormContext) -> String {
    let words = match verb {
        "open" => "名称当场核对，备案前还可以更名。",
        "reserve_name" => "从今天起重新计算预留的天数，到期前提交材料或者再续留。",
        "rename" => "更名后，协议按新名称签署。",
        "invite" => "对方单位的经办人在工作台收到邀请，确认合作意向后列为成员。",
        "answer_invitation" => "确认后列为成员单位，可以填写本单位的情况，签署组建协议。",
        "remove_member" => "移出后，该单位不再看到这一卷，其填写的内容不再列入材料。",
        "write_application" => "没写完的存草稿，点“保存”才列入材料；提交前都可以改。",
        "attach" => "附件随材料一并提交，归口管理部门和自治区科技厅可以下载。",
        "detach" => "移出后不再列入材料，已有的记录保留。",
        "write_agreement" => "六项内容写全后，才能锁定文本并发起签署；点“保存”才成为协议正文。",
        "start_signing" => {
            "锁定后，各方对同一份文本签字盖章；再改名称、成员或协议，已有签署全部作废。"
        }
        "sign" => "签字只对当前锁定的文本有效。各方签字并盖章后，协议生效。",
        "seal" => "盖章只对当前锁定的文本有效。扫描件由归口管理部门核对。",
        "reopen_agreement" => return voided(context),
        "offer_paper" => {
            "各方分别在本单位账号里确认同一份扫描件，全部确认后协议生效。更换扫描件后，已有的确认作废。"
        }
        "confirm_paper" => "确认后视为本单位已签字并加盖公章。先打开扫描件逐页核对。",
        "remind_to_sign" => "对方单位收到一条提醒。同一家单位一天只催一次。",
        "remark_on_agreement" => "意见送牵头单位，各方都能看到。",
        "answer_remark" => "答复各方都能看到，不能再改。",
        "decline_to_sign" => "这一轮签署停止，退回起草，理由告知牵头单位。",
        "submit" => return submitted_to(&context.authority),
        "withdraw" => "撤回后这一卷办结，不能恢复；可以另行申请。",
        "check_materials" => "意见送签发人。签发人签发前不送出。",
        "recommend" => "签发后报送自治区科技厅，进入形式审查，不能收回。",
        "return_for_changes" => "材料退回牵头单位修改，改好后重新提交。",
        "decline_to_recommend" => "这一卷办结，理由告知牵头单位；条件具备后可以另行申请。",
        "pass_formal_review" => "由人判断的几项逐项写明，判断和理由一并入卷，转专家评审。",
        "request_correction" => "补正通知送牵头单位，同时告知归口管理部门。补正期间审查期限停计。",
        "submit_correction" => "重新核验全部条件，审查期限接着计算。",
        "extend_correction" => {
            "从原期限的最后一天接着算；已经逾期的，从今天算起。新期限告知牵头单位。"
        }
        "extend_review" => "原期限和延长的理由都留在卷中。",
        "not_accept" => "这一卷办结，理由告知牵头单位和归口管理部门。",
        "draw_panel" => {
            "按专家库随机抽取，自动排除任职单位在本件各方的专家。抽取用的种子入卷，可以复算。"
        }
        "declare_interest" => "声明后才显示材料。有利害关系的，席位由他人补上。",
        "fill_seat" => "从备选名单按抽取顺序补一位同类专家。",
        "submit_sheet" => "提交后不能修改。全部专家提交前，互相看不到评分。",
        "void_sheet" => "评分划去但保留在卷中，席位重新补抽；据以作出的评审结论一并撤销。",
        "draft_decision" => "拟稿由另一人复核后才生效。",
        "confirm_decision" => "确认后决定生效，不能收回。",
        "return_draft" => "拟稿退回，重新拟定。",
        "publish_notice" => "公示向社会公开，起止日期由系统按工作日历算定，发布后不能改。",
        "object" => "身份信息只给核查人员看。提交后给出回执号，凭号查询办理情况。",
        "conclude_objection" => "答复送异议人和牵头单位，公开的理由显示在公示页。",
        "file" => "取得备案编号，列入名录，向社会公开。",
        "import_trial_filing" => {
            "按试行办法已备案的联合体列入名录，沿用原编号，义务从现行办法施行起算。"
        }
        "submit_report" => "六项内容都要有。报送后公开报送情况，不公开正文。",
        "submit_plan" => "只报计划不算提交年度总结，年度总结仍要报送。",
        "report_change" => {
            "系统先按备案条件重新核验。审核、报备的变更由自治区科技厅办结后列入名录。"
        }
        "write_supplement" => {
            "保存后还可以改。锁定签署以后再改的，已有签署作废，各签署方全部重新签署。"
        }
        "lock_supplement" => {
            "锁定后，签署方对同一份文本签字盖章，全部签署后补充协议生效，变更才能办结。"
        }
        "decide_change" => "准予的，名录随即更新，形成新的版本。要有补充协议的，先等补充协议生效。",
        "settle_doubt" => "认定的理由入卷，这一条疑点消除。",
        "record_undertaking" => "承担任务期间不得自行解散；任务未完成或移交前，不能终止。",
        "finish_undertaking" => "登记后，这项任务不再妨碍终止。",
        "record_support" => "列入备案信息，向社会公开。",
        "apply_for_termination" => "由自治区科技厅决定。承担的任务未完成或移交的，不能终止。",
        "propose_cancellation" => "先送达事先告知书，听取陈述申辩，再由两人作出决定。",
        "serve_cancellation_notice" => "陈述申辩期从送达之日起算，期满前不能作出决定。",
        "make_statement" => "陈述申辩入卷，作出决定前必须看到。",
        "drop_cancellation" => "程序终止，备案继续有效，理由告知牵头单位。",
        "attach_sealed" => {
            "盖章件列在这份文书下面，能看到这份文书的人都能看到、下载。平台报告读到的签名，印章由人核对。"
        }
        _ => "",
    };
    words.to_owned()
}

fn voided(context: &FormContext) -> String {
    match context.locked.as_deref() {
        Some([]) | None => "退回起草，改好后重新锁定签署。".to_owned(),
        Some(signed) => {
            format!("退回起草，这一轮签署作废，记录保留。要重新签署的：{}。", signed.join("、"))
        }
    }
}

fn submitted_to(authority: &str) -> String {
    let whom = if authority.is_empty() { "归口管理部门" } else { authority };
    format!("提交后材料封存，由{whom}审核真实性、准确性；退回修改前不能再改。")
}

/// What the act did, said once on the next page: its effect, and what else came of it.
pub fn done(verb: &Verb, happened: &[String]) -> String {
    let [first, more @ ..] = happened else {
        return format!("“{}”此前已经办过，没有变化", verb.term);
    };
    let effect = effect(verb.name).map_or_else(|| format!("已办理：{first}"), str::to_owned);
    std::iter::once(effect).chain(more.iter().cloned()).collect::<Vec<_>>().join("；")
}

fn effect(verb: &str) -> Option<&'static str> {
    Some(match verb {
        "reserve_name" => "名称已续留",
        "rename" => "名称已更改",
        "invite" => "邀请已发出，等对方确认合作意向",
        "answer_invitation" => "答复已送牵头单位",
        "write_application" | "write_agreement" => "已保存",
        "attach" => "附件已上传",
        "start_signing" => "文本已锁定，各方可以签字盖章",
        "sign" => "已签字",
        "seal" => "已加盖公章",
        "reopen_agreement" => "已退回起草，这一轮签署作废",
        "offer_paper" => "纸质签署件已上传，等各方确认",
        "confirm_paper" => "已确认纸质签署件",
        "remind_to_sign" => "已催签，对方收到提醒",
        "remark_on_agreement" => "意见已送牵头单位",
        "answer_remark" => "答复已送提出意见的单位",
        "submit" => "已提交，由归口管理部门审核",
        "check_materials" => "审核意见已送签发人",
        "recommend" => "已报送自治区科技厅，进入形式审查",
        "return_for_changes" => "已退回牵头单位修改",
        "pass_formal_review" => "形式审查通过，转专家评审",
        "request_correction" => "补正通知已发出，审查期限停计",
        "submit_correction" => "补正已提交，审查期限接着计算",
        "declare_interest" => "声明已入卷",
        "submit_sheet" => "评分已提交",
        "draft_decision" => "拟稿已送复核人",
        "publish_notice" => "已公示，公示期内接受异议",
        "file" => "已备案，列入名录",
        "submit_report" => "年度总结已报送",
        "submit_plan" => "下一年度计划已收到，不算年度总结",
        "write_supplement" => "补充协议已保存",
        "lock_supplement" => "补充协议已锁定，签署方可以签字盖章",
        "report_change" => "变更已报告",
        "make_statement" => "陈述申辩已入卷",
        "attach_sealed" => "盖章件已上传，平台读到的情况列在下面",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_effect_is_said_and_what_else_came_of_it() {
        let verb = |name: &str| consortium::command::named(name).expect("a verb");
        let titles = |titles: &[&str]| titles.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(done(verb("seal"), &titles(&["加盖公章"])), "已加盖公章");
        let both = titles(&["加盖公章", "组建协议生效"]);
        assert_eq!(done(verb("seal"), &both), "已加盖公章；组建协议生效");
        assert_eq!(
            done(verb("not_accept"), &titles(&["形式审查不通过"])),
            "已办理：形式审查不通过"
        );
        assert!(done(verb("sign"), &[]).contains("没有变化"));
    }
}
