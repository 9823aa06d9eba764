//! 核验 — a code on every paper, and what everybody learns who types it in.
//!
//! The code is a number that only this office can compute from which paper it is: whoever has none
//! finds none, and one digit off is another paper or none. What is told is that the paper is from
//! here, its digest and its signature; what it says is told of public papers alone.

use consortium::actor::Actor;
use consortium::ids::DossierId;
use consortium::sealed::{Issued, SealedFile};
use documents::Kind;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use store::{PaperKey, Store, StoreError};

use super::{listed, public};
use crate::clock;
use crate::office::OfficeError;
use crate::secret;
use crate::state::AppState;

/// Where the secret behind the codes is kept.
const SECRET: &str = "paper-code-secret";
/// Letters that nobody takes for others (Crockford's thirty-two): five bits each.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: eighty bits, which nobody guesses.
const CODE_LETTERS: usize = 16;
/// Letters between two strokes.
const GROUP: usize = 4;
/// Longer than any code with strokes and spaces.
const TYPED_MAX: usize = 64;

/// 文书现在怎样.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everybody reads it.
    Public,
    /// Everybody read it once: another one took its place, or the filing has ended.
    Replaced,
    /// It is for those it was made for.
    Private,
}

impl Standing {
    /// What that means, for whoever holds the paper.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Public => "现行公开的文书",
            Self::Replaced => "曾经公开，现在已有新的文书代替，或者备案已经终止、取消",
            Self::Private => "不公开的文书，内容以持有人手中的文件为准",
        }
    }
}

/// What everybody learns of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// 核验码, as printed.
    pub code: String,
    /// Which paper.
    pub kind: &'static str,
    /// The Chinese term.
    pub term: &'static str,
    /// The clauses it carries out.
    pub clauses: &'static [&'static str],
    /// What it is called; only where it is public.
    pub title: Option<String>,
    /// Where it is taken out; only where it is public.
    pub href: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// The time of the event it rests on, as written.
    pub ordered: String,
    /// How many pages it has.
    pub pages: u64,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// When the platform signed it, as written; `None` for papers of before.
    pub signed: Option<String>,
    /// SHA-256 of the certificate.
    pub certificate: Option<String>,
    /// 盖章件 in force, where one was attached.
    pub sealed: Option<SealedForm>,
}

/// What everybody learns of the sealed form of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealedForm {
    /// SHA-256 of its bytes.
    pub digest: String,
    /// When it was attached, as written.
    pub attached: String,
    /// Where it is read; only where the paper is public.
    pub href: Option<String>,
}

/// The code of a paper, as printed.
pub(super) async fn code(store: &Store, key: &PaperKey) -> Result<String, StoreError> {
    Ok(code_of(&secret::kept(store, SECRET).await?, key))
}

fn code_of(secret: &[u8], key: &PaperKey) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("paper/{}/{}/{}", key.stream, key.sequence, key.kind).as_bytes());
    let digest = mac.finalize().into_bytes();
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte & 31)]);
    grouped(&digest.iter().take(CODE_LETTERS).map(letter).collect::<String>())
}

fn grouped(letters: &str) -> String {
    let mut out = String::with_capacity(letters.len() + letters.len() / GROUP);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            out.push('-');
        }
        out.push(letter);
    }
    out
}

/// A code as it is printed, from what somebody typed; `None` where that is none.
pub fn tidy(typed: &str) -> Option<String> {
    if typed.len() > TYPED_MAX {
        return None;
    }
    let mut letters = String::with_capacity(CODE_LETTERS);
    for letter in typed.chars() {
        let letter = match letter.to_ascii_uppercase() {
            '-' | ' ' | '　' | '—' | '－' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte));
        known.then(|| letters.push(letter))?;
    }
    (letters.len() == CODE_LETTERS).then(|| grouped(&letters))
}

/// The paper of a code; `None` where no paper bears it.
///
/// # Errors
///
/// When the store cannot be read.
pub async fn look_up(state: &AppState, typed: &str) -> Result<Option<Verified>, OfficeError> {
    let Some(code) = tidy(typed) else { return Ok(None) };
    let Some(paper) = state.store.paper_of_code(&code).await? else { return Ok(None) };
    let (Some(kind), Some(made)) = (Kind::named(&paper.key.kind), paper.made) else {
        return Ok(None);
    };
    let standing = standing(state, &paper.key, kind).await?;
    let PaperKey { stream, sequence, .. } = &paper.key;
    let shown = standing == Standing::Public;
    let here = format!("/registry/{stream}/papers/{sequence}/{}", kind.key());
    let sealed = sealed_form(state, &paper.key).await?.map(|file| SealedForm {
        digest: file.file.0,
        attached: clock::written_at(file.at),
        href: shown.then(|| format!("{here}/sealed")),
    });
    Ok(Some(Verified {
        code,
        kind: kind.key(),
        term: kind.term(),
        clauses: kind.clauses(),
        title: shown.then_some(made.title),
        href: shown.then_some(here),
        standing,
        ordered: clock::written(paper.ordered_ms),
        pages: made.pages,
        digest: made.digest,
        signed: made.signed.as_ref().map(|signed| clock::written(signed.at_ms)),
        certificate: made.signed.map(|signed| signed.certificate),
        sealed,
    }))
}

/// The sealed file in force. Whoever holds a paper may hold its sealed form, and is told which that
/// is; what is in it is told of public papers alone.
async fn sealed_form(state: &AppState, key: &PaperKey) -> Result<Option<SealedFile>, OfficeError> {
    let id = DossierId::from(key.stream.as_str());
    let opened = state.office.read(&Actor::calendar(), &id).await?;
    let of = |issued: &&Issued| {
        issued.sequence == key.sequence && issued.paper.name() == key.kind.as_str()
    };
    let issued = opened.dossier.issued.iter().find(of);
    Ok(issued.and_then(Issued::current).cloned())
}

async fn standing(state: &AppState, key: &PaperKey, kind: Kind) -> Result<Standing, OfficeError> {
    if !public(kind) {
        return Ok(Standing::Private);
    }
    let row = state.store.dossier(&key.stream).await?;
    if !row.is_some_and(|row| row.public) {
        return Ok(Standing::Private);
    }
    let public = Actor::public();
    let opened = state.office.read(&public, &DossierId::from(key.stream.as_str())).await?;
    let papers = listed(&state.store, &public, &opened.dossier).await?;
    let stands = papers.iter().any(|paper| paper.sequence == key.sequence && paper.kind == kind);
    Ok(if stands { Standing::Public } else { Standing::Replaced })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sequence: u64) -> PaperKey {
        PaperKey { stream: "d-1".into(), sequence, kind: "certificate".into() }
    }

    #[test]
    fn a_code_is_of_one_paper_and_one_office() {
        let code = code_of(b"secret", &key(1));
        assert_eq!(code, code_of(b"secret", &key(1)));
        assert_ne!(code, code_of(b"secret", &key(2)));
        assert_ne!(code, code_of(b"other", &key(1)));
        assert_eq!(tidy(&code), Some(code.clone()));
        assert_eq!(code.len(), CODE_LETTERS + 3);
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = "7K3M-9Q2X-41GH-T05V";
        for typed in ["7k3m9q2x41ght05v", " 7K3M 9Q2X-4IGH-tO5V ", "7K3M－9Q2X－4lGH－T05V"] {
            assert_eq!(tidy(typed).as_deref(), Some(code), "{typed}");
        }
        for typed in ["", "7K3M-9Q2X-41GH-T05", "7K3M-9Q2X-41GH-T05VV", "7K3M-9Q2X-41GH-T05U", "证"]
        {
            assert_eq!(tidy(typed), None, "{typed}");
        }
        assert_eq!(tidy(&"-".repeat(TYPED_MAX + 1)), None);
    }
}
