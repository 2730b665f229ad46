//! A second Rust library in the image, with a panic handler of its own and all of the runtime's names: what the drop-in
//! must not collide with.
#![no_std]

use core::fmt::Write;

struct Room<'a>(&'a mut [u8], usize);

impl Write for Room<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0[self.1..][..text.len()].copy_from_slice(text.as_bytes());
        self.1 += text.len();
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn other_library(number: u32) -> usize {
    let mut room = [0; 16];
    let mut room = Room(&mut room, 0);
    let _ = write!(room, "{number}");
    room.1
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
