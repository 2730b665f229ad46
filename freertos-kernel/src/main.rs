//! Prints the root of the kernel tree this repository builds with, or, with a Rust target, the folder of its port:
//! `cargo run -q -p freertos-kernel [TARGET]`. For build systems that are not cargo.

use std::process::ExitCode;

fn main() -> ExitCode {
    let tree = match freertos_kernel::locate() {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let Some(target) = std::env::args().nth(1) else {
        println!("{}", tree.display());
        return ExitCode::SUCCESS;
    };
    let Some(port) = freertos_kernel::port_directory(&target) else {
        eprintln!("no FreeRTOS port is known for {target}");
        return ExitCode::FAILURE;
    };
    println!("{}", tree.join(port).display());
    ExitCode::SUCCESS
}
