//! Identifiers as they come in addresses: what cannot be one names nothing.

use consortium::ids::{Digest, DossierId, UnitId};

use super::problem::Problem;

/// The longest identifier.
const LETTERS_MAX: usize = 64;

fn fits(text: &str, prefix: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() <= LETTERS_MAX && text.starts_with(prefix) && text.chars().all(known)
}

/// A dossier's identifier.
pub(super) fn dossier(text: &str) -> Result<DossierId, Problem> {
    fits(text, "d-").then(|| DossierId::from(text)).ok_or_else(Problem::not_found)
}

/// A unit's identifier.
pub(super) fn unit(text: &str) -> Result<UnitId, Problem> {
    fits(text, "u-").then(|| UnitId::from(text)).ok_or_else(Problem::not_found)
}

/// The digest of a file.
pub(super) fn digest(text: &str) -> Result<Digest, Problem> {
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let fits = text.len() == 64 && text.bytes().all(digits);
    fits.then(|| Digest(text.to_owned())).ok_or_else(Problem::not_found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_an_identifier_names_nothing() {
        assert!(dossier("d-0123abc").is_ok() && unit("u-yunchuan").is_ok());
        for odd in ["", "department", "u-1", "d-\0", "d-ABC", "d-../x", &"d-0".repeat(40)] {
            assert!(dossier(odd).is_err(), "{odd}");
        }
        assert!(digest(&"0a".repeat(32)).is_ok() && digest(&"0A".repeat(32)).is_err());
    }
}
