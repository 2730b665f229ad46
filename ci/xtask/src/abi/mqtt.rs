//! The C symbols of MQTT over BLE: an archive of their own, and the programs that link it.

use super::TARGET;
use crate::failure::Failure;
use crate::{step, tree};
use std::path::PathBuf;

pub(super) fn sources() -> PathBuf {
    tree::root().join("ports/mqtt-ble/tests/c")
}

/// The archive, made when there is a program to link it with.
pub(super) fn archive(programs: &[PathBuf]) -> Result<PathBuf, Failure> {
    if !programs.is_empty() {
        let mut build = tree::cargo();
        build
            .args(["rustc", "--release", "--locked", "--lib"])
            .args(["--package", "port-mqtt-ble", "--no-default-features"])
            .args(["--features", "c,panic-handler"])
            .args(["--crate-type", "staticlib", "--target", TARGET]);
        step::quiet("building the C symbols of MQTT over BLE", &mut build)?;
    }
    Ok(tree::built()
        .join(TARGET)
        .join("release/libport_mqtt_ble.a"))
}
