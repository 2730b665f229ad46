//! What lies beside the archive: headers, the C files a firmware compiles itself, and how CMake and
//! pkg-config find it all.
//!
//! ```text
//! libwifi_provision.a   include/*.h   src/*.c   cmake/wifi_provision-config.cmake   wifi_provision.pc
//! ```

use crate::failure::{Doing, Failure};
use crate::tree;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The header of assertions; see `abi`.
const ABI_HEADER: &str = "include/wifi_provision_abi.h";

/// Writes everything but the archive, and the headers of what is not in that: those of an earlier order
/// are taken away.
/// `macros` are what a firmware is to be compiled with, as flags.
pub(super) fn fill(
    folder: &Path,
    abi_header: &str,
    left_out: &[&str],
    macros: &str,
) -> Result<(), Failure> {
    let root = tree::root();
    for (from, ending, to) in [
        ("include", "h", "include"),
        ("cmake", "c", "src"),
        ("cmake", "cmake", "cmake"),
    ] {
        let to = folder.join(to);
        fs::create_dir_all(&to).doing(format!("making {}", to.display()))?;
        for file in files(&root.join(from), ending)? {
            let Some(name) = file.file_name() else {
                continue;
            };
            if left_out.iter().any(|header| name == *header) {
                remove(&to.join(name))?;
            } else {
                write(&to.join(name), &read(&file)?)?;
            }
        }
    }
    write(&folder.join(ABI_HEADER), abi_header.as_bytes())?;
    let template = root.join("cmake/wifi_provision.pc.in");
    let text = String::from_utf8_lossy(&read(&template)?)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@MACROS@", macros);
    write(&folder.join("wifi_provision.pc"), text.as_bytes())
}

/// Moves `fresh` to `place`, unless the same is there.
pub(super) fn replace(fresh: &Path, place: &Path) -> Result<(), Failure> {
    write(place, &read(fresh)?)?;
    fs::remove_file(fresh).doing(format!("removing {}", fresh.display()))
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let listing = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(listing())? {
        let path = entry.doing(listing())?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).doing(format!("reading {}", file.display()))
}

fn remove(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).doing(format!("removing {}", file.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes where something else is, or nothing.
fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    match fs::read(file) {
        Ok(there) if there == content => return Ok(()),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error).doing(format!("reading {}", file.display())),
    }
    fs::write(file, content).doing(format!("writing {}", file.display()))
}
