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
        Some(Address {
            address: config.address.address().octets(),
            prefix: config.address.prefix_len(),
            gateway: config.gateway.map(|gateway| gateway.octets()),
            dns: [dns.next(), dns.next()],
        })
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
