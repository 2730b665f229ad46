//! The [`Radio`] on a modem.

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Timer};
use embedded_io_async::{Read, Write};
use zeroize::Zeroizing;

use super::frame::{Frame, PAYLOAD_MAX, Reader};
use super::protocol::{Command, Report, VERSION, join_error, loss_reason};
use crate::gate::Gate;
use crate::network::Security;
use crate::radio::{Found, Join, JoinError, Joined, LossReason, Radio, RadioError, ScanList};

/// How often `Hello` is repeated until the modem answers.
const HELLO_AGAIN: Duration = Duration::from_millis(500);
/// How many errors of the line in a row are taken for noise, which costs a frame; more are a broken line.
const NOISE: u8 = 8;
/// How many bytes are taken off the line at a time.
const CHUNK: usize = 32;

/// A modem on a serial line, which opens and shuts the link of the board's Ethernet driver.
pub struct Modem<'g, RX, TX> {
    receive: RX,
    transmit: TX,
    gate: &'g Gate,
    mac: [u8; 6],
    sequence: u8,
    reader: Reader,
    chunk: [u8; CHUNK],
    unread: core::ops::Range<usize>,
    /// A loss that was reported while an answer was awaited.
    loss: Option<LossReason>,
    /// Whether the modem knows us; one that restarted does not.
    greeted: bool,
}

impl<'g, RX: Read, TX: Write> Modem<'g, RX, TX> {
    /// A modem on this line. `mac` is the address the board's frames come from.
    pub fn new(receive: RX, transmit: TX, gate: &'g Gate, mac: [u8; 6]) -> Self {
        Self {
            receive,
            transmit,
            gate,
            mac,
            sequence: 0,
            reader: Reader::new(),
            chunk: [0; CHUNK],
            unread: 0..0,
            loss: None,
            greeted: false,
        }
    }

    /// Sends a command under a new sequence number.
    async fn send(&mut self, command: &Command<'_>) -> Result<(), RadioError> {
        // 0 is not for commands.
        self.sequence = self.sequence.checked_add(1).unwrap_or(1);
        let mut payload = Zeroizing::new([0_u8; PAYLOAD_MAX]);
        let length = postcard::to_slice(&(self.sequence, command), &mut *payload)
            .map_err(|_| RadioError::Unexpected)?
            .len();
        let frame = payload
            .get(..length)
            .and_then(Frame::new)
            .ok_or(RadioError::Unexpected)?;
        self.transmit
            .write_all(frame.as_bytes())
            .await
            .map_err(|_| RadioError::Bus)?;
        self.transmit.flush().await.map_err(|_| RadioError::Bus)
    }

    /// The next report that can be read, with its sequence number. Loses nothing when dropped.
    async fn report(&mut self) -> Result<(u8, Report), RadioError> {
        loop {
            for at in self.unread.by_ref() {
                let Some(byte) = self.chunk.get(at) else {
                    break;
                };
                let Some(payload) = self.reader.push(*byte) else {
                    continue;
                };
                match postcard::take_from_bytes::<(u8, Report)>(payload) {
                    Ok((report, [])) => return Ok(report),
                    Ok(_) | Err(_) => {
                        log::warn!(target: "wifi", "the radio sent {} bytes that are no report", payload.len())
                    }
                }
            }
            let count = self.read().await?;
            self.unread = 0..count.min(CHUNK);
        }
    }

    /// Takes bytes off the line.
    async fn read(&mut self) -> Result<usize, RadioError> {
        for _ in 0..NOISE {
            match self.receive.read(&mut self.chunk).await {
                Ok(0) => return Err(RadioError::Bus),
                Ok(count) => return Ok(count),
                Err(error) => log::warn!(target: "wifi", "noise on the radio's line: {error:?}"),
            }
        }
        Err(RadioError::Bus)
    }

    /// The next report that belongs to the command sent last. Losses meanwhile are kept.
    async fn answer(&mut self) -> Result<Report, RadioError> {
        loop {
            match self.report().await? {
                (0, report) => self.unasked(&report),
                (number, report) if number == self.sequence => return Ok(report),
                (_, _) => {}
            }
        }
    }

    fn unasked(&mut self, report: &Report) {
        let reason = match report {
            Report::Lost { reason } => loss_reason::from_number(*reason),
            Report::Ready { .. } => {
                self.greeted = false;
                LossReason::RadioRestarted
            }
            _ => return,
        };
        self.gate.set(false);
        self.loss = Some(reason);
    }

    async fn hello(&mut self) -> Result<(), RadioError> {
        self.send(&Command::Hello {
            version: VERSION,
            mac: self.mac,
        })
        .await?;
        match self.answer().await? {
            Report::Hello { version: VERSION } => {
                self.greeted = true;
                Ok(())
            }
            Report::Hello { version } => Err(RadioError::Version(version)),
            _ => Err(RadioError::Unexpected),
        }
    }
}

impl<RX: Read, TX: Write> Radio for Modem<'_, RX, TX> {
    async fn start(&mut self) -> Result<(), RadioError> {
        self.gate.set(false);
        loop {
            // The modem may be slower to start than we are.
            if let Either::First(result) = select(self.hello(), Timer::after(HELLO_AGAIN)).await {
                self.loss = None;
                return result;
            }
        }
    }

    async fn stop(&mut self) -> Result<(), RadioError> {
        self.leave().await
    }

    async fn scan(&mut self, found: &mut ScanList) -> Result<(), RadioError> {
        self.send(&Command::Scan).await?;
        loop {
            match self.answer().await? {
                Report::Found {
                    ssid,
                    bssid,
                    security,
                    rssi,
                    channel,
                } => {
                    let security =
                        Security::from_number(security.into()).unwrap_or(Security::Other);
                    found.add(Found {
                        ssid,
                        bssid,
                        security,
                        rssi,
                        channel,
                    });
                }
                Report::ScanDone => return Ok(()),
                _ => return Err(RadioError::Unexpected),
            }
        }
    }

    async fn join(&mut self, network: &Join) -> Result<Joined, JoinError> {
        self.gate.set(false);
        let command = Command::Join {
            ssid: network.ssid.as_bytes(),
            security: network.security.number(),
            channel: network.channel,
            credential: network.credential.as_bytes(),
        };
        if !self.greeted {
            self.hello().await?;
        }
        self.send(&command).await?;
        match self.answer().await? {
            Report::Joined {
                bssid,
                channel,
                rssi,
            } => {
                // What was lost before this was an earlier network.
                self.loss = None;
                self.gate.set(true);
                Ok(Joined {
                    bssid,
                    channel,
                    rssi,
                })
            }
            Report::JoinFailed { reason } => Err(join_error::from_number(reason)),
            _ => Err(RadioError::Unexpected.into()),
        }
    }

    async fn leave(&mut self) -> Result<(), RadioError> {
        self.gate.set(false);
        self.send(&Command::Leave).await?;
        match self.answer().await? {
            Report::Left => {
                self.loss = None;
                Ok(())
            }
            _ => Err(RadioError::Unexpected),
        }
    }

    async fn lost(&mut self) -> LossReason {
        loop {
            if let Some(reason) = self.loss.take() {
                return reason;
            }
            match self.report().await {
                Ok((0, report)) => self.unasked(&report),
                Ok(_) => {}
                Err(_) => {
                    self.gate.set(false);
                    return LossReason::Unspecified;
                }
            }
        }
    }

    async fn rssi(&mut self) -> Result<i8, RadioError> {
        self.send(&Command::Signal).await?;
        match self.answer().await? {
            Report::Signal { rssi } => Ok(rssi),
            _ => Err(RadioError::Unexpected),
        }
    }

    fn mac(&self) -> [u8; 6] {
        self.mac
    }
}

#[cfg(test)]
#[path = "driver_tests.rs"]
mod tests;
