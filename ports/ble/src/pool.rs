//! The packets the host keeps PDUs in. The pool of trouble-host cannot be given the size that makes
//! the server's MTU 512.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::waitqueue::WakerRegistration;
use heapless::Vec;
use static_cell::ConstStaticCell;
use trouble_host::{Packet, PacketPool};
use zeroize::Zeroize;

use crate::config::{PACKETS, SERVER_MTU};

/// A PDU of [`SERVER_MTU`] bytes with its L2CAP header.
const SIZE: usize = SERVER_MTU as usize + 4;

type Buffer = &'static mut [u8; SIZE];

struct Free {
    buffers: Vec<Buffer, PACKETS>,
    filled: bool,
    waiter: WakerRegistration,
}

static BUFFERS: ConstStaticCell<[[u8; SIZE]; PACKETS]> = ConstStaticCell::new([[0; SIZE]; PACKETS]);
static FREE: Mutex<CriticalSectionRawMutex, RefCell<Free>> = Mutex::new(RefCell::new(Free {
    buffers: Vec::new(),
    filled: false,
    waiter: WakerRegistration::new(),
}));

fn with<R>(f: impl FnOnce(&mut Free) -> R) -> R {
    FREE.lock(|free| {
        let mut free = free.borrow_mut();
        if !core::mem::replace(&mut free.filled, true) {
            for buffer in BUFFERS.try_take().into_iter().flatten() {
                // There is room for all of them.
                let _ = free.buffers.push(buffer);
            }
        }
        f(&mut free)
    })
}

/// One packet; returns to the pool when dropped.
pub(crate) struct PooledPacket(Option<Buffer>);

impl AsRef<[u8]> for PooledPacket {
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().map_or(&[], |bytes| bytes.as_slice())
    }
}

impl AsMut<[u8]> for PooledPacket {
    fn as_mut(&mut self) -> &mut [u8] {
        self.0
            .as_deref_mut()
            .map_or(&mut [], |bytes| bytes.as_mut_slice())
    }
}

impl Packet for PooledPacket {}

impl Drop for PooledPacket {
    fn drop(&mut self) {
        if let Some(buffer) = self.0.take() {
            // It may have held a passphrase.
            buffer.zeroize();
            with(|free| {
                // It came from here, so there is room.
                let _ = free.buffers.push(buffer);
                free.waiter.wake();
            });
        }
    }
}

/// The pool of all packets.
pub(crate) struct Pool;

impl Pool {
    /// Waits until more packets are free than requests of the phone and answers to them may need.
    pub(crate) async fn spare(reserve: usize) {
        poll_fn(|context| {
            with(|free| {
                if free.buffers.len() > reserve {
                    return Poll::Ready(());
                }
                free.waiter.register(context.waker());
                Poll::Pending
            })
        })
        .await;
    }
}

impl PacketPool for Pool {
    type Packet = PooledPacket;
    const MTU: usize = SIZE;

    fn allocate() -> Option<PooledPacket> {
        with(|free| free.buffers.pop()).map(|buffer| PooledPacket(Some(buffer)))
    }

    fn capacity() -> usize {
        PACKETS
    }
}
