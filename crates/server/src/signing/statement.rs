//! 签署声明的开具 — each statement bears a number only this office can compute, so that it need
//! not be kept to be known again.

use consortium::agreement::{canonical, statement::Deed, statement::Statement, supplement};
use consortium::ids::Digest;
use consortium::{Dossier, actor::Actor};
use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::DateTime;
use sha2::Sha256;

use super::sm3_of;

/// For how long a statement may be signed: one working day and the night after it.
pub const STATEMENT_HOURS: i64 = 24;
/// Where the secret behind the numbers is kept.
pub(super) const SECRET: &str = "statement-secret";
/// Hexadecimal digits of a number.
const NUMBER_DIGITS: usize = 32;
/// What stands before the time in a statement.
const TIME: &str = "时间：";
/// What stands before the digest of a letter of authority.
const LETTER: &str = "授权委托书 SHA-256：";
/// What stands behind it.
const ZONE: &str = "（北京时间）";

/// A statement that was made out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The words to sign.
    pub text: String,
    /// SHA-256 of them.
    pub digest: Digest,
}

/// A statement that was made out and still lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is for.
    pub deed: Deed,
    /// 授权委托书, where somebody signs for the legal representative.
    pub letter: Option<Digest>,
    /// The words to sign.
    pub text: String,
}

/// The statement for the actor's own slot of the open round, as of a moment.
pub(super) fn made_out(
    secret: &[u8],
    actor: &Actor,
    dossier: &Dossier,
    deed: Deed,
    letter: Option<&Digest>,
    at: DateTime,
) -> Option<String> {
    let round = dossier.signing_round()?;
    round.slot(actor.unit()?)?;
    let parties = dossier.signing_parties();
    let supplement = dossier.open_supplement();
    let text = match supplement {
        Some((change, kept, _)) => supplement::canonical(dossier, change, &kept.parties),
        None => canonical(&dossier.materials),
    };
    let sm3 = sm3_of(text.as_bytes());
    let words = |nonce: &str| {
        Statement {
            dossier: &dossier.id,
            materials: &dossier.materials,
            supplement: supplement.map(|(change, ..)| change.no),
            parties: &parties,
            round,
            sm3: &sm3,
            actor,
            letter,
            deed,
            nonce,
            at: to_the_second(at),
        }
        .text()
    };
    let mut number = number(secret, words("")?.as_bytes());
    number.truncate(NUMBER_DIGITS);
    words(&number)
}

fn number(secret: &[u8], words: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(words);
    hex::encode(mac.finalize().into_bytes())
}

fn to_the_second(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}

/// When a statement says that it was made out.
pub(super) fn time_of(text: &str) -> Option<DateTime> {
    let line = text.lines().find_map(|line| line.strip_prefix(TIME))?;
    DateTime::strptime("%Y-%m-%d %H:%M:%S", line.strip_suffix(ZONE)?).ok()
}

/// The letter of authority that a statement names, where it names one.
pub(super) fn letter_of(text: &str) -> Option<Digest> {
    let named = text.lines().find_map(|line| line.strip_prefix(LETTER))?;
    (named != "无").then(|| Digest(named.to_owned()))
}

/// Whether a statement may still be signed.
pub(super) fn lives(at: DateTime, now: DateTime) -> bool {
    let until = at.checked_add(jiff::Span::new().hours(STATEMENT_HOURS));
    // A clock that was set back a second makes no statement foreign.
    until.is_ok_and(|until| now <= until)
}

/// What is said of a statement that this office did not make out for this act.
pub(super) fn foreign() -> String {
    "签署声明不是为这次签署开具的，或者内容有改动".to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_statement_lives_its_hours_and_not_a_second_longer() {
        let at = date(2026, 3, 2).at(9, 0, 0, 0);
        assert!(lives(at, date(2026, 3, 3).at(9, 0, 0, 0)));
        assert!(!lives(at, date(2026, 3, 3).at(9, 0, 1, 0)));
    }

    #[test]
    fn the_time_of_a_statement_is_read_from_its_own_line() {
        let text = "甲\n时间：2026-03-02 09:00:00（北京时间）\n";
        assert_eq!(time_of(text), Some(date(2026, 3, 2).at(9, 0, 0, 0)));
        assert_eq!(time_of("时间：昨天（北京时间）"), None);
    }
}
