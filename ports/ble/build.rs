//! With the feature `freertos`: turns `include/iot_ble.h` and `include/iot_ble_protocomm.h` into Rust declarations, nothing else.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "freertos")]
    declarations()?;
    Ok(())
}

/// `OUT_DIR/iot_ble.rs`: the header as the firmware's compiler sees it.
#[cfg(feature = "freertos")]
fn declarations() -> Result<(), Box<dyn Error>> {
    use std::env;
    use std::path::Path;

    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("include");
    println!("cargo::rerun-if-changed={}", folder.display());
    // It includes the other.
    let header = folder.join("iot_ble_protocomm.h");
    let target = env::var("TARGET")?;
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
        .allowlist_item("IotBle.*|IOT_BLE_.*|BT.*|eBT.*|eBLE.*|eNbEvents|bt.*")
        .clang_arg("-ffreestanding")
        .clang_arg(format!("--target={triple}"))
        .header(header.display().to_string());
    if short_enums {
        builder = builder.clang_arg("-fshort-enums");
    }
    builder
        .generate()?
        .write_to_file(Path::new(&env::var("OUT_DIR")?).join("iot_ble.rs"))?;
    Ok(())
}
