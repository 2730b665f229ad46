//! `cargo xtask fuzz`: every decoder and state machine against libFuzzer.
//!
//! The corpora in `ci/fuzz/corpus` are what it begins with; what it finds beyond is kept in
//! `target/fuzz`, and an input that breaks something in `target/fuzz/artifacts`.

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// What there is to fuzz: the names of `ci/fuzz/Cargo.toml`.
const TARGETS: &[&str] = &[
    "message",
    "service",
    "channel",
    "store",
    "mqtt_message",
    "mqtt_session",
    "protocomm_message",
    "protocomm_session",
    "endpoints",
];

/// The fuzzer's driver, from the crate registry.
const DRIVER: setup::Tool = setup::Tool {
    name: "cargo-fuzz",
    version: "0.13.2",
    options: &[],
};

/// How many run side by side: each takes one core, and few machines have less than two.
const AT_ONCE: usize = 2;

/// As long as nothing else is said, this long for all of them.
const MINUTES: u64 = 9;

/// `fuzz [--minutes N] [TARGET]`: N minutes in all, shared by the targets.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let (minutes, targets) = read(arguments)?;
    setup::packages()?;
    let driver = DRIVER.install()?;
    build(&driver)?;
    let share = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let each = Duration::from_secs(minutes.saturating_mul(60))
        .checked_div(share)
        .unwrap_or_default();
    println!("  target             executions   coverage  inputs kept");
    let mut broken = Vec::new();
    for pair in targets.chunks(AT_ONCE) {
        for (target, found) in fuzz_at_once(&driver, pair, each)? {
            println!(
                "  {target:<17} {:>11}  {:>9}  {:>11}",
                found.executions, found.coverage, found.corpus
            );
            if found.is_broken {
                broken.push(target);
            }
        }
    }
    if broken.is_empty() {
        println!("  0 findings");
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} broke; the inputs are in {}, and `cargo fuzz run --fuzz-dir ci/fuzz TARGET INPUT` shows one",
        broken.join(" and "),
        artifacts("").display()
    )))
}

fn read(arguments: &[String]) -> Result<(u64, Vec<&'static str>), Failure> {
    let mut minutes = MINUTES;
    let mut targets = TARGETS.to_vec();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--minutes" {
            minutes = words
                .next()
                .and_then(|number| number.parse().ok())
                .filter(|minutes| *minutes > 0)
                .ok_or_else(|| Failure::new("--minutes wants a number of 1 or more"))?;
        } else {
            targets.retain(|target| target == word);
        }
    }
    if targets.is_empty() {
        return Err(Failure::new(format!(
            "the targets are {}",
            TARGETS.join(", ")
        )));
    }
    Ok((minutes, targets))
}

/// Builds all targets, so that building is not taken off the first one's time.
fn build(driver: &Path) -> Result<(), Failure> {
    step::quiet(
        "building what is fuzzed, with the fuzzer's instrumentation",
        &mut cargo_fuzz(driver, "build"),
    )
}

/// cargo-fuzz on `ci/fuzz`.
fn cargo_fuzz(driver: &Path, what: &str) -> Command {
    let mut command = Command::new(driver);
    command
        .current_dir(tree::root())
        // The sanitizer's and the coverage's flags are not stable; what is built with them is not shipped.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["fuzz", what, "--fuzz-dir", "ci/fuzz", "--target-dir"])
        .arg(tree::made().join("fuzz/build"));
    command
}

/// Fuzzes some targets side by side, each for that long.
fn fuzz_at_once(
    driver: &Path,
    targets: &[&'static str],
    time: Duration,
) -> Result<Vec<(&'static str, Found)>, Failure> {
    thread::scope(|scope| {
        let runs: Vec<_> = targets
            .iter()
            .map(|&target| (target, scope.spawn(move || fuzz(driver, target, time))))
            .collect();
        runs.into_iter()
            .map(|(target, run)| match run.join() {
                Ok(found) => Ok((target, found?)),
                Err(_) => Err(Failure::new(format!("what watches {target} broke"))),
            })
            .collect()
    })
}

/// What a run came to, in libFuzzer's words.
#[derive(Debug, Default, Eq, PartialEq)]
struct Found {
    executions: u64,
    coverage: u64,
    corpus: u64,
    is_broken: bool,
}

fn fuzz(driver: &Path, target: &str, time: Duration) -> Result<Found, Failure> {
    let found = tree::made().join("fuzz/corpus").join(target);
    let given = tree::root().join("ci/fuzz/corpus").join(target);
    let broken = artifacts(target);
    for folder in [&found, &given, &broken] {
        fs::create_dir_all(folder).doing(format!("making {}", folder.display()))?;
    }
    let log = tree::made().join("fuzz").join(format!("{target}.log"));
    let file = fs::File::create(&log).doing(format!("writing {}", log.display()))?;
    eprintln!("· fuzzing {target} for {} s", time.as_secs());
    let status = cargo_fuzz(driver, "run")
        .arg(target)
        .arg(&found)
        .arg(&given)
        .arg("--")
        // An input has 100 s of the wall's clock: beside the tests, in CI, a fuzzer may wait long for its turn.
        .args(["-print_final_stats=1", "-timeout=100", "-max_len=4096"])
        // Inputs that take long, handshakes above all, are tried less often.
        .arg("-entropic_scale_per_exec_time=1")
        .arg(format!("-max_total_time={}", time.as_secs()))
        .arg(format!("-artifact_prefix={}/", broken.display()))
        .stdout(std::process::Stdio::null())
        .stderr(file)
        .status()
        .doing("cargo-fuzz cannot be started")?;
    let text =
        String::from_utf8_lossy(&fs::read(&log).doing(format!("reading {}", log.display()))?)
            .into_owned();
    let mut result = parse(&text);
    result.is_broken = !status.success();
    if result.is_broken {
        let last: Vec<&str> = text.lines().rev().take(40).collect();
        for line in last.iter().rev() {
            eprintln!("  {line}");
        }
    }
    Ok(result)
}

fn artifacts(target: &str) -> PathBuf {
    tree::made().join("fuzz/artifacts").join(target)
}

/// Reads libFuzzer's log: its lines of progress, and the count at the end.
fn parse(log: &str) -> Found {
    let mut found = Found::default();
    for line in log.lines() {
        if let Some(count) = line.strip_prefix("stat::number_of_executed_units:") {
            found.executions = count.trim().parse().unwrap_or(0);
        }
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "cov:" => {
                    found.coverage = words.next().and_then(|n| n.parse().ok()).unwrap_or(0);
                }
                "corp:" => {
                    found.corpus = words
                        .next()
                        .and_then(|n| n.split('/').next()?.parse().ok())
                        .unwrap_or(0);
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzzers_last_word_counts() {
        let log = "#2\tINITED cov: 12 ft: 13 corp: 1/1b exec/s: 0 rss: 50Mb\n\
            #900\tDONE   cov: 345 ft: 600 corp: 78/1234b lim: 50 exec/s: 450 rss: 60Mb\n\
            stat::number_of_executed_units: 900\n";
        let expected = Found {
            executions: 900,
            coverage: 345,
            corpus: 78,
            is_broken: false,
        };
        assert_eq!(parse(log), expected);
    }

    #[test]
    fn a_target_nobody_knows_is_refused() {
        assert!(read(&["mesage".to_owned()]).is_err());
        assert!(read(&["--minutes".to_owned(), "0".to_owned()]).is_err());
        assert!(read(&[]).is_ok_and(|(minutes, targets)| minutes == MINUTES && targets == TARGETS));
    }

    #[test]
    fn every_target_of_the_manifest_is_run() {
        let manifest =
            fs::read_to_string(tree::root().join("ci/fuzz/Cargo.toml")).unwrap_or_default();
        let binaries = manifest.matches("[[bin]]").count();
        assert_eq!(binaries, TARGETS.len());
        assert!(
            TARGETS
                .iter()
                .all(|target| manifest.contains(&format!("name = \"{target}\"")))
        );
    }
}
