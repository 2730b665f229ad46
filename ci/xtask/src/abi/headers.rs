//! What the headers say to the compilers of firmwares: sizes and places, and all of them from C++.

use super::sources;
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A file compiled by one compiler.
pub(super) struct Check {
    title: String,
    compile: Command,
}

impl Check {
    pub(super) fn run(mut self) -> Result<(), Failure> {
        step::quiet(&self.title, &mut self.compile)
    }
}

/// A compiler of firmwares: for C, for C++, its flags, and where its kernel port is configured.
struct Compiler {
    c: &'static str,
    cpp: &'static str,
    flags: &'static [&'static str],
    target: &'static str,
    config: &'static str,
}

const CORTEX_M3: Compiler = Compiler {
    c: "arm-none-eabi-gcc",
    cpp: "arm-none-eabi-g++",
    flags: &["-mcpu=cortex-m3", "-mthumb"],
    target: "thumbv7m-none-eabi",
    config: "freertos-kernel/config",
};

const COMPILERS: &[Compiler] = &[
    CORTEX_M3,
    Compiler {
        // Projects may turn the ARM ABI's short enums off.
        flags: &[
            "-mcpu=cortex-m3",
            "-mthumb",
            "-fno-short-enums",
            "-DABI_WIDE_ENUMS",
        ],
        ..CORTEX_M3
    },
    Compiler {
        c: "riscv64-unknown-elf-gcc",
        cpp: "riscv64-unknown-elf-g++",
        flags: &[
            "--specs=picolibc.specs",
            "-march=rv32imc_zicsr",
            "-mabi=ilp32",
        ],
        target: "riscv32imc-unknown-none-elf",
        config: "freertos-kernel/config",
    },
    Compiler {
        c: "gcc",
        cpp: "g++",
        flags: &["-m32"],
        target: "i686-unknown-linux-gnu",
        config: "ports/posix",
    },
];

/// Every file with every compiler.
pub(super) fn checks() -> Result<Vec<Check>, Failure> {
    let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
    let made = super::made();
    fs::create_dir_all(&made).doing(format!("making {}", made.display()))?;
    let mut checks = Vec::new();
    for compiler in COMPILERS {
        let port = freertos_kernel::port_directory(compiler.target).unwrap_or_default();
        let includes: [PathBuf; 5] = [
            tree::root().join("include"),
            tree::root().join("ports/mqtt-ble/include"),
            tree::root().join(compiler.config),
            kernel.join("include"),
            kernel.join(port),
        ];
        for (program, standard, file) in [
            (compiler.c, "-std=c11", "layout.c"),
            (compiler.cpp, "-std=c++11", "headers.cpp"),
        ] {
            let mut compile = Command::new(program);
            compile
                .args([standard, "-Wall", "-Wextra", "-Werror", "-c", "-o"])
                .arg(made.join("checked.o"))
                .args(compiler.flags);
            for include in &includes {
                compile.arg("-I").arg(include);
            }
            compile.arg(sources().join(file));
            checks.push(Check {
                title: format!("{file}: {program} {}", compiler.flags.join(" ")),
                compile,
            });
        }
    }
    Ok(checks)
}
