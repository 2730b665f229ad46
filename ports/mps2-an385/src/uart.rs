//! The serial lines (CMSDK APB UART) as byte pipes, fed by interrupts.
//!
//! Received bytes wait in a ring. When it is full the last one stays in the device, which holds the
//! sender back in QEMU; on a wire that would be an overrun, which is counted and told to the reader.
#![allow(unsafe_code, reason = "device registers")]

use core::cell::RefCell;
use core::future::poll_fn;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::task::{Context, Poll};

use critical_section::{CriticalSection, Mutex};
use embassy_sync::waitqueue::AtomicWaker;
use embedded_io::ErrorKind;
use embedded_io_async::{ErrorType, Read, Write};
use heapless::Deque;
use volatile_register::RW;

use crate::vectors::{Interrupt, enable};

/// Bytes a line keeps until they are read: more than the largest HCI packet or Ethernet-sized frame.
const RING: usize = 2048;

#[repr(C)]
struct Registers {
    data: RW<u32>,
    state: RW<u32>,
    control: RW<u32>,
    interrupt: RW<u32>,
    baud_divider: RW<u32>,
}

/// `state`.
const TX_FULL: u32 = 1 << 0;
const RX_FULL: u32 = 1 << 1;
const RX_OVERRUN: u32 = 1 << 3;
/// `control`.
const TX_ENABLE: u32 = 1 << 0;
const RX_ENABLE: u32 = 1 << 1;
const TX_INTERRUPT: u32 = 1 << 2;
const RX_INTERRUPT: u32 = 1 << 3;
/// `interrupt`: reading tells, writing a one clears.
const TX_PENDING: u32 = 1 << 0;
const RX_PENDING: u32 = 1 << 1;

/// Received bytes.
type Ring = Mutex<RefCell<Deque<u8, RING>>>;

const fn ring() -> Ring {
    Mutex::new(RefCell::new(Deque::new()))
}

// Apart from their lines: all zeros, they need no room in the image.
static CONSOLE_RING: Ring = ring();
static HCI_RING: Ring = ring();
static RADIO_RING: Ring = ring();

/// The console.
pub static CONSOLE: Uart = Uart::new(
    0x4000_4000,
    [Interrupt::Uart0Rx, Interrupt::Uart0Tx],
    &CONSOLE_RING,
);
/// The BLE controller.
pub static HCI: Uart = Uart::new(
    0x4000_5000,
    [Interrupt::Uart1Rx, Interrupt::Uart1Tx],
    &HCI_RING,
);
/// The WiFi radio's modem.
pub static RADIO: Uart = Uart::new(
    0x4000_6000,
    [Interrupt::Uart2Rx, Interrupt::Uart2Tx],
    &RADIO_RING,
);

/// Why reading failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UartError {
    /// Bytes came faster than the device could keep them; some are lost. Told once.
    Overrun,
}

impl core::fmt::Display for UartError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("received bytes were lost")
    }
}

impl core::error::Error for UartError {}

impl embedded_io::Error for UartError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// One serial line.
pub struct Uart {
    base: usize,
    interrupts: [Interrupt; 2],
    taken: AtomicBool,
    received: &'static Ring,
    reader: AtomicWaker,
    writer: AtomicWaker,
    overruns: AtomicU32,
    overrun_untold: AtomicBool,
}

impl Uart {
    const fn new(base: usize, interrupts: [Interrupt; 2], received: &'static Ring) -> Self {
        Self {
            base,
            interrupts,
            taken: AtomicBool::new(false),
            received,
            reader: AtomicWaker::new(),
            writer: AtomicWaker::new(),
            overruns: AtomicU32::new(0),
            overrun_untold: AtomicBool::new(false),
        }
    }

    fn registers(&self) -> &'static Registers {
        let registers: *const Registers = core::ptr::without_provenance(self.base);
        // SAFETY: the board has these five registers at each of the three addresses above.
        unsafe { &*registers }
    }

    /// Switches the device on and gives out its two directions; `None` when that was done before.
    ///
    /// Context: before the scheduler starts, or a task.
    pub fn take(&'static self) -> Option<(Reader, Writer)> {
        if self.taken.swap(true, Ordering::Relaxed) {
            return None;
        }
        let registers = self.registers();
        // SAFETY: 16 is the least divider the device accepts; QEMU has no bit rate.
        unsafe { registers.baud_divider.write(16) };
        // SAFETY: switches on both directions and the receive interrupt, whose handler is ready.
        unsafe {
            registers
                .control
                .write(TX_ENABLE | RX_ENABLE | RX_INTERRUPT)
        };
        self.interrupts.into_iter().for_each(enable);
        Some((Reader(self), Writer(self)))
    }

    /// How often received bytes were lost.
    ///
    /// Context: any.
    pub fn overruns(&self) -> u32 {
        self.overruns.load(Ordering::Relaxed)
    }

    /// Context: the device's interrupts.
    pub(crate) fn on_interrupt(&self) {
        let registers = self.registers();
        let pending = registers.interrupt.read();
        // SAFETY: clears what is handled below.
        unsafe { registers.interrupt.write(pending) };
        if pending & RX_PENDING != 0 {
            critical_section::with(|cs| self.fetch(cs));
            self.reader.wake();
        }
        if pending & TX_PENDING != 0 {
            critical_section::with(|_| {
                // SAFETY: nobody waits for room any more.
                unsafe { registers.control.modify(|control| control & !TX_INTERRUPT) };
            });
            self.writer.wake();
        }
    }

    /// Moves bytes from the device to the ring, as long as both last.
    fn fetch(&self, cs: CriticalSection<'_>) {
        let registers = self.registers();
        let mut ring = self.received.borrow_ref_mut(cs);
        while !ring.is_full() {
            let state = registers.state.read();
            if state & RX_OVERRUN != 0 {
                // SAFETY: writing the bit clears it.
                unsafe { registers.state.write(RX_OVERRUN) };
                self.overruns.fetch_add(1, Ordering::Relaxed);
                self.overrun_untold.store(true, Ordering::Relaxed);
            }
            if state & RX_FULL == 0 {
                break;
            }
            let [byte, ..] = registers.data.read().to_le_bytes();
            // There is room: the ring was not full.
            let _ = ring.push_back(byte);
        }
    }

    /// Takes received bytes; 0 when there are none.
    fn take_received(&self, buffer: &mut [u8]) -> usize {
        critical_section::with(|cs| {
            let mut count: usize = 0;
            for slot in buffer {
                let mut ring = self.received.borrow_ref_mut(cs);
                let Some(byte) = ring.front_mut() else {
                    break;
                };
                // What a phone sends may hold a passphrase: it does not stay here.
                *slot = core::mem::take(byte);
                let _ = ring.pop_front();
                drop(ring);
                count = count.saturating_add(1);
            }
            // What waited in the device for room.
            self.fetch(cs);
            count
        })
    }

    /// Gives the device bytes while it has room; how many it took.
    ///
    /// Context: any.
    pub(crate) fn give(&self, bytes: &[u8]) -> usize {
        let registers = self.registers();
        let mut count: usize = 0;
        for &byte in bytes {
            let sent = critical_section::with(|_| {
                if registers.state.read() & TX_FULL != 0 {
                    return false;
                }
                // SAFETY: the device has room.
                unsafe { registers.data.write(byte.into()) };
                true
            });
            if !sent {
                break;
            }
            count = count.saturating_add(1);
        }
        count
    }

    fn poll_read(
        &self,
        context: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<Result<usize, UartError>> {
        if buffer.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.reader.register(context.waker());
        match self.take_received(buffer) {
            0 if self.overrun_untold.swap(false, Ordering::Relaxed) => {
                Poll::Ready(Err(UartError::Overrun))
            }
            0 => Poll::Pending,
            count => Poll::Ready(Ok(count)),
        }
    }

    fn poll_write(
        &self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, UartError>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        self.writer.register(context.waker());
        let count = self.give(bytes);
        if count > 0 {
            return Poll::Ready(Ok(count));
        }
        critical_section::with(|_| {
            // SAFETY: asks to be told when there is room; the handler takes it back.
            unsafe {
                self.registers()
                    .control
                    .modify(|control| control | TX_INTERRUPT)
            };
        });
        // Room that came just before would not be told.
        match self.give(bytes) {
            0 => Poll::Pending,
            count => Poll::Ready(Ok(count)),
        }
    }
}

/// What a line receives. One task reads.
pub struct Reader(&'static Uart);

/// What a line sends. One task writes.
pub struct Writer(&'static Uart);

impl ErrorType for Reader {
    type Error = UartError;
}

impl ErrorType for Writer {
    type Error = UartError;
}

impl Read for Reader {
    async fn read(&mut self, buffer: &mut [u8]) -> Result<usize, UartError> {
        poll_fn(|context| self.0.poll_read(context, buffer)).await
    }
}

impl Write for Writer {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, UartError> {
        poll_fn(|context| self.0.poll_write(context, bytes)).await
    }

    async fn flush(&mut self) -> Result<(), UartError> {
        Ok(())
    }
}
