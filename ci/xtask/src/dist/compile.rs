//! The archive as cargo builds it, and what bindgen read for it.

use super::order::Order;
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What cargo made.
pub(super) struct Compiled {
    /// The static library, with everything of Rust's in it.
    pub(super) archive: PathBuf,
    /// The text of bindgen's declarations.
    pub(super) declarations: String,
    /// The capacities ordered by the environment, as flags for C; empty when there are none.
    pub(super) macros: String,
}

/// Builds the library as `order` wants it.
pub(super) fn compile(order: &Order) -> Result<Compiled, Failure> {
    installed(&order.target)?;
    let mut features = String::from("freertos,panic-handler");
    for (is_wanted, feature) in [
        (order.log, ",log"),
        (order.serializer, ",custom-serializer"),
        (order.espressif, ",espressif"),
    ] {
        if is_wanted {
            features += feature;
        }
    }
    let mut build = tree::cargo();
    // Of a project that has its own make, which would change a cross compilation; CMake does the same.
    for variable in ["CC", "CFLAGS"] {
        build.env_remove(variable);
    }
    build
        .args(["rustc", "--release", "--locked"])
        .args(["--package", "wifi-provision", "--lib"])
        .args(["--features", &features, "--crate-type", "staticlib"])
        .args(["--target", &order.target])
        // On stdout, for us: where the build script wrote. What a person wants to read stays on stderr.
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped());
    let title = format!("building the drop-in for {}", order.target);
    eprintln!("· {title}");
    let started = Instant::now();
    let output = build
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .doing(format!("{title}: cargo cannot be started"))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{title} failed; see above")));
    }
    eprintln!("  done in {:.1} s", started.elapsed().as_secs_f32());
    let wrote = script_folder(&String::from_utf8_lossy(&output.stdout))
        .ok_or_else(|| Failure::new("cargo did not say where the build script wrote"))?;
    let written = |name: &str| {
        let file = wrote.join(name);
        fs::read_to_string(&file).doing(format!("reading {}", file.display()))
    };
    Ok(Compiled {
        archive: tree::built()
            .join(&order.target)
            .join("release")
            .join(super::ARCHIVE),
        declarations: written("abi.rs")?,
        macros: written("macros.txt")?,
    })
}

/// Says so at once when the toolchain cannot build for the target.
fn installed(target: &str) -> Result<(), Failure> {
    let folder = step::output(
        "asking rustc for its targets",
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", target])
            .current_dir(tree::root()),
    )?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "this Rust toolchain has no {target}; run `rustup target add {target}` in {}",
        tree::root().display()
    )))
}

/// The folder our own build script wrote to, out of cargo's messages: one JSON object a line. Paths
/// are strings without escapes on every file system cargo runs on here.
fn script_folder(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter(|line| line.contains("\"reason\":\"build-script-executed\""))
        .filter(|line| {
            text(line, "package_id").is_some_and(|package| package.contains("wifi-provision@"))
                || text(line, "package_id")
                    .and_then(|package| package.split_once('#'))
                    .is_some_and(|(path, _)| path.ends_with("/wifi-provision"))
        })
        .find_map(|line| text(line, "out_dir").map(PathBuf::from))
}

fn text<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(&format!("\"{key}\":\""))?;
    after.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_that_of_our_own_script_wherever_the_tree_lies() {
        let other = r#"{"reason":"build-script-executed","package_id":"registry+x#libc@0.2.0","out_dir":"/t/libc"}"#;
        for ours in [
            "path+file:///elsewhere#wifi-provision@0.1.0",
            "path+file:///deep/wifi-provision#0.1.0",
        ] {
            let messages = format!(
                "{other}\n{{\"reason\":\"build-script-executed\",\"package_id\":\"{ours}\",\"env\":[],\"out_dir\":\"/t/ours\"}}\n"
            );
            assert_eq!(script_folder(&messages), Some(PathBuf::from("/t/ours")));
        }
        assert_eq!(script_folder(other), None);
    }
}
