//! 附件清单 — what the list names, unit by unit, with what is there and where to bring the rest.

use askama::Template;
use axum::extract::{Path, Query, State};
use consortium::access;
use consortium::checklist::{self, Line};
use consortium::ids::Digest;
use consortium::materials::{Attachment, FILE_BYTES_MAX, FILING_BYTES_MAX, Materials};
use serde::Deserialize;
use store::FileFault;

use super::bring::{self, At, FIELD, Left};
use super::desk::Desk;
use super::onward::{self, Onward};
use super::tasks;
use super::team::Team;
use crate::forms;
use crate::http::intake::too_large;
use crate::http::{Answer, FILES_MAX, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, ErrorSummary, Table, Tone};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/attachments.html")]
pub(super) struct AttachmentsPage {
    shell: Shell,
    name: String,
    back: String,
    /// How much is there, and how much there may be.
    used: String,
    limit: String,
    missing: usize,
    list: Table,
    others: Table,
    /// For those who bring it.
    bring: Option<Bring>,
    take_out: Option<String>,
    /// What comes next, for those who write.
    onward: Vec<Onward>,
}

/// Where several files are brought at once, and where each is put under its line.
struct Bring {
    /// What was not taken of the last post, to be read first.
    summary: ErrorSummary,
    action: String,
    left: Vec<Left>,
    /// What became of those that are left.
    left_is: &'static str,
    nothing: bool,
    field: &'static str,
    accept: &'static str,
    most: usize,
    bytes_max: u64,
    over: String,
    one: String,
    sort: Sort,
    /// How many files there are to sort.
    all: usize,
}

/// Files with the line that each stands at, to be changed.
#[derive(Default)]
struct Sort {
    action: String,
    places: Vec<At>,
    files: Vec<Sorted>,
}

/// One of them.
struct Sorted {
    digest: String,
    name: String,
    item: String,
    was: String,
}

/// What a page shows of the last post.
#[derive(Default)]
pub(super) struct Shown {
    /// The files that are shown to be sorted.
    pub(super) sort: ToSort,
    /// What was not taken, and why.
    pub(super) left: Vec<Left>,
    /// Nothing was chosen.
    pub(super) nothing: bool,
    /// The post put files under other lines, and brought none.
    pub(super) sorting: bool,
}

impl AttachmentsPage {
    /// Whether it is about what was just brought: the whole list is folded then.
    fn sorts(&self) -> bool {
        self.bring.as_ref().is_some_and(|bring| !bring.sort.files.is_empty())
    }
}

/// Which files are to be sorted: as the address names them, a colleague's are not among them.
#[derive(Default)]
pub(super) enum ToSort {
    /// None.
    #[default]
    Nothing,
    /// Every one.
    All,
    /// Those whose digests begin so.
    These(Vec<String>),
}

impl ToSort {
    /// How the address says every one.
    const ALL: &str = "all";
    /// Letters of a digest in the address: enough to tell the files of one dossier apart.
    const LETTERS: usize = 16;

    /// These files.
    pub(super) fn these(files: &[Digest]) -> Self {
        let short = |file: &Digest| file.0.chars().take(Self::LETTERS).collect();
        let all: Vec<String> = files.iter().map(short).collect();
        if all.is_empty() { Self::Nothing } else { Self::These(all) }
    }

    fn named(text: &str) -> Self {
        match text {
            "" => Self::Nothing,
            Self::ALL => Self::All,
            these => Self::These(these.split(',').map(str::to_owned).collect()),
        }
    }

    /// As the address names them.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::All => Self::ALL.to_owned(),
            Self::These(these) => these.join(","),
        }
    }

    fn holds(&self, file: &Attachment) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::These(these) => these
                .iter()
                .any(|short| short.len() == Self::LETTERS && file.digest.0.starts_with(short)),
        }
    }
}

/// Which files are to be sorted.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    sort: String,
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let shown = Shown { sort: ToSort::named(&asked.sort), ..Shown::default() };
    page(&whole(&state, &signed, &desk, shown).await?)
}

/// The page, with what the last post came to.
pub(super) async fn whole(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    shown: Shown,
) -> Result<AttachmentsPage, Fault> {
    if !access::mask(&desk.actor, &desk.dossier).materials {
        return Err(Fault::NotFound);
    }
    let faults = state.store.file_faults().await?;
    let materials = &desk.dossier.materials;
    let mut shell = Shell::new(&signed.visitor, "附件清单")
        .crumb("/dossiers", "卷宗")
        .crumb(desk.href(), desk.short());
    let bring = desk.can("attach").then(|| Bring::of(desk, shown));
    shell.has_errors = bring.as_ref().is_some_and(|bring| bring.summary.count() > 0);
    let tasked = tasks::tasks(desk, &Team::of(state, desk).await?);
    let here = desk.to("attachments");
    let ways = tasked.map(|list| onward::onward(desk, list, &here)).unwrap_or_default();
    let out = desk.can("detach") && !materials.attachments.is_empty();
    Ok(AttachmentsPage {
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
        list: list(desk, materials, &faults),
        others: others(desk, materials, &faults),
        bring,
        take_out: out.then(|| desk.to("detach")),
        onward: ways,
        shell,
    })
}

impl Bring {
    fn of(desk: &Desk, shown: Shown) -> Self {
        let materials = &desk.dossier.materials;
        let all = materials.attachments.len();
        let sorted = |file: &Attachment| Sorted {
            digest: file.digest.0.clone(),
            name: file.name.clone(),
            item: file.item.clone(),
            was: bring::place(materials, file),
        };
        let files = materials.attachments.iter().filter(|file| shown.sort.holds(file));
        let sort = Sort {
            action: desk.to("attachments/items"),
            places: bring::places(materials),
            files: files.map(sorted).collect(),
        };
        let said = match (shown.nothing, shown.left.len()) {
            (true, _) => Some("选择要上传的文件".to_owned()),
            (_, 0) => None,
            (_, count) if shown.sorting => {
                Some(format!("{count} 份没有改到所选的一项，原因在下面；文件仍在原来的一项"))
            }
            (_, count) if matches!(shown.sort, ToSort::Nothing) => {
                Some(format!("{count} 份没有列入，原因在下面"))
            }
            (_, count) => Some(format!("{count} 份没有列入，原因在下面；其余的已经列入")),
        };
        let errors = said.into_iter().map(|said| ("f-files".to_owned(), said, "7.3".to_owned()));
        Self {
            summary: ErrorSummary { errors: errors.collect(), refusals: vec![] },
            action: desk.to("attachments"),
            left_is: if shown.sorting { "没有改动" } else { "没有列入" },
            left: shown.left,
            nothing: shown.nothing,
            field: FIELD,
            accept: forms::FILES,
            most: FILES_MAX,
            bytes_max: FILE_BYTES_MAX,
            over: too_large(),
            one: desk.to("attach"),
            sort,
            all,
        }
    }
}

fn list(desk: &Desk, materials: &Materials, faults: &[FileFault]) -> Table {
    let mut table = Table::new("附件清单", &["材料", "单位", "状态", "文件"]);
    for line in checklist::lines(materials) {
        let item = line.item;
        let title = Html::trusted(format!(
            "<b>{}</b><small>{}</small>{}",
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
