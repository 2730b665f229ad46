//! The measuring images: the harness in `ci/measure` linked around an archive.

use super::binutils::{self, Sections, Symbol};
use crate::failure::{Doing, Failure};
use crate::{step, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cross compiler the figures of the C service were taken with.
pub(super) const TOOLS: &str = "arm-none-eabi-";

const MACHINE: &[&str] = &["-mcpu=cortex-m3", "-mthumb"];

/// No call of libc from the harness: whatever runs in libc is the service's.
const HARNESS: &[&str] = &[
    "-Os",
    "-std=gnu11",
    "-ffreestanding",
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-tree-loop-distribute-patterns",
    "-Wall",
    "-Wextra",
    "-Werror",
];

const LINK: &[&str] = &[
    "-Os",
    "--specs=nano.specs",
    "-nostartfiles",
    "-Wl,--gc-sections",
];

/// What the service adds to a firmware, and where it goes.
pub(super) struct Flash {
    /// With the functions of the final generation.
    pub(super) one_family: Sections,
    /// With both families of functions.
    pub(super) both_families: Sections,
    /// Everything of the first that is not the harness's, largest first.
    pub(super) parts: Vec<Symbol>,
}

/// An archive, and a folder for what is built around it.
pub(super) struct Bench {
    archive: PathBuf,
    source: PathBuf,
    work: PathBuf,
    kernel: PathBuf,
}

impl Bench {
    pub(super) fn new(archive: &Path, name: &str) -> Result<Self, Failure> {
        let work = tree::made().join("measure").join(name);
        fs::create_dir_all(&work).doing(format!("making {}", work.display()))?;
        Ok(Self {
            archive: archive.to_path_buf(),
            source: tree::root().join("ci/measure"),
            work,
            kernel: freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?,
        })
    }

    /// The linked difference: the same harness with its table of functions pointing at the
    /// service, and at stubs.
    pub(super) fn flash(&self) -> Result<Flash, Failure> {
        let (_, base) = self.sized("base", &["-DBASE"])?;
        let (one_image, one) = self.sized("one", &[])?;
        let (_, base_both) = self.sized("base-both", &["-DBASE", "-DBOTH_FAMILIES"])?;
        let (_, both) = self.sized("both", &["-DBOTH_FAMILIES"])?;
        Ok(Flash {
            one_family: one.beyond(base),
            both_families: both.beyond(base_both),
            parts: parts(&one_image)?,
        })
    }

    /// The same difference with Espressif's endpoints, beside one family of functions; and what it is of.
    pub(super) fn protocomm_flash(&self) -> Result<(Sections, Vec<Symbol>), Failure> {
        let (_, base) = self.sized("base-protocomm", &["-DBASE", "-DPROTOCOMM"])?;
        let (image, with) = self.sized("protocomm", &["-DPROTOCOMM"])?;
        Ok((with.beyond(base), parts(&image)?))
    }

    fn sized(&self, name: &str, defines: &[&str]) -> Result<(PathBuf, Sections), Failure> {
        let objects = [
            self.compile("size/harness_image.c", name, defines)?,
            self.compile("size/harness_platform.c", "", &[])?,
        ];
        let image = self.link(&format!("size-{name}"), &objects, &[])?;
        let sections = binutils::sections(&image)?;
        Ok((image, sections))
    }

    /// The image whose requests are traced instruction by instruction.
    pub(super) fn bare(&self) -> Result<PathBuf, Failure> {
        let mut objects = self.world()?;
        objects.push(self.compile("bare/harness_bare.c", "", &[])?);
        self.link("bare", &objects, &[])
    }

    /// The image with the real kernel.
    pub(super) fn kernel(&self) -> Result<PathBuf, Failure> {
        self.on_kernel("kernel", "kernel/harness_kernel.c", &["pvPortMalloc"])
    }

    /// The one in which phones speak to Espressif's endpoints, on the real kernel.
    pub(super) fn protocomm(&self) -> Result<PathBuf, Failure> {
        self.on_kernel(
            "protocomm",
            "protocomm/harness_protocomm.c",
            &["pvPortMalloc", "vPortFree"],
        )
    }

    /// `watched` is what the harness looks at before the kernel has it.
    fn on_kernel(&self, name: &str, harness: &str, watched: &[&str]) -> Result<PathBuf, Failure> {
        let mut objects = self.world()?;
        objects.push(self.compile(harness, "", &[])?);
        for source in freertos_kernel::SOURCES
            .iter()
            .copied()
            .chain(["portable/GCC/ARM_CM3/port.c", "portable/MemMang/heap_4.c"])
        {
            objects.push(self.compile_with(&self.kernel.join(source), "kernel", &["-Os"])?);
        }
        let wraps: Vec<String> = watched
            .iter()
            .map(|function| format!("-Wl,--wrap={function}"))
            .collect();
        let wraps: Vec<&str> = wraps.iter().map(String::as_str).collect();
        self.link(name, &objects, &wraps)
    }

    fn world(&self) -> Result<Vec<PathBuf>, Failure> {
        [
            "board/harness_board.c",
            "world/harness_world.c",
            "world/harness_cases.c",
        ]
        .iter()
        .map(|source| self.compile(source, "", &[]))
        .collect()
    }

    /// Compiles one file of the harness.
    fn compile(&self, source: &str, variant: &str, extra: &[&str]) -> Result<PathBuf, Failure> {
        let flags: Vec<&str> = HARNESS.iter().chain(extra).copied().collect();
        self.compile_with(&self.source.join(source), variant, &flags)
    }

    /// Compiles one C file; the object of a harness file is named `harness_*`, by which the linker
    /// script tells it from what is measured.
    fn compile_with(
        &self,
        source: &Path,
        variant: &str,
        flags: &[&str],
    ) -> Result<PathBuf, Failure> {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let object = self.work.join(format!("{stem}{variant}.o"));
        step::output(
            &format!("compiling {}", source.display()),
            Command::new(format!("{TOOLS}gcc"))
                .args(MACHINE)
                .args(flags)
                .args(self.includes())
                .arg("-c")
                .arg(source)
                .arg("-o")
                .arg(&object),
        )?;
        Ok(object)
    }

    fn includes(&self) -> Vec<String> {
        [
            self.source.join("kernel"),
            self.source.join("board"),
            self.source.join("world"),
            tree::root().join("include"),
            self.kernel.join("include"),
            self.kernel.join("portable/GCC/ARM_CM3"),
        ]
        .iter()
        .map(|folder| format!("-I{}", folder.display()))
        .collect()
    }

    fn link(&self, name: &str, objects: &[PathBuf], extra: &[&str]) -> Result<PathBuf, Failure> {
        let image = self.work.join(format!("{name}.elf"));
        step::output(
            &format!("linking the image {name}"),
            Command::new(format!("{TOOLS}gcc"))
                .args(MACHINE)
                .args(LINK)
                .args(extra)
                .arg("-T")
                .arg(self.source.join("board/link.ld"))
                .args(objects)
                .arg(&self.archive)
                .arg("-o")
                .arg(&image),
        )?;
        Ok(image)
    }
}

/// Everything of an image that is not the harness's, largest first.
fn parts(image: &Path) -> Result<Vec<Symbol>, Failure> {
    let mut parts: Vec<Symbol> = binutils::symbols(image)?
        .into_iter()
        .filter(|symbol| symbol.size > 0 && !is_harness(&symbol.name))
        .collect();
    parts.sort_by_key(|symbol| std::cmp::Reverse(symbol.size));
    parts.dedup_by_key(|symbol| (symbol.address, symbol.size));
    Ok(parts)
}

/// What belongs to the harness of the size images.
fn is_harness(name: &str) -> bool {
    let platform = [
        "harness_stub",
        "keep_",
        "WIFI_",
        "IotBleDataTransfer_",
        "xEventGroup",
        "xTask",
    ];
    let exact = [
        "table",
        "vectors",
        "Reset_Handler",
        "pvPortMalloc",
        "vPortFree",
        "vEventGroupDelete",
        "vTaskSuspendAll",
        "vTaskDelete",
        "vTaskDelay",
    ];
    let service = ["WIFI_PROVISION_", "WIFI_NetworkMove", "WIFI_NetworkReplace"];
    exact.contains(&name)
        || (platform.iter().any(|prefix| name.starts_with(prefix))
            && !service.iter().any(|prefix| name.starts_with(prefix)))
}
