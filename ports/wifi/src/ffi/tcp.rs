//! `PORT_Tcp*` of `include/port_tcp.h`. Context of all: a task other than the net task.

use core::ffi::c_void;
use core::slice;

use embassy_time::Duration;
use port_executor::block_on;

use crate::tcp::{self, Handle, TcpError};

fn number(result: Result<usize, TcpError>) -> i32 {
    match result {
        Ok(count) => i32::try_from(count).unwrap_or(i32::MAX),
        Err(error) => error as i32,
    }
}

/// Connects; a handle or an error.
#[unsafe(no_mangle)]
pub extern "C" fn PORT_TcpConnect(address: u32, port: u16, timeout_ms: u32) -> i32 {
    match block_on(tcp::connect(
        address.to_ne_bytes(),
        port,
        Duration::from_millis(timeout_ms.into()),
    )) {
        Ok(handle) => handle.to_number(),
        Err(error) => error as i32,
    }
}

/// Sends at least one byte.
///
/// # Safety
///
/// `data` is null or points to `length` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PORT_TcpSend(
    handle: i32,
    data: *const c_void,
    length: usize,
    timeout_ms: u32,
) -> i32 {
    let Some(handle) = Handle::from_number(handle).filter(|_| !data.is_null()) else {
        return TcpError::Invalid as i32;
    };
    // SAFETY: the caller's promise; null was ruled out.
    let bytes = unsafe { slice::from_raw_parts(data.cast::<u8>(), length) };
    number(block_on(tcp::send(
        handle,
        bytes,
        Duration::from_millis(timeout_ms.into()),
    )))
}

/// Receives at least one byte, or 0 at the end.
///
/// # Safety
///
/// `buffer` is null or points to `length` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PORT_TcpReceive(
    handle: i32,
    buffer: *mut c_void,
    length: usize,
    timeout_ms: u32,
) -> i32 {
    let Some(handle) = Handle::from_number(handle).filter(|_| !buffer.is_null()) else {
        return TcpError::Invalid as i32;
    };
    // A call moves no more; the rest of the caller's memory need not be initialised then.
    let length = length.min(tcp::CHUNK);
    // SAFETY: the caller's promise: `length` bytes are writable; zeros make them initialised.
    unsafe { buffer.write_bytes(0, length) };
    // SAFETY: as above, and initialised now; nobody else has the bytes during this call.
    let bytes = unsafe { slice::from_raw_parts_mut(buffer.cast::<u8>(), length) };
    number(block_on(tcp::receive(
        handle,
        bytes,
        Duration::from_millis(timeout_ms.into()),
    )))
}

/// Ends a connection.
#[unsafe(no_mangle)]
pub extern "C" fn PORT_TcpClose(handle: i32) -> i32 {
    match Handle::from_number(handle) {
        Some(handle) => number(block_on(tcp::close(handle)).map(|()| 0)),
        None => TcpError::Invalid as i32,
    }
}
