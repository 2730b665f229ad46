//! The net task.

use embassy_futures::join::join;
use embassy_net::StackResources;
use embassy_net_driver::Driver;

use crate::calls::Calls;
use crate::net::EmbassyNet;
use crate::radio::{Radio, ScanList};
use crate::station::Station;
use crate::tcp;

/// Sockets of the IP stack: DHCP's, DNS's and [`tcp::SOCKETS`].
const SOCKETS: usize = 2 + tcp::SOCKETS;

/// Memory of the net task, about 9 KB. One in a `static`, such as a `ConstStaticCell`: it is too large to
/// pass over a task's stack.
pub struct Resources {
    stack: StackResources<SOCKETS>,
    tcp: [tcp::Buffers; tcp::SOCKETS],
    found: ScanList,
}

impl Resources {
    /// Empty memory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            stack: StackResources::new(),
            tcp: [const { tcp::Buffers::new() }; tcp::SOCKETS],
            found: ScanList::new(),
        }
    }
}

impl Default for Resources {
    fn default() -> Self {
        Self::new()
    }
}

/// The one place where C calls and the net task meet.
pub static CALLS: Calls = Calls::new();

/// Runs radio and IP stack for ever. Spawn it once, in any executor.
///
/// `driver` carries the radio's frames; its link must be down whenever no network is joined (see
/// [`crate::gate`]). `seed` is a random number, which TCP wants for its port and sequence numbers.
/// `spawn` is given the sockets, to be served by an async task of their own in the same executor: the
/// stack is woken by every look at a socket, and would wake whoever looked if both were one task.
pub async fn run<R: Radio, D: Driver>(
    radio: R,
    driver: D,
    seed: u64,
    resources: &'static mut Resources,
    spawn: impl FnOnce(tcp::Sockets),
) -> ! {
    let config = embassy_net::Config::dhcpv4(embassy_net::DhcpConfig::default());
    let (stack, mut runner) = embassy_net::new(driver, config, &mut resources.stack, seed);
    let mut station = Station::new(radio, EmbassyNet(stack), &CALLS, &mut resources.found);
    spawn(tcp::Sockets::new(stack, &mut resources.tcp));
    let (never, _) = join(runner.run(), station.run()).await;
    never
}
