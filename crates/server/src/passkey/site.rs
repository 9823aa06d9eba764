//! 网站身份 — the name under which browsers keep passkeys for this platform, and the one address at
//! which they may be used.

use crate::config::Config;

/// Under which name passkeys are kept, and where they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host: passkeys are bound to it for good.
    pub id: String,
    /// The origin of our pages: `https://lhtbeian.example`.
    pub origin: String,
}

/// How a page that asks for a passkey stands to the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is opened where passkeys work.
    Here,
    /// Passkeys work at this address and not at the one it was opened at.
    Elsewhere(String),
    /// The operator gave an address at which none work: an IP, or one without TLS.
    Nowhere,
}

impl Site {
    /// The site that the operator named; this machine where none was named. `None` where browsers
    /// keep no passkeys: for an address of numbers, and for a host without TLS.
    pub fn of(config: &Config) -> Option<Self> {
        let Some(site) = &config.site else {
            // Requests are taken here alone, or a gateway's address should have been named.
            let origin = format!("http://{LOCAL}{}", port(config.listen.port(), 80));
            return Some(Self { id: LOCAL.to_owned(), origin });
        };
        let (scheme, rest) = site.split_once("://")?;
        let authority = rest.split('/').next()?.to_lowercase();
        let host = authority.split(':').next()?;
        let named = host.parse::<std::net::IpAddr>().is_err()
            && !authority.starts_with('[')
            && !host.is_empty();
        let safe = scheme == "https" || host == LOCAL || host.ends_with(".localhost");
        (named && safe)
            .then(|| Self { id: host.to_owned(), origin: format!("{scheme}://{authority}") })
    }

    /// Whether an origin may use what is kept under a name: the name itself, over TLS or on the
    /// machine itself.
    pub(super) fn is_of(id: &str, origin: &str) -> bool {
        let Some((scheme, authority)) = origin.split_once("://") else { return false };
        let host = authority.split(':').next().unwrap_or_default();
        let near = host == LOCAL || host.ends_with(".localhost");
        host == id && (scheme == "https" || (scheme == "http" && near))
    }
}

/// The one host that is near without an address of numbers.
const LOCAL: &str = "localhost";

fn port(port: u16, usual: u16) -> String {
    if port == usual { String::new() } else { format!(":{port}") }
}

impl Reach {
    /// How a page asked for at a host stands to a site.
    pub fn of(site: Option<&Site>, host: &str) -> Self {
        let Some(site) = site else { return Self::Nowhere };
        let own = site.origin.split_once("://").is_some_and(|(_, own)| own == host);
        if own { Self::Here } else { Self::Elsewhere(site.origin.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_the_host_the_operator_named() {
        let site = |named: Option<&str>| {
            let config = Config { site: named.map(str::to_owned), ..Config::default() };
            Site::of(&config).map(|site| (site.id, site.origin))
        };
        let pair = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        // named, id and origin
        let table = [
            (None, pair("localhost", "http://localhost:8080")),
            (
                Some("https://lhtbeian.example"),
                pair("lhtbeian.example", "https://lhtbeian.example"),
            ),
            (
                Some("https://Lhtbeian.example/"),
                pair("lhtbeian.example", "https://lhtbeian.example"),
            ),
            (Some("https://a.example:8443/x"), pair("a.example", "https://a.example:8443")),
            (Some("http://localhost:9000"), pair("localhost", "http://localhost:9000")),
            (Some("http://lhtbeian.example"), None),
            (Some("https://10.0.0.8"), None),
            (Some("https://[::1]:80"), None),
            (Some("lhtbeian.example"), None),
        ];
        for (named, expected) in table {
            assert_eq!(site(named), expected, "{named:?}");
        }
    }

    #[test]
    fn an_origin_is_of_its_own_name_alone() {
        for (id, origin, own) in [
            ("a.example", "https://a.example", true),
            ("a.example", "https://a.example:8443", true),
            ("a.example", "http://a.example", false),
            ("a.example", "https://b.a.example", false),
            ("a.example", "https://a.example.evil.test", false),
            ("localhost", "http://localhost:8080", true),
            ("localhost", "localhost", false),
        ] {
            assert_eq!(Site::is_of(id, origin), own, "{id} {origin}");
        }
    }

    #[test]
    fn a_page_opened_by_numbers_is_led_to_the_name() {
        let site = Site { id: "localhost".to_owned(), origin: "http://localhost:8080".to_owned() };
        let reach = |host| Reach::of(Some(&site), host);
        assert_eq!(reach("localhost:8080"), Reach::Here);
        for host in ["127.0.0.1:8080", "localhost", "evil.test"] {
            assert_eq!(reach(host), Reach::Elsewhere(site.origin.clone()));
        }
        assert_eq!(Reach::of(None, "localhost"), Reach::Nowhere);
    }
}
