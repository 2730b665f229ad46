//! The board's Ethernet (LAN9118), which carries the WiFi radio's frames.
//!
//! Frames are copied by the processor, a word at a time, in the net task; the interrupt only wakes
//! it. An interrupt masks itself in the device until the task has looked.
#![allow(unsafe_code, reason = "device registers")]

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState};
use embassy_sync::waitqueue::AtomicWaker;
use static_cell::ConstStaticCell;

use crate::vectors::{Interrupt, enable};

mod chip;

pub use chip::EthernetError;
use chip::*;

/// Largest frame without its check sequence.
const FRAME: usize = 1514;
/// The same in words, rounded up, with room for the check sequence.
const FRAME_WORDS: usize = 380;
/// Bytes of check sequence, which received lengths include.
const FCS: usize = 4;

static WAKER: AtomicWaker = AtomicWaker::new();
/// The frame being received and the one being sent. They are not in the driver, which is moved about
/// as it is set up.
static FRAMES: [ConstStaticCell<Frame>; 2] =
    [const { ConstStaticCell::new(Frame([0; FRAME_WORDS])) }; 2];

/// Context: the device's interrupt. Silences the device until the net task has looked.
pub(crate) fn on_interrupt() {
    write(&registers().interrupts_enabled, 0);
    WAKER.wake();
}

/// The device. Context: one task.
pub struct Ethernet {
    address: [u8; 6],
    received: &'static mut Frame,
    sent: &'static mut Frame,
}

/// One frame, in words, as the device takes it.
struct Frame([u32; FRAME_WORDS]);

impl Frame {
    fn bytes(&mut self, length: usize) -> &mut [u8] {
        let length = length.min(size_of::<[u32; FRAME_WORDS]>());
        // SAFETY: words may be seen as bytes; the slice is inside the array and borrows it.
        unsafe { core::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast::<u8>(), length) }
    }
}

impl Ethernet {
    /// Resets the device and switches it on. Context: before the scheduler starts, or a task.
    ///
    /// # Errors
    ///
    /// See [`EthernetError`].
    pub fn take() -> Result<Self, EthernetError> {
        let [received, sent] = &FRAMES;
        let (Some(received), Some(sent)) = (received.try_take(), sent.try_take()) else {
            return Err(EthernetError::Taken);
        };
        let device = registers();
        // The chip may be asleep; reading this register is allowed then, and wakes nothing else.
        let _ = device.byte_test.read();
        write(&device.hardware_config, SOFT_RESET);
        until(|| device.hardware_config.read() & SOFT_RESET == 0)?;
        let id = device.id.read() >> 16;
        if id != CHIP {
            return Err(EthernetError::OtherChip(id));
        }
        write(&device.interrupts_enabled, 0);
        write(&device.hardware_config, HARDWARE);
        write(&device.rx_config, RX_DUMP);
        write(&device.rx_config, 0);
        // An interrupt for the first frame that waits.
        write(&device.fifo_levels, 0);
        // Before any interrupt is let through: the line idles at the wrong level until it is set.
        write(&device.irq_config, IRQ_ON);
        write_phy(phy::INTERRUPTS_ENABLED, phy::LINK_CHANGES)?;
        write_mac(mac::CONTROL, mac::ON)?;
        write(&device.tx_config, TX_ON);
        let address = address()?;
        write(&device.interrupts, u32::MAX);
        write(&device.interrupts_enabled, RX_STATUS_LEVEL | PHY);
        enable(Interrupt::Ethernet);
        Ok(Self {
            address,
            received,
            sent,
        })
    }

    /// Our address, which the chip loaded at its reset.
    #[must_use]
    pub fn address(&self) -> [u8; 6] {
        self.address
    }

    /// Takes the next whole frame out of the device; its length, or `None` when none waits.
    fn fetch(&mut self) -> Option<usize> {
        let device = registers();
        while (device.rx_fill.read() >> 16) & 0xff != 0 {
            let status = device.rx_status.read();
            let with_fcs = usize::try_from((status >> 16) & 0x3fff).unwrap_or(0);
            let words = with_fcs.div_ceil(4);
            let length = with_fcs.saturating_sub(FCS);
            if status & RX_ERROR != 0 || length == 0 || length > FRAME {
                skip(words);
                continue;
            }
            for place in self.received.0.iter_mut().take(words) {
                *place = device.rx_data[0].read();
            }
            return Some(length);
        }
        None
    }
}

/// Throws away the frame whose status was read.
fn skip(words: usize) {
    let device = registers();
    if words >= 4 {
        write(&device.rx_control, RX_FAST_FORWARD);
        // It ends by itself; should it not, the next frame's status is wrong and skipped as well.
        let _ = until(|| device.rx_control.read() & RX_FAST_FORWARD == 0);
    } else {
        for _ in 0..words {
            let _ = device.rx_data[0].read();
        }
    }
}

/// Lets the device interrupt again; what came before is looked at by the caller, after this.
fn listen() {
    let device = registers();
    write(&device.interrupts, RX_STATUS_LEVEL);
    write(&device.interrupts_enabled, RX_STATUS_LEVEL | PHY);
}

impl Driver for Ethernet {
    type RxToken<'a> = Received<'a>;
    type TxToken<'a> = Sending<'a>;

    fn receive(&mut self, context: &mut Context<'_>) -> Option<(Received<'_>, Sending<'_>)> {
        let length = match self.fetch() {
            Some(length) => length,
            None => {
                WAKER.register(context.waker());
                listen();
                // What came between the first look and listening.
                self.fetch()?
            }
        };
        Some((Received(self.received.bytes(length)), Sending(self.sent)))
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<Sending<'_>> {
        let free = registers().tx_fill.read() & 0xffff;
        let needed = u32::try_from(FRAME)
            .unwrap_or(u32::MAX)
            .saturating_add(TX_OVERHEAD);
        if free < needed {
            // The device is sending: look again soon.
            context.waker().wake_by_ref();
            return None;
        }
        Some(Sending(self.sent))
    }

    fn link_state(&mut self, context: &mut Context<'_>) -> LinkState {
        WAKER.register(context.waker());
        let device = registers();
        if device.interrupts.read() & PHY != 0 {
            // Reading the PHY's register takes its request back; then the chip's can be cleared.
            let _ = read_phy(phy::INTERRUPTS);
            write(&device.interrupts, PHY);
            write(&device.interrupts_enabled, RX_STATUS_LEVEL | PHY);
        }
        match read_phy(phy::STATUS) {
            Ok(status) if status & phy::LINK != 0 => LinkState::Up,
            Ok(_) | Err(_) => LinkState::Down,
        }
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::default();
        capabilities.max_transmission_unit = FRAME;
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        HardwareAddress::Ethernet(self.address)
    }
}

/// A received frame.
pub struct Received<'a>(&'a mut [u8]);

impl embassy_net_driver::RxToken for Received<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, read: F) -> R {
        read(self.0)
    }
}

/// Room for a frame to be sent.
pub struct Sending<'a>(&'a mut Frame);

impl embassy_net_driver::TxToken for Sending<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        let result = fill(self.0.bytes(length));
        let device = registers();
        let size = u32::try_from(length.min(FRAME)).unwrap_or(0);
        write(&device.tx_data[0], ONLY_SEGMENT | size);
        write(&device.tx_data[0], size);
        for word in self.0.0.iter().take(length.min(FRAME).div_ceil(4)) {
            write(&device.tx_data[0], *word);
        }
        // The status FIFO would fill up: nobody asks whether the frame went out.
        while (device.tx_fill.read() >> 16) & 0xff != 0 {
            let _ = device.tx_status.read();
        }
        result
    }
}
