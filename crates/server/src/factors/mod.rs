//! 第二因素 — what somebody has, beside the password they know: one-time passwords by their phone,
//! and recovery codes on paper for the day the phone is lost.
//!
//! Seeds lie sealed in the store; the key is a file of its own ([`vault`]). A code works once, the
//! step it belongs to and all before it are used up with it.

pub mod codes;
pub mod log;
pub mod totp;
pub mod vault;

use crate::http::Fault;
use crate::http::strength::With;
use crate::state::AppState;

/// What was typed as a second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// It is right, and used up now.
    Right(With),
    /// It was right, and has been used before.
    Used,
    /// It is another.
    Wrong,
}

/// Whether a person has bound a second factor that is typed.
pub(crate) async fn is_bound(state: &AppState, person: &str) -> Result<bool, Fault> {
    Ok(state.store.totp(person).await?.is_some_and(|totp| totp.seed.is_some()))
}

/// Looks at what a person typed: six digits are a one-time password, anything else a recovery code.
pub(crate) async fn show(state: &AppState, person: &str, typed: &str) -> Result<Shown, Fault> {
    let typed: String = typed.chars().filter(|letter| letter.is_alphanumeric()).collect();
    if typed.len() == totp::DIGITS && typed.bytes().all(|digit| digit.is_ascii_digit()) {
        return totp::show(state, person, &typed).await;
    }
    codes::show(state, person, &typed).await
}

/// What is said of something that was not taken.
pub(crate) const fn sentence(shown: &Shown) -> &'static str {
    match shown {
        Shown::Right(_) => "",
        Shown::Used => "这个动态口令已经用过，等手机上换成下一个再填",
        Shown::Wrong => "动态口令或恢复码不对。核对手机时间是否准确，填现在显示的六位数字",
    }
}
