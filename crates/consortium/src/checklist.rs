//! 附件清单 — what may accompany a filing (Art. 7(3)): data, read by the page, the guide and one rule.
//!
//! The regulation says 相关附件材料 and no more. Items derived from its conditions are marked as
//! such; the others are suggestions. None of them is owed unless the Department has published it,
//! which is [`ParameterKey::AttachmentsHard`](crate::parameter::ParameterKey::AttachmentsHard).

use crate::{
    ids::UnitId,
    materials::{Attachment, Materials, Party},
    reference,
    unit::UnitKind,
};

/// For whom an item stands on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Once for the whole filing.
    Filing,
    /// The lead.
    Lead,
    /// Each member.
    Member,
    /// Each unit.
    Unit,
    /// Each member that is a 技术转移机构.
    TransferAgency,
}

/// 一项附件.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number on the list.
    pub no: u8,
    /// 材料名称.
    pub term: &'static str,
    /// What it is good for, or what it may be.
    pub hint: &'static str,
    /// The condition it shows, by its clause.
    pub clause: &'static str,
    /// Whether a condition of the regulation asks for something like it; the others are
    /// suggestions.
    pub derived: bool,
    /// For whom.
    pub whose: Whose,
}

macro_rules! items {
    ($($no:literal $term:literal $whose:ident $clause:literal $derived:literal $hint:literal;)*) => {
        [$(Item {
            no: $no,
            term: $term,
            hint: $hint,
            clause: $clause,
            derived: $derived,
            whose: Whose::$whose,
        }),*]
    };
}

/// The list. What the platform itself keeps (组建协议, 特殊情况说明, 推荐函) is not asked for again.
pub const ITEMS: [Item; 11] = items![
    1 "法人证书" Unit "5.3" true "营业执照、事业单位法人证书或社会组织登记证";
    2 "平台批准文件" Filing "5.1" true "自治区级以上科技创新平台的批准文件，写明建设单位";
    3 "科技管理制度" Lead "5.2" true "研发项目、经费、成果等管理制度";
    4 "科研团队名单" Lead "5.2" true "姓名、单位、职称、专业和投入时间";
    5 "与院所高校及科学家团队的合作证明" Lead "5.2" true "合作协议、共同承担的项目、共有成果";
    6 "与牵头单位的合作证明" Member "5.3" true "技术研发、成果转化、标准制定或人才培养方面的合作";
    7 "信用查询结果" Unit "5.3" true "信用中国和科研诚信的查询结果";
    8 "上一年度审计报告或研发费用资料" Lead "5.2" false "审计报告、研发费用专项审计或加计扣除资料";
    9 "知识产权清单" Filing "5.2" false "与本联合体技术方向有关的知识产权";
    10 "技术转移机构证明" TransferAgency "5.3" false "技术转移机构的备案或认定文件";
    11 "授权委托书" Filing "6.2" false "由代理人签署的，写明代理的事项和期限";
];

/// The item of this name.
pub fn item(term: &str) -> Option<&'static Item> {
    ITEMS.iter().find(|item| item.term == term.trim())
}

/// What a file of an item is called, item by item: words that plainly say what it is.
const CALLED: [(u8, &[&str]); 11] = [
    (1, &["法人证书", "营业执照", "登记证"]),
    (2, &["批准文件", "平台", "重点实验室", "工程研究中心", "创新中心", "企业技术中心"]),
    (3, &["管理制度", "管理办法"]),
    (4, &["团队"]),
    (5, &["合作", "院所", "科学家"]),
    (6, &["合作", "与牵头单位"]),
    (7, &["信用"]),
    (8, &["审计", "研发费用", "加计扣除"]),
    (9, &["知识产权", "专利"]),
    (10, &["技术转移"]),
    (11, &["委托书", "授权书"]),
];

/// The line of the list that a file's name plainly means; `None` where it could be several, or none.
///
/// It is a beginning for whoever sorts the files, never a judgement of what they are.
pub fn meant(materials: &Materials, file_name: &str) -> Option<(&'static Item, Option<UnitId>)> {
    let named = party_named(materials, file_name);
    let lead = materials.standing().next()?;
    let fits = |item: &&'static Item| {
        let called = CALLED.iter().find(|(no, _)| *no == item.no);
        let said = called.is_some_and(|(_, words)| words.iter().any(|w| file_name.contains(w)));
        let whole = item.whose == Whose::Filing;
        said && named.is_none_or(|party| whole || owes(item.whose, party.unit == lead.unit, party))
    };
    let mut fitting = ITEMS.iter().filter(fits);
    let item = fitting.next().filter(|_| fitting.next().is_none())?;
    if item.whose == Whose::Filing {
        return Some((item, None));
    }
    if let Some(party) = named {
        return Some((item, Some(party.unit.clone())));
    }
    let mut owing = of(item, materials).into_iter().filter_map(|line| line.party);
    let only = owing.next().filter(|_| owing.next().is_none())?;
    Some((item, Some(only.unit.clone())))
}

/// The one party whose file this is by its name: the one named by code or full name, else by its
/// 字号. Named together with the lead it is the member's, for what a member did with the lead is the
/// member's to show; but what the lead did with a university or an institute is asked of the lead too
/// (Art. 5(2)), so there it is of whoever is named first.
fn party_named<'a>(materials: &'a Materials, file_name: &str) -> Option<&'a Party> {
    let only = |is_said: &dyn Fn(&Party) -> bool| {
        let mut said = materials.standing().filter(|party| is_said(party));
        said.next().filter(|_| said.next().is_none())
    };
    let says = |words: &str| !words.is_empty() && file_name.contains(words);
    let in_full = |party: &Party| says(&party.code) || says(&party.name);
    let at = |party: &Party| sign(&party.name).and_then(|sign| file_name.find(sign));
    let lead = materials.lead_unit()?;
    let by_sign = |party: &Party| at(party).is_some();
    let of_member = |party: &Party| party.unit != lead.unit && by_sign(party);
    let full = only(&in_full);
    let both = at(lead).zip(only(&of_member)).filter(|(lead_at, member)| {
        // Whoever bears the lead's own 字号 is told from it by the full name alone.
        at(member) != Some(*lead_at) && full.is_none_or(|full| full.unit == member.unit)
    });
    let Some((lead_at, member)) = both else {
        return full.or_else(|| only(&by_sign));
    };
    let science = matches!(member.kind, UnitKind::University | UnitKind::Institute);
    let lead_first = at(member).is_some_and(|member_at| lead_at < member_at);
    Some(if science && lead_first { lead } else { member })
}

/// What stands behind the places in the names of many units, and so names none of them.
const COMMON: [&str; 12] = [
    "大学", "科技", "农业", "工业", "医科", "师范", "财经", "民族", "能源", "研究", "技术", "职业",
];

/// 字号 — the two letters of a unit's name after the places it begins with: 云川 of
/// 内蒙古云川储能科技有限公司.
fn sign(name: &str) -> Option<&str> {
    let mut rest = name;
    let places = || reference::areas().iter().flat_map(|area| [area.name, area.short]);
    let before = |rest: &str| {
        let all = ["内蒙古自治区", "内蒙古"].into_iter().chain(places());
        all.filter(|place| rest.starts_with(place)).map(str::len).max()
    };
    while let Some(length) = before(rest) {
        rest = &rest[length..];
    }
    let end = rest.char_indices().nth(2).map(|(at, _)| at)?;
    Some(&rest[..end]).filter(|sign| !COMMON.contains(sign))
}

/// One line of the list for one filing: an item, for one unit or for all, with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The item.
    pub item: &'static Item,
    /// Whose it is; `None` for the whole filing.
    pub party: Option<&'a Party>,
    /// The files for it.
    pub files: Vec<&'a Attachment>,
}

/// The list for a filing, item by item and unit by unit.
pub fn lines(materials: &Materials) -> Vec<Line<'_>> {
    ITEMS.iter().flat_map(|item| of(item, materials)).collect()
}

fn of<'a>(item: &'static Item, materials: &'a Materials) -> Vec<Line<'a>> {
    if item.whose == Whose::Filing {
        let files = materials.attachments.iter().filter(|file| file.item == item.term).collect();
        return vec![Line { item, party: None, files }];
    }
    materials
        .standing()
        .enumerate()
        .filter(|(position, party)| owes(item.whose, *position == 0, party))
        .map(|(_, party)| Line { item, party: Some(party), files: files(item, party, materials) })
        .collect()
}

fn owes(whose: Whose, lead: bool, party: &Party) -> bool {
    match whose {
        Whose::Filing => false,
        Whose::Lead => lead,
        Whose::Member => !lead,
        Whose::Unit => true,
        Whose::TransferAgency => !lead && party.kind == UnitKind::TransferAgency,
    }
}

/// What a unit brought for an item. Where only the lead owes it, a file that names no unit is the
/// lead's.
fn files<'a>(item: &Item, party: &Party, materials: &'a Materials) -> Vec<&'a Attachment> {
    let own = |unit: &Option<UnitId>| match unit {
        Some(unit) => *unit == party.unit,
        None => item.whose == Whose::Lead,
    };
    let files = materials.attachments.iter();
    files.filter(|file| file.item == item.term && own(&file.unit)).collect()
}

/// What stands on no line: other material, or such of units that have left.
pub fn others(materials: &Materials) -> Vec<&Attachment> {
    let lines = lines(materials);
    let listed = |file: &&Attachment| {
        lines.iter().any(|line| line.files.iter().any(|on| std::ptr::eq(*on, *file)))
    };
    materials.attachments.iter().filter(|file| !listed(file)).collect()
}

/// The derived items for which nothing is there: `法人证书（某某大学）`.
pub fn missing(materials: &Materials) -> Vec<String> {
    let empty = |line: &Line<'_>| line.item.derived && line.files.is_empty();
    let named = |line: Line<'_>| match line.party {
        Some(party) => format!("{}（{}）", line.item.term, party.name),
        None => line.item.term.to_owned(),
    };
    lines(materials).into_iter().filter(empty).map(named).collect()
}
