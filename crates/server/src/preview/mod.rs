//! 页面预览 — pages of attachments and scans as images, made in a process of its own.
//!
//! What a reviewer sees is the drawn page, never what a file says of itself. A file is handed to a
//! helper ([`worker`]) whose memory, time and output have an end; what happens to it there happens
//! to nobody else. Images are kept by digest and made again when they are gone. Whoever reviews for
//! an office of others finds a number and the time in the image ([`mark`]).

pub mod helper;
pub mod mark;
pub mod worker;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use consortium::actor::{Actor, Side};
use store::{FileRow, Image, Preview, Reading, StoreError};
use tokio::sync::Semaphore;

pub use helper::PATIENCE;
pub use worker::Why;
use worker::{Asked, SOURCE_BYTES_MAX, Told};

use crate::inspect::Kind;
use crate::office::digest_of;
use crate::state::AppState;

/// Pages drawn at once: each takes a core.
pub const SLOTS: usize = 2;
/// Pages that wait to be drawn; more are asked for again.
pub const WAITING_MAX: usize = 16;
/// How long a request waits for its page; then the page comes with a later one.
pub const WAIT: Duration = Duration::from_secs(4);
/// After how long a page that was too much is tried again: the machine may have been busy.
const AGAIN_MS: i64 = 10 * 60 * 1000;
/// What is kept of an image that lacks something.
const PARTLY: &str = "partly";
/// Digits of the number in a mark.
const NUMBER_DIGITS: usize = 8;
const PNG: &str = "image/png";

/// Where pages are drawn. Clones share it.
#[derive(Clone, Debug)]
pub struct Drawing {
    slots: Arc<Semaphore>,
    /// What is being drawn or waits: file and page.
    under_way: Arc<Mutex<HashSet<(String, usize)>>>,
    /// The program that draws: this one, asked otherwise.
    program: Arc<PathBuf>,
    /// How long a request waits for its page.
    wait: Duration,
    /// How long a page may take.
    patience: Duration,
}

impl Drawing {
    /// Drawing by a program that answers to [`worker::serve`].
    pub fn by(program: PathBuf) -> Self {
        let slots = Arc::new(Semaphore::new(SLOTS));
        let (wait, patience) = (WAIT, PATIENCE);
        Self { slots, under_way: Arc::default(), program: Arc::new(program), wait, patience }
    }

    /// With another patience of requests and with a page.
    #[must_use]
    pub fn patient(self, wait: Duration, patience: Duration) -> Self {
        Self { wait, patience, ..self }
    }

    /// Notes that a page is being drawn; `None` where it is already, or too many wait.
    fn begin(&self, source: &str, page: usize) -> Option<UnderWay> {
        let mut all = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (source.to_owned(), page);
        if all.len() >= WAITING_MAX || !all.insert(key.clone()) {
            return None;
        }
        Some(UnderWay { all: Arc::clone(&self.under_way), key })
    }

    async fn draw(&self, asked: Asked, reading: Reading) -> Result<(Told, Vec<u8>), StoreError> {
        let crashed = |gone: &dyn std::fmt::Display| StoreError::Panicked(gone.to_string());
        let slot = Arc::clone(&self.slots).acquire_owned().await.map_err(|gone| crashed(&gone))?;
        let (program, patience) = (Arc::clone(&self.program), self.patience);
        let work = move || {
            let outcome = helper::ask(&program, patience, &asked, reading);
            drop(slot);
            outcome
        };
        tokio::task::spawn_blocking(work).await.map_err(|gone| crashed(&gone))?
    }
}

impl Default for Drawing {
    fn default() -> Self {
        // Without it no page is drawn, and every reader is told to take the file out.
        Self::by(std::env::current_exe().unwrap_or_default())
    }
}

/// A page being drawn; forgotten when it is done, whatever came of it.
struct UnderWay {
    all: Arc<Mutex<HashSet<(String, usize)>>>,
    key: (String, usize),
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// A page of a file, as far as it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// There is an image.
    Ready {
        /// How many pages the file has.
        pages: u64,
        /// The image.
        image: Image,
        /// Whether something on the page could not be drawn.
        partly: bool,
    },
    /// It is being drawn: asked again in a few seconds it is there.
    Working,
    /// There is none.
    None(Why),
}

impl Leaf {
    fn of(known: Preview) -> Self {
        match (known.image, known.why) {
            (Some(image), why) => {
                Self::Ready { pages: known.pages, image, partly: why.as_deref() == Some(PARTLY) }
            }
            (None, why) => Self::None(Why::named(&why.unwrap_or_default())),
        }
    }
}

/// Whether pages of such a file are drawn; the reason where they are not.
pub fn is_drawn(row: &FileRow) -> Result<(), Why> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.media_type() == row.media_type);
    match kind {
        Some(Kind::Pdf | Kind::Jpeg | Kind::Png) if row.size > SOURCE_BYTES_MAX => Err(Why::Large),
        Some(Kind::Pdf | Kind::Jpeg | Kind::Png) => Ok(()),
        _ => Err(Why::Kind),
    }
}

/// A page of a file: what is known of it, or what comes of drawing it now.
///
/// # Errors
///
/// When the file is not what it was, or the store cannot be read.
pub async fn leaf(state: &AppState, file: &FileRow, page: usize) -> Result<Leaf, StoreError> {
    if let Err(why) = is_drawn(file) {
        return Ok(Leaf::None(why));
    }
    if let Some(known) = known(state, &file.digest, page).await? {
        return Ok(known);
    }
    let Some(under_way) = state.drawing.begin(&file.digest, page) else {
        return Ok(Leaf::Working);
    };
    let (office, file) = (state.clone(), file.clone());
    let drawing = tokio::spawn(async move {
        let drawn = drawn(&office, &file, page).await;
        drop(under_way);
        drawn
    });
    match tokio::time::timeout(state.drawing.wait, drawing).await {
        Ok(Ok(drawn)) => drawn,
        Ok(Err(gone)) => Err(StoreError::Panicked(gone.to_string())),
        Err(_) => Ok(Leaf::Working),
    }
}

/// What is known of a page, as long as it still holds.
async fn known(state: &AppState, source: &str, page: usize) -> Result<Option<Leaf>, StoreError> {
    let Some(known) = state.store.preview(source, page as u64).await? else { return Ok(None) };
    let heavy = known.why.as_deref() == Some(Why::Heavy.name());
    if heavy && state.clock.now_ms().saturating_sub(known.made_ms) > AGAIN_MS {
        return Ok(None);
    }
    if let Some(image) = &known.image
        && state.store.file_row(&image.digest).await?.is_none()
    {
        return Ok(None);
    }
    Ok(Some(Leaf::of(known)))
}

async fn drawn(state: &AppState, file: &FileRow, page: usize) -> Result<Leaf, StoreError> {
    let now_ms = state.clock.now_ms();
    let Some(reading) = state.store.open_file(&file.digest, now_ms).await? else {
        return Ok(Leaf::None(Why::Broken));
    };
    let asked = Asked { media_type: file.media_type.clone(), page, mark: None };
    let (told, image) = state.drawing.draw(asked, reading).await?;
    let known = match told {
        Told::Made { pages, width, height, partly } => {
            let digest = state.store.put_passing_file(image, PNG, now_ms).await?;
            let (width, height) = (u64::from(width), u64::from(height));
            let why = partly.then(|| PARTLY.to_owned());
            let image = Some(Image { digest, width, height });
            Preview { pages: pages as u64, image, why, made_ms: now_ms }
        }
        Told::Cannot { why } => {
            let why = Some(why.name().to_owned());
            Preview { pages: 0, image: None, why, made_ms: now_ms }
        }
    };
    state.store.note_preview(&file.digest, page as u64, known.clone()).await?;
    Ok(Leaf::of(known))
}

/// What goes out: the image as it is kept, or one made for its viewer.
#[derive(Debug)]
pub enum Shown {
    /// As it is kept.
    Kept(Reading),
    /// With the viewer's mark.
    Marked(Vec<u8>),
}

/// The image of a page for a viewer; `None` where there is none yet.
///
/// # Errors
///
/// When the store cannot be read.
pub async fn image(
    state: &AppState,
    actor: &Actor,
    file: &FileRow,
    page: usize,
) -> Result<Result<Shown, Leaf>, StoreError> {
    let mut found = leaf(state, file, page).await?;
    for again in [true, false] {
        let Leaf::Ready { image, .. } = &found else { return Ok(Err(found)) };
        let reading = match state.store.open_file(&image.digest, state.clock.now_ms()).await {
            Ok(Some(reading)) => reading,
            // It is only a picture of the file: a new one is drawn.
            Ok(None) | Err(StoreError::Missing(_) | StoreError::Damaged(_)) if again => {
                found = drawn(state, file, page).await?;
                continue;
            }
            Ok(None) => return Ok(Err(Leaf::Working)),
            Err(error) => return Err(error),
        };
        let Some(mark) = marked(state, actor) else { return Ok(Ok(Shown::Kept(reading))) };
        let whose = format!("{}/{}", image.digest, actor.person);
        let Some(_under_way) = state.drawing.begin(&whose, page) else {
            return Ok(Err(Leaf::Working));
        };
        let asked = Asked { media_type: PNG.to_owned(), page: 1, mark: Some(mark) };
        return Ok(match state.drawing.draw(asked, reading).await? {
            (Told::Made { .. }, image) => Ok(Shown::Marked(image)),
            (Told::Cannot { why }, _) => Err(Leaf::None(why)),
        });
    }
    Ok(Err(Leaf::Working))
}

/// What is drawn over pages for this viewer: experts and authorities see materials of others.
pub fn marked(state: &AppState, actor: &Actor) -> Option<String> {
    if !is_marked(actor) {
        return None;
    }
    let at = crate::clock::written(state.clock.now_ms());
    Some(mark::words(&number(actor.person.as_str()), &at))
}

/// Whether this viewer's pages bear a mark.
pub fn is_marked(actor: &Actor) -> bool {
    matches!(actor.side, Side::Expert | Side::Authority(_))
}

/// A person's number in marks: the operator knows whose it is, and a picture tells no name.
pub fn number(person: &str) -> String {
    digest_of(person.as_bytes()).0.chars().take(NUMBER_DIGITS).collect::<String>().to_uppercase()
}
