//! A C library for i386 with its symbols, which valgrind needs and gcc-multilib's has not. Unpacked
//! in `target/`, so that the machine need not become one of two architectures.

use super::made;
use crate::failure::{Doing, Failure};
use crate::step;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKAGES: &[&str] = &["libc6:i386", "libc6-dbg:i386", "libgcc-s1:i386"];
/// Where a package of that architecture has its libraries, and the loader among them.
const LIBRARIES: &str = "lib/i386-linux-gnu";
const LOADER: &str = "ld-linux.so.2";

/// Has it, and gives the folder of its libraries.
pub(super) fn with_symbols() -> Result<PathBuf, Failure> {
    let folder = made().join("glibc");
    let root = folder.join("root");
    let libraries = root.join(LIBRARIES);
    let stamp = folder.join("complete");
    if stamp.is_file() {
        return Ok(libraries);
    }
    let packages = folder.join("packages");
    for part in [
        "lists/partial",
        "cache/archives/partial",
        "packages",
        "root",
    ] {
        let part = folder.join(part);
        fs::create_dir_all(&part).doing(format!("making {}", part.display()))?;
    }
    // A list that cannot be had need not be one that is wanted: the download tells.
    if let Err(failure) = step::quiet(
        "valgrind: the list of i386 packages",
        apt(&folder).args(["update", "-q"]),
    ) {
        eprintln!("  {failure}; going on");
    }
    step::quiet(
        "valgrind: downloading an i386 C library with symbols",
        apt(&folder)
            .current_dir(&packages)
            .args(["download", "-q"])
            .args(PACKAGES),
    )?;
    for entry in fs::read_dir(&packages).doing("reading the downloaded packages")? {
        let package = entry.doing("reading the downloaded packages")?.path();
        step::output(
            "unpacking the i386 C library",
            Command::new("dpkg-deb").arg("-x").arg(&package).arg(&root),
        )?;
    }
    for library in [LOADER, "libc.so.6"] {
        lay_symbols_beside(&root, &libraries.join(library))?;
    }
    fs::write(&stamp, "").doing("noting that the i386 C library is complete")?;
    Ok(libraries)
}

/// apt, with its own lists and cache: nothing of the machine's changes.
fn apt(folder: &Path) -> Command {
    let mut apt = Command::new("apt-get");
    for (option, part) in [("Dir::State::lists", "lists"), ("Dir::Cache", "cache")] {
        let mut value = OsString::from(format!("{option}="));
        value.push(folder.join(part));
        apt.arg("-o").arg(value);
    }
    for option in [
        "APT::Architectures::=amd64",
        "APT::Architectures::=i386",
        // It may not write here, and need not.
        "APT::Sandbox::User=",
    ] {
        apt.args(["-o", option]);
    }
    apt
}

/// Valgrind looks for a library's symbols beside it, under a name made of its build's number.
fn lay_symbols_beside(root: &Path, library: &Path) -> Result<(), Failure> {
    let notes = step::output(
        "asking for a library's build",
        Command::new("readelf").arg("--notes").arg(library),
    )?;
    let build = notes
        .lines()
        .find_map(|line| line.trim().strip_prefix("Build ID: "))
        .unwrap_or_default();
    let (first, rest) = build.split_at_checked(2).ok_or_else(|| {
        Failure::new(format!(
            "{} does not tell its build; delete target/abi and try again",
            library.display()
        ))
    })?;
    let name = format!("{rest}.debug");
    let symbols = root.join("usr/lib/debug/.build-id").join(first).join(&name);
    fs::copy(&symbols, library.with_file_name(&name))
        .doing(format!("copying {}", symbols.display()))
        .map(drop)
}

/// What makes a program start with that library.
pub(super) fn linked_with(libraries: &Path) -> [OsString; 2] {
    let mut loader = OsString::from("-Wl,--dynamic-linker=");
    loader.push(libraries.join(LOADER));
    let mut path = OsString::from("-Wl,-rpath,");
    path.push(libraries);
    [loader, path]
}
