//! Kernel, platform and archive compiled for one way of watching a program, and the programs run.

use super::{c_files, glibc, made, sources};
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What watches the programs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kit {
    /// The address sanitizer, with leaks, and the undefined-behaviour sanitizer: the C side.
    Sanitizers,
    /// Memcheck: every instruction, those of the archive too.
    Valgrind,
}

/// How long a program may take: twenty times what it needs. A stuck task blocks all signals but
/// this one.
const TIMEOUT: &[&str] = &["--signal=KILL", "400"];

const CODE: &[&str] = &[
    "-m32",
    "-pthread",
    "-std=gnu11",
    "-g",
    "-O1",
    "-Wall",
    "-Wextra",
    "-Werror",
];
const SANITIZERS: &[&str] = &[
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
];
/// See `ports/posix/heap.c` and `threads.c`.
const WRAPPED: &str = "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=pvPortMalloc,--wrap=pthread_join";

/// The objects every program of a kit is linked with, before its archive.
pub(super) struct Bench {
    kit: Kit,
    folder: PathBuf,
    flags: Vec<OsString>,
    link: Vec<OsString>,
    objects: Vec<PathBuf>,
}

impl Kit {
    fn name(self) -> &'static str {
        match self {
            Self::Sanitizers => "sanitizers",
            Self::Valgrind => "valgrind",
        }
    }

    /// Compiles what the programs share. `dist` is the folder of the drop-in.
    pub(super) fn bench(self, dist: &Path) -> Result<Bench, Failure> {
        let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
        let port = kernel.join(freertos_kernel::port_directory(super::TARGET).unwrap_or_default());
        let posix = tree::root().join("ports/posix");
        let folder = made().join(self.name());
        fs::create_dir_all(&folder).doing(format!("making {}", folder.display()))?;

        let mut plain: Vec<OsString> = CODE.iter().map(OsString::from).collect();
        for include in [
            posix.clone(),
            dist.join("include"),
            kernel.join("include"),
            port.clone(),
            sources(),
            tree::root().join("ports/mqtt-ble/include"),
            made(),
        ] {
            plain.push("-I".into());
            plain.push(include.into());
        }
        plain.extend(macros(dist)?);
        let mut flags = plain.clone();
        let mut link: Vec<OsString> = vec![WRAPPED.into()];
        match self {
            Self::Sanitizers => {
                flags.extend(SANITIZERS.iter().map(OsString::from));
                link.extend(SANITIZERS.iter().map(OsString::from));
            }
            Self::Valgrind => {
                flags.push("-DABI_DIVISOR=10U".into());
                link.extend(glibc::linked_with(&glibc::with_symbols()?));
            }
        }

        let mut watched: Vec<PathBuf> = freertos_kernel::SOURCES
            .iter()
            .map(|name| kernel.join(name))
            .collect();
        watched.push(kernel.join("portable/MemMang/heap_3.c"));
        watched.extend(c_files(&posix)?);
        watched.push(sources().join("run.c"));
        // Makes no code: it compiles where headers, configuration and flags are those of the archive.
        watched.push(dist.join("src/wifi_provision_check.c"));
        // The port itself is not watched: its tick thread looks at the running task without a lock,
        // also while that is being deleted.
        let port = [port.join("port.c"), port.join("utils/wait_for_event.c")];
        let title = format!("{}: kernel and platform", self.name());
        step::quiet(&title, &mut compile(&folder, &flags, &watched))?;
        step::quiet(
            &format!("{}: the kernel's POSIX port", self.name()),
            &mut compile(&folder, &plain, &port),
        )?;
        let objects: Vec<PathBuf> = watched
            .iter()
            .chain(&port)
            .filter_map(|source| Some(folder.join(source.file_stem()?).with_extension("o")))
            .collect();
        Ok(Bench {
            kit: self,
            folder,
            flags,
            link,
            objects,
        })
    }
}

/// What a firmware that links the archive is compiled with besides, as it tells pkg-config.
fn macros(dist: &Path) -> Result<Vec<OsString>, Failure> {
    let description = dist.join("wifi_provision.pc");
    let text =
        fs::read_to_string(&description).doing(format!("reading {}", description.display()))?;
    let flags = text.lines().find_map(|line| line.strip_prefix("Cflags:"));
    Ok(flags
        .unwrap_or_default()
        .split_whitespace()
        .filter(|flag| flag.starts_with("-D"))
        .map(OsString::from)
        .collect())
}

/// All sources to objects of the same name.
fn compile(folder: &Path, flags: &[OsString], sources: &[PathBuf]) -> Command {
    let mut compile = Command::new("gcc");
    compile
        .current_dir(folder)
        .args(flags)
        .arg("-c")
        .args(sources);
    compile
}

impl Bench {
    /// Links a program with an archive and runs it.
    pub(super) fn run(&self, source: &Path, archive: &Path) -> Result<(), Failure> {
        let name = source.file_stem().unwrap_or_default().to_string_lossy();
        let title = format!("{}: {name}", self.kit.name());
        let image = self.link(source, archive)?;
        let mut run = Command::new("timeout");
        run.args(TIMEOUT);
        if self.kit == Kit::Valgrind {
            let mut known = OsString::from("--suppressions=");
            known.push(tree::root().join("ports/posix/valgrind.supp"));
            run.args(["valgrind", "--quiet", "--error-exitcode=9"])
                // The kernel points into the middle of its tasks, which looks like losing them.
                .args([
                    "--leak-check=full",
                    "--show-leak-kinds=definite,indirect",
                    "--errors-for-leak-kinds=definite,indirect",
                ])
                // Only one thread runs at a time there; the one that is signalled must get its turn.
                .arg("--fair-sched=yes")
                .arg(known);
        }
        step::quiet(&title, run.arg(&image))
    }

    /// Links a program with an archive.
    pub(super) fn link(&self, source: &Path, archive: &Path) -> Result<PathBuf, Failure> {
        let name = source.file_stem().unwrap_or_default();
        let image = self.folder.join(name);
        let mut link = Command::new("gcc");
        link.args(&self.flags)
            .arg(source)
            .args(&self.objects)
            .arg(archive);
        link.args(&self.link).arg("-o").arg(&image);
        let title = format!("{}: linking {}", self.kit.name(), name.display());
        step::output(&title, &mut link)?;
        Ok(image)
    }
}
