//! What QEMU's mps2-an385 has no device for, asked of the host by semihosting: a clock that knows the
//! date, and random numbers. A real board has both in hardware.
#![allow(unsafe_code, reason = "semihosting takes pointers")]

use cortex_m_semihosting::{nr, syscall, syscall1};

/// Ends a file name.
const RANDOM: &[u8] = b"/dev/urandom\0";
/// Mode `rb`.
const READ_BINARY: usize = 1;
/// What a failed operation gives.
const FAILED: usize = usize::MAX;

/// Seconds since 1970.
///
/// Context: any.
pub(crate) fn unix_time() -> Option<u64> {
    // SAFETY: the operation takes no argument and only gives a number.
    let seconds = unsafe { syscall1(nr::TIME, 0) };
    (seconds != FAILED).then_some(seconds as u64)
}

/// Random bytes.
///
/// Context: any.
pub(crate) fn random() -> Option<[u8; 32]> {
    let open = [
        RANDOM.as_ptr().expose_provenance(),
        READ_BINARY,
        RANDOM.len().saturating_sub(1),
    ];
    // SAFETY: the operation reads the three words, and the name of that length.
    let file = unsafe { syscall(nr::OPEN, &open) };
    if file == FAILED {
        return None;
    }
    let mut bytes = [0; 32];
    let read = [file, bytes.as_mut_ptr().expose_provenance(), bytes.len()];
    // SAFETY: the operation writes as many bytes as there are.
    let missing = unsafe { syscall(nr::READ, &read) };
    // SAFETY: the operation reads one word, the file it opened.
    unsafe { syscall(nr::CLOSE, &[file]) };
    (missing == 0).then_some(bytes)
}
