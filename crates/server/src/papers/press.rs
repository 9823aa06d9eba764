//! 制作文书 — makes ordered papers one after another, a few at a time, outside requests, and signs
//! each with the platform's key: what is stored is the signed file.
//!
//! The typesetter and its fonts come into memory with the first paper. Whoever has a paper in hand
//! holds it by a lease; a process that dies gives it back. What cannot be made waits and is tried
//! again, and nothing in law waits for it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use consortium::ids::DossierId;
use documents::{Fonts, Kind, Pdf};
use store::{Made, Paper, Signed, StoreError};
use tokio::sync::watch;

use super::{content, verify};
use crate::office::OfficeError;
use crate::state::AppState;

/// Papers made at once: setting type takes a core, and requests need the others.
pub const AT_ONCE: usize = 2;
/// Between two looks at what is ordered.
const EVERY: Duration = Duration::from_secs(2);
/// How long one paper may be in hand; the longest takes well under a second.
const LEASE_MS: i64 = 60_000;
/// The first wait after a failure; it doubles with each further one.
const AGAIN_MS: i64 = 60_000;
/// The longest wait: an operator who put a font right sees the paper within the hour.
const AGAIN_MS_MAX: i64 = 60 * 60 * 1000;
/// The largest file in the operator's folder that is read as a font.
const FONT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Why a paper could not be made, in words for the operator.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Paper(#[from] documents::Error),
    #[error("卷宗读不出：{0}")]
    Office(#[from] OfficeError),
    #[error("没有这种文书：{0}")]
    Kind(String),
    #[error("这一事项没有这种文书")]
    Content,
    #[error("字体目录读不出：{0}")]
    Folder(std::io::Error),
    #[error("文书没有存下：{0}")]
    Store(#[from] StoreError),
    #[error("平台签名没有签上：{0}")]
    Unsigned(#[from] documents::Unsigned),
    #[error("排版中断")]
    Broken,
}

/// What one look at the orders came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressed {
    /// Papers made.
    pub made: usize,
    /// Papers that could not be made.
    pub stuck: usize,
}

/// 字体, read when the first paper is made and again after a failure.
#[derive(Clone, Debug, Default)]
pub struct Press {
    fonts: Arc<Mutex<Option<Fonts>>>,
}

impl Press {
    /// The fonts at hand; the operator's come first.
    fn fonts(&self, data: &Path) -> Result<Fonts, Trouble> {
        let mut kept = self.fonts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fonts) = &*kept {
            return Ok(fonts.clone());
        }
        let fonts = Fonts::with(own_fonts(&data.join("fonts")).map_err(Trouble::Folder)?)?;
        *kept = Some(fonts.clone());
        Ok(fonts)
    }

    /// Reads the folder again before the next paper: somebody may have put a font there.
    fn forget(&self) {
        *self.fonts.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Every font file of the operator's folder, by name; none where there is no folder.
fn own_fonts(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let kind = path.extension().and_then(|kind| kind.to_str()).map(str::to_ascii_lowercase);
        let font = matches!(kind.as_deref(), Some("otf" | "ttf" | "ttc"));
        if font && path.metadata()?.len() <= FONT_BYTES_MAX {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, std::fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

/// Looks at the orders until it is told to stop.
pub(crate) async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    loop {
        match press(&state).await {
            Ok(Pressed { made: 0, stuck: 0 }) => {}
            Ok(Pressed { made, stuck }) => {
                tracing::info!(made, stuck, "papers");
                if !*stopped.borrow() && made > 0 {
                    continue;
                }
            }
            Err(error) => tracing::error!(error = %error, "the orders of papers cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stopped.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Makes everything that is ordered and due.
pub async fn press_all(state: &AppState) -> Result<Pressed, StoreError> {
    let mut all = Pressed::default();
    loop {
        let Pressed { made, stuck } = press(state).await?;
        if made + stuck == 0 {
            return Ok(all);
        }
        all.made += made;
        all.stuck += stuck;
    }
}

/// Makes the next few papers.
async fn press(state: &AppState) -> Result<Pressed, StoreError> {
    let now_ms = state.clock.wall_ms();
    let few = i64::try_from(AT_ONCE).unwrap_or(1);
    let taken = state.store.take_papers(few, now_ms, LEASE_MS).await?;
    let mut in_hand = tokio::task::JoinSet::new();
    for paper in taken {
        let state = state.clone();
        in_hand.spawn(async move {
            let outcome = make(&state, &paper).await;
            (paper, outcome)
        });
    }
    let mut pressed = Pressed::default();
    while let Some(done) = in_hand.join_next().await {
        // A panic has been logged where it happened; the lease gives the paper back.
        let Ok((paper, outcome)) = done else { continue };
        match outcome {
            Ok(()) => pressed.made += 1,
            Err(trouble) => {
                pressed.stuck += 1;
                state.press.forget();
                let (dossier, kind) = (&paper.key.stream, &paper.key.kind);
                tracing::warn!(dossier.id = %dossier, paper = %kind, "a paper could not be made");
                let again_ms = now_ms.saturating_add(wait_ms(paper.tries));
                state.store.paper_not_made(paper.key, trouble.to_string(), again_ms).await?;
            }
        }
    }
    Ok(pressed)
}

/// How long to wait after so many tries before this one.
fn wait_ms(tries: i64) -> i64 {
    let doublings = u32::try_from(tries.clamp(0, 16)).unwrap_or(16);
    AGAIN_MS.saturating_mul(1 << doublings).min(AGAIN_MS_MAX)
}

async fn make(state: &AppState, paper: &Paper) -> Result<(), Trouble> {
    let key = &paper.key;
    let kind = Kind::named(&key.kind).ok_or_else(|| Trouble::Kind(key.kind.clone()))?;
    let id = DossierId::from(key.stream.as_str());
    let occurred = state.office.occurred(&id, key.sequence).await?.ok_or(Trouble::Content)?;
    let code = verify::code(&state.store, key).await?;
    let document =
        content::document(kind, &occurred, &state.config.site(), &code).ok_or(Trouble::Content)?;
    let title = document.title();
    let (press, data, own) =
        (state.press.clone(), state.config.data.clone(), Arc::clone(&state.key));
    let at_ms = state.clock.now_ms();
    let at = state.clock.zoned().datetime();
    let set = move || -> Result<Pdf, Trouble> {
        let Pdf { bytes, pages } = documents::render(&document, &press.fonts(&data)?)?;
        Ok(Pdf { bytes: own.sign_paper(&bytes, at)?, pages })
    };
    let Pdf { bytes, pages } =
        tokio::task::spawn_blocking(set).await.map_err(|_| Trouble::Broken)??;
    let digest = state.store.put_file(bytes, "application/pdf", at_ms).await?;
    let pages = u64::try_from(pages).unwrap_or(u64::MAX);
    let signed = Some(Signed { at_ms, certificate: state.key.digest() });
    let (template, code) = (kind.version(), Some(code));
    let made = Made { template, title, pages, digest, code, signed };
    Ok(state.store.paper_made(key.clone(), made).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!(wait_ms(0), 60_000);
        assert_eq!(wait_ms(5), 32 * 60_000);
        assert_eq!(wait_ms(6), AGAIN_MS_MAX);
        assert_eq!(wait_ms(i64::MAX), AGAIN_MS_MAX);
    }

    #[test]
    fn only_fonts_are_read_from_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(own_fonts(&folder.path().join("none")).unwrap(), []);
        for name in ["b.TTF", "a.otf", "README.md"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        let names: Vec<_> = own_fonts(folder.path()).unwrap().into_iter().map(|f| f.0).collect();
        assert_eq!(names, ["a.otf", "b.TTF"]);
    }
}
