//! Turns the vectors of `tests/` into Rust source, and tells the linker the memory map.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a build script says what is wrong by failing"
)]

#[path = "../../tests/vectors/case.rs"]
#[allow(dead_code, reason = "they are printed, not looked into")]
mod case;
#[path = "../../tests/vectors/table.rs"]
mod table;

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=memory.x");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    // How Rust prints these values is Rust, but for the sign of a slice. No text in them has a bracket.
    let source = format!("{:?}", table::read()).replace('[', "&[");
    fs::write(out.join("table.rs"), source).unwrap();
    if env::var("CARGO_CFG_TARGET_OS").unwrap() == "none" {
        fs::copy("memory.x", out.join("memory.x")).unwrap();
        println!("cargo::rustc-link-search={}", out.display());
        println!("cargo::rustc-link-arg-bins=-Tlink.x");
    }
}
