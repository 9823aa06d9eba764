//! 去登录 — a browser is sent to the provider for one purpose, and comes back once, in time, as the
//! same browser, from the same provider.
//!
//! What it carries there and back is one random word; the nonce and the verifier of the code are
//! marks of that word, so that neither lies anywhere.

use std::time::Duration;

use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient};
use openidconnect::{
    AuthenticationContextClass, ClientId, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl,
};
use serde::Deserialize;
use store::Errand;

use super::proof::{self, Shown};
use super::{Fault, Provider, Unproven};
use crate::factors::vault::Vault;
use crate::http::{Visitor, local_path, random, session};
use crate::state::AppState;

/// How long an errand may take: to find a telephone, and to sign in over there.
pub const SERVES_MS: i64 = 10 * 60 * 1000;
/// Characters of a word of refusal that is shown; longer ones are no words of the standard.
const WORD_CHARS_MAX: usize = 40;

/// What a browser is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// 登录.
    SignIn,
    /// 关联: whoever is signed in links an identity.
    Link,
    /// 再验身份: whoever is signed in is shown to be oneself again.
    StepUp,
}

impl Purpose {
    const ALL: [Self; 3] = [Self::SignIn, Self::Link, Self::StepUp];

    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Link => "link",
            Self::StepUp => "step_up",
        }
    }

    /// How old the sign-in over there may be, in seconds: as old as a session here, or made for this.
    fn age_max(self, state: &AppState) -> Duration {
        let ms = match self {
            Self::SignIn => state.config.session_absolute_ms,
            Self::Link | Self::StepUp => 0,
        };
        Duration::from_millis(ms.try_into().unwrap_or_default())
    }

    /// Whether the person has to sign in over there anew. Whoever links does, so that an identity
    /// somebody else left open on this machine is not taken by mistake.
    const fn anew(self) -> bool {
        matches!(self, Self::Link | Self::StepUp)
    }
}

/// What a browser brings back in its address.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Brought {
    /// The word it was sent with.
    #[serde(default)]
    pub state: String,
    /// What is exchanged for a proof.
    #[serde(default)]
    pub code: String,
    /// Who answers.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// An errand that was carried out.
#[derive(Clone, Debug)]
pub struct Done {
    /// What for.
    pub purpose: Purpose,
    /// Where to go afterwards.
    pub next: String,
    /// Who came back.
    pub shown: Shown,
}

/// What belongs to one word.
pub(super) struct Marks {
    pub(super) nonce: Nonce,
    pub(super) verifier: PkceCodeVerifier,
}

impl Marks {
    fn of(vault: &Vault, word: &str) -> Self {
        Self {
            nonce: Nonce::new(vault.mark(&format!("nonce of an errand|{word}"))),
            verifier: PkceCodeVerifier::new(vault.mark(&format!("verifier of an errand|{word}"))),
        }
    }
}

/// Sends a browser to the provider; the address it goes to.
///
/// # Errors
/// [`Fault::Silent`] when the provider does not answer.
pub async fn begin(
    state: &AppState,
    provider: &Provider,
    (bearer, purpose, next): (&str, Purpose, &str),
) -> Result<String, Unproven> {
    let now_ms = state.clock.wall_ms();
    let metadata = provider.metadata(now_ms).await?;
    let word = random::secret_hex();
    let Marks { nonce, verifier } = Marks::of(&state.vault, &word);
    let settings = &provider.settings;
    let back = RedirectUrl::new(provider.return_address()).map_err(crate::http::Fault::internal)?;
    let client = ClientId::new(settings.client.clone());
    let client = CoreClient::from_provider_metadata((*metadata).clone(), client, None)
        .set_redirect_uri(back);
    let carried = CsrfToken::new(word.clone());
    let mut request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || carried, move || nonce)
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        .set_max_age(purpose.age_max(state));
    for value in &settings.two_factor {
        request = request.add_auth_context_value(AuthenticationContextClass::new(value.clone()));
    }
    if purpose.anew() {
        request = request.add_prompt(CoreAuthPrompt::Login);
    }
    let (address, ..) = request.url();
    let errand = Errand {
        state: session::digest(&word),
        bearer: bearer.to_owned(),
        purpose: purpose.name().to_owned(),
        next: local_path(next).to_owned(),
        begun_ms: now_ms,
        expires_ms: now_ms.saturating_add(SERVES_MS),
    };
    state.store.send(errand).await?;
    Ok(address.into())
}

/// A browser comes back. Whatever comes of it, it comes back once.
///
/// # Errors
/// Why what it brings does not count; with what the errand was for, where that is known.
pub async fn finish(
    state: &AppState,
    provider: &Provider,
    visitor: &Visitor,
    brought: &Brought,
) -> Result<Done, (Option<Purpose>, Unproven)> {
    let errand = taken(state, visitor, brought).await.map_err(|fault| (None, fault))?;
    let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.name() == errand.purpose);
    let Some(purpose) = purpose else { return Err((None, Fault::Unasked.into())) };
    let shown = answered(state, provider, (purpose, &errand), brought).await;
    let shown = shown.map_err(|fault| (Some(purpose), fault))?;
    Ok(Done { purpose, next: errand.next, shown })
}

/// The errand that a browser was sent on.
async fn taken(state: &AppState, visitor: &Visitor, brought: &Brought) -> Result<Errand, Unproven> {
    let browser = visitor.browser().unwrap_or_default();
    let session = visitor.signed().map_or("", |signed| signed.session.hash.as_str());
    let word = session::digest(&brought.state);
    let errand = state.store.come_back(&word, (&browser, session)).await?;
    Ok(errand.ok_or(Fault::Unasked)?)
}

/// What the provider says to the browser, and then to us.
async fn answered(
    state: &AppState,
    provider: &Provider,
    (purpose, errand): (Purpose, &Errand),
    brought: &Brought,
) -> Result<Shown, Unproven> {
    let now_ms = state.clock.wall_ms();
    if now_ms > errand.expires_ms {
        return Err(Fault::Expired.into());
    }
    let name = || provider.name().to_owned();
    let metadata = provider.metadata(now_ms).await?;
    let says = metadata.additional_metadata().authorization_response_iss_parameter_supported;
    let own = match &brought.iss {
        Some(issuer) => issuer == provider.issuer(),
        None => !says,
    };
    if !own {
        return Err(Fault::OtherIssuer(name()).into());
    }
    if let Some(word) = &brought.error {
        return Err(refused(name(), word).into());
    }
    let marks = Marks::of(&state.vault, &brought.state);
    let shown = proof::redeem(provider, (&*metadata, now_ms), &brought.code, marks).await?;
    let since = |ms: i64| shown.proved_ms.map(|at_ms| at_ms >= ms.saturating_sub(proof::LEEWAY_MS));
    if purpose.anew() {
        let again = since(errand.begun_ms).unwrap_or(false);
        return if again { Ok(shown) } else { Err(Fault::NotAgain(name()).into()) };
    }
    // A provider may not say when: then it counts as long ago, and not as too long.
    let young = since(now_ms.saturating_sub(state.config.session_absolute_ms)).unwrap_or(true);
    if young { Ok(shown) } else { Err(Fault::Old(name()).into()) }
}

/// A word of refusal; whatever is no word of the standard is not shown.
fn refused(name: String, word: &str) -> Fault {
    let plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    match word {
        "access_denied" => Fault::Denied(name),
        word if plain && (1..=WORD_CHARS_MAX).contains(&word.len()) => {
            Fault::Told(name, word.to_owned())
        }
        _ => Fault::Told(name, "没有说明原因".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_refusal_are_shown_when_they_are_words() {
        let told = |word: &str| refused("统一身份认证".to_owned(), word).to_string();
        assert!(told("access_denied").contains("取消了登录"));
        assert!(told("server_error").contains("（server_error）"));
        assert!(told(&"x".repeat(WORD_CHARS_MAX)).contains("xxx"));
        for odd in ["", "<b>", "去别处", "Server Error", &"x".repeat(WORD_CHARS_MAX + 1)] {
            assert!(told(odd).contains("没有说明原因"), "{odd}");
        }
    }

    #[test]
    fn what_belongs_to_a_word_belongs_to_no_other() {
        let vault = Vault::fresh();
        let (one, other) = (Marks::of(&vault, "a"), Marks::of(&vault, "b"));
        assert_ne!(one.nonce.secret(), other.nonce.secret());
        assert_ne!(one.verifier.secret(), other.verifier.secret());
        assert_ne!(one.verifier.secret(), one.nonce.secret());
        assert_eq!(one.verifier.secret().len(), 64, "43 to 128 characters (RFC 7636)");
    }
}
