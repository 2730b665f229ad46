//! The driver's reasons (IEEE 802.11's and Espressif's own, from 200 on) in the contract's words.

use esp_radio::wifi::DisconnectReason as Reason;
use port_wifi::radio::{JoinError, LossReason};

/// Why a network was not joined.
pub(crate) fn join_error(reason: Reason) -> JoinError {
    match reason {
        // A wrong passphrase shows as a handshake that the access point does not go on with.
        Reason::MicFailure
        | Reason::FourWayHandshakeTimeout
        | Reason::HandshakeTimeout
        | Reason::_802_1xAuthenticationFailed
        | Reason::AuthenticationFailed => JoinError::AuthFailed,
        Reason::NoAccessPointFound | Reason::NoAccessPointFoundInRssiThreshold => {
            JoinError::NotFound
        }
        Reason::NoAccessPointFoundWithCompatibleSecurity
        | Reason::NoAccessPointFoundInAuthmodeThreshold
        | Reason::IeInvalid
        | Reason::IeIn4wayDiffers
        | Reason::GroupCipherInvalid
        | Reason::PairwiseCipherInvalid
        | Reason::AkmpInvalid
        | Reason::UnsupportedRsnIeVersion
        | Reason::InvalidRsnIeCapabilities
        | Reason::CipherSuiteRejected
        | Reason::BadCipherOrAkm => JoinError::SecurityMismatch,
        Reason::AuthenticationExpired
        | Reason::Timeout
        | Reason::BeaconTimeout
        | Reason::ConnectionFailed
        | Reason::SaQueryTimeout
        | Reason::TransmissionLinkEstablishmentFailed => JoinError::Timeout,
        _ => JoinError::Refused,
    }
}

/// Why a link ended.
pub(crate) fn loss_reason(reason: Reason) -> LossReason {
    match reason {
        Reason::BeaconTimeout | Reason::NoAccessPointFound | Reason::MissingAcks => {
            LossReason::BeaconsLost
        }
        Reason::AuthenticationExpired
        | Reason::AuthenticationLeave
        | Reason::DisassociatedDueToInactivity
        | Reason::AssociationTooMany
        | Reason::Class2FrameFromNonAuthenticatedStation
        | Reason::Class3FrameFromNonAssociatedStation
        | Reason::AssociationLeave
        | Reason::AssociationNotAuthenticated
        | Reason::BssTransitionDisassociated
        | Reason::GroupKeyUpdateTimeout
        | Reason::StationLeaving
        | Reason::PeerInitiated
        | Reason::AccessPointInitiatedDisassociation => LossReason::Deauthenticated,
        _ => LossReason::Unspecified,
    }
}
