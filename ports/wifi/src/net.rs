//! What the station needs of an IP stack.

use core::fmt;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

/// Our place in a network.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Address {
    /// Our address.
    pub address: [u8; 4],
    /// How many leading bits are the network's.
    pub prefix: u8,
    /// The way out.
    pub gateway: Option<[u8; 4]>,
    /// Who knows names.
    pub dns: [Option<[u8; 4]>; 2],
}

impl Address {
    /// The network mask.
    #[must_use]
    pub fn mask(&self) -> [u8; 4] {
        let host_bits = u32::from(32_u8.saturating_sub(self.prefix));
        u32::MAX.checked_shl(host_bits).unwrap_or(0).to_be_bytes()
    }
}

impl Address {
    /// Whether a host can have this place. Whoever answers DHCP first names it, and need not be honest.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let mask = u32::from_be_bytes(self.mask());
        let in_network = |other: [u8; 4]| {
            let (own, other) = (u32::from_be_bytes(self.address), u32::from_be_bytes(other));
            own & mask == other & mask
        };
        let host = u32::from_be_bytes(self.address) & !mask;
        // Neither the network's own address nor the one of all its hosts; both are hosts in the two smallest.
        let is_host = self.prefix >= 31 || (host != 0 && host != !mask);
        self.prefix > 0
            && self.prefix <= 32
            && is_host
            && is_unicast(self.address)
            && self.gateway.is_none_or(|gateway| {
                is_unicast(gateway) && gateway != self.address && in_network(gateway)
            })
    }
}

/// Whether an address can be that of one host on a network: not "this network", the host itself,
/// many hosts, or reserved.
fn is_unicast([first, ..]: [u8; 4]) -> bool {
    !matches!(first, 0 | 127 | 224..)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.address;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

/// An IP stack that asks for an address whenever its link is up. Context: the net task alone; every
/// future may be dropped half-way.
#[allow(
    async_fn_in_trait,
    reason = "one executor, one task: nothing needs Send"
)]
pub trait Net {
    /// Waits until the stack has seen the link down and forgotten its address.
    async fn settled(&mut self);

    /// Waits for an address.
    async fn address(&mut self) -> Address;

    /// Waits until the address is no longer `known`; `None` when there is none any more.
    async fn changed(&mut self, known: &Address) -> Option<Address>;
}

/// [`Net`] on embassy-net.
pub struct EmbassyNet(pub embassy_net::Stack<'static>);

impl EmbassyNet {
    fn now(&self) -> Option<Address> {
        let config = self.0.config_v4()?;
        let mut dns = config.dns_servers.iter().map(|server| server.octets());
        let address = Address {
            address: config.address.address().octets(),
            prefix: config.address.prefix_len(),
            gateway: config.gateway.map(|gateway| gateway.octets()),
            dns: [dns.next(), dns.next()],
        };
        address.is_sound().then_some(address)
    }
}

impl Net for EmbassyNet {
    async fn settled(&mut self) {
        self.0.wait_link_down().await;
        self.0.wait_config_down().await;
    }

    async fn address(&mut self) -> Address {
        loop {
            self.0.wait_config_up().await;
            if let Some(address) = self.now() {
                return address;
            }
            log::warn!(target: "wifi", "the address that was given is none a host can have");
            // Until another one, or the end of the wait.
            self.0.wait_config_down().await;
        }
    }

    async fn changed(&mut self, known: &Address) -> Option<Address> {
        // The stack wakes whoever waits for it to go down at every change.
        let mut down = pin!(self.0.wait_config_down());
        poll_fn(|context| {
            if down.as_mut().poll(context).is_ready() {
                return Poll::Ready(None);
            }
            match self.now() {
                Some(now) if now == *known => Poll::Pending,
                other => Poll::Ready(other),
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(address: [u8; 4], prefix: u8, gateway: Option<[u8; 4]>) -> Address {
        Address {
            address,
            prefix,
            gateway,
            dns: [None, None],
        }
    }

    #[test]
    fn places_of_hosts_are_sound() {
        for (address, prefix, gateway) in [
            ([10, 0, 2, 15], 24, Some([10, 0, 2, 2])),
            ([192, 168, 1, 7], 16, None),
            ([169, 254, 3, 4], 16, None),
            ([203, 0, 113, 4], 31, Some([203, 0, 113, 5])),
            ([203, 0, 113, 4], 32, None),
        ] {
            assert!(
                place(address, prefix, gateway).is_sound(),
                "{address:?}/{prefix}"
            );
        }
    }

    #[test]
    fn places_no_host_can_have_are_refused() {
        for (address, prefix, gateway) in [
            ([0, 0, 0, 0], 24, None),
            ([127, 0, 0, 1], 8, None),
            ([224, 0, 0, 1], 24, None),
            ([255, 255, 255, 255], 24, None),
            ([10, 0, 2, 0], 24, None),
            ([10, 0, 2, 255], 24, None),
            ([10, 0, 2, 15], 0, None),
            ([10, 0, 2, 15], 33, None),
            ([10, 0, 2, 15], 24, Some([10, 0, 2, 15])),
            ([10, 0, 2, 15], 24, Some([10, 0, 3, 2])),
            ([10, 0, 2, 15], 24, Some([127, 0, 0, 1])),
            ([10, 0, 2, 15], 24, Some([0, 0, 0, 0])),
        ] {
            assert!(
                !place(address, prefix, gateway).is_sound(),
                "{address:?}/{prefix} {gateway:?}"
            );
        }
    }
}
