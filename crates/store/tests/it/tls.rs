//! A PostgreSQL of our own with a certificate of our own: what is encrypted is for whom it names.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use store::{Location, Store};
use tempfile::TempDir;

use crate::place;

/// A server that takes only encrypted connections, and stops with the test.
struct Server {
    ground: TempDir,
    bin: PathBuf,
    port: u16,
}

/// What runs as an unprivileged user: PostgreSQL refuses to be root.
fn unprivileged(program: &Path) -> Command {
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout.starts_with(b"0\n");
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn done(mut command: Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}");
}

/// The folder of the programs of the newest PostgreSQL here.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|version| Some(version.ok()?.path().join("bin")));
    folders.filter(|folder| folder.join("initdb").is_file()).max()
}

/// An authority, as a file of certificates.
fn authority(file: &Path, name: &str) -> Issuer<'static, KeyPair> {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    fs::write(file, params.self_signed(&key).unwrap().pem()).unwrap();
    Issuer::new(params, key)
}

impl Server {
    /// Starts one whose certificate names `localhost` alone.
    fn start() -> Option<Self> {
        place::postgres_server()?;
        let bin = programs()?;
        let ground = tempfile::tempdir().unwrap();
        let folder = ground.path();
        let issuer = authority(&folder.join("ca.pem"), "虚构机构");
        authority(&folder.join("stranger.pem"), "另一机构");
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        fs::write(folder.join("server.crt"), certificate.pem()).unwrap();
        fs::write(folder.join("server.key"), key.serialize_pem()).unwrap();
        done({
            let mut command = Command::new("chmod");
            command.args(["0600"]).arg(folder.join("server.key"));
            command
        });
        if unprivileged(Path::new("true")).get_program() == "setpriv" {
            let mut command = Command::new("chown");
            command.args(["-R", "postgres"]).arg(folder);
            done(command);
        }
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let server = Self { ground, bin, port };
        let mut initdb = unprivileged(&server.bin.join("initdb"));
        initdb.arg("-D").arg(server.data()).args(["-U", "chuanglian", "-A", "trust", "-E", "UTF8"]);
        done({
            initdb.arg("--locale=C.UTF-8").arg("--no-sync");
            initdb
        });
        fs::write(server.data().join("pg_hba.conf"), "hostssl all all all trust\n").unwrap();
        let place = server.ground.path().display().to_string();
        let options = format!(
            "-h 127.0.0.1 -p {port} -k {place} -c ssl=on -c fsync=off \
             -c ssl_cert_file={place}/server.crt -c ssl_key_file={place}/server.key"
        );
        let mut start = unprivileged(&server.bin.join("pg_ctl"));
        start.arg("-D").arg(server.data()).args(["-s", "-w", "-l"]).arg(format!("{place}/log"));
        done({
            start.args(["-o", &options, "start"]);
            start
        });
        Some(server)
    }

    fn data(&self) -> PathBuf {
        self.ground.path().join("data")
    }

    /// Opens a store there; the words of what went wrong.
    fn open(&self, host: &str, query: &str) -> Result<Store, String> {
        let folder = self.ground.path().display();
        let url = format!("postgres://chuanglian@{host}:{}/postgres?{query}", self.port);
        let url = url.replace("{folder}", &folder.to_string());
        let data = tempfile::tempdir().unwrap();
        let location = Location::Postgres { url, data: data.path().to_owned() };
        Store::open(location).map_err(|error| {
            let mut words = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                words = format!("{words}: {error}");
                cause = error.source();
            }
            words
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = unprivileged(&self.bin.join("pg_ctl"));
        let _ = stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-s", "stop"]).status();
    }
}

#[test]
fn a_certificate_of_another_authority_or_for_another_host_is_refused() {
    let Some(server) = Server::start() else { return };
    for mode in ["require", "verify-full"] {
        let query = format!("sslmode={mode}&sslrootcert={{folder}}/ca.pem");
        let store = server.open("localhost", &query).unwrap();
        let row = store.read_blocking(|tx| {
            tx.rows("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()", &[])
        });
        assert_eq!(row.unwrap()[0].text(0).unwrap(), "TLSv1.3");
        // host, authorities, words
        let table = [
            ("localhost", "&sslrootcert={folder}/stranger.pem", "UnknownIssuer"),
            ("127.0.0.1", "&sslrootcert={folder}/ca.pem", "not valid for name"),
            // The system knows nothing of an authority of ours.
            ("localhost", "", "UnknownIssuer"),
        ];
        for (host, authorities, words) in table {
            let told = server.open(host, &format!("sslmode={mode}{authorities}")).unwrap_err();
            let none = authorities.is_empty() && told.contains("no authority");
            assert!(none || told.contains(words), "{host} {authorities}: {told}");
        }
    }
    let told = server.open("localhost", "sslmode=disable").unwrap_err();
    assert!(told.contains("no encryption"), "{told}");
}

#[test]
fn a_server_without_tls_is_refused_where_tls_is_asked_for() {
    let Some(server) = place::postgres_server() else { return };
    let data = tempfile::tempdir().unwrap();
    let sign = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{sign}sslmode=require");
    let location = Location::Postgres { url, data: data.path().to_owned() };
    let told = format!("{:?}", Store::open(location).unwrap_err());
    assert!(told.contains("TLS"), "{told}");
}
