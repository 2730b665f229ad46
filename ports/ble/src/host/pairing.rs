//! The pairing of one connection: from the phone's wish to the bond, or to a refusal.

use embassy_time::Instant;
use trouble_host::prelude::{GattConnectionEvent, SecurityLevel};
use trouble_host::{BondInformation, Controller, Error, PairingFailedReason, Stack};

use super::serve::{Gatt, Visit};
use super::session::Known;
use crate::ble::PairingResult;
use crate::config::{COMPARE_TIMEOUT, CONFIRM_TIMEOUT};
use crate::pairing::{Answer, Question};
use crate::pool::Pool;

impl Visit {
    /// Ends the pairing under way as refused, on both sides. The host then tells of a failed
    /// pairing, and with that the application is told.
    pub(super) fn refuse(&mut self, result: PairingResult, known: &Known<'_>, gatt: &Gatt<'_, '_>) {
        self.deadlines.compare = None;
        // The host hands its refusal back as an error.
        let refused = Err(Error::Security(
            PairingFailedReason::NumericComparisonFailed,
        ));
        if gatt.pass_key_cancel() == refused {
            self.refused = Some(result);
        } else {
            log::warn!(target: "ble", "there was no pairing to refuse any more");
            known.ble.pairing_over(self.address, result);
        }
    }

    /// Passes the user's answer on to the phone.
    pub(super) fn answer_question(&mut self, known: &Known<'_>, gatt: &Gatt<'_, '_>) {
        match known.ble.take_answer() {
            None => {}
            Some(Answer::Refused) => self.refuse(PairingResult::Refused, known, gatt),
            Some(Answer::Accepted) => {
                self.deadlines.compare = None;
                self.deadlines.stranger = Instant::now().checked_add(CONFIRM_TIMEOUT);
                known.ble.confirmed();
                if let Err(error) = gatt.pass_key_confirm() {
                    log::warn!(target: "ble", "the confirmation came to nothing: {error:?}");
                }
            }
        }
    }

    /// Events of pairing. Those of other kinds change nothing here.
    pub(super) fn pairing<C: Controller>(
        &mut self,
        event: GattConnectionEvent<'_, '_, Pool>,
        stack: &Stack<'_, C, Pool>,
        known: &mut Known<'_>,
        gatt: &Gatt<'_, '_>,
    ) {
        match event {
            GattConnectionEvent::PassKeyConfirm(passkey) => {
                let question = Question {
                    peer: self.address,
                    passkey: passkey.value(),
                };
                log::info!(target: "ble", "pairing: the user compares numbers");
                self.was_asked = true;
                self.deadlines.compare = Instant::now().checked_add(COMPARE_TIMEOUT);
                self.deadlines.stranger = self
                    .deadlines
                    .compare
                    .and_then(|compared| compared.checked_add(CONFIRM_TIMEOUT));
                if !known.ble.ask(question) {
                    log::error!(target: "ble", "there is nobody to compare numbers: refused");
                    self.refuse(PairingResult::Refused, known, gatt);
                }
            }
            // A phone that types a number in: nobody is there to read it to them. The sieve stops these.
            GattConnectionEvent::PassKeyDisplay(_)
            | GattConnectionEvent::PassKeyInput
            | GattConnectionEvent::OobRequest => self.end_link(known, gatt),
            GattConnectionEvent::PairingComplete {
                security_level,
                bond,
            } => self.paired(security_level, bond, stack, known, gatt),
            GattConnectionEvent::PairingFailed(error) => {
                self.deadlines.compare = None;
                let result = self.refused.take().unwrap_or(reason(&error));
                log::warn!(target: "ble", "pairing failed: {result:?}, {error:?}");
                known.ble.pairing_over(self.address, result);
                self.after_failure(known);
            }
            GattConnectionEvent::BondLost => {
                log::warn!(target: "ble", "a known phone pairs anew: its bond stays until the user has confirmed");
            }
            GattConnectionEvent::Encrypted {
                security_level,
                bond,
            } => {
                log::info!(target: "ble", "encrypted: {security_level:?}");
                // With the key of an earlier pairing: no other event tells of a known phone.
                known
                    .ble
                    .encrypted(security_level == SecurityLevel::EncryptedAuthenticated);
                self.has_proved |= security_level == SecurityLevel::EncryptedAuthenticated;
                if bond.is_some() && security_level == SecurityLevel::EncryptedAuthenticated {
                    known.ble.recognised(self.address);
                }
            }
            GattConnectionEvent::Disconnected { .. }
            | GattConnectionEvent::Gatt { .. }
            | GattConnectionEvent::PhyUpdated { .. }
            | GattConnectionEvent::ConnectionParamsUpdated { .. }
            | GattConnectionEvent::SubratingParamsUpdated { .. }
            | GattConnectionEvent::RequestConnectionParams(_)
            | GattConnectionEvent::DataLengthUpdated { .. }
            | GattConnectionEvent::FrameSpaceUpdated { .. }
            | GattConnectionEvent::ConnectionRateChanged { .. } => {}
        }
    }

    /// The phone may try again while strangers may. Only a question to the user gives it more time
    /// than it had.
    fn after_failure(&mut self, known: &Known<'_>) {
        let left = Instant::now().checked_add(known.ble.patience_after_failure());
        let was_asked = core::mem::take(&mut self.was_asked);
        let before = self.deadlines.stranger.filter(|_| !was_asked);
        self.deadlines.stranger = before.into_iter().chain(left).min();
    }

    /// A pairing came to its end, or a key of an earlier one was taken up again.
    fn paired<C: Controller>(
        &mut self,
        level: SecurityLevel,
        bond: Option<BondInformation>,
        stack: &Stack<'_, C, Pool>,
        known: &mut Known<'_>,
        gatt: &Gatt<'_, '_>,
    ) {
        if level != SecurityLevel::EncryptedAuthenticated {
            // The sieve keeps these out; were one to slip through, it has no business here.
            log::error!(target: "ble", "a pairing without comparison: refused");
            known.align(stack);
            self.end_link(known, gatt);
            return;
        }
        if let Some(bond) = &bond
            && known.bonds.knows(&bond.identity)
            && !bond.identity.match_address(&self.on_air)
        {
            log::error!(target: "ble", "a phone says it is {}, which is known, and is not: refused", bond.identity.addr);
            known.align(stack);
            known.ble.pairing_over(self.address, PairingResult::Failed);
            self.end_link(known, gatt);
            return;
        }
        self.has_proved = true;
        known.ble.strangers(|strangers, _| strangers.trusted());
        let result = match bond {
            None => PairingResult::Paired,
            Some(bond) => {
                log::info!(target: "ble", "bonded: {}", bond.identity.addr);
                if let Some(oldest) = known.bonds.add(bond) {
                    log::warn!(target: "ble", "no room for more phones: forgot {}", oldest.identity.addr);
                    known.align(stack);
                }
                self.deadlines.plan_save(Instant::now());
                PairingResult::Bonded
            }
        };
        known.ble.pairing_over(self.address, result);
    }
}

fn reason(error: &Error) -> PairingResult {
    match error {
        Error::Security(PairingFailedReason::NumericComparisonFailed) => PairingResult::Refused,
        Error::Timeout => PairingResult::TimedOut,
        _ => PairingResult::Failed,
    }
}
