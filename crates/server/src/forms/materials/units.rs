//! T1 to T5 and T15: the consortium, its units, their platforms, conditions and promises.

use consortium::{
    materials::{
        CertificateKind, CooperationKind, Operation, PlatformLevel, PlatformStatus, ProjectLevel,
        ProjectStatus, Service, figures::YEARS_MAX,
    },
    reference,
    unit::UnitKind,
};

use super::super::FormContext;
use super::{count, line, long, table, unit_of, whose, year};
use crate::pages::shell::form::{Choice, FieldSpec};

pub(super) fn basics() -> Vec<FieldSpec> {
    let classes = |all: &'static [reference::Class]| all.iter().map(|class| (class.id, class.name));
    let subfield = |class: &'static reference::Class| {
        let first = class.id.split_once('-').and_then(|(first, _)| reference::field(first));
        let (id, first) = first.map_or(("", ""), |first| (first.id, first.name));
        Choice::from((class.id, class.name)).under(id, first)
    };
    let division = |row: &'static reference::Division| {
        let section = reference::industry(row.section).map_or("", |section| section.name);
        Choice::from((row.id, format!("{}{} {}", row.section, row.id, row.name)))
            .under(row.section, section)
    };
    vec![
        line("name_mn", "蒙古文名称").hint("传统蒙古文，没有的留空；中文名称为准").light(),
        FieldSpec::select("field", "技术领域", classes(reference::fields()))
            .hint("国家重点支持的高新技术领域"),
        FieldSpec::select("subfield", "二级技术领域", reference::subfields().iter().map(subfield))
            .within("field")
            .light(),
        FieldSpec::select("industry", "所属行业", classes(reference::industries()))
            .hint("国民经济行业分类 GB/T 4754-2017 的门类")
            .light(),
        FieldSpec::select("division", "行业大类", reference::divisions().iter().map(division))
            .within("industry")
            .light(),
        line("chain", "所属产业集群或产业链")
            .suggest(reference::chains().iter().map(|chain| chain.name))
            .hint("从提示中选，或写明自治区公布的其他集群、产业链")
            .light(),
        long("background", "组建背景与必要性")
            .hint("产业基础、要解决的共性问题、为什么要联合，宜写 200 到 1500 字")
            .clause("3"),
        FieldSpec::date("term_from", "协议期限：开始"),
        FieldSpec::date("term_to", "协议期限：结束")
            .hint("任务没写起止的按它；长期的留空，任务各写起止"),
        FieldSpec::radio("operation", "运行形式", Operation::ALL.map(|o| (o.name(), o.term())))
            .hint("契约型按协议运行；实体型另设运营公司")
            .light(),
        line("company", "运营公司").hint("实体型的填写公司全称").light(),
        FieldSpec::check("not_secret", "所报材料不涉及国家秘密"),
    ]
}

/// T2, T3: what every unit states of itself.
pub(super) fn figures(context: &FormContext) -> Vec<FieldSpec> {
    let years = vec![
        year("year", "年度").required(),
        FieldSpec::money("revenue_fen", "营业收入").required(),
        FieldSpec::money("rd_spend_fen", "研发费用").required(),
    ];
    let kinds = CertificateKind::ALL.map(|kind| (kind.name(), kind.term()));
    let certificates = vec![
        FieldSpec::select("kind", "资质", kinds).required(),
        line("level", "级别或名称"),
        line("no", "编号"),
        FieldSpec::date("until", "有效期至"),
    ];
    let credit = vec![
        line("source", "查询渠道").required().suggest([
            "信用中国",
            "国家企业信用信息公示系统",
            "科研诚信严重失信行为数据库",
        ]),
        FieldSpec::date("checked_on", "查询日期").required(),
        line("result", "查询结果")
            .required()
            .suggest(["没有在惩戒期内的严重失信记录", "有严重失信记录，已修复"]),
    ];
    vec![
        whose("单位", &context.parties, context),
        FieldSpec::date("founded_on", "成立日期"),
        line("registration", "登记类型").hint("照营业执照或法人证书填写"),
        FieldSpec::money("capital_fen", "注册资本").hint("没有的填 0"),
        FieldSpec::money("paid_fen", "实缴资本"),
        count("staff", "职工总数"),
        count("rd_staff", "研发人员数").hint("不多于职工总数"),
        count("rd_fte", "研发人员折合全时当量").hint("人年，不多于研发人员数"),
        count("doctors", "博士人数"),
        count("senior", "高级职称人数"),
        FieldSpec::rows("years", "近三年营业收入和研发费用", years, 0, YEARS_MAX)
            .hint("金额是商业秘密，不公开；研发费用占比由系统计算")
            .clause(clause(context)),
        table("certificates", "资质", certificates)
            .hint("高新技术企业、科技型中小企业、专精特新等"),
        table("credit_checks", "信用核查结果", credit)
            .hint("查询结果的打印件作附件上传")
            .clause(clause(context)),
        FieldSpec::text("contact", "联系人", 40),
        line("contact_title", "联系人职务"),
        FieldSpec::text("contact_phone", "联系电话", 40).hint("只给办理人员看，不公开"),
        FieldSpec::text("contact_email", "电子邮箱", 80),
    ]
}

/// The clause under which the unit of the context takes part.
fn clause(context: &FormContext) -> &'static str {
    let lead = context.materials.as_ref().and_then(|materials| materials.lead_unit());
    match (lead, &context.block) {
        (Some(lead), Some(block)) if lead.unit != *block => "5.3",
        _ => "5.2",
    }
}

fn cooperations(of_lead: bool) -> FieldSpec {
    let kinds = CooperationKind::ALL.map(|kind| (kind.name(), kind.term()));
    let mut columns = vec![FieldSpec::select("kind", "类型", kinds).required()];
    if of_lead {
        columns.push(line("with", "合作方"));
    }
    columns.extend([
        line("title", "合作事项").required(),
        FieldSpec::date("from", "开始"),
        FieldSpec::date("to", "结束"),
        line("proof", "证明材料").hint("合同、协议、共同成果等，原件作附件上传"),
    ]);
    let (label, clause) = if of_lead {
        ("与院所、高校及科学家团队的合作事项", "5.2")
    } else {
        ("与牵头单位的合作事项", "5.3")
    };
    table("cooperations", label, columns).hint("一行一件").clause(clause).light()
}

fn ruled(name: &'static str, label: &'static str) -> FieldSpec {
    let columns = vec![line("title", "制度名称").required(), FieldSpec::date("since", "施行日期")];
    table(name, label, columns)
}

pub(super) fn internal_rules() -> FieldSpec {
    ruled("internal_rules", "内部制度")
}

pub(super) fn lead() -> Vec<FieldSpec> {
    vec![
        long("team", "科研团队").hint("带头人、骨干、专业结构、近年承担的项目").clause("5.2"),
        long("management_rules", "科技管理制度").hint("怎样管理立项、经费、成果").clause("5.2"),
        ruled("rules", "科技管理制度目录").hint("文本可作附件上传").clause("5.2").light(),
        long("cooperation", "与科研院所、高等学校及科学家团队的合作基础").clause("5.2"),
        cooperations(true),
        long("products", "主要产品").light(),
        long("chain_position", "在产业链中的位置").light(),
        long("matching", "集聚上下游企业和创新资源的能力").clause("5.2"),
    ]
}

pub(super) fn member(context: &FormContext) -> Vec<FieldSpec> {
    let party = context.block.as_ref().zip(context.materials.as_ref());
    let kind = party.and_then(|(unit, materials)| Some(materials.party(unit)?.kind));
    let mut fields = vec![
        whose("成员单位", &context.members, context),
        long("capability", "创新能力、研发团队与科研条件")
            .hint("院所、高校写科研条件；企业写产业化能力；转移机构写服务能力")
            .clause("5.3"),
        long("cooperation", "与牵头单位的合作基础")
            .hint("技术研发、成果转化、标准制定、人才培养等方面")
            .clause("5.3"),
        cooperations(false),
        long("role", "承担任务概述").light(),
    ];
    let is = |kinds: &[UnitKind]| kind.is_none_or(|kind| kinds.contains(&kind));
    let mut own = Vec::new();
    if is(&[UnitKind::University, UnitKind::Institute]) {
        own.extend([
            long("disciplines", "优势学科").clause("5.3"),
            count("team_size", "研发团队人数"),
            long("laboratories", "实验室"),
            long("results", "代表性成果"),
        ]);
    }
    if is(&[UnitKind::Enterprise, UnitKind::Other]) {
        own.extend([
            long("products", "主要产品").clause("5.3"),
            long("chain_position", "在产业链中的位置"),
            long("matching", "技术配套能力").hint("与牵头单位怎样互补"),
        ]);
    }
    if is(&[UnitKind::TransferAgency]) {
        let services = Service::ALL.map(|service| (service.name(), service.term()));
        own.extend([
            long("agency_record", "技术转移示范机构备案或认定情况").clause("5.3"),
            count("brokers", "持证技术经理人数"),
            FieldSpec::money("contracts_fen", "近三年登记的技术合同额")
                .hint("金额是商业秘密，不公开"),
            FieldSpec::choices("services", "服务类型", services),
        ]);
    }
    fields.extend(own.into_iter().map(FieldSpec::light));
    fields
}

pub(super) fn platforms(context: &FormContext) -> FieldSpec {
    let levels = PlatformLevel::ALL.map(|level| (level.name(), level.term()));
    let kind = |kind: &'static reference::PlatformType| {
        let level = kind.level.zh();
        Choice::from((kind.id, format!("{level} · {}", kind.name))).under("", level)
    };
    let statuses = PlatformStatus::ALL.map(|status| (status.name(), status.term()));
    let columns = vec![
        line("name", "平台名称").required(),
        FieldSpec::select("kind", "类型", reference::platform_types().iter().map(kind)).light(),
        FieldSpec::select("level", "级别", levels).required(),
        unit_of("owner", "建设单位", &context.parties, context).required(),
        line("approved_by", "批准部门").required(),
        line("document_no", "批准文号").required(),
        FieldSpec::date("approved_on", "批准日期").required(),
        FieldSpec::date("valid_to", "有效期至").hint("没有期限的留空").light(),
        FieldSpec::select("status", "状态", statuses).light(),
        year("assessed_in", "最近评估年度").light(),
        line("grade", "评估结果").light(),
        if context.example {
            line("entry", "平台登记")
        } else {
            FieldSpec::select("entry", "平台登记", context.registered.iter().cloned())
        }
        .hint("选定的按登记的级别、状态和有效期核验；没有登记的不选"),
    ];
    table("platforms", "科技创新平台", columns)
        .hint("自治区级以上平台至少一家，证明作附件上传")
        .clause("5.1")
}

/// T5 and T5b: what a unit works with, and its last three years.
pub(super) fn conditions(context: &FormContext) -> Vec<FieldSpec> {
    let levels = ProjectLevel::ALL.map(|level| (level.name(), level.term()));
    let statuses = ProjectStatus::ALL.map(|status| (status.name(), status.term()));
    let projects = vec![
        FieldSpec::select("level", "级别", levels).required(),
        line("name", "项目名称").required(),
        line("no", "编号"),
        line("role", "承担角色").suggest(["牵头", "参与"]),
        FieldSpec::money("funds_fen", "经费"),
        FieldSpec::date("from", "开始"),
        FieldSpec::date("to", "结束"),
        FieldSpec::select("status", "状态", statuses).required(),
    ];
    let awards = vec![line("name", "奖项和等级").required(), year("year", "年度").required()];
    let conversions = vec![
        line("title", "转化的成果").required(),
        line("contract_no", "技术合同登记号"),
        FieldSpec::money("amount_fen", "金额"),
    ];
    vec![
        whose("单位", &context.parties, context),
        count("area_m2", "研发场地面积").hint("平方米"),
        FieldSpec::money("equipment_fen", "研发设备原值").hint("金额是商业秘密，不公开"),
        count("instruments", "单价五十万元以上的仪器").hint("台（套）"),
        long("pilot_lines", "中试线"),
        long("computing", "数据与算力"),
        long("sharing_rules", "开放共享规定"),
        table("projects", "近三年承担的科研项目", projects).hint("经费是商业秘密，不公开"),
        count("invention_patents", "近三年发明专利授权（件）"),
        count("utility_models", "近三年实用新型授权（件）"),
        count("software", "近三年软件著作权（件）"),
        count("varieties", "近三年新品种（个）"),
        count("medicines", "近三年新药、新兽药证书（个）"),
        count("standards_international", "近三年国际标准（项）"),
        count("standards_national", "近三年国家标准（项）"),
        count("standards_industry", "近三年行业标准（项）"),
        count("standards_local", "近三年地方标准（项）"),
        count("standards_group", "近三年团体标准（项）"),
        count("papers", "近三年论文（篇）"),
        table("awards", "近三年获奖", awards),
        table("conversions", "近三年成果转化", conversions).hint("金额是商业秘密，不公开"),
    ]
}

pub(super) fn promise() -> Vec<FieldSpec> {
    vec![
        FieldSpec::check("truthful", "所报材料真实、准确，不含涉密内容").clause("6.4"),
        FieldSpec::check("honest", "没有在惩戒期内的严重失信行为记录").clause("5.2"),
        FieldSpec::check("data_use", "同意有关部门共享、核验所报信息"),
        FieldSpec::check("publication", "同意公开名称、单位、领域等列入名录的信息"),
    ]
}

pub(super) fn member_promise(context: &FormContext) -> Vec<FieldSpec> {
    vec![
        whose("成员单位", &context.members, context),
        FieldSpec::check("takes_part", "自愿参加，按组建协议承担任务")
            .hint("三项都勾选，承诺才算作出")
            .clause("4"),
        FieldSpec::check("truthful", "本单位所填内容真实、准确，不含涉密内容").clause("6.4"),
        FieldSpec::check("data_use", "同意有关部门共享、核验本单位信息"),
    ]
}
