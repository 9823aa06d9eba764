//! 附件清单 — what the list names, unit by unit, with what is there and where to bring the rest.

use askama::Template;
use axum::extract::{Path, State};
use consortium::access;
use consortium::checklist::{self, Line};
use consortium::materials::{Attachment, FILE_BYTES_MAX, FILING_BYTES_MAX, Materials};
use store::FileFault;

use super::desk::Desk;
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Table, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/attachments.html")]
struct AttachmentsPage {
    shell: Shell,
    name: String,
    back: String,
    /// How much is there, and how much there may be.
    used: String,
    limit: String,
    missing: usize,
    list: Table,
    others: Table,
    /// Where other material is brought, for those who may.
    bring: Option<String>,
    take_out: Option<String>,
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    if !access::mask(&desk.actor, &desk.dossier).materials {
        return Err(Fault::NotFound);
    }
    let faults = state.store.file_faults().await?;
    let materials = &desk.dossier.materials;
    let can = |verb: &str| desk.can(verb).then(|| desk.to(verb));
    let shell = Shell::new(&signed.visitor, "附件清单")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    page(&AttachmentsPage {
        name: desk.view.name.clone(),
        back: desk.href(),
        used: format!(
            "{} 份，共 {}",
            materials.attachments.len(),
            size(materials.attached_bytes())
        ),
        limit: format!(
            "单个文件不超过 {} MB，合计不超过 {} GB",
            FILE_BYTES_MAX >> 20,
            FILING_BYTES_MAX >> 30
        ),
        missing: checklist::missing(materials).len(),
        list: list(&desk, materials, &faults),
        others: others(&desk, materials, &faults),
        bring: can("attach"),
        take_out: can("detach").filter(|_| !materials.attachments.is_empty()),
        shell,
    })
}

fn list(desk: &Desk, materials: &Materials, faults: &[FileFault]) -> Table {
    let mut table = Table::new("附件清单", &["材料", "单位", "状态", "文件"]);
    for line in checklist::lines(materials) {
        let item = line.item;
        let kind = if item.derived { "由办法条件引出" } else { "建议提供" };
        let title = Html::trusted(format!(
            "<b>{}</b><small>{}，{kind}</small>{}",
            Html::text(item.term),
            Html::text(item.hint),
            ui::clause(item.clause)
        ));
        let unit = line.party.map_or("全体", |party| party.name.as_str());
        table.push(vec![title, Html::text(unit), status(&line), cell(desk, &line, faults)]);
    }
    table
}

fn status(line: &Line<'_>) -> Html {
    match (line.files.len(), line.item.derived) {
        (0, true) => ui::status(Tone::Todo, "还没有"),
        (0, false) => ui::status(Tone::Idle, "选填"),
        _ => ui::status(Tone::Done, "已上传"),
    }
}

/// The files of a line, and the way to bring one for exactly this line.
fn cell(desk: &Desk, line: &Line<'_>, faults: &[FileFault]) -> Html {
    let files: String = line.files.iter().map(|file| shown(desk, file, faults)).collect();
    if !desk.can("attach") {
        return Html::trusted(if files.is_empty() { "—".to_owned() } else { files });
    }
    let mut pairs = vec![("item", line.item.term)];
    pairs.extend(line.party.map(|party| ("unit", party.unit.as_str())));
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    let href = Html::text(&format!("{}?{query}", desk.to("attach"))).to_string();
    let words = if line.files.is_empty() { "上传" } else { "再传一份" };
    let whose = line.party.map(|party| party.name.as_str()).unwrap_or_default();
    let hidden = Html::text(&format!(
        "{}{}{whose}",
        line.item.term,
        if whose.is_empty() { "" } else { "，" }
    ));
    Html::trusted(format!(
        "{files}<a class=\"btn sm no-p\" href=\"{href}\">{words}<span class=\"vh\">：{hidden}</span></a>"
    ))
}

fn others(desk: &Desk, materials: &Materials, faults: &[FileFault]) -> Table {
    let mut table = Table::new("其他附件", &["材料", "单位", "文件"]);
    for file in checklist::others(materials) {
        let unit = file.unit.as_ref().and_then(|unit| materials.party(unit));
        let unit = unit.map_or("全体", |party| party.name.as_str());
        let files = Html::trusted(shown(desk, file, faults));
        table.push(vec![Html::text(&file.item), Html::text(unit), files]);
    }
    table
}

/// A file: its name as the way to it, its size and its digest; what is wrong with it, if anything.
fn shown(desk: &Desk, file: &Attachment, faults: &[FileFault]) -> String {
    let (name, digest) = (Html::text(&file.name), Html::text(&file.digest.0));
    let href = Html::text(&desk.to(&format!("files/{}", file.digest.0))).to_string();
    let short: String = file.digest.0.chars().take(16).collect();
    let fault = faults.iter().any(|fault| fault.digest == file.digest.0);
    let fault = if fault {
        ui::status(Tone::Warn, "暂时不能取出，已提醒运维").to_string()
    } else {
        String::new()
    };
    let size = size(file.size_bytes);
    format!(
        "<p><a href=\"{href}\">{name}</a> <a class=\"s\" href=\"{href}/pages/1\">预览<span class=\"vh\">：{name}</span></a> <small>{size}　指纹 <span class=\"code\" title=\"{digest}\">{}</span></small> {fault}</p>",
        Html::text(&short)
    )
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        small if small < 1024 * 1024 => format!("{} KB", small.div_ceil(1024)),
        large => format!("{}.{} MB", large / 1_048_576, large % 1_048_576 * 10 / 1_048_576),
    }
}
