//! Turns the archive rustc makes into one object whose only global names are the interface: nothing
//! inside can collide with another Rust library, another C library or the project's own names.

use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The linker of the target's C tools, as a program and its first arguments.
fn linker(target: &str) -> &'static [&'static str] {
    match target {
        arm if arm.starts_with("thumb") => &["arm-none-eabi-ld", "--no-warn-execstack"],
        riscv if riscv.starts_with("riscv32") => &["riscv64-unknown-elf-ld", "-melf32lriscv"],
        _ => &["ld", "-melf_i386"],
    }
}

/// Makes `archive` from `built`, which is left as it is; `interface` is what stays global.
pub(super) fn single_object(
    target: &str,
    built: &Path,
    archive: &Path,
    interface: &BTreeSet<String>,
) -> Result<(), Failure> {
    let folder = built.with_extension("merge");
    if folder.exists() {
        fs::remove_dir_all(&folder).doing(format!("clearing {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;
    let rust = folder.join("rust.a");
    let object = folder.join("wifi_provision.o");
    let kept = folder.join("interface.txt");
    fs::copy(built, &rust).doing(format!("copying {}", built.display()))?;
    let names: Vec<&str> = interface.iter().map(String::as_str).collect();
    fs::write(&kept, names.join("\n")).doing("writing the interface's names")?;

    // Rust's own memcpy and its like stay out: the image's C library has them, smaller and tuned.
    let ar = tree::llvm_tool("llvm-ar")?;
    let members = step::output("listing the archive", Command::new(&ar).arg("t").arg(&rust))?;
    let runtime: Vec<&str> = members
        .lines()
        .filter(|member| member.starts_with("compiler_builtins-"))
        .collect();
    step::output(
        "leaving the compiler's runtime out",
        Command::new(&ar).arg("d").arg(&rust).args(runtime),
    )?;

    let (program, first) = linker(target)
        .split_first()
        .ok_or_else(|| Failure::new("no linker is known for this target"))?;
    let mut link = Command::new(program);
    link.args(first)
        .args(["-r", "--gc-sections", "-o"])
        .arg(&object);
    for name in interface {
        link.arg("--undefined").arg(name);
    }
    step::output("linking into one object", link.arg(&rust))?;

    // Debug information names the folders of the machine that built it; bare-metal C objects have
    // no stack note, and linkers warn about a mixture.
    let mut localise = Command::new(tree::llvm_tool("llvm-objcopy")?);
    localise
        .arg("--strip-debug")
        .arg("--keep-global-symbols")
        .arg(&kept);
    if target.ends_with("-none-eabi") || target.ends_with("-none-elf") {
        localise.args(["--remove-section", ".note.GNU-stack"]);
    }
    step::output("hiding what is inside", localise.arg(&object))?;
    if archive.exists() {
        fs::remove_file(archive).doing(format!("replacing {}", archive.display()))?;
    }
    step::output(
        "writing the archive",
        Command::new(&ar).arg("crs").arg(archive).arg(&object),
    )
    .map(drop)
}
