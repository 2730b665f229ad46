//! What `rust-toolchain.toml` asks of the Rust toolchain. Rustup installs it by itself at the first
//! use, unless it was told not to or the toolchain was there before; then this does.

use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs the targets and components that are missing.
pub(super) fn install() -> Result<(), Failure> {
    let path = tree::root().join("rust-toolchain.toml");
    let wanted = Wanted::read(&fs::read_to_string(&path).doing("reading rust-toolchain.toml")?);
    targets(&wanted.targets)?;
    let toolchain = toolchain()?;
    let mut missing = Vec::new();
    for name in wanted.components {
        if !is_component_there(&toolchain, &name) {
            missing.push(name);
        }
    }
    add("component", &missing)
}

/// Installs those of the targets that are missing.
pub(super) fn targets(names: &[String]) -> Result<(), Failure> {
    let toolchain = toolchain()?;
    let is_missing = |name: &&String| {
        let library = toolchain.join("lib/rustlib").join(name).join("lib");
        !library.is_dir()
    };
    let missing: Vec<String> = names.iter().filter(is_missing).cloned().collect();
    add("target", &missing)
}

/// What the file asks for.
struct Wanted {
    targets: Vec<String>,
    components: Vec<String>,
}

impl Wanted {
    /// Lists of names in one line or several are all that this needs of TOML.
    fn read(text: &str) -> Self {
        let list = |name: &str| {
            text.split_once(&format!("\n{name} = ["))
                .and_then(|(_, rest)| rest.split_once(']'))
                .map(|(names, _)| names.split('"').skip(1).step_by(2))
                .into_iter()
                .flatten()
                .map(str::to_owned)
                .collect()
        };
        Self {
            targets: list("targets"),
            components: list("components"),
        }
    }
}

/// Where the toolchain lies that builds this tree.
fn toolchain() -> Result<PathBuf, Failure> {
    let path = step::output(
        "asking rustc for its folder",
        Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(tree::root()),
    )?;
    Ok(PathBuf::from(path.trim()))
}

fn is_component_there(toolchain: &Path, name: &str) -> bool {
    match name {
        "clippy" => toolchain.join("bin/cargo-clippy").is_file(),
        "llvm-tools" => tree::llvm_tool("llvm-nm").is_ok(),
        "rust-src" => toolchain.join("lib/rustlib/src/rust/library").is_dir(),
        program => toolchain.join("bin").join(program).is_file(),
    }
}

/// Adds what is missing. Without rustup it says what is wanted.
fn add(what: &str, missing: &[String]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    step::quiet(
        &format!("Rust: adding the {what} {names}"),
        Command::new("rustup")
            .current_dir(tree::root())
            .args([what, "add"])
            .args(missing),
    )
    .map_err(|failure| {
        Failure::new(format!(
            "{failure}; the toolchain needs it: `rustup {what} add {names}` in {}",
            tree::root().display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_in_one_line_or_several() {
        let wanted = Wanted::read(
            "[toolchain]\ncomponents = [\"clippy\", \"rust-src\"]\ntargets = [\n  \"thumbv7m-none-eabi\",\n]\n",
        );
        assert_eq!(wanted.components, ["clippy", "rust-src"]);
        assert_eq!(wanted.targets, ["thumbv7m-none-eabi"]);
    }

    #[test]
    fn a_toolchain_without_anything_lacks_its_components() {
        for name in ["clippy", "rustfmt", "rust-src"] {
            assert!(!is_component_there(Path::new("nowhere"), name), "{name}");
        }
    }
}
