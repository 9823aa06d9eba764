//! 提供方 — what a provider says of itself (OpenID Connect Discovery 1.0): asked for at first use,
//! known for a while, its keys asked for again when it signs with a new one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, ensure};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, HttpRequest, HttpResponse, IssuerUrl,
    ProviderMetadata,
};
use reqwest::Url;
use serde::{Deserialize, Serialize};

use super::{Fault, RETURN, Settings};
use crate::egress::{self, Egress, Unanswered};

/// How long what a provider says of itself is known: keys are changed with some days' notice.
pub const KNOWN_MS: i64 = 60 * 60 * 1000;
/// Keys are not asked for again sooner than this, whatever somebody brings.
pub const KEYS_AGAIN_MS: i64 = 60 * 1000;

/// What we read besides the standard.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Besides {
    /// Whether its answers say who answers (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Besides {}

pub(super) type Metadata = ProviderMetadata<
    Besides,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A provider, and what it said of itself. Clones share what is known.
#[derive(Clone, Debug)]
pub struct Provider {
    pub(super) settings: Arc<Settings>,
    pub(super) egress: Egress,
    issuer: IssuerUrl,
    known: Arc<Mutex<Option<Known>>>,
}

/// What a provider said of itself, and when.
#[derive(Clone, Debug)]
struct Known {
    metadata: Arc<Metadata>,
    at_ms: i64,
}

/// The library asks for everything through the one way out.
impl<'c> AsyncHttpClient<'c> for Egress {
    type Error = Unanswered;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unanswered>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

impl Provider {
    /// The provider that the operator names. Nothing is asked of it yet.
    ///
    /// # Errors
    /// What is wrong with what the operator says.
    pub fn of(settings: Settings) -> anyhow::Result<Self> {
        let Settings { issuer, client, name, .. } = &settings;
        ensure!(!client.is_empty() && !name.is_empty(), "the provider's client and name are empty");
        let egress = Egress::to(issuer, settings.reach).context("the issuer of the provider")?;
        ensure!(!issuer.contains(['?', '#']), "an issuer has neither query nor fragment");
        let issuer = IssuerUrl::new(issuer.clone()).context("the issuer of the provider")?;
        Ok(Self { settings: Arc::new(settings), egress, issuer, known: Arc::default() })
    }

    /// How people call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Its issuer, as it writes it.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Whether it can show two factors at all.
    pub fn shows_two_factors(&self) -> bool {
        !self.settings.two_factor.is_empty()
    }

    /// Where it sends browsers back to.
    pub fn return_address(&self) -> String {
        format!("{}{RETURN}", self.settings.site)
    }

    /// What it says of itself.
    pub(super) async fn metadata(&self, now_ms: i64) -> Result<Arc<Metadata>, Fault> {
        self.known_since(now_ms.saturating_sub(KNOWN_MS), now_ms).await
    }

    /// The same, asked for again when it is not quite new.
    pub(super) async fn again(&self, now_ms: i64) -> Result<Arc<Metadata>, Fault> {
        self.known_since(now_ms.saturating_sub(KEYS_AGAIN_MS), now_ms).await
    }

    /// What it said at an instant or later; asked for now, where that is too long ago. Several who
    /// ask at once ask each for itself, so that a slow provider makes no queue.
    async fn known_since(&self, since_ms: i64, now_ms: i64) -> Result<Arc<Metadata>, Fault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = known.filter(|known| known.at_ms > since_ms) {
            return Ok(known.metadata);
        }
        let metadata = Arc::new(self.discover().await.map_err(|error| {
            tracing::warn!(error = %format!("{error:#}"), "the provider did not say who it is");
            Fault::Silent(self.name().to_owned())
        })?);
        let known = Known { metadata: Arc::clone(&metadata), at_ms: now_ms };
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        Ok(metadata)
    }

    async fn discover(&self) -> anyhow::Result<Metadata> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.egress).await?;
        let door: &Url = metadata.authorization_endpoint().url();
        egress::secure(door, self.settings.reach)?;
        ensure!(metadata.token_endpoint().is_some(), "it exchanges no codes");
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::Reach;
    use crate::provider::Secret;

    #[test]
    fn an_issuer_is_an_address_over_https() {
        let provider = |issuer: &str, reach| {
            Provider::of(Settings {
                issuer: issuer.to_owned(),
                client: "chuanglian".to_owned(),
                secret: Secret::new("tulip"),
                name: "统一身份认证".to_owned(),
                two_factor: vec![],
                reach,
                site: "https://lhtbeian.example".to_owned(),
            })
        };
        let known = provider("http://127.0.0.1:9/a", Reach::Loopback).expect("a provider");
        assert_eq!(known.return_address(), "https://lhtbeian.example/login/provider/return");
        assert!(!known.shows_two_factors());
        for issuer in ["http://127.0.0.1/?a=1", "http://127.0.0.1/#a", "127.0.0.1", ""] {
            assert!(provider(issuer, Reach::Loopback).is_err(), "{issuer}");
        }
        assert!(provider("http://id.example", Reach::Public).is_err());
        assert!(provider("http://id.example", Reach::Intranet).is_err());
    }
}
