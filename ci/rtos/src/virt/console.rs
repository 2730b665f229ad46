//! The console: UART 0, polled.

use core::fmt;

use super::machine::{uart_read, uart_write};

const TRANSMIT: usize = 0;
const LINE_STATUS: usize = 5;
const TRANSMIT_EMPTY: u8 = 0x20;

pub(crate) struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            while uart_read(LINE_STATUS) & TRANSMIT_EMPTY == 0 {}
            uart_write(TRANSMIT, byte);
        }
        Ok(())
    }
}
