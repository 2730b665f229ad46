//! Compiles the C shim of freertos-rust with the project's own `FreeRTOSConfig.h`, without which
//! the shim would not see the kernel as it is built.

use std::env;
use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    for variable in [
        "FREERTOS_KERNEL_PATH",
        "FREERTOS_PORT_DIR",
        "FREERTOS_CONFIG_DIR",
    ] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let atomics = env::var("CARGO_CFG_TARGET_HAS_ATOMIC").unwrap_or_default();
    if !atomics.split(',').any(|size| size == "ptr") {
        // Without freertos-rust there is no shim.
        return Ok(());
    }
    let Some(config) = env::var_os("FREERTOS_CONFIG_DIR").map(PathBuf::from) else {
        // Nothing is linked against a kernel then: a type check, or a unit test on the host.
        return Ok(());
    };
    println!(
        "cargo::rerun-if-changed={}",
        config.join("FreeRTOSConfig.h").display()
    );
    let target = env::var("TARGET")?;
    let kernel = freertos_kernel::locate()?;
    let port = match env::var_os("FREERTOS_PORT_DIR") {
        Some(port) => PathBuf::from(port),
        None => kernel.join(freertos_kernel::port_directory(&target).ok_or_else(|| {
            format!("no FreeRTOS port is known for {target}; name the folder of its portmacro.h with FREERTOS_PORT_DIR")
        })?),
    };
    let shim = PathBuf::from(env::var("DEP_FREERTOS_SHIM")?).join("shim.c");
    cc::Build::new()
        .includes([config, kernel.join("include"), port])
        .file(shim)
        .flag("-ffunction-sections")
        .flag("-fdata-sections")
        .opt_level_str("s")
        .warnings(false)
        .compile("freertos_shim");
    Ok(())
}
