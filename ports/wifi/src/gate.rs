//! The link of an Ethernet driver, opened and shut by the radio: for boards where the radio and the
//! frames go different ways. Shut, nothing is sent and the IP stack sees the cable pulled, so that its
//! DHCP client starts anew with each network joined.

use core::cell::Cell;
use core::task::Context;

use embassy_net_driver::{Capabilities, Driver, HardwareAddress, LinkState};
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

impl<D: Driver> Driver for Gated<'_, D> {
    type RxToken<'a>
        = D::RxToken<'a>
    where
        Self: 'a;
    type TxToken<'a>
        = D::TxToken<'a>
    where
        Self: 'a;

    fn receive(
        &mut self,
        context: &mut Context<'_>,
    ) -> Option<(Self::RxToken<'_>, Self::TxToken<'_>)> {
        self.driver.receive(context)
    }

    fn transmit(&mut self, context: &mut Context<'_>) -> Option<Self::TxToken<'_>> {
        // Nothing is sent into a network that is not there; the stack tries again when the gate opens.
        if !self.gate.is_open() {
            return None;
        }
        self.driver.transmit(context)
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
        self.driver.capabilities()
    }

    fn hardware_address(&self) -> HardwareAddress {
        self.driver.hardware_address()
    }
}
