//! What a posted act brought: files were looked at and kept as they came, and nobody names a file
//! that their own side did not bring.

use crate::forms::CommandForm;
use crate::http::{Fault, Kept, SignedIn, Upload};
use crate::inspect::Kind;
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
        if !kept.kind.endings().iter().any(|ending| accepts(accept, ending)) {
            let endings =
                accept.replace(",.jpeg", "").replace('.', "").replace(',', "、").to_uppercase();
            errors.push(FieldError::new(name, format!("这里收 {endings} 文件，另选一份")));
            continue;
        }
        upload.keep(&again, &kept.digest);
        taken.push(kept);
    }
    Ok((errors, taken))
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
