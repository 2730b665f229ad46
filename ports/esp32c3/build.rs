//! Compiles what is C: the upstream kernel with the port in `ports/riscv32`, the application in `demos`, and the board's
//! edge. Links them, the C library and esp-hal's linker script.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const COMPILER: &str = "riscv64-unknown-elf-gcc";
const ARCHIVER: &str = "riscv64-unknown-elf-ar";
/// The chip's core; the ABI of `riscv32imc-unknown-none-elf`; Debian's C library for it.
const MACHINE: &[&str] = &[
    "-march=rv32imc_zicsr",
    "-mabi=ilp32",
    "--specs=picolibc.specs",
];
const PICOLIBC: &str = "/usr/lib/picolibc/riscv64-unknown-elf/lib/release/rv32im/ilp32";
const CODE: &[&str] = &[
    "-std=gnu11",
    "-Os",
    "-g",
    "-ffunction-sections",
    "-fdata-sections",
    "-Wall",
    "-Wextra",
    "-Werror",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=FREERTOS_KERNEL_PATH");
    let board = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = board
        .ancestors()
        .nth(2)
        .ok_or("the board lies outside the repository")?
        .to_path_buf();
    let kernel = freertos_kernel::locate()?;
    let port = root.join("ports/riscv32");

    let mut build = cc::Build::new();
    build
        .compiler(COMPILER)
        .archiver(ARCHIVER)
        .no_default_flags(true)
        .includes([
            root.join("include"),
            board.join("kernel"),
            board.join("include"),
            root.join("ports/ble/include"),
            root.join("ports/wifi/include"),
            root.join("ports/mqtt/include"),
            root.join("ports/network/include"),
            kernel.join("include"),
            port.clone(),
        ]);
    for flag in MACHINE.iter().chain(CODE) {
        build.flag(flag);
    }
    for name in freertos_kernel::SOURCES {
        build.file(kernel.join(name));
    }
    build.files([
        port.join("port.c"),
        port.join("portASM.S"),
        board.join("src/edge.c"),
        board.join("src/mqtt.c"),
    ]);
    build.files(c_files(&root.join("demos"))?);
    for watched in [
        "demos",
        "include",
        "ports/riscv32",
        "ports/ble/include",
        "ports/wifi/include",
        "ports/mqtt/include",
        "ports/network/include",
    ] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    for watched in ["kernel", "include", "src/edge.c", "src/mqtt.c"] {
        println!("cargo::rerun-if-changed={}", board.join(watched).display());
    }
    build.try_compile("firmware_c")?;

    println!("cargo::rustc-link-search=native={}", c_library()?.display());
    // Its printf without floats.
    println!("cargo::rustc-link-arg-bins=--defsym=vfprintf=__i_vfprintf");
    println!("cargo::rustc-link-arg-bins=-lc");
    println!("cargo::rustc-link-arg-bins=-Tlinkall.x");
    Ok(())
}

/// The application's sources, in a fixed order.
fn c_files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "c") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Debian's C library for this machine: the variant without compressed instructions, the one there is without atomics.
fn c_library() -> Result<PathBuf, Box<dyn Error>> {
    let folder = PathBuf::from(PICOLIBC);
    if folder.join("libc.a").is_file() {
        return Ok(folder);
    }
    Err(
        "the C library for riscv32 is missing; install Debian's picolibc-riscv64-unknown-elf"
            .into(),
    )
}
