//! What one connection has in the making.

use static_cell::ConstStaticCell;

use crate::ble::{Ble, ChannelId};
use crate::channel::{MTU_MIN, Reassembler, Transfer};
use crate::config::{RX_MESSAGE_MAX, SERVER_MTU, TX_MESSAGE_MAX};

/// One connection, or the lack of one.
pub(crate) struct Link {
    /// The connection's MTU.
    pub(crate) mtu: u16,
    /// The MTU the phone is told of. Before it has asked for one, what the device can do: Android
    /// phones ask for what they read here.
    pub(crate) mtu_told: u16,
    /// The phone wants to hear of a changed MTU.
    pub(crate) mtu_subscribed: bool,
    mqtt: Half,
    provisioning: Half,
    /// Where a message stays on its way out.
    pub(crate) message: [u8; TX_MESSAGE_MAX],
}

/// The one there is: large, so it stays where it is.
pub(crate) static LINK: ConstStaticCell<Link> = ConstStaticCell::new(Link::new());

/// Messages half received and half sent.
pub(crate) struct Half {
    pub(crate) incoming: Reassembler<RX_MESSAGE_MAX>,
    pub(crate) outgoing: Transfer<TX_MESSAGE_MAX>,
    generation: u32,
}

impl Half {
    const fn new() -> Self {
        Self {
            incoming: Reassembler::new(),
            outgoing: Transfer::new(),
            generation: 0,
        }
    }

    fn clear(&mut self) {
        self.incoming.clear();
        self.outgoing.abort();
    }
}

impl Link {
    const fn new() -> Self {
        Self {
            mtu: MTU_MIN,
            mtu_told: SERVER_MTU,
            mtu_subscribed: false,
            mqtt: Half::new(),
            provisioning: Half::new(),
            message: [0; TX_MESSAGE_MAX],
        }
    }

    /// Begins anew, for the next connection.
    pub(crate) fn reset(&mut self) {
        self.mtu = MTU_MIN;
        self.mtu_told = SERVER_MTU;
        self.mtu_subscribed = false;
        self.mqtt.clear();
        self.provisioning.clear();
    }

    /// What a channel has in the making, less what was given up since the last look.
    pub(crate) fn half(&mut self, id: ChannelId, ble: &Ble) -> &mut Half {
        self.half_and_message(id, ble).0
    }

    /// The same, and the place for a message on its way out.
    pub(crate) fn half_and_message(
        &mut self,
        id: ChannelId,
        ble: &Ble,
    ) -> (&mut Half, &mut [u8; TX_MESSAGE_MAX]) {
        let half = match id {
            ChannelId::Mqtt => &mut self.mqtt,
            ChannelId::Provisioning => &mut self.provisioning,
        };
        let generation = ble.generation(id);
        if half.generation != generation {
            half.clear();
            half.generation = generation;
        }
        (half, &mut self.message)
    }
}
