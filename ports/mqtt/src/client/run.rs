//! Following the network that carries data.

use core::future::pending;

use embassy_futures::select::{Either, select};
use embassy_sync::blocking_mutex::raw::RawMutex;
use embassy_time::{Duration, Instant, Timer};
use port_network::{Links, Network};

use super::backoff::Backoff;
use super::converse::{Conversation, Packets};
use super::{Failure, Notice, Outside, Parts};
use crate::settings::Security;
use crate::tls::{self, Credentials, Moment, Wire};

/// A connection that lasted so long was one. A broker that accepts us and ends it at once is asked less and less often,
/// like one that does not accept us.
const HELD: Duration = Duration::from_secs(10);

/// Memory of the task, about 30 KB. One in a `static`.
pub struct Buffers {
    packets: Packets,
    tls: tls::Buffers,
}

impl Buffers {
    /// Empty memory.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            packets: Packets::new(),
            tls: tls::Buffers::new(),
        }
    }
}

impl Default for Buffers {
    fn default() -> Self {
        Self::new()
    }
}

/// Keeps the session online for ever: over WiFi, over the phone's proxy when WiFi is gone, and over
/// WiFi again when it is back. Nothing an application has to do.
///
/// A failure is told in one line, and tried again after 1 s, 2 s and so on to 60 s, or at once when
/// the network changes. A connection that lasted 10 s from its acceptance on begins at 1 s again.
pub async fn run<M: RawMutex, O: Outside, N: FnMut(Notice<'_>)>(
    mut parts: Parts<'_, M, O, N>,
    links: &Links<'_>,
    buffers: &mut Buffers,
) -> ! {
    let mut backoff = Backoff::new();
    loop {
        let Some(network) = links.best() else {
            links.changed().await;
            backoff.reset();
            continue;
        };
        let mut accepted = None;
        let ended = match network {
            // WiFi that is not the best any more is gone: there is nobody to say goodbye to.
            Network::Wifi => {
                match select(parts.over_wifi(buffers, &mut accepted), links.changed()).await {
                    Either::First(ended) => ended,
                    Either::Second(()) => Ok(()),
                }
            }
            Network::Ble => parts.over_ble(links, buffers, &mut accepted).await,
        };
        parts.client.with(crate::session::Session::lost);
        parts.client.set_network(None);
        if let Some(at) = accepted {
            if at.elapsed() >= HELD {
                backoff.reset();
            }
            (parts.notify)(Notice::Disconnected(network));
        }
        match ended {
            Ok(()) => backoff.reset(),
            Err(failure) => {
                let pause = backoff.next();
                log::warn!(
                    "mqtt: over {network}: {failure}; trying again in {} s",
                    pause.as_secs()
                );
                if let Either::Second(()) = select(Timer::after(pause), links.changed()).await {
                    backoff.reset();
                }
            }
        }
    }
}

impl<M: RawMutex, O: Outside, N: FnMut(Notice<'_>)> Parts<'_, M, O, N> {
    async fn over_wifi(
        &mut self,
        buffers: &mut Buffers,
        accepted: &mut Option<Instant>,
    ) -> Result<(), Failure> {
        let settings = self.settings;
        let mut stream = self
            .outside
            .wifi(settings.host, settings.port)
            .await
            .map_err(Failure::Dial)?;
        let moment = Moment {
            unix_time: self.outside.unix_time(),
            seed: self.outside.seed(),
        };
        let Buffers { packets, tls } = buffers;
        let mut conversation = Conversation {
            client: self.client,
            identity: &settings.identity,
            network: Network::Wifi,
            packets,
            notify: &mut self.notify,
            accepted,
        };
        let never = async || pending::<()>().await;
        match &settings.security {
            Security::Plain => conversation.hold(&mut stream, never).await,
            Security::Tls {
                name,
                authority,
                own,
            } => {
                let credentials = Credentials {
                    authority,
                    own: own.as_ref().map(|(certificate, key)| (*certificate, key)),
                };
                let wire = Wire::new(stream);
                let mut stream = tls::open(&wire, tls, name, &credentials, &moment)
                    .await
                    .map_err(Failure::Tls)?;
                conversation.hold(&mut stream, never).await
            }
        }
    }

    async fn over_ble(
        &mut self,
        links: &Links<'_>,
        buffers: &mut Buffers,
        accepted: &mut Option<Instant>,
    ) -> Result<(), Failure> {
        let mut stream = match select(self.outside.ble(), links.changed()).await {
            Either::First(stream) => stream.map_err(Failure::Dial)?,
            Either::Second(()) => return Ok(()),
        };
        let mut conversation = Conversation {
            client: self.client,
            identity: &self.settings.identity,
            network: Network::Ble,
            packets: &mut buffers.packets,
            notify: &mut self.notify,
            accepted,
        };
        // The phone is told that we leave, or it would keep our place at the broker.
        conversation
            .hold(&mut stream, async || links.changed().await)
            .await
    }
}
