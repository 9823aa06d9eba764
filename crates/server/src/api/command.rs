//! An act on a dossier as a program asks for it: a [`Command`] as JSON, and beside `sign` the
//! password that makes it a signature.

use consortium::{
    Command, access,
    actor::Actor,
    command,
    ids::{Digest, DossierId},
};
use serde_json::{Value, json};

use super::problem::{Problem, Trouble};
use super::{body, id};
use crate::http::{Fault, SignedIn};
use crate::state::AppState;

/// How a signature by password is recorded.
const METHOD: &str = "account_password";

/// A command as read.
pub(super) struct Read {
    pub(super) command: Command,
    /// The password beside a signature.
    password: Option<String>,
}

/// Commands that are asked elsewhere or by nobody.
fn elsewhere(name: &str) -> Option<&'static str> {
    match name {
        "open" => Some("立卷用 POST /api/v1/dossiers"),
        "import_trial_filing" => Some("导入试行期备案用 POST /api/v1/trial-filings"),
        "day_passed" => Some("没有“day_passed”这个选项"),
        _ => None,
    }
}

/// Reads a command.
pub(super) fn read(mut value: Value) -> Result<Read, Problem> {
    let name = value.get("command").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(sentence) = elsewhere(&name) {
        return Err(Problem::malformed(Some("command"), sentence));
    }
    let mut password = None;
    if let ("sign", Some(object)) = (name.as_str(), value.as_object_mut()) {
        if object.contains_key("method") {
            return Err(Problem::malformed(Some("method"), "没有“method”这个字段"));
        }
        password = object.remove("password").and_then(|word| word.as_str().map(str::to_owned));
        if password.is_none() {
            return Err(Problem::malformed(Some("password"), "缺少字段“password”"));
        }
        object.insert("method".to_owned(), json!(METHOD));
    }
    Ok(Read { command: body::typed(value)?, password })
}

/// What else has to hold before the office is asked: a signature is by the person, and files were
/// brought by the asker's own side. Whoever may not ask at all is told so by the office.
pub(super) async fn check(
    state: &AppState,
    signed: &SignedIn,
    dossier: &DossierId,
    read: &Read,
) -> Result<(), Trouble> {
    let files = files(&read.command);
    if read.password.is_none() && files.is_empty() {
        return Ok(());
    }
    let Ok(opened) = state.office.read(&signed.actor, dossier).await else { return Ok(()) };
    if access::may(&signed.actor, read.command.verb(), Some(&opened.dossier)).is_err() {
        return Ok(());
    }
    if let Some(password) = &read.password {
        is_oneself(state, signed, password).await?;
    }
    for (field, digest, size) in files {
        was_brought(state, &signed.actor, field, digest, size).await?;
    }
    Ok(())
}

/// A signature is the account with the password entered again; tries count as at the login.
async fn is_oneself(state: &AppState, signed: &SignedIn, password: &str) -> Result<(), Trouble> {
    let tries = signed.tries();
    tries.may(state).await?.map_err(Fault::TooMany)?;
    tries.begin(state).await?;
    let person = state.store.person(signed.actor.person.as_str()).await?;
    let hash = person.and_then(|person| person.password_hash);
    if state.passwords.verify(password, hash.as_deref()).await? {
        return Ok(tries.right(state).await?);
    }
    tries.wrong(state).await?;
    Err(Problem::malformed(Some("password"), "密码不对，核对后再试").into())
}

/// The files a command names: field, digest and, where it says so, the size.
fn files(command: &Command) -> Vec<(&'static str, &Digest, Option<u64>)> {
    match command {
        Command::Attach { attachment, .. } => {
            vec![("digest", &attachment.digest, Some(attachment.size_bytes))]
        }
        Command::Seal { scan, .. } | Command::OfferPaper { scan, .. } => {
            vec![("scan", scan, None)]
        }
        Command::Sign { letter: Some(letter), .. } => vec![("letter", letter, None)],
        Command::ServeCancellationNotice { proof, .. } => vec![("proof", proof, None)],
        Command::AttachSealed { file, .. } => vec![("file", file, None)],
        _ => vec![],
    }
}

/// Only who brought a file may name it in an act.
pub(super) async fn was_brought(
    state: &AppState,
    actor: &Actor,
    field: &str,
    digest: &Digest,
    size_bytes: Option<u64>,
) -> Result<(), Trouble> {
    let unknown = || Problem::malformed(Some(field), "没有这个文件，先用 POST /api/v1/files 上传");
    if id::digest(&digest.0).is_err() {
        return Err(unknown().into());
    }
    let now_ms = state.clock.now_ms();
    let brought = state.store.brought(&actor.brings_for(), &digest.0, now_ms).await?;
    let brought = brought.ok_or_else(unknown)?;
    if size_bytes.is_some_and(|size| size != brought.size) {
        return Err(Problem::malformed(Some("size_bytes"), "与上传的文件大小不符").into());
    }
    Ok(())
}

/// The verbs a program can ask of a dossier that exists.
pub(super) fn verbs() -> impl Iterator<Item = &'static command::Verb> {
    command::VERBS.iter().filter(|verb| elsewhere(verb.name).is_none())
}
