//! The LAN9118's registers, and its MAC's and PHY's behind them.

use volatile_register::RW;

/// Where the device is.
pub(super) const BASE: usize = 0x4020_0000;
/// How often a register is looked at before the device is called dead.
pub(super) const PATIENCE: u32 = 100_000;

#[repr(C)]
pub(super) struct Registers {
    pub(super) rx_data: [RW<u32>; 8],
    pub(super) tx_data: [RW<u32>; 8],
    pub(super) rx_status: RW<u32>,
    pub(super) rx_status_peek: RW<u32>,
    pub(super) tx_status: RW<u32>,
    pub(super) tx_status_peek: RW<u32>,
    pub(super) id: RW<u32>,
    pub(super) irq_config: RW<u32>,
    pub(super) interrupts: RW<u32>,
    pub(super) interrupts_enabled: RW<u32>,
    pub(super) reserved: RW<u32>,
    pub(super) byte_test: RW<u32>,
    pub(super) fifo_levels: RW<u32>,
    pub(super) rx_config: RW<u32>,
    pub(super) tx_config: RW<u32>,
    pub(super) hardware_config: RW<u32>,
    pub(super) rx_control: RW<u32>,
    pub(super) rx_fill: RW<u32>,
    pub(super) tx_fill: RW<u32>,
    pub(super) unused: [RW<u32>; 8],
    pub(super) mac_command: RW<u32>,
    pub(super) mac_data: RW<u32>,
}

/// The chip's number, in the upper half of `id`.
pub(super) const CHIP: u32 = 0x0118;
/// `irq_config`: interrupts on, active high, push-pull.
pub(super) const IRQ_ON: u32 = (1 << 8) | (1 << 4) | 1;
/// `interrupts`: a frame was received.
pub(super) const RX_STATUS_LEVEL: u32 = 1 << 3;
/// `interrupts`: the PHY has something to say.
pub(super) const PHY: u32 = 1 << 18;
/// `hardware_config`: soft reset; it ends by itself.
pub(super) const SOFT_RESET: u32 = 1;
/// `hardware_config`: 5 KB of FIFO for sending, and the bit that must be set.
pub(super) const HARDWARE: u32 = (5 << 16) | (1 << 20);
/// `tx_config`: sending on.
pub(super) const TX_ON: u32 = 1 << 1;
/// `rx_config`: drop what is in the FIFOs.
pub(super) const RX_DUMP: u32 = 1 << 15;
/// `rx_control`: skip the rest of the frame.
pub(super) const RX_FAST_FORWARD: u32 = 1 << 31;
/// `mac_command`: busy; and: read.
pub(super) const MAC_BUSY: u32 = 1 << 31;
pub(super) const MAC_READ: u32 = 1 << 30;
/// Status of a received frame: it is broken.
pub(super) const RX_ERROR: u32 = 1 << 15;
/// First command word: the only segment of its frame.
pub(super) const ONLY_SEGMENT: u32 = (1 << 13) | (1 << 12);
/// Sending takes this many bytes beside the frame.
pub(super) const TX_OVERHEAD: u32 = 16;

/// MAC registers.
pub(super) mod mac {
    pub(in crate::ethernet) const CONTROL: u32 = 1;
    pub(in crate::ethernet) const ADDRESS_HIGH: u32 = 2;
    pub(in crate::ethernet) const ADDRESS_LOW: u32 = 3;
    pub(in crate::ethernet) const MII_ACCESS: u32 = 6;
    pub(in crate::ethernet) const MII_DATA: u32 = 7;
    /// `CONTROL`: full duplex, sending and receiving on.
    pub(in crate::ethernet) const ON: u32 = (1 << 20) | (1 << 3) | (1 << 2);
}

/// PHY registers.
pub(super) mod phy {
    pub(in crate::ethernet) const STATUS: u32 = 1;
    pub(in crate::ethernet) const INTERRUPTS: u32 = 29;
    pub(in crate::ethernet) const INTERRUPTS_ENABLED: u32 = 30;
    /// `STATUS`: the link is up.
    pub(in crate::ethernet) const LINK: u32 = 1 << 2;
    /// `INTERRUPTS`: the link went down; negotiation has ended.
    pub(in crate::ethernet) const LINK_CHANGES: u32 = (1 << 4) | (1 << 6);
    /// The PHY's number on its bus, and the bus being busy or written.
    pub(in crate::ethernet) const NUMBER: u32 = 1 << 11;
    pub(in crate::ethernet) const BUSY: u32 = 1;
    pub(in crate::ethernet) const WRITE: u32 = 1 << 1;
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

pub(super) fn registers() -> &'static Registers {
    let registers: *const Registers = core::ptr::without_provenance(BASE);
    // SAFETY: the board has the LAN9118 with these registers at this address.
    unsafe { &*registers }
}

/// Writes a register.
pub(super) fn write(register: &RW<u32>, value: u32) {
    // SAFETY: no register of this device makes it touch memory; the constants above are its data sheet's.
    unsafe { register.write(value) };
}

/// Looks again and again until something is so.
pub(super) fn until(is_so: impl Fn() -> bool) -> Result<(), EthernetError> {
    if (0..PATIENCE).any(|_| is_so()) {
        Ok(())
    } else {
        Err(EthernetError::Dead)
    }
}

pub(super) fn read_mac(register: u32) -> Result<u32, EthernetError> {
    let device = registers();
    write(&device.mac_command, MAC_BUSY | MAC_READ | register);
    until(|| device.mac_command.read() & MAC_BUSY == 0)?;
    Ok(device.mac_data.read())
}

pub(super) fn write_mac(register: u32, value: u32) -> Result<(), EthernetError> {
    let device = registers();
    write(&device.mac_data, value);
    write(&device.mac_command, MAC_BUSY | register);
    until(|| device.mac_command.read() & MAC_BUSY == 0)
}

/// Waits for the PHY's bus.
pub(super) fn phy_idle() -> Result<(), EthernetError> {
    until(|| read_mac(mac::MII_ACCESS).is_ok_and(|access| access & phy::BUSY == 0))
}

pub(super) fn read_phy(register: u32) -> Result<u32, EthernetError> {
    write_mac(mac::MII_ACCESS, phy::NUMBER | (register << 6) | phy::BUSY)?;
    phy_idle()?;
    read_mac(mac::MII_DATA)
}

pub(super) fn write_phy(register: u32, value: u32) -> Result<(), EthernetError> {
    write_mac(mac::MII_DATA, value)?;
    write_mac(
        mac::MII_ACCESS,
        phy::NUMBER | (register << 6) | phy::WRITE | phy::BUSY,
    )?;
    phy_idle()
}

pub(super) fn address() -> Result<[u8; 6], EthernetError> {
    let [a, b, c, d] = read_mac(mac::ADDRESS_LOW)?.to_le_bytes();
    let [e, f, ..] = read_mac(mac::ADDRESS_HIGH)?.to_le_bytes();
    Ok([a, b, c, d, e, f])
}
