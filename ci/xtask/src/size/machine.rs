//! Runs an image in QEMU.

use super::binutils;
use super::trace::{Trace, Traced};
use crate::failure::{Doing, Failure};
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Far above what any image takes, traced or not.
const PATIENCE: Duration = Duration::from_secs(180);

/// One line an image says: its words, then `name=value`s.
pub(super) struct Line {
    /// The words in front, such as `case list_8_10`.
    pub(super) words: Vec<String>,
    /// What stands behind, by name.
    pub(super) values: HashMap<String, String>,
}

impl Line {
    pub(super) fn parse(text: &str) -> Self {
        let mut line = Self {
            words: Vec::new(),
            values: HashMap::new(),
        };
        for word in text.split_whitespace() {
            match word.split_once('=') {
                Some((name, value)) => {
                    line.values.insert(name.to_owned(), value.to_owned());
                }
                None => line.words.push(word.to_owned()),
            }
        }
        line
    }

    /// The value of that name; a name the image did not say is an error.
    pub(super) fn number(&self, name: &str) -> Result<u64, Failure> {
        self.values
            .get(name)
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| {
                Failure::new(format!(
                    "the image says no {name} in \"{}\"; ci/measure and ci/xtask do not fit together",
                    self.words.join(" ")
                ))
            })
    }
}

/// Runs an image and gives what it said.
pub(super) fn plain(image: &Path) -> Result<Vec<Line>, Failure> {
    run(image, &[])
}

/// The same, each instruction taking 128 ns of the image's time, by which it counts them.
pub(super) fn counted(image: &Path) -> Result<Vec<Line>, Failure> {
    run(image, &["-icount", "shift=7"])
}

fn run(image: &Path, extra: &[&str]) -> Result<Vec<Line>, Failure> {
    let mut qemu = start(image, extra)?;
    let trace = qemu.stderr.take();
    let collector = thread::spawn(move || -> std::io::Result<Vec<u8>> {
        let mut complaints = Vec::new();
        if let Some(mut stream) = trace {
            stream.read_to_end(&mut complaints)?;
        }
        Ok(complaints)
    });
    let said = listen(qemu, image)?;
    let complaints = collector
        .join()
        .map_err(|_| Failure::new("the thread that reads QEMU's complaints is gone"))?
        .doing("reading what QEMU complains about")?;
    if !complaints.is_empty() {
        eprint!("{}", String::from_utf8_lossy(&complaints));
    }
    Ok(said)
}

/// Runs an image instruction by instruction and gives what it said and what was seen.
pub(super) fn traced(image: &Path) -> Result<(Vec<Line>, Vec<Traced>), Failure> {
    let mut trace = Trace::new(&binutils::symbols(image)?)?;
    // One instruction a block, no block chained to the next, the registers before each: the log
    // is every instruction with its stack pointer.
    let filter = trace.filter();
    let mut qemu = start(
        image,
        &["-singlestep", "-d", "exec,cpu,nochain", "-dfilter", &filter],
    )?;
    let stderr = qemu.stderr.take();
    let collector = thread::spawn(move || -> std::io::Result<Vec<Traced>> {
        if let Some(stream) = stderr {
            trace.read(stream)?;
        }
        Ok(trace.finish())
    });
    let said = listen(qemu, image)?;
    let seen = collector
        .join()
        .map_err(|_| Failure::new("the thread that reads QEMU's trace is gone"))?
        .doing("reading QEMU's trace")?;
    Ok((said, seen))
}

fn start(image: &Path, extra: &[&str]) -> Result<Child, Failure> {
    Command::new("qemu-system-arm")
        .args(["-M", "mps2-an385", "-display", "none", "-monitor", "none"])
        .args(["-serial", "stdio", "-semihosting"])
        .args(extra)
        .arg("-kernel")
        .arg(image)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .doing("qemu-system-arm cannot be started; `cargo xtask setup` installs it")
}

/// Collects the console until QEMU ends; an image that hangs is ended.
fn listen(mut qemu: Child, image: &Path) -> Result<Vec<Line>, Failure> {
    let (sender, receiver) = mpsc::channel();
    let stdout = qemu.stdout.take();
    thread::spawn(move || {
        let mut said = String::new();
        let read = stdout.map_or(Ok(0), |mut stream| stream.read_to_string(&mut said));
        // Nobody listens any more once the patience is over; that is no loss.
        let _ = sender.send(read.map(|_| said));
    });
    let Ok(said) = receiver.recv_timeout(PATIENCE) else {
        qemu.kill().doing("ending QEMU")?;
        qemu.wait().doing("waiting for QEMU")?;
        return Err(Failure::new(format!(
            "{} did not end within {} s: the service hangs; run it in QEMU by hand to see its last line",
            image.display(),
            PATIENCE.as_secs()
        )));
    };
    let said = said.doing("reading the console")?;
    let status = qemu.wait().doing("waiting for QEMU")?;
    let mut lines: Vec<&str> = said.lines().collect();
    if status.success() && lines.pop() == Some("done") {
        return Ok(lines.into_iter().map(Line::parse).collect());
    }
    Err(Failure::new(format!(
        "{} failed: {}",
        image.display(),
        said.lines().last().unwrap_or("it said nothing")
    )))
}
