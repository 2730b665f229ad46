//! Where callers and the net task meet: one call at a time, its answer, and what anyone may look at.

use core::cell::{Cell, RefCell};

use embassy_sync::blocking_mutex::Mutex;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, with_timeout};
use zeroize::Zeroize;

use crate::failure::Failure;
use crate::net::Address;
use crate::network::Ssid;
use crate::radio::{Join, Joined, LossReason, ScanList};

/// How long a caller waits for its turn.
pub const TURN: Duration = Duration::from_secs(60);

/// What can be asked of the net task.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Call {
    /// Switch the radio on.
    On,
    /// Switch it off.
    Off,
    /// Join the network [`Calls::join`] was given.
    Join,
    /// Leave the network.
    Leave,
    /// Scan into the list [`Calls::scan`] reads.
    Scan,
}

/// What happened; told to the hook in the net task.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Event {
    /// A network was joined; there is no address yet.
    Joined,
    /// The joined network was left or lost.
    Left(LeftBecause),
    /// An attempt to join failed.
    JoinFailed(Failure),
    /// There is an address.
    AddressReady(Address),
    /// A scan has ended.
    ScanDone,
}

/// Why a joined network is no longer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LeftBecause {
    /// We were asked to leave it.
    Asked,
    /// It was lost.
    Lost(LossReason),
    /// The address ran out and was not renewed.
    AddressExpired,
}

/// What anyone may know about the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether the radio is on.
    pub on: bool,
    /// The network that is joined.
    pub network: Option<(Ssid, Joined)>,
    /// Our address in it.
    pub address: Option<Address>,
    /// Why the latest attempt to join failed, and which; `None` after one that did not.
    pub failure: Option<(Ssid, Failure)>,
}

impl Status {
    /// Whether a network is joined and gave an address: any, or the one of that name.
    #[must_use]
    pub fn is_connected_to(&self, ssid: Option<&[u8]>) -> bool {
        match (&self.network, &self.address, ssid) {
            (Some((joined, _)), Some(_), Some(ssid)) => joined.as_bytes() == ssid,
            (Some(_), Some(_), None) => true,
            _ => false,
        }
    }
}

/// Who is told of events.
type Hook = fn(&Event);

/// How many can be told: the handlers of C, and a network manager.
pub const HOOKS: usize = 2;

type Shared<T> = Mutex<CriticalSectionRawMutex, T>;

/// The meeting place. One in a `static`.
pub struct Calls {
    turn: embassy_sync::mutex::Mutex<CriticalSectionRawMutex, u8>,
    call: Signal<CriticalSectionRawMutex, (u8, Call)>,
    answer: Signal<CriticalSectionRawMutex, (u8, Result<(), Failure>)>,
    network: Shared<RefCell<Join>>,
    found: Shared<RefCell<ScanList>>,
    status: Shared<RefCell<Status>>,
    hooks: Shared<Cell<[Option<Hook>; HOOKS]>>,
}

impl Calls {
    /// An empty one.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            turn: embassy_sync::mutex::Mutex::new(0),
            call: Signal::new(),
            answer: Signal::new(),
            network: Mutex::new(RefCell::new(Join::none())),
            found: Mutex::new(RefCell::new(ScanList::new())),
            status: Mutex::new(RefCell::new(Status {
                on: false,
                network: None,
                address: None,
                failure: None,
            })),
            hooks: Mutex::new(Cell::new([None; HOOKS])),
        }
    }

    /// Asks and waits for the answer, at most [`TURN`] and `deadline`. Context: any task but the net task.
    ///
    /// # Errors
    ///
    /// [`Failure::Busy`] when other callers kept the turn, [`Failure::Timeout`] when the net task
    /// gave no answer, else what the net task said.
    pub async fn ask(&self, call: Call, deadline: Duration) -> Result<(), Failure> {
        let mut number = with_timeout(TURN, self.turn.lock())
            .await
            .map_err(|_| Failure::Busy)?;
        self.ask_in_turn(&mut number, call, deadline).await
    }

    /// Joins a network: [`Self::ask`] with the parameters that `fill` writes in place, so that no
    /// copy of the credential stays behind.
    ///
    /// # Errors
    ///
    /// As [`Self::ask`]; [`Failure::Invalid`] when `fill` finds the parameters unusable.
    pub async fn join(
        &self,
        fill: impl FnOnce(&mut Join) -> Result<(), Failure>,
        deadline: Duration,
    ) -> Result<(), Failure> {
        let mut number = with_timeout(TURN, self.turn.lock())
            .await
            .map_err(|_| Failure::Busy)?;
        let filled = self.network.lock(|network| fill(&mut network.borrow_mut()));
        let result = match filled {
            Ok(()) => self.ask_in_turn(&mut number, Call::Join, deadline).await,
            Err(failure) => Err(failure),
        };
        self.network
            .lock(|network| network.borrow_mut().credential.zeroize());
        result
    }

    /// Scans, and hands the result to `read`.
    ///
    /// # Errors
    ///
    /// As [`Self::ask`].
    pub async fn scan<T>(
        &self,
        read: impl FnOnce(&ScanList) -> T,
        deadline: Duration,
    ) -> Result<T, Failure> {
        let mut number = with_timeout(TURN, self.turn.lock())
            .await
            .map_err(|_| Failure::Busy)?;
        self.ask_in_turn(&mut number, Call::Scan, deadline).await?;
        Ok(self.found.lock(|found| read(&found.borrow())))
    }

    async fn ask_in_turn(
        &self,
        number: &mut u8,
        call: Call,
        deadline: Duration,
    ) -> Result<(), Failure> {
        *number = number.wrapping_add(1);
        self.answer.reset();
        self.call.signal((*number, call));
        let answered = async {
            loop {
                // An answer to a call that was given up is not ours.
                if let (answered, result) = self.answer.wait().await
                    && answered == *number
                {
                    return result;
                }
            }
        };
        with_timeout(deadline, answered)
            .await
            .unwrap_or(Err(Failure::Timeout))
    }

    /// A copy of the status. Any context.
    #[must_use]
    pub fn status(&self) -> Status {
        self.look(Clone::clone)
    }

    /// Looks at the status in a critical section. Any context.
    pub fn look<T>(&self, read: impl FnOnce(&Status) -> T) -> T {
        self.status.lock(|status| read(&status.borrow()))
    }

    /// Names one who is told of events. It is called in the net task and must not block. Those named
    /// earlier are told first. False when there are [`HOOKS`] already.
    #[must_use]
    pub fn tell(&self, hook: Hook) -> bool {
        self.hooks.lock(|places| {
            let mut hooks = places.get();
            let free = hooks.iter_mut().find(|place| place.is_none());
            let is_room = free.map(|place| *place = Some(hook)).is_some();
            places.set(hooks);
            is_room
        })
    }

    // The net task's side.

    pub(crate) async fn next(&self) -> (u8, Call) {
        self.call.wait().await
    }

    pub(crate) fn answer(&self, number: u8, result: Result<(), Failure>) {
        self.answer.signal((number, result));
    }

    /// Moves the network to be joined out, leaving no credential behind.
    pub(crate) fn take_network(&self, into: &mut Join) {
        self.network.lock(|network| {
            let mut network = network.borrow_mut();
            into.ssid = network.ssid.clone();
            into.security = network.security;
            into.channel = network.channel;
            into.credential.set(network.credential.as_bytes());
            network.credential.zeroize();
        });
    }

    pub(crate) fn set_found(&self, found: &ScanList) {
        self.found
            .lock(|place| place.borrow_mut().clone_from(found));
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Status)) {
        self.status.lock(|status| change(&mut status.borrow_mut()));
    }

    pub(crate) fn happened(&self, event: &Event) {
        for hook in self.hooks.lock(Cell::get).into_iter().flatten() {
            hook(event);
        }
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self::new()
    }
}
