//! Who else vouches for persons: nobody, unless all of it is named.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::egress::Reach;
use crate::provider::{Provider, Secret, Settings};

#[derive(Debug, Args)]
pub(super) struct ProviderArgs {
    /// The issuer of a provider of identities (OpenID Connect), such as `https://id.example`: people
    /// who linked their account sign in there.
    #[arg(long = "provider-issuer", env = "CHUANGLIAN_PROVIDER_ISSUER", requires_all = ["client", "secret_file"])]
    issuer: Option<String>,
    /// Under which name the provider knows this platform.
    #[arg(long = "provider-client", env = "CHUANGLIAN_PROVIDER_CLIENT", requires = "issuer")]
    client: Option<String>,
    /// The file with the secret of that name.
    #[arg(
        long = "provider-secret-file",
        env = "CHUANGLIAN_PROVIDER_SECRET_FILE",
        requires = "issuer"
    )]
    secret_file: Option<PathBuf>,
    /// How people call the provider.
    #[arg(
        long = "provider-name",
        default_value = "统一身份认证",
        env = "CHUANGLIAN_PROVIDER_NAME"
    )]
    name: String,
    /// Values of `acr` that stand for two factors, separated by commas; without any, people show
    /// their own second factor as after a password.
    #[arg(long = "provider-acr", value_delimiter = ',', env = "CHUANGLIAN_PROVIDER_ACR")]
    acr: Vec<String>,
    /// Where the provider may be: in the public network, in an intranet with private addresses, or
    /// on this machine alone, where `http` will do.
    #[arg(
        long = "provider-network",
        value_enum,
        default_value_t,
        env = "CHUANGLIAN_PROVIDER_NETWORK"
    )]
    network: Reach,
}

impl ProviderArgs {
    /// The provider that is named.
    pub(super) fn provider(&self, site: Option<&str>) -> anyhow::Result<Option<Provider>> {
        let Self { issuer, client, secret_file, .. } = self;
        let (Some(issuer), Some(client), Some(file)) = (issuer, client, secret_file) else {
            return Ok(None);
        };
        let site = site.context("the provider sends people back to --site: name it")?;
        let acr = self.acr.iter().map(|value| value.trim().to_owned());
        let settings = Settings {
            issuer: issuer.clone(),
            client: client.clone(),
            secret: Secret::of_file(file)?,
            name: self.name.trim().to_owned(),
            two_factor: acr.filter(|value| !value.is_empty()).collect(),
            reach: self.network,
            site: site.trim_end_matches('/').to_owned(),
        };
        Provider::of(settings).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        provider: ProviderArgs,
    }

    #[test]
    fn a_provider_is_named_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("secret");
        std::fs::write(&file, "tulip\n").expect("a write");
        let (issuer, file) = ("--provider-issuer=https://127.0.0.1", file.display());
        let (client, secret) = ("--provider-client=cl", format!("--provider-secret-file={file}"));
        let (client, secret, near) = (client, secret.as_str(), "--provider-network=loopback");
        let read = |words: &[&str], site: Option<&str>| {
            let line = Line::try_parse_from([&["serve"], words].concat()).ok()?;
            line.provider.provider(site).ok()
        };
        let site = Some("https://lhtbeian.example/");
        assert!(matches!(read(&[], None), Some(None)));
        let provider = read(&[issuer, client, secret, near, "--provider-acr=a, b,"], site);
        let provider = provider.flatten().expect("a provider");
        assert_eq!(provider.name(), "统一身份认证");
        assert!(provider.shows_two_factors());
        assert_eq!(provider.return_address(), "https://lhtbeian.example/login/provider/return");
        for (words, site) in [
            (vec![issuer], site),
            (vec![issuer, client], site),
            (vec![client, secret], site),
            (vec![issuer, client, secret, near], None),
            (vec![issuer, client, "--provider-secret-file=/nowhere/secret", near], site),
            (vec![issuer, client, secret, "--provider-network=moon"], site),
            (vec![issuer, client, secret, near, "--provider-name="], site),
        ] {
            assert!(read(&words, site).is_none(), "{words:?}");
        }
    }
}
