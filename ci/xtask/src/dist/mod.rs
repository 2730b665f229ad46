//! `cargo xtask dist`: the drop-in archive, what comes with it, and the proof that it is one.

mod abi;
mod compile;
mod merge;
mod order;
mod package;
mod panics;
mod symbols;

use crate::failure::{Doing, Failure};
use crate::{setup, step, tree};
use order::Order;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libwifi_provision.a";

/// The one of the service's functions that an application may define itself, if so ordered.
const SERIALIZER: &str = "IotBleWifiProv_GetSerializer";

/// The headers of Espressif's protocol, which go with its archives alone.
const ESPRESSIF_HEADERS: &[&str] = &["wifi_provision_protocomm.h", "wifi_provision_reason.h"];

/// The targets the drop-in is made for. The tests build the first three.
pub(crate) const TARGETS: &[&str] = &[
    "thumbv7m-none-eabi",
    "riscv32imc-unknown-none-elf",
    "i686-unknown-linux-gnu",
    "thumbv6m-none-eabi",
    "thumbv7em-none-eabi",
    "thumbv7em-none-eabihf",
    "thumbv8m.main-none-eabi",
    "thumbv8m.main-none-eabihf",
    "riscv32imac-unknown-none-elf",
];

/// `dist --target TARGET [--to FOLDER] [--log] [--custom-serializer] [--espressif] [--as-is]`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let order = Order::read(arguments)?;
    if order.installs {
        setup::target(&order.target)?;
    }
    fill(&order)?;
    println!(
        "{}: the archive and its headers are in {}",
        order.target,
        order.folder.display()
    );
    Ok(())
}

/// The archive of a target as it is shipped; gives the folder.
pub(crate) fn make(target: &str) -> Result<PathBuf, Failure> {
    let order = Order::plain(target);
    fill(&order)?;
    Ok(order.folder)
}

/// The same with a log, and a serializer that an application may replace.
pub(crate) fn make_with_log_and_custom_serializer(target: &str) -> Result<PathBuf, Failure> {
    let order = Order {
        folder: tree::made().join("dist-custom-serializer").join(target),
        log: true,
        serializer: true,
        ..Order::plain(target)
    };
    fill(&order)?;
    Ok(order.folder)
}

/// The same with Espressif's protocol.
pub(crate) fn make_espressif(target: &str) -> Result<PathBuf, Failure> {
    let order = Order::espressif(target);
    fill(&order)?;
    Ok(order.folder)
}

/// Builds, checks and packs. A file that stays the same keeps its time, so that nothing is linked
/// again for it.
fn fill(order: &Order) -> Result<(), Failure> {
    let compiled = compile::compile(order)?;
    fs::create_dir_all(&order.folder).doing(format!("making {}", order.folder.display()))?;
    let interface = Interface::of(order)?;
    // Not in its place before it is known to be good.
    let fresh = order.folder.join("unchecked.a");
    merge::single_object(
        &order.target,
        &compiled.archive,
        &fresh,
        &interface.global(),
    )?;
    check(&fresh, &interface)?;
    let (optional, left_out, espressif): (&[&str], &[&str], &str) = if order.espressif {
        (ESPRESSIF_HEADERS, &[], "-DWIFI_PROVISION_ESPRESSIF=1")
    } else {
        (&[], ESPRESSIF_HEADERS, "")
    };
    let macros: String = [espressif, &compiled.macros]
        .into_iter()
        .filter(|flags| !flags.is_empty())
        .map(|flags| format!(" {flags}"))
        .collect();
    let abi_header = abi::header(&compiled.declarations, optional);
    package::fill(&order.folder, &abi_header, left_out, &macros)?;
    package::replace(&fresh, &order.folder.join(ARCHIVE))
}

/// The names our headers promise.
struct Interface {
    /// The service's functions.
    exported: BTreeSet<String>,
    /// What an application may define itself instead: the optional extensions of the platform
    /// contract, and the serializer if so ordered.
    weak_defaults: BTreeSet<String>,
    /// Whether those panics may be linked in that `ci/dist-panics.txt` lists: of the libraries under Espressif's
    /// protocol, which check lengths by panicking.
    may_panic: bool,
}

impl Interface {
    fn of(order: &Order) -> Result<Self, Failure> {
        let declared = |name: &str| {
            read(&tree::root().join("include").join(name)).map(|text| symbols::declared(&text))
        };
        let mut exported = declared("iot_ble_wifi_provisioning.h")?;
        exported.extend(declared("wifi_provision.h")?);
        let mut weak_defaults = declared("wifi_provision_platform.h")?;
        if order.serializer {
            weak_defaults.extend(exported.take(SERIALIZER));
        }
        if order.espressif {
            exported.extend(declared("wifi_provision_protocomm.h")?);
            weak_defaults.extend(declared("wifi_provision_reason.h")?);
        }
        Ok(Self {
            exported,
            weak_defaults,
            may_panic: order.espressif,
        })
    }

    fn global(&self) -> BTreeSet<String> {
        self.exported.union(&self.weak_defaults).cloned().collect()
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).doing(format!("reading {}", path.display()))
}

/// Defines what our headers promise, nothing of the platform but the weak defaults, and asks for
/// nothing that `ci/dist-undefined.txt` does not list.
fn check(archive: &Path, interface: &Interface) -> Result<(), Failure> {
    let allowed = symbols::listed(&read(&tree::root().join("ci/dist-undefined.txt"))?);
    let mut symbols = symbols_of(archive)?;
    if interface.may_panic {
        symbols.forgive_panics();
    }
    let mut faults = symbols::faults(
        &symbols,
        &interface.exported,
        &interface.weak_defaults,
        &allowed,
    );
    if interface.may_panic {
        let listed = listed_panics()?;
        let sites = sites_of(archive)?;
        let unlisted = sites.iter().filter(|site| listed.reason(site).is_none());
        faults.extend(unlisted.map(|site| format!("{site} can panic and is not in {PANICS}")));
    }
    if faults.is_empty() {
        return Ok(());
    }
    for fault in &faults {
        eprintln!("  {fault}");
    }
    Err(Failure::new(format!(
        "{} is not the drop-in it should be: {} faults, above",
        archive.display(),
        faults.len()
    )))
}

fn symbols_of(archive: &Path) -> Result<symbols::Symbols, Failure> {
    let listing = step::output(
        "reading the archive's symbols",
        Command::new(tree::llvm_tool("llvm-nm")?)
            .args(["--format=posix", "--no-sort"])
            .arg(archive),
    )?;
    Ok(symbols::parse(&listing))
}

/// The functions of an archive that call a panic.
fn sites_of(archive: &Path) -> Result<BTreeSet<String>, Failure> {
    let listing = step::output(
        "reading what the archive's functions call",
        Command::new(tree::llvm_tool("llvm-objdump")?)
            .arg("--reloc")
            .arg(archive),
    )?;
    Ok(panics::sites(&listing))
}

/// The list of functions that may panic.
const PANICS: &str = "ci/dist-panics.txt";

fn listed_panics() -> Result<panics::Listed, Failure> {
    read(&tree::root().join(PANICS)).map(|text| panics::Listed::read(&text))
}

/// The panics in the archive of a target: without Espressif's protocol what panics leave; with it, the functions that call
/// them. With each the reason for which it may be there, if it may.
pub(crate) type PanicSites = BTreeMap<String, Option<String>>;

/// Those functions of the list that none of the archives has any more.
pub(crate) fn panics_gone(found: &BTreeSet<String>) -> Result<Vec<String>, Failure> {
    Ok(listed_panics()?.gone(found))
}

/// Finds them. The archive holds what the interface can reach and nothing else: each name is a panic that can be reached,
/// for all a linker sees.
pub(crate) fn panic_sites(target: &str, espressif: bool) -> Result<PanicSites, Failure> {
    let order = if espressif {
        Order::espressif(target)
    } else {
        Order::plain(target)
    };
    let compiled = compile::compile(&order)?;
    fs::create_dir_all(&order.folder).doing(format!("making {}", order.folder.display()))?;
    let archive = order.folder.join("panics.a");
    merge::single_object(
        target,
        &compiled.archive,
        &archive,
        &Interface::of(&order)?.global(),
    )?;
    if !espressif {
        let panics = symbols_of(&archive)?.panics;
        return Ok(panics.into_iter().map(|site| (site, None)).collect());
    }
    let listed = listed_panics()?;
    let with_reason = |site: String| {
        let reason = listed.reason(&site).map(str::to_owned);
        (site, reason)
    };
    Ok(sites_of(&archive)?.into_iter().map(with_reason).collect())
}
