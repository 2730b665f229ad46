//! Espressif's endpoints, as a carrier in C calls them.

use std::ffi::{CStr, c_char};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicU8, Ordering};

use cty::c_void;
use wifi_provision::ffi::abi;
use wifi_provision::ffi::iot_ble_wifi_prov::{
    IotBleWifiProv_Deinit, IotBleWifiProv_Init, IotBleWifiProv_RunProcessLoop,
};
use wifi_provision::ffi::protocomm::{
    WIFI_PROVISION_ProtocommDisconnected, WIFI_PROVISION_ProtocommEndpoint,
    WIFI_PROVISION_ProtocommHandle, WIFI_PROVISION_ProtocommPayload,
    WIFI_PROVISION_ProtocommPending, WIFI_PROVISION_ProtocommRegister,
    WIFI_PROVISION_ProtocommStart, WIFI_PROVISION_ProtocommStop,
};

use super::phone::{self, Turn};
use super::{alone, hex, radio};

const MOST: usize = 512;
const PLAIN: &str = "5203a20100";

/// Numbers nobody could call random, each octet another.
extern "C" fn random(out: *mut u8, length: usize) -> abi::BaseType_t {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    for place in 0..length {
        // SAFETY: the service promises so much room.
        let octet = unsafe { out.add(place) };
        // SAFETY: as above.
        unsafe { octet.write(NEXT.fetch_add(37, Ordering::Relaxed)) };
    }
    1
}

/// Gives a request back the other way round.
unsafe extern "C" fn mirror(
    _: *mut c_void,
    request: *const u8,
    length: usize,
    out: *mut u8,
    room: usize,
    written: *mut usize,
) -> abi::BaseType_t {
    if length > room {
        return 0;
    }
    // SAFETY: the service promises that it is readable.
    let request = unsafe { slice::from_raw_parts(request, length) };
    // SAFETY: the service promises so much room, elsewhere.
    let out = unsafe { slice::from_raw_parts_mut(out, length) };
    for (to, from) in out.iter_mut().zip(request.iter().rev()) {
        *to = *from;
    }
    // SAFETY: the service promises that it is writable.
    unsafe { written.write(length) };
    1
}

fn config(
    security: abi::WIFI_PROVISION_Security_t,
    secret: &CStr,
) -> abi::WIFI_PROVISION_ProtocommConfig_t {
    abi::WIFI_PROVISION_ProtocommConfig_t {
        xSecurity: security,
        pcUser: ptr::null(),
        pcSecret: secret.as_ptr(),
        ucAttempts: 0,
        xRandom: Some(random),
    }
}

/// An answer, or which other it was.
fn ask(connection: u32, endpoint: &CStr, request: &[u8]) -> Result<Vec<u8>, u32> {
    let request: Box<[u8]> = request.into();
    let mut out = vec![0; MOST].into_boxed_slice();
    let mut length = 0;
    let name = endpoint.as_ptr();
    // SAFETY: the name ends, the request is readable, and both places are writable.
    let answer = unsafe {
        WIFI_PROVISION_ProtocommHandle(
            connection,
            name,
            request.as_ptr(),
            request.len(),
            out.as_mut_ptr(),
            MOST,
            &mut length,
        )
    };
    told(answer, &out, length)
}

fn pending(connection: u32) -> Result<Vec<u8>, u32> {
    let mut out = vec![0; MOST].into_boxed_slice();
    let mut length = 0;
    // SAFETY: both places are writable.
    let answer =
        unsafe { WIFI_PROVISION_ProtocommPending(connection, out.as_mut_ptr(), MOST, &mut length) };
    told(answer, &out, length)
}

fn told(answer: abi::WIFI_PROVISION_Answer_t, out: &[u8], length: usize) -> Result<Vec<u8>, u32> {
    if answer == abi::eWiFiProvisionAnswered {
        Ok(out[..length].to_vec())
    } else {
        Err(answer)
    }
}

const REFUSED: Result<Vec<u8>, u32> = Err(abi::eWiFiProvisionRefused);
const PENDING: Result<Vec<u8>, u32> = Err(abi::eWiFiProvisionPending);

fn calls(work: impl FnOnce() + Send + 'static) -> Turn {
    Turn::Calls(Box::new(work))
}

/// The service serves while these things happen, its endpoints open. What is saved then, read before another test
/// has its turn.
fn live(
    config: &abi::WIFI_PROVISION_ProtocommConfig_t,
    turns: impl IntoIterator<Item = Turn>,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let _turn = alone();
    radio::empty();
    assert!(IotBleWifiProv_Init());
    // SAFETY: the configuration is readable, and its strings end.
    assert_eq!(unsafe { WIFI_PROVISION_ProtocommStart(config) }, 1);
    // SAFETY: as above.
    assert_eq!(unsafe { WIFI_PROVISION_ProtocommStart(config) }, 0);
    phone::will(turns);
    phone::will([Turn::Stops]);
    assert!(IotBleWifiProv_RunProcessLoop());
    assert_eq!(WIFI_PROVISION_ProtocommStop(), 1);
    assert_eq!(WIFI_PROVISION_ProtocommStop(), 0);
    IotBleWifiProv_Deinit();
    radio::saved()
}

#[test]
fn a_device_is_provisioned_through_them() {
    let config = config(abi::eWiFiProvisionSecurityNone, c"");
    let set = "080262110a04486f6d651209736563726574313233";
    let saved = live(
        &config,
        [
            calls(|| {
                assert!(ask(1, c"proto-ver", b"ESP").is_ok_and(|text| text.starts_with(b"{")));
                assert_eq!(ask(1, c"prov-config", &hex("5200")), REFUSED);
                assert_eq!(
                    ask(1, c"prov-session", &hex(PLAIN)),
                    Ok(hex("52050801aa0100").into())
                );
                assert_eq!(ask(1, c"prov-scan", &hex("52020801")), PENDING);
                assert_eq!(pending(1), PENDING);
            }),
            calls(|| {
                assert_eq!(pending(2), REFUSED);
                assert_eq!(pending(1), Ok(hex("08015a00").into()));
                assert!(ask(1, c"prov-scan", &hex("080472021002")).is_ok());
            }),
            calls(move || {
                assert_eq!(
                    ask(1, c"prov-config", &hex(set)),
                    Ok(hex("08036a00").into())
                );
                assert_eq!(ask(2, c"prov-config", &hex("0804")), REFUSED);
                assert_eq!(
                    ask(1, c"prov-config", &hex("0804")),
                    Ok(hex("08057a00").into())
                );
            }),
            calls(|| {
                let state = ask(1, c"prov-config", &hex("5200")).unwrap();
                assert!(state.windows(4).any(|part| part == b"Home"), "{state:02x?}");
                WIFI_PROVISION_ProtocommDisconnected(1);
                assert_eq!(ask(1, c"prov-config", &hex("5200")), REFUSED);
            }),
        ],
    );
    assert_eq!(saved, [(b"Home".to_vec(), b"secret123".to_vec())]);
}

#[test]
fn nothing_is_read_or_written_beyond_what_was_lent() {
    let config = config(abi::eWiFiProvisionSecurityNone, c"");
    live(
        &config,
        [calls(|| {
            let known = c"custom-data";
            // SAFETY: the name ends, and the function is for ever.
            let registered = unsafe {
                WIFI_PROVISION_ProtocommRegister(known.as_ptr(), Some(mirror), ptr::null_mut())
            };
            assert_eq!(registered, 1);
            assert!(ask(1, c"prov-session", &hex(PLAIN)).is_ok());
            let longest = vec![7; MOST];
            assert_eq!(ask(1, known, &longest), Ok(longest.clone()));
            assert_eq!(ask(1, known, &[]), Ok(vec![]));
            assert_eq!(ask(1, known, &[7; MOST + 1]), REFUSED);
            // Rooms of every length, the request in the same one.
            for room in 0..20 {
                let mut both = vec![0xa5; room.max(8)].into_boxed_slice();
                both[..8].copy_from_slice(b"stressed");
                let (place, mut length) = (both.as_mut_ptr(), 0);
                // SAFETY: the name ends; the memory is readable for 8 octets and writable for `room`.
                let answer = unsafe {
                    WIFI_PROVISION_ProtocommHandle(
                        1,
                        known.as_ptr(),
                        place,
                        8,
                        place,
                        room,
                        &mut length,
                    )
                };
                if room < 8 {
                    assert_eq!(answer, abi::eWiFiProvisionRefused);
                } else {
                    assert_eq!((answer, length, &both[..8]), (0, 8, &b"desserts"[..]));
                }
            }
            // SAFETY: null is allowed.
            let answer = unsafe {
                WIFI_PROVISION_ProtocommHandle(
                    1,
                    ptr::null(),
                    ptr::null(),
                    0,
                    ptr::null_mut(),
                    0,
                    ptr::null_mut(),
                )
            };
            assert_eq!(answer, abi::eWiFiProvisionRefused);
            let mut names = Vec::new();
            let (mut name, mut number) = (ptr::null::<c_char>(), 0);
            // SAFETY: both places are writable.
            while unsafe { WIFI_PROVISION_ProtocommEndpoint(names.len(), &mut name, &mut number) }
                == 1
            {
                // SAFETY: a name that was given stays, and ends.
                names.push(unsafe { CStr::from_ptr(name) });
            }
            assert_eq!(names.last(), Some(&known));
        })],
    );
}

#[test]
fn the_text_of_the_qr_code_fits_or_is_not_there() {
    let config = config(abi::eWiFiProvisionSecurity1, c"abcd1234");
    let text = br#"{"ver":"v1","name":"PROV_1","pop":"abcd1234","transport":"ble","security":1}"#;
    for room in 0..text.len() + 3 {
        let mut out = vec![0xa5_u8; room].into_boxed_slice();
        let (name, transport) = (c"PROV_1".as_ptr(), c"ble".as_ptr());
        // SAFETY: the configuration is readable, the strings end, and the room is writable.
        let length = unsafe {
            WIFI_PROVISION_ProtocommPayload(&config, name, transport, out.as_mut_ptr().cast(), room)
        };
        if room > text.len() {
            assert_eq!((length, &out[..length]), (text.len(), &text[..]));
        } else {
            assert_eq!(length, 0);
        }
    }
}
