//! 虚构的演示角色 — units, offices and experts. Every name, code and number here is invented.

use consortium::{
    credit_code::CreditCode,
    ids::Personal,
    unit::{LegalForm, Profile, UnitKind},
};

/// One fictional unit.
pub(super) struct Role {
    /// 单位全称.
    pub(super) name: &'static str,
    /// What accounts of it begin with.
    pub(super) login: &'static str,
    /// 单位类型.
    pub(super) kind: UnitKind,
    /// 法人类型.
    pub(super) form: LegalForm,
    /// 住所所在旗县市区.
    pub(super) area: &'static str,
    /// The first two digits of its code.
    prefix: &'static str,
}

const fn enterprise(name: &'static str, login: &'static str, area: &'static str) -> Role {
    Role {
        name,
        login,
        kind: UnitKind::Enterprise,
        form: LegalForm::EnterpriseLegalPerson,
        area,
        prefix: "91",
    }
}

const fn academic(
    name: &'static str,
    login: &'static str,
    kind: UnitKind,
    area: &'static str,
) -> Role {
    Role { name, login, kind, form: LegalForm::PublicInstitution, area, prefix: "12" }
}

/// The leads: one enterprise for each consortium of the script, in its order.
pub(super) const LEADS: [Role; 24] = [
    enterprise("内蒙古云川储能科技有限公司", "yunchuan", "150104"),
    enterprise("包头金岭稀土材料有限公司", "jinling", "150203"),
    enterprise("鄂尔多斯绿氢装备有限公司", "lvqing", "150602"),
    enterprise("呼和浩特北原乳品科技有限公司", "beiyuan", "150105"),
    enterprise("赤峰红山玉米种业有限公司", "hongshan", "150402"),
    enterprise("通辽科尔沁肉牛育种有限公司", "roniu", "150502"),
    enterprise("锡林郭勒牧野草种有限公司", "muye", "152502"),
    enterprise("巴彦淖尔河套智慧农业有限公司", "hetao", "150802"),
    enterprise("乌兰察布石墨新材料有限公司", "shimo", "150902"),
    enterprise("乌海海勃煤焦化工有限公司", "haibo", "150302"),
    enterprise("呼伦贝尔林海生态有限公司", "linhai", "150702"),
    enterprise("兴安岭蒙药研制有限公司", "mengyao", "152201"),
    enterprise("阿拉善沙生药材有限公司", "shasheng", "152921"),
    enterprise("包头天穹风电装备有限公司", "tianqiong", "150207"),
    enterprise("鄂尔多斯智采矿山技术有限公司", "zhicai", "150627"),
    enterprise("呼和浩特青城云计算有限公司", "qingcheng", "150123"),
    enterprise("满洲里口岸物流科技有限公司", "kouan", "150781"),
    enterprise("包头特种合金有限公司", "hejin", "150204"),
    enterprise("鄂尔多斯煤基新材料有限公司", "meiji", "150621"),
    enterprise("呼和浩特生物疫苗有限公司", "yimiao", "150102"),
    enterprise("赤峰中药现代化有限公司", "zhongyao", "150404"),
    enterprise("二连浩特跨境数据有限公司", "kuajing", "152501"),
    enterprise("通辽铝基材料有限公司", "lvji", "150581"),
    enterprise("巴彦淖尔绒纺科技有限公司", "rongfang", "150824"),
];

/// The members, drawn on by every consortium.
pub(super) const MEMBERS: [Role; 16] = [
    academic("塞北理工大学", "saibei", UnitKind::University, "150105"),
    academic("北疆能源研究院", "beijiang", UnitKind::Institute, "150102"),
    Role {
        name: "草原技术转移中心",
        login: "caoyuan",
        kind: UnitKind::TransferAgency,
        form: LegalForm::SocialService,
        area: "150105",
        prefix: "52",
    },
    enterprise("北京远图软件有限公司", "yuantu", "110000"),
    academic("大漠农牧大学", "damo", UnitKind::University, "150105"),
    academic("阴山材料研究所", "yinshan", UnitKind::Institute, "150203"),
    academic("科尔沁畜牧研究院", "xumu", UnitKind::Institute, "150502"),
    enterprise("内蒙古朔风动力有限公司", "shuofeng", "150206"),
    enterprise("包头聚能电池材料有限公司", "juneng", "150202"),
    academic("河套水利研究所", "shuili", UnitKind::Institute, "150802"),
    Role {
        name: "敕勒川科技服务中心",
        login: "chilechuan",
        kind: UnitKind::TransferAgency,
        form: LegalForm::SocialService,
        area: "150121",
        prefix: "52",
    },
    enterprise("天津津蒙检测技术有限公司", "jinmeng", "120000"),
    academic("青山冶金学院", "yejin", UnitKind::University, "150204"),
    enterprise("鄂尔多斯伊金数据有限公司", "yijin", "150627"),
    academic("兴安草地生态研究所", "caodi", UnitKind::Institute, "152201"),
    enterprise("宁夏贺兰碳材有限公司", "helan", "640000"),
];

/// People's names, given out in order; all invented.
const FAMILY: [&str; 16] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨",
];
const GIVEN: [&str; 18] = [
    "云舒", "知远", "若川", "思齐", "清扬", "书禾", "景行", "安澜", "静好", "明德", "嘉木", "怀瑾",
    "望舒", "子衿", "亦辰", "修远", "予安", "其华",
];

/// The name of the n-th invented person.
pub(super) fn person(n: usize) -> String {
    format!("{}{}", FAMILY[n % FAMILY.len()], GIVEN[(n / 3 + n) % GIVEN.len()])
}

/// A fictional unified social credit code whose two check digits are right.
fn code(prefix: &str, area: &str, n: usize) -> String {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let stem = format!("{prefix}{area}MADM{n:04}");
    for inner in LETTERS.chars() {
        for outer in LETTERS.chars() {
            let code = format!("{stem}{inner}{outer}");
            if CreditCode::parse(&code).is_ok_and(|parsed| parsed.warnings.is_empty()) {
                return code;
            }
        }
    }
    stem
}

impl Role {
    /// What this unit says of itself; `n` counts all units.
    pub(super) fn profile(&self, n: usize) -> Profile {
        Profile {
            code: code(self.prefix, self.area, n),
            name: self.name.to_owned(),
            kind: self.kind,
            legal_form: self.form,
            area: self.area.to_owned(),
            address: format!("演示路 {} 号", n + 1),
            representative: Personal::new(person(n * 2)),
            representative_from: None,
            phone: Personal::new(format!("0471-555{n:04}")),
            code_confirmed: false,
        }
    }
}

/// 评审专家: employers, management or technical, field. The third is employed by a member.
pub(super) const EXPERTS: [(&str, bool, &str); 18] = [
    ("虚构东原大学", false, "储能材料"),
    ("虚构东原大学", false, "电化学"),
    ("北疆能源研究院", false, "能源系统"),
    ("虚构海棠研究院", false, "冶金工程"),
    ("虚构云杉大学", false, "畜牧育种"),
    ("虚构云杉大学", true, "科技管理"),
    ("虚构明湖会计师事务所", true, "财务审计"),
    ("虚构白桦研究所", false, "先进制造"),
    ("虚构胡杨大学", false, "信息技术"),
    ("虚构胡杨科技公司", false, "氢能"),
    ("虚构红柳研究院", false, "生物医药"),
    ("虚构沙棘大学", false, "环境工程"),
    ("虚构雪岭大学", false, "材料科学"),
    ("虚构青松智库", true, "产业政策"),
    ("虚构长风研究院", false, "风电"),
    ("虚构石榴农业大学", false, "作物遗传"),
    ("虚构银杏技术中心", true, "技术转移"),
    ("虚构梧桐研究所", false, "矿山工程"),
];
