//! What a posted act brought: files are known by their bytes, and nobody names a file that is
//! not in the post itself.

use crate::forms::CommandForm;
use crate::http::media::media_type;
use crate::http::{Fault, Upload};
use crate::office::digest_of;
use crate::pages::shell::form::{FieldError, Kind};
use crate::state::AppState;

/// A file that waits to be kept.
pub(super) struct Waiting {
    bytes: Vec<u8>,
    media_type: &'static str,
}

/// Puts each file's digest, name and size into the pairs; what the post itself says of a digest
/// is dropped, so that a file of another dossier cannot be named.
pub(super) fn take_files(
    form: &CommandForm,
    upload: &mut Upload,
) -> Result<Vec<Waiting>, Vec<FieldError>> {
    let mut waiting = Vec::new();
    let mut errors = Vec::new();
    for field in &form.fields {
        let Kind::File { accept } = &field.kind else { continue };
        let name = field.name.as_ref();
        upload.pairs.retain(|(key, _)| key != name && *key != format!("{name}.kept"));
        let found = upload.files.iter().rposition(|file| file.field == name);
        let Some(found) = found.filter(|at| !upload.files[*at].bytes.is_empty()) else { continue };
        let file = upload.files.swap_remove(found);
        let known = media_type(&file.bytes, &file.name);
        let Some((_, media_type)) = known.filter(|(ending, _)| accept.contains(ending)) else {
            let endings =
                accept.replace(",.jpeg", "").replace('.', "").replace(',', "、").to_uppercase();
            errors.push(FieldError::new(name, format!("内容不是 {endings} 文件，另选一份")));
            continue;
        };
        upload.keep(name, &digest_of(&file.bytes).0);
        upload.keep("name", &file.name);
        upload.keep("size_bytes", &file.bytes.len().to_string());
        waiting.push(Waiting { bytes: file.bytes.to_vec(), media_type });
    }
    if errors.is_empty() { Ok(waiting) } else { Err(errors) }
}

/// Keeps the files: they are on disk before anything refers to them.
pub(super) async fn keep(state: &AppState, waiting: Vec<Waiting>) -> Result<(), Fault> {
    for file in waiting {
        state.store.put_file(file.bytes, file.media_type, state.clock.now_ms()).await?;
    }
    Ok(())
}
