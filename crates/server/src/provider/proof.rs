//! 身份证明 — the code is exchanged for a token that says who signed in over there; what it says is
//! judged before anybody believes it.

use jiff::Timestamp;
use openidconnect::core::{
    CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, IssuerUrl, Nonce,
    RedirectUrl, RequestTokenError, SignatureVerificationError, TokenResponse,
};

use super::discovery::Metadata;
use super::errand::{Marks, SERVES_MS};
use super::{Fault, Provider};

/// How far the clocks of the two may be apart.
pub const LEEWAY_MS: i64 = 60 * 1000;
/// Bytes of a subject, as the standard has it.
pub const SUBJECT_BYTES_MAX: usize = 255;
/// With what a provider may sign. Everything else, `none` and shared secrets above all, is no proof.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// Who was shown by a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Who vouches.
    pub issuer: String,
    /// For whom.
    pub subject: String,
    /// Whether two factors were shown over there.
    pub two_factors: bool,
    /// When the person was there, where the provider says so.
    pub(super) proved_ms: Option<i64>,
}

/// Exchanges a code.
pub(super) async fn redeem(
    provider: &Provider,
    (metadata, now_ms): (&Metadata, i64),
    code: &str,
    Marks { nonce, verifier }: Marks,
) -> Result<Shown, Fault> {
    let settings = &provider.settings;
    let name = || provider.name().to_owned();
    let unproven = |what: &str, error: &dyn std::fmt::Display| {
        tracing::warn!(%error, "the provider's {what} does not hold");
        Fault::Unproven(name())
    };
    let back = RedirectUrl::new(provider.return_address());
    let back = back.map_err(|error| unproven("return address", &error))?;
    let client = ClientId::new(settings.client.clone());
    let secret = ClientSecret::new(settings.secret.shown().to_owned());
    let client = CoreClient::from_provider_metadata(metadata.clone(), client, Some(secret))
        .set_redirect_uri(back)
        .set_auth_type(shows_secret_by(metadata));
    let exchange = client.exchange_code(AuthorizationCode::new(code.to_owned()));
    let exchange = exchange.map_err(|error| unproven("description", &error))?;
    let exchange = exchange.set_pkce_verifier(verifier);
    let answer = exchange.request_async(&provider.egress).await;
    let answer = answer.map_err(|error| match error {
        RequestTokenError::Request(error) => {
            tracing::warn!(%error, "the provider exchanged no code");
            Fault::Silent(name())
        }
        // What it says may hold what we showed it.
        RequestTokenError::ServerResponse(word) => unproven("exchange", word.error()),
        _ => unproven("exchange", &"it cannot be read"),
    })?;
    let token = answer.id_token().ok_or_else(|| unproven("answer", &"it has no ID token"))?;
    let claims = match judged(provider, (metadata, now_ms), token, &nonce) {
        // It may sign with a key that is newer than what we know.
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) => {
            let metadata = provider.again(now_ms).await?;
            judged(provider, (&*metadata, now_ms), token, &nonce)
        }
        judged => judged,
    };
    let claims = claims.map_err(|error| unproven("ID token", &error))?;
    let subject = claims.subject().as_str();
    if subject.is_empty() || subject.len() > SUBJECT_BYTES_MAX {
        return Err(unproven("subject", &"it is empty or too long"));
    }
    let meant = claims.authorized_party().is_none_or(|party| party.as_str() == settings.client);
    if !meant {
        return Err(unproven("authorized party", &"it is another client"));
    }
    let acr = claims.auth_context_ref().map(|acr| acr.as_str());
    Ok(Shown {
        issuer: provider.issuer().to_owned(),
        subject: subject.to_owned(),
        two_factors: acr.is_some_and(|acr| settings.two_factor.iter().any(|known| known == acr)),
        proved_ms: claims.auth_time().map(|at| at.timestamp_millis()),
    })
}

/// How a provider wants our secret shown; in the header unless it takes the body alone.
fn shows_secret_by(metadata: &Metadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
    let body = takes(CoreClientAuthMethod::ClientSecretPost)
        && !takes(CoreClientAuthMethod::ClientSecretBasic);
    if body { AuthType::RequestBody } else { AuthType::BasicAuth }
}

/// What a token says, when it is of this provider, for us, for this errand and of now.
fn judged<'a>(
    provider: &Provider,
    (metadata, now_ms): (&Metadata, i64),
    token: &'a CoreIdToken,
    nonce: &Nonce,
) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
    let settings = &provider.settings;
    let issuer: IssuerUrl = metadata.issuer().clone();
    let client = ClientId::new(settings.client.clone());
    let now = Timestamp::from_millisecond(now_ms).unwrap_or(Timestamp::MAX).to_string();
    let earliest_ms = now_ms.saturating_sub(SERVES_MS).saturating_sub(LEEWAY_MS);
    let latest_ms = now_ms.saturating_add(LEEWAY_MS);
    let verifier = CoreIdTokenVerifier::new_public_client(client, issuer, metadata.jwks().clone())
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now.parse().expect("an instant as RFC 3339 writes it"))
        .set_issue_time_verifier_fn(move |at| {
            let at_ms = at.timestamp_millis();
            let fits = (earliest_ms..=latest_ms).contains(&at_ms);
            if fits { Ok(()) } else { Err(format!("issued at {at}")) }
        })
        .set_auth_time_verifier_fn(move |at| {
            let at_ms = at.map(|at| at.timestamp_millis());
            let fits = at_ms.is_none_or(|at_ms| at_ms <= latest_ms);
            if fits { Ok(()) } else { Err("the sign-in is still to come".to_owned()) }
        });
    token.claims(&verifier, nonce)
}
