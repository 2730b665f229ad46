//! `cargo xtask rtos`: the tests of `ports/radio-rtos`, in `ci/rtos`, with the upstream kernel: on QEMU's riscv32 virt
//! machine, scheduled by the port the ESP32-C3 uses, and on this machine, by the kernel's POSIX port.

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// Where the tests run.
struct World {
    name: &'static str,
    target: &'static str,
    compiler: &'static str,
    code: &'static [&'static str],
    link: &'static [&'static str],
    runner: &'static [&'static str],
}

/// An instruction takes 64 ns of the machine's time, whatever the host does beside, so every run is the same. The
/// time-outs are five times what a quiet host needs.
const VIRT: World = World {
    name: "virt",
    target: "riscv32imc-unknown-none-elf",
    compiler: "riscv64-unknown-elf-gcc",
    code: &[
        "--specs=picolibc.specs",
        "-march=rv32imc_zicsr",
        "-mabi=ilp32",
        "-Os",
    ],
    link: &["-nostartfiles", "-Wl,--no-warn-rwx-segments"],
    runner: &[
        "timeout",
        "--signal=KILL",
        "500",
        "qemu-system-riscv32",
        "-M",
        "virt",
        "-m",
        "16M",
        "-bios",
        "none",
        "-display",
        "none",
        "-monitor",
        "none",
        "-serial",
        "stdio",
        "-icount",
        "shift=6,sleep=off",
        "-rtc",
        "clock=vm",
        "-kernel",
    ],
};

/// The wrapped functions are those of `ports/posix`.
const HOST: World = World {
    name: "host",
    target: "i686-unknown-linux-gnu",
    compiler: "gcc",
    code: &["-m32", "-pthread", "-O1"],
    link: &[
        "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=free,--wrap=pvPortMalloc,--wrap=pthread_join",
    ],
    runner: &["timeout", "--signal=KILL", "500"],
};

const CODE: &[&str] = &[
    "-std=gnu11",
    "-g",
    "-ffunction-sections",
    "-fdata-sections",
    "-Wall",
    "-Wextra",
    "-Werror",
];

/// `rtos [virt|host]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let worlds: &[World] = match arguments {
        [] => &[VIRT, HOST],
        [name] if name == VIRT.name => &[VIRT],
        [name] if name == HOST.name => &[HOST],
        _ => return Err(Failure::new("say `virt`, `host`, or nothing for both")),
    };
    setup::packages()?;
    let mut failures = Vec::new();
    let mut note = |outcome: Result<(), Failure>| {
        if let Err(failure) = outcome {
            eprintln!("  {failure}");
            failures.push(failure.to_string());
        }
    };
    let mut images = Vec::new();
    for world in worlds {
        match world.build() {
            Ok(image) => images.push((world, image)),
            Err(failure) => note(Err(failure)),
        }
    }
    // Side by side: each keeps one processor busy. The first shows what it says as it says it, the others when it is done.
    thread::scope(|scope| {
        let mut images = images.iter();
        let first = images.next();
        let others: Vec<_> = images
            .map(|(world, image)| {
                let said =
                    scope.spawn(move || step::collected(&world.title(), &mut world.command(image)));
                (world, said)
            })
            .collect();
        if let Some((world, image)) = first {
            let said = step::streamed(&world.title(), &mut world.command(image));
            note(said.and_then(|(code, output)| world.verdict(code, &output)));
        }
        for (world, said) in others {
            let said = said
                .join()
                .unwrap_or_else(|_| Err(Failure::new(format!("{}: panicked", world.title()))));
            note(said.and_then(|(code, output)| {
                eprintln!("· {}: what it said", world.title());
                for line in output.lines() {
                    println!("{line}");
                }
                world.verdict(code, &output)
            }));
        }
    });
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(failures.join("; ")))
    }
}

/// The same as a program of its own, for `cargo xtask test`.
pub(crate) fn command() -> Result<Command, Failure> {
    let own = env::current_exe().doing("asking where this program lies")?;
    let mut command = Command::new(own);
    command.current_dir(tree::root()).arg("rtos");
    Ok(command)
}

impl World {
    fn title(&self) -> String {
        format!("the RTOS layer: {}", self.name)
    }

    /// Runs the tests.
    fn command(&self, image: &Path) -> Command {
        let (program, arguments) = self.runner.split_first().unwrap_or((&"false", &[]));
        let mut command = Command::new(program);
        command.args(arguments).arg(image);
        command
    }

    /// How they went, by the exit code and what was said.
    fn verdict(&self, code: Option<i32>, output: &str) -> Result<(), Failure> {
        let title = self.title();
        if !output.lines().any(|line| line.starts_with("test result:")) {
            // In the words of cargo's summary, which `cargo xtask test` adds up.
            println!("test result: FAILED. 0 passed; 1 failed");
            return Err(Failure::new(format!(
                "{title} broke off; its last words are above"
            )));
        }
        if code == Some(0) {
            Ok(())
        } else {
            Err(Failure::new(format!("{title}: there are failed tests")))
        }
    }

    /// The archive of the tests, the kernel and the port, in one image.
    fn build(&self) -> Result<PathBuf, Failure> {
        let out = tree::made().join("rtos").join(self.name);
        fs::create_dir_all(&out).doing(format!("{} cannot be made", out.display()))?;
        let mut cargo = tree::cargo();
        cargo
            .args(["rustc", "--locked", "--package", "rtos-tests", "--release"])
            .args(["--target", self.target, "--crate-type", "staticlib"]);
        step::quiet(
            &format!("building the RTOS layer's tests: {}", self.name),
            &mut cargo,
        )?;
        let archive = tree::built()
            .join(self.target)
            .join("release/librtos_tests.a");
        let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
        let port = self.port(&kernel);
        let tests = tree::root().join("ci/rtos");

        let mut compile = Command::new(self.compiler);
        compile.args(CODE).args(self.code);
        for include in [tests.clone(), kernel.join("include"), tests.join(self.name)]
            .into_iter()
            .chain(port.includes)
        {
            compile.arg("-I").arg(include);
        }
        let image = out.join("tests.elf");
        compile
            .args(self.link)
            .args(
                freertos_kernel::SOURCES
                    .iter()
                    .map(|name| kernel.join(name)),
            )
            .arg(kernel.join("portable/MemMang/heap_4.c"))
            .args(port.sources)
            .args(port.link)
            .arg(archive)
            .arg("-Wl,--gc-sections")
            .arg("-o")
            .arg(&image);
        step::quiet(
            &format!("compiling the kernel and linking: {}", self.name),
            &mut compile,
        )?;
        Ok(image)
    }

    fn port(&self, kernel: &Path) -> Port {
        let tests = tree::root().join("ci/rtos");
        let ports = tree::root().join("ports");
        if self.name == VIRT.name {
            let port = ports.join("riscv32");
            return Port {
                sources: vec![
                    port.join("port.c"),
                    port.join("portASM.S"),
                    tests.join("virt/start.S"),
                ],
                includes: vec![port],
                link: vec!["-T".into(), tests.join("virt/virt.ld").into()],
            };
        }
        let port = kernel.join(freertos_kernel::port_directory(self.target).unwrap_or_default());
        Port {
            sources: vec![
                port.join("port.c"),
                port.join("utils/wait_for_event.c"),
                ports.join("posix/heap.c"),
                ports.join("posix/threads.c"),
            ],
            includes: vec![port, ports.join("posix")],
            link: Vec::new(),
        }
    }
}

/// What belongs to the kernel's port.
struct Port {
    includes: Vec<PathBuf>,
    sources: Vec<PathBuf>,
    link: Vec<OsString>,
}
