//! 办事指南 — the steps, what to bring, how long each step takes. Every figure is a parameter.

use askama::Template;
use axum::extract::State;
use consortium::parameter::{ParameterKey, Parameters};

use crate::http::{Answer, Visitor};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Table};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "words/guide.html")]
struct GuidePage {
    shell: Shell,
    steps: Vec<GuideStep>,
    times: Table,
}

/// One step, as people take it.
struct GuideStep {
    title: &'static str,
    who: &'static str,
    text: &'static str,
    clause: &'static str,
}

const STEPS: [GuideStep; 6] = [
    GuideStep {
        title: "命名并邀请成员",
        who: "牵头单位",
        text: "以“内蒙古自治区……创新联合体”命名，邀请有意向的企业、科研院所、高等学校等单位。",
        clause: "6.1",
    },
    GuideStep {
        title: "签署组建协议",
        who: "牵头单位和全部成员单位",
        text: "协议写明组建时间、技术创新目标、任务分工、成果及知识产权归属、投入与收益分配、解决争议的方式，由法定代表人或负责人签字并加盖公章后生效。",
        clause: "6.2",
    },
    GuideStep {
        title: "在线提交备案材料",
        who: "牵头单位",
        text: "填写备案申请登记表，附组建协议和相关附件。缺什么，平台逐项列出。",
        clause: "6.3",
    },
    GuideStep {
        title: "审核推荐",
        who: "盟市科技局等归口管理部门",
        text: "审核材料的真实性和准确性，提出推荐意见。",
        clause: "6.4",
    },
    GuideStep {
        title: "形式审查和专家评审",
        who: "自治区科技厅",
        text: "先看材料是否齐全、符合形式，需要补正的一次性告知；再组织专家评审论证。",
        clause: "6.5",
    },
    GuideStep {
        title: "公示和备案",
        who: "自治区科技厅",
        text: "评审通过的向社会公示，无异议或异议不成立的予以备案，列入备案名录。",
        clause: "6.5",
    },
];

/// The time limits people ask for.
const TIMES: [ParameterKey; 13] = [
    ParameterKey::InvitationDays,
    ParameterKey::SigningDays,
    ParameterKey::RecommendDays,
    ParameterKey::FormalReviewDays,
    ParameterKey::CorrectionDays,
    ParameterKey::ExpertReviewDays,
    ParameterKey::DecisionDays,
    ParameterKey::NoticeDays,
    ParameterKey::ObjectionDays,
    ParameterKey::FilingDays,
    ParameterKey::ReportDue,
    ParameterKey::ReportWindowCloses,
    ParameterKey::ChangeReportDays,
];

pub(super) async fn get(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let today = state.clock.today();
    let parameters = Parameters::on(today);
    let mut times = Table::new("办理时限", &["环节", "时限", "条款", "依据"]);
    for key in TIMES {
        let entry = key.entry(today);
        times.push(vec![
            Html::text(entry.zh),
            Html::text(&entry.unit.show(parameters.get(key))),
            ui::clause(entry.clause.0),
            Html::text(plain(entry.basis)),
        ]);
    }
    let shell = Shell::new(&visitor, "办事指南").about("创新联合体备案怎样办理：步骤、材料、时限");
    page(&GuidePage { shell, steps: STEPS.into(), times })
}

/// A basis without the number under which it stands in our own papers: `A3：` is left out.
fn plain(basis: &str) -> &str {
    match basis.split_once('：') {
        Some((number, words)) if number.chars().all(|c| c.is_ascii_alphanumeric() || c == '、') => {
            words
        }
        _ => basis,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_our_own_papers_are_left_out() {
        assert_eq!(plain("A2、A3：比照行政许可法"), "比照行政许可法");
        assert_eq!(plain("第九条：每年年底"), "第九条：每年年底");
        assert_eq!(plain("办法未规定"), "办法未规定");
    }
}
