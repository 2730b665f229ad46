//! The link of an Ethernet driver, opened and shut by the radio: for boards where the radio and the
//! frames go different ways. Shut, what is sent goes nowhere and the IP stack sees the cable pulled, so
//! that its DHCP client starts anew with each network joined.

use core::cell::Cell;
use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState, TxToken};
use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::waitqueue::AtomicWaker;

/// Whether the link is up. One in a `static`, shared by the radio driver and [`Gated`].
pub struct Gate {
    open: Mutex<CriticalSectionRawMutex, Cell<bool>>,
    changed: AtomicWaker,
}

impl Gate {
    /// A shut gate.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            open: Mutex::new(Cell::new(false)),
            changed: AtomicWaker::new(),
        }
    }

    /// Opens or shuts it. Any context.
    pub fn set(&self, open: bool) {
        self.open.lock(|cell| cell.set(open));
        self.changed.wake();
    }

    /// Whether it is open. Any context.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.lock(Cell::get)
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

/// A driver behind a gate.
pub struct Gated<'g, D> {
    driver: D,
    gate: &'g Gate,
}

impl<'g, D: Driver> Gated<'g, D> {
    /// Puts `driver` behind `gate`. One driver a gate: it keeps one waker.
    pub fn new(driver: D, gate: &'g Gate) -> Self {
        Self { driver, gate }
    }
}

/// The longest frame, in bytes.
const FRAME: usize = 1514;

/// Room for a frame: on its way to the network, or to nowhere.
pub enum Sending<T> {
    /// The gate was open.
    Through(T),
    /// It was shut.
    Nowhere,
}

impl<T: TxToken> TxToken for Sending<T> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, length: usize, fill: F) -> R {
        match self {
            Self::Through(token) => token.consume(length, fill),
            Self::Nowhere => {
                let mut frame = [0; FRAME];
                fill(frame.get_mut(..length).unwrap_or_default())
            }
        }
    }
}

impl<D: Driver> Driver for Gated<'_, D> {
    type RxToken<'a>
        = D::RxToken<'a>
    where
        Self: 'a;
    type TxToken<'a>
        = Sending<D::TxToken<'a>>
    where
        Self: 'a;

    fn receive(
        &mut self,
        context: &mut Context<'_>,
    ) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        let (received, sending) = self.driver.receive(context)?;
        let sending = if self.gate.is_open() {
            Sending::Through(sending)
        } else {
            Sending::Nowhere
        };
        Some((received, sending))
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<Self::TxToken<'_>> {
        // A network that is not there takes everything. Were it to take nothing, the stack would try
        // what waits to be sent over and over, and nothing less urgent would run meanwhile.
        if !self.gate.is_open() {
            return Some(Sending::Nowhere);
        }
        self.driver.transmit(context).map(Sending::Through)
    }

    fn link_state(&mut self, context: &mut Context<'_>) -> LinkState {
        self.gate.changed.register(context.waker());
        let driver = self.driver.link_state(context);
        if self.gate.is_open() {
            driver
        } else {
            LinkState::Down
        }
    }

    fn capabilities(&self) -> Capabilities {
        let mut capabilities = self.driver.capabilities();
        capabilities.max_transmission_unit = capabilities.max_transmission_unit.min(FRAME);
        capabilities
    }

    fn hardware_address(&self) -> HardwareAddress {
        self.driver.hardware_address()
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
