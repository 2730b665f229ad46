//! The log on the console: `[   12.345] ble: a phone connected`, in seconds since the start.
#![allow(
    unsafe_code,
    reason = "two functions take a line from C; without compare-and-swap the log is set up by who knows to be alone"
)]

use core::ffi::{CStr, c_char};
use core::fmt;

use embassy_time::Instant;
use log::{Level, LevelFilter, Log, Metadata, Record};

/// Prints one line, which does not end in a line end. Context: any.
pub type PrintLine = fn(fmt::Arguments<'_>);

/// The log of an image, over the board's console. One in a `static`.
pub struct Logger {
    print_line: PrintLine,
    board: &'static str,
}

impl Logger {
    /// A log over a console. `board` is the board's own crate, as `module_path!` has it.
    #[must_use]
    pub const fn new(print_line: PrintLine, board: &'static str) -> Self {
        Self { print_line, board }
    }

    /// Makes this the log of every crate in the image, from `Info` on.
    ///
    /// # Safety
    ///
    /// Nothing else runs yet: no task, no interrupt that logs.
    pub unsafe fn start(&'static self) {
        // It fails only when it was done before, and then it is done.
        // SAFETY: the caller's promise.
        let _ = unsafe { log::set_logger_racy(self) };
        // SAFETY: as above.
        unsafe { log::set_max_level_racy(LevelFilter::Info) };
    }

    /// Prints one line of log.
    ///
    /// Context: any.
    pub fn line(&self, target: &str, text: fmt::Arguments<'_>) {
        let now = Instant::now().as_millis();
        let (seconds, milliseconds) = (now / 1000, now % 1000);
        (self.print_line)(format_args!(
            "[{seconds:5}.{milliseconds:03}] {target}: {text}"
        ));
    }

    /// The name of a crate as people say it: `port_ble::gatt` is `ble`.
    fn room<'a>(&self, target: &'a str) -> &'a str {
        match target.split("::").next().unwrap_or(target) {
            name if name == self.board => "board",
            "port_board" => "board",
            "wifi_provision" => "provision",
            name => name.strip_prefix("port_").unwrap_or(name),
        }
    }
}

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
            self.line(
                self.room(record.target()),
                format_args!("{mark}{}", record.args()),
            );
        }
    }

    fn flush(&self) {}
}

/// The lines in what C formatted, each cut at what is no text.
fn lines_from_c(text: &CStr) -> impl Iterator<Item = &str> {
    let parts = text.to_bytes().split(|&byte| byte == b'\n');
    let parts = parts.map(|part| part.strip_suffix(b"\r").unwrap_or(part));
    let parts = parts.map(|part| part.utf8_chunks().next().map_or("", |chunk| chunk.valid()));
    parts.filter(|part| !part.is_empty())
}

/// What the board's `vLoggingPrintf` formatted: a string that ends in NUL and stays for the call, or null.
#[unsafe(no_mangle)]
extern "C" fn board_log_from_c(text: *const c_char) {
    if text.is_null() {
        return;
    }
    // SAFETY: the caller's promise, above.
    for line in lines_from_c(unsafe { CStr::from_ptr(text) }) {
        log::info!(target: "app", "{line}");
    }
}

/// C: `WIFI_PROVISION_Log`, see `wifi_provision_platform.h`.
#[unsafe(no_mangle)]
extern "C" fn WIFI_PROVISION_Log(text: *const c_char) {
    if text.is_null() {
        return;
    }
    // SAFETY: the header's contract: a string that ends in NUL and stays for the call.
    for line in lines_from_c(unsafe { CStr::from_ptr(text) }) {
        log::info!(target: "provision", "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_called_as_people_call_it() {
        let logger = Logger::new(|_| {}, "board_some");
        assert_eq!(logger.room("port_ble::gatt::server"), "ble");
        assert_eq!(logger.room("board_some::radio"), "board");
        assert_eq!(logger.room("port_board::links"), "board");
        assert_eq!(logger.room("wifi_provision"), "provision");
        assert_eq!(logger.room("app"), "app");
    }

    #[test]
    fn lines_of_c_are_told_apart_and_cut_at_what_is_no_text() {
        let text = c"one\r\n\ntwo\xff three\nfour";
        let lines: Vec<_> = lines_from_c(text).collect();
        assert_eq!(lines, ["one", "two", "four"]);
    }
}
