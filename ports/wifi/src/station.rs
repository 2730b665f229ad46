//! The state of the connection and everything that changes it. Runs in the net task.

use embassy_futures::select::{Either, Either3, select, select3};
use embassy_time::{Duration, with_timeout};
use zeroize::Zeroize;

use crate::calls::{Call, Calls, Event, LeftBecause};
use crate::failure::Failure;
use crate::net::{Address, Net};
use crate::network::{Security, credential_fits};
use crate::radio::{Join, Joined, LossReason, Radio, RadioError, ScanList};

/// How long each step may take.
pub mod limits {
    use super::Duration;

    /// Switching the radio on: it may have to boot.
    pub const ON: Duration = Duration::from_secs(5);
    /// Scanning all channels.
    pub const SCAN: Duration = Duration::from_secs(10);
    /// Finding an access point and its handshake.
    pub const JOIN: Duration = Duration::from_secs(10);
    /// Getting an address: DHCP asks again after some seconds.
    pub const ADDRESS: Duration = Duration::from_secs(10);
    /// Leaving.
    pub const LEAVE: Duration = Duration::from_secs(2);
    /// The IP stack noticing that the link is down.
    pub const SETTLE: Duration = Duration::from_secs(1);
    /// The longest call: leave one network, join another, no address, leave again.
    pub const LONGEST: Duration = Duration::from_secs(28);
}

/// What the radio is doing between calls.
enum State {
    /// Not looked at yet: a processor that restarted may have left it joined.
    Unknown,
    Off,
    Idle,
    Connected(Address),
}

enum Next {
    Call(u8, Call),
    Lost(LossReason),
    Address(Option<Address>),
}

/// The one owner of radio and connection.
pub struct Station<'c, R, N> {
    radio: R,
    net: N,
    calls: &'c Calls,
    state: State,
    wanted: Join,
    /// Only for the time of a scan; borrowed, for the station is moved about as it is set up.
    found: &'c mut ScanList,
}

impl<'c, R: Radio, N: Net> Station<'c, R, N> {
    /// A station that is switched off. `found` is memory for scans.
    pub fn new(radio: R, net: N, calls: &'c Calls, found: &'c mut ScanList) -> Self {
        Self {
            radio,
            net,
            calls,
            state: State::Unknown,
            wanted: Join::none(),
            found,
        }
    }

    /// Serves calls for ever.
    pub async fn run(&mut self) -> ! {
        if matches!(self.state, State::Unknown) {
            // A radio that does not answer is told of when it is switched on.
            let _ = bounded(limits::LEAVE, self.radio.leave()).await;
            self.state = State::Off;
        }
        loop {
            match self.next().await {
                Next::Call(number, call) => {
                    let result = self.serve(call).await;
                    self.calls.answer(number, result);
                }
                Next::Lost(reason) => {
                    log::warn!(target: "wifi", "the network was lost: {reason}");
                    self.disconnected(LeftBecause::Lost(reason));
                }
                Next::Address(Some(address)) => {
                    log::info!(target: "wifi", "the address is now {address}");
                    self.address_ready(address);
                }
                Next::Address(None) => {
                    log::warn!(target: "wifi", "the address ran out; leaving the network");
                    self.leave_quietly().await;
                    self.disconnected(LeftBecause::AddressExpired);
                }
            }
        }
    }

    async fn next(&mut self) -> Next {
        let call = self.calls.next();
        let (number, call) = match &self.state {
            State::Unknown | State::Off | State::Idle => call.await,
            State::Connected(address) => {
                match select3(call, self.radio.lost(), self.net.changed(address)).await {
                    Either3::First(call) => call,
                    Either3::Second(reason) => return Next::Lost(reason),
                    Either3::Third(address) => return Next::Address(address),
                }
            }
        };
        Next::Call(number, call)
    }

    async fn serve(&mut self, call: Call) -> Result<(), Failure> {
        match (call, &self.state) {
            (Call::On, State::Unknown | State::Off) => self.switch_on().await,
            (Call::On, _) | (Call::Off, State::Unknown | State::Off) => Ok(()),
            (Call::Off, _) => self.switch_off().await,
            (Call::Join | Call::Scan | Call::Leave, State::Unknown | State::Off) => {
                Err(Failure::Off)
            }
            (Call::Join, _) => self.join().await,
            (Call::Scan, _) => self.scan().await,
            (Call::Leave, State::Idle) => Ok(()),
            (Call::Leave, State::Connected(_)) => {
                self.leave(LeftBecause::Asked).await;
                Ok(())
            }
        }
    }

    async fn switch_on(&mut self) -> Result<(), Failure> {
        bounded(limits::ON, self.radio.start())
            .await
            .inspect_err(|failure| {
                log::error!(target: "wifi", "the radio cannot be switched on: {failure}");
            })?;
        log::info!(target: "wifi", "the radio is on");
        self.state = State::Idle;
        self.calls.change(|status| status.on = true);
        Ok(())
    }

    async fn switch_off(&mut self) -> Result<(), Failure> {
        if matches!(self.state, State::Connected(_)) {
            self.leave(LeftBecause::Asked).await;
        }
        let stopped = bounded(limits::LEAVE, self.radio.stop()).await;
        log::info!(target: "wifi", "the radio is off");
        self.state = State::Off;
        self.calls.change(|status| status.on = false);
        stopped
    }

    async fn scan(&mut self) -> Result<(), Failure> {
        log::info!(target: "wifi", "scanning");
        self.found.clear();
        let scanned = bounded(limits::SCAN, self.radio.scan(self.found)).await;
        match scanned {
            Ok(()) => {
                log::info!(target: "wifi", "found {} access points", self.found.as_slice().len())
            }
            Err(failure) => log::warn!(target: "wifi", "the scan failed: {failure}"),
        }
        self.calls.set_found(self.found);
        self.calls.happened(&Event::ScanDone);
        scanned
    }

    async fn join(&mut self) -> Result<(), Failure> {
        self.calls.take_network(&mut self.wanted);
        let result = self.attempt().await;
        self.wanted.credential.zeroize();
        let ssid = self.wanted.ssid.clone();
        match result {
            Ok(address) => {
                log::info!(target: "wifi", "connected to \"{ssid}\"; the address is {address}");
                self.calls.change(|status| status.failure = None);
                self.address_ready(address);
                Ok(())
            }
            Err(failure) => {
                log::warn!(target: "wifi", "\"{ssid}\" was not joined: {failure}");
                self.calls
                    .change(|status| status.failure = Some((ssid, failure)));
                self.calls.happened(&Event::JoinFailed(failure));
                Err(failure)
            }
        }
    }

    async fn attempt(&mut self) -> Result<Address, Failure> {
        match self.wanted.security {
            Security::Wpa2Enterprise | Security::Other => return Err(Failure::NotSupported),
            security if !credential_fits(security, self.wanted.credential.as_bytes()) => {
                return Err(Failure::Invalid);
            }
            _ if self.wanted.ssid.is_empty() => return Err(Failure::Invalid),
            _ => {}
        }
        if matches!(self.state, State::Connected(_)) {
            self.leave(LeftBecause::Asked).await;
        }
        log::info!(target: "wifi", "joining \"{}\" ({})", self.wanted.ssid, self.wanted.security);
        let associated = match with_timeout(limits::JOIN, self.radio.join(&self.wanted)).await {
            Ok(Ok(joined)) => Ok(joined),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(Failure::Timeout),
        };
        let addressed = match associated {
            Ok(joined) => self.ask_for_address(joined).await,
            Err(failure) => Err(failure),
        };
        if addressed.is_err() {
            self.leave_quietly().await;
            self.calls.change(|status| status.network = None);
        }
        addressed
    }

    async fn ask_for_address(&mut self, joined: Joined) -> Result<Address, Failure> {
        log::info!(target: "wifi", "joined \"{}\" on channel {} at {} dBm; asking for an address", self.wanted.ssid, joined.channel, joined.rssi);
        let ssid = self.wanted.ssid.clone();
        self.calls
            .change(|status| status.network = Some((ssid, joined)));
        self.calls.happened(&Event::Joined);
        match select(
            with_timeout(limits::ADDRESS, self.net.address()),
            self.radio.lost(),
        )
        .await
        {
            Either::First(Ok(address)) => Ok(address),
            Either::First(Err(_)) => Err(Failure::NoAddress),
            Either::Second(reason) => Err(Failure::Lost(reason)),
        }
    }

    /// Leaves the network and says so.
    async fn leave(&mut self, because: LeftBecause) {
        self.leave_quietly().await;
        log::info!(target: "wifi", "left the network");
        self.disconnected(because);
    }

    /// Makes sure that the radio is on no network and the IP stack knows it. The radio shuts the
    /// link at once, so a radio that does not answer changes nothing for us.
    async fn leave_quietly(&mut self) {
        if let Err(failure) = bounded(limits::LEAVE, self.radio.leave()).await {
            log::warn!(target: "wifi", "the radio did not confirm that it left: {failure}");
        }
        if with_timeout(limits::SETTLE, self.net.settled())
            .await
            .is_err()
        {
            log::warn!(target: "wifi", "the IP stack did not see the link go down");
        }
    }

    fn disconnected(&mut self, because: LeftBecause) {
        self.state = State::Idle;
        self.calls.change(|status| {
            status.network = None;
            status.address = None;
        });
        self.calls.happened(&Event::Left(because));
    }

    fn address_ready(&mut self, address: Address) {
        self.state = State::Connected(address);
        self.calls.change(|status| status.address = Some(address));
        self.calls.happened(&Event::AddressReady(address));
    }
}

/// A step of the radio, bounded in time.
async fn bounded(
    limit: Duration,
    step: impl Future<Output = Result<(), RadioError>>,
) -> Result<(), Failure> {
    match with_timeout(limit, step).await {
        Ok(result) => result.map_err(Failure::from),
        Err(_) => Err(Failure::Timeout),
    }
}

#[cfg(test)]
#[path = "station_tests.rs"]
mod tests;
