//! Is there a controller? Asked before the host starts, which would wait for it without end and
//! without sleeping.

use bt_hci::cmd::controller_baseband::Reset;
use bt_hci::transport::{PacketKind, Transport};
use embassy_time::with_timeout;

use super::Fault;
use crate::config::SETUP_TIMEOUT;
use crate::sieve::Raw;

/// The controller's answer to a reset, up to its status: one command is allowed, the opcode, success.
const RESET_DONE: [u8; 2] = [0x03, 0x0C];
const COMMAND_COMPLETE: u8 = 0x0E;

/// Resets the controller and waits for the answer; whatever else comes is left over and dropped.
pub(super) async fn controller<T: Transport>(transport: &T) -> Result<(), Fault> {
    with_timeout(SETUP_TIMEOUT, reset(transport))
        .await
        .map_err(|_| Fault::NoController)?
}

async fn reset<T: Transport>(transport: &T) -> Result<(), Fault> {
    if transport.write(&Reset::new()).await.is_err() {
        return Err(Fault::NoController);
    }
    let mut packet = [0; 272];
    loop {
        let Ok(raw) = transport.read::<Raw>(&mut packet).await else {
            // The end of a packet whose beginning is lost, or a transport that is not there.
            embassy_futures::yield_now().await;
            continue;
        };
        if let (PacketKind::Event, [COMMAND_COMPLETE, _, _, opcode @ .., _]) =
            (raw.kind, packet.get(..raw.length).unwrap_or_default())
            && opcode == RESET_DONE
        {
            return Ok(());
        }
    }
}
