//! 第六条、第七条及第三条 — the name, the agreement, and what a filing consists of.

use jiff::civil::Date;

use super::{Finding, Verdict};
use crate::{
    checklist,
    materials::{Intention, Materials, WorkKind, hints},
    name,
    parameter::{ParameterKey, Parameters},
};

fn finding(rule: &str, clause: &str, met: bool, facts: String, sentence: &str) -> Finding {
    Finding {
        rule: rule.to_owned(),
        clause: clause.to_owned(),
        verdict: if met { Verdict::Met } else { Verdict::Unmet },
        facts,
        sentence: sentence.to_owned(),
    }
}

/// R6.1b: the name has the form of the clause.
pub fn naming(materials: &Materials) -> Finding {
    match name::check(&materials.name) {
        Ok(_) => match name::ruling::reserved(&materials.name) {
            None => finding("R6.1b", "6.1", true, materials.name.clone(), "名称符合"),
            Some(word) => Finding {
                verdict: Verdict::AtDiscretion,
                ..finding("R6.1b", "6.1", true, word.sentence(), "能否使用由审查人员判断")
            },
        },
        Err(fault) => finding("R6.1b", "6.1", false, fault.to_string(), "更名后重新签署协议"),
    }
}

/// R4b: every member has confirmed its intention from its own account.
pub fn intention(materials: &Materials) -> Finding {
    let pending: Vec<&str> = materials
        .parties
        .iter()
        .filter(|party| party.intention == Intention::Pending)
        .map(|party| party.name.as_str())
        .collect();
    let facts = if pending.is_empty() {
        "各成员单位均已确认合作意向".to_owned()
    } else {
        format!("尚未确认合作意向：{}", pending.join("、"))
    };
    finding("R4b", "4", pending.is_empty(), facts, "等对方确认，或把该单位移出成员")
}

/// R6.2b: the six contents are there, by structure and not by keywords.
pub fn contents(materials: &Materials) -> Finding {
    let wanting = materials.agreement.wanting();
    let met = wanting.is_none();
    let facts = wanting.unwrap_or_else(|| "协议六项内容齐备".to_owned());
    finding("R6.2b", "6.2", met, facts, "写好协议各项内容，再锁定文本签署")
}

/// R4c, R6.2e: in force once every party has signed and sealed exactly this version.
pub fn in_force(materials: &Materials) -> Finding {
    let effective = materials.agreement.effective_at();
    let facts = effective.map_or_else(
        || "组建协议尚未由各方全部签字盖章，未生效".to_owned(),
        |at| format!("组建协议于 {} 生效", at.date()),
    );
    finding("R6.2e", "6.2", effective.is_some(), facts, "各方法定代表人或负责人签字并加盖公章")
}

/// R6.2c: the text names the legal representative or person in charge; whether somebody else with a
/// letter of authority will do is a person's to say.
pub fn signatories(materials: &Materials) -> Option<Finding> {
    let round = materials.agreement.round.as_ref()?;
    let agents = round
        .slots
        .iter()
        .filter(|slot| slot.signature.as_ref().is_some_and(|signature| signature.letter.is_some()));
    let agents: Vec<&str> =
        agents.filter_map(|slot| Some(materials.party(&slot.unit)?.name.as_str())).collect();
    (!agents.is_empty()).then(|| Finding {
        rule: "R6.2c".to_owned(),
        clause: "6.2".to_owned(),
        verdict: Verdict::AtDiscretion,
        facts: format!("由受托代理人签字：{}", agents.join("、")),
        sentence: "核对授权委托书，由人判断是否认可".to_owned(),
    })
}

/// R3c: both research and conversion are among the tasks.
pub fn both_tasks(materials: &Materials) -> Finding {
    let has = |kind| materials.work.iter().any(|row| row.kind == kind);
    let met = has(WorkKind::Research) && has(WorkKind::Conversion);
    let facts = format!("任务分工 {} 项", materials.work.len());
    finding("R3c", "3", met, facts, "任务中研究开发和科技成果转化都要有")
}

/// R7.1: the form's essential sections are written.
pub fn form(materials: &Materials) -> Finding {
    let basics = materials.basics.clone().unwrap_or_default();
    let parts = [
        ("技术领域", basics.field.is_empty()),
        ("组建背景与必要性", basics.background.trim().is_empty()),
        ("不涉密承诺", !basics.not_secret),
        ("技术创新目标", materials.goals.trim().is_empty()),
        ("关键技术", materials.technologies.is_empty()),
        ("任务分工", materials.work.is_empty()),
        ("投入", materials.inputs.is_empty()),
        ("材料真实准确的承诺", !materials.truthful),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(_, empty)| *empty).map(|(p, _)| *p).collect();
    let facts = if missing.is_empty() {
        "登记表各节已填写".to_owned()
    } else {
        format!("登记表还缺：{}", missing.join("、"))
    };
    finding("R7.1", "7.1", missing.is_empty(), facts, "在登记表对应的各节补写")
}

/// R7.1: what does not fit together in the form, or is asked and still empty. Never a reason to
/// refuse: the regulation asks for the form and leaves whether it suffices to a person.
pub fn consistent(materials: &Materials, today: Date) -> Finding {
    let hints = hints::hints(materials, today);
    let Some(first) = hints.first() else {
        let facts = "登记表各表之间没有要核对的".to_owned();
        return finding(FITS, "7.1", true, facts, "内容由审核人员核对");
    };
    let facts = match hints.len() {
        1 => first.words.clone(),
        count => format!("登记表有 {count} 处要核对：{}等", first.words),
    };
    let sentence = "不妨碍提交；能补的补上，有缘由的写入“需要说明的事项”，由审查人员判断";
    Finding { verdict: Verdict::AtDiscretion, ..finding(FITS, "7.1", false, facts, sentence) }
}

/// The rule under which all hints are judged together.
pub const FITS: &str = "R7.1a";

/// How many missing attachments a finding names; the page shows all.
const NAMED_MAX: usize = 6;

/// R7.3: the attachments that conditions of the regulation give rise to. Nothing is owed that was
/// not published: what is missing goes to a person, unless the Department has made it a must.
pub fn attachments(materials: &Materials, parameters: &Parameters) -> Finding {
    let missing = checklist::missing(materials);
    if missing.is_empty() {
        let facts = "附件清单中由办法条件引出的各项都有材料".to_owned();
        return finding("R7.3", "7.3", true, facts, "内容由审核人员核对");
    }
    let named: Vec<&str> = missing.iter().take(NAMED_MAX).map(String::as_str).collect();
    let more = if missing.len() > NAMED_MAX {
        format!("等 {} 项", missing.len())
    } else {
        String::new()
    };
    let facts = format!("附件清单中还没有材料的：{}{more}", named.join("、"));
    let hard = parameters.get(ParameterKey::AttachmentsHard) != 0;
    let sentence = if hard {
        "到“附件”按清单补传"
    } else {
        "可以到“附件”按清单补传；办法未列必备附件，是否齐备由审查人员判断"
    };
    let verdict = if hard { Verdict::Unmet } else { Verdict::AtDiscretion };
    Finding { verdict, ..finding("R7.3", "7.3", false, facts, sentence) }
}
