//! Who is there: a value for whoever chooses between networks.

use super::{Ble, ChannelId};

/// The phone, as far as the choice of a network depends on it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Presence {
    /// The link is encrypted, and its user compared numbers now or at an earlier pairing.
    pub authenticated: bool,
    /// The phone has opened the data-transfer channel of MQTT, by writing 1 to the control of
    /// service 0, whether or not an application listens: a proxy is there.
    pub mqtt: bool,
    /// The same for provisioning, service 1.
    pub provisioning: bool,
}

/// Who is told: what was, and what is.
pub(super) type Hook = fn(Presence, Presence);

impl Ble {
    /// Names who is told when the presence changes: what it was, and what it is now. Told at once when
    /// somebody is there already. There is one of them; a later one takes the place of an earlier one.
    ///
    /// Context: any task; does not block. `hook` is called here and in the BLE task, outside any lock;
    /// it must not block.
    pub fn watch(&self, hook: Hook) {
        let now = self.with(|state| {
            state.hook = Some(hook);
            state.presence
        });
        if now != Presence::default() {
            hook(Presence::default(), now);
        }
    }

    pub(crate) fn set_presence(&self, change: impl FnOnce(&mut Presence)) {
        let (hook, before, now) = self.with(|state| {
            let before = state.presence;
            change(&mut state.presence);
            (state.hook, before, state.presence)
        });
        if let Some(hook) = hook
            && before != now
        {
            hook(before, now);
        }
    }

    /// The link is encrypted, after a pairing or with the key of an earlier one.
    pub(crate) fn encrypted(&self, authenticated: bool) {
        self.set_presence(|presence| presence.authenticated = authenticated);
    }

    /// The phone wrote control: it is ready, or not any more.
    pub(crate) fn set_ready(&self, id: ChannelId, ready: bool) {
        self.set_presence(|presence| {
            // Without it nobody writes control. The host may drop the event of it in a burst of others.
            presence.authenticated = true;
            match id {
                ChannelId::Mqtt => presence.mqtt = ready,
                ChannelId::Provisioning => presence.provisioning = ready,
            }
        });
    }
}
