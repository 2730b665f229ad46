//! Programs from the crate registry, in `target/tools`.

use crate::failure::Failure;
use crate::{step, tree};
use std::fs;
use std::path::PathBuf;

/// A program and its version.
pub(crate) struct Tool {
    /// Of the package and of the program.
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
    /// For `cargo install`.
    pub(crate) options: &'static [&'static str],
}

impl Tool {
    /// Where it lies; it is built the first time, and when the version is another.
    pub(crate) fn install(&self) -> Result<PathBuf, Failure> {
        let Self {
            name,
            version,
            options,
        } = self;
        let tools = tree::made().join("tools");
        let program = tools.join("bin").join(name);
        let known = fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
        if !program.is_file() || !is_installed(&known, name, version) {
            step::quiet(
                &format!("Rust: building {name} {version}, once"),
                tree::cargo()
                    .args(["install", "--locked", "--root"])
                    .arg(&tools)
                    .args(*options)
                    .arg(format!("{name}@{version}")),
            )?;
        }
        Ok(program)
    }
}

/// Whether cargo's own list has it.
fn is_installed(list: &str, name: &str, version: &str) -> bool {
    list.contains(&format!("\n\"{name} {version} ("))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_not_the_one() {
        let list = "[v1]\n\"cargo-fuzz 0.13.2 (registry+somewhere)\" = [\"cargo-fuzz\"]\n";
        assert!(is_installed(list, "cargo-fuzz", "0.13.2"));
        assert!(!is_installed(list, "cargo-fuzz", "0.13.3"));
        assert!(!is_installed(list, "fuzz", "0.13.2"));
    }
}
