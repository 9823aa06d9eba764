//! 大文件 — the largest file goes in and comes out of the real program at constant memory, and ends at
//! its limit.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use consortium::materials::FILE_BYTES_MAX;
use sha2::{Digest, Sha256};
use store::{Location, Store};

use crate::kill::office::{Process, furnish};
use crate::kill::program;

/// What a file of any size may add to the memory of the program.
const GROWTH_KIB_MAX: u64 = 32 * 1024;
/// What is sent at once.
const PIECE: usize = 1024 * 1024;
/// How long an answer may take: a debug build inspects 200 MB of noise.
const PATIENCE: Duration = Duration::from_mins(1);

/// The most memory the program ever held, in KiB.
fn peak_kib(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

/// The bytes of a PDF whose one picture is noise, piece by piece.
fn largest() -> impl Iterator<Item = Vec<u8>> {
    let head =
        b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length 1 >>\nstream\n";
    let tail = b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n";
    let mut left = usize::try_from(FILE_BYTES_MAX).unwrap() - head.len() - tail.len();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let noise = std::iter::from_fn(move || {
        let mut piece = vec![0; left.min(PIECE)];
        left -= piece.len();
        for eight in piece.chunks_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            eight.copy_from_slice(&state.to_le_bytes()[..eight.len()]);
        }
        Some(piece).filter(|piece| !piece.is_empty())
    });
    [head.to_vec()].into_iter().chain(noise).chain([tail.to_vec()])
}

fn asked(address: SocketAddr, head: &str) -> TcpStream {
    let mut wire = TcpStream::connect(address).unwrap();
    wire.set_read_timeout(Some(PATIENCE)).unwrap();
    wire.write_all(head.as_bytes()).unwrap();
    wire
}

/// Reads until a text has come.
fn until(wire: &mut TcpStream, words: &str) -> String {
    let (mut text, mut piece) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&text).contains(words) {
        let read = wire.read(&mut piece).unwrap();
        assert!(read > 0, "it hung up after {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&piece[..read]);
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[test]
fn the_largest_file_streams_at_constant_memory_and_one_byte_more_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = runtime.block_on(async {
        let store = Store::open(Location::Sqlite(data.clone())).unwrap();
        furnish(store, 1).await.remove(0)
    });
    let process = Process::open(program(), &data, None);
    let head = |framing: &str| {
        format!(
            "POST /api/v1/files?name=a.pdf HTTP/1.1\r\nHost: localhost\r\n\
             Authorization: Bearer {}\r\n{framing}\r\n\r\n",
            client.token
        )
    };
    let before = peak_kib(&process);
    let mut wire = asked(process.address, &head(&format!("Content-Length: {FILE_BYTES_MAX}")));
    let mut digest = Sha256::new();
    for piece in largest() {
        digest.update(&piece);
        wire.write_all(&piece).unwrap();
    }
    let told = until(&mut wire, "\"size_bytes\"");
    assert!(told.starts_with("HTTP/1.1 201"), "{told}");
    assert!(told.contains(&hex::encode(digest.finalize())), "{told}");
    // As many bytes of unknown length, and one more: told before the sender ends.
    let mut wire = asked(process.address, &head("Transfer-Encoding: chunked"));
    for piece in largest() {
        write!(wire, "{:x}\r\n", piece.len()).unwrap();
        wire.write_all(&piece).unwrap();
        wire.write_all(b"\r\n").unwrap();
    }
    wire.write_all(b"1\r\n.\r\n").unwrap();
    let told = until(&mut wire, "200 MB");
    assert!(told.starts_with("HTTP/1.1 413"), "{told}");
    let grown = peak_kib(&process) - before;
    println!("{FILE_BYTES_MAX} bytes took {grown} KiB");
    assert!(grown <= GROWTH_KIB_MAX, "{grown} KiB");
    process.kill();
}
