//! One connection, from the phone's arrival to its leaving.

use embassy_futures::select::{Either3, select3};
use embassy_time::{Instant, Timer, with_timeout};
use trouble_host::prelude::{GattConnection, GattConnectionEvent, SecurityLevel};
use trouble_host::{Address, Controller, Stack};

use super::Fault;
use super::session::Known;
use super::standing::Standing;
use crate::ble::{Link, PairingResult};
use crate::config::{END_UNTOLD, QUIET_BEFORE_SAVE, SAVE_AT_LATEST, SENT_TIMEOUT, UNLINK_TIMEOUT};
use crate::endpoints::Answered;
use crate::gatt::{self, Database, Held, Server};
use crate::pool::Pool;

pub(super) type Gatt<'stack, 'server> = GattConnection<'stack, 'server, Pool>;

/// Things that happen on time unless something else happens first.
#[derive(Default)]
pub(super) struct Deadlines {
    /// The user's time to compare numbers is up.
    pub(super) compare: Option<Instant>,
    /// The bond is kept in flash, when the link is quiet or at the latest.
    save: Option<Instant>,
    save_latest: Option<Instant>,
    /// The phone must have proved who it is. Put off while people compare numbers.
    pub(super) stranger: Option<Instant>,
    /// The link that was asked to end must have ended.
    unlink: Option<Instant>,
}

impl Deadlines {
    fn next(&self) -> Option<Instant> {
        [self.compare, self.save, self.stranger, self.unlink]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn plan_save(&mut self, now: Instant) {
        self.save_latest = now.checked_add(SAVE_AT_LATEST);
        self.put_off_save(now);
    }

    /// Traffic: a write to flash can wait a little.
    fn put_off_save(&mut self, now: Instant) {
        self.save = self
            .save_latest
            .zip(now.checked_add(QUIET_BEFORE_SAVE))
            .map(|(latest, quiet)| latest.min(quiet));
    }
}

/// Whether it is time.
fn due(deadline: Option<Instant>, now: Instant) -> bool {
    deadline.is_some_and(|deadline| now >= deadline)
}

/// Waits for something to be sent; gives whether that took too long. A phone that acknowledges nothing
/// would hold up all that is due.
async fn in_time(sending: impl Future<Output = ()>) -> bool {
    with_timeout(SENT_TIMEOUT, sending).await.is_err()
}

/// Serves a phone until it is gone.
pub(super) async fn connection<C: Controller>(
    stack: &Stack<'_, C, Pool>,
    known: &mut Known<'_>,
    database: &Database<'_>,
    gatt: &Gatt<'_, '_>,
) -> Result<(), Fault> {
    let arrived = Instant::now();
    let peer = gatt.raw().peer_address();
    let address = peer.addr.into_inner();
    log::info!(target: "ble", "connected: {peer}");
    // Without this the host pairs but makes no bond.
    if let Err(error) = gatt.raw().set_bondable(true) {
        log::warn!(target: "ble", "the phone left at once: {error:?}");
    }
    known.link.reset();
    Server {
        ble: known.ble,
        config: known.config,
        database,
        link: &mut *known.link,
        held: &mut None,
    }
    .store_values();
    known.ble.connected(address);
    known.ble.endpoints.arrived();
    let mut visit = Visit {
        on_air: peer,
        address,
        deadlines: Deadlines {
            stranger: arrived.checked_add(known.ble.patience()),
            ..Deadlines::default()
        },
        refused: None,
        was_asked: false,
        has_proved: false,
        has_loitered: false,
        has_session: false,
        knows_version: false,
        standing: Standing::default(),
    };
    if known.ble.serves_bonded_only() && !known.bonds.can_be(&peer) {
        log::warn!(target: "ble", "a phone without a bond is sent away");
        visit.end_link(known, gatt);
    }
    let served = visit.serve(stack, known, database, gatt).await;
    visit.settle(arrived, known);
    served
}

/// Whether there is a link still.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Outlook {
    GoesOn,
    Over,
}

pub(super) struct Visit {
    /// Where the phone called from: a private address, or that of an identity.
    pub(super) on_air: Address,
    pub(super) address: [u8; 6],
    pub(super) deadlines: Deadlines,
    /// Why a pairing is refused here.
    pub(super) refused: Option<PairingResult>,
    /// The user is, or was, asked about the pairing under way.
    pub(super) was_asked: bool,
    /// The link was encrypted after a comparison, now or at an earlier pairing.
    pub(super) has_proved: bool,
    /// The phone has used its time up.
    has_loitered: bool,
    /// The phone has a session with the endpoints: it knows the device's secret.
    has_session: bool,
    /// The phone has asked the endpoints for their version.
    knows_version: bool,
    /// The phone's clock, while the device computes for it.
    standing: Standing,
}

impl Visit {
    async fn serve<'stack, 'server, C: Controller>(
        &mut self,
        stack: &Stack<'_, C, Pool>,
        known: &mut Known<'_>,
        database: &Database<'_>,
        gatt: &Gatt<'stack, 'server>,
    ) -> Result<(), Fault> {
        let mut held: Option<Held<'stack, 'server>> = None;
        loop {
            let next = self.deadlines.next().unwrap_or(Instant::MAX);
            let happened = select3(gatt.next(), known.ble.work(), Timer::at(next)).await;
            let mut server = Server {
                ble: known.ble,
                config: known.config,
                database,
                link: &mut *known.link,
                held: &mut held,
            };
            // The host may drop the event of it in a burst of others.
            let level = gatt.raw().security_level();
            self.has_proved |= matches!(level, Ok(SecurityLevel::EncryptedAuthenticated));
            let mut is_stuck = in_time(server.follow_mtu(gatt)).await;
            if let Either3::First(event) = happened {
                self.deadlines.put_off_save(Instant::now());
                match event {
                    GattConnectionEvent::Disconnected { reason } => {
                        log::info!(target: "ble", "disconnected: {reason:?}");
                        return Ok(());
                    }
                    // A link that is to end answers nothing more.
                    GattConnectionEvent::Gatt { event } if self.deadlines.unlink.is_some() => {
                        gatt::refuse(event);
                    }
                    GattConnectionEvent::Gatt { event } => {
                        is_stuck |= in_time(server.answer(event)).await
                    }
                    other => self.pairing(other, stack, known, gatt),
                }
            }
            let computes = known.ble.endpoints.is_shaking_hands();
            self.standing
                .follow(computes, &mut self.deadlines.stranger, Instant::now());
            if self.on_time(known, gatt)? == Outlook::Over {
                log::info!(target: "ble", "disconnected");
                return Ok(());
            }
            self.answer_question(known, gatt);
            let is_forgotten = known.forget(stack, Some(&self.on_air));
            if (is_forgotten || !known.ble.wanted_on()) && self.deadlines.unlink.is_none() {
                self.end_link(known, gatt);
            }
            let mut server = Server {
                ble: known.ble,
                config: known.config,
                database,
                link: &mut *known.link,
                held: &mut held,
            };
            // Nor is a request answered that was taken before.
            if self.deadlines.unlink.is_none() {
                match with_timeout(SENT_TIMEOUT, server.acknowledge()).await {
                    Ok(None) => {}
                    Ok(Some(answered)) => self.endpoint_answered(answered, known),
                    Err(_) => is_stuck = true,
                }
            }
            let mut server = Server {
                ble: known.ble,
                config: known.config,
                database,
                link: &mut *known.link,
                held: &mut held,
            };
            is_stuck |= in_time(server.pump(gatt)).await;
            if is_stuck {
                log::warn!(target: "ble", "the phone takes nothing any more: its link is ended");
                self.end_link(known, gatt);
            }
            self.expect_end(known, gatt);
        }
    }

    /// What a phone that never proved who it is costs the next one.
    fn settle(&self, arrived: Instant, known: &Known<'_>) {
        if self.has_proved || self.has_session {
            return;
        }
        known.ble.strangers(|strangers, now| {
            if self.has_loitered {
                strangers.loitered(now);
            } else {
                strangers.left(now.saturating_duration_since(arrived), now);
            }
        });
    }

    /// An endpoint has answered the phone.
    fn endpoint_answered(&mut self, answered: Answered, known: &Known<'_>) {
        if answered.is_proof && !self.has_session {
            self.has_session = true;
            log::info!(target: "ble", "the phone knows the device's secret: it may stay");
        }
        if answered.is_version && !self.knows_version {
            self.knows_version = true;
            // Where strangers have no business nobody is waited for.
            if let Some(patience) = known.ble.typing_patience() {
                self.deadlines.stranger = Instant::now().checked_add(patience);
            }
        }
    }

    /// The host ends links by itself, and does not tell of every end.
    fn expect_end(&mut self, known: &Known<'_>, gatt: &Gatt<'_, '_>) {
        if gatt.raw().is_connected() {
            return;
        }
        let now = Instant::now();
        let latest = match known.ble.link() {
            Link::Gone => now.checked_add(END_UNTOLD),
            Link::Up | Link::Ending => now.checked_add(UNLINK_TIMEOUT),
        };
        self.deadlines.unlink = self.deadlines.unlink.into_iter().chain(latest).min();
    }

    pub(super) fn end_link(&mut self, known: &Known<'_>, gatt: &Gatt<'_, '_>) {
        known.ble.set_link(Link::Ending);
        gatt.raw().disconnect();
        self.deadlines.unlink = Instant::now().checked_add(UNLINK_TIMEOUT);
    }

    /// What is due by now.
    fn on_time(&mut self, known: &mut Known<'_>, gatt: &Gatt<'_, '_>) -> Result<Outlook, Fault> {
        let now = Instant::now();
        if due(self.deadlines.unlink, now) {
            return match known.ble.link() {
                Link::Gone => Ok(Outlook::Over),
                Link::Up | Link::Ending => Err(Fault::Stuck),
            };
        }
        if due(self.deadlines.save, now) {
            self.deadlines.save = None;
            self.deadlines.save_latest = None;
            let _ = known.save();
        }
        if due(self.deadlines.stranger, now) {
            self.deadlines.stranger = None;
            let level = gatt.raw().security_level();
            if !matches!(level, Ok(SecurityLevel::EncryptedAuthenticated)) && !self.has_session {
                log::warn!(target: "ble", "the phone did not prove who it is in time: its link is ended");
                self.has_loitered = true;
                self.end_link(known, gatt);
            }
        }
        if due(self.deadlines.compare, now) {
            self.deadlines.compare = None;
            log::warn!(target: "ble", "nobody compared the numbers in time: refused");
            self.refuse(PairingResult::TimedOut, known, gatt);
        }
        Ok(Outlook::GoesOn)
    }
}

const _: () = assert!(QUIET_BEFORE_SAVE.as_ticks() < SAVE_AT_LATEST.as_ticks());
