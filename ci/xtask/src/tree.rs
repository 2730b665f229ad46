//! Where things lie in the working tree.

use crate::failure::{Doing, Failure};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).unwrap_or(own).to_path_buf()
}

/// What the tasks make: archives, the Python environment, run directories. Always in the tree.
pub(crate) fn made() -> PathBuf {
    root().join("target")
}

/// Where cargo builds: the tree's `target`, unless `CARGO_TARGET_DIR` says otherwise.
pub(crate) fn built() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(made, |own| root().join(own))
}

/// The Python of the environment that `setup` makes.
pub(crate) fn python() -> PathBuf {
    made().join("venv/bin/python")
}

/// Debian's libclang by the path from which it finds the compiler's own headers; loaded from the
/// system's library folder it does not.
const LIBCLANG: &str = "/usr/lib/llvm-14/lib";

/// `cargo`, in the repository's root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    if env::var_os("LIBCLANG_PATH").is_none() && Path::new(LIBCLANG).join("libclang.so.1").exists()
    {
        command.env("LIBCLANG_PATH", LIBCLANG);
    }
    command
}

/// Python of the environment, in the repository's root, with the simulators and the harness importable.
pub(crate) fn python_command() -> Result<Command, Failure> {
    let root = root();
    let path = env::join_paths([root.join("ci/sim"), root.join("ci/e2e")]).map_err(|error| {
        Failure::new(format!(
            "the path of this tree cannot be a Python path: {error}"
        ))
    })?;
    let mut command = Command::new(python());
    command
        .current_dir(&root)
        .env("PYTHONPATH", path)
        .env("PYTHONUNBUFFERED", "1");
    Ok(command)
}

/// A tool of the Rust toolchain's `llvm-tools` component.
pub(crate) fn llvm_tool(name: &str) -> Result<PathBuf, Failure> {
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--print", "target-libdir"])
        .current_dir(root())
        .output()
        .doing("asking rustc for its folder")?;
    let libdir = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let tool = libdir.parent().unwrap_or(&libdir).join("bin").join(name);
    if tool.is_file() {
        return Ok(tool);
    }
    Err(Failure::new(format!(
        "{} is missing; run `rustup component add llvm-tools`",
        tool.display()
    )))
}
