//! 经办人身份 — who acts, for whom, and in which capacity at that time.

use serde::{Deserialize, Serialize};

use crate::ids::{AuthorityId, PersonId, Personal, UnitId};

/// Whom a person acts for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "side", content = "of", rename_all = "snake_case")]
pub enum Side {
    /// 单位 — a lead or member unit.
    Unit(UnitId),
    /// 归口管理部门 — a recommending authority (Art. 6(4)).
    Authority(AuthorityId),
    /// 自治区科技厅 — the Department (Art. 2).
    Department,
    /// 评审专家 — an expert; seen only where a seat is held.
    Expert,
    /// 社会公众 — anybody, without an account.
    Public,
    /// 运维 — runs the machine, decides nothing.
    Operator,
    /// 日历 — the passing of days; the only actor that is no person.
    Calendar,
}

/// 身份 — in which capacity a person acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// 经办人 — a unit's handler: drafts, invites, submits, reports.
    Handler,
    /// 法定代表人或负责人 — signs and seals for the unit (Art. 6(2)).
    LegalRepresentative,
    /// 印章保管人 — seals for the unit and does not sign (Art. 6(2)).
    SealKeeper,
    /// 联系人 — reads what is the unit's and is told; asks for nothing.
    Contact,
    /// 单位管理员 — gives and ends the links of the unit's people; files nothing.
    Administrator,
    /// 初审员 — an authority's clerk: checks truth and accuracy (Art. 6(4)).
    Clerk,
    /// 签发人 — signs the authority's recommendation off (Art. 6(4)).
    Signatory,
    /// 形式审查员 — the Department's formal reviewer (Art. 6(5)).
    Reviewer,
    /// 评审组织员 — convenes the experts (Art. 6(5)).
    Organiser,
    /// 业务处室经办 — drafts decisions of the Department.
    Drafter,
    /// 厅领导 — confirms decisions of the Department.
    Decider,
    /// 公示发布员 — publishes notices and enters the register.
    Publisher,
    /// 监督处 — objections, credit records, supervision (Arts. 9–11).
    Supervisor,
    /// 评审专家.
    Expert,
    /// 社会公众.
    Public,
    /// 系统管理员.
    Operator,
    /// 日历.
    Calendar,
}

impl Capacity {
    /// The statutory or customary Chinese word.
    pub const fn term(self) -> &'static str {
        match self {
            Self::Handler => "经办人",
            Self::LegalRepresentative => "法定代表人（负责人）",
            Self::SealKeeper => "印章保管人",
            Self::Contact => "联系人",
            Self::Administrator => "单位管理员",
            Self::Clerk => "初审员",
            Self::Signatory => "签发人",
            Self::Reviewer => "形式审查员",
            Self::Organiser => "评审组织员",
            Self::Drafter => "业务处室经办",
            Self::Decider => "厅领导",
            Self::Publisher => "公示发布员",
            Self::Supervisor => "监督处",
            Self::Expert => "评审专家",
            Self::Public => "社会公众",
            Self::Operator => "系统管理员",
            Self::Calendar => "日历",
        }
    }
}

/// Who acts: a person, for a side, in a capacity, under the name held at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person; `public` and `calendar` for those who have no account.
    pub person: PersonId,
    /// The person's name when acting.
    pub name: Personal,
    /// Whom the person acts for.
    pub side: Side,
    /// In which capacity.
    pub capacity: Capacity,
}

impl Actor {
    /// The passing of days.
    pub fn calendar() -> Self {
        Self {
            person: PersonId::from("calendar"),
            name: Personal::new("日历"),
            side: Side::Calendar,
            capacity: Capacity::Calendar,
        }
    }

    /// Somebody without an account.
    pub fn public() -> Self {
        Self {
            person: PersonId::from("public"),
            name: Personal::new("社会公众"),
            side: Side::Public,
            capacity: Capacity::Public,
        }
    }

    /// The unit acted for, if any.
    pub fn unit(&self) -> Option<&UnitId> {
        match &self.side {
            Side::Unit(unit) => Some(unit),
            Side::Authority(_)
            | Side::Department
            | Side::Expert
            | Side::Public
            | Side::Operator
            | Side::Calendar => None,
        }
    }

    /// Whose the files are that this actor brings: the side's, and of a person who acts for nobody
    /// the person's own.
    pub fn brings_for(&self) -> String {
        if self.side == Side::Public {
            return format!("person:{}", self.person);
        }
        self.reader_key()
    }

    /// The key under which this actor reads: what the row filter of every list joins on.
    ///
    /// One of `public`, `unit:ID`, `authority:ID`, `department`, `expert:PERSON`, `operator`.
    pub fn reader_key(&self) -> String {
        match &self.side {
            Side::Unit(unit) => format!("unit:{unit}"),
            Side::Authority(authority) => format!("authority:{authority}"),
            Side::Department | Side::Calendar => "department".to_owned(),
            Side::Expert => format!("expert:{}", self.person),
            Side::Public => "public".to_owned(),
            Side::Operator => "operator".to_owned(),
        }
    }
}
