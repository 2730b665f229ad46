//! The second-stage bootloader: ESP-IDF's, as the registry package pinned in `ports/esp32c3/bootloader` carries it. No
//! binary of it lies in this repository.

use crate::failure::Failure;
use crate::{step, tree};
use std::path::{Path, PathBuf};

/// Where it lies in the package.
const FILE: &str = "resources/bootloaders/esp32c3-bootloader.bin";

/// Finds it.
pub(super) fn locate() -> Result<PathBuf, Failure> {
    let manifest = super::board().join("bootloader/Cargo.toml");
    let metadata = step::output(
        "finding the bootloader's package",
        tree::cargo()
            .args([
                "metadata",
                "--format-version=1",
                "--locked",
                "--manifest-path",
            ])
            .arg(&manifest),
    )?;
    let file = package(&metadata)
        .as_deref()
        .and_then(Path::parent)
        .unwrap_or(Path::new(""))
        .join(FILE);
    if file.is_file() {
        return Ok(file);
    }
    Err(Failure::new(format!(
        "the package pinned in {} has no {FILE}",
        manifest.display()
    )))
}

/// Picks the package's manifest out of cargo's JSON; the path is one string without escapes.
fn package(metadata: &str) -> Option<PathBuf> {
    metadata
        .split("\"manifest_path\":\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|path| path.contains("/espflash-"))
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_picked_out_of_the_metadata() {
        let json = r#"{"packages":[{"manifest_path":"/r/x-1/Cargo.toml"},{"manifest_path":"/r/espflash-4.7.0/Cargo.toml"}]}"#;
        assert_eq!(
            package(json),
            Some(PathBuf::from("/r/espflash-4.7.0/Cargo.toml"))
        );
        assert_eq!(package(r#"{"packages":[]}"#), None);
    }
}
