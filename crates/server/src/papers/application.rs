//! 登记表和协议 — the two long papers, from the materials as they stood (Arts. 6(2), 7).

use consortium::{
    Dossier, Event,
    agreement::{self, AgreementText, Method, Proof, Seal, Signature},
    dossier::Stage,
    ids::Digest,
    materials::{Materials, Part as Table, Party},
    view,
};
use documents::paper::{Agreement, Application, Line, OpinionBox, Part, Section, Signatory};
use jiff::civil::{Date, DateTime};

use crate::fair_copy::{self, Block, Source};
use crate::office::Occurred;

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
    let form = view::whole_form(materials.clone());
    let source = Source::of(dossier, &form, &from.profiles);
    let mut sections = tables(&source);
    sections.push(section("附件清单", vec![attachments(materials)]));
    Some(Application {
        sections,
        promises: promises(materials, &source),
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

/// T1 to T14, in the order of the form: T3 has a part a member, T5 all units in one table.
fn tables(source: &Source<'_>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for leaf in fair_copy::leaves(source) {
        let lead = source.parties.first().map(|party| &party.unit);
        let of_lead = leaf.unit.as_ref() == lead;
        let heading = match leaf.part {
            Table::Unit if of_lead => "牵头单位情况",
            Table::Unit | Table::Member => "成员单位情况",
            // What follows is not of these tables.
            Table::Promise | Table::MemberPromise => continue,
            // All units together, once.
            Table::Conditions if !of_lead => continue,
            part => part.term(),
        };
        let parts: Vec<Part> = match leaf.part {
            Table::Conditions => fair_copy::conditions(source).iter().flat_map(part).collect(),
            _ => leaf.blocks.iter().flat_map(part).collect(),
        };
        match sections.last_mut() {
            Some(last) if last.heading == heading => last.parts.extend(parts),
            _ => sections.push(section(heading, parts)),
        }
    }
    sections
}

/// A block as the paper sets it; values about persons stay in the dossier.
fn part(block: &Block) -> Vec<Part> {
    match block {
        Block::Facts(rows) => {
            let printed = rows.iter().filter(|row| row.field != "contact");
            vec![facts(printed.map(|row| (row.label, row.value.clone())).collect())]
        }
        Block::Text(row) => vec![text(&row.value)],
        Block::Table(rows) => {
            let note = rows.note.clone();
            let heads: Vec<&str> = rows.heads.iter().map(String::as_str).collect();
            if rows.rows.is_empty() {
                return vec![Part::Caption { text: format!("{}：未填写", rows.caption) }];
            }
            let caption = Part::Caption { text: rows.caption.to_owned() };
            vec![caption, table(&heads, &rows.widths, rows.rows.clone(), note)]
        }
    }
}

fn attachments(materials: &Materials) -> Part {
    let row = |(no, file): (usize, &consortium::materials::Attachment)| {
        let mark = file.digest.0.chars().take(16).collect();
        vec![(no + 1).to_string(), file.item.clone(), file.name.clone(), mark]
    };
    let rows = materials.attachments.iter().enumerate().map(row).collect();
    table(&["序号", "材料", "文件", "指纹前 16 位"], &[1, 5, 5, 4], rows, None)
}

/// T15: the lead's promises, and each member's own.
fn promises(materials: &Materials, source: &Source<'_>) -> Vec<String> {
    let open = materials.basics.as_ref().is_some_and(|basics| basics.not_secret);
    let promise = materials.promise;
    let of_lead = [
        (materials.truthful, "所报材料真实、准确。"),
        (open, "所报内容不涉及国家秘密。"),
        (promise.honest, "没有在惩戒期内的严重失信行为记录。"),
        (promise.data_use, "同意有关部门共享、核验所报信息。"),
        (promise.publication, "同意公开名称、单位、领域等列入名录的信息。"),
    ];
    let given = of_lead.into_iter().filter(|(given, _)| *given).map(|(_, words)| words.to_owned());
    let of_members = source.parties.iter().skip(1).filter_map(|party| {
        let given: Vec<&str> = fair_copy::promises_of(source, party)
            .into_iter()
            .filter(|(_, given)| *given)
            .map(|(words, _)| words)
            .collect();
        (!given.is_empty()).then(|| format!("{}：{}。", party.name, given.join("；")))
    });
    given.chain(of_members).collect()
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
        annexes: annexes(materials),
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

/// The tables that are signed with the text, where something stands in them.
fn annexes(materials: &Materials) -> Vec<Section> {
    let all = agreement::annexes(materials, materials.agreement.format).into_iter();
    let written = all.filter(|annex| !annex.rows.is_empty()).map(|annex| {
        let (heads, widths): (Vec<&str>, Vec<u32>) = annex.columns.iter().copied().unzip();
        section(annex.title, vec![table(&heads, &widths, annex.rows, annex.note)])
    });
    written.collect()
}

/// How a signature was made; not by whom: the name stays in the journal.
fn signed(signature: &Signature) -> String {
    if signature.method == Method::Paper.name() {
        return format!("纸质签署，{} 确认扫描件", at(signature.at));
    }
    let how = Method::term_of(&signature.method);
    let letter = signature.letter.as_ref().map(|letter| format!("，授权委托书 {}", mark(letter)));
    let (capacity, proof) = (signature.capacity.term(), proof(signature.proof.as_ref()));
    format!("{capacity}于 {} 签字，{how}{proof}{}", at(signature.at), letter.unwrap_or_default())
}

fn sealed(seal: &Seal) -> String {
    if seal.method == Method::Paper.name() {
        return format!("纸质签署，扫描件 {}", mark(&seal.scan));
    }
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
