//! 查毒 — asks a running `clamd` about a file, over a socket of this machine. When it is configured
//! a file without its answer is not taken.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::inspect::Flaw;

/// What is sent at once.
const PIECE_BYTES: usize = 64 * 1024;
/// How long one search may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// Bytes of an answer.
const ANSWER_MAX: u64 = 4096;

/// Where `clamd` listens: `tcp:127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// A port of this machine.
    Tcp(SocketAddr),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl FromStr for Clamd {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Unix(path.into()));
        }
        let address = text.strip_prefix("tcp:").and_then(|address| address.parse().ok());
        match address {
            Some(address) if SocketAddr::ip(&address).is_loopback() => Ok(Self::Tcp(address)),
            Some(_) => Err("files are sent in the clear: only to this machine".to_owned()),
            None => Err("tcp:127.0.0.1:3310 or unix:/run/clamav/clamd.ctl".to_owned()),
        }
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(out, "tcp:{address}"),
            Self::Unix(path) => write!(out, "unix:{}", path.display()),
        }
    }
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

impl Clamd {
    /// Has a file searched: the edition and date of the signatures that found nothing.
    pub async fn scan(&self, file: impl AsyncRead + Unpin + Send) -> Result<String, Flaw> {
        let searched = tokio::time::timeout(PATIENCE, self.search(file)).await;
        match searched {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                tracing::error!(clamd = %self, error = %error, "no search for viruses");
                Err(Flaw::NotScanned)
            }
            Err(_) => {
                tracing::error!(clamd = %self, "the search for viruses takes too long");
                Err(Flaw::NotScanned)
            }
        }
    }

    async fn search(
        &self,
        file: impl AsyncRead + Unpin + Send,
    ) -> std::io::Result<Result<String, Flaw>> {
        let mut wire = self.wire().await?;
        wire.write_all(b"zVERSION\0").await?;
        let edition = answer(&mut wire).await?;
        let mut wire = self.wire().await?;
        wire.write_all(b"zINSTREAM\0").await?;
        // When it has heard enough it answers and hangs up while we still send.
        let sent = send(&mut wire, file).await;
        let told = answer(&mut wire).await?;
        if let Some(name) = told.strip_suffix(" FOUND") {
            let name = name.trim_start_matches("stream:").trim();
            return Ok(Err(Flaw::Virus(name.chars().take(80).collect())));
        }
        sent?;
        if told.trim_start_matches("stream:").trim() == "OK" && edition.starts_with("ClamAV") {
            return Ok(Ok(edition));
        }
        tracing::error!(told, edition, "clamd answers something else");
        Ok(Err(Flaw::NotScanned))
    }

    async fn wire(&self) -> std::io::Result<Box<dyn Wire>> {
        Ok(match self {
            Self::Tcp(address) => Box::new(TcpStream::connect(address).await?),
            Self::Unix(path) => Box::new(UnixStream::connect(path).await?),
        })
    }
}

async fn send(
    wire: &mut Box<dyn Wire>,
    mut file: impl AsyncRead + Unpin + Send,
) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece).await?;
        let length = u32::try_from(read).unwrap_or_default();
        wire.write_all(&length.to_be_bytes()).await?;
        if read == 0 {
            return wire.flush().await;
        }
        wire.write_all(&piece[..read]).await?;
    }
}

async fn answer(wire: &mut Box<dyn Wire>) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut limited = wire.take(ANSWER_MAX);
    loop {
        let mut byte = [0];
        if limited.read(&mut byte).await? == 0 || byte[0] == 0 {
            return Ok(String::from_utf8_lossy(&bytes).trim().to_owned());
        }
        bytes.push(byte[0]);
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// The word our own signature knows.
    const WORD: &[u8] = b"CHUANGLIAN-TEST-SIGNATURE";

    /// Speaks as `clamd` does, for so many connections; `most` bytes of a stream.
    async fn double(version: &'static str, most: usize) -> Clamd {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut wire, _)) = listener.accept().await {
                let mut asked = Vec::new();
                while !asked.ends_with(b"\0") {
                    asked.push(wire.read_u8().await.unwrap());
                }
                if asked == b"zVERSION\0" {
                    wire.write_all(version.as_bytes()).await.unwrap();
                    wire.write_all(b"\0").await.unwrap();
                    continue;
                }
                assert_eq!(asked, b"zINSTREAM\0");
                let mut bytes = Vec::new();
                loop {
                    let length = wire.read_u32().await.unwrap() as usize;
                    if length == 0 || bytes.len() > most {
                        break;
                    }
                    let begin = bytes.len();
                    bytes.resize(begin + length, 0);
                    wire.read_exact(&mut bytes[begin..]).await.unwrap();
                }
                let known = bytes.windows(WORD.len()).any(|window| window == WORD);
                let told: &[u8] = match known {
                    _ if bytes.len() > most => b"INSTREAM size limit exceeded. ERROR\0",
                    true => b"stream: Chuanglian.Test FOUND\0",
                    false => b"stream: OK\0",
                };
                wire.write_all(told).await.unwrap();
            }
        });
        Clamd::Tcp(address)
    }

    #[tokio::test]
    async fn what_is_found_is_named_and_what_is_clean_says_by_which_signatures() {
        let edition = "ClamAV 1.4.6/27800/Mon Nov 23 2026";
        let clamd = double(edition, 1 << 20).await;
        let clean = vec![7; 200_000];
        assert_eq!(clamd.scan(clean.as_slice()).await, Ok(edition.to_owned()));
        let ill = [clean.as_slice(), WORD].concat();
        assert_eq!(clamd.scan(ill.as_slice()).await, Err(Flaw::Virus("Chuanglian.Test".into())));
    }

    #[tokio::test]
    async fn without_its_answer_nothing_is_taken() {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert_eq!(Clamd::Tcp(gone).scan(b"x".as_slice()).await, Err(Flaw::NotScanned));
        let small = double("ClamAV 1", 10).await;
        assert_eq!(small.scan([0; 4000].as_slice()).await, Err(Flaw::NotScanned));
        let other = double("SMTP ready", 1000).await;
        assert_eq!(other.scan(b"x".as_slice()).await, Err(Flaw::NotScanned));
    }

    #[test]
    fn it_listens_on_this_machine() {
        let read = |text: &str| text.parse::<Clamd>().map(|clamd| clamd.to_string());
        for right in ["tcp:127.0.0.1:3310", "tcp:[::1]:3310", "unix:/run/clamav/clamd.ctl"] {
            assert_eq!(read(right).as_deref(), Ok(right));
        }
        for wrong in ["tcp:192.0.2.1:3310", "127.0.0.1:3310", "tcp:somewhere:3310", ""] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
