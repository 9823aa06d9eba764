//! 一次上传几份附件 — each file with its own answer: which were taken and as what, which were not and
//! why. What a file is stands in its name where that is plain; whoever brings it says otherwise after.

use axum::extract::{Path, State};
use consortium::agreement::ANNEX;
use consortium::checklist::{self, Line};
use consortium::command;
use consortium::ids::{Digest, UnitId};
use consortium::materials::{Attachment, Materials, Party};
use consortium::{Command, access, text};

use super::attachments::{self, Shown, ToSort};
use super::desk::Desk;
use super::posted;
use crate::forms;
use crate::http::{Answer, Fault, Form, Kept, SignedIn, Upload, see_other_with};
use crate::inspect::tidy;
use crate::office::{Envelope, OfficeError};
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::unprocessable;
use crate::state::AppState;

/// The field that takes several files.
pub(super) const FIELD: &str = "files";

/// A file that was not taken: its name, and why.
pub(super) type Left = (String, String);

/// A place on the list for a file to stand at: what is posted, and what is read.
pub(super) type At = (String, String);

/// Every place on the list, in its order.
pub(super) fn places(materials: &Materials) -> Vec<At> {
    let place = |line: Line<'_>| {
        let whose = line.party.map(|party| format!(" · {}", party.name)).unwrap_or_default();
        (key(line.item.no, line.party), format!("{}{whose}", line.item.term))
    };
    checklist::lines(materials).into_iter().map(place).collect()
}

fn key(no: u8, party: Option<&Party>) -> String {
    format!("{no}.{}", party.map_or("", |party| party.unit.as_str()))
}

/// Where a file stands now; empty where it stands on no line.
pub(super) fn place(materials: &Materials, file: &Attachment) -> String {
    let lines = checklist::lines(materials);
    let at = lines.iter().find(|line| line.files.contains(&file));
    at.map(|line| key(line.item.no, line.party)).unwrap_or_default()
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    upload: Upload,
) -> Answer {
    Box::pin(bring(&state, &signed, &id, upload)).await
}

async fn bring(state: &AppState, signed: &SignedIn, id: &str, mut upload: Upload) -> Answer {
    let desk = begin(state, signed, id).await?;
    let files = posted::several(state, signed, (FIELD, forms::FILES), &mut upload).await?;
    if files.is_empty() {
        let shown = Shown { nothing: true, ..Shown::default() };
        return unprocessable(&attachments::whole(state, signed, &desk, shown).await?);
    }
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    for (name, outcome) in files {
        let taking = match outcome {
            Ok(kept) => take(state, signed, &desk, kept).await?,
            Err(why) => Err(why),
        };
        match taking {
            Ok(digest) => taken.push(digest),
            Err(why) => left.push((name, why)),
        }
    }
    let sort = ToSort::these(&taken);
    if left.is_empty() {
        let path = desk.to(&format!("attachments?sort={}#last", sort.name()));
        let text = format!("{} 份附件已列入材料，核对各是哪一项", taken.len());
        return Ok(see_other_with(state, &path, &Flash { tone: Tone::Ok, text }));
    }
    let desk = Desk::open(state, &signed.actor, id).await?;
    let shown = Shown { sort, left, ..Shown::default() };
    unprocessable(&attachments::whole(state, signed, &desk, shown).await?)
}

/// The dossier, for those who bring its attachments.
async fn begin(state: &AppState, signed: &SignedIn, id: &str) -> Result<Desk, Fault> {
    let desk = Desk::open(state, &signed.actor, id).await?;
    let verb = command::named("attach").ok_or(Fault::NotFound)?;
    access::may(&signed.actor, verb, Some(&desk.dossier))?;
    Ok(desk)
}

/// Attaches one file as what its name says; another time under the same digest is not another file.
async fn take(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    kept: Kept,
) -> Result<Result<Digest, String>, Fault> {
    let opened = state.office.read(&signed.actor, &desk.id).await?;
    let materials = &opened.dossier.materials;
    if let Some(there) = materials.attachments.iter().find(|file| file.digest.0 == kept.digest) {
        return Ok(Err(format!("同一份文件已经在材料里，列为“{}”", there.item)));
    }
    let (item, unit) = match checklist::meant(materials, &kept.name) {
        Some((item, unit)) => (item.term.to_owned(), unit),
        // What is signed is never so by the name of a file alone.
        None if stem(&kept.name) == ANNEX => ("其他材料".to_owned(), None),
        None => (stem(&kept.name), None),
    };
    let digest = Digest(kept.digest);
    let attachment =
        Attachment { digest: digest.clone(), name: kept.name, size_bytes: kept.size, item, unit };
    let attaching = Command::Attach { attachment, moves: false };
    Ok(perform(state, signed, desk, attaching).await?.map(|()| digest))
}

/// What a file is called until somebody says what it is: its name without the ending.
fn stem(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim();
    let stem: String = stem.chars().take(text::LINE_MAX).collect();
    if stem.is_empty() { "其他材料".to_owned() } else { stem }
}

/// Carries a command out; a refusal is the sentence beside the file.
async fn perform(
    state: &AppState,
    signed: &SignedIn,
    desk: &Desk,
    command: Command,
) -> Result<Result<(), String>, Fault> {
    let performing = state.office.perform(&signed.actor, &desk.id, &command, Envelope::default());
    match Box::pin(performing).await {
        Ok(_) => Ok(Ok(())),
        Err(OfficeError::Refused(refusal)) => Ok(Err(refusal.to_string())),
        Err(other) => Err(other.into()),
    }
}

/// 归到哪一项 — puts files that are there under other lines of the list.
pub(super) async fn sort(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let mut desk = begin(&state, &signed, &id).await?;
    let moves: Vec<Move> = (0..desk.dossier.materials.attachments.len())
        .filter_map(|at| Move::of(&posted, at))
        .filter(|to| to.place != to.was)
        .collect();
    let (mut settled, mut left) = (0, Vec::new());
    for to in moves {
        // As it stands now: somebody else may have moved it, or taken it out.
        let (attachment, name) = match moving(&desk.dossier.materials, &to) {
            None => continue,
            Some(Err((name, why))) => {
                left.push((name, why.to_owned()));
                continue;
            }
            Some(Ok(attachment)) => (attachment.clone(), tidy(&attachment.name)),
        };
        let moving = Command::Attach { attachment, moves: true };
        match perform(&state, &signed, &desk, moving).await? {
            Ok(()) => settled += 1,
            Err(why) => left.push((name, why)),
        }
        desk = Desk::open(&state, &signed.actor, &id).await?;
    }
    if left.is_empty() {
        let text = match settled {
            0 => "没有改动，各份仍在原来的一项".to_owned(),
            _ => format!("{settled} 份附件已归到所选的一项"),
        };
        let path = desk.to("attachments");
        return Ok(see_other_with(&state, &path, &Flash { tone: Tone::Ok, text }));
    }
    let shown = Shown { left, sorting: true, ..Shown::default() };
    unprocessable(&attachments::whole(&state, &signed, &desk, shown).await?)
}

/// A file that is to stand elsewhere.
struct Move {
    digest: String,
    was: String,
    place: String,
}

impl Move {
    fn of(posted: &Form, at: usize) -> Option<Self> {
        let field = |name: &str| posted.get(&format!("{name}.{at}")).to_owned();
        let (digest, was, place) = (field("file"), field("was"), field("place"));
        (!digest.is_empty()).then_some(Self { digest, was, place })
    }
}

/// Why a file was not moved: its name, and the sentence.
type Stays = (String, &'static str);

/// A file as it stands after its move; `None` where it is not there, or there already.
fn moving(materials: &Materials, to: &Move) -> Option<Result<Attachment, Stays>> {
    let mut standing = materials.attachments.iter().filter(|file| file.digest.0 == to.digest);
    let file = standing.next()?;
    if standing.next().is_some() {
        let why = "这份文件列在几项之下，移出后在要列的各项分别上传";
        return Some(Err((tidy(&file.name), why)));
    }
    let known = places(materials).iter().any(|(key, _)| *key == to.place);
    let (item, unit) = known.then(|| line(&to.place)).flatten()?;
    (place(materials, file) != to.place)
        .then(|| Ok(Attachment { item: item.to_owned(), unit, ..file.clone() }))
}

/// The item and the unit that a place means.
fn line(place: &str) -> Option<(&'static str, Option<UnitId>)> {
    let (no, unit) = place.split_once('.')?;
    let no: u8 = no.parse().ok()?;
    let item = checklist::ITEMS.iter().find(|item| item.no == no)?;
    Some((item.term, Some(UnitId::from(unit)).filter(|_| !unit.is_empty())))
}
