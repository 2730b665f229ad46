//! Writes the capacities. With the feature `freertos` it also turns the platform headers into Rust declarations (bindgen) and
//! compiles the C edge (cc). Nothing else.
//!
//! | variable | names | default |
//! |---|---|---|
//! | `FREERTOS_KERNEL_PATH` | the kernel tree | the pinned registry package |
//! | `FREERTOS_PORT_DIR` | the folder of `portmacro.h` | the upstream port of the target |
//! | `FREERTOS_CONFIG_DIR` | the folder of `FreeRTOSConfig.h` | `freertos-kernel/config` |
//! | `WIFI_PROVISION_INCLUDE` | folders of the project's own platform headers, as in `PATH` | `include` alone |
//! | `WIFI_PROVISION_CFLAGS` | flags its headers need, between spaces: `-DNAME=1 -fno-short-enums` | none |
//! | `WIFI_PROVISION_MAX_SAVED_NETWORKS` … | a capacity, see [`CAPACITIES`] | the project's C macro, or its default |

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

/// One of `src/config.rs`; the environment variable is `WIFI_PROVISION_` and its name.
struct Capacity {
    name: &'static str,
    /// What the project's C code knows it by.
    c_macro: Option<&'static str>,
    default: u32,
    meaning: &'static str,
}

const CAPACITIES: &[Capacity] = &[
    Capacity {
        name: "MAX_SAVED_NETWORKS",
        c_macro: Some("IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS"),
        default: 8,
        meaning: "Networks kept.",
    },
    Capacity {
        name: "MAX_SCAN_NETWORKS",
        c_macro: Some("IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS"),
        default: 10,
        meaning: "Scanned networks a list shows.",
    },
    Capacity {
        name: "MAX_SSID_BYTES",
        c_macro: Some("wificonfigMAX_SSID_LEN"),
        default: 32,
        meaning: "Length of a network's name, bytes.",
    },
    Capacity {
        name: "MAX_PASSPHRASE_BYTES",
        c_macro: Some("wificonfigMAX_PASSPHRASE_LEN"),
        default: 63,
        meaning: "Length of a passphrase, bytes.",
    },
    Capacity {
        name: "QUEUE_SLOTS",
        c_macro: None,
        default: 2,
        meaning: "Requests that wait while one is carried out. The C service kept two as well.",
    },
];

impl Capacity {
    /// What the environment orders.
    fn ordered(&self) -> Result<Option<u32>, Box<dyn Error>> {
        let variable = format!("WIFI_PROVISION_{}", self.name);
        println!("cargo::rerun-if-env-changed={variable}");
        let Ok(own) = env::var(&variable) else {
            return Ok(None);
        };
        let value = own
            .parse()
            .map_err(|_| format!("{variable} is \"{own}\"; it must be a whole number"))?;
        if self.name == "QUEUE_SLOTS" && !matches!(value, 1 | 2 | 4 | 8 | 16 | 32 | 64) {
            return Err(
                format!("{variable} is {value}; it must be 1, 2, 4, 8, 16, 32 or 64").into(),
            );
        }
        Ok(Some(value))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut ordered = Vec::new();
    // The same for C: what is compiled here, and by `cargo xtask dist` what the firmware compiles.
    let mut macros = Vec::new();
    for capacity in CAPACITIES {
        let value = capacity.ordered()?;
        ordered.push((capacity, value));
        if let (Some(name), Some(value)) = (capacity.c_macro, value) {
            macros.push(format!("-D{name}={value}"));
        }
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("macros.txt"), macros.join(" "))?;
    #[cfg(not(feature = "freertos"))]
    let declarations = "";
    #[cfg(feature = "freertos")]
    let declarations = &edge::make(&macros)?;
    fs::write(
        Path::new(&out).join("config.rs"),
        capacities(&ordered, declarations),
    )?;
    Ok(())
}

/// The capacities as constants. One that the environment does not order is what the C headers declare.
fn capacities(ordered: &[(&Capacity, Option<u32>)], declarations: &str) -> String {
    let mut text = String::new();
    for (capacity, value) in ordered {
        let Capacity { name, meaning, .. } = capacity;
        let value = value
            .or_else(|| constant(declarations, name))
            .unwrap_or(capacity.default);
        text += &format!("/// {meaning}\npub const {name}: usize = {value};\n");
    }
    text
}

/// The value of `EDGE_…` among bindgen's declarations.
fn constant(declarations: &str, name: &str) -> Option<u32> {
    let start = format!("pub const EDGE_{name}: EdgeConstant = ");
    declarations
        .lines()
        .find_map(|line| line.strip_prefix(&start))
        .and_then(|value| value.trim_end_matches(';').parse().ok())
}

/// What it takes to talk to C.
#[cfg(feature = "freertos")]
mod edge {
    use std::env;
    use std::error::Error;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// The headers `src/ffi` is written against.
    const HEADERS: &[&str] = &[
        "FreeRTOS.h",
        "task.h",
        "event_groups.h",
        "iot_wifi.h",
        "iot_ble_data_transfer.h",
        "iot_ble_wifi_provisioning.h",
        "wifi_provision.h",
        "wifi_provision_platform.h",
    ];

    /// Those of Espressif's protocol.
    const PROTOCOMM_HEADERS: &[&str] = &["wifi_provision_protocomm.h", "wifi_provision_reason.h"];

    /// Tells the headers that it is there, for a default hangs on it.
    const ESPRESSIF_MACRO: &str = "-DWIFI_PROVISION_ESPRESSIF=1";

    /// What can be said in C alone: weak definitions.
    const EDGE: &[&str] = &["src/ffi/platform_defaults.c"];
    const EDGE_OF_CUSTOM_SERIALIZER: &str = "src/ffi/default_serializer.c";
    const EDGE_OF_ESPRESSIF: &str = "src/ffi/protocomm_defaults.c";

    /// Macros of the project that only a C compiler can evaluate.
    const EDGE_CONSTANTS: &str = r#"
#include "FreeRTOS.h"
#include "iot_ble_wifi_provisioning.h"
#include "wifi_provision.h"
/* What the store keeps, where its header tells. */
#if defined( wificonfigMAX_NETWORK_PROFILES )
    #define EDGE_STORE_NETWORKS    ( wificonfigMAX_NETWORK_PROFILES )
#else
    #define EDGE_STORE_NETWORKS    ( IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS )
#endif
enum EdgeConstant {
    EDGE_MAX_DELAY_IS_32_BITS = ( sizeof( TickType_t ) == 4 ),
    EDGE_STOP_TICKS = ( int ) pdMS_TO_TICKS( WIFI_PROVISION_STOP_TIMEOUT_MS ),
    EDGE_TURN_TICKS = ( int ) pdMS_TO_TICKS( 120000UL ),
    EDGE_RETRY_TICKS = ( int ) pdMS_TO_TICKS( 20UL ) + 1,
    EDGE_TASK_STACK_DEPTH = WIFI_PROVISION_TASK_STACK_DEPTH,
    EDGE_TASK_PRIORITY = WIFI_PROVISION_TASK_PRIORITY,
    EDGE_MAX_SCAN_NETWORKS = IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS,
    EDGE_SAVED_NETWORKS = IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS,
    EDGE_MAX_SAVED_NETWORKS = ( EDGE_STORE_NETWORKS < IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS )
        ? EDGE_STORE_NETWORKS : IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS,
    EDGE_MAX_SSID_BYTES = wificonfigMAX_SSID_LEN,
    EDGE_MAX_PASSPHRASE_BYTES = wificonfigMAX_PASSPHRASE_LEN,
    EDGE_MAX_BSSID_BYTES = wificonfigMAX_BSSID_LEN,
    EDGE_MAX_WEP_KEY_BYTES = wificonfigMAX_WEPKEY_LEN
};
"#;

    /// Macros that `src/ffi` uses by name or the firmware's compiler checks, and where their value stands. bindgen
    /// tells of those that a header defines with a plain number; a project may define them as flags or as expressions.
    const MACROS: &[(&str, &str)] = &[
        (
            "IOT_BLE_WIFI_PROVISIONING_MAX_SAVED_NETWORKS",
            "SAVED_NETWORKS",
        ),
        (
            "IOT_BLE_WIFI_PROVISIONIG_MAX_SCAN_NETWORKS",
            "MAX_SCAN_NETWORKS",
        ),
        ("wificonfigMAX_SSID_LEN", "MAX_SSID_BYTES"),
        ("wificonfigMAX_PASSPHRASE_LEN", "MAX_PASSPHRASE_BYTES"),
        ("wificonfigMAX_BSSID_LEN", "MAX_BSSID_BYTES"),
        ("wificonfigMAX_WEPKEY_LEN", "MAX_WEP_KEY_BYTES"),
    ];

    /// Makes both halves; gives the text of the declarations. `macros` are the capacities ordered.
    pub(super) fn make(macros: &[String]) -> Result<String, Box<dyn Error>> {
        let folders = Folders::find()?;
        let flags = flags(macros);
        let declarations = declarations(&folders, &flags)?;
        edge(&folders, &flags);
        Ok(declarations)
    }

    /// Where headers are looked for, first to last.
    struct Folders(Vec<PathBuf>);

    impl Folders {
        fn find() -> Result<Self, Box<dyn Error>> {
            for variable in [
                "FREERTOS_KERNEL_PATH",
                "FREERTOS_PORT_DIR",
                "FREERTOS_CONFIG_DIR",
                "WIFI_PROVISION_INCLUDE",
                "WIFI_PROVISION_CFLAGS",
            ] {
                println!("cargo::rerun-if-env-changed={variable}");
            }
            let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
            let target = env::var("TARGET")?;
            let kernel = freertos_kernel::locate()?;
            let port = match env::var_os("FREERTOS_PORT_DIR") {
            Some(port) => PathBuf::from(port),
            None => kernel.join(freertos_kernel::port_directory(&target).ok_or_else(|| {
                format!("no FreeRTOS port is known for {target}; name the folder of its portmacro.h with FREERTOS_PORT_DIR")
            })?),
        };
            let config = env::var_os("FREERTOS_CONFIG_DIR")
                .map_or_else(|| own.join("freertos-kernel/config"), PathBuf::from);
            let mut folders: Vec<PathBuf> = Vec::new();
            if let Some(project) = env::var_os("WIFI_PROVISION_INCLUDE") {
                // An empty variable is one empty path, and would make a flag without its folder.
                folders.extend(env::split_paths(&project).filter(|path| path != Path::new("")));
            }
            folders.extend([own.join("include"), config, kernel.join("include"), port]);
            let found = Self(folders);
            for (header, variable) in [
                ("portmacro.h", "FREERTOS_PORT_DIR"),
                ("FreeRTOSConfig.h", "FREERTOS_CONFIG_DIR"),
            ] {
                let path = found.header(header).ok_or_else(|| {
                    format!("{header} is not there; name its folder with {variable}")
                })?;
                println!("cargo::rerun-if-changed={}", path.display());
            }
            Ok(found)
        }

        fn header(&self, name: &str) -> Option<PathBuf> {
            self.0
                .iter()
                .map(|folder| folder.join(name))
                .find(|path| path.is_file())
        }
    }

    /// The capacities ordered, and flags of the project's own, which overrule them and ours: `src/ffi` finds it
    /// when two of them differ.
    fn flags(macros: &[String]) -> Vec<String> {
        let project = env::var("WIFI_PROVISION_CFLAGS").unwrap_or_default();
        let project = project.split_whitespace().map(str::to_owned);
        macros.iter().cloned().chain(project).collect()
    }

    /// `OUT_DIR/abi.rs`: the C interface as the headers in force declare it. Gives its text.
    fn declarations(folders: &Folders, flags: &[String]) -> Result<String, Box<dyn Error>> {
        let target = env::var("TARGET")?;
        let mut builder = bindgen::Builder::default()
        .use_core()
        .ctypes_prefix("cty")
        .default_enum_style(bindgen::EnumVariation::Consts)
        .prepend_enum_name(false)
        .derive_debug(false)
        .derive_copy(true)
        .layout_tests(true)
        .generate_comments(false)
        .allowlist_item("WIFI.*|eWiFi.*|wificonfig.*|IotBle(WifiProv|WiFiProv|DataTransfer).*|IOT_BLE_.*|WIFI_PROVISION_.*")
        .allowlist_type("(Base|UBase|Tick)Type_t")
        .allowlist_function("xEventGroup(Create|SetBits|ClearBits|WaitBits)|vEventGroupDelete")
        // The last for `port-mqtt-ble`, whose C symbols stand on these declarations too.
        .allowlist_function("pvPortMalloc|vPortFree|vTaskSuspendAll|xTaskResumeAll|xTaskCreate|vTaskDelete|vTaskDelay|xTaskGetTickCount")
        .allowlist_type("EdgeConstant")
        .header_contents("edge_constants.h", EDGE_CONSTANTS)
        // Builds again when a header changes that one of ours includes.
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .clang_arg("-ffreestanding");
        // Enums are as narrow as the firmware's compiler makes them: the ARM embedded ABI shortens them.
        if target.starts_with("thumb") {
            builder = builder
                .clang_arg("-fshort-enums")
                .clang_arg(format!("--target={target}"));
        } else if target.starts_with("riscv32") {
            builder = builder.clang_arg("--target=riscv32-unknown-none-elf");
        } else {
            builder = builder.clang_arg(format!("--target={target}"));
        }
        builder = builder.clang_args(flags);
        for folder in &folders.0 {
            builder = builder.clang_arg(format!("-I{}", folder.display()));
        }
        let protocomm: &[&str] = if with_espressif() {
            // The heap its messages are on.
            builder = builder
                .allowlist_function("pvPortMalloc|vPortFree")
                .clang_arg(ESPRESSIF_MACRO);
            PROTOCOMM_HEADERS
        } else {
            &[]
        };
        for name in HEADERS.iter().chain(protocomm) {
            let path = folders
                .header(name)
                .ok_or_else(|| format!("{name} is not there; look at WIFI_PROVISION_INCLUDE"))?;
            println!("cargo::rerun-if-changed={}", path.display());
            builder = builder.header(path.display().to_string());
        }
        let out = Path::new(&env::var("OUT_DIR")?).join("abi.rs");
        let mut declarations = builder.generate()?.to_string();
        for (name, edge) in MACROS {
            let start = format!("pub const {name}: u32 = ");
            if let (false, Some(value)) = (
                declarations.contains(&start),
                super::constant(&declarations, edge),
            ) {
                declarations += &format!("{start}{value};\n");
            }
        }
        fs::write(out, &declarations)?;
        Ok(declarations)
    }

    /// Whether Espressif's protocol is built in.
    fn with_espressif() -> bool {
        env::var_os("CARGO_FEATURE_ESPRESSIF").is_some()
    }

    /// The weak defaults: of the optional platform extensions, and of the serializer.
    fn edge(folders: &Folders, flags: &[String]) {
        let mut sources = EDGE.to_vec();
        if env::var_os("CARGO_FEATURE_CUSTOM_SERIALIZER").is_some() {
            sources.push(EDGE_OF_CUSTOM_SERIALIZER);
        }
        if with_espressif() {
            sources.push(EDGE_OF_ESPRESSIF);
        }
        for source in &sources {
            println!("cargo::rerun-if-changed={source}");
        }
        let mut build = cc::Build::new();
        if with_espressif() {
            build.flag(ESPRESSIF_MACRO);
        }
        if env::var("TARGET").is_ok_and(|target| target.starts_with("riscv32")) {
            build.compiler(
                env::var("CC_riscv32").unwrap_or_else(|_| "riscv64-unknown-elf-gcc".into()),
            );
            // Debian's freestanding headers for this compiler come with picolibc.
            build.flag_if_supported("--specs=picolibc.specs");
            // The kernel's critical sections write mstatus, an extension of its own since GCC 12.
            build.flag("-march=rv32imc_zicsr");
        }
        build
            .flags(flags)
            .includes(&folders.0)
            .files(&sources)
            .flag("-ffreestanding")
            .flag("-ffunction-sections")
            .flag("-fdata-sections")
            .opt_level_str("s")
            .debug(false)
            .warnings(false)
            .compile("wifi_provision_edge");
    }
}
