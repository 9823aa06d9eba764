//! A client of the API over one connection, as small as it can be: it waits for each answer, and
//! an answer that breaks off is an error.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// One connection.
pub(crate) struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A request that is to be answered once.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) key: String,
    pub(crate) body: String,
}

impl Wire {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, read: Vec::new() })
    }

    /// Asks for an act.
    pub(crate) fn ask(&mut self, act: &Act) -> io::Result<Answer> {
        let Act { path, token, key, body } = act;
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Idempotency-Key: {key}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.exchange(&request)
    }

    /// Reads a page.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.get_with(path, "")
    }

    /// Reads a page with more headers, each ended by its line.
    pub(crate) fn get_with(&mut self, path: &str, headers: &str) -> io::Result<Answer> {
        self.exchange(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"))
    }

    /// Reads, with a token.
    pub(crate) fn read(&mut self, token: &str, path: &str) -> io::Result<Answer> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        self.exchange(&request)
    }

    /// Sends what a browser sends; the answer with its head.
    pub(crate) fn browse(
        &mut self,
        path: &str,
        cookie: &str,
        form: Option<&str>,
    ) -> io::Result<(String, Answer)> {
        let method = if form.is_some() { "POST" } else { "GET" };
        let form = form.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.told(&request)
    }

    fn exchange(&mut self, request: &str) -> io::Result<Answer> {
        self.told(request).map(|(_, answer)| answer)
    }

    fn told(&mut self, request: &str) -> io::Result<(String, Answer)> {
        self.stream.write_all(request.as_bytes())?;
        let head = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            self.more()?;
        };
        let headers = String::from_utf8_lossy(&self.read[..head]).to_ascii_lowercase();
        let status = headers.get(9..12).and_then(|digits| digits.parse().ok());
        let status = status.ok_or_else(|| io::Error::other("no status"))?;
        let (mut body, mut at) = (Vec::new(), head);
        if headers.contains("transfer-encoding: chunked") {
            loop {
                let line = self.line(at)?;
                let size = std::str::from_utf8(&self.read[at..line - 2]).unwrap_or_default();
                let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
                self.until(line + size + 2)?;
                body.extend_from_slice(&self.read[line..line + size]);
                at = line + size + 2;
                if size == 0 {
                    break;
                }
            }
        } else {
            let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
            self.until(head + length)?;
            body.extend_from_slice(&self.read[head..head + length]);
            at = head + length;
        }
        let told = String::from_utf8_lossy(&self.read[..head]).into_owned();
        self.read.drain(..at);
        Ok((told, Answer { status, body: String::from_utf8_lossy(&body).into_owned() }))
    }

    /// The end of the line that begins at a place.
    fn line(&mut self, from: usize) -> io::Result<usize> {
        loop {
            if let Some(at) = self.read[from..].windows(2).position(|two| two == b"\r\n") {
                return Ok(from + at + 2);
            }
            self.more()?;
        }
    }

    fn until(&mut self, length: usize) -> io::Result<()> {
        while self.read.len() < length {
            self.more()?;
        }
        Ok(())
    }

    fn more(&mut self) -> io::Result<()> {
        let mut some = [0; 16 * 1024];
        let count = self.stream.read(&mut some)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read.extend_from_slice(&some[..count]);
        Ok(())
    }
}
