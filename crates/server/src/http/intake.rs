//! 收件 — takes a file in: piece by piece to the disk, looked at, searched for viruses where that is
//! asked for, and kept. Whatever its size, it takes the memory of one buffer.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use consortium::materials::{FILE_BYTES_MAX, FILING_BYTES_MAX};
use store::{Draft, Incoming, Store, StoreError, Taken};

use super::Fault;
use crate::inspect::{Flaw, Kind, inspect, tidy};
use crate::state::AppState;

/// What is gathered before it is digested and written: so much stays close to a core, and handing
/// it to a thread that may wait for the disk costs little beside it.
const BUFFER_BYTES: usize = 512 * 1024;
/// Buffers that are kept for the next files.
const SPARE_MAX: usize = 8;
/// How long a sender may pause within a file.
pub(crate) const STALL: Duration = Duration::from_secs(30);

/// A file that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// How many they are.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
    /// Its name, with the ending of its kind.
    pub name: String,
}

/// Why a file was not taken.
#[derive(Debug)]
pub(crate) enum Unkept {
    /// The file itself: a sentence for beside the field.
    Flaw(Flaw),
    /// It is larger than one file may be.
    TooLarge,
    /// The disk is full.
    NoSpace,
    /// The world broke.
    Broken(StoreError),
}

impl From<StoreError> for Unkept {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TooLarge { .. } => Self::TooLarge,
            StoreError::NoSpace { wanted, free } => {
                tracing::error!(wanted, free, "the disk has no room for a file");
                Self::NoSpace
            }
            other => Self::Broken(other),
        }
    }
}

impl From<Flaw> for Unkept {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<Unkept> for Fault {
    fn from(unkept: Unkept) -> Self {
        match unkept {
            Unkept::Flaw(flaw) => Self::Refused(flaw.sentence()),
            Unkept::TooLarge => Self::TooLarge(too_large()),
            Unkept::NoSpace => Self::NoSpace,
            Unkept::Broken(error) => error.into(),
        }
    }
}

/// What is said of a file past the limit.
pub(crate) fn too_large() -> String {
    format!(
        "单个文件不超过 {} MB，一件申请的附件合计不超过 {} GB。压缩图片、降低扫描分辨率，或拆成几份再上传。",
        FILE_BYTES_MAX >> 20,
        FILING_BYTES_MAX >> 30
    )
}

/// Who brings a file, and under which name.
pub(crate) struct Sender<'a> {
    /// The side, as it reads.
    pub(crate) side: &'a str,
    /// The name as claimed.
    pub(crate) name: &'a str,
}

/// A file on its way in.
pub(crate) struct Intake {
    store: Store,
    /// Bytes that the sender said there are.
    announced: u64,
    /// What has gone to the disk; nothing yet while all of it fits into the buffer.
    incoming: Option<Incoming>,
    waiting: Buffer,
}

impl Intake {
    /// Begins; `announced` bytes are expected, if the sender said how many.
    pub(crate) fn begin(state: &AppState, announced: Option<u64>) -> Result<Self, Unkept> {
        let announced = announced.unwrap_or_default();
        if announced > FILE_BYTES_MAX {
            return Err(Unkept::TooLarge);
        }
        let store = state.store.clone();
        Ok(Self { store, announced, incoming: None, waiting: Buffer::spare() })
    }

    /// Takes the next bytes.
    pub(crate) async fn take(mut self, mut bytes: &[u8]) -> Result<Self, Unkept> {
        let past = self.size() + bytes.len() as u64 > FILE_BYTES_MAX;
        if past {
            return Err(Unkept::TooLarge);
        }
        loop {
            bytes = self.waiting.fill(bytes);
            // The last bytes wait for the end, which goes to the disk anyway.
            if bytes.is_empty() {
                return Ok(self);
            }
            self = off_thread(move || {
                self.incoming = Some(self.write()?);
                Ok(self)
            })
            .await?;
        }
    }

    /// Puts what waits on the disk.
    fn write(&mut self) -> Result<Incoming, StoreError> {
        let mut incoming = match self.incoming.take() {
            Some(begun) => begun,
            None => self.store.begin_file(FILE_BYTES_MAX, self.announced)?,
        };
        incoming.write(&self.waiting.0)?;
        self.waiting.0.clear();
        Ok(incoming)
    }

    /// Bytes so far.
    pub(crate) fn size(&self) -> u64 {
        self.incoming.as_ref().map_or(0, Incoming::size) + self.waiting.0.len() as u64
    }

    /// All bytes are there: looks at them and keeps them.
    pub(crate) async fn end(mut self, state: &AppState, from: Sender<'_>) -> Result<Kept, Unkept> {
        let name = tidy(from.name);
        // One errand for both: handing work to another thread costs more than the last bytes do.
        let settled = state.desk.run(move |watch| {
            let draft = match self.write() {
                Ok(incoming) => incoming.settle(),
                Err(error) => return Ok(Err(error)),
            };
            let mut file = draft.reader().map_err(|_| Flaw::Unfinished)?;
            let kind = inspect(&mut file, &name, watch)?;
            Ok(Ok((draft, kind)))
        });
        let (draft, kind) = settled.await??;
        let seen = scanned(state, &draft, kind).await?;
        keep(state, draft, seen, from).await
    }
}

/// Where bytes wait. It goes back when its file is through: memory that is asked of the system for
/// every file anew is cleared page by page, which costs more than to fill it.
struct Buffer(Vec<u8>);

static SPARE: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

impl Buffer {
    fn spare() -> Self {
        let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self(spare.unwrap_or_else(|| Vec::with_capacity(BUFFER_BYTES)))
    }

    /// Takes what it has room for; gives back what is left.
    fn fill<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let room = BUFFER_BYTES - self.0.len();
        let (taken, left) = bytes.split_at(room.min(bytes.len()));
        self.0.extend_from_slice(taken);
        left
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0);
        bytes.clear();
        let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
        if spare.len() < SPARE_MAX {
            spare.push(bytes);
        }
    }
}

/// What an examination found.
pub(crate) struct Seen {
    kind: Kind,
    scanned: Option<String>,
}

/// Looks at a draft, and has it searched for viruses where that is asked for.
pub(crate) async fn examine(state: &AppState, draft: &Draft, name: &str) -> Result<Seen, Flaw> {
    let kind = state.desk.look(draft, &tidy(name)).await?;
    scanned(state, draft, kind).await
}

/// Has a draft searched for viruses where that is asked for.
async fn scanned(state: &AppState, draft: &Draft, kind: Kind) -> Result<Seen, Flaw> {
    let scanned = match &state.clamd {
        None => None,
        Some(clamd) => {
            let file = draft.reader().map_err(|_| Flaw::Unfinished)?;
            Some(clamd.scan(tokio::fs::File::from_std(file)).await?)
        }
    };
    Ok(Seen { kind, scanned })
}

/// Keeps a draft that was examined, and notes who brought it.
pub(crate) async fn keep(
    state: &AppState,
    draft: Draft,
    seen: Seen,
    from: Sender<'_>,
) -> Result<Kept, Unkept> {
    let name = named(from.name, seen.kind);
    let taken = Taken {
        media_type: seen.kind.media_type().to_owned(),
        scanned: seen.scanned,
        side: Some(from.side.to_owned()),
        name: name.clone(),
        passing: false,
        now_ms: state.clock.now_ms(),
    };
    let row = state.store.keep_file(draft, taken).await?;
    Ok(Kept { digest: row.digest, size: row.size, kind: seen.kind, name })
}

/// A name that shows and ends as its kind does.
fn named(claimed: &str, kind: Kind) -> String {
    let name = tidy(claimed);
    let name = if name.is_empty() { "未命名".to_owned() } else { name };
    let small = name.to_ascii_lowercase();
    if kind.endings().iter().any(|ending| small.ends_with(&format!(".{ending}"))) {
        return name;
    }
    tidy(&format!("{name}.{}", kind.endings()[0]))
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Unkept> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.unwrap_or_else(|gone| Err(StoreError::Panicked(gone.to_string())));
    done.map_err(Unkept::from)
}

#[cfg(test)]
mod tests {
    use store::{Location, Store};

    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::platform_key::PlatformKey;

    const FILE: &[u8] = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n0\n%%EOF\n";

    async fn brought(state: &AppState) -> Result<Kept, Unkept> {
        let intake = Intake::begin(state, None)?;
        let intake = intake.take(FILE).await?;
        intake.end(state, Sender { side: "unit:u-1", name: "证明.pdf" }).await
    }

    #[tokio::test]
    async fn where_clamd_is_configured_nothing_is_taken_without_its_answer() {
        let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let clamd = format!("tcp:{}", nobody.local_addr().unwrap()).parse().unwrap();
        drop(nobody);
        let store = Store::open(Location::Memory).unwrap();
        let config = Config { clamd: Some(clamd), ..Config::default() };
        let clock = Clock::system();
        let key = PlatformKey::fresh(clock.now()).unwrap();
        let mut state = AppState::new(store, config, clock, key);
        let outcome = brought(&state).await;
        assert!(matches!(outcome, Err(Unkept::Flaw(Flaw::NotScanned))), "{outcome:?}");
        state.clamd = None;
        let kept = brought(&state).await.unwrap();
        assert_eq!(kept.size, FILE.len() as u64);
        let file = state.store.brought("unit:u-1", &kept.digest, 0).await.unwrap().unwrap();
        assert_eq!(file.name, "证明.pdf");
    }

    #[tokio::test]
    async fn pieces_of_any_size_come_out_as_they_went_in() {
        let store = Store::open(Location::Memory).unwrap();
        let clock = Clock::system();
        let key = PlatformKey::fresh(clock.now()).unwrap();
        let state = AppState::new(store, Config::default(), clock, key);
        let (head, tail) = FILE.split_at(9);
        for filler in [1, BUFFER_BYTES - FILE.len() - 2, BUFFER_BYTES, 2 * BUFFER_BYTES] {
            let comment = [b"%".as_slice(), &vec![b'-'; filler], b"\n"].concat();
            let whole = [head, &comment, tail].concat();
            for piece in [whole.len(), BUFFER_BYTES + 1, 1 + BUFFER_BYTES / 3] {
                let mut intake = Intake::begin(&state, None).unwrap();
                for bytes in whole.chunks(piece) {
                    intake = intake.take(bytes).await.unwrap();
                    assert!(intake.waiting.0.capacity() <= BUFFER_BYTES);
                }
                assert_eq!(intake.size(), whole.len() as u64);
                let from = Sender { side: "unit:u-1", name: "证明.pdf" };
                let kept = intake.end(&state, from).await.unwrap();
                let read = state.store.file(&kept.digest, u64::MAX).await.unwrap().unwrap();
                assert!(read.1 == whole, "{filler} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_name_ends_as_its_kind_does() {
        assert_eq!(named("", Kind::Pdf), "未命名.pdf");
        assert_eq!(named("../证明.PDF", Kind::Pdf), "证明.PDF");
        assert_eq!(named("照片.jpeg", Kind::Jpeg), "照片.jpeg");
        assert_eq!(named("照片", Kind::Jpeg), "照片.jpg");
    }
}
