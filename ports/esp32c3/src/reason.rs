//! The driver's reasons in the contract's words, as [`reasons`] has them.

use esp_radio::wifi::DisconnectReason;
use port_wifi::radio::{JoinError, LossReason};

use crate::reasons::reasons;

macro_rules! by_name {
    (
        $($_number:literal $name:ident => $join:ident, $loss:ident;)*
        _ => $other_join:ident, $other_loss:ident;
    ) => {
        /// Why a network was not joined.
        pub(crate) fn join_error(reason: DisconnectReason) -> JoinError {
            match reason {
                $(DisconnectReason::$name => JoinError::$join,)*
                _ => JoinError::$other_join,
            }
        }

        /// Why a link ended.
        pub(crate) fn loss_reason(reason: DisconnectReason) -> LossReason {
            match reason {
                $(DisconnectReason::$name => LossReason::$loss,)*
                _ => LossReason::$other_loss,
            }
        }
    };
}

reasons!(by_name);
