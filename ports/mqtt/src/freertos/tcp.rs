//! A TCP connection of the net task's as a stream.

use core::future::Future;
use core::pin::pin;

use embassy_futures::select::{Either, select};
use embassy_time::{Duration, Instant};
use port_wifi::tcp::{self, Handle, TcpError};

use crate::client::DialError;
use crate::stream::{Broken, Received, STALL, Stream};

/// Longest wait of one call; then it is called again.
const LONGEST: Duration = Duration::from_secs(3600);
/// For the broker's answer, or a name server's.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection, given up when dropped.
pub(super) struct Tcp(Handle);

impl Tcp {
    /// Connects to a host of that IPv4 address or name.
    pub(super) async fn connect(host: &str, port: u16) -> Result<Self, DialError> {
        let address = match host.parse::<core::net::Ipv4Addr>() {
            Ok(address) => address.octets(),
            Err(_) => tcp::resolve(host, PATIENCE).await.map_err(reason)?,
        };
        let handle = tcp::connect(address, port, PATIENCE).await;
        handle.map(Self).map_err(reason)
    }
}

fn reason(error: TcpError) -> DialError {
    match error {
        TcpError::Refused | TcpError::Reset => DialError::Refused,
        TcpError::Timeout => DialError::Timeout,
        TcpError::UnknownName | TcpError::Invalid => DialError::UnknownName,
        TcpError::NoNetwork => DialError::NoNetwork,
        TcpError::NoSocket | TcpError::Busy => DialError::NoSocket,
    }
}

impl Drop for Tcp {
    fn drop(&mut self) {
        tcp::abandon(self.0);
    }
}

impl Stream for Tcp {
    async fn receive(
        &mut self,
        place: &mut [u8],
        until: Instant,
        called: impl Future<Output = ()>,
    ) -> Result<Received, Broken> {
        let wait = until.saturating_duration_since(Instant::now()).min(LONGEST);
        let mut receive = pin!(tcp::receive(self.0, place, wait));
        let received = match select(&mut receive, called).await {
            Either::First(received) => received,
            Either::Second(()) => {
                tcp::interrupt(self.0);
                receive.await
            }
        };
        match received {
            Ok(0) => Err(Broken),
            Ok(count) => Ok(Received::Bytes(count)),
            Err(TcpError::Timeout) => Ok(Received::Nothing),
            Err(_) => Err(Broken),
        }
    }

    async fn send(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            let sent = tcp::send(self.0, bytes, STALL).await.map_err(|_| Broken)?;
            bytes = bytes.get(sent..).unwrap_or_default();
        }
        Ok(())
    }
}
