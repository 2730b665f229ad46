//! The board's Ethernet (LAN9118), which carries the WiFi radio's frames.
//!
//! Frames are copied by the processor, a word at a time, in the net task; the interrupt only wakes
//! it. An interrupt masks itself in the device until the task has looked.
#![allow(unsafe_code, reason = "device registers")]

use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState};
use embassy_sync::waitqueue::AtomicWaker;
use static_cell::ConstStaticCell;
use volatile_register::RW;

use crate::vectors::{Interrupt, enable};

/// Where the device is.
const BASE: usize = 0x4020_0000;
/// Largest frame without its check sequence.
const FRAME: usize = 1514;
/// The same in words, rounded up, with room for the check sequence.
const FRAME_WORDS: usize = 380;
/// Bytes of check sequence, which received lengths include.
const FCS: usize = 4;
/// How often a register is looked at before the device is called dead.
const PATIENCE: u32 = 100_000;

#[repr(C)]
struct Registers {
    rx_data: [RW<u32>; 8],
    tx_data: [RW<u32>; 8],
    rx_status: RW<u32>,
    rx_status_peek: RW<u32>,
    tx_status: RW<u32>,
    tx_status_peek: RW<u32>,
    id: RW<u32>,
    irq_config: RW<u32>,
    interrupts: RW<u32>,
    interrupts_enabled: RW<u32>,
    reserved: RW<u32>,
    byte_test: RW<u32>,
    fifo_levels: RW<u32>,
    rx_config: RW<u32>,
    tx_config: RW<u32>,
    hardware_config: RW<u32>,
    rx_control: RW<u32>,
    rx_fill: RW<u32>,
    tx_fill: RW<u32>,
    unused: [RW<u32>; 8],
    mac_command: RW<u32>,
    mac_data: RW<u32>,
}

/// The chip's number, in the upper half of `id`.
const CHIP: u32 = 0x0118;
/// `irq_config`: interrupts on, active high, push-pull.
const IRQ_ON: u32 = (1 << 8) | (1 << 4) | 1;
/// `interrupts`: a frame was received.
const RX_STATUS_LEVEL: u32 = 1 << 3;
/// `interrupts`: the PHY has something to say.
const PHY: u32 = 1 << 18;
/// `hardware_config`: soft reset; it ends by itself.
const SOFT_RESET: u32 = 1;
/// `hardware_config`: 5 KB of FIFO for sending, and the bit that must be set.
const HARDWARE: u32 = (5 << 16) | (1 << 20);
/// `tx_config`: sending on; and: drop what is in the FIFOs.
const TX_ON: u32 = 1 << 1;
/// `rx_config`: drop what is in the FIFOs.
const RX_DUMP: u32 = 1 << 15;
/// `rx_control`: skip the rest of the frame.
const RX_FAST_FORWARD: u32 = 1 << 31;
/// `mac_command`: busy; and: read.
const MAC_BUSY: u32 = 1 << 31;
const MAC_READ: u32 = 1 << 30;
/// Status of a received frame: it is broken.
const RX_ERROR: u32 = 1 << 15;
/// First command word: the only segment of its frame.
const ONLY_SEGMENT: u32 = (1 << 13) | (1 << 12);
/// Sending takes this many bytes beside the frame.
const TX_OVERHEAD: u32 = 16;

/// MAC registers.
mod mac {
    pub(super) const CONTROL: u32 = 1;
    pub(super) const ADDRESS_HIGH: u32 = 2;
    pub(super) const ADDRESS_LOW: u32 = 3;
    pub(super) const MII_ACCESS: u32 = 6;
    pub(super) const MII_DATA: u32 = 7;
    /// `CONTROL`: full duplex, sending and receiving on.
    pub(super) const ON: u32 = (1 << 20) | (1 << 3) | (1 << 2);
}

/// PHY registers.
mod phy {
    pub(super) const STATUS: u32 = 1;
    pub(super) const INTERRUPTS: u32 = 29;
    pub(super) const INTERRUPTS_ENABLED: u32 = 30;
    /// `STATUS`: the link is up.
    pub(super) const LINK: u32 = 1 << 2;
    /// `INTERRUPTS`: the link went down; negotiation has ended.
    pub(super) const LINK_CHANGES: u32 = (1 << 4) | (1 << 6);
    /// The PHY's number on its bus, and the bus being busy or written.
    pub(super) const NUMBER: u32 = 1 << 11;
    pub(super) const BUSY: u32 = 1;
    pub(super) const WRITE: u32 = 1 << 1;
}

static WAKER: AtomicWaker = AtomicWaker::new();
/// The frame being received and the one being sent; the driver is moved about as it is set up, they are not.
static FRAMES: [ConstStaticCell<Frame>; 2] =
    [const { ConstStaticCell::new(Frame([0; FRAME_WORDS])) }; 2];

fn registers() -> &'static Registers {
    let registers: *const Registers = core::ptr::without_provenance(BASE);
    // SAFETY: the board has the LAN9118 with these registers at this address.
    unsafe { &*registers }
}

/// Writes a register.
fn write(register: &RW<u32>, value: u32) {
    // SAFETY: no register of this device makes it touch memory; the constants above are its data sheet's.
    unsafe { register.write(value) };
}

/// Context: the device's interrupt. Silences the device until the net task has looked.
pub(crate) fn on_interrupt() {
    write(&registers().interrupts_enabled, 0);
    WAKER.wake();
}

/// Why the device does not work.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EthernetError {
    /// It does not answer, or did not come out of its reset.
    Dead,
    /// There is another chip.
    OtherChip(u32),
    /// It was given out before.
    Taken,
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

/// Looks again and again until something is so.
fn until(is_so: impl Fn() -> bool) -> Result<(), EthernetError> {
    if (0..PATIENCE).any(|_| is_so()) {
        Ok(())
    } else {
        Err(EthernetError::Dead)
    }
}

fn read_mac(register: u32) -> Result<u32, EthernetError> {
    let device = registers();
    write(&device.mac_command, MAC_BUSY | MAC_READ | register);
    until(|| device.mac_command.read() & MAC_BUSY == 0)?;
    Ok(device.mac_data.read())
}

fn write_mac(register: u32, value: u32) -> Result<(), EthernetError> {
    let device = registers();
    write(&device.mac_data, value);
    write(&device.mac_command, MAC_BUSY | register);
    until(|| device.mac_command.read() & MAC_BUSY == 0)
}

/// Waits for the PHY's bus.
fn phy_idle() -> Result<(), EthernetError> {
    until(|| read_mac(mac::MII_ACCESS).is_ok_and(|access| access & phy::BUSY == 0))
}

fn read_phy(register: u32) -> Result<u32, EthernetError> {
    write_mac(mac::MII_ACCESS, phy::NUMBER | (register << 6) | phy::BUSY)?;
    phy_idle()?;
    read_mac(mac::MII_DATA)
}

fn write_phy(register: u32, value: u32) -> Result<(), EthernetError> {
    write_mac(mac::MII_DATA, value)?;
    write_mac(
        mac::MII_ACCESS,
        phy::NUMBER | (register << 6) | phy::WRITE | phy::BUSY,
    )?;
    phy_idle()
}

fn address() -> Result<[u8; 6], EthernetError> {
    let [a, b, c, d] = read_mac(mac::ADDRESS_LOW)?.to_le_bytes();
    let [e, f, ..] = read_mac(mac::ADDRESS_HIGH)?.to_le_bytes();
    Ok([a, b, c, d, e, f])
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
