//! 账号 — sign in and out, choose a capacity, see to passwords, sessions and tokens.

mod cases;
pub(super) mod device;
mod known;
mod login;
mod lost;
pub(crate) mod passkeys;
mod password;
mod posts;
mod profile;
pub(crate) mod prove;
mod provider;
mod provider_door;
pub(crate) mod reset;
mod second;
mod security;
mod sessions;
mod setup;
mod tokens;

use axum::routing::{get, post};

pub(super) use password::mismatch;
pub use setup::{AccountPost, NewAccount, create, open_setup};

use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows, takes};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/login", By::Public, O::Account, || get(login::get)),
    takes("/login", By::Public, O::Account, || post(login::post)),
    takes("/login/passkey", By::Public, O::Account, || post(login::by_passkey)),
    takes("/login/passkey/challenge", By::Public, O::Account, || post(login::challenge)),
    takes("/login/code", By::Public, O::Account, || post(second::post)),
    takes("/login/lost", By::Public, O::Account, || post(lost::ask)),
    takes("/login/lost/open", By::Public, O::Account, || post(lost::open)),
    shows("/login/provider", By::Public, O::Account, || get(provider_door::go)),
    shows(crate::provider::RETURN, By::Public, O::Account, || get(provider_door::back)),
    takes("/logout", By::Own, O::Account, || post(login::leave)),
    shows("/profile", By::Own, O::Account, || get(profile::get)),
    takes("/profile/post", By::Own, O::Account, || post(posts::choose)),
    shows("/profile/password", By::Own, O::Account, || get(password::get)),
    takes("/profile/password", By::Own, O::Account, || post(password::post)),
    takes("/profile/sessions/end", By::Own, O::Account, || post(sessions::end)),
    shows("/profile/tokens", By::SignedIn, O::Account, || get(tokens::get)),
    takes("/profile/tokens", By::SignedIn, O::Account, || post(tokens::post)),
    takes("/profile/tokens/end", By::SignedIn, O::Account, || post(tokens::end)),
    shows(passkeys::HERE, By::Own, O::Account, || get(passkeys::get)),
    takes(passkeys::HERE, By::Own, O::Account, || post(passkeys::add)),
    takes("/security/passkeys/challenge", By::Own, O::Account, || post(passkeys::challenge)),
    takes("/security/passkeys/rename", By::Own, O::Account, || post(passkeys::rename)),
    takes("/security/passkeys/end", By::Own, O::Account, || post(passkeys::end)),
    shows(provider::HERE, By::Own, O::Account, || get(provider::get)),
    takes(provider::HERE, By::Own, O::Account, || post(provider::link)),
    takes("/security/provider/claim", By::Own, O::Account, || post(provider::claim)),
    takes("/security/provider/end", By::Own, O::Account, || post(provider::end)),
    shows("/security/provider/proof", By::Own, O::Account, || get(provider_door::go_again)),
    takes(prove::CHALLENGE, By::Own, O::Account, || post(prove::challenge)),
    shows(cases::HERE, By::Keepers, O::Account, || get(cases::list)),
    takes("/recoveries/confirm", By::Keepers, O::Account, || post(cases::confirm)),
    takes("/recoveries/refuse", By::Keepers, O::Account, || post(cases::refuse)),
    shows("/reset/{secret}", By::Public, O::Account, || get(reset::get)),
    takes("/reset/{secret}", By::Public, O::Account, || post(reset::post)),
    shows("/security", By::Own, O::Account, || get(security::get)),
    takes("/security/codes", By::Own, O::Account, || post(security::recode)),
    takes("/security/recoveries/stop", By::Own, O::Account, || post(cases::stop)),
    shows("/security/totp", By::Own, O::Account, || get(security::get_totp)),
    takes("/security/totp", By::Own, O::Account, || post(security::bind)),
    takes("/security/totp/end", By::Own, O::Account, || post(security::end)),
    takes("/security/totp/offer", By::Own, O::Account, || post(security::offer)),
    shows("/security/totp.svg", By::Own, O::Account, || get(security::drawing)),
    shows("/setup/{token}", By::Public, O::Account, || get(setup::get)),
    takes("/setup/{token}", By::Public, O::Account, || post(setup::post)),
];
