//! Compiles the board's C edge: what Rust cannot write.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/edge.c");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "none") {
        cc::Build::new()
            .file("src/edge.c")
            .flag("-ffunction-sections")
            .flag("-fdata-sections")
            .opt_level_str("s")
            .compile("board_edge");
    }
}
