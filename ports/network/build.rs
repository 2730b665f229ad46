//! With the feature `freertos`: turns `include/aws_iot_network_manager.h` and the part of `iot_ble.h`
//! that switches Bluetooth into Rust declarations, nothing else.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "freertos")]
    declarations()?;
    Ok(())
}

/// `OUT_DIR/abi.rs`: the headers as the firmware's compiler sees them.
#[cfg(feature = "freertos")]
fn declarations() -> Result<(), Box<dyn Error>> {
    use std::env;
    use std::path::{Path, PathBuf};

    for variable in [
        "FREERTOS_KERNEL_PATH",
        "FREERTOS_PORT_DIR",
        "FREERTOS_CONFIG_DIR",
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
        .map_or_else(|| own.join("../../freertos-kernel/config"), PathBuf::from);
    let includes = [
        own.join("include"),
        own.join("../ble/include"),
        config,
        kernel.join("include"),
        port,
    ];
    // Enums are as narrow as the firmware's compiler makes them: the ARM embedded ABI shortens them.
    let (triple, short_enums) = match target.as_str() {
        arm if arm.starts_with("thumb") => (arm, true),
        riscv if riscv.starts_with("riscv32") => ("riscv32-unknown-none-elf", false),
        other => (other, false),
    };
    let mut builder = bindgen::Builder::default()
        .use_core()
        .ctypes_prefix("cty")
        .default_enum_style(bindgen::EnumVariation::Consts)
        .prepend_enum_name(false)
        .derive_debug(false)
        .generate_comments(false)
        .allowlist_item("AwsIotNetwork.*|IotNetwork.*|eNetworkState.*|AWSIOT_NETWORK_.*")
        .allowlist_function("xWiFiConnectTaskInitialize|vWiFiConnectTaskDestroy")
        .allowlist_function("IotBle_(Init|On|Off)")
        .allowlist_item("eBTStatusSuccess")
        .header_contents(
            "network.h",
            "#include \"aws_iot_network_manager.h\"\n#include \"iot_ble.h\"\n",
        )
        .parse_callbacks(Box::new(bindgen::CargoCallbacks::new()))
        .clang_arg("-ffreestanding")
        .clang_arg(format!("--target={triple}"))
        .clang_args(
            includes
                .iter()
                .map(|folder| format!("-I{}", folder.display())),
        );
    if short_enums {
        builder = builder.clang_arg("-fshort-enums");
    }
    builder
        .generate()?
        .write_to_file(Path::new(&env::var("OUT_DIR")?).join("abi.rs"))?;
    Ok(())
}
