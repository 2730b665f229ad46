//! `cargo xtask idf`: the component for ESP-IDF, put together with its archives, and what of it can be checked without
//! ESP-IDF, which no registry has: Kconfig, the glue's C, the symbols between glue and archive.

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The archives: the Rust target, and the folder `CMakeLists.txt` looks for it in.
const ARCHIVES: &[(&str, &str)] = &[
    ("riscv32imc-unknown-none-elf", "riscv32imc"),
    ("riscv32imac-unknown-none-elf", "riscv32imac"),
];

const COMPILER: &str = "riscv64-unknown-elf-gcc";
/// As ESP-IDF compiles, with more warnings; `{ 0 }` ends NimBLE's tables.
const CODE: &[&str] = &[
    "--specs=picolibc.specs",
    "-march=rv32imc_zicsr",
    "-mabi=ilp32",
    "-std=gnu17",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-missing-field-initializers",
];

/// What the archive asks of the glue, by its beginnings; the rest is the kernel's and the C library's.
const PLATFORM: &[&str] = &["IotBleDataTransfer_", "WIFI_"];

/// The function of the kernel that the glue has to give, and a name of ESP-IDF's that looks like one of the contract's.
const TASK_CREATE: &str = "xTaskCreate";
const NOT_OURS: &str = "WIFI_EVENT";

/// `idf`.
pub(crate) fn run(_: &[String]) -> Result<(), Failure> {
    setup::everything()?;
    let component = tree::made().join("dist/esp-idf/wifi_provision");
    let work = tree::made().join("idf");
    for folder in [&component, &work] {
        fs::create_dir_all(folder).doing(format!("{} cannot be made", folder.display()))?;
    }
    for (target, name) in ARCHIVES {
        let made = work.join(name);
        archive(target, &made)?;
        let lib = component.join("lib").join(name);
        copy(&made, &lib, &["libwifi_provision.a"])?;
        copy_all(&made.join("include"), &component.join("include"), "h")?;
        copy(
            &made.join("src"),
            &component.join("src"),
            &["wifi_provision_check.c"],
        )?;
    }
    let own = source();
    for (folder, ending) in [
        ("src", "c"),
        ("src", "h"),
        ("include", "h"),
        ("compat", "h"),
    ] {
        copy_all(&own.join(folder), &component.join(folder), ending)?;
    }
    copy(
        &own,
        &component,
        &[
            "CMakeLists.txt",
            "Kconfig",
            "README.md",
            "idf_component.yml",
            "sdkconfig.defaults",
        ],
    )?;

    kconfig(&work)?;
    let defined = glue(&component, &work)?;
    cmake(&component, &work)?;
    for (_, name) in ARCHIVES {
        meets(
            &component.join("lib").join(name).join("libwifi_provision.a"),
            &defined,
        )?;
    }
    println!(
        "{}: the component; checked as far as that goes without ESP-IDF, never built with it",
        component.display()
    );
    Ok(())
}

fn source() -> PathBuf {
    tree::root().join("ports/esp-idf")
}

/// The drop-in with ESP-IDF's figures. It builds in a folder of its own: another configuration makes everything anew.
fn archive(target: &str, to: &Path) -> Result<(), Failure> {
    let own = env::current_exe().doing("asking where this program lies")?;
    step::shown(
        &format!("the drop-in for ESP-IDF: {target}"),
        Command::new(own)
            .current_dir(tree::root())
            .args(["dist", "--log", "--as-is", "--target", target, "--to"])
            .arg(to)
            .env("FREERTOS_CONFIG_DIR", source().join("config"))
            .env("CARGO_TARGET_DIR", tree::made().join("idf/build")),
    )
}

/// The Kconfig evaluates, and gives the header the glue includes.
fn kconfig(work: &Path) -> Result<(), Failure> {
    let kconfig = source().join("Kconfig");
    let header = work.join("sdkconfig-evaluated.h");
    step::quiet(
        "evaluating the Kconfig",
        Command::new(tree::python())
            .current_dir(work)
            .env("WIFI_PROVISION_KCONFIG", &kconfig)
            .args(["-m", "kconfgen", "--kconfig"])
            .arg(source().join("check/Kconfig"))
            .args(["--config", "sdkconfig", "--output", "header"])
            .arg(&header),
    )?;
    let text = fs::read_to_string(&header).doing("reading what the Kconfig gave")?;
    match missing_settings(&text).as_slice() {
        [] => Ok(()),
        missing => Err(Failure::new(format!(
            "the Kconfig does not give {}",
            missing.join(", ")
        ))),
    }
}

/// The settings the glue uses and a configuration lacks.
fn missing_settings(header: &str) -> Vec<&'static str> {
    [
        "CONFIG_WIFI_PROVISION_DEVICE_NAME",
        "CONFIG_WIFI_PROVISION_SOFTWARE_VERSION",
        "CONFIG_WIFI_PROVISION_JOIN_TIMEOUT_S",
    ]
    .into_iter()
    .filter(|name| !header.contains(&format!("#define {name} ")))
    .collect()
}

/// Compiles the component's C against our declarations; gives what it defines.
fn glue(component: &Path, work: &Path) -> Result<BTreeSet<String>, Failure> {
    let mut defined = BTreeSet::new();
    let declarations = source().join("check/declarations");
    for file in files(&component.join("src"), "c")? {
        let object = work
            .join(file.file_stem().unwrap_or_default())
            .with_extension("o");
        let mut compile = Command::new(COMPILER);
        compile.args(CODE);
        for include in [
            component.join("src"),
            component.join("include"),
            component.join("compat"),
            declarations.clone(),
            work.to_path_buf(),
        ] {
            compile.arg("-I").arg(include);
        }
        compile.arg("-c").arg(&file).arg("-o").arg(&object);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        step::quiet(&format!("compiling {name}"), &mut compile)?;
        defined.extend(symbols(&object, "--defined-only")?);
    }
    Ok(defined)
}

/// Evaluates `CMakeLists.txt` and links an application with the component, in which none of our own names stays open.
fn cmake(component: &Path, work: &Path) -> Result<(), Failure> {
    let check = source().join("check");
    let build = work.join("cmake");
    let includes = format!(
        "{};{}",
        check.join("declarations").display(),
        work.display()
    );
    step::quiet(
        "CMake: evaluating",
        Command::new("cmake")
            .arg("-S")
            .arg(&check)
            .arg("-B")
            .arg(&build)
            .arg("-DCMAKE_SYSTEM_NAME=Generic")
            .arg(format!("-DCMAKE_C_COMPILER={COMPILER}"))
            .arg(format!("-DCMAKE_C_FLAGS={}", CODE.join(" ")))
            .arg(format!("-DCOMPONENT={}", component.display()))
            .arg(format!("-DCHECK_INCLUDES={includes}")),
    )?;
    step::quiet(
        "CMake: linking glue and archive",
        Command::new("cmake").arg("--build").arg(&build),
    )?;
    let open: Vec<String> = symbols(&build.join("application"), "--undefined-only")?
        .into_iter()
        .filter(|name| ours(name))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "linked with CMake, {} stays undefined",
        open.join(", ")
    )))
}

/// Whether archive or glue must define it.
fn ours(name: &str) -> bool {
    name == TASK_CREATE || (name != NOT_OURS && PLATFORM.iter().any(|part| name.starts_with(part)))
}

/// Whether the glue defines all that the archive asks of a platform.
fn meets(archive: &Path, defined: &BTreeSet<String>) -> Result<(), Failure> {
    let asked = symbols(archive, "--undefined-only")?;
    let missing: Vec<&str> = asked
        .iter()
        .filter(|name| ours(name) && !defined.contains(*name))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} asks for {}, which the glue does not define",
        archive.display(),
        missing.join(", ")
    )))
}

/// Global names, the last word of each line of `nm`.
fn symbols(file: &Path, which: &str) -> Result<BTreeSet<String>, Failure> {
    let listing = step::output(
        "listing symbols",
        Command::new("riscv64-unknown-elf-nm")
            .args(["--extern-only", which])
            .arg(file),
    )?;
    Ok(names(&listing))
}

fn names(listing: &str) -> BTreeSet<String> {
    listing
        .lines()
        .filter(|line| !line.ends_with(':'))
        .filter_map(|line| line.split_whitespace().last())
        .map(str::to_owned)
        .collect()
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, Failure> {
    let listing = || format!("reading {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).doing(listing())? {
        let path = entry.doing(listing())?.path();
        if path.extension().is_some_and(|own| own == ending) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn copy_all(from: &Path, to: &Path, ending: &str) -> Result<(), Failure> {
    let files = files(from, ending)?;
    let names: Vec<&str> = files
        .iter()
        .filter_map(|file| file.file_name()?.to_str())
        .collect();
    copy(from, to, &names)
}

fn copy(from: &Path, to: &Path, names: &[&str]) -> Result<(), Failure> {
    fs::create_dir_all(to).doing(format!("{} cannot be made", to.display()))?;
    for name in names {
        fs::copy(from.join(name), to.join(name))
            .doing(format!("{} cannot be copied", from.join(name).display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_last_words_of_a_listing() {
        let listing = "\nmember.o:\n         U WIFI_Scan\n00000000 T main\n";
        let names = names(listing);
        assert!(names.contains("WIFI_Scan") && names.contains("main"));
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn the_contract_s_names_are_told_from_esp_idf_s() {
        assert!(ours("WIFI_Scan") && ours("IotBleDataTransfer_Send") && ours("xTaskCreate"));
        assert!(!ours("WIFI_EVENT") && !ours("xTaskCreatePinnedToCore") && !ours("esp_wifi_init"));
    }

    #[test]
    fn a_setting_that_is_not_given_is_named() {
        let header = "#define CONFIG_WIFI_PROVISION_DEVICE_NAME \"x\"\n#define CONFIG_WIFI_PROVISION_JOIN_TIMEOUT_S 20\n";
        assert_eq!(
            missing_settings(header),
            ["CONFIG_WIFI_PROVISION_SOFTWARE_VERSION"]
        );
    }
}
