//! The table of the driver's reasons. It names nothing of the driver's, so that a test on the host reads it, too
//! (`ci/xtask/src/image/reasons.rs`).

/// Gives the macro `$to` a line a reason: its number on the air (IEEE 802.11's, from 200 on Espressif's own), the driver's name for it, why a
/// network was not joined, why a link ended. The last line is for what has none.
macro_rules! reasons {
    ($to:ident) => {
        $to! {
            2 AuthenticationExpired => Timeout, Deauthenticated;
            3 AuthenticationLeave => Refused, Deauthenticated;
            4 DisassociatedDueToInactivity => Refused, Deauthenticated;
            5 AssociationTooMany => Refused, Deauthenticated;
            6 Class2FrameFromNonAuthenticatedStation => Refused, Deauthenticated;
            7 Class3FrameFromNonAssociatedStation => Refused, Deauthenticated;
            8 AssociationLeave => Refused, Deauthenticated;
            9 AssociationNotAuthenticated => Refused, Deauthenticated;
            12 BssTransitionDisassociated => Refused, Deauthenticated;
            13 IeInvalid => SecurityMismatch, Unspecified;
            14 MicFailure => AuthFailed, Unspecified;
            15 FourWayHandshakeTimeout => AuthFailed, Unspecified;
            16 GroupKeyUpdateTimeout => Refused, Deauthenticated;
            17 IeIn4wayDiffers => SecurityMismatch, Unspecified;
            18 GroupCipherInvalid => SecurityMismatch, Unspecified;
            19 PairwiseCipherInvalid => SecurityMismatch, Unspecified;
            20 AkmpInvalid => SecurityMismatch, Unspecified;
            21 UnsupportedRsnIeVersion => SecurityMismatch, Unspecified;
            22 InvalidRsnIeCapabilities => SecurityMismatch, Unspecified;
            23 _802_1xAuthenticationFailed => AuthFailed, Unspecified;
            24 CipherSuiteRejected => SecurityMismatch, Unspecified;
            29 BadCipherOrAkm => SecurityMismatch, Unspecified;
            34 MissingAcks => Refused, BeaconsLost;
            36 StationLeaving => Refused, Deauthenticated;
            39 Timeout => Timeout, Unspecified;
            46 PeerInitiated => Refused, Deauthenticated;
            47 AccessPointInitiatedDisassociation => Refused, Deauthenticated;
            67 TransmissionLinkEstablishmentFailed => Timeout, Unspecified;
            200 BeaconTimeout => Timeout, BeaconsLost;
            201 NoAccessPointFound => NotFound, BeaconsLost;
            202 AuthenticationFailed => AuthFailed, Unspecified;
            204 HandshakeTimeout => AuthFailed, Unspecified;
            205 ConnectionFailed => Timeout, Unspecified;
            209 SaQueryTimeout => Timeout, Unspecified;
            210 NoAccessPointFoundWithCompatibleSecurity => SecurityMismatch, Unspecified;
            211 NoAccessPointFoundInAuthmodeThreshold => SecurityMismatch, Unspecified;
            212 NoAccessPointFoundInRssiThreshold => NotFound, Unspecified;
            _ => Refused, Unspecified;
        }
    };
}
pub(crate) use reasons;
