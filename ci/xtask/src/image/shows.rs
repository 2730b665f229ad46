//! What the firmware is made of, read from the image itself: the upstream kernel and no other scheduler, the service, one
//! BLE host, one store.

use super::firmware::Built;
use crate::failure::{Doing, Failure};
use crate::step;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The kernel's functions and the upstream file each comes from.
const KERNEL: &[(&str, &str)] = &[
    ("vTaskSwitchContext", "tasks.c"),
    ("xTaskIncrementTick", "tasks.c"),
    ("xTaskCreate", "tasks.c"),
    ("vTaskStartScheduler", "tasks.c"),
    ("xQueueGenericSend", "queue.c"),
    ("xQueueSemaphoreTake", "queue.c"),
    ("vListInsert", "list.c"),
    ("xTimerCreateTimerTask", "timers.c"),
    ("xEventGroupSetBits", "event_groups.c"),
];

/// The port's, in this repository.
const PORT: &[(&str, &str)] = &[
    ("xPortStartScheduler", "ports/riscv32/port.c"),
    ("pxPortInitialiseStack", "ports/riscv32/port.c"),
];

/// What must be there once: both families of the service, Espressif's endpoints, the contract below it, the radios' functions, the application.
const ONCE: &[&str] = &[
    "WIFI_PROVISION_Init",
    "WIFI_PROVISION_Start",
    "IotBleDataTransfer_Send",
    "IotBle_RegisterEventCb",
    "IotBleProtocomm_Start",
    "WIFI_PROVISION_ProtocommHandle",
    "WIFI_ConnectAP",
    "WIFI_NetworkAdd",
    "vPortSwitchHandler",
    "vApplicationDaemonTaskStartupHook",
    "main",
    "port_ble::ble::BLE",
    "port_wifi::run::CALLS",
    "firmware::start::records::STORE_CELL",
];

/// What would be another scheduler, BLE host or store, and whose it would be.
const NEVER: &[(&str, &str)] = &[
    ("esp_rtos::", "esp-rtos's scheduler"),
    ("xTaskCreatePinnedToCore", "ESP-IDF's kernel"),
    ("vTaskSwitchContextForCore", "a kernel of several cores"),
    ("k_thread_create", "Zephyr's scheduler"),
    ("nimble_port_", "NimBLE"),
    ("ble_gatts_add_svcs", "NimBLE"),
    ("esp_bluedroid_", "Bluedroid"),
    ("esp_ble_gatts_", "Bluedroid"),
    ("nvs_flash_init", "ESP-IDF's store"),
];

/// Fails when the image is not what it should be; each fault is named.
pub(super) fn check(built: &Built) -> Result<(), Failure> {
    let listing = step::output(
        "listing the firmware's symbols",
        Command::new("riscv64-unknown-elf-nm")
            .args(["--demangle", "--defined-only"])
            .arg(&built.elf),
    )?;
    let symbols = Symbols::parse(&listing);
    let mut faults = symbols.faults();
    let kernel = freertos_kernel::locate().map_err(|error| Failure::new(error.to_string()))?;
    for (name, file) in KERNEL {
        faults.extend(origin(built, &symbols, name, &kernel.join(file))?);
    }
    for (name, file) in PORT {
        faults.extend(origin(
            built,
            &symbols,
            name,
            &crate::tree::root().join(file),
        )?);
    }
    let map =
        fs::read_to_string(&built.map).doing(format!("{} cannot be read", built.map.display()))?;
    faults.extend(from_one_archive(&map));
    if faults.is_empty() {
        eprintln!(
            "  kernel: upstream's; no other scheduler; the service, one BLE host and one store are in the image"
        );
        return Ok(());
    }
    Err(Failure::new(faults.join("; ")))
}

/// Names, and the addresses of what has them.
struct Symbols<'l>(BTreeMap<&'l str, Vec<u32>>);

impl<'l> Symbols<'l> {
    /// Lines of `nm`: address, kind, name.
    fn parse(listing: &'l str) -> Self {
        let mut symbols: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for line in listing.lines() {
            let mut parts = line.splitn(3, ' ');
            let (Some(address), Some(_), Some(name)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            if let Ok(address) = u32::from_str_radix(address, 16) {
                symbols.entry(name).or_default().push(address);
            }
        }
        Self(symbols)
    }

    fn faults(&self) -> Vec<String> {
        let count = |name: &str| self.0.get(name).map_or(0, Vec::len);
        let not_once = ONCE.iter().filter_map(|name| {
            let count = count(name);
            (count != 1).then(|| format!("{name} is in the firmware {count} times, not once"))
        });
        let strange = NEVER.iter().filter_map(|(part, whose)| {
            let found = self.0.keys().find(|name| name.contains(part))?;
            Some(format!("{found} is in the firmware: {whose}"))
        });
        not_once.chain(strange).collect()
    }
}

/// A fault unless the function was compiled from that file, as its debug information tells.
fn origin(
    built: &Built,
    symbols: &Symbols<'_>,
    name: &str,
    file: &Path,
) -> Result<Option<String>, Failure> {
    let Some([address]) = symbols.0.get(name).map(Vec::as_slice) else {
        return Ok(Some(format!("{name} is not in the firmware once")));
    };
    let place = step::output(
        "asking where a function comes from",
        Command::new("riscv64-unknown-elf-addr2line")
            .arg("-e")
            .arg(&built.elf)
            .arg(format!("{address:#x}")),
    )?;
    let came = place.trim().rsplit_once(':').map_or("?", |(file, _)| file);
    Ok((Path::new(came) != file).then(|| {
        format!(
            "{name} was compiled from {came}, not from {}",
            file.display()
        )
    }))
}

/// Faults of the map: the kernel's functions come from one object each, in the archive of what is C.
fn from_one_archive(map: &str) -> Vec<String> {
    KERNEL
        .iter()
        .filter_map(|(name, file)| {
            let section = format!(":(.text.{name})");
            let stem = file.strip_suffix(".c").unwrap_or(file);
            let object = format!("-{stem}.o)");
            let mut places = map.lines().filter_map(|line| line.strip_suffix(&section));
            match (places.next(), places.next()) {
                (Some(place), None)
                    if place.ends_with(&object) && place.contains("libfirmware_c.a(") =>
                {
                    None
                }
                (None, _) => Some(format!("the map has no section for {name}")),
                _ => Some(format!("the map has {name} elsewhere than in {file}")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(more: &str) -> String {
        let mut listing: String = ONCE
            .iter()
            .map(|name| format!("42000000 T {name}\n"))
            .collect();
        listing.push_str(more);
        listing
    }

    #[test]
    fn what_is_missing_double_or_strange_is_a_fault() {
        assert!(Symbols::parse(&listing("")).faults().is_empty());
        let double = listing("42000010 t port_ble::ble::BLE\n");
        assert_eq!(Symbols::parse(&double).faults().len(), 1);
        let strange = listing("42000010 t esp_rtos::task::schedule\n");
        assert_eq!(Symbols::parse(&strange).faults().len(), 1);
        // The functions esp-radio calls a scheduler by are ours.
        let ours = listing("42000010 T esp_rtos_timer_arm\n");
        assert!(Symbols::parse(&ours).faults().is_empty());
        let missing = listing("").replace("42000000 T main\n", "");
        assert_eq!(Symbols::parse(&missing).faults().len(), 1);
    }

    #[test]
    fn a_kernel_function_from_another_object_is_a_fault() {
        let map: String = KERNEL
            .iter()
            .map(|(name, file)| {
                let stem = file.strip_suffix(".c").unwrap_or(file);
                format!("1 1 2 2 /out/libfirmware_c.a(0a1b-{stem}.o):(.text.{name})\n")
            })
            .collect();
        assert!(from_one_archive(&map).is_empty());
        let elsewhere = map.replace(
            "libfirmware_c.a(0a1b-tasks.o):(.text.xTaskCreate)",
            "libother.a(x.o):(.text.xTaskCreate)",
        );
        assert_eq!(from_one_archive(&elsewhere).len(), 1);
    }
}
