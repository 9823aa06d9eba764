//! 协议条款 — the headings of the agreement: which Art. 6(2) requires, which the law recommends,
//! and a text to begin with.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What marks a blank in a starting text; nothing is locked while one is left.
pub const BLANK: &str = "【填写：";

/// 条款的分量 — how much a heading is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// 必备: one of the six contents of Art. 6(2).
    Mandatory,
    /// 建议: 促进科技成果转化法 第二十六条 names it for every joint undertaking.
    Recommended,
    /// 可选.
    Optional,
}

/// 条款 — one heading of the agreement.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// Its number among the clauses of a full agreement: `C05`.
    pub no: &'static str,
    /// The field it is written in.
    pub field: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// How much it is asked for.
    pub weight: Weight,
    /// What belongs there.
    pub hint: &'static str,
    /// A text to begin with; blanks are marked with [`BLANK`].
    pub draft: &'static str,
    words: fn(&AgreementText) -> &str,
}

impl Heading {
    /// What stands under the heading.
    pub fn words<'a>(&self, text: &'a AgreementText) -> &'a str {
        (self.words)(text)
    }
}

/// 协议正文 — what stands under each heading, and the day of formation (Art. 6(2)).
///
/// Headings that came later are left out where they are empty, so that an agreement written
/// before they existed keeps its JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgreementText {
    /// ① 组建时间.
    pub formed_on: Option<Date>,
    /// ② 技术创新目标.
    pub goals: String,
    /// ③ 任务分工.
    pub division: String,
    /// ④ 科技成果及知识产权归属.
    pub results: String,
    /// ⑤ 投入与收益分配办法.
    pub distribution: String,
    /// ⑥ 解决争议的方式.
    pub disputes: String,
    /// 风险分担 (促进科技成果转化法 第二十六条; recommended).
    pub risk: String,
    /// 违约责任 (the same; recommended).
    pub breach: String,
    /// 其他约定.
    pub other: String,
    /// 组建宗旨.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// 期限与生效.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub term: String,
    /// 组织机构与决策.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// 牵头单位的权利和义务.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub lead_duties: String,
    /// 成员单位的权利和义务.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub member_duties: String,
    /// 经费管理.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub funds: String,
    /// 项目管理.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub projects: String,
    /// 背景知识产权.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub background: String,
    /// 成果转化、许可与转让.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub conversion: String,
    /// 保密.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub confidentiality: String,
    /// 科研诚信与伦理.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub integrity: String,
    /// 变更与补充协议.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub amendment: String,
    /// 解散与清算 (Art. 10).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub dissolution: String,
    /// 通知送达与文本.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub notices: String,
}

macro_rules! headings {
    ($($field:ident $no:literal $title:literal $weight:ident $hint:literal $draft:literal;)*) => {
        /// Every heading, in the order of the agreement.
        pub const HEADINGS: &[Heading] = &[
            $(Heading {
                no: $no,
                field: stringify!($field),
                title: $title,
                weight: Weight::$weight,
                hint: $hint,
                draft: $draft,
                words: |text| &text.$field,
            },)*
        ];

        impl AgreementText {
            /// 起草参考 — every heading with its starting text.
            pub fn draft() -> Self {
                Self { formed_on: None, $($field: $draft.to_owned(),)* }
            }
        }
    };
}

headings! {
    purpose "C03" "组建宗旨" Optional
        "为什么联合、按什么原则联合"
        "各方在公平、自愿的基础上组建联合体，围绕登记表所列技术领域的共性关键技术协同研究开发，推动科技成果转化。联合体是科技合作组织，不具有法人资格，各方以自己的名义承担责任。";
    term "C04" "期限与生效" Optional
        "协议从何时起、到何时止；签字并盖章后生效"
        "本协议经各方法定代表人或者负责人签字并加盖公章后生效，期限为三年。期满前三个月，各方商定是否延续。";
    goals "C05" "技术创新目标" Mandatory
        "与登记表一致，写明可考核的指标"
        "到【填写：年度】，突破【填写：关键技术】，形成【填写：成果】，达到附表一所列的考核指标。";
    division "C06" "任务分工" Mandatory
        "每家单位做什么、何时交付、向谁交付"
        "各方按附表二所列任务分工承担任务，按期交付成果。任务确需调整的，由各方书面商定，并按本协议的变更办法办理。";
    organisation "C07" "组织机构与决策" Optional
        "理事会或者联席会、专家委员会、秘书处；怎样表决"
        "联合体设联席会，由各方各派一名代表组成，每半年至少开会一次，由牵头单位召集。一般事项由到会代表过半数同意；增减成员、调整任务与投入、处置共有成果，由全体代表三分之二以上同意。秘书处设在牵头单位，负责日常工作。";
    lead_duties "C08" "牵头单位的权利和义务" Optional
        "组织实施、报送年度总结、报告变更"
        "牵头单位负责组织实施、协调进度、管理共同经费，每年年底向主管部门报送年度总结和下一年度计划，发生重大事项变更的及时报备，并向各方通报。";
    member_duties "C09" "成员单位的权利和义务" Optional
        "承担任务、如实提供情况；怎样加入、退出、除名"
        "成员单位按约定投入并完成任务，如实提供进展，有权了解项目和经费情况。新成员加入须经联席会同意并签署本协议。成员退出的，提前六十日书面通知，办清未完成的任务，已形成的成果按本协议处理；因此给其他方造成损失的，承担相应责任。";
    distribution "C10" "投入与收益分配办法" Mandatory
        "各方投入什么、何时到位；收益按什么比例、何时结算"
        "各方按附表三所列的年度、形式和金额投入，每年六月底前到位。成果转化所得收益，扣除直接成本后按各方对该成果的贡献分配；贡献比例在转化前书面确认，每年结算一次。";
    funds "C11" "经费管理" Optional
        "谁保管、怎样记账、怎样审计"
        "共同经费由牵头单位专账管理、专款专用，每年向联席会报告收支；财政资金按有关规定管理。任何一方可以要求查阅账目，必要时由联席会委托审计。";
    projects "C12" "项目管理" Optional
        "怎样立项、检查、验收"
        "共同项目由联席会立项，明确负责人、任务、进度和经费；每半年检查一次，完成后由联席会组织验收。";
    background "C13" "背景知识产权" Optional
        "合作前已有的成果，归谁、怎样用"
        "各方在合作前已有的知识产权仍归原权利人。为完成本协议任务需要使用的，权利人许可其他方在任务范围内免费使用；超出任务范围的，另行书面约定。";
    results "C14" "科技成果及知识产权归属" Mandatory
        "分开写：合作前已有的、合作中产生的；署名、许可、转让如何商定"
        "合作中产生的科技成果及其知识产权，由一方独立完成的归完成方，由多方共同完成的归完成各方共有；署名按实际贡献排列。";
    conversion "C15" "成果转化、许可与转让" Optional
        "共有成果由谁实施，许可、转让须经谁同意"
        "同等条件下，联合体内的单位优先实施共有成果。共有成果许可他人实施或者转让的，须经共有各方书面同意；各方自行实施的，应当告知其他共有方。";
    risk "C17" "风险分担" Recommended
        "建议写明：研发不成、市场变化时如何分担"
        "因技术难度未能达到目标，承担方已经尽责的，损失由承担方自行负担；共同任务按投入比例分担。出现可能影响目标的情况，发现的一方应当及时告知其他方。";
    confidentiality "C18" "保密" Optional
        "哪些内容保密、保密多久"
        "各方对从其他方获得的技术秘密和经营信息保密，只用于本协议任务，未经书面同意不得向他人披露。保密期限到本协议终止后五年。涉及国家秘密的事项不在本协议范围内办理。";
    integrity "C19" "科研诚信与伦理" Optional
        "真实、不重复申报、遵守伦理"
        "各方恪守科研诚信和科技伦理，如实记录和报告，不以同一成果重复申报；发现违背诚信的行为，及时报告并配合调查。";
    breach "C20" "违约责任" Recommended
        "建议写明：不履约、退出、泄密的责任"
        "未按约定投入、未完成任务或者泄露秘密的一方，应当在收到书面通知后三十日内改正；逾期不改的，赔偿守约方的直接损失，联席会可以决定将其除名。";
    amendment "C21" "变更与补充协议" Optional
        "怎样修改这份协议"
        "修改本协议由各方协商一致，形成书面文本，经各方签字并加盖公章后生效；属于重大事项变更的，由牵头单位通过平台报备。";
    dissolution "C22" "解散与清算" Optional
        "承担任务期间不自行解散；终止要经平台申请"
        "承担科技计划任务期间，联合体不自行解散。确因客观原因需要终止的，由牵头单位通过平台提出申请，说明未完成任务的安排；经同意后，由联席会清算共同财产，共有成果按本协议处理。";
    disputes "C23" "解决争议的方式" Mandatory
        "先协商；协商不成，写明仲裁机构或者管辖法院，只写一种"
        "因本协议发生争议，各方先行协商；协商不成的，提交【填写：仲裁机构仲裁，或者有管辖权的人民法院】。";
    notices "C24" "通知送达与文本" Optional
        "通知送到哪里；文本份数或者电子原件"
        "各方在平台登记的联系人和联系方式为送达地址，通过平台送达的通知自进入对方账号时视为送达。本协议以平台保存的电子文本为原件，各方可以自行下载保存。";
    other "C26" "其他约定" Optional
        "议事规则、附件效力等"
        "";
}

/// 组建时间: the one content that is a day.
pub const FORMED_ON: &str = "组建时间";

impl AgreementText {
    /// The six mandatory contents that are still empty.
    pub fn missing(&self) -> Vec<&'static str> {
        let formed_on = self.formed_on.is_none().then_some(FORMED_ON);
        let owed = HEADINGS.iter().filter(|heading| heading.weight == Weight::Mandatory);
        let empty = owed.filter(|heading| heading.words(self).trim().is_empty());
        formed_on.into_iter().chain(empty.map(|heading| heading.title)).collect()
    }

    /// The headings in which a blank of the starting text is left.
    pub fn blanks(&self) -> Vec<&'static Heading> {
        HEADINGS.iter().filter(|heading| heading.words(self).contains(BLANK)).collect()
    }

    /// The field of the first thing that the text does not say yet; `None` once nothing is open.
    pub fn first_open(&self) -> Option<&'static str> {
        if self.formed_on.is_none() {
            return Some("formed_on");
        }
        let open = |heading: &&Heading| {
            let words = heading.words(self);
            let empty = heading.weight == Weight::Mandatory && words.trim().is_empty();
            empty || words.contains(BLANK)
        };
        HEADINGS.iter().find(open).map(|heading| heading.field)
    }

    /// The headings with their words; empty ones are left out unless they are owed.
    pub fn written(&self) -> impl Iterator<Item = (&'static Heading, &str)> {
        HEADINGS.iter().map(|heading| (heading, heading.words(self))).filter(|(heading, words)| {
            heading.weight == Weight::Mandatory || !words.trim().is_empty()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_starting_text_has_the_six_contents_and_leaves_the_facts_blank() {
        let draft = AgreementText::draft();
        assert_eq!(draft.missing(), vec![FORMED_ON]);
        let titles: Vec<_> = draft.blanks().iter().map(|heading| heading.title).collect();
        assert!(titles.contains(&"解决争议的方式"), "{titles:?}");
        assert!(AgreementText::default().blanks().is_empty());
        let six = ["组建时间", "技术创新目标", "任务分工", "投入与收益分配办法"];
        let more = ["科技成果及知识产权归属", "解决争议的方式"];
        assert_eq!(AgreementText::default().missing(), [&six[..], &more[..]].concat());
    }

    #[test]
    fn every_heading_has_a_number_and_a_field_of_its_own_in_order() {
        let numbers: Vec<_> = HEADINGS.iter().map(|heading| heading.no).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        assert_eq!(numbers, sorted);
        let fields: BTreeSet<_> = HEADINGS.iter().map(|heading| heading.field).collect();
        assert_eq!(fields.len(), HEADINGS.len());
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), HEADINGS.len());
    }

    #[test]
    fn a_text_written_before_a_heading_existed_reads_as_it_was() {
        let old = r#"{"formed_on":"2026-02-26","goals":"甲","division":"乙","results":"丙"}"#;
        let text: AgreementText = serde_json::from_str(old).unwrap();
        assert_eq!(text.goals, "甲");
        assert_eq!(serde_json::to_string(&text).unwrap().matches("formed_on").count(), 1);
        assert!(text.confidentiality.is_empty());
    }
}
