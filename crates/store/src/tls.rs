//! 传输加密 — the way to PostgreSQL: over TLS with certificate and host name checked, or in the
//! clear on this machine.
//!
//! What `DATABASE_URL` may say: `sslmode=disable`, `require` or `verify-full`, and `sslrootcert`
//! with the certificates of the authorities in PEM (otherwise the system's). Both modes with TLS
//! check the certificate and the name: encryption for somebody unknown protects nothing. Without
//! `sslmode`, a server on this machine is reached in the clear and any other by `verify-full`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::postgres::config::{Host, SslMode};
use ::postgres::{Client, Config, NoTls};
use percent_encoding::percent_decode_str;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::{Result, StoreError};

/// A server and the way to it.
#[derive(Clone)]
pub(crate) struct Server {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Server {
    /// Reads a URL.
    pub(crate) fn of(url: &str) -> Result<Self> {
        let asked = Asked::of(url)?;
        let unread = |error| StoreError::database("read DATABASE_URL", error);
        let mut config: Config = asked.rest.parse().map_err(unread)?;
        let near = is_near(&config);
        let tls = match asked.mode.as_deref() {
            Some("disable") => false,
            Some("require" | "verify-full") => true,
            None => !near || asked.authorities.is_some(),
            Some(other) => {
                let words = format!("sslmode is disable, require or verify-full, not {other}");
                return Err(StoreError::database("read DATABASE_URL", words));
            }
        };
        if !tls && !near {
            tracing::warn!("the connection to PostgreSQL is not encrypted: sslmode=verify-full");
        }
        config.ssl_mode(if tls { SslMode::Require } else { SslMode::Disable });
        let tls = if tls { Some(connector(asked.authorities.as_deref())?) } else { None };
        Ok(Self { config, tls })
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let connected = match &self.tls {
            Some(tls) => self.config.connect(tls.clone()),
            None => self.config.connect(NoTls),
        };
        connected.map_err(|error| StoreError::database("connect", error))
    }
}

/// What a URL asks of the connection, and the rest of it, which the driver reads.
struct Asked {
    rest: String,
    mode: Option<String>,
    authorities: Option<PathBuf>,
}

impl Asked {
    fn of(url: &str) -> Result<Self> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            let words = "it begins with postgres:// or postgresql://";
            return Err(StoreError::database("read DATABASE_URL", words));
        }
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut authorities, mut others) = (None, None, vec![]);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
            match name {
                "sslmode" => mode = Some(value),
                "sslrootcert" => authorities = Some(PathBuf::from(value)),
                _ => others.push(pair),
            }
        }
        let sign = if others.is_empty() { "" } else { "?" };
        let rest = format!("{place}{sign}{}", others.join("&"));
        Ok(Self { rest, mode, authorities })
    }
}

/// Whether every address of the server is on this machine.
fn is_near(config: &Config) -> bool {
    let near = |host: &Host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(near) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn connector(authorities: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    let found = match authorities {
        Some(file) => read(file)?,
        None => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(found);
    if roots.is_empty() {
        let words = "no authority to check the certificate of the server against: sslrootcert";
        return Err(StoreError::database("prepare TLS", words));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| StoreError::database("prepare TLS", error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn read(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let unread = |error| {
        StoreError::database(&format!("read the certificates in {}", file.display()), error)
    };
    let certificates = CertificateDer::pem_file_iter(file).map_err(unread)?;
    certificates.collect::<Result<_, _>>().map_err(unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_reached_over_tls_unless_told_otherwise() {
        // URL, encrypted; `None` when it is not understood
        let table = [
            ("postgres://u@127.0.0.1/d", Some(false)),
            ("postgres://u@localhost:5433/d?application_name=a", Some(false)),
            ("postgresql://u@%2Frun%2Fpostgresql/d", Some(false)),
            ("postgres://u@[::1]/d?sslmode=require", Some(true)),
            ("postgres://u@127.0.0.1/d?sslmode=verify-full&application_name=a", Some(true)),
            ("postgres://u@db.example/d", Some(true)),
            ("postgres://u@db.example/d?sslmode=disable", Some(false)),
            ("postgres://u@127.0.0.1,db.example/d", Some(true)),
            ("postgres://u@127.0.0.1/d?sslmode=prefer", None),
            ("postgres://u@127.0.0.1/d?sslmode=", None),
            ("postgres://u@db.example/d?sslrootcert=/nowhere/ca.pem", None),
            ("host=db.example user=u", None),
        ];
        for (url, expected) in table {
            let server = Server::of(url).ok();
            assert_eq!(server.map(|server| server.tls.is_some()), expected, "{url}");
        }
    }

    #[test]
    fn what_is_not_about_tls_is_left_to_the_driver() {
        let url = "postgres://u@h/d?sslmode=require&options=-c%20a%3Db&sslrootcert=%2Fa%20b.pem";
        let asked = Asked::of(url).unwrap();
        assert_eq!(asked.rest, "postgres://u@h/d?options=-c%20a%3Db");
        assert_eq!(asked.mode.as_deref(), Some("require"));
        assert_eq!(asked.authorities.as_deref(), Some(Path::new("/a b.pem")));
    }
}
