//! What a posted act brought: files were looked at and kept as they came, and nobody names a file
//! that their own side did not bring.

use crate::forms::CommandForm;
use crate::http::{FILES_MAX, Fault, Kept, SignedIn, Upload, past_the_last};
use crate::inspect::{Kind, tidy};
use crate::pages::shell::form::{self, FieldError, FieldSpec};
use crate::state::AppState;

/// Puts each file's digest, name and size into the pairs.
pub(super) async fn take_files(
    state: &AppState,
    signed: &SignedIn,
    form: &CommandForm,
    upload: &mut Upload,
) -> Result<Vec<FieldError>, Fault> {
    let (errors, taken) = files(state, signed, &form.fields, upload).await?;
    for kept in taken {
        upload.keep("name", &kept.name);
        upload.keep("size_bytes", &kept.size.to_string());
    }
    Ok(errors)
}

/// Puts each file's digest into the pairs. A file that came with an earlier try, or in pieces, is
/// named by its digest: it counts when the asker's own side brought it.
pub(in crate::pages) async fn files(
    state: &AppState,
    signed: &SignedIn,
    fields: &[FieldSpec],
    upload: &mut Upload,
) -> Result<(Vec<FieldError>, Vec<Kept>), Fault> {
    let (mut errors, mut taken) = (Vec::new(), Vec::new());
    for field in fields {
        let form::Kind::File { accept } = &field.kind else { continue };
        let name = field.name.as_ref();
        let again = format!("{name}.kept");
        let earlier = upload.get(&again).to_owned();
        upload.pairs.retain(|(key, _)| key != name && *key != again);
        let posted = upload.files.iter().rposition(|file| file.field == name);
        let posted = posted.map(|at| upload.files.swap_remove(at).outcome);
        let kept = match posted {
            Some(Err(sentence)) => {
                errors.push(FieldError::new(name, sentence));
                continue;
            }
            Some(Ok(kept)) => Some(kept),
            None => brought(state, signed, &earlier).await?,
        };
        let Some(kept) = kept else { continue };
        if let Err(sentence) = fits(accept, &kept) {
            errors.push(FieldError::new(name, sentence));
            continue;
        }
        upload.keep(&again, &kept.digest);
        taken.push(kept);
    }
    Ok((errors, taken))
}

/// What one field with several files brought, file by file under its name: whole, in pieces before
/// the post, or not at all, with the sentence that says why.
pub(super) async fn several(
    state: &AppState,
    signed: &SignedIn,
    (field, accept): (&str, &str),
    upload: &mut Upload,
) -> Result<Vec<(String, Result<Kept, String>)>, Fault> {
    let fit = |kept: Kept| fits(accept, &kept).map(|()| kept);
    let (kept, not) = (format!("{field}.kept"), format!("{field}.not"));
    let mut brought_all = Vec::new();
    for (_, digest) in upload.pairs.iter().filter(|(name, _)| *name == kept) {
        let brought = brought(state, signed, digest).await?;
        let name = brought.as_ref().map_or_else(|| "已传的一份".to_owned(), |k| k.name.clone());
        let gone = || "没有找到这份文件，再传一次".to_owned();
        brought_all.push((name, brought.ok_or_else(gone).and_then(fit)));
    }
    let posted = std::mem::take(&mut upload.files).into_iter().filter(|file| file.field == field);
    brought_all.extend(posted.map(|file| (file.name, file.outcome.and_then(fit))));
    for (_, outcome) in brought_all.iter_mut().skip(FILES_MAX) {
        *outcome = Err(past_the_last());
    }
    // What the page itself could not send: it says so there, and again beside the others.
    let told = upload.pairs.iter().filter(|(name, _)| *name == not);
    let told = told.filter_map(|(_, told)| told.split_once('\n'));
    brought_all
        .extend(told.take(FILES_MAX).map(|(name, why)| (tidy(name), Err(why.trim().to_owned()))));
    Ok(brought_all)
}

/// Whether a field takes this kind of file.
fn fits(accept: &str, kept: &Kept) -> Result<(), String> {
    if kept.kind.endings().iter().any(|ending| accepts(accept, ending)) {
        return Ok(());
    }
    let endings = accept.replace(",.jpeg", "").replace('.', "").replace(',', "、").to_uppercase();
    Err(format!("这里收 {endings} 文件，另选一份"))
}

fn accepts(accept: &str, ending: &str) -> bool {
    accept.split(',').any(|one| one.strip_prefix('.') == Some(ending))
}

/// A file that the asker's side brought before.
async fn brought(state: &AppState, signed: &SignedIn, digest: &str) -> Result<Option<Kept>, Fault> {
    if digest.is_empty() {
        return Ok(None);
    }
    let now_ms = state.clock.now_ms();
    let side = signed.actor.brings_for();
    let Some(file) = state.store.brought(&side, digest, now_ms).await? else { return Ok(None) };
    let row = state.store.file_row(digest).await?;
    let kind =
        row.and_then(|row| Kind::ALL.into_iter().find(|kind| kind.media_type() == row.media_type));
    Ok(kind.map(|kind| Kept { digest: file.digest, size: file.size, kind, name: file.name }))
}
