//! What the BLE task asks for and reports. Only that task calls these.

use embassy_time::{Duration, Instant};
use heapless::String;

use super::{Ble, ChannelEvent, ChannelId, Forget, Observer, PairingResult, Presence};
use crate::channel::{ControlError, MTU_MIN, chunk_size};
use crate::config::{FAREWELL, NAME_MAX, TYPING_FACTOR, UNWELCOME};
use crate::endpoints::Offer;
use crate::pairing::{Answer, Question, Refusal, Strangers};
use crate::tasks::Tasks;

/// What a subscription is to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Subscription {
    Small,
    Large,
}

/// The link, as the controller sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Link {
    Up,
    /// It is to end.
    Ending,
    Gone,
}

/// A message that is due.
pub(crate) struct Due<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) large: bool,
}

impl Ble {
    /// Notes which task is the BLE task, and how others wait for it.
    pub(crate) fn start(&self, tasks: &'static dyn Tasks) {
        let task = tasks.current();
        self.with(|state| {
            state.tasks = Some(tasks);
            state.task = Some(task);
        });
    }

    /// Whether the caller is the BLE task.
    #[cfg(feature = "freertos")]
    pub(crate) fn in_task(&self) -> bool {
        self.with(|state| state.task.is_some()) && self.other_task().is_none()
    }

    /// Waits until there may be something to do.
    pub(crate) async fn work(&self) {
        self.work.wait().await;
    }

    /// There is still what [`work`](Self::work) has told of.
    pub(crate) fn look_again(&self) {
        self.work.signal(());
    }

    /// The phone asks for an MTU, which the host answers by itself: lets the BLE task look at it.
    pub(crate) fn mtu_asked(&self) {
        self.with(|state| state.mtu_agreed = true);
        self.work.signal(());
    }

    /// Whether the phone has asked for an MTU on this connection.
    pub(crate) fn mtu_agreed(&self) -> bool {
        self.with(|state| state.mtu_agreed)
    }

    /// Lets the BLE task look around.
    pub(crate) fn wake(&self) {
        self.work.signal(());
    }

    pub(crate) fn wanted_on(&self) -> bool {
        self.with(|state| state.on)
    }

    /// Says whether the device is off the air.
    pub(crate) fn set_idle(&self, idle: bool) {
        self.with(|state| state.idle = idle);
        self.changed();
    }

    pub(crate) fn name(&self) -> Option<String<NAME_MAX>> {
        self.with(|state| state.name.clone())
    }

    pub(crate) fn wants_forgetting(&self) -> bool {
        self.with(|state| state.forget.is_some())
    }

    pub(crate) fn take_forget(&self) -> Option<Forget> {
        self.with(|state| state.forget.take())
    }

    /// What was taken with [`Self::take_forget`] is done; `kept` says whether the flash has it.
    pub(crate) fn forgotten(&self, kept: bool) {
        self.with(|state| {
            // Unless more has come meanwhile.
            if state.forget.is_none() {
                state.forgotten = Some(kept);
            }
        });
        self.changed();
    }

    /// Tells the observer, outside the lock.
    pub(crate) fn report(&self, f: impl FnOnce(&dyn Observer)) {
        if let Some(observer) = self.with(|state| state.observer) {
            f(observer);
        }
    }

    /// Puts the question to the user. False when there is nobody to put it.
    pub(crate) fn ask(&self, question: Question) -> bool {
        let now = Instant::now();
        let observer = self.with(|state| {
            state.comparison.ask(question, now);
            state.observer
        });
        observer.is_some_and(|observer| observer.compare(question))
    }

    pub(crate) fn take_answer(&self) -> Option<Answer> {
        self.with(|state| state.comparison.take())
    }

    /// The host was told that the user confirmed.
    pub(crate) fn confirmed(&self) {
        self.with(|state| state.confirmed = true);
    }

    /// Whether that was since this was last asked, so that the host may not have looked at it yet.
    pub(crate) fn take_confirmed(&self) -> bool {
        self.with(|state| core::mem::take(&mut state.confirmed))
    }

    /// A pairing ended: tells the observer, and closes the question that was open.
    pub(crate) fn pairing_over(&self, peer: [u8; 6], result: PairingResult) {
        let observer = self.with(|state| state.observer);
        let told = observer.is_some_and(|observer| observer.pairing(peer, result));
        let now = Instant::now();
        self.with(|state| state.comparison.withdraw(now, told));
    }

    /// A known phone has proved who it is: tells the observer, as after its pairing.
    pub(crate) fn recognised(&self, peer: [u8; 6]) {
        self.report(|observer| {
            // Nothing is asked, so it does not matter whether anybody heard.
            let _ = observer.pairing(peer, PairingResult::Bonded);
        });
    }

    /// A pairing is to begin; if it may, it does.
    pub(crate) fn begin_pairing(&self) -> Result<(), Refusal> {
        let now = Instant::now();
        self.with(|state| {
            if !state.admission.is_open(now) {
                return Err(Refusal::Closed);
            }
            if !state.strangers.may_pair(now) {
                return Err(Refusal::TooMany);
            }
            state.strangers.pairing_begins(now);
            Ok(())
        })
    }

    /// How long a link may stay without proof of who is there: where nobody may pair, long enough to
    /// hear that.
    pub(crate) fn patience(&self) -> Duration {
        let now = Instant::now();
        self.with(|state| {
            if state.admission.is_open(now) {
                state.strangers.patience(now)
            } else {
                UNWELCOME
            }
        })
    }

    /// How long a phone may stay from when it has asked the endpoints for their version; `None` where that buys
    /// it no time.
    pub(crate) fn typing_patience(&self) -> Option<Duration> {
        let now = Instant::now();
        self.with(|state| {
            let open = state.admission.is_open(now);
            let patience = open.then(|| state.strangers.patience(now))?;
            patience.checked_mul(TYPING_FACTOR)
        })
    }

    /// The endpoints that are offered: none where only phones with a bond are served.
    pub(crate) fn offered_endpoints(&self) -> Option<Offer> {
        self.endpoints
            .offered()
            .filter(|_| !self.serves_bonded_only())
    }

    /// How long a phone may stay whose pairing failed.
    pub(crate) fn patience_after_failure(&self) -> Duration {
        let now = Instant::now();
        self.with(|state| {
            if state.admission.is_open(now) && state.strangers.may_pair(now) {
                state.strangers.patience(now)
            } else {
                FAREWELL
            }
        })
    }

    /// Whether phones without a bond are sent away.
    pub(crate) fn serves_bonded_only(&self) -> bool {
        self.with(|state| state.admission.bonded_only())
    }

    /// The controller gave a random number.
    pub(crate) fn set_random(&self, number: u64) {
        self.random.signal(number);
    }

    /// What strangers may do.
    pub(crate) fn strangers<R>(&self, f: impl FnOnce(&mut Strangers, Instant) -> R) -> R {
        let now = Instant::now();
        self.with(|state| f(&mut state.strangers, now))
    }

    pub(crate) fn link(&self) -> Link {
        self.with(|state| state.link)
    }

    /// The BLE task looks at a link that is gone.
    pub(crate) fn set_link(&self, link: Link) {
        self.with(|state| state.link = link);
        self.work.signal(());
    }

    /// The phone the open question is about.
    pub(crate) fn asked_about(&self) -> Option<[u8; 6]> {
        self.with(|state| state.comparison.about())
    }

    /// The link begins or its MTU changed. Waiting messages are looked at with the new one.
    pub(crate) fn set_mtu(&self, mtu: u16) {
        self.with(|state| state.mtu = mtu);
    }

    /// The phone wrote control.
    pub(crate) fn control(&self, id: ChannelId, value: &[u8]) -> Result<(), ControlError> {
        let told = self.with_channel(id, |channel| {
            let was_open = channel.handshake.open();
            let transition = channel.handshake.control(value)?;
            if was_open && !channel.handshake.open() {
                channel.reset();
            }
            Ok(transition.zip(channel.listener))
        })?;
        self.set_ready(id, self.ready(id));
        self.changed();
        if let Some((transition, _)) = told {
            self.call(id, transition.into());
        }
        Ok(())
    }

    pub(crate) fn ready(&self, id: ChannelId) -> bool {
        self.with_channel(id, |channel| channel.handshake.ready())
    }

    pub(crate) fn is_open(&self, id: ChannelId) -> bool {
        self.with_channel(id, |channel| channel.handshake.open())
    }

    pub(crate) fn generation(&self, id: ChannelId) -> u32 {
        self.with_channel(id, |channel| channel.generation)
    }

    pub(crate) fn subscribe(&self, id: ChannelId, what: Subscription, notifications: bool) {
        self.with_channel(id, |channel| {
            *match what {
                Subscription::Small => &mut channel.subscribed,
                Subscription::Large => &mut channel.subscribed_large,
            } = notifications;
        });
    }

    pub(crate) fn subscribed(&self, id: ChannelId, what: Subscription) -> bool {
        self.with_channel(id, |channel| match what {
            Subscription::Small => channel.subscribed,
            Subscription::Large => channel.subscribed_large,
        })
    }

    /// Takes the next message out that can go now. While the phone fetches a large one, another
    /// large one stays where it is, and so does what is behind it.
    pub(crate) fn due<'a>(
        &self,
        id: ChannelId,
        fetching: bool,
        buffer: &'a mut [u8],
    ) -> Option<Due<'a>> {
        let size = chunk_size(self.with(|state| state.mtu));
        let (bytes, large) = self.with_channel(id, |channel| {
            // The MTU may have grown since the message was queued.
            let large = channel.outbox.next_len()? >= size;
            if large && fetching {
                return None;
            }
            let bytes = channel.outbox.pop(buffer)?;
            channel.large = large || fetching || channel.outbox.longest() >= size;
            Some((bytes, large))
        })?;
        self.changed();
        Some(Due { bytes, large })
    }

    /// A message is sent: a small one is on its way, a large one is fetched or given up.
    pub(crate) fn sent(&self, id: ChannelId, large: bool, delivered: bool) {
        self.with_channel(id, |channel| channel.large &= !large);
        self.changed();
        if delivered {
            self.call(id, ChannelEvent::Sent);
        }
    }

    /// A whole message came. False when nobody listens.
    pub(crate) fn received(&self, id: ChannelId, message: &[u8]) -> bool {
        self.is_open(id) && self.call(id, ChannelEvent::Received(message))
    }

    /// A message came that was too long; its beginning.
    pub(crate) fn too_long(&self, id: ChannelId, front: &[u8]) {
        if self.is_open(id) {
            self.call(id, ChannelEvent::TooLong(front));
        }
    }

    /// A phone is here.
    pub(crate) fn connected(&self, peer: [u8; 6]) {
        self.with(|state| state.peer = Some(peer));
        self.report(|observer| observer.connection(peer, true));
    }

    /// The link is gone: everything half done with it.
    pub(crate) fn disconnected(&self) {
        if let Some(peer) = self.asked_about() {
            self.pairing_over(peer, PairingResult::Failed);
        }
        self.with(|state| {
            state.mtu = MTU_MIN;
            state.mtu_agreed = false;
        });
        for id in ChannelId::ALL {
            let transition = self.with_channel(id, |channel| {
                channel.subscribed = false;
                channel.subscribed_large = false;
                channel.reset();
                channel.handshake.disconnect()
            });
            self.changed();
            if let Some(transition) = transition {
                self.call(id, transition.into());
            }
        }
        self.set_presence(|presence| *presence = Presence::default());
        if let Some(peer) = self.with(|state| state.peer.take()) {
            self.report(|observer| observer.connection(peer, false));
        }
    }

    /// Calls the channel's listener outside the lock; others can see that it is being called.
    fn call(&self, id: ChannelId, event: ChannelEvent<'_>) -> bool {
        let listener = self.with_channel(id, |channel| {
            channel.calling = channel.listener.is_some();
            channel.listener
        });
        let Some(listener) = listener else {
            return false;
        };
        listener.event(id, event);
        self.with_channel(id, |channel| channel.calling = false);
        self.changed();
        true
    }
}
