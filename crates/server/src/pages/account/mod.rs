//! 账号 — sign in and out, choose a capacity, see to passwords, sessions and tokens.

mod device;
mod login;
mod password;
mod posts;
mod profile;
mod sessions;
mod setup;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

pub use setup::{AccountPost, NewAccount, create, open_setup};

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/logout", post(login::leave))
        .route("/profile", get(profile::get))
        .route("/profile/post", post(posts::choose))
        .route("/profile/password", get(password::get).post(password::post))
        .route("/profile/sessions/end", post(sessions::end))
        .route("/profile/tokens", get(tokens::get).post(tokens::post))
        .route("/profile/tokens/end", post(tokens::end))
        .route("/setup/{token}", get(setup::get).post(setup::post))
}
