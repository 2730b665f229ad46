//! One session with a controller: from its reset until something fails.

use core::convert::Infallible;
use core::pin::pin;

use bt_hci::ReadHciError;
use bt_hci::cmd::info::ReadBdAddr;
use bt_hci::cmd::le::{
    LeRand, LeReadSuggestedDefaultDataLength, LeSetAdvEnable, LeWriteSuggestedDefaultDataLength,
};
use bt_hci::controller::{ControllerCmdSync, ExternalController};
use bt_hci::transport::Transport;
use embassy_futures::select::{Either, Either3, select, select3};
use embassy_time::{Timer, with_timeout};
use heapless::Vec;
use port_store::Records;
use trouble_host::prelude::{Advertisement, Connection, GattConnection};
use trouble_host::{
    Address, BleHostError, BondInformation, Controller, HostResources, IoCapabilities, Stack,
};

use super::{Fault, serve};
use crate::advertise;
use crate::ble::{Ble, Forget};
use crate::config::{BONDS_MAX, Config, HEARTBEAT, IDLE_WINDOW, SETUP_TIMEOUT};
use crate::endpoints::SEED;
use crate::gatt::{self, Link};
use crate::pairing::Bonds;
use crate::pool::Pool;
use crate::sieve::Sieve;

/// Bonds the host has room for: those that are kept, and one in the making.
const BONDS: usize = BONDS_MAX + 1;

/// HCI commands under way at once.
const COMMANDS: usize = 4;

/// What outlives a session.
pub(super) struct Known<'a> {
    pub(super) ble: &'static Ble,
    pub(super) config: &'a Config,
    pub(super) bonds: &'a mut Bonds,
    pub(super) records: &'static dyn Records,
    pub(super) link: &'a mut Link,
}

impl Known<'_> {
    /// The session is over, and with it whatever was connected.
    pub(super) fn over(&mut self) {
        self.ble.disconnected();
        self.ble.endpoints.departed();
        self.ble.set_idle(true);
        self.link.reset();
        let _ = self.save();
    }

    /// Keeps bonds that changed. Blocks for as long as the flash takes.
    /// False when it did not take them.
    pub(super) fn save(&mut self) -> bool {
        if !self.bonds.changed() {
            return true;
        }
        match self.bonds.save(self.records) {
            Ok(()) => log::info!(target: "ble", "{} bonds are kept", self.bonds.len()),
            Err(error) => {
                log::error!(target: "ble", "bonds were not kept, and are lost at a restart: {error:?}")
            }
        }
        !self.bonds.changed()
    }

    /// Forgets phones that the application wants forgotten; gives whether the one that is connected, and calls from
    /// `on_air`, is one.
    pub(super) fn forget<C: Controller>(
        &mut self,
        stack: &Stack<'_, C, Pool>,
        on_air: Option<&Address>,
    ) -> bool {
        let Some(whom) = self.ble.take_forget() else {
            return false;
        };
        let address = match whom {
            Forget::One(address) => Some(address),
            Forget::All => None,
        };
        let is_connected = on_air.is_some_and(|on_air| {
            address.is_none_or(|address| {
                on_air.addr.into_inner() == address || self.bonds.concerns(address, on_air)
            })
        });
        if self.bonds.remove(address) {
            self.align(stack);
            log::info!(target: "ble", "forgot {whom:?}");
        }
        let kept = self.save();
        self.ble.forgotten(kept);
        is_connected
    }

    /// Makes the host's bonds those that are kept: what a pairing left half done goes.
    pub(super) fn align<C: Controller>(&self, stack: &Stack<'_, C, Pool>) {
        let held: Vec<BondInformation, BONDS> = stack
            .with_bond_information(Vec::from_slice)
            .unwrap_or_default();
        for bond in &held {
            if !self.bonds.iter().any(|kept| kept == bond)
                && let Err(error) = stack.remove_bond_information(bond.identity)
            {
                log::error!(target: "ble", "the host did not forget a bond: {error:?}");
            }
        }
        for bond in self.bonds.iter() {
            if !held.contains(bond)
                && let Err(error) = stack.add_bond_information(bond.clone())
            {
                log::error!(target: "ble", "the host did not take a bond: {error:?}");
            }
        }
    }
}

/// Runs a session.
pub(super) async fn run<T>(transport: &T, known: &mut Known<'_>) -> Fault
where
    T: Transport,
    T::Error: From<ReadHciError<Infallible>>,
{
    let controller: ExternalController<_, COMMANDS> =
        ExternalController::new(Sieve::new(transport, known.ble));
    let mut resources = HostResources::<Pool, 1, 1, 1, BONDS>::new();
    let mut builder = trouble_host::new(controller, &mut resources)
        .set_io_capabilities(IoCapabilities::DisplayYesNo);
    if let Some(address) = known.config.address {
        builder = builder.set_random_address(Address::random(address));
    }
    let stack = builder.build();
    known.align(&stack);
    let mut runner = stack.runner();
    // The runner first: what it takes in is there when the application is polled.
    match select3(runner.run(), application(&stack, known), heartbeat(&stack)).await {
        Either3::First(Ok(())) => Fault::Host,
        Either3::First(Err(error)) => give_up(&error),
        Either3::Second(fault) | Either3::Third(fault) => fault,
    }
}

/// The error of a transport has no words that fit every one of them.
fn give_up<E>(error: &BleHostError<E>) -> Fault {
    match error {
        BleHostError::Controller(_) => log::error!(target: "ble", "the transport failed"),
        BleHostError::BleHost(error) => log::error!(target: "ble", "the host failed: {error:?}"),
    }
    Fault::Host
}

/// Asks the controller for a sign of life from time to time, and whether it is the one that was set up: one
/// that has restarted by itself answers everything, and knows neither the link nor that it is to advertise.
async fn heartbeat<C>(stack: &Stack<'_, C, Pool>) -> Fault
where
    C: Controller
        + ControllerCmdSync<LeReadSuggestedDefaultDataLength>
        + ControllerCmdSync<LeWriteSuggestedDefaultDataLength>,
{
    let (octets, time) = MARK;
    let mark = LeWriteSuggestedDefaultDataLength::new(octets, time);
    let _ = with_timeout(SETUP_TIMEOUT, stack.command(mark)).await;
    // A controller that has no such value, or keeps another, shows nothing by it.
    let is_marked = marked(stack).await == Ok(true);
    loop {
        Timer::after(HEARTBEAT).await;
        if is_marked {
            match marked(stack).await {
                Ok(true) => {}
                Ok(false) => return Fault::Restarted,
                Err(Unanswered) => return Fault::Silent,
            }
            continue;
        }
        let asked = with_timeout(SETUP_TIMEOUT, stack.command(ReadBdAddr::new())).await;
        if !matches!(asked, Ok(Ok(_))) {
            return Fault::Silent;
        }
    }
}

/// A value that a controller's reset undoes: the length of packets it begins a link with, octets and
/// microseconds. It is the shortest, as after a reset, with a time that no other has and that changes nothing.
const MARK: (u16, u16) = (27, 329);

/// No answer in time.
#[derive(Debug, Eq, PartialEq)]
struct Unanswered;

/// Whether the controller has the mark.
async fn marked<C>(stack: &Stack<'_, C, Pool>) -> Result<bool, Unanswered>
where
    C: Controller + ControllerCmdSync<LeReadSuggestedDefaultDataLength>,
{
    let asked = stack.command(LeReadSuggestedDefaultDataLength::new());
    let answer = with_timeout(SETUP_TIMEOUT, asked)
        .await
        .map_err(|_| Unanswered)?;
    Ok(answer.is_ok_and(|is| (is.suggested_max_tx_octets, is.suggested_max_tx_time) == MARK))
}

/// Advertises, serves, and advertises again.
async fn application<C: Controller>(stack: &Stack<'_, C, Pool>, known: &mut Known<'_>) -> Fault {
    // Answered when the host is set up.
    let Ok(Ok(address)) = with_timeout(SETUP_TIMEOUT, stack.command(ReadBdAddr::new())).await
    else {
        return Fault::SetUp;
    };
    let address = known.config.address.unwrap_or(address.into_inner());
    if address == [0; 6] {
        log::error!(target: "ble", "the controller has no address and the board gives none: no phone can pair");
    }
    let Some(number) = random(stack).await else {
        return Fault::SetUp;
    };
    known.ble.set_random(u64::from_le_bytes(number));
    let mut seed = [0; SEED];
    for octets in seed.chunks_exact_mut(8) {
        let Some(number) = random(stack).await else {
            return Fault::SetUp;
        };
        octets.copy_from_slice(&number);
    }
    known.ble.random_octets.seed(seed);
    known.ble.endpoints.set_address(address);
    let config = *known.config;
    loop {
        let _ = known.forget(stack, None);
        if !known.ble.wanted_on() {
            known.ble.set_idle(true);
            known.ble.work().await;
            continue;
        }
        known.ble.set_idle(false);
        // The host brings the controller's list of identities up to date while nothing is going on.
        Timer::after(IDLE_WINDOW).await;
        let connection = match advertise(stack, known).await {
            Ok(Some(connection)) => connection,
            Ok(None) => continue,
            Err(error) => return give_up(&error),
        };
        // For this phone alone: the host keeps a place for each identity it saw, and a phone may show
        // another one in the middle of a connection.
        let database = gatt::build(&config, known.ble.offered_endpoints().as_ref());
        let connection: GattConnection<'_, '_, Pool> =
            match connection.with_attribute_server(&database.server) {
                Ok(connection) => connection,
                Err(error) => return give_up::<C::Error>(&error.into()),
            };
        let served = serve::connection(stack, known, &database, &connection).await;
        drop(connection);
        known.ble.disconnected();
        known.ble.endpoints.departed();
        known.link.reset();
        // Before anybody can connect again: what a pairing left half done, and what is not yet kept.
        known.align(stack);
        let _ = known.save();
        if let Err(fault) = served {
            return fault;
        }
    }
}

/// Eight octets of the controller; `None` when it does not answer.
async fn random<C: Controller>(stack: &Stack<'_, C, Pool>) -> Option<[u8; 8]> {
    let answer = with_timeout(SETUP_TIMEOUT, stack.command(LeRand::new())).await;
    answer.ok()?.ok()
}

/// Advertises until a phone connects; `None` when there is something else to do first.
async fn advertise<'s, C: Controller>(
    stack: &'s Stack<'_, C, Pool>,
    known: &Known<'_>,
) -> Result<Option<Connection<'s, Pool>>, BleHostError<C::Error>> {
    let name = known.ble.name();
    let offer = known.ble.offered_endpoints();
    let data = advertise::data(
        known.config,
        name.as_deref().unwrap_or(known.config.name),
        offer.as_ref(),
    )?;
    let advertisement = Advertisement::ConnectableScannableUndirected {
        adv_data: &data.advertisement,
        scan_data: &data.scan_response,
    };
    let mut peripheral = stack.peripheral();
    let advertiser = peripheral
        .advertise(&advertise::parameters(), advertisement)
        .await?;
    let with = if offer.is_some() {
        ", with endpoints"
    } else {
        ""
    };
    log::info!(target: "ble", "advertising{with}");
    let mut accept = pin!(advertiser.accept());
    loop {
        match select(accept.as_mut(), known.ble.work()).await {
            Either::First(connection) => return Ok(Some(connection?)),
            Either::Second(()) => {
                let as_before = known.ble.wanted_on()
                    && known.ble.name() == name
                    && known.ble.offered_endpoints().is_some() == offer.is_some();
                if !as_before || known.ble.wants_forgetting() {
                    break;
                }
            }
        }
    }
    // Until the controller has heard that it is over, a phone may connect. It is accepted at once: the host cannot end
    // a link that is not accepted yet, so a phone whose bond is gone would wait for an answer in vain.
    let mut off = pin!(stack.command(LeSetAdvEnable::new(false)));
    match select(accept.as_mut(), off.as_mut()).await {
        Either::First(connection) => {
            // What is to be done is looked at while it is served.
            known.ble.look_again();
            // Not dropped half sent.
            off.await?;
            Ok(Some(connection?))
        }
        Either::Second(off) => off.map(|()| None),
    }
}
