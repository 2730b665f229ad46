//! The console on UART0 (115200 bits/s) and on the USB port, which is the chip's own serial device: whole lines out to both,
//! typed bytes in from both.
//!
//! UART0 loses nothing: who prints waits for it. The USB port loses what comes while no computer reads it.
#![allow(unsafe_code, reason = "xPortGetUserInput takes a pointer from C")]

use core::cell::RefCell;
use core::fmt::{self, Write as _};

use embassy_sync::blocking_mutex::Mutex;
use embassy_time::{Duration, Instant as Moment};
use esp_hal::Blocking;
use esp_hal::peripherals::{GPIO20, GPIO21, UART0, USB_DEVICE};
use esp_hal::time::{Duration as Span, Instant};
use esp_hal::uart::{Config, Uart, UartRx, UartTx};
use esp_hal::usb::usb_serial_jtag::{UsbSerialJtag, UsbSerialJtagRx, UsbSerialJtagTx};
use port_executor::{TaskMutex, sleep_ms};
use port_radio_rtos::{Context, software_switch};
use portable_atomic::{AtomicBool, Ordering};

use crate::faults::fatal;

/// What the console is made of.
pub(crate) struct Devices {
    pub(crate) uart: UART0<'static>,
    pub(crate) rx: GPIO20<'static>,
    pub(crate) tx: GPIO21<'static>,
    pub(crate) usb: USB_DEVICE<'static>,
}

struct Output {
    uart: UartTx<'static, Blocking>,
    usb: UsbSerialJtagTx<'static, Blocking>,
}

struct Input {
    uart: UartRx<'static, Blocking>,
    usb: UsbSerialJtagRx<'static, Blocking>,
}

static OUTPUT: critical_section::Mutex<RefCell<Option<Output>>> =
    critical_section::Mutex::new(RefCell::new(None));
/// One line at a time.
static LINE: Mutex<TaskMutex, ()> = Mutex::new(());
/// Set while a task is inside a line, so that a line from an interrupt begins on one of its own.
static IN_LINE: AtomicBool = AtomicBool::new(false);
/// Nobody reads the USB port: it is not waited for until it takes a byte again.
static USB_UNREAD: AtomicBool = AtomicBool::new(false);
/// What is typed.
static INPUT: Mutex<TaskMutex, RefCell<Option<Input>>> = Mutex::new(RefCell::new(None));

/// How long the USB port may be full before nobody is taken to read it, and how long UART0 may take to send its rest.
const PATIENCE: Span = Span::from_millis(20);

/// How often who waits for typed bytes looks for them.
const LOOK_MS: u32 = 2;

/// The scheduler's state that lets tasks sleep: `taskSCHEDULER_RUNNING`.
const RUNNING: i32 = 2;

/// Context: `main`, before the scheduler runs.
pub(crate) fn start(devices: Devices) {
    let uart = match Uart::new(devices.uart, Config::default()) {
        Ok(uart) => uart.with_rx(devices.rx).with_tx(devices.tx),
        Err(error) => fatal(format_args!("UART0 cannot be set up: {error:?}")),
    };
    let (uart_rx, uart_tx) = uart.split();
    let (usb_rx, usb_tx) = UsbSerialJtag::new(devices.usb).split();
    critical_section::with(|cs| {
        OUTPUT.borrow_ref_mut(cs).replace(Output {
            uart: uart_tx,
            usb: usb_tx,
        })
    });
    INPUT.lock(|input| {
        input.borrow_mut().replace(Input {
            uart: uart_rx,
            usb: usb_rx,
        })
    });
}

/// `None` before [`start`], and when a failure came in the middle of this.
fn with_output<R>(f: impl FnOnce(&mut Output) -> R) -> Option<R> {
    critical_section::with(|cs| {
        OUTPUT
            .borrow(cs)
            .try_borrow_mut()
            .ok()
            .and_then(|mut output| output.as_mut().map(f))
    })
}

/// How bytes get out while a device is full.
#[derive(Clone, Copy)]
enum Out {
    /// A task sleeps a tick; others run meanwhile.
    Sleeping,
    /// Nothing else may run: tries again at once.
    Spinning,
}

impl Out {
    fn pause(self) {
        if matches!(self, Self::Sleeping) {
            sleep_ms(1);
        }
    }

    fn send(self, bytes: &[u8]) {
        for &byte in bytes {
            while !uart_takes(byte) {
                self.pause();
            }
            self.send_usb(byte);
        }
    }

    fn send_usb(self, byte: u8) {
        let since = Instant::now();
        loop {
            if usb_takes(byte) {
                USB_UNREAD.store(false, Ordering::Relaxed);
                return;
            }
            if USB_UNREAD.load(Ordering::Relaxed) {
                return;
            }
            if since.elapsed() > PATIENCE {
                USB_UNREAD.store(true, Ordering::Relaxed);
                return;
            }
            self.pause();
        }
    }
}

/// Whether UART0 took the byte, or never will.
fn uart_takes(byte: u8) -> bool {
    with_output(|output| output.uart.write_ready() && output.uart.write(&[byte]) == Ok(1))
        .unwrap_or(true)
}

/// Whether the USB port took the byte, or never will.
fn usb_takes(byte: u8) -> bool {
    with_output(|output| {
        if output.usb.write_byte_nb(byte).is_ok() {
            return true;
        }
        // It sends what it has when it is full, or told to.
        let _sending = output.usb.flush_tx_nb();
        false
    })
    .unwrap_or(true)
}

/// A line end goes out as CR LF.
impl fmt::Write for Out {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                self.send(b"\r\n");
            }
            self.send(part.as_bytes());
        }
        Ok(())
    }
}

/// Prints one line; `line` does not end in a line end. Lines never mix.
///
/// Context: any. A task may block behind another one's line, or for UART0; everything else writes at once.
pub(crate) fn print_line(line: fmt::Arguments<'_>) {
    if may_wait() {
        LINE.lock(|()| {
            IN_LINE.store(true, Ordering::Relaxed);
            write(Out::Sleeping, line);
            IN_LINE.store(false, Ordering::Relaxed);
        });
    } else {
        critical_section::with(|_| {
            if IN_LINE.load(Ordering::Relaxed) {
                Out::Spinning.send(b"\r\n");
            }
            write(Out::Spinning, line);
        });
    }
}

fn write(mut out: Out, line: fmt::Arguments<'_>) {
    // `Out` never fails; an argument whose Display does has printed what it could.
    let _ = out.write_fmt(line);
    out.send(b"\r\n");
    with_output(|output| {
        // It sends by itself; whether it has is not waited for.
        let _sending = output.usb.flush_tx_nb();
    });
}

/// Whether the caller is a task that may sleep at a lock.
fn may_wait() -> bool {
    unsafe extern "C" {
        fn xTaskGetSchedulerState() -> i32;
    }
    // SAFETY: reads the scheduler's state.
    software_switch::context() == Context::Task && unsafe { xTaskGetSchedulerState() } == RUNNING
}

/// Waits until what was printed has left the chip, for 20 ms at most.
///
/// Context: any.
pub(crate) fn drain() {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {}
}

/// Takes typed bytes, as many as there are and `buffer` has room for. UART0 keeps 128 until they are taken, 11 ms of
/// them; the USB port 64, and holds the computer back then.
fn take_typed(input: &mut Input, buffer: &mut [u8]) -> usize {
    match input.uart.read_buffered(buffer) {
        Ok(0) => {}
        Ok(count) => return count,
        // Typed faster than taken: what was lost is not known, so nothing is what was typed.
        Err(_) => return 0,
    }
    let mut count: usize = 0;
    for place in buffer {
        let Ok(byte) = input.usb.read_byte() else {
            break;
        };
        *place = byte;
        count = count.saturating_add(1);
    }
    count
}

/// C: `xPortGetUserInput`, see `board.h`.
///
/// # Safety
///
/// `buffer` must be valid for writing `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn xPortGetUserInput(buffer: *mut u8, length: u32, timeout: u32) -> i32 {
    let (false, Ok(size @ 1..)) = (buffer.is_null(), usize::try_from(length)) else {
        return 0;
    };
    // SAFETY: the caller's promise; the bytes may be uninitialised, so they are set first.
    unsafe { buffer.write_bytes(0, size) };
    // SAFETY: as above.
    let buffer = unsafe { core::slice::from_raw_parts_mut(buffer, size) };
    let count = INPUT.lock(|input| {
        let mut input = input.borrow_mut();
        let Some(input) = input.as_mut() else {
            return 0;
        };
        let since = Moment::now();
        let wait = Duration::from_ticks(timeout.into());
        loop {
            let count = take_typed(input, buffer);
            if count > 0 || since.elapsed() >= wait {
                return count;
            }
            sleep_ms(LOOK_MS);
        }
    });
    i32::try_from(count).unwrap_or(i32::MAX)
}
