//! With the feature `freertos`: turns `include/aws_iot_network_manager.h` into Rust declarations,
//! nothing else.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
