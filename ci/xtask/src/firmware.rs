//! The firmware of the virtual board: one Rust archive, the kernel, the C application, and the
//! board's linker script. Only what changed is made again.

use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

const TARGET: &str = "thumbv7m-none-eabi";
const COMPILER: &str = "arm-none-eabi-gcc";
const MACHINE: &[&str] = &["-mcpu=cortex-m3", "-mthumb"];
const CODE: &[&str] = &[
    "-std=gnu11",
    "-Os",
    "-g",
    "-ffunction-sections",
    "-fdata-sections",
    "-Wall",
    "-Wextra",
    "-MMD",
];

/// How the environment's variables begin that order capacities.
const CAPACITY: &str = "WIFI_PROVISION_MAX_";

/// `cargo xtask firmware`: builds it and says where it is.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    println!("{}", build()?.display());
    Ok(())
}

/// Builds the firmware and gives the path of its ELF image.
pub(crate) fn build() -> Result<PathBuf, Failure> {
    has_no_capacities_of_its_own()?;
    let board = tree::root().join("ports/mps2-an385");
    let out = tree::made().join("firmware/mps2-an385");
    fs::create_dir_all(out.join("objects")).doing(format!("{} cannot be made", out.display()))?;
    let archive = archive(&board)?;
    let objects = objects(&board, &out)?;
    link(&board, &out, &archive, &objects)
}

/// Refuses capacities of the environment: a board's C code and its ports have what the headers say, and Rust would have
/// another layout of the structs they share.
pub(crate) fn has_no_capacities_of_its_own() -> Result<(), Failure> {
    let ordered = env::vars_os().find_map(|(name, _)| {
        let name = name.into_string().ok()?;
        name.starts_with(CAPACITY).then_some(name)
    });
    match ordered {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!(
            "{name} is set, and the board's C code has what the headers say; unset it (it is for `dist` and CMake)"
        ))),
    }
}

/// The Rust part: the service, the ports and the board in one archive.
fn archive(board: &Path) -> Result<PathBuf, Failure> {
    let mut cargo = tree::cargo();
    cargo
        .args([
            "rustc",
            "--package",
            "board-mps2-an385",
            "--release",
            "--locked",
            "--target",
            TARGET,
        ])
        .args(["--crate-type", "staticlib"])
        .env("FREERTOS_CONFIG_DIR", board);
    step::quiet("building the board's Rust archive", &mut cargo)?;
    Ok(tree::built()
        .join(TARGET)
        .join("release/libboard_mps2_an385.a"))
}

/// The kernel's and the application's objects, compiled where older than what they are made of.
fn objects(board: &Path, out: &Path) -> Result<Vec<PathBuf>, Failure> {
    let root = tree::root();
    let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
    let port = kernel.join(freertos_kernel::port_directory(TARGET).unwrap_or_default());
    let includes = [
        root.join("include"),
        board.to_path_buf(),
        board.join("include"),
        root.join("ports/ble/include"),
        root.join("ports/wifi/include"),
        root.join("ports/mqtt/include"),
        root.join("ports/network/include"),
        kernel.join("include"),
        port.clone(),
    ];
    let mut flags: Vec<OsString> = MACHINE.iter().chain(CODE).map(OsString::from).collect();
    for include in includes.iter().filter(|include| include.is_dir()) {
        flags.push("-I".into());
        flags.push(include.into());
    }
    // Other flags make other objects.
    let known = out.join("flags");
    let now = format!("{flags:?}");
    let same = fs::read_to_string(&known).is_ok_and(|before| before == now);

    let mut sources: Vec<PathBuf> = freertos_kernel::SOURCES
        .iter()
        .map(|name| kernel.join(name))
        .collect();
    sources.push(port.join("port.c"));
    sources.push(kernel.join("portable/MemMang/heap_4.c"));
    sources.extend(c_files(&root.join("demos"))?);

    let mut objects = Vec::new();
    let mut stale = Vec::new();
    for source in sources {
        let stem = source
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let object = out.join("objects").join(format!("{stem}.o"));
        if !same || !is_fresh(&object) {
            stale.push((source, object.clone()));
        }
        objects.push(object);
    }
    for (source, object) in stale {
        let title = format!(
            "compiling {}",
            source.file_name().unwrap_or_default().to_string_lossy()
        );
        let mut compile = Command::new(COMPILER);
        compile
            .args(&flags)
            .arg("-c")
            .arg(&source)
            .arg("-o")
            .arg(&object);
        step::quiet(&title, &mut compile)?;
    }
    fs::write(&known, now).doing(format!("{} cannot be written", known.display()))?;
    Ok(objects)
}

/// The application's sources, in a fixed order.
fn c_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(format!("{} cannot be read", folder.display()))? {
        let path = entry
            .doing(format!("{} cannot be read", folder.display()))?
            .path();
        if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether an object is newer than every file its compiler read, by the list it left.
fn is_fresh(object: &Path) -> bool {
    let (Some(made), Ok(list)) = (
        modified(object),
        fs::read_to_string(object.with_extension("d")),
    ) else {
        return false;
    };
    let list = list.replace("\\\n", " ");
    let Some((_, inputs)) = list.split_once(": ") else {
        return false;
    };
    inputs
        .split_whitespace()
        .all(|input| modified(Path::new(input)).is_some_and(|changed| changed <= made))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// Links the image, with a map beside it, when anything in it is newer.
fn link(board: &Path, out: &Path, archive: &Path, objects: &[PathBuf]) -> Result<PathBuf, Failure> {
    let script = board.join("mps2-an385.ld");
    let image = out.join("firmware.elf");
    let inputs = objects
        .iter()
        .map(PathBuf::as_path)
        .chain([archive, script.as_path()]);
    let made = modified(&image);
    if made.is_some()
        && inputs
            .into_iter()
            .all(|input| modified(input).is_some_and(|changed| Some(changed) <= made))
    {
        return Ok(image);
    }
    let mut map = OsString::from("-Wl,-Map=");
    map.push(out.join("firmware.map"));
    let mut link = Command::new(COMPILER);
    link.args(MACHINE)
        .args([
            "-nostartfiles",
            "--specs=nano.specs",
            "-Wl,--gc-sections",
            "-Wl,--fatal-warnings",
            "-Wl,--no-warn-execstack",
        ])
        .arg("-Wl,--no-warn-rwx-segments")
        .arg(map)
        .arg("-T")
        .arg(&script)
        .args(objects)
        .arg(archive)
        .arg("-o")
        .arg(&image);
    step::quiet("linking the firmware", &mut link)?;
    Ok(image)
}
