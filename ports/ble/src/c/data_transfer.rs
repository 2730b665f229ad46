//! `IotBleDataTransfer_*`: see `iot_ble_data_transfer.h`.

use core::cell::Cell;
use core::ptr;

use cty::c_void;
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use wifi_provision::ffi::abi;

use crate::ble::{BLE, ChannelEvent, ChannelId, Listener};

type Channel = abi::IotBleDataTransferChannel_t;
type Event = abi::IotBleDataTransferChannelEvent_t;

/// Exported functions have exactly the types the header declares.
const _: () = {
    let _ = [
        abi::IotBleDataTransfer_Init as unsafe extern "C" fn() -> _,
        IotBleDataTransfer_Init,
        abi::IotBleDataTransfer_Cleanup,
        IotBleDataTransfer_Cleanup,
    ];
    let _ = [
        abi::IotBleDataTransfer_Open as unsafe extern "C" fn(_) -> _,
        IotBleDataTransfer_Open,
    ];
    let _ = [
        abi::IotBleDataTransfer_SetCallback as unsafe extern "C" fn(_, _, _) -> _,
        IotBleDataTransfer_SetCallback,
    ];
    let _ = [
        abi::IotBleDataTransfer_Send as unsafe extern "C" fn(_, _, _) -> _,
        IotBleDataTransfer_Send,
    ];
    let _ = [
        abi::IotBleDataTransfer_Receive as unsafe extern "C" fn(_, _, _) -> _,
        IotBleDataTransfer_Receive,
    ];
    let _ = [
        abi::IotBleDataTransfer_PeekReceiveBuffer as unsafe extern "C" fn(_, _, _),
        IotBleDataTransfer_PeekReceiveBuffer,
    ];
    let _ = [
        abi::IotBleDataTransfer_Close as unsafe extern "C" fn(_),
        IotBleDataTransfer_Close,
        abi::IotBleDataTransfer_Reset,
        IotBleDataTransfer_Reset,
    ];
};

/// What C registered for a channel.
#[derive(Clone, Copy)]
struct Callback {
    function: unsafe extern "C" fn(Event, *mut Channel, *mut c_void),
    context: *mut c_void,
}

// SAFETY: the context is only ever handed back to C, which says that it may be.
unsafe impl Send for Callback {}

/// A message that is being delivered, less what C took of it.
#[derive(Clone, Copy)]
struct Delivery {
    bytes: *const u8,
    length: usize,
}

// SAFETY: only looked at in the BLE task, while the callback it was made for runs.
unsafe impl Send for Delivery {}

/// One channel as C has it; its address is the handle.
struct Handle {
    id: ChannelId,
    callback: Mutex<CriticalSectionRawMutex, Cell<Option<Callback>>>,
    delivery: Mutex<CriticalSectionRawMutex, Cell<Option<Delivery>>>,
}

static HANDLES: [Handle; 2] = [
    Handle::new(ChannelId::Mqtt),
    Handle::new(ChannelId::Provisioning),
];

impl Handle {
    const fn new(id: ChannelId) -> Self {
        Self {
            id,
            callback: Mutex::new(Cell::new(None)),
            delivery: Mutex::new(Cell::new(None)),
        }
    }

    fn of(id: ChannelId) -> &'static Self {
        let [mqtt, provisioning] = &HANDLES;
        match id {
            ChannelId::Mqtt => mqtt,
            ChannelId::Provisioning => provisioning,
        }
    }

    /// The handle C gave; `None` for null and whatever is none of ours.
    fn known(channel: *mut Channel) -> Option<&'static Self> {
        HANDLES.iter().find(|handle| handle.pointer() == channel)
    }

    fn pointer(&self) -> *mut Channel {
        ptr::from_ref(self).cast_mut().cast()
    }

    /// The message being delivered, where C may look at it.
    fn delivery(&self) -> Option<Delivery> {
        self.delivery.lock(Cell::get).filter(|_| BLE.in_task())
    }
}

impl Listener for Handle {
    fn event(&self, _: ChannelId, event: ChannelEvent<'_>) {
        let Some(callback) = self.callback.lock(Cell::get) else {
            return;
        };
        let number = match event {
            ChannelEvent::Opened => abi::IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED,
            ChannelEvent::Received(message) => {
                let delivery = Delivery {
                    bytes: message.as_ptr(),
                    length: message.len(),
                };
                self.delivery.lock(|current| current.set(Some(delivery)));
                abi::IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED
            }
            // C has no event for it.
            ChannelEvent::TooLong(_) => return,
            ChannelEvent::Sent => abi::IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_SENT,
            ChannelEvent::Closed => abi::IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED,
        };
        // SAFETY: C registered this function for this channel, with this context.
        unsafe { (callback.function)(number, self.pointer(), callback.context) };
        if matches!(event, ChannelEvent::Received(_)) {
            // The message ends with the callback.
            self.delivery.lock(|current| current.set(None));
        }
    }
}

/// Nothing is left to prepare.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleDataTransfer_Init() -> bool {
    true
}

/// Takes a channel.
///
/// Context: any task; does not block.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleDataTransfer_Open(channel_identifier: u8) -> *mut Channel {
    match ChannelId::try_from(channel_identifier) {
        Ok(id) if BLE.open(id) => Handle::of(id).pointer(),
        _ => ptr::null_mut(),
    }
}

/// Sets the channel's callback; tells it at once of a phone that is ready.
///
/// Context: any task; does not block.
///
/// # Safety
///
/// `callback` may be called with `context` until the channel is reset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleDataTransfer_SetCallback(
    channel: *mut Channel,
    callback: abi::IotBleDataTransferChannelCallback_t,
    context: *mut c_void,
) -> bool {
    let (Some(handle), Some(function)) = (Handle::known(channel), callback) else {
        return false;
    };
    if BLE.listened(handle.id) {
        return false;
    }
    let callback = Callback { function, context };
    handle.callback.lock(|current| current.set(Some(callback)));
    BLE.listen(handle.id, handle)
}

/// Sends one whole message.
///
/// Context: any task, and inside callbacks. May block for 2 s, see [`Ble::send`](crate::Ble::send).
///
/// # Safety
///
/// `message` points to `length` readable bytes, or `length` is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleDataTransfer_Send(
    channel: *mut Channel,
    message: *const u8,
    length: usize,
) -> usize {
    let Some(handle) = Handle::known(channel) else {
        return 0;
    };
    if message.is_null() || isize::try_from(length).is_err() {
        return 0;
    }
    // SAFETY: the caller promises that `length` bytes are readable.
    BLE.send(handle.id, unsafe {
        core::slice::from_raw_parts(message, length)
    })
}

/// Takes received bytes, or discards them.
///
/// Context: inside `DATA_RECEIVED`; elsewhere there is nothing to take.
///
/// # Safety
///
/// `buffer` is null or points to `requested` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleDataTransfer_Receive(
    channel: *mut Channel,
    buffer: *mut u8,
    requested: usize,
) -> usize {
    let Some(handle) = Handle::known(channel) else {
        return 0;
    };
    let Some(delivery) = handle.delivery() else {
        return 0;
    };
    let taken = requested.min(delivery.length);
    if !buffer.is_null() {
        // SAFETY: the message is there while its callback runs, and we are in it; the caller
        // promises room for it in `buffer`, which is not part of the message.
        unsafe { ptr::copy_nonoverlapping(delivery.bytes, buffer, taken) };
    }
    let rest = Delivery {
        bytes: delivery.bytes.wrapping_add(taken),
        length: delivery.length.saturating_sub(taken),
    };
    handle.delivery.lock(|current| current.set(Some(rest)));
    taken
}

/// Shows what can be taken.
///
/// Context: inside `DATA_RECEIVED`; elsewhere there is nothing to see.
///
/// # Safety
///
/// `buffer` and `length` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn IotBleDataTransfer_PeekReceiveBuffer(
    channel: *mut Channel,
    buffer: *mut *const u8,
    length: *mut usize,
) {
    let seen = Handle::known(channel)
        .and_then(Handle::delivery)
        .filter(|delivery| delivery.length > 0);
    let (bytes, count) = seen.map_or((ptr::null(), 0), |seen| (seen.bytes, seen.length));
    if !buffer.is_null() {
        // SAFETY: the caller promises that it is writable.
        unsafe { buffer.write(bytes) };
    }
    if !length.is_null() {
        // SAFETY: the caller promises that it is writable.
        unsafe { length.write(count) };
    }
}

/// Closes a channel; its callback is told.
///
/// Context: any task; waits up to 2 s for the callback to return, unless called from it.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleDataTransfer_Close(channel: *mut Channel) {
    if let Some(handle) = Handle::known(channel) {
        BLE.close(handle.id);
    }
}

/// Gives the channel and its callback up. The callback does not run any more on return.
///
/// Context: any task; waits up to 2 s for the callback to return, unless called from it.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleDataTransfer_Reset(channel: *mut Channel) {
    if let Some(handle) = Handle::known(channel) {
        BLE.release(handle.id);
        handle.callback.lock(|current| current.set(None));
    }
}

/// Closes both channels and gives them up.
///
/// Context: any task; waits like the two above.
#[unsafe(no_mangle)]
pub extern "C" fn IotBleDataTransfer_Cleanup() -> bool {
    for handle in &HANDLES {
        IotBleDataTransfer_Close(handle.pointer());
        IotBleDataTransfer_Reset(handle.pointer());
    }
    true
}
