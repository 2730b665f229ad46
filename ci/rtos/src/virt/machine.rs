//! Registers of the machine: one place that names addresses.
#![allow(unsafe_code, reason = "device registers; C calls the start by name")]

use volatile_register::RW;

use crate::kernel;

/// A register by its address.
#[derive(Clone, Copy)]
pub(super) struct Register(usize);

impl Register {
    pub(super) fn read(self) -> u32 {
        let register: *const RW<u32> = core::ptr::with_exposed_provenance(self.0);
        // SAFETY: the constants below are registers this machine always has.
        unsafe { (*register).read() }
    }

    pub(super) fn write(self, value: u32) {
        let register: *const RW<u32> = core::ptr::with_exposed_provenance(self.0);
        // SAFETY: as above.
        let register = unsafe { &*register };
        // SAFETY: the devices reach no memory of ours.
        unsafe { register.write(value) }
    }
}

/// The CLINT's comparator of hart 0 and its time, 10 MHz.
pub(super) const TIME_COMPARE: [Register; 2] = [Register(0x0200_4000), Register(0x0200_4004)];
pub(super) const TIME: [Register; 2] = [Register(0x0200_BFF8), Register(0x0200_BFFC)];
pub(super) const TIME_PER_US: u64 = 10;

/// UART 16550: one byte a register; these are read and written with their neighbours untouched.
pub(super) const UART: usize = 0x1000_0000;

/// Goldfish clock: nanoseconds, and an alarm.
pub(super) const CLOCK_TIME: [Register; 2] = [Register(0x0010_1000), Register(0x0010_1004)];
pub(super) const CLOCK_ALARM: [Register; 2] = [Register(0x0010_1008), Register(0x0010_100C)];
pub(super) const CLOCK_ENABLE: Register = Register(0x0010_1010);
pub(super) const CLOCK_CLEAR_ALARM: Register = Register(0x0010_1014);
pub(super) const CLOCK_CLEAR: Register = Register(0x0010_101C);

/// PLIC: priorities, and for hart 0 in machine mode enable, threshold and claim.
pub(super) const fn plic_priority(source: u32) -> Register {
    Register(0x0C00_0000_usize.wrapping_add((source as usize).wrapping_mul(4)))
}
pub(super) const PLIC_ENABLE: Register = Register(0x0C00_2000);
pub(super) const PLIC_THRESHOLD: Register = Register(0x0C20_0000);
pub(super) const PLIC_CLAIM: Register = Register(0x0C20_0004);
pub(super) const SOURCE_UART: u32 = 10;
pub(super) const SOURCE_CLOCK: u32 = 11;

/// Ends the machine.
const FINISHER: Register = Register(0x0010_0000);
const PASS: u32 = 0x5555;
const FAIL: u32 = 0x3333;

pub(super) fn uart_read(offset: usize) -> u8 {
    let register: *const RW<u8> = core::ptr::with_exposed_provenance(UART.wrapping_add(offset));
    // SAFETY: a register of the UART.
    unsafe { (*register).read() }
}

pub(super) fn uart_write(offset: usize, value: u8) {
    let register: *const RW<u8> = core::ptr::with_exposed_provenance(UART.wrapping_add(offset));
    // SAFETY: a register of the UART.
    let register = unsafe { &*register };
    // SAFETY: the UART reaches no memory of ours.
    unsafe { register.write(value) }
}

/// Ends the machine; QEMU exits with `code`.
pub(crate) fn exit(code: i32) -> ! {
    FINISHER.write(if code == 0 {
        PASS
    } else {
        (code.cast_unsigned() << 16) | FAIL
    });
    loop {
        core::hint::spin_loop();
    }
}

/// After reset, interrupts off.
#[unsafe(no_mangle)]
extern "C" fn vVirtMain() {
    super::interrupts::start();
    kernel::start();
}
