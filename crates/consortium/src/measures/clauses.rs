//! 条款 — the clauses of the regulation, verbatim, and its chapters.
//!
//! The text is the official one and is never edited; an id never changes.
//! `docs/measures.zh.md` holds the same words for readers, and a test compares the two.

use super::ClauseId;

/// 条款 — one clause, as it stands in the regulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The id that everything cites: `5.1`.
    pub id: ClauseId,
    /// The article it belongs to.
    pub article: u8,
    /// How a Chinese document cites it: `第五条（一）`.
    pub label: &'static str,
    /// The official words.
    pub text: &'static str,
}

/// 章 — a chapter and the articles it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// Counted from one.
    pub number: u8,
    /// `第一章 总则`.
    pub title: &'static str,
    /// Its first article.
    pub first: u8,
    /// Its last article.
    pub last: u8,
}

impl Chapter {
    /// The clauses of this chapter, in order.
    pub fn clauses(self) -> impl Iterator<Item = &'static Clause> {
        CLAUSES.iter().filter(move |clause| (self.first..=self.last).contains(&clause.article))
    }
}

impl ClauseId {
    /// How a Chinese document cites the clause; an id the regulation does not have cites itself.
    pub fn label(self) -> &'static str {
        clause(self.0).map_or(self.0, |clause| clause.label)
    }
}

/// The clause of that id.
pub fn clause(id: &str) -> Option<&'static Clause> {
    CLAUSES.iter().find(|clause| clause.id.0 == id)
}

const fn words(id: &'static str, article: u8, label: &'static str, text: &'static str) -> Clause {
    Clause { id: ClauseId(id), article, label, text }
}

/// The five chapters.
pub const CHAPTERS: &[Chapter] = &[
    Chapter { number: 1, title: "第一章 总则", first: 1, last: 3 },
    Chapter { number: 2, title: "第二章 组建条件与备案程序", first: 4, last: 7 },
    Chapter { number: 3, title: "第三章 支持政策", first: 8, last: 8 },
    Chapter { number: 4, title: "第四章 监督管理", first: 9, last: 11 },
    Chapter { number: 5, title: "第五章 附则", first: 12, last: 13 },
];

/// Every clause, in the order of the regulation.
pub const CLAUSES: &[Clause] = &[
    words(
        "1",
        1,
        "第一条",
        "第一条 为促进科技创新和产业创新深度融合，解决关键技术问题，强化企业科技创新主体地位，引导企业、科研院所、高等学校开展产学研合作，制定本办法。",
    ),
    words(
        "2",
        2,
        "第二条",
        "第二条 内蒙古自治区科学技术厅（以下简称“自治区科技厅”）负责制定促进全区创新联合体发展的各项措施，以及备案及管理等工作。",
    ),
    words(
        "3",
        3,
        "第三条",
        "第三条 本办法所指的创新联合体是由区内各相关领域重点企业牵头，广泛联合区内外企业、科研院所、高等学校、技术转移机构等各类创新资源，以协同推进研究开发和科技成果转化为主要任务，通过市场化方式组建的创新型、自主型、任务型科技合作组织。",
    ),
    words(
        "4",
        4,
        "第四条",
        "第四条 创新联合体应由牵头单位发起，联合有合作意向的成员单位，共同签署具有法律效力的合作协议后，经盟市科技局等归口管理部门推荐，由自治区科技厅审核备案。",
    ),
    words("5", 5, "第五条", "第五条 创新联合体组建条件："),
    words(
        "5.1",
        5,
        "第五条（一）",
        "（一）创新联合体由企业、科研院所、高等学校、技术转移机构或其他组织机构等多个单位组成，原则上不少于3家，建有自治区级以上科技创新平台至少一家。",
    ),
    words(
        "5.2",
        5,
        "第五条（二）",
        "（二）牵头单位须为在内蒙古自治区内注册的独立法人企业，能够集聚产业链上下游企业、科研院所和高等学校等创新资源，具备一定的研发能力，有成熟的科研团队，完善的科技管理制度，与科研院所、高等学校及科学家团队有良好的合作基础，无在惩戒期内严重失信行为记录。",
    ),
    words(
        "5.3",
        5,
        "第五条（三）",
        "（三）成员单位应为具备创新能力的独立法人单位，不受地域限制，且与牵头单位在技术研发、成果转化、标准制定、人才培养等方面具备合作基础。科研院所、高等学校作为成员单位的，应具备较强的研发团队和科研条件；企业作为成员单位的，应具备一定的研发和技术配套能力，能够与牵头单位或其他成员单位有效互补；技术转移机构作为成员单位的，应具备一定的技术研发、成果转移转化、科技咨询、科技金融、科技服务等相关服务能力，对创新联合体建设起到助力作用，无在惩戒期内严重失信行为记录。",
    ),
    words("6", 6, "第六条", "第六条 创新联合体备案程序"),
    words(
        "6.1",
        6,
        "第六条(1)",
        "(1) 命名创新联合体。创新联合体由牵头单位发起，联合有意向的成员单位，围绕相关领域技术难题和发展方向达成合作意向，并以“内蒙古自治区xxxx创新联合体”命名。",
    ),
    words(
        "6.2",
        6,
        "第六条(2)",
        "(2) 签署组建协议。牵头单位和成员单位之间应本着公平、自愿的原则，共同签署具有法律约束力的《内蒙古自治区创新联合体组建协议》。协议应明确组建时间、技术创新目标、任务分工、科技成果及知识产权归属、投入与收益分配办法及解决争议的方式等。组建协议由成员单位法定代表人或负责人共同签署并加盖各成员单位公章后生效。",
    ),
    words(
        "6.3",
        6,
        "第六条(3)",
        "(3) 牵头单位申报。创新联合体由牵头单位在“蒙科聚”平台——“内蒙古自治区科技计划管理信息系统公共服务平台”在线填报提交备案材料；",
    ),
    words(
        "6.4",
        6,
        "第六条(4)",
        "(4) 归口管理部门推荐。各盟市科技管理部门要严格履行工作职责，切实对材料的真实性和准确性进行审核把关，对创新联合体的组建提出审核推荐意见。",
    ),
    words(
        "6.5",
        6,
        "第六条(5)",
        "(5) 自治区科技厅核准。自治区科技厅对申报材料进行形式审查，组织专家评审论证，对评审通过的创新联合体予以备案并公示。",
    ),
    words("7", 7, "第七条", "第七条 备案材料"),
    words("7.1", 7, "第七条(1)", "(1) 《内蒙古自治区创新联合体备案申请登记表》"),
    words("7.2", 7, "第七条(2)", "(2) 《内蒙古自治区创新联合体组建协议》"),
    words("7.3", 7, "第七条(3)", "(3) 相关附件材料"),
    words("8", 8, "第八条", "第八条 创新联合体享受以下支持政策："),
    words("8.1", 8, "第八条（一）", "（一）优先推荐申报国家和自治区级科技计划项目；"),
    words(
        "8.2",
        8,
        "第八条（二）",
        "（二）支持创新联合体成员单位建设各类科技创新平台，创建科技型企业，培育、引进科技创新团队，对符合条件的落实相应支持政策；",
    ),
    words(
        "8.3",
        8,
        "第八条（三）",
        "（三）鼓励依托创新联合体建立产业技术高端智库，鼓励支持其参与科技管理部门组织的相关产业战略规划制定等工作。",
    ),
    words(
        "8.4",
        8,
        "第八条（四）",
        "（四）优先选择创新联合体为试点单位，在技术攻关、科技成果转化、人才活力激发、体制机制创新等领域实施科技创新改革措施。",
    ),
    words(
        "9",
        9,
        "第九条",
        "第九条 经备案的自治区创新联合体，要建立年报制度，每年年底需在备案平台报送本年度总结和下一年度计划，连续两年未提交总结，取消联合体备案资格。年度总结内容包括：",
    ),
    words("9.1", 9, "第九条（一）", "（一）创新联合体内部制度建设情况；"),
    words("9.2", 9, "第九条（二）", "（二）核心技术攻关、创新平台建设实施情况；"),
    words("9.3", 9, "第九条（三）", "（三）承担市场化成果转化或企业孵化情况；"),
    words("9.4", 9, "第九条（四）", "（四）新技术、新产品应用推广情况；"),
    words("9.5", 9, "第九条（五）", "（五）承担其他重要任务情况；"),
    words("9.6", 9, "第九条（六）", "（六）下一年度工作计划。"),
    words(
        "10",
        10,
        "第十条",
        "第十条 创新联合体在承担各项工作任务期间，不得自行解散。因客观原因有重大事项变更，应及时通过备案平台履行变更程序，向自治区科技厅报备。",
    ),
    words(
        "11",
        11,
        "第十一条",
        "第十一条 创新联合体要严格按照《内蒙古自治区创新联合体组建协议》建立责权利统一的利益保障机制。牵头单位组织不力，未按协议履约的，取消其创新联合体资格。",
    ),
    words("12", 12, "第十二条", "第十二条 本办法由自治区科技厅负责解释。"),
    words(
        "13",
        13,
        "第十三条",
        "第十三条 本办法自发布之日起实施，《内蒙古自治区创新联合体备案管理办法》（试行）同时废止。",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn published() -> &'static str {
        include_str!("../../../../docs/measures.zh.md")
    }

    #[test]
    fn every_clause_is_the_published_text_and_no_clause_is_missing() {
        let written: Vec<String> =
            CLAUSES.iter().map(|clause| format!("- `{}` {}", clause.id.0, clause.text)).collect();
        let lines: Vec<&str> = published().lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(written, lines);
    }

    #[test]
    fn every_chapter_is_the_published_heading_and_together_they_hold_every_clause() {
        let headings: Vec<&str> =
            published().lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let titles: Vec<&str> = CHAPTERS.iter().map(|chapter| chapter.title).collect();
        assert_eq!(titles, headings);
        let held: Vec<&Clause> = CHAPTERS.iter().flat_map(|chapter| chapter.clauses()).collect();
        assert_eq!(held, CLAUSES.iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_label_is_how_the_clause_opens() {
        for clause in CLAUSES {
            let opening = clause.text.split(' ').next().unwrap_or_default();
            let opens = clause.label == opening || clause.text.starts_with(item(clause.label));
            assert!(opens, "{clause:?}");
        }
        assert_eq!(ClauseId("5.1").label(), "第五条（一）");
        assert_eq!(ClauseId("6.2").label(), "第六条(2)");
        assert_eq!(ClauseId("99").label(), "99");
    }

    /// The part of a label after its article: `（一）`.
    fn item(label: &str) -> &str {
        label.split_once('条').map_or(label, |(_, item)| item)
    }
}
