//! The log on the console: `[   12.345] ble: a phone connected`, in seconds since the start.
#![allow(
    unsafe_code,
    reason = "two functions take a line from C; without compare-and-swap the log is set up by who knows to be alone"
)]

use core::ffi::{CStr, c_char};
use core::fmt;

use embassy_time::Instant;
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::console::print_line;

struct Logger;

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            let mark = match record.level() {
                Level::Error => "error: ",
                Level::Warn => "warning: ",
                Level::Info | Level::Debug | Level::Trace => "",
            };
            line(
                room(record.target()),
                format_args!("{mark}{}", record.args()),
            );
        }
    }

    fn flush(&self) {}
}

/// Makes this the log of every crate in the image.
///
/// Context: before the scheduler starts.
pub(crate) fn start() {
    static LOGGER: Logger = Logger;
    // It fails only when it was done before, and then it is done.
    // SAFETY: `main` is alone: no task runs yet.
    let _ = unsafe { log::set_logger_racy(&LOGGER) };
    // SAFETY: as above.
    unsafe { log::set_max_level_racy(LevelFilter::Info) };
}

/// The name of a crate as people say it: `port_ble::gatt` is `ble`.
fn room(target: &str) -> &str {
    match target.split("::").next().unwrap_or(target) {
        "firmware" => "board",
        "wifi_provision" => "provision",
        name => name.strip_prefix("port_").unwrap_or(name),
    }
}

/// Prints one line of log.
///
/// Context: any.
pub(crate) fn line(target: &str, text: fmt::Arguments<'_>) {
    let now = Instant::now().as_millis();
    let (seconds, milliseconds) = (now / 1000, now % 1000);
    print_line(format_args!(
        "[{seconds:5}.{milliseconds:03}] {target}: {text}"
    ));
}

/// Prints a line that C made, cut at what is no text.
fn line_from_c(target: &str, text: *const c_char) {
    if text.is_null() {
        return;
    }
    // SAFETY: both callers' contract is a string that ends in NUL and stays for the call.
    let text = unsafe { CStr::from_ptr(text) };
    for part in text.to_bytes().split(|&byte| byte == b'\n') {
        let part = part.strip_suffix(b"\r").unwrap_or(part);
        let part = part.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        if !part.is_empty() {
            line(target, format_args!("{part}"));
        }
    }
}

/// What `vLoggingPrintf` formatted.
#[unsafe(no_mangle)]
extern "C" fn board_log_from_c(text: *const c_char) {
    line_from_c("app", text);
}

/// C: `WIFI_PROVISION_Log`, see `wifi_provision_platform.h`.
#[unsafe(no_mangle)]
extern "C" fn WIFI_PROVISION_Log(text: *const c_char) {
    line_from_c("provision", text);
}
