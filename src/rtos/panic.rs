//! A panic handler for images where this archive is the only Rust. No panic is reachable: `cargo
//! xtask dist` refuses an archive that has one. With Espressif's protocol the libraries under it have some that
//! no linker sees to be unreachable; `dist` refuses all but those `ci/dist-panics.txt` lists. Should one be
//! reached, the task that met it stops here, and only a watchdog that waits for that task restarts the device.

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
