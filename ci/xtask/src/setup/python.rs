//! The Python environment of the companion, the simulators, the end-to-end tests and the ESP32's images.

use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The files whose content decides what the environment holds.
const PINS: &[&str] = &[
    "companion/requirements.lock",
    "ci/e2e/requirements.lock",
    "ports/esp32c3/requirements.lock",
    "companion/pyproject.toml",
    "tests/protocomm/requirements.lock",
];

/// Makes the environment, unless it was made from the same pins, at the same place, by the same Python.
pub(super) fn install() -> Result<(), Failure> {
    let root = tree::root();
    let venv = tree::made().join("venv");
    let stamp = venv.join("made-from");
    let wanted = recipe(&root, &venv)?;
    if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
        return Ok(());
    }
    fs::create_dir_all(tree::made()).doing("making target/")?;
    step::quiet(
        "Python: a fresh environment in target/venv",
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&venv),
    )?;
    let pip = || {
        let mut pip = Command::new(tree::python());
        pip.current_dir(&root).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
        ]);
        pip
    };
    step::quiet(
        "Python: installing the pinned packages",
        pip().args([
            "-r",
            "companion/requirements.lock",
            "-r",
            "ci/e2e/requirements.lock",
            "-r",
            "ports/esp32c3/requirements.lock",
        ]),
    )?;
    step::quiet(
        "Python: installing Espressif's client",
        pip().args(["--no-deps", "-r", "tests/protocomm/requirements.lock"]),
    )?;
    step::quiet(
        "Python: installing the companion",
        pip().args(["--no-deps", "--editable", "companion"]),
    )?;
    fs::write(&stamp, wanted).doing("writing the stamp of target/venv")
}

fn recipe(root: &Path, venv: &Path) -> Result<String, Failure> {
    let mut recipe = step::output(
        "asking for Python's version",
        Command::new("python3").arg("--version"),
    )?;
    recipe.push_str(&venv.to_string_lossy());
    for name in PINS {
        recipe.push_str("\n--- ");
        recipe.push_str(name);
        recipe.push('\n');
        recipe.push_str(&fs::read_to_string(root.join(name)).doing(format!("reading {name}"))?);
    }
    Ok(recipe)
}
