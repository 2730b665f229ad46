//! Debian packages.

use crate::failure::{Doing, Failure};
use crate::step;
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::Path;
use std::process::{Command, Stdio};

/// Each with what needs it.
const PACKAGES: &[(&str, &str)] = &[
    ("gcc", "links host programs"),
    ("libc6-dev", "links host programs"),
    ("gcc-multilib", "links and compiles for i686"),
    ("g++", "compiles the headers as C++"),
    ("valgrind", "watches the C programs in tests/abi"),
    (
        "gcc-arm-none-eabi",
        "compiles and links the board's firmware",
    ),
    ("libnewlib-arm-none-eabi", "the firmware's C library"),
    (
        "gcc-riscv64-unknown-elf",
        "compiles the C edge and the kernel for riscv32imc",
    ),
    ("picolibc-riscv64-unknown-elf", "its freestanding headers"),
    ("libclang1-14", "bindgen reads C headers with it"),
    (
        "libclang-common-14-dev",
        "the compiler's own headers, for bindgen",
    ),
    ("qemu-system-arm", "the virtual board"),
    (
        "qemu-system-misc",
        "a riscv32 machine, for the tests of the RTOS layer",
    ),
    ("cmake", "builds C projects that take the drop-in in"),
    ("make", "the same"),
    ("pkg-config", "tells make where the drop-in lies"),
    ("python3", "the phone and the simulators"),
    ("python3-venv", "their environment"),
    ("openssl", "certificates and a TLS server for tests"),
    ("mosquitto", "the broker of demo and tests, on loopback"),
];

/// Packages that start a service on being installed, which nobody here has asked for.
const SERVICES: &[&str] = &["mosquitto"];

/// Installs the packages that are missing; needs root or sudo only then.
pub(super) fn install() -> Result<(), Failure> {
    let missing = missing(&installed()?);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let root = as_root().ok_or_else(|| {
        Failure::new(format!(
            "these Debian packages are missing and this user may not install them; run `sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}`, then this again"
        ))
    })?;
    step::quiet(
        "Debian: refreshing the package lists",
        root("apt-get").args(["update", "-q"]),
    )?;
    step::quiet(
        &format!("Debian: installing {names}"),
        root("apt-get")
            .args(["install", "-y", "-q", "--no-install-recommends"])
            .args(&missing),
    )?;
    // One that was there before is somebody else's, and goes on.
    missing
        .iter()
        .filter(|name| SERVICES.contains(name))
        .try_for_each(|name| end_service(name, root))
}

/// Ends a service, and keeps it from starting with the machine.
fn end_service(name: &str, root: fn(&str) -> Command) -> Result<(), Failure> {
    let title = format!("Debian: {name} is not to run as a service");
    if Path::new("/run/systemd/system").exists() {
        return step::quiet(&title, root("systemctl").args(["disable", "--now", name]));
    }
    step::quiet(&title, root("/usr/sbin/service").args([name, "stop"]))?;
    step::quiet(
        &title,
        root("/usr/sbin/update-rc.d").args([name, "disable"]),
    )
}

/// The names of the packages that are installed, out of those wanted.
fn installed() -> Result<BTreeSet<String>, Failure> {
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${db:Status-Status} ${Package}\\n"])
        .args(PACKAGES.iter().map(|(name, _)| name))
        .stderr(Stdio::null())
        .output()
        .doing("this needs Debian 12 or a system like it (dpkg-query cannot be started)")?;
    Ok(parse(&String::from_utf8_lossy(&output.stdout)))
}

fn parse(listing: &str) -> BTreeSet<String> {
    listing
        .lines()
        .filter_map(|line| line.strip_prefix("installed "))
        .map(str::to_owned)
        .collect()
}

fn missing(installed: &BTreeSet<String>) -> Vec<&'static str> {
    PACKAGES
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !installed.contains(*name))
        .collect()
}

/// How to run a program with the right to install, if there is a way.
fn as_root() -> Option<fn(&str) -> Command> {
    if step::output("asking who runs this", Command::new("id").arg("-u"))
        .is_ok_and(|id| id.trim() == "0")
    {
        return Some(|program| asking_nothing(Command::new(program)));
    }
    // With nobody at a terminal, only a sudo that asks nothing is of use.
    let mut probe = Command::new("sudo");
    let may = if std::io::stdin().is_terminal() {
        probe.arg("-v")
    } else {
        probe.args(["-n", "true"])
    };
    may.status()
        .is_ok_and(|status| status.success())
        .then_some(|program| {
            let mut sudo = Command::new("sudo");
            sudo.args(["--preserve-env=DEBIAN_FRONTEND", program]);
            asking_nothing(sudo)
        })
}

fn asking_nothing(mut command: Command) -> Command {
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_of_packages() {
        for name in SERVICES {
            assert!(PACKAGES.iter().any(|(package, _)| package == name));
        }
    }

    #[test]
    fn the_guide_of_porting_asks_for_nothing_else() {
        let guide = include_str!("../../../../docs/PORTING.md");
        let line = guide
            .lines()
            .find_map(|line| line.strip_prefix("apt-get install "))
            .expect("the guide's packages");
        assert!(line.split(' ').count() > 5, "{line}");
        for name in line.split(' ') {
            assert!(
                PACKAGES.iter().any(|(package, _)| *package == name),
                "{name}"
            );
        }
    }

    #[test]
    fn a_removed_package_whose_configuration_stayed_is_missing() {
        let mut listing: String = PACKAGES
            .iter()
            .map(|(name, _)| format!("installed {name}\n"))
            .collect();
        assert!(missing(&parse(&listing)).is_empty());
        listing = listing.replace("installed qemu-system-arm", "config-files qemu-system-arm");
        assert_eq!(missing(&parse(&listing)), ["qemu-system-arm"]);
    }
}
