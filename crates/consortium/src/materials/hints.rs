//! 核对提示 — what does not fit together in the form, or is asked and still empty, said at its field.
//!
//! Hints never block: the regulation asks for the form and not for each of its fields. They are
//! shown to those who write, and to the reviewer, who answers for all of them together.

use jiff::civil::Date;

use super::{
    BACKGROUND_MAX, BACKGROUND_MIN, Basics, Cooperation, Materials, Matrix, Operation, Part, Party,
    Platform, PlatformStatus,
};
use crate::{agreement, ids::UnitId, materials::inputs::sum, reference, unit::UnitKind};

/// Years of figures that the form asks of the lead.
pub const YEARS_ASKED: usize = 3;

/// 一处提示.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The section.
    pub part: Part,
    /// Whose block, where each unit writes its own.
    pub unit: Option<UnitId>,
    /// The field by the name it is posted under: `work.2.to`.
    pub field: String,
    /// The clause that the field serves.
    pub clause: &'static str,
    /// What is the case.
    pub words: String,
}

/// Every hint, in the order of the form.
pub fn hints(materials: &Materials, today: Date) -> Vec<Hint> {
    let mut hints = Hints { materials, today, found: Vec::new() };
    hints.basics();
    for (at, party) in materials.standing().enumerate() {
        hints.unit(party, at == 0);
    }
    hints.lead();
    for party in materials.standing().skip(1) {
        hints.member(party);
    }
    hints.platforms();
    hints.goals();
    hints.technologies();
    hints.work();
    hints.inputs();
    hints.rights();
    hints.organisation();
    hints.plan();
    hints.promises();
    hints.agreement();
    hints.found
}

struct Hints<'a> {
    materials: &'a Materials,
    today: Date,
    found: Vec<Hint>,
}

impl Hints<'_> {
    fn say(&mut self, part: Part, clause: &'static str, field: &str, words: impl Into<String>) {
        let (field, words) = (field.to_owned(), words.into());
        self.found.push(Hint { part, unit: None, field, clause, words });
    }

    fn say_of(&mut self, part: Part, unit: &UnitId, field: &str, words: impl Into<String>) {
        let (unit, field, words) = (Some(unit.clone()), field.to_owned(), words.into());
        let clause = if self.is_lead(unit.as_ref()) { "5.2" } else { "5.3" };
        self.found.push(Hint { part, unit, field, clause, words });
    }

    fn is_lead(&self, unit: Option<&UnitId>) -> bool {
        self.materials.lead_unit().is_some_and(|lead| Some(&lead.unit) == unit)
    }

    fn stands(&self, unit: &UnitId) -> bool {
        self.materials.standing().any(|party| party.unit == *unit)
    }

    fn term(&self) -> Basics {
        self.materials.basics.clone().unwrap_or_default()
    }

    /// T1.
    fn basics(&mut self) {
        let Some(basics) = self.materials.basics.clone() else { return };
        let part = Part::Basics;
        for (field, label, empty) in [
            ("industry", "所属行业", basics.industry.is_empty()),
            ("chain", "所属产业集群或产业链", basics.chain.trim().is_empty()),
            ("operation", "运行形式", basics.operation.is_none()),
        ] {
            if empty {
                self.say(part, "7.1", field, format!("还没有填写{label}"));
            }
        }
        if !basics.subfield.is_empty()
            && !basics.subfield.starts_with(&format!("{}-", basics.field))
        {
            self.say(part, "7.1", "subfield", "二级技术领域不属于所选的技术领域");
        }
        let division = reference::division(&basics.division);
        if division.is_some_and(|division| division.section != basics.industry) {
            self.say(part, "7.1", "division", "行业大类不属于所选的行业门类");
        }
        if basics.operation == Some(Operation::Entity) && basics.company.trim().is_empty() {
            self.say(part, "7.1", "company", "实体型的还没有写明运营公司");
        }
        let length = basics.background.trim().chars().count();
        if (1..BACKGROUND_MIN).contains(&length) || length > BACKGROUND_MAX {
            let words = format!(
                "组建背景与必要性宜写 {BACKGROUND_MIN} 到 {BACKGROUND_MAX} 字，现为 {length} 字"
            );
            self.say(part, "3", "background", words);
        }
        let formed = self.materials.agreement.text.formed_on;
        if let Some(formed) = formed.filter(|formed| !basics.covers(*formed)) {
            let words = format!("协议写明的组建时间 {formed} 不在协议期限之内");
            self.say(part, "6.2", "term_from", words);
        }
    }

    /// T2, T3: figures.
    fn unit(&mut self, party: &Party, lead: bool) {
        let (part, id) = (Part::Unit, &party.unit);
        let Some(block) = self.materials.unit(id).cloned() else { return };
        let whose = &party.name;
        if lead && block.staff == 0 {
            self.say_of(part, id, "staff", format!("{whose}还没有填写职工总数"));
        }
        if lead && block.years.len() < YEARS_ASKED {
            let count = block.years.len();
            let words = format!("{whose}的营业收入和研发费用填了 {count} 年，登记表要近三年");
            self.say_of(part, id, "years", words);
        }
        if block.years.iter().any(|row| row.rd_spend_fen > row.revenue_fen && row.revenue_fen > 0) {
            self.say_of(part, id, "years", format!("{whose}有的年度研发费用多于营业收入"));
        }
        if block.years.iter().any(|row| row.year > self.today.year()) {
            self.say_of(part, id, "years", format!("{whose}的年度数据里有今年以后的年度"));
        }
        if block.paid_fen > block.capital_fen {
            self.say_of(part, id, "paid_fen", format!("{whose}的实缴资本多于注册资本"));
        }
        if block.founded_on.is_some_and(|on| on > self.today) {
            self.say_of(part, id, "founded_on", format!("{whose}的成立日期晚于今天"));
        }
        if block.credit_checks.is_empty() {
            self.say_of(part, id, "credit_checks", format!("{whose}还没有填写信用核查结果"));
        }
        for (at, row) in block.certificates.iter().enumerate() {
            if row.until.is_some_and(|until| until < self.today) {
                let words = format!("{whose}的{}已过有效期", row.kind.term());
                self.say_of(part, id, &format!("certificates.{at}.until"), words);
            }
        }
    }

    /// T2.
    fn lead(&mut self) {
        let Some(lead) = self.materials.lead.clone() else { return };
        if lead.rules.is_empty() {
            self.say(Part::Lead, "5.2", "rules", "还没有列出科技管理制度目录");
        }
        if lead.cooperations.is_empty() {
            let words = "还没有逐项列出与科研院所、高等学校及科学家团队的合作事项";
            self.say(Part::Lead, "5.2", "cooperations", words);
        }
        for (at, row) in lead.cooperations.iter().enumerate() {
            if let Some((column, words)) = unproven(row, self.today) {
                self.say(Part::Lead, "5.2", &format!("cooperations.{at}.{column}"), words);
            }
        }
    }

    /// T3.
    fn member(&mut self, party: &Party) {
        let (part, id, whose) = (Part::Member, &party.unit, &party.name);
        let Some(block) = self.materials.member(id).cloned() else { return };
        if block.cooperations.is_empty() {
            let words = format!("{whose}还没有逐项列出与牵头单位的合作事项");
            self.say_of(part, id, "cooperations", words);
        }
        for (at, row) in block.cooperations.iter().enumerate() {
            if let Some((column, words)) = unproven(row, self.today) {
                let field = format!("cooperations.{at}.{column}");
                self.say_of(part, id, &field, format!("{whose}：{words}"));
            }
        }
        if block.role.trim().is_empty() {
            self.say_of(part, id, "role", format!("{whose}还没有写承担任务概述"));
        }
        let own = match party.kind {
            UnitKind::University | UnitKind::Institute => {
                (&block.disciplines, "disciplines", "优势学科")
            }
            UnitKind::Enterprise | UnitKind::Other => (&block.products, "products", "主要产品"),
            UnitKind::TransferAgency => {
                if block.services.is_empty() {
                    self.say_of(part, id, "services", format!("{whose}还没有选服务类型"));
                }
                (&block.agency_record, "agency_record", "技术转移机构备案或认定情况")
            }
        };
        let (words, field, label) = own;
        if words.trim().is_empty() {
            self.say_of(part, id, field, format!("{whose}还没有填写{label}"));
        }
    }

    /// T4.
    fn platforms(&mut self) {
        for (at, row) in self.materials.platforms.iter().enumerate() {
            let told = self.platform(row);
            let Some((column, words)) = told else { continue };
            let words = format!("平台“{}”{words}", row.name);
            self.say(Part::Platforms, "5.1", &format!("platforms.{at}.{column}"), words);
        }
    }

    fn platform(&self, row: &Platform) -> Option<(&'static str, String)> {
        if !self.stands(&row.owner) {
            return Some(("owner", "的建设单位已不在各方之列".to_owned()));
        }
        if row.approved_on > self.today {
            return Some(("approved_on", "的批准日期晚于今天".to_owned()));
        }
        if row.valid_to.is_some_and(|to| to < self.today) {
            return Some(("valid_to", "已过有效期".to_owned()));
        }
        let kind = reference::platform_type(&row.kind);
        if let Some(kind) = kind.filter(|kind| kind.level.zh() != level(row)) {
            return Some(("kind", format!("的类型属{}，与所选级别不同", kind.level.zh())));
        }
        if row.kind.is_empty() {
            return Some(("kind", "还没有选类型".to_owned()));
        }
        if matches!(row.status, Some(PlatformStatus::Rectifying | PlatformStatus::Revoked)) {
            let status = row.status.map_or("", PlatformStatus::term);
            return Some(("status", format!("的状态为{status}")));
        }
        row.status.is_none().then(|| ("status", "还没有选状态".to_owned()))
    }

    /// T6.
    fn goals(&mut self) {
        let term = self.term();
        let part = Part::Goals;
        for (at, row) in self.materials.yearly.iter().enumerate() {
            if !term.covers_year(row.year) {
                let words = format!("{} 年的年度目标不在协议期限之内", row.year);
                self.say(part, "6.2", &format!("yearly.{at}.year"), words);
            }
            if self.materials.yearly.iter().take(at).any(|earlier| earlier.year == row.year) {
                let words = format!("{} 年的年度目标写了两行", row.year);
                self.say(part, "6.2", &format!("yearly.{at}.year"), words);
            }
        }
        for (at, row) in self.materials.indicators.iter().enumerate() {
            let name = &row.name;
            if !term.covers_year(row.year) {
                let words = format!("考核指标“{name}”的完成年度不在协议期限之内");
                self.say(part, "6.2", &format!("indicators.{at}.year"), words);
            }
            if row.target.trim().is_empty() {
                let words = format!("考核指标“{name}”还没有目标值");
                self.say(part, "6.2", &format!("indicators.{at}.target"), words);
            }
        }
    }

    /// T7.
    fn technologies(&mut self) {
        let part = Part::Technologies;
        for (at, row) in self.materials.technologies.iter().enumerate() {
            let name = &row.name;
            let gone = |unit: &UnitId| !self.stands(unit);
            if row.lead_unit.iter().chain(&row.partners).any(gone) {
                let words = format!("关键技术“{name}”有单位已不在各方之列");
                self.say(part, "3", &format!("technologies.{at}.lead_unit"), words);
            } else if row.lead_unit.is_none() {
                let words = format!("关键技术“{name}”还没有写明牵头攻关单位");
                self.say(part, "3", &format!("technologies.{at}.lead_unit"), words);
            }
            if row.trl_from.is_none() || row.trl_to.is_none() {
                let words = format!("关键技术“{name}”还没有写明技术就绪度");
                self.say(part, "3", &format!("technologies.{at}.trl_from"), words);
            }
        }
    }

    /// T8.
    fn work(&mut self) {
        let (part, term) = (Part::Work, self.term());
        let work = &self.materials.work;
        if !work.is_empty() {
            let idle: Vec<String> = self
                .materials
                .standing()
                .filter(|party| !work.iter().any(|row| row.involves(&party.unit)))
                .map(|party| party.name.clone())
                .collect();
            if !idle.is_empty() {
                self.say(part, "6.2", "work", format!("还没有任务的单位：{}", idle.join("、")));
            }
        }
        for (at, row) in work.iter().enumerate() {
            let field = |column: &str| format!("work.{at}.{column}");
            let no = at + 1;
            if !term.covers(row.from) {
                let words = format!("任务 {no} 的开始日期 {} 不在协议期限之内", row.from);
                self.say(part, "6.2", &field("from"), words);
            }
            if !term.covers(row.to) {
                let words = format!("任务 {no} 的结束日期 {} 不在协议期限之内", row.to);
                self.say(part, "6.2", &field("to"), words);
            }
            if !self.stands(&row.unit) || row.partners.iter().any(|unit| !self.stands(unit)) {
                let words = format!("任务 {no} 有单位已不在各方之列");
                self.say(part, "6.2", &field("unit"), words);
            }
            if row.partners.contains(&row.unit) {
                let words = format!("任务 {no} 的负责单位又列为参与单位");
                self.say(part, "6.2", &field("partners"), words);
            }
            let named = |name: &&String| self.materials.indicators.iter().any(|i| i.name == **name);
            let lost: Vec<&str> =
                row.indicators.iter().filter(|name| !named(name)).map(String::as_str).collect();
            if !lost.is_empty() {
                let words = format!("任务 {no} 对应的考核指标已不在表中：{}", lost.join("、"));
                self.say(part, "6.2", &field("indicators"), words);
            }
        }
    }

    /// T9.
    fn inputs(&mut self) {
        let (part, term) = (Part::Inputs, self.term());
        let (inputs, funding) = (&self.materials.inputs, &self.materials.funding);
        for (at, row) in inputs.iter().enumerate() {
            if !term.covers_year(row.year) {
                let words = format!("第 {} 行投入的年度不在协议期限之内", at + 1);
                self.say(part, "6.2", &format!("inputs.{at}.year"), words);
            }
            if !self.stands(&row.unit) {
                let words = format!("第 {} 行投入的单位已不在各方之列", at + 1);
                self.say(part, "6.2", &format!("inputs.{at}.unit"), words);
            }
        }
        let total = Matrix::of(inputs).total;
        if funding.total_fen != 0 && funding.total_fen != total {
            let words = format!(
                "各方投入合计 {} 万元，与写明的投入总额 {} 万元不相等",
                wan(total),
                wan(funding.total_fen)
            );
            self.say(part, "6.2", "total_fen", words);
        }
        for (at, row) in funding.public_money.iter().enumerate() {
            if !term.covers_year(row.year) {
                let words = format!("第 {} 行财政资金的年度不在协议期限之内", at + 1);
                self.say(part, "6.2", &format!("public_money.{at}.year"), words);
            }
        }
        if !inputs.is_empty() && funding.sharing.is_empty() {
            self.say(part, "6.2", "sharing", "还没有按成果类型写明收益分配办法");
        }
        if funding.custodian.as_ref().is_some_and(|unit| !self.stands(unit)) {
            self.say(part, "6.2", "custodian", "经费托管单位已不在各方之列");
        }
    }

    /// T10.
    fn rights(&mut self) {
        let (part, rights) = (Part::Rights, &self.materials.rights);
        let shared: u32 = rights.shares.iter().map(|row| row.percent).sum();
        if !rights.shares.is_empty() && shared != 100 {
            self.say(part, "6.2", "shares", format!("各方份额合计 {shared}%，应为 100%"));
        }
        for (at, row) in rights.background.iter().enumerate() {
            if !self.stands(&row.owner) {
                let words = format!("背景知识产权“{}”的权利人已不在各方之列", row.name);
                self.say(part, "6.2", &format!("background.{at}.owner"), words);
            }
        }
    }

    /// T11.
    fn organisation(&mut self) {
        let organisation = &self.materials.organisation;
        if organisation.liable.as_ref().is_some_and(|unit| !self.stands(unit)) {
            self.say(Part::Organisation, "11", "liable", "对外承担责任的单位已不在各方之列");
        }
        if *organisation != super::Organisation::default() && organisation.liable.is_none() {
            self.say(Part::Organisation, "11", "liable", "还没有写明对外承担责任的单位");
        }
    }

    /// T12.
    fn plan(&mut self) {
        let term = self.term();
        let rows = &self.materials.plan.rows;
        for (at, row) in rows.iter().enumerate() {
            if !term.covers_year(row.year) {
                let words = format!("第 {} 行计划的年度不在协议期限之内", at + 1);
                self.say(Part::Plan, "9", &format!("rows.{at}.year"), words);
            }
        }
        let planned = sum(&rows.iter().map(|row| row.amount_fen).collect::<Vec<_>>());
        let public = &self.materials.funding.public_money;
        let public = sum(&public.iter().map(|row| row.amount_fen).collect::<Vec<_>>());
        let brought = Matrix::of(&self.materials.inputs).total.saturating_add(public);
        if planned != 0 && planned != brought {
            let words = format!(
                "资金计划合计 {} 万元，与各方投入加财政资金 {} 万元不相等",
                wan(planned),
                wan(brought)
            );
            self.say(Part::Plan, "6.2", "rows", words);
        }
    }

    /// T15.
    fn promises(&mut self) {
        let promise = self.materials.promise;
        if self.materials.truthful && !(promise.honest && promise.data_use && promise.publication) {
            self.say(Part::Promise, "5.2", "honest", "牵头单位的承诺还没有全部作出");
        }
        for party in self.materials.standing().skip(1) {
            let promised = self.materials.promised(&party.unit);
            let whole = promised.is_some_and(crate::materials::MemberPromise::is_whole);
            // Whoever has begun its materials is asked; a member that just joined is not yet.
            if !whole && self.materials.member(&party.unit).is_some() {
                let words = format!("{}还没有在自己的账号里作出承诺", party.name);
                self.say_of(Part::MemberPromise, &party.unit, "takes_part", words);
            }
        }
    }
}

impl Hints<'_> {
    /// What the text points to; what it leaves open is no hint, it holds up the lock (R6.2b).
    fn agreement(&mut self) {
        let text = &self.materials.agreement.text;
        for (heading, annex) in agreement::pointed_at_empty(text, self.materials) {
            let words = format!(
                "协议的“{}”提到“{annex}”，那一张附表里还没有内容：补写登记表里的相应内容，或者改这一条",
                heading.title
            );
            self.say(Part::Agreement, "6.2", heading.field, words);
        }
    }
}

fn level(row: &Platform) -> &'static str {
    match row.level {
        super::PlatformLevel::National => "国家级",
        super::PlatformLevel::Region => "自治区级",
        super::PlatformLevel::OtherProvince => "外省省级",
        super::PlatformLevel::Other => "其他",
    }
}

/// What is amiss with an item of cooperation: its column and words.
fn unproven(row: &Cooperation, today: Date) -> Option<(&'static str, String)> {
    if row.from.is_some_and(|from| from > today) {
        return Some(("from", format!("合作事项“{}”的开始日期晚于今天", row.title)));
    }
    row.proof
        .trim()
        .is_empty()
        .then(|| ("proof", format!("合作事项“{}”还没有写明证明材料", row.title)))
}

/// An amount in 万元 with two decimals.
fn wan(fen: i64) -> String {
    let hundredths = fen / 10_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
