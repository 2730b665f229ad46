//! Finds the upstream FreeRTOS kernel: the user's own tree at `FREERTOS_KERNEL_PATH`, or the one
//! the registry package pinned in `upstream/` carries. No kernel source lives in this repository.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The environment variable that names a kernel tree of the user's own.
pub const KERNEL_PATH_VARIABLE: &str = "FREERTOS_KERNEL_PATH";

/// A file every kernel tree has; its presence tells that a folder is one.
const LANDMARK: &str = "include/FreeRTOS.h";

/// Why no kernel was found: what was looked for, where, and the mend.
#[derive(Debug)]
pub enum LocateError {
    /// `FREERTOS_KERNEL_PATH` names a folder that is no kernel tree.
    NotAKernel(PathBuf),
    /// `cargo metadata` could not be run.
    Cargo(std::io::Error),
    /// `cargo metadata` on the pinning manifest failed.
    Metadata {
        /// The manifest that pins the package.
        manifest: PathBuf,
        /// What cargo said.
        stderr: String,
    },
    /// The pinned package does not hold the tree where it should.
    PackageWithoutKernel(PathBuf),
}

impl fmt::Display for LocateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAKernel(path) => write!(
                f,
                "{KERNEL_PATH_VARIABLE} is {}, but {} is not there; point it at the root of a FreeRTOS-Kernel tree, or unset it to use the pinned one",
                path.display(),
                path.join(LANDMARK).display()
            ),
            Self::Cargo(error) => write!(
                f,
                "cargo could not be run to find the pinned kernel package: {error}"
            ),
            Self::Metadata { manifest, stderr } => write!(
                f,
                "the pinned kernel package of {} could not be fetched ({}); connect to the crate registry once, or set {KERNEL_PATH_VARIABLE} to a FreeRTOS-Kernel tree",
                manifest.display(),
                stderr.trim()
            ),
            Self::PackageWithoutKernel(path) => write!(
                f,
                "the pinned kernel package has no {}; set {KERNEL_PATH_VARIABLE} to a FreeRTOS-Kernel tree",
                path.join(LANDMARK).display()
            ),
        }
    }
}

impl std::error::Error for LocateError {}

/// Finds the kernel tree's root, the folder with `tasks.c` and `include/`.
///
/// # Errors
///
/// See [`LocateError`]; its text says what was looked for, where, and how to mend it.
pub fn locate() -> Result<PathBuf, LocateError> {
    if let Some(own) = env::var_os(KERNEL_PATH_VARIABLE) {
        return own_tree(PathBuf::from(own));
    }
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("upstream/Cargo.toml");
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--manifest-path",
        ])
        .arg(&manifest)
        .output()
        .map_err(LocateError::Cargo)?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(LocateError::Metadata { manifest, stderr });
    }
    let metadata = String::from_utf8_lossy(&output.stdout);
    let package = package_manifest(&metadata).unwrap_or_default();
    let tree = package
        .parent()
        .unwrap_or(Path::new(""))
        .join("FreeRTOS-Kernel");
    if tree.join(LANDMARK).is_file() {
        Ok(tree)
    } else {
        Err(LocateError::PackageWithoutKernel(tree))
    }
}

/// The user's own tree.
fn own_tree(own: PathBuf) -> Result<PathBuf, LocateError> {
    if own.join(LANDMARK).is_file() {
        Ok(own)
    } else {
        Err(LocateError::NotAKernel(own))
    }
}

/// Picks the pinned package's manifest path out of cargo's JSON. The path is one string without
/// escapes on every file system cargo runs on here, so no JSON library is needed for it.
fn package_manifest(metadata: &str) -> Option<PathBuf> {
    let key = "\"manifest_path\":\"";
    metadata
        .match_indices(key)
        .filter_map(|(at, _)| {
            metadata
                .get(at.checked_add(key.len())?..)?
                .split('"')
                .next()
        })
        .find(|path| path.contains("freertos-next"))
        .map(PathBuf::from)
}

/// The kernel sources every build needs, relative to the tree's root.
pub const SOURCES: &[&str] = &[
    "tasks.c",
    "queue.c",
    "list.c",
    "timers.c",
    "event_groups.c",
    "stream_buffer.c",
];

/// The folder of the kernel's port (its `portmacro.h`) for a Rust target, relative to the root.
///
/// Returns `None` for a target no port is known for; name one with `FREERTOS_PORT_DIR` then.
#[must_use]
pub fn port_directory(target: &str) -> Option<&'static str> {
    Some(match target {
        "thumbv6m-none-eabi" => "portable/GCC/ARM_CM0",
        "thumbv7m-none-eabi" => "portable/GCC/ARM_CM3",
        "thumbv7em-none-eabi" | "thumbv7em-none-eabihf" => "portable/GCC/ARM_CM4F",
        "thumbv8m.main-none-eabi" | "thumbv8m.main-none-eabihf" => {
            "portable/GCC/ARM_CM33_NTZ/non_secure"
        }
        "riscv32imc-unknown-none-elf" | "riscv32imac-unknown-none-elf" => "portable/GCC/RISC-V",
        "i686-unknown-linux-gnu" => "portable/ThirdParty/GCC/Posix",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_package_is_picked_out_of_the_metadata() {
        let json = r#"{"packages":[{"manifest_path":"/r/x-1/Cargo.toml"},{"manifest_path":"/r/freertos-next-0.12.0/Cargo.toml"}]}"#;
        assert_eq!(
            package_manifest(json),
            Some(PathBuf::from("/r/freertos-next-0.12.0/Cargo.toml"))
        );
    }

    #[test]
    fn every_error_says_what_was_looked_for_where_and_the_mend() {
        let manifest = PathBuf::from("/here/upstream/Cargo.toml");
        let no_network = "error: no network\n".to_owned();
        let cargo = std::io::Error::from(std::io::ErrorKind::NotFound);
        let (own, mend) = ("FREERTOS_KERNEL_PATH", "to a FreeRTOS-Kernel tree");
        for (error, parts) in [
            (
                own_tree(PathBuf::from("/nowhere")).unwrap_err(),
                [
                    "FREERTOS_KERNEL_PATH is /nowhere",
                    "/nowhere/include/FreeRTOS.h is not there",
                    "point it at the root of a FreeRTOS-Kernel tree, or unset it",
                ],
            ),
            (
                LocateError::Cargo(cargo),
                [
                    "cargo could not be run",
                    "pinned kernel package",
                    "not found",
                ],
            ),
            (
                LocateError::Metadata {
                    manifest,
                    stderr: no_network,
                },
                [
                    "/here/upstream/Cargo.toml could not be fetched (error: no network)",
                    own,
                    mend,
                ],
            ),
            (
                LocateError::PackageWithoutKernel(PathBuf::from("/r/FreeRTOS-Kernel")),
                ["has no /r/FreeRTOS-Kernel/include/FreeRTOS.h", own, mend],
            ),
        ] {
            let text = error.to_string();
            for part in parts {
                assert!(text.contains(part), "{text}: {part}");
            }
            assert!(!text.contains('\n'), "one sentence: {text}");
        }
    }

    #[test]
    fn metadata_without_the_package_finds_nothing() {
        assert_eq!(package_manifest(r#"{"packages":[]}"#), None);
    }
}
