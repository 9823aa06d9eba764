//! 出站 — the one way out: every request that the platform makes of somebody else goes through
//! [`Egress`], to named hosts and no others.
//!
//! A request goes over https to a host of the list, whose name is resolved once; each of its
//! addresses has to be within [`Reach`], and the connection is made to those that were looked at and
//! not to the name again. Nobody leads us on to another place, and no answer is waited or read for
//! without end.

mod address;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use axum::http::{Request, Response};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use thiserror::Error;

pub use address::Reach;

/// How long one request may take, from the name to the last byte.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of an answer; the keys of a provider are a few thousand.
pub const BYTES_MAX: usize = 64 * 1024;

/// The way to some hosts.
#[derive(Clone, Debug)]
pub struct Egress {
    hosts: Vec<String>,
    reach: Reach,
    tls: ClientConfig,
    patience: Duration,
}

/// Why there is no answer. For the log; people read what it means to them.
#[derive(Debug, Error)]
pub enum Unanswered {
    /// No address at all.
    #[error("{0} is no address of a page")]
    Address(String),
    /// Not over https.
    #[error("{0} is asked over https alone")]
    Clear(String),
    /// A host that stands in no list.
    #[error("{0} is none of the hosts that are asked")]
    Host(String),
    /// A name that nobody answers to.
    #[error("{0} has no address")]
    Nowhere(String),
    /// An address out of reach.
    #[error("{0} has the address {1}, which is not asked")]
    Beyond(String, IpAddr),
    /// It took too long.
    #[error("no answer within {0:?}")]
    Late(Duration),
    /// It wants to lead elsewhere.
    #[error("the answer leads elsewhere ({0})")]
    Elsewhere(u16),
    /// The answer does not end.
    #[error("the answer is larger than {BYTES_MAX} bytes")]
    TooLarge,
    /// The line broke.
    #[error("the request broke: {0}")]
    Broken(#[from] reqwest::Error),
}

impl Egress {
    /// The way to the host of an address, as far as the operator's word reaches.
    ///
    /// # Errors
    /// When the address is none, or nobody's certificates are trusted here.
    pub fn to(address: &str, reach: Reach) -> anyhow::Result<Self> {
        let url = Url::parse(address).with_context(|| format!("{address} is no address"))?;
        secure(&url, reach)?;
        let host = url.host_str().with_context(|| format!("{address} names no host"))?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        ensure!(
            !roots.is_empty() || reach == Reach::Loopback,
            "no authority to check certificates against: install those of the system, or name a \
             file in SSL_CERT_FILE"
        );
        let mut tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .context("prepare TLS")?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { hosts: vec![host.to_owned()], reach, tls, patience: PATIENCE })
    }

    /// Asks, and reads the whole answer.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Unanswered> {
        let asking = async {
            let text = request.uri().to_string();
            let url = Url::parse(&text).map_err(|_| Unanswered::Address(text))?;
            let host = self.known(&url)?;
            let port = url.port_or_known_default().unwrap_or_default();
            let found = resolved(&url, host, port).await?;
            let addresses = checked(self.reach, host, found)?;
            self.send(request, host, &addresses).await
        };
        let answer = tokio::time::timeout(self.patience, asking).await;
        answer.unwrap_or(Err(Unanswered::Late(self.patience)))
    }

    /// The host of an address that may be asked.
    fn known<'a>(&self, url: &'a Url) -> Result<&'a str, Unanswered> {
        secure(url, self.reach)?;
        let host = url.host_str().unwrap_or_default();
        let listed = self.hosts.iter().any(|known| known == host);
        if listed { Ok(host) } else { Err(Unanswered::Host(host.to_owned())) }
    }

    /// Connects to addresses that were looked at, whatever the name would answer now.
    async fn send(
        &self,
        request: Request<Vec<u8>>,
        host: &str,
        addresses: &[SocketAddr],
    ) -> Result<Response<Vec<u8>>, Unanswered> {
        let client = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .https_only(self.reach != Reach::Loopback)
            .redirect(Policy::none())
            .no_proxy()
            .resolve_to_addrs(host, addresses)
            .build()?;
        let mut answer = client.execute(request.try_into()?).await?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(Unanswered::Elsewhere(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if body.len() + piece.len() > BYTES_MAX {
                return Err(Unanswered::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        let mut whole = Response::new(body);
        *whole.status_mut() = status;
        *whole.headers_mut() = answer.headers().clone();
        Ok(whole)
    }
}

/// Whether an address is asked in a way that nobody on the line reads or changes.
pub fn secure(url: &Url, reach: Reach) -> Result<(), Unanswered> {
    let plain = url.username().is_empty() && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && reach == Reach::Loopback);
    if safe && plain { Ok(()) } else { Err(Unanswered::Clear(url.to_string())) }
}

/// Every address of a host, asked for once.
async fn resolved(url: &Url, host: &str, port: u16) -> Result<Vec<SocketAddr>, Unanswered> {
    // However a number is written, the address was read as one by now.
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
    if let Ok(address) = literal {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let nowhere = |_| Unanswered::Nowhere(url.to_string());
    Ok(tokio::net::lookup_host((host, port)).await.map_err(nowhere)?.collect())
}

/// The addresses, when there are any and each is within reach: one that is not means that somebody
/// plays with the name.
fn checked(
    reach: Reach,
    host: &str,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, Unanswered> {
    if let Some(beyond) = found.iter().find(|address| !reach.admits(address.ip())) {
        return Err(Unanswered::Beyond(host.to_owned(), beyond.ip()));
    }
    if found.is_empty() { Err(Unanswered::Nowhere(host.to_owned())) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use axum::http::{StatusCode, header};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A peer on this machine that answers each connection with these bytes; its port.
    async fn peer(answer: Vec<u8>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut asked = [0; 2048];
                let _ = line.read(&mut asked).await;
                if answer.is_empty() {
                    // Says nothing, and stays.
                    let _ = line.read(&mut asked).await;
                }
                let _ = line.write_all(&answer).await;
            }
        });
        port
    }

    fn whole(length: usize) -> Vec<u8> {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        [head.into_bytes(), vec![b'x'; length]].concat()
    }

    fn get(address: &str) -> Request<Vec<u8>> {
        Request::get(address).body(vec![]).expect("a request")
    }

    async fn asked(answer: Vec<u8>) -> Result<Response<Vec<u8>>, Unanswered> {
        let address = format!("http://127.0.0.1:{}/", peer(answer).await);
        Egress::to(&address, Reach::Loopback).expect("a way").ask(get(&address)).await
    }

    fn named(hosts: &[&str], reach: Reach) -> Egress {
        let egress = Egress::to("http://127.0.0.1/", Reach::Loopback).expect("a way");
        Egress { hosts: hosts.iter().map(|&host| host.to_owned()).collect(), reach, ..egress }
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_its_limit_and_no_further() {
        let answer = asked(whole(BYTES_MAX)).await.expect("an answer");
        assert_eq!((answer.status(), answer.body().len()), (StatusCode::OK, BYTES_MAX));
        assert_eq!(answer.headers()[header::CONTENT_LENGTH], "65536");
        assert!(matches!(asked(whole(BYTES_MAX + 1)).await, Err(Unanswered::TooLarge)));
        // One that never says how long it is.
        let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; BYTES_MAX + 1]].concat();
        assert!(matches!(asked(endless).await, Err(Unanswered::TooLarge)));
    }

    #[tokio::test]
    async fn nobody_leads_elsewhere_and_nobody_is_waited_for_without_end() {
        for status in [301, 302, 303, 307, 308] {
            let head = format!("HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1/\r\n\r\n");
            let answer = asked(head.into_bytes()).await;
            assert!(matches!(answer, Err(Unanswered::Elsewhere(told)) if told == status));
        }
        let address = format!("http://127.0.0.1:{}/", peer(vec![]).await);
        let egress = Egress::to(&address, Reach::Loopback).expect("a way");
        let egress = Egress { patience: Duration::from_millis(20), ..egress };
        assert!(matches!(egress.ask(get(&address)).await, Err(Unanswered::Late(_))));
    }

    #[tokio::test]
    async fn only_listed_hosts_are_asked_and_only_over_https() {
        let egress = named(&["id.example"], Reach::Public);
        for address in [
            "http://id.example/",
            "ftp://id.example/",
            "https://a:b@id.example/",
            "https://a@id.example/",
        ] {
            let refused = egress.ask(get(address)).await;
            assert!(matches!(refused, Err(Unanswered::Clear(_))), "{address} {refused:?}");
        }
        for address in ["https://evil.example/", "https://id.example.evil.example/"] {
            let refused = egress.ask(get(address)).await;
            assert!(matches!(refused, Err(Unanswered::Host(_))), "{address} {refused:?}");
        }
    }

    #[tokio::test]
    async fn an_address_behind_the_wall_is_not_asked_however_it_is_written() {
        let port = peer(whole(1)).await;
        let written = [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "１２７.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "10.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "[fe80::1]",
            "[fd00::1]",
            "localhost",
        ];
        for host in written {
            let url = Url::parse(&format!("https://{host}:{port}/")).expect("an address");
            let egress = named(&[url.host_str().expect("a host")], Reach::Public);
            let refused = egress.ask(get(url.as_str())).await;
            assert!(matches!(refused, Err(Unanswered::Beyond(..))), "{host} {refused:?}");
        }
    }

    #[tokio::test]
    async fn the_connection_goes_to_what_was_looked_at_and_not_to_the_name_again() {
        // Nobody answers to this name: only the address that was looked at can be reached.
        let port = peer(whole(3)).await;
        let egress = named(&["id.invalid"], Reach::Loopback);
        let request = get(&format!("http://id.invalid:{port}/"));
        let addresses = [SocketAddr::from(([127, 0, 0, 1], port))];
        let answer = egress.send(request, "id.invalid", &addresses).await.expect("an answer");
        assert_eq!(answer.body(), b"xxx");
        let again = egress.ask(get(&format!("http://id.invalid:{port}/"))).await;
        assert!(matches!(again, Err(Unanswered::Nowhere(_))), "{again:?}");
    }

    #[test]
    fn of_several_addresses_one_behind_the_wall_spoils_all() {
        let found = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| text.parse().expect("an address")).collect()
        };
        let good = found(&["1.1.1.1:443", "[2400::1]:443"]);
        assert_eq!(checked(Reach::Public, "h", good.clone()).expect("addresses"), good);
        let mixed = found(&["1.1.1.1:443", "127.0.0.1:443"]);
        assert!(matches!(checked(Reach::Public, "h", mixed), Err(Unanswered::Beyond(..))));
        assert!(matches!(checked(Reach::Public, "h", vec![]), Err(Unanswered::Nowhere(_))));
    }

    #[tokio::test]
    async fn over_tls_only_a_certificate_that_is_trusted_will_do() {
        let port = peer(b"no TLS at all".to_vec()).await;
        let address = format!("https://127.0.0.1:{port}/");
        let egress = Egress::to(&address, Reach::Loopback).expect("a way");
        assert!(matches!(egress.ask(get(&address)).await, Err(Unanswered::Broken(_))));
    }

    #[test]
    fn a_way_begins_at_an_address_that_may_be_asked() {
        for (address, reach) in [
            ("id.example", Reach::Loopback),
            ("http://id.example", Reach::Public),
            ("http://id.example", Reach::Intranet),
            ("data:text/plain,x", Reach::Loopback),
        ] {
            assert!(Egress::to(address, reach).is_err(), "{address}");
        }
    }
}
