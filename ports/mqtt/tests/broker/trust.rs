//! Who is trusted, and that nobody else hears a word.

use embassy_time::{Duration, Instant, Timer};
use port_mqtt::stream::{Received, Stream as _};
use port_mqtt::tls::{Buffers, Credentials, Distrust, Moment, PrivateKey, TlsFailure, Wire, open};

use super::authority::{Authority, CLIENT, ISSUER, SERVER};
use super::mosquitto::{Mosquitto, OpensslServer};
use super::outside::{Tcp, block_on, seed, unix_time};

/// What is tried.
struct Try<'a> {
    port: u16,
    name: &'a str,
    authority: &'a [u8],
    own: Option<(&'a [u8], &'a PrivateKey)>,
    unix_time: Option<u64>,
    /// How long the answer may take.
    patience: Duration,
}

/// Where an answer is expected.
const PATIENCE: Duration = Duration::from_secs(30);
/// From a server that says nothing.
const SILENCE: Duration = Duration::from_secs(3);

impl Try<'_> {
    /// Opens a connection, and says CONNECT in it; the first byte of the answer.
    fn run(&self) -> Result<Option<u8>, TlsFailure> {
        let credentials = Credentials {
            authority: self.authority,
            own: self.own,
        };
        let moment = Moment {
            unix_time: self.unix_time,
            seed: seed(),
        };
        let mut buffers = Box::new(Buffers::new());
        let wire = Wire::new(Tcp::connect(self.port).unwrap());
        block_on(async {
            let mut stream = open(&wire, &mut buffers, self.name, &credentials, &moment).await?;
            let connect = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01x";
            if stream.send(connect).await.is_err() {
                return Ok(None);
            }
            let mut answer = [0; 16];
            let until = Instant::now() + self.patience;
            while Instant::now() < until {
                match stream.receive(&mut answer, until, Timer::at(until)).await {
                    Ok(Received::Bytes(_)) => return Ok(Some(answer[0])),
                    Ok(Received::Nothing) => {}
                    Err(_) => return Ok(None),
                }
            }
            Ok(None)
        })
    }
}

const YEARS: u64 = 365 * 24 * 3600;

#[test]
fn both_ends_are_proven_and_everything_else_is_refused_without_a_word() {
    let authority = Authority::new();
    let other = Authority::named("Another authority");
    let namesake = Authority::new();
    authority.issue("server", SERVER);
    authority.issue("device", CLIENT);
    other.issue("device", CLIENT);
    let (ca, other_ca) = (authority.certificate("ca"), other.certificate("ca"));
    let namesake_ca = namesake.certificate("ca");
    let (certificate, key) = (
        authority.certificate("device"),
        authority.private_key("device"),
    );
    let (foreign, foreign_key) = (other.certificate("device"), other.private_key("device"));
    let broker = Mosquitto::start(&authority, "server");
    let good = Try {
        port: broker.tls,
        name: "broker.test",
        authority: &ca,
        own: Some((&certificate, &key)),
        unix_time: Some(unix_time()),
        patience: PATIENCE,
    };
    let untrusted = |why| Err(TlsFailure::Untrusted(why));

    assert_eq!(
        Try {
            authority: &other_ca,
            ..good
        }
        .run(),
        untrusted(Distrust::UnknownIssuer)
    );
    assert_eq!(
        Try {
            authority: &namesake_ca,
            ..good
        }
        .run(),
        untrusted(Distrust::Signature)
    );
    assert_eq!(
        Try {
            name: "other.test",
            ..good
        }
        .run(),
        untrusted(Distrust::WrongName)
    );
    assert_eq!(
        Try {
            name: "10.0.2.2",
            ..good
        }
        .run(),
        untrusted(Distrust::WrongName)
    );
    let later = Some(unix_time() + 10 * YEARS);
    assert_eq!(
        Try {
            unix_time: later,
            ..good
        }
        .run(),
        untrusted(Distrust::Expired)
    );
    let earlier = Some(unix_time() - 10 * YEARS);
    assert_eq!(
        Try {
            unix_time: earlier,
            ..good
        }
        .run(),
        untrusted(Distrust::NotYetValid)
    );
    assert_eq!(
        Try {
            unix_time: None,
            ..good
        }
        .run(),
        untrusted(Distrust::NoTime)
    );
    assert_eq!(
        Try {
            authority: b"\x30\x00",
            ..good
        }
        .run(),
        untrusted(Distrust::Configuration)
    );
    assert_eq!(
        Try { own: None, ..good }.run(),
        Err(TlsFailure::CertificateWanted)
    );
    // The broker finds this one out, and only after our side of the handshake (RFC 8446, 4.4.2.4).
    let foreigner = Try {
        own: Some((&foreign, &foreign_key)),
        ..good
    };
    assert!(matches!(
        foreigner.run(),
        Ok(None) | Err(TlsFailure::CertificateRefused)
    ));
    assert!(
        !broker.log().contains("New client connected"),
        "{}",
        broker.log()
    );

    assert_eq!(good.run(), Ok(Some(0x20)));
    assert_eq!(
        Try {
            name: "127.0.0.1",
            ..good
        }
        .run(),
        Ok(Some(0x20))
    );
    assert!(
        broker.log().contains("New client connected"),
        "{}",
        broker.log()
    );
}

#[test]
fn a_devices_own_certificate_makes_no_broker_and_no_authority() {
    let authority = Authority::new();
    authority.issue("device", CLIENT);
    authority.issue_by("device", "impostor", SERVER);
    authority.issue("region", ISSUER);
    authority.issue_by("region", "server", SERVER);
    let ca = authority.certificate("ca");
    let verdict = |server: &str, more: &[&str]| {
        let server = OpensslServer::start(&authority, server, more);
        let attempt = Try {
            port: server.port,
            name: "broker.test",
            authority: &ca,
            own: None,
            unix_time: Some(unix_time()),
            patience: SILENCE,
        };
        attempt.run()
    };
    let untrusted = |why| Err(TlsFailure::Untrusted(why));
    assert_eq!(verdict("device", &[]), untrusted(Distrust::WrongUse));
    assert_eq!(
        verdict("impostor", &["-cert_chain", "device.pem"]),
        untrusted(Distrust::UnknownIssuer)
    );
    // An intermediate authority is fine, if the server shows it. It says nothing here: no broker.
    assert_eq!(verdict("server", &["-cert_chain", "region.pem"]), Ok(None));
    assert_eq!(verdict("server", &[]), untrusted(Distrust::UnknownIssuer));
}

#[test]
fn a_server_of_tls_1_2_alone_is_refused() {
    let authority = Authority::new();
    authority.issue("server", SERVER);
    let server = OpensslServer::start(&authority, "server", &["-tls1_2"]);
    let ca = authority.certificate("ca");
    let attempt = Try {
        port: server.port,
        name: "broker.test",
        authority: &ca,
        own: None,
        unix_time: Some(unix_time()),
        patience: SILENCE,
    };
    assert!(matches!(
        attempt.run(),
        Err(TlsFailure::Refused | TlsFailure::Protocol)
    ));
}
