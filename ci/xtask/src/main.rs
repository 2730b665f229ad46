//! The tasks behind `cargo xtask`. Each is one module with a `run`, named in [`COMMANDS`].

mod abi;
mod check;
mod demo;
mod deny;
mod dist;
mod drop_in;
mod failure;
mod firmware;
mod fuzz;
mod idf;
mod image;
mod links;
mod lint;
mod miri;
mod panics;
mod powercut;
mod rtos;
mod setup;
mod size;
mod soak;
mod step;
mod test;
mod tree;

use failure::Failure;
use std::process::ExitCode;

/// One task: what the user types, what it is told about itself, and the code.
struct Command {
    name: &'static str,
    arguments: &'static str,
    purpose: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        arguments: "",
        purpose: "install what is missing: Debian packages, the Python environment (demo and test do it themselves)",
        run: setup::run,
    },
    Command {
        name: "demo",
        arguments: "[--interactive]",
        purpose: "show a phone provisioning the virtual device and carrying its MQTT, step by step; --interactive leaves it running for you",
        run: demo::run,
    },
    Command {
        name: "world",
        arguments: "",
        purpose: "switch the virtual device on, with nothing saved, and leave it running",
        run: demo::world,
    },
    Command {
        name: "test",
        arguments: "[FILTER]",
        purpose: "run every test: Rust, Python and end to end in QEMU; FILTER keeps those whose name contains it",
        run: test::run,
    },
    Command {
        name: "levels",
        arguments: "",
        purpose: "print what each attribute is worth in each state of a link: open, paired too weakly, compared, bonded, with a wrong key",
        run: links::levels,
    },
    Command {
        name: "links",
        arguments: "",
        purpose: "drop, delay, repeat and cut the line and the radio at every step of every request, in QEMU; the lists that phones find after it",
        run: links::links,
    },
    Command {
        name: "abi",
        arguments: "[PROGRAM]",
        purpose: "the C contract, from C: layouts, C++, and C programs on FreeRTOS's POSIX port under sanitizers and valgrind",
        run: abi::run,
    },
    Command {
        name: "rtos",
        arguments: "[virt|host]",
        purpose: "the RTOS layer of the radios on FreeRTOS: its tests on QEMU's riscv32 virt machine and on this machine",
        run: rtos::run,
    },
    Command {
        name: "dist",
        arguments: "--target TARGET [--to FOLDER] [--log] [--custom-serializer] [--espressif] [--as-is]",
        purpose: "make the drop-in archive and its headers, in target/dist/TARGET/; --log: it tells what it does; --custom-serializer: the application may define IotBleWifiProv_GetSerializer; --espressif: with Espressif's protocol; --as-is: install nothing",
        run: dist::run,
    },
    Command {
        name: "drop-in",
        arguments: "",
        purpose: "the drop-in in C projects: CMake, make, QEMU, and the guide of docs/PORTING.md",
        run: drop_in::run,
    },
    Command {
        name: "firmware",
        arguments: "",
        purpose: "build the virtual board's firmware",
        run: firmware::run,
    },
    Command {
        name: "image",
        arguments: "--board esp32c3",
        purpose: "build the ESP32-C3's firmware and make flashable images of it, in target/dist/esp32c3/; says how to flash them",
        run: image::run,
    },
    Command {
        name: "flash",
        arguments: "--port PORT",
        purpose: "write what `image` made to an ESP32-C3 at that serial port; saved networks and phones stay",
        run: image::flash,
    },
    Command {
        name: "idf",
        arguments: "",
        purpose: "the component for ESP-IDF, in target/dist/esp-idf/: its archives, and what of it can be checked without ESP-IDF",
        run: idf::run,
    },
    Command {
        name: "size",
        arguments: "[--details] [--hot REQUEST] [--protocomm] [--json] [--self-test]",
        purpose: "flash, memory, stack and instructions of the drop-in beside the C service's, and what Espressif's protocol adds, held against ci/budgets.toml",
        run: size::run,
    },
    Command {
        name: "powercut",
        arguments: "",
        purpose: "cut the power at every instant of every operation and count what is lost, beside the C service's figures",
        run: powercut::run,
    },
    Command {
        name: "fuzz",
        arguments: "[--minutes N] [TARGET]",
        purpose: "throw anything at every decoder and state machine, N minutes of fuzzing in all (9), two at once",
        run: fuzz::run,
    },
    Command {
        name: "miri",
        arguments: "",
        purpose: "the library's own tests and the C edge in Miri, which sees undefined behaviour; installs a nightly toolchain for it",
        run: miri::run,
    },
    Command {
        name: "soak",
        arguments: "[CYCLES]",
        purpose: "provision 10,000 times on this machine and CYCLES times (500) in QEMU: heap, stack and flash at the end",
        run: soak::run,
    },
    Command {
        name: "panics",
        arguments: "[--espressif]",
        purpose: "count the panics that can be reached in the drop-in; there may be none. --espressif: show those with Espressif's protocol, each with its reason",
        run: panics::run,
    },
    Command {
        name: "deny",
        arguments: "[--advisories]",
        purpose: "hold licences, sources and bans of all packages against deny.toml, by cargo-deny; --advisories: the known faults as well, where their database can be cloned",
        run: deny::run,
    },
    Command {
        name: "check",
        arguments: "[--xtensa]",
        purpose: "the service and the platform code for the chips no test runs on: riscv32imc, riscv32imac; --xtensa: type-checked for Xtensa",
        run: check::run,
    },
    Command {
        name: "lint",
        arguments: "",
        purpose: "formatting, clippy and the documentation's links",
        run: lint::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        print_help();
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print_help();
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("There is no task `{name}`. These are:");
        print_help();
        return ExitCode::from(2);
    };
    if rest
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        println!(
            "cargo xtask {} {}\n    {}",
            command.name, command.arguments, command.purpose
        );
        return ExitCode::SUCCESS;
    }
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask {name}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn print_help() {
    println!("usage: cargo xtask TASK\n");
    for command in COMMANDS {
        println!(
            "  {:<28} {}",
            format!("{} {}", command.name, command.arguments),
            command.purpose
        );
    }
}
