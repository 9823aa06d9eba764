//! 登记表各节 — the sections of the form.

use consortium::{
    ids::UnitId,
    materials::{Part, PlatformLevel, ROWS_MAX, WorkKind},
    reference, text,
};
use serde_json::{Value, json};

use super::FormContext;
use super::fields::one_of;
use crate::pages::shell::form::{Choice, FieldSpec};

const SECTION: usize = text::SECTION_MAX;
/// The most people a unit may state.
const STAFF_MAX: i64 = 1_000_000;

/// What the section of the context asks.
pub(super) fn section(context: &FormContext) -> Vec<FieldSpec> {
    let Some(part) = context.part else { return example() };
    match part {
        Part::Basics => basics(),
        Part::Lead => lead(),
        Part::Member => member(context),
        Part::Platforms => vec![platforms(context)],
        Part::Goals => goals(),
        Part::Technologies => vec![technologies()],
        Part::Work => vec![work(context)],
        Part::Inputs => vec![inputs(context)],
        Part::Special => vec![
            FieldSpec::long("special", "需要说明的事项", SECTION)
                .hint("成员不足 3 家的，写明特殊情况；没有的留空")
                .clause("5.1"),
        ],
        Part::Promise => {
            vec![FieldSpec::check("truthful", "所报材料真实、准确，不含涉密内容").clause("6.4")]
        }
        _ => vec![],
    }
}

/// Without a dossier: which section, and its content as it is.
fn example() -> Vec<FieldSpec> {
    let parts = Part::ALL.into_iter().filter(|part| is_section(*part));
    vec![
        FieldSpec::select("section", "登记表的一节", parts.map(|p| (p.name(), p.term())))
            .required()
            .clause("7.1"),
    ]
}

/// Whether a part is a section of the form.
pub fn is_section(part: Part) -> bool {
    !matches!(
        part,
        Part::Agreement
            | Part::Attachments
            | Part::Parties
            | Part::Unit
            | Part::Conditions
            | Part::Rights
            | Part::Organisation
            | Part::Plan
            | Part::Safeguards
            | Part::MemberPromise
    )
}

fn classes(
    classes: &'static [reference::Class],
) -> impl Iterator<Item = (&'static str, &'static str)> {
    classes.iter().map(|class| (class.id, class.name))
}

fn basics() -> Vec<FieldSpec> {
    vec![
        FieldSpec::select("field", "技术领域", classes(reference::fields())),
        FieldSpec::select("industry", "所属行业", classes(reference::industries())),
        FieldSpec::text("chain", "所属产业集群或产业链", text::LINE_MAX),
        FieldSpec::long("background", "组建背景与必要性", SECTION)
            .hint("产业基础、要解决的共性问题、为什么要联合")
            .clause("3"),
        FieldSpec::check("not_secret", "所报材料不涉及国家秘密"),
    ]
}

fn lead() -> Vec<FieldSpec> {
    vec![
        FieldSpec::integer("staff", "职工总数", 0, STAFF_MAX),
        FieldSpec::integer("rd_staff", "研发人员数", 0, STAFF_MAX).hint("不多于职工总数"),
        FieldSpec::money("revenue_fen", "近三年营业收入合计"),
        FieldSpec::money("rd_spend_fen", "近三年研发费用合计"),
        FieldSpec::long("team", "科研团队", SECTION)
            .hint("带头人、骨干、专业结构、近年承担的项目")
            .clause("5.2"),
        FieldSpec::long("management_rules", "科技管理制度", SECTION)
            .hint("制度名称和施行时间，文本可作附件上传")
            .clause("5.2"),
        FieldSpec::long("cooperation", "与科研院所、高等学校及科学家团队的合作基础", SECTION)
            .clause("5.2"),
        FieldSpec::text("contact", "联系人", 40),
        FieldSpec::text("contact_phone", "联系电话", 40).hint("只给办理人员看，不公开"),
    ]
}

fn member(context: &FormContext) -> Vec<FieldSpec> {
    let mut fields = match &context.block {
        Some(_) => vec![FieldSpec::hidden("unit").required()],
        None => vec![one_of("unit", "成员单位", &context.members, context)],
    };
    fields.extend([
        FieldSpec::long("capability", "创新能力、研发团队与科研条件", SECTION)
            .hint("院所、高校写科研条件；企业写产业化能力；转移机构写服务能力")
            .clause("5.3"),
        FieldSpec::long("cooperation", "与牵头单位的合作基础", SECTION)
            .hint("技术研发、成果转化、标准制定、人才培养等方面")
            .clause("5.3"),
        FieldSpec::long("role", "承担任务概述", SECTION),
    ]);
    fields
}

fn platforms(context: &FormContext) -> FieldSpec {
    let levels = PlatformLevel::ALL.map(|level| (level.name(), level.term()));
    let columns = vec![
        FieldSpec::text("name", "平台名称", text::LINE_MAX).required(),
        FieldSpec::select("level", "级别", levels).required(),
        one_of_rows("owner", "建设单位", &context.parties, context),
        FieldSpec::text("approved_by", "批准部门", text::LINE_MAX).required(),
        FieldSpec::text("document_no", "批准文号", text::LINE_MAX).required(),
        FieldSpec::date("approved_on", "批准日期").required(),
        FieldSpec::date("valid_to", "有效期至").hint("没有期限的留空"),
    ];
    FieldSpec::rows("platforms", "科技创新平台", columns, 0, ROWS_MAX)
        .hint("自治区级以上平台至少一家，证明作附件上传")
        .clause("5.1")
}

fn goals() -> Vec<FieldSpec> {
    let columns = vec![
        FieldSpec::text("name", "指标名称", text::LINE_MAX).required().hint("带计量单位"),
        FieldSpec::text("baseline", "现状值", text::LINE_MAX),
        FieldSpec::text("target", "目标值", text::LINE_MAX),
        FieldSpec::integer("year", "完成年度", 2000, 2100).required(),
    ];
    vec![
        FieldSpec::long("goals", "总体目标", SECTION).hint("可考核、有时限").clause("6.2"),
        FieldSpec::rows("indicators", "考核指标", columns, 0, ROWS_MAX),
    ]
}

fn technologies() -> FieldSpec {
    let columns = vec![
        FieldSpec::text("name", "关键技术", text::LINE_MAX).required(),
        FieldSpec::long("bottleneck", "难题与现状", SECTION),
        FieldSpec::long("approach", "攻关思路", SECTION).hint("商业秘密，不公开"),
    ];
    FieldSpec::rows("technologies", "关键技术", columns, 0, ROWS_MAX).clause("3")
}

fn work(context: &FormContext) -> FieldSpec {
    let kinds = WorkKind::ALL.map(|kind| (kind.name(), kind.term()));
    let columns = vec![
        FieldSpec::long("content", "任务内容", text::PARAGRAPH_MAX).required(),
        FieldSpec::select("kind", "类型", kinds).required(),
        one_of_rows("unit", "负责单位", &context.parties, context),
        FieldSpec::date("from", "开始").required(),
        FieldSpec::date("to", "结束").required(),
        FieldSpec::text("deliverable", "成果形式", text::LINE_MAX),
    ];
    FieldSpec::rows("work", "任务分工", columns, 0, ROWS_MAX)
        .hint("研究开发和科技成果转化都要有")
        .clause("3")
}

fn inputs(context: &FormContext) -> FieldSpec {
    let columns = vec![
        one_of_rows("unit", "投入单位", &context.parties, context),
        FieldSpec::integer("year", "年度", 2000, 2100).required(),
        FieldSpec::text("form", "形式", 40).hint("货币、设备、人力折价、场地、其他"),
        FieldSpec::money("amount_fen", "金额").required(),
    ];
    FieldSpec::rows("inputs", "投入", columns, 0, ROWS_MAX)
        .hint("金额是商业秘密，不公开")
        .clause("6.2")
}

/// A list within a row: always folded, for the width.
fn one_of_rows(
    name: &'static str,
    label: &'static str,
    options: &[Choice],
    context: &FormContext,
) -> FieldSpec {
    if context.example {
        return FieldSpec::text(name, label, text::LINE_MAX).required();
    }
    FieldSpec::select(name, label, options.iter().cloned()).required()
}

/// What stands in the section of the context.
pub(super) fn stored(context: &FormContext) -> Value {
    let (Some(part), Some(materials)) = (context.part, &context.materials) else {
        return json!({});
    };
    match part {
        Part::Basics => json!(materials.basics),
        Part::Lead => {
            let lead = materials.lead.clone();
            let text =
                |kept: Option<&consortium::ids::Personal>| kept.map(|kept| kept.value.clone());
            let contact = text(lead.as_ref().and_then(|lead| lead.contact.as_ref()));
            let phone = text(lead.as_ref().and_then(|lead| lead.contact_phone.as_ref()));
            let mut stored = json!(lead);
            if let Some(object) = stored.as_object_mut() {
                object.insert("contact".to_owned(), json!(contact));
                object.insert("contact_phone".to_owned(), json!(phone));
            }
            stored
        }
        Part::Member => member_stored(context, materials),
        Part::Platforms => json!({ "platforms": materials.platforms }),
        Part::Goals => json!({ "goals": materials.goals, "indicators": materials.indicators }),
        Part::Technologies => json!({ "technologies": materials.technologies }),
        Part::Work => json!({ "work": materials.work }),
        Part::Inputs => json!({ "inputs": materials.inputs }),
        Part::Special => json!({ "special": materials.special }),
        Part::Promise => json!({ "truthful": materials.truthful }),
        _ => json!({}),
    }
}

fn member_stored(context: &FormContext, materials: &consortium::materials::Materials) -> Value {
    let Some(unit) = &context.block else { return json!({}) };
    let empty = |unit: &UnitId| json!({ "unit": unit });
    materials.member(unit).map_or_else(|| empty(unit), |block| json!(block))
}
