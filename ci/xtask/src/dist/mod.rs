//! `cargo xtask dist`: the drop-in archive, its headers, and the proof that it is one.

mod merge;
mod symbols;

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libwifi_provision.a";

/// The targets the drop-in is made for.
pub(crate) const TARGETS: &[&str] = &[
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "i686-unknown-linux-gnu",
];

/// `dist --target TARGET`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let target = match arguments {
        [option, target] if option == "--target" => target.as_str(),
        [both] if both.starts_with("--target=") => both.trim_start_matches("--target="),
        _ => {
            return Err(Failure::new(format!(
                "say for which target: dist --target {}",
                TARGETS.join(" | ")
            )));
        }
    };
    if !TARGETS.contains(&target) {
        return Err(Failure::new(format!(
            "{target} is not one of {}",
            TARGETS.join(", ")
        )));
    }
    setup::packages()?;
    let folder = make(target)?;
    println!(
        "{}: the archive and its headers are in {}",
        target,
        folder.display()
    );
    Ok(())
}

/// Builds, copies and checks; gives the folder.
pub(crate) fn make(target: &str) -> Result<PathBuf, Failure> {
    let mut build = tree::cargo();
    build.args([
        "rustc",
        "--release",
        "--locked",
        "--package",
        "wifi-provision",
        "--lib",
    ]);
    build.args([
        "--features",
        "freertos,panic-handler",
        "--crate-type",
        "staticlib",
        "--target",
        target,
    ]);
    step::shown(&format!("building the drop-in for {target}"), &mut build)?;
    let folder = tree::made().join("dist").join(target);
    let include = folder.join("include");
    fs::create_dir_all(&include).doing(format!("making {}", include.display()))?;
    let built = tree::built().join(target).join("release").join(ARCHIVE);
    let archive = folder.join(ARCHIVE);
    let interface = Interface::read()?;
    merge::single_object(target, &built, &archive, &interface.global())?;
    copy_headers(&include)?;
    check(&archive, &interface)?;
    Ok(folder)
}

/// The names our headers promise.
struct Interface {
    /// The service's functions.
    exported: BTreeSet<String>,
    /// The optional extensions of the platform contract, which a platform may define itself.
    weak_defaults: BTreeSet<String>,
}

impl Interface {
    fn read() -> Result<Self, Failure> {
        let declared = |name: &str| {
            read(&tree::root().join("include").join(name)).map(|text| symbols::declared(&text))
        };
        let mut exported = declared("iot_ble_wifi_provisioning.h")?;
        exported.extend(declared("wifi_provision.h")?);
        Ok(Self {
            exported,
            weak_defaults: declared("wifi_provision_platform.h")?,
        })
    }

    fn global(&self) -> BTreeSet<String> {
        self.exported.union(&self.weak_defaults).cloned().collect()
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).doing(format!("reading {}", path.display()))
}

fn copy_headers(to: &Path) -> Result<(), Failure> {
    for header in headers()? {
        let Some(name) = header.file_name() else {
            continue;
        };
        fs::copy(&header, to.join(name)).doing(format!("copying {}", header.display()))?;
    }
    Ok(())
}

fn headers() -> Result<Vec<PathBuf>, Failure> {
    let folder = tree::root().join("include");
    let mut headers = Vec::new();
    for entry in fs::read_dir(&folder).doing("reading include/")? {
        let path = entry.doing("reading include/")?.path();
        if path.extension().is_some_and(|extension| extension == "h") {
            headers.push(path);
        }
    }
    headers.sort();
    Ok(headers)
}

/// Defines what our headers promise, nothing of the platform but the weak defaults, and asks for
/// nothing that `ci/dist-undefined.txt` does not list.
fn check(archive: &Path, interface: &Interface) -> Result<(), Failure> {
    let allowed = symbols::listed(&read(&tree::root().join("ci/dist-undefined.txt"))?);
    let listing = step::output(
        "reading the archive's symbols",
        Command::new(tree::llvm_tool("llvm-nm")?)
            .args(["--format=posix", "--no-sort"])
            .arg(archive),
    )?;
    let faults = symbols::faults(
        &symbols::parse(&listing),
        &interface.exported,
        &interface.weak_defaults,
        &allowed,
    );
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("  {fault}");
    }
    Err(Failure::new(format!(
        "{} is not the drop-in it should be: {} faults, above",
        archive.display(),
        faults.len()
    )))
}
