//! The data-transfer channel, and the phone at its other end.

use std::collections::VecDeque;
use std::ptr;
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cty::c_void;
use wifi_provision::ffi::abi;
use wifi_provision::ffi::iot_ble_wifi_prov::IotBleWifiProv_Stop;

/// What the phone, or the application, does when its turn comes.
pub(crate) enum Turn {
    Comes,
    Goes,
    Writes(Box<[u8]>),
    /// So quickly that nobody gets a turn in between.
    WritesAll(Vec<Box<[u8]>>),
    /// Another task calls something.
    #[cfg(feature = "espressif")]
    Calls(Box<dyn FnOnce() + Send>),
    /// The application stops the service.
    Stops,
}

#[derive(Default)]
struct Channel {
    callback: abi::IotBleDataTransferChannelCallback_t,
    /// In its own block, shown while the callback runs.
    received: Option<Box<[u8]>>,
    sent: Vec<Vec<u8>>,
    turns: VecDeque<Turn>,
}

static CHANNEL: Mutex<Option<Channel>> = Mutex::new(None);
/// What the channel's handle points to; nobody looks there.
static OBJECT: u8 = 0;

fn handle() -> *mut abi::IotBleDataTransferChannel_t {
    (&raw const OBJECT).cast_mut().cast()
}

fn with<T>(work: impl FnOnce(&mut Channel) -> T) -> T {
    let mut channel: MutexGuard<'_, _> = CHANNEL.lock().unwrap_or_else(PoisonError::into_inner);
    work(channel.get_or_insert_default())
}

/// What happens while the service waits.
pub(crate) fn will(turns: impl IntoIterator<Item = Turn>) {
    with(|channel| channel.turns.extend(turns));
}

/// What the phone was sent, taken out.
pub(crate) fn sent() -> Vec<Vec<u8>> {
    with(|channel| std::mem::take(&mut channel.sent))
}

/// The next thing happens; false when there is none.
pub(crate) fn goes_on() -> bool {
    let Some((turn, callback)) =
        with(|channel| Some((channel.turns.pop_front()?, channel.callback)))
    else {
        return false;
    };
    let tell = |event| {
        if let Some(callback) = callback {
            // SAFETY: the service's own function, with the handle it was given.
            unsafe { callback(event, handle(), ptr::null_mut()) };
        }
    };
    let take = |message| {
        with(|channel| channel.received = Some(message));
        tell(abi::IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED);
        with(|channel| assert!(channel.received.is_none(), "the message was not taken"));
    };
    match turn {
        Turn::Comes => tell(abi::IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED),
        Turn::Goes => tell(abi::IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED),
        Turn::Writes(message) => take(message),
        Turn::WritesAll(messages) => messages.into_iter().for_each(take),
        #[cfg(feature = "espressif")]
        Turn::Calls(work) => work(),
        Turn::Stops => assert!(IotBleWifiProv_Stop()),
    }
    true
}

#[unsafe(no_mangle)]
extern "C" fn IotBleDataTransfer_Open(_: u8) -> *mut abi::IotBleDataTransferChannel_t {
    handle()
}

#[unsafe(no_mangle)]
extern "C" fn IotBleDataTransfer_SetCallback(
    _: *mut abi::IotBleDataTransferChannel_t,
    callback: abi::IotBleDataTransferChannelCallback_t,
    _: *mut c_void,
) -> bool {
    with(|channel| channel.callback = callback);
    true
}

#[unsafe(no_mangle)]
unsafe extern "C" fn IotBleDataTransfer_Send(
    _: *mut abi::IotBleDataTransferChannel_t,
    message: *const u8,
    length: usize,
) -> usize {
    // SAFETY: the service promises that it is readable.
    let message = unsafe { slice::from_raw_parts(message, length) }.to_vec();
    with(|channel| channel.sent.push(message));
    length
}

#[unsafe(no_mangle)]
unsafe extern "C" fn IotBleDataTransfer_PeekReceiveBuffer(
    _: *mut abi::IotBleDataTransferChannel_t,
    buffer: *mut *const u8,
    length: *mut usize,
) {
    with(|channel| {
        let Some(received) = &channel.received else {
            return;
        };
        // SAFETY: the service promises two places to write to.
        unsafe { buffer.write(received.as_ptr()) };
        // SAFETY: as above.
        unsafe { length.write(received.len()) };
    });
}

#[unsafe(no_mangle)]
extern "C" fn IotBleDataTransfer_Receive(
    _: *mut abi::IotBleDataTransferChannel_t,
    to: *mut u8,
    length: usize,
) -> usize {
    assert!(to.is_null());
    with(|channel| channel.received = None);
    length
}

#[unsafe(no_mangle)]
extern "C" fn IotBleDataTransfer_Close(_: *mut abi::IotBleDataTransferChannel_t) {
    with(|channel| channel.callback = None);
}

#[unsafe(no_mangle)]
extern "C" fn IotBleDataTransfer_Reset(_: *mut abi::IotBleDataTransferChannel_t) {}
