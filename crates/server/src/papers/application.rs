//! 登记表和协议 — the two long papers, from the materials as they stood (Arts. 6(2), 7).

use consortium::{
    Dossier, Event,
    agreement::{self, AgreementText, Method, Proof, Seal, Signature},
    dossier::Stage,
    ids::Digest,
    materials::{Materials, Party},
    reference,
};
use documents::paper::{Agreement, Application, Line, OpinionBox, Part, Section, Signatory};
use jiff::civil::{Date, DateTime};

use super::content::party;
use crate::office::Occurred;
use crate::pages::shell::parse::amount;

/// 甲乙丙丁 …: how an agreement calls its parties.
const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];

/// 备案申请登记表, as it was handed in or corrected.
pub(super) fn application(from: &Occurred) -> Option<Application> {
    let (Event::Submitted { package, .. } | Event::CorrectionSubmitted { package, .. }) =
        &from.event
    else {
        return None;
    };
    let dossier = &from.after;
    let materials = &dossier.materials;
    let mut sections = vec![
        section("基本信息", vec![basics(dossier)]),
        section("牵头单位情况", vec![lead(materials)]),
        section("成员单位情况", members(dossier)),
        section("科技创新平台", vec![platforms(dossier)]),
        section("技术创新目标", goals(materials)),
        section("关键技术", vec![technologies(materials)]),
        section("任务分工", vec![work(dossier)]),
        section("投入", vec![inputs(dossier)]),
        section("收益分配和知识产权", vec![rights(materials)]),
        section("附件清单", vec![attachments(materials)]),
    ];
    if !materials.special.trim().is_empty() {
        sections.push(section("需要说明的事项", vec![text(&materials.special)]));
    }
    Some(Application {
        sections,
        promises: promises(materials),
        opinions: opinions(dossier, from.stamp.at.date()),
        package: package.0.clone(),
    })
}

fn section(heading: &str, parts: Vec<Part>) -> Section {
    Section { heading: heading.to_owned(), parts }
}

fn text(words: &str) -> Part {
    Part::Text { text: filled(words) }
}

fn filled(words: &str) -> String {
    if words.trim().is_empty() { "未填写".to_owned() } else { words.to_owned() }
}

fn facts(rows: Vec<(&str, String)>) -> Part {
    Part::Facts {
        rows: rows.into_iter().map(|(label, value)| Line::new(label, filled(&value))).collect(),
    }
}

fn table(heads: &[&str], widths: &[u32], rows: Vec<Vec<String>>, note: Option<String>) -> Part {
    if rows.is_empty() {
        return text("");
    }
    let heads = heads.iter().map(|head| (*head).to_owned()).collect();
    Part::Table { heads, widths: widths.to_vec(), rows, note }
}

fn basics(dossier: &Dossier) -> Part {
    let materials = &dossier.materials;
    let basics = materials.basics.clone().unwrap_or_default();
    let formed = materials.agreement.text.formed_on.map(|on| on.to_string()).unwrap_or_default();
    let effective = materials.agreement.effective_at().map(|at| at.date().to_string());
    facts(vec![
        ("创新联合体名称", materials.name.clone()),
        ("技术领域", reference::field(&basics.field).map_or("", |class| class.name).to_owned()),
        (
            "所属行业",
            reference::industry(&basics.industry).map_or("", |class| class.name).to_owned(),
        ),
        ("产业集群或产业链", basics.chain),
        ("组建时间", formed),
        ("协议生效日期", effective.unwrap_or_default()),
        ("组建背景与必要性", basics.background),
        ("不涉密承诺", if basics.not_secret { "所报内容不涉及国家秘密" } else { "" }.to_owned()),
    ])
}

fn lead(materials: &Materials) -> Part {
    let profile = materials.lead.clone().unwrap_or_default();
    let unit = materials.lead_unit();
    let share = match profile.revenue_fen {
        ..=0 => "—".to_owned(),
        revenue => {
            let hundredths = profile.rd_spend_fen.saturating_mul(10_000) / revenue;
            format!("{}.{:02}%", hundredths / 100, hundredths % 100)
        }
    };
    facts(vec![
        ("单位名称", unit.map(|party| party.name.clone()).unwrap_or_default()),
        ("统一社会信用代码", unit.map(|party| party.code.clone()).unwrap_or_default()),
        ("职工总数", format!("{} 人", profile.staff)),
        ("研发人员数", format!("{} 人", profile.rd_staff)),
        ("近三年营业收入", format!("{} 万元", amount(profile.revenue_fen))),
        ("近三年研发费用", format!("{} 万元，占 {share}", amount(profile.rd_spend_fen))),
        ("科研团队", profile.team),
        ("科技管理制度", profile.management_rules),
        ("合作基础", profile.cooperation),
    ])
}

fn members(dossier: &Dossier) -> Vec<Part> {
    let materials = &dossier.materials;
    let block = |member: &Party| {
        let written = materials.member(&member.unit);
        let of = |pick: fn(&consortium::materials::MemberBlock) -> &String| {
            written.map(pick).cloned().unwrap_or_default()
        };
        facts(vec![
            ("单位名称", member.name.clone()),
            ("统一社会信用代码", member.code.clone()),
            ("单位类型", member.kind.term().to_owned()),
            ("创新能力和科研条件", of(|block| &block.capability)),
            ("与牵头单位合作基础", of(|block| &block.cooperation)),
            ("承担任务概述", of(|block| &block.role)),
        ])
    };
    materials.standing().skip(1).map(block).collect()
}

fn platforms(dossier: &Dossier) -> Part {
    let row = |row: &consortium::materials::Platform| {
        vec![
            row.name.clone(),
            row.level.term().to_owned(),
            party(dossier, &row.owner).to_owned(),
            format!("{} {}", row.approved_by, row.document_no),
            row.approved_on.to_string(),
            row.valid_to.map_or_else(|| "未写明".to_owned(), |day| day.to_string()),
        ]
    };
    let heads = ["平台名称", "级别", "建设单位", "批准部门和文号", "批准日期", "有效期至"];
    let rows = dossier.materials.platforms.iter().map(row).collect();
    table(&heads, &[5, 3, 5, 5, 4, 4], rows, None)
}

fn goals(materials: &Materials) -> Vec<Part> {
    let mut parts = vec![text(&materials.goals)];
    if !materials.indicators.is_empty() {
        parts.push(indicators(materials));
    }
    parts
}

fn indicators(materials: &Materials) -> Part {
    let row = |row: &consortium::materials::Indicator| {
        vec![row.name.clone(), row.baseline.clone(), row.target.clone(), row.year.to_string()]
    };
    let rows = materials.indicators.iter().map(row).collect();
    table(&["考核指标", "现状值", "目标值", "完成年度"], &[4, 2, 2, 1], rows, None)
}

fn technologies(materials: &Materials) -> Part {
    let row = |row: &consortium::materials::KeyTechnology| {
        vec![row.name.clone(), row.bottleneck.clone(), row.approach.clone()]
    };
    let rows = materials.technologies.iter().map(row).collect();
    table(&["关键技术", "难题与现状", "攻关思路"], &[2, 4, 4], rows, None)
}

fn work(dossier: &Dossier) -> Part {
    let row = |(no, row): (usize, &consortium::materials::WorkPackage)| {
        vec![
            (no + 1).to_string(),
            row.content.clone(),
            row.kind.term().to_owned(),
            party(dossier, &row.unit).to_owned(),
            format!("{} 至 {}", row.from, row.to),
            row.deliverable.clone(),
        ]
    };
    let heads = ["序号", "任务内容", "类型", "负责单位", "起止", "成果形式"];
    let rows = dossier.materials.work.iter().enumerate().map(row).collect();
    table(&heads, &[3, 10, 5, 8, 7, 7], rows, None)
}

fn inputs(dossier: &Dossier) -> Part {
    let row = |row: &consortium::materials::Input| {
        vec![
            party(dossier, &row.unit).to_owned(),
            row.year.to_string(),
            row.form.clone(),
            amount(row.amount_fen),
        ]
    };
    let inputs = &dossier.materials.inputs;
    let total = inputs.iter().map(|row| row.amount_fen).fold(0, i64::saturating_add);
    let rows = inputs.iter().map(row).collect();
    let note = Some(format!("合计 {} 万元", amount(total)));
    table(&["单位", "年度", "形式", "金额（万元）"], &[4, 1, 2, 2], rows, note)
}

fn rights(materials: &Materials) -> Part {
    let agreed = &materials.agreement.text;
    facts(vec![
        ("投入与收益分配办法", agreed.distribution.clone()),
        ("成果和知识产权归属", agreed.results.clone()),
    ])
}

fn attachments(materials: &Materials) -> Part {
    let row = |(no, file): (usize, &consortium::materials::Attachment)| {
        let mark = file.digest.0.chars().take(16).collect();
        vec![(no + 1).to_string(), file.item.clone(), file.name.clone(), mark]
    };
    let rows = materials.attachments.iter().enumerate().map(row).collect();
    table(&["序号", "材料", "文件", "指纹前 16 位"], &[1, 5, 5, 4], rows, None)
}

fn promises(materials: &Materials) -> Vec<String> {
    let truthful = materials.truthful.then_some("所报材料真实、准确。");
    let open = materials.basics.as_ref().is_some_and(|basics| basics.not_secret);
    let open = open.then_some("所报内容不涉及国家秘密。");
    truthful.into_iter().chain(open).map(str::to_owned).collect()
}

/// T16: the places for opinions; those given by then are filled in.
fn opinions(dossier: &Dossier, on: Date) -> Vec<OpinionBox> {
    let empty = |name: &str, signer: &str| OpinionBox {
        name: name.to_owned(),
        text: None,
        signer: signer.to_owned(),
        on: None,
    };
    let legal = "法定代表人（负责人）签字";
    let mut boxes = vec![OpinionBox {
        text: Some("材料属实，同意申报。".to_owned()),
        on: Some(on),
        ..empty("牵头单位意见", legal)
    }];
    let members = dossier.materials.standing().skip(1);
    boxes.extend(members.map(|member| empty(&format!("{}意见", member.name), legal)));
    let recommended = match &dossier.stage {
        Stage::FormalReview(stage) => Some(&stage.recommended.opinion),
        _ => None,
    };
    boxes.push(OpinionBox {
        text: recommended.map(|opinion| opinion.text.clone()),
        on: recommended.map(|opinion| opinion.on),
        ..empty("归口管理部门推荐意见", "负责人签字")
    });
    boxes.push(empty("专家评审意见", "组长签字"));
    boxes.push(empty("自治区科技厅意见", "负责人签字"));
    boxes
}

/// What was handed in, item by item.
pub(super) fn handed_in(dossier: &Dossier) -> Vec<String> {
    let materials = &dossier.materials;
    vec![
        "《内蒙古自治区创新联合体备案申请登记表》".to_owned(),
        format!("《内蒙古自治区创新联合体组建协议》（第 {} 版）", materials.agreement.version),
        format!("相关附件材料 {} 件", materials.attachments.len()),
    ]
}

/// 组建协议, as all parties signed it: what the signed digest covers and nothing beside it.
pub(super) fn agreement(dossier: &Dossier) -> Option<Agreement> {
    let materials = &dossier.materials;
    let round = materials.agreement.round.as_ref()?;
    let signatory = |(at, party): (usize, &Party)| {
        let stem =
            STEMS.get(at).map_or_else(|| format!("第{}方", at + 1), |stem| format!("{stem}方"));
        let slot = round.slot(&party.unit);
        Signatory {
            name: party.name.clone(),
            code: party.code.clone(),
            role: if at == 0 { format!("{stem}（牵头单位）") } else { stem },
            signed: slot.and_then(|slot| slot.signature.as_ref()).map(signed),
            sealed: slot.and_then(|slot| slot.seal.as_ref()).map(sealed),
        }
    };
    Some(Agreement {
        version: round.version,
        digest: round.digest.0.clone(),
        effective_on: round.effective_at.map(DateTime::date),
        parties: agreement::in_order(materials).into_iter().enumerate().map(signatory).collect(),
        articles: articles(&materials.agreement.text),
        annexes: annexes(dossier),
    })
}

fn articles(agreed: &AgreementText) -> Vec<Section> {
    let formed = agreed.formed_on.map(|on| {
        let words = format!("创新联合体的组建时间为 {on}。");
        section(agreement::FORMED_ON, vec![text(&words)])
    });
    let written =
        agreed.written().map(|(heading, words)| section(heading.title, vec![text(words)]));
    formed.into_iter().chain(written).collect()
}

/// The tables of the application that are signed with the text.
fn annexes(dossier: &Dossier) -> Vec<Section> {
    let materials = &dossier.materials;
    let files: Vec<_> = materials
        .attachments
        .iter()
        .filter(|file| file.item == agreement::ANNEX)
        .map(|file| vec![file.name.clone(), file.size_bytes.to_string(), file.digest.0.clone()])
        .collect();
    let files = table(&["文件", "字节数", "SHA-256"], &[4, 2, 8], files, None);
    let tables = [
        (!materials.indicators.is_empty(), "考核指标", indicators(materials)),
        (!materials.work.is_empty(), "任务分工", work(dossier)),
        (!materials.inputs.is_empty(), "各方投入", inputs(dossier)),
        (materials.attachments.iter().any(|file| file.item == agreement::ANNEX), "附件", files),
    ];
    let written = tables.into_iter().filter(|(written, ..)| *written);
    written.map(|(_, heading, part)| section(heading, vec![part])).collect()
}

/// How a signature was made; not by whom: the name stays in the journal.
fn signed(signature: &Signature) -> String {
    let how = Method::term_of(&signature.method);
    let letter = signature.letter.as_ref().map(|letter| format!("，授权委托书 {}", mark(letter)));
    let (capacity, proof) = (signature.capacity.term(), proof(signature.proof.as_ref()));
    format!("{capacity}于 {} 签字，{how}{proof}{}", at(signature.at), letter.unwrap_or_default())
}

fn sealed(seal: &Seal) -> String {
    let how = Method::term_of(&seal.method);
    format!("{} 加盖，{how} {}{}", at(seal.at), mark(&seal.scan), proof(seal.proof.as_ref()))
}

/// What a signature by key or certificate stands on; its subject is a person's name and stays out.
fn proof(proof: Option<&Proof>) -> String {
    proof.map_or_else(String::new, |proof| {
        format!("，签署声明 {}，证书 {}", mark(&proof.statement), mark(&proof.key))
    })
}

/// The beginning of a digest: enough to find the file by.
fn mark(digest: &Digest) -> String {
    digest.0.chars().take(16).collect()
}

fn at(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
