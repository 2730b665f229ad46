//! One step of a task: a line when it begins, a line with its time when it ends, and the output of
//! a program that failed.

use crate::failure::{Doing, Failure};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How often a silent program is reported to be still at work.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// Runs a program whose output only matters when it fails; shows that it is alive meanwhile.
pub(crate) fn quiet(title: &str, command: &mut Command) -> Result<(), Failure> {
    eprintln!("· {title}");
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .doing(format!("{title}: {} cannot be started", program(command)))?;
    let (success, output) = drain(child, || {
        eprintln!("  … {title}: {} s", started.elapsed().as_secs())
    })
    .doing(title)?;
    if success {
        eprintln!("  done in {:.1} s", started.elapsed().as_secs_f32());
        return Ok(());
    }
    eprint!("{}", String::from_utf8_lossy(&output));
    Err(Failure::new(format!(
        "{title} failed; what {} said is above",
        program(command)
    )))
}

/// Runs a program that shows its own progress.
pub(crate) fn shown(title: &str, command: &mut Command) -> Result<(), Failure> {
    eprintln!("· {title}");
    let started = Instant::now();
    let status = command
        .status()
        .doing(format!("{title}: {} cannot be started", program(command)))?;
    if status.success() {
        eprintln!("  done in {:.1} s", started.elapsed().as_secs_f32());
        return Ok(());
    }
    Err(Failure::new(format!("{title} failed; see above")))
}

/// Runs a program, shows what it prints line by line, and gives that with its exit code (none when a
/// signal ended it). Failing is a result here.
pub(crate) fn streamed(
    title: &str,
    command: &mut Command,
) -> Result<(Option<i32>, String), Failure> {
    eprintln!("· {title}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .doing(format!("{title}: {} cannot be started", program(command)))?;
    let mut output = String::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.doing(title)?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            output.push_str(&line);
            output.push('\n');
        }
    }
    Ok((child.wait().doing(title)?.code(), output))
}

/// The same, without showing anything: for a program that runs beside another one.
pub(crate) fn collected(
    title: &str,
    command: &mut Command,
) -> Result<(Option<i32>, String), Failure> {
    eprintln!("· {title}");
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .doing(format!("{title}: {} cannot be started", program(command)))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.code(), said))
}

/// What a program prints, when it succeeds.
pub(crate) fn output(title: &str, command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .doing(format!("{title}: {} cannot be started", program(command)))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    Err(Failure::new(format!(
        "{title} failed; what {} said is above",
        program(command)
    )))
}

fn program(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Waits for a child, collecting both its outputs in the order they come.
fn drain(mut child: Child, mut alive: impl FnMut()) -> std::io::Result<(bool, Vec<u8>)> {
    let (sender, receiver) = mpsc::channel::<Vec<u8>>();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child
            .stdout
            .take()
            .map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        child
            .stderr
            .take()
            .map(|stream| Box::new(stream) as Box<dyn Read + Send>),
    ];
    for mut stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut chunk = vec![0; 4096];
            while let Ok(count @ 1..) = stream.read(&mut chunk) {
                let Some(bytes) = chunk.get(..count) else {
                    break;
                };
                if sender.send(bytes.to_vec()).is_err() {
                    break;
                }
            }
        });
    }
    drop(sender);
    let mut output = Vec::new();
    let mut last = Instant::now();
    loop {
        match receiver.recv_timeout(Duration::from_secs(1)) {
            Ok(bytes) => output.extend(bytes),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if last.elapsed() >= SIGN_OF_LIFE {
            alive();
            last = Instant::now();
        }
    }
    Ok((child.wait()?.success(), output))
}
