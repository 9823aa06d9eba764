//! 演示的单位资料 — what the cast keeps of itself, the platforms it has registered, and a table that
//! waits to be carried out. All of it is invented.

use consortium::ids::Personal;
use consortium::reference::PlatformStatus;
use consortium::unit::{
    Assessment, Business, Certificates, Command, Contact, Detail, HighTech, ManagementRule,
    PlatformEntry, Research, ServiceKind, Specialised, Strengths, Transfer, TransferRecord,
    UnitKind, YearFigures,
};
use jiff::civil::{Date, date};

use super::cast::{Role, person};

/// A table with rows that can be taken, one that is there, and some to mend.
pub(super) const TABLE: &str = "\
单位统一社会信用代码,平台名称,平台类型,批准部门,批准文号,批准日期,有效期起,有效期至,状态,最近评估年度,评估等次
@saibei,自治区寒旱区储能技术创新中心,自治区技术创新中心,内蒙古自治区科学技术厅,虚构字〔2023〕31号,2023-09-01,,2028-08-31,正式运行,2025,良好
@beijiang,自治区能源计量研究开发中心,自治区企业研究开发中心,内蒙古自治区科学技术厅,虚构字〔2024〕12号,2024-04-18,,,在建,,
@saibei,自治区储能材料重点实验室,自治区重点实验室（含企业重点实验室）,内蒙古自治区科学技术厅,虚构字〔2021〕8号,2021-06-01,,,整改,,
99150000MADM9999XX,没有注册单位的平台,自治区技术创新中心,内蒙古自治区科学技术厅,虚构字〔2024〕40号,2024-05-01,,,正式运行,,
@yinshan,日期写错的平台,自治区工程技术研究中心,内蒙古自治区科学技术厅,虚构字〔2022〕3号,二〇二二年,,,正式运行,,
";

/// What one unit keeps.
pub(super) fn details(n: usize, role: &Role) -> Vec<Detail> {
    let size = u32::try_from(n % 7).unwrap_or_default();
    let mut details = vec![
        Detail::Figures { years: (2023..2026).map(|year| figures(year, size)).collect() },
        Detail::Rules {
            rules: ["研发项目管理办法", "科研经费管理办法", "科技成果转化奖励办法"]
                .into_iter()
                .map(|name| ManagementRule {
                    name: name.to_owned(),
                    in_force_from: date(2022, 1, 1),
                    file: None,
                })
                .collect(),
        },
        Detail::Strengths(Strengths {
            team: format!(
                "{}的科研团队由带头人和三个方向的骨干组成，近年承担自治区项目 3 项。",
                role.name
            ),
            capability: "具备中试和检测条件，可以承担关键工序的验证。".to_owned(),
            cooperation: "与两所高校共建联合实验室，联合培养研究生。".to_owned(),
        }),
        Detail::Contact(Contact {
            contact: Personal::new(person(n * 2 + 1)),
            contact_phone: Personal::new(format!("0471-556{n:04}")),
        }),
    ];
    details.extend(of_kind(role.kind, size));
    details
}

fn figures(year: i16, size: u32) -> YearFigures {
    let growth = i64::from(year - 2022);
    YearFigures {
        year,
        revenue_fen: 20_000_000_000 * growth + 3_000_000_000 * i64::from(size),
        rd_spend_fen: 1_200_000_000 * growth + 90_000_000 * i64::from(size),
        staff: 180 + 20 * size,
        rd_staff: 60 + 5 * size,
        rd_fte: 52 + 5 * size,
        doctors: 6 + size,
        senior_titles: 15 + size,
    }
}

fn of_kind(kind: UnitKind, size: u32) -> Vec<Detail> {
    match kind {
        UnitKind::Enterprise => vec![
            Detail::Certificates(Certificates {
                high_tech: Some(HighTech {
                    no: format!("GR2024XX{size:06}"),
                    until: date(2027, 11, 30),
                }),
                tech_sme: None,
                specialised: (size > 3).then_some(Specialised::Specialised),
            }),
            Detail::Business(Business {
                products: "面向本产业链的主导产品两类，年产能稳定。".to_owned(),
                position: "处于产业链中下游，上游原料和下游应用均在区内。".to_owned(),
                matching: "有中试线和检测中心，可以为联合体成员做工艺验证。".to_owned(),
            }),
        ],
        UnitKind::University | UnitKind::Institute => vec![Detail::Research(Research {
            discipline: "材料科学与工程、能源动力".to_owned(),
            team_size: 40 + size,
            laboratories: "自治区级实验室一个，校级平台两个。".to_owned(),
            instruments: 18 + size,
            results: "自治区科学技术奖二等奖一项，授权发明专利 26 件。".to_owned(),
        })],
        UnitKind::TransferAgency => vec![Detail::Transfer(Transfer {
            record: Some(TransferRecord::Region),
            brokers: 8,
            contracts_fen: 4_600_000_000,
            services: vec![ServiceKind::Transfer, ServiceKind::Advice, ServiceKind::Finance],
        })],
        UnitKind::Other => vec![],
    }
}

/// What is done with the register of platforms: whose, by whom, and what.
pub(super) fn platforms() -> Vec<(&'static str, &'static str, Command)> {
    let confirmed = |owner, no| (owner, "reviewer", Command::ConfirmPlatform { platform: no });
    let entered = |owner, entry| (owner, owner, Command::EnterPlatform(entry));
    vec![
        entered("saibei", entry("自治区储能材料重点实验室", "R02", 8, date(2021, 6, 1))),
        confirmed("saibei", 1),
        entered("beijiang", entry("自治区能源系统工程技术研究中心", "R06", 15, date(2020, 9, 1))),
        entered(
            "yinshan",
            PlatformEntry {
                status: PlatformStatus::Building,
                ..entry("自治区稀土功能材料技术创新中心", "R03", 22, date(2025, 3, 1))
            },
        ),
        confirmed("yinshan", 1),
        entered("yuantu", entry("北京市工业软件重点实验室", "P99", 3, date(2022, 5, 10))),
        entered("jinling", entry("自治区稀土材料企业技术中心", "R14", 41, date(2019, 12, 1))),
        (
            "jinling",
            "reviewer",
            Command::ReturnPlatform {
                platform: 1,
                reason: "批准文号与批准文件不一致，核对后更正".to_owned(),
            },
        ),
        entered(
            "yejin",
            PlatformEntry {
                valid_to: Some(date(2025, 12, 31)),
                assessment: Some(Assessment { year: 2024, grade: "合格".to_owned() }),
                ..entry("自治区特种合金重点实验室", "R02", 17, date(2020, 12, 31))
            },
        ),
        confirmed("yejin", 1),
    ]
}

fn entry(name: &str, kind: &str, no: u32, approved_on: Date) -> PlatformEntry {
    PlatformEntry {
        name: name.to_owned(),
        kind: kind.to_owned(),
        approved_by: if kind == "P99" {
            "北京市科学技术委员会".to_owned()
        } else {
            "内蒙古自治区科学技术厅".to_owned()
        },
        document_no: format!("虚构字〔{}〕{no}号", approved_on.year()),
        approved_on,
        valid_from: None,
        valid_to: None,
        status: PlatformStatus::Running,
        assessment: None,
        proof: None,
    }
}
