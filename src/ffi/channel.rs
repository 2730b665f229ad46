//! The phone, at the far end of the platform's data-transfer channel.

use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, Ordering};

use super::{abi, instance};
use crate::platform::{Gone, Phone};
use crate::rtos;

/// How often a message is tried while the phone is there. A large one waits up to 2 s each time for
/// the phone to fetch the one before.
const SEND_TRIES: u8 = 3;

/// How long between two tries, ticks.
#[allow(
    clippy::unnecessary_cast,
    reason = "an enum is as wide as its values, and those depend on the tick rate"
)]
const RETRY_TICKS: u32 = abi::EDGE_RETRY_TICKS;

/// The channel while a loop has it, and whether a phone is at the other end.
pub(super) struct Channel {
    handle: AtomicPtr<abi::IotBleDataTransferChannel_t>,
    is_open: AtomicBool,
    /// Counts the phones that left. Only the callback writes it.
    visit: AtomicU8,
}

impl Channel {
    pub(super) const fn new() -> Self {
        Self {
            handle: AtomicPtr::new(ptr::null_mut()),
            is_open: AtomicBool::new(false),
            visit: AtomicU8::new(0),
        }
    }

    /// Takes the provisioning channel; false when it cannot be had.
    pub(super) fn open(&self) -> bool {
        // SAFETY: called from a task.
        let handle = unsafe {
            abi::IotBleDataTransfer_Open(
                abi::IOT_BLE_DATA_TRANSFER_SERVICE_TYPE_WIFI_PROVISIONING as u8,
            )
        };
        if handle.is_null() {
            return false;
        }
        self.is_open.store(false, Ordering::Relaxed);
        self.handle.store(handle, Ordering::Relaxed);
        // SAFETY: the handle is the one just opened.
        if !unsafe { abi::IotBleDataTransfer_SetCallback(handle, Some(on_event), ptr::null_mut()) }
        {
            self.close();
            return false;
        }
        true
    }

    /// Gives the channel up; no callback comes afterwards.
    pub(super) fn close(&self) {
        let handle = self.handle.load(Ordering::Relaxed);
        self.handle.store(ptr::null_mut(), Ordering::Relaxed);
        self.is_open.store(false, Ordering::Relaxed);
        // SAFETY: the handle is the one that was opened.
        unsafe { abi::IotBleDataTransfer_Close(handle) };
        // SAFETY: the handle is the one that was opened.
        unsafe { abi::IotBleDataTransfer_Reset(handle) };
    }
}

/// The phone that asked for something. Another that came after it is not told what became of that.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub(super) channel: &'static Channel,
    /// The channel's count when the request came.
    pub(super) visit: u8,
}

impl Channel {
    /// Sends a message, if the phone of that visit is there and takes it.
    fn send(&self, visit: u8, message: &[u8]) -> Result<(), Gone> {
        for _ in 0..SEND_TRIES {
            if !self.is_open.load(Ordering::Relaxed) || self.visit.load(Ordering::Relaxed) != visit
            {
                break;
            }
            // SAFETY: the loop that sends has the channel open; the message is readable.
            let taken = unsafe {
                abi::IotBleDataTransfer_Send(
                    self.handle.load(Ordering::Relaxed),
                    message.as_ptr(),
                    message.len(),
                )
            };
            if taken >= message.len() {
                return Ok(());
            }
            if taken != 0 {
                // The phone has a part of it, and the rest will not come.
                break;
            }
            // What is short now, a buffer of the host's, may be there in a moment.
            rtos::sleep(RETRY_TICKS);
        }
        Err(Gone)
    }
}

/// The application itself is answered by return value.
impl Phone for Option<Asker> {
    fn send(&mut self, message: &[u8]) -> Result<(), Gone> {
        self.map_or(Ok(()), |asker| asker.channel.send(asker.visit, message))
    }
}

/// Hears of the channel, in the context of the BLE host; does not block.
///
/// # Safety
///
/// `handle` is the channel the platform was given this function for.
unsafe extern "C" fn on_event(
    event: abi::IotBleDataTransferChannelEvent_t,
    handle: *mut abi::IotBleDataTransferChannel_t,
    _context: *mut cty::c_void,
) {
    let channel = instance::channel();
    match event {
        abi::IOT_BLE_DATA_TRANSFER_CHANNEL_OPENED => channel.is_open.store(true, Ordering::Relaxed),
        abi::IOT_BLE_DATA_TRANSFER_CHANNEL_CLOSED => {
            channel.is_open.store(false, Ordering::Relaxed);
            let visit = channel.visit.load(Ordering::Relaxed);
            channel
                .visit
                .store(visit.wrapping_add(1), Ordering::Relaxed);
        }
        abi::IOT_BLE_DATA_TRANSFER_CHANNEL_DATA_RECEIVED => instance::while_receiving(|inbox| {
            let mut bytes = ptr::null();
            let mut length = 0;
            // SAFETY: the platform's handle, and two places to write to.
            unsafe { abi::IotBleDataTransfer_PeekReceiveBuffer(handle, &mut bytes, &mut length) };
            if bytes.is_null() {
                // Nothing is there to be taken either.
                return;
            }
            if isize::try_from(length).is_ok() {
                // SAFETY: the platform shows `length` bytes until they are taken below, or the
                // channel is closed, for which the loop takes this lock first.
                let message = unsafe { core::slice::from_raw_parts(bytes, length) };
                // SAFETY: the lock makes this the only giver.
                unsafe { inbox.receive(message, channel.visit.load(Ordering::Relaxed)) };
            }
            // What is not taken would lie in front of the next large message.
            // SAFETY: the platform's handle; null discards.
            let _ = unsafe { abi::IotBleDataTransfer_Receive(handle, ptr::null_mut(), length) };
        }),
        _ => {}
    }
}
