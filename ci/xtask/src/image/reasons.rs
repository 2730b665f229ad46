//! What the ESP32-C3's firmware makes of the reasons its WiFi driver gives, by their numbers on the air.

/// What the device goes by.
#[path = "../../../../ports/esp32c3/src/reasons.rs"]
mod device;

use device::reasons;

macro_rules! by_number {
    (
        $($number:literal $_name:ident => $join:ident, $loss:ident;)*
        _ => $other_join:ident, $other_loss:ident;
    ) => {
        const NUMBERS: &[u16] = &[$($number),*];

        fn meaning(number: u16) -> (&'static str, &'static str) {
            match number {
                $($number => (stringify!($join), stringify!($loss)),)*
                _ => (stringify!($other_join), stringify!($other_loss)),
            }
        }
    };
}

reasons!(by_number);

#[test]
fn a_reason_has_one_line() {
    assert!(NUMBERS.is_sorted_by(|one, next| one < next), "{NUMBERS:?}");
}

#[test]
fn a_join_fails_for_what_a_person_can_mend() {
    for (numbers, join) in [
        // The handshake stops where a wrong passphrase stops it: MIC, both timeouts, authentication.
        (&[14, 15, 23, 202, 204][..], "AuthFailed"),
        (&[201, 212], "NotFound"),
        // Ciphers, AKM, information elements; Espressif's two for what does not match.
        (
            &[13, 17, 18, 19, 20, 21, 22, 24, 29, 210, 211],
            "SecurityMismatch",
        ),
        (&[2, 39, 67, 200, 205, 209], "Timeout"),
        // Unspecified, too many stations, sent away, association refused, and numbers nobody knows.
        (&[0, 1, 3, 5, 8, 203, 213, 999], "Refused"),
    ] {
        for &number in numbers {
            assert_eq!(meaning(number).0, join, "reason {number}");
        }
    }
}

#[test]
fn a_lost_link_was_not_heard_or_was_ended() {
    for (numbers, loss) in [
        (&[34, 200, 201][..], "BeaconsLost"),
        (
            &[2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 36, 46, 47],
            "Deauthenticated",
        ),
        (&[0, 1, 15, 202, 207, 999], "Unspecified"),
    ] {
        for &number in numbers {
            assert_eq!(meaning(number).1, loss, "reason {number}");
        }
    }
}
