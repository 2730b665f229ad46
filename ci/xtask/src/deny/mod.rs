//! `cargo xtask deny`: what the project is made of, held against `deny.toml` by cargo-deny.

mod provenance;

use crate::failure::Failure;
use crate::{setup, step, tree};
use std::process::Command;

pub(crate) use provenance::check as provenance;

/// Every workspace there is, each with a lock file of its own.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "ci/fuzz/Cargo.toml",
    "freertos-kernel/upstream/Cargo.toml",
    "ports/esp32c3/Cargo.toml",
    "ports/esp32c3/bootloader/Cargo.toml",
];

/// Built for debugging, which takes half the time and is quick enough.
const TOOL: setup::Tool = setup::Tool {
    name: "cargo-deny",
    version: "0.20.2",
    options: &["--debug"],
};

/// `deny [--advisories]`: licences, bans and sources of all lock files; the advisories only where the
/// machine reaches their database.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let advisories = match arguments {
        [] => false,
        [word] if word == "--advisories" => true,
        _ => return Err(Failure::new("the one option is --advisories")),
    };
    setup::packages()?;
    let program = TOOL.install()?;
    let mut broken = Vec::new();
    for manifest in MANIFESTS {
        let mut command = Command::new(&program);
        command
            .current_dir(tree::root())
            .args([
                "--locked",
                "--config",
                "deny.toml",
                "--manifest-path",
                manifest,
            ])
            // One list of bans for several lock files: not each of them has all of it.
            .args([
                "check",
                "--hide-inclusion-graph",
                "--allow",
                "unused-wrapper",
            ])
            .args(["licenses", "bans", "sources"]);
        if advisories {
            command.arg("advisories");
        }
        if step::shown(manifest, &mut command).is_err() {
            broken.push(*manifest);
        }
    }
    if broken.is_empty() {
        if !advisories {
            println!(
                "advisories were not asked for: `cargo xtask deny --advisories`, where RustSec's database can be cloned"
            );
        }
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} {} against deny.toml; see above",
        broken.join(" and "),
        if broken.len() == 1 { "is" } else { "are" }
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// The folders of lock files, in what is not made.
    fn locks(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_name() == "Cargo.lock" {
                found.push(path.with_extension("toml"));
            }
            let is_made = ["target", ".git"]
                .iter()
                .any(|name| entry.file_name() == *name);
            if path.is_dir() && !is_made {
                locks(&path, found);
            }
        }
    }

    #[test]
    fn every_lock_file_is_looked_at() {
        let mut found = Vec::new();
        locks(&tree::root(), &mut found);
        found.sort();
        let mut known: Vec<_> = MANIFESTS
            .iter()
            .map(|name| tree::root().join(name))
            .collect();
        known.sort();
        assert_eq!(found, known);
    }
}
