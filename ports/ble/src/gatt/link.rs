//! What one connection has in the making.

use static_cell::ConstStaticCell;

use super::endpoint::Cache;
use crate::ble::{Ble, ChannelId};
use crate::channel::{Incoming, MTU_MIN, Outgoing, Reassembler, Transfer};
use crate::config::{MQTT_MESSAGE_MAX, RX_MESSAGE_MAX, SERVER_MTU, TX_MESSAGE_MAX};
use crate::endpoints::Queue;

/// One connection, or the lack of one.
pub(crate) struct Link {
    /// The connection's MTU.
    pub(crate) mtu: u16,
    /// The MTU the phone is told of. Before it has asked for one, what the device can do: Android
    /// phones ask for what they read here.
    pub(crate) mtu_told: u16,
    /// The phone wants to hear of a changed MTU.
    pub(crate) mtu_subscribed: bool,
    /// The phone's long write to an endpoint.
    pub(crate) queue: Queue,
    /// The last answer of an endpoint, until the next request.
    pub(crate) cache: Cache,
    mqtt: Buffers<MQTT_MESSAGE_MAX, MQTT_MESSAGE_MAX>,
    provisioning: Buffers<RX_MESSAGE_MAX, TX_MESSAGE_MAX>,
    /// Where a message stays on its way out.
    pub(crate) message: [u8; MQTT_MESSAGE_MAX],
}

/// The one there is: large, so it stays where it is.
pub(crate) static LINK: ConstStaticCell<Link> = ConstStaticCell::new(Link::new());

/// A channel's message half received and its message half sent.
pub(crate) struct Half<'a> {
    pub(crate) incoming: &'a mut dyn Incoming,
    pub(crate) outgoing: &'a mut dyn Outgoing,
}

/// Where they are.
struct Buffers<const RX: usize, const TX: usize> {
    incoming: Reassembler<RX>,
    outgoing: Transfer<TX>,
    generation: u32,
}

impl<const RX: usize, const TX: usize> Buffers<RX, TX> {
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

    /// Less what was given up since `generation` was another.
    fn half(&mut self, generation: u32) -> Half<'_> {
        if self.generation != generation {
            self.clear();
            self.generation = generation;
        }
        Half {
            incoming: &mut self.incoming,
            outgoing: &mut self.outgoing,
        }
    }
}

impl Link {
    const fn new() -> Self {
        Self {
            mtu: MTU_MIN,
            mtu_told: SERVER_MTU,
            mtu_subscribed: false,
            queue: Queue::new(),
            cache: Cache::new(),
            mqtt: Buffers::new(),
            provisioning: Buffers::new(),
            message: [0; MQTT_MESSAGE_MAX],
        }
    }

    /// Begins anew, for the next connection.
    pub(crate) fn reset(&mut self) {
        self.mtu = MTU_MIN;
        self.mtu_told = SERVER_MTU;
        self.mtu_subscribed = false;
        self.queue = Queue::new();
        self.cache.clear();
        self.mqtt.clear();
        self.provisioning.clear();
    }

    /// What a channel has in the making, less what was given up since the last look.
    pub(crate) fn half(&mut self, id: ChannelId, ble: &Ble) -> Half<'_> {
        self.half_and_message(id, ble).0
    }

    /// The same, and the place for a message on its way out.
    pub(crate) fn half_and_message(
        &mut self,
        id: ChannelId,
        ble: &Ble,
    ) -> (Half<'_>, &mut [u8; MQTT_MESSAGE_MAX]) {
        let generation = ble.generation(id);
        let half = match id {
            ChannelId::Mqtt => self.mqtt.half(generation),
            ChannelId::Provisioning => self.provisioning.half(generation),
        };
        (half, &mut self.message)
    }
}
