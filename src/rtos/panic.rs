//! A panic handler for images where this archive is the only Rust. No panic is reachable (see
//! `cargo xtask dist`); should one be, the device stops here with interrupts as they are, and its
//! watchdog restarts it.

#[panic_handler]
fn panic(_info: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
