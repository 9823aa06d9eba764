//! 助手进程 — this program, asked for one piece of work on a file of somebody else: in a process of
//! its own, whose memory and time have an end, and which is ended when its time is over.

use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use store::StoreError;

/// Memory that one piece of work may take; more, and the helper ends.
pub const MEMORY_MAX: u64 = 512 * 1024 * 1024;
/// Processor seconds that one piece of work may take.
pub const SECONDS_MAX: u64 = 20;
/// How long it may take by the clock on the wall, with other work beside it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Puts an end to what this process may take. What runs into it ends, and nothing else with it.
///
/// # Errors
///
/// When the system does not bound it: then nothing is read.
pub fn bound() -> anyhow::Result<()> {
    let most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    setrlimit(Resource::Data, most(MEMORY_MAX))?;
    setrlimit(Resource::Cpu, most(SECONDS_MAX))?;
    setrlimit(Resource::Fsize, most(0))?;
    setrlimit(Resource::Core, most(0))?;
    Ok(())
}

/// What a helper says; `None` where it crashed, lied or took too long.
///
/// # Errors
///
/// When the file cannot be given to it.
pub(crate) fn ask<T: Send>(
    (program, verb): (&Path, &str),
    patience: Duration,
    give: impl FnOnce(ChildStdin) -> Result<(), StoreError> + Send,
    read: impl FnOnce(ChildStdout) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let started = Command::new(program)
        .arg(verb)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            tracing::error!(error = %error, verb, "no helper");
            return Ok(None);
        }
    };
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(input), Some(output)) = (input, output) else { return Ok(None) };
    let child = Mutex::new(child);
    let (done, waiting) = mpsc::channel();
    let held = &child;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(patience).is_err() {
                tracing::warn!(verb, "a helper took too long");
                end(held);
            }
        });
        let given = scope.spawn(move || give(input));
        let answer = read(output);
        // Whatever it still does, nobody reads it any more.
        let _ = done.send(());
        end(held);
        match given.join() {
            Ok(Err(error)) => Err(error),
            Ok(Ok(())) => Ok(answer),
            Err(_) => Ok(None),
        }
    })
}

fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    // One that has ended already cannot be ended.
    let _ = child.kill();
    let _ = child.wait();
}
