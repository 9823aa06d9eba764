//! 恢复码 — ten, on paper, each works once.

use sha2::{Digest, Sha256};

use super::{Shown, log};
use crate::http::strength::With;
use crate::http::{Fault, random};
use crate::state::AppState;

/// How many there are.
pub const CODES: usize = 10;
/// Letters of one: five bits each, 80 in all. Nobody guesses one, so a plain digest keeps it.
const LETTERS: usize = 16;
/// Letters and digits that are not mistaken for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Ten codes, and the digests under which they are kept.
pub(super) fn fresh(person: &str) -> (Vec<String>, Vec<String>) {
    let codes: Vec<String> = (0..CODES).map(|_| code()).collect();
    let hashes = codes.iter().map(|code| digest(person, code)).collect();
    (codes, hashes)
}

fn code() -> String {
    let letters: Vec<char> = random::secret()[..LETTERS]
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The digest of a code, however it is typed: without case and signs, `o` for `0`, `i` and `l`
/// for `1`.
fn digest(person: &str, code: &str) -> String {
    let letters = code.to_lowercase();
    let letters = letters.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    let code: String = letters.collect();
    hex::encode(Sha256::digest(format!("recovery code of {person}\n{code}")))
}

/// Looks at a code, and uses it up.
pub(super) async fn show(state: &AppState, person: &str, typed: &str) -> Result<Shown, Fault> {
    let now_ms = state.clock.wall_ms();
    if !state.store.use_code(person, &digest(person, typed), now_ms).await? {
        return Ok(Shown::Wrong);
    }
    let left = state.store.codes_left(person).await?;
    let detail = format!("还剩 {left} 个");
    log::note(state, person, log::Kind::CodeUsed, &detail, person).await?;
    Ok(Shown::Right(With::RecoveryCode))
}

/// Ten new codes; those before are worth nothing any more.
pub(crate) async fn replace(state: &AppState, person: &str) -> Result<Vec<String>, Fault> {
    let (codes, hashes) = fresh(person);
    let now_ms = state.clock.wall_ms();
    let id = person.to_owned();
    let line = log::line(state, person, log::Kind::CodesMade, "", person);
    let write = state.store.write(move |tx| {
        store::factors::replace_codes(tx, &id, &hashes, now_ms)?;
        store::factors::log(tx, &line)
    });
    write.await?;
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed_and_for_its_person_alone() {
        let (codes, hashes) = fresh("P1");
        assert_eq!((codes.len(), hashes.len()), (CODES, CODES));
        let code = &codes[0];
        assert_eq!(code.len(), LETTERS + 3, "{code}");
        assert_eq!(digest("P1", &code.to_uppercase().replace('-', " ")), hashes[0]);
        assert_eq!(digest("P1", &code.replace('0', "O").replace('1', "l")), hashes[0]);
        assert_ne!(digest("P2", code), hashes[0]);
        assert_ne!(codes[0], codes[1]);
    }
}
