//! Tells the linker the memory map and where defmt's texts go: into the ELF file, not into flash.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

/// QEMU's mps2-an385: 4 MB at 0, which the image is loaded to, and 4 MB of RAM.
const MEMORY: &str = "MEMORY\n{\n    FLASH : ORIGIN = 0x00000000, LENGTH = 4M\n    RAM : ORIGIN = 0x20000000, LENGTH = 4M\n}\n";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS")? == "none" {
        let out = env::var("OUT_DIR")?;
        fs::write(Path::new(&out).join("memory.x"), MEMORY)?;
        println!("cargo::rustc-link-search={out}");
        println!("cargo::rustc-link-arg-bins=-Tlink.x");
        println!("cargo::rustc-link-arg-bins=-Tdefmt.x");
    }
    Ok(())
}
