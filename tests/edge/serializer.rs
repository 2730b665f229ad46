//! The table of message functions, as an application in C calls it.

use std::mem::MaybeUninit;

use wifi_provision::ffi::abi;
use wifi_provision::ffi::iot_ble_wifi_prov::IotBleWifiProv_GetSerializer;

use super::hex;

fn table() -> abi::IotBleWifiProvSerializer_t {
    // SAFETY: never null, and never written.
    unsafe { IotBleWifiProv_GetSerializer().read() }
}

const MESSAGES: &[&str] = &[
    "a3616805617405617701",
    "bf616814617405617701ff",
    "a7616246010203040506616720616d6c70617373776f726430313233617103617265436166c3a96177036179f5",
    "a7616246010203040506616720616d6c70617373776f72643031323361710361727f64486f6d65674e6574776f726bff6177036179f5",
    "a36167006177036179f5",
    "a3616700616a01617705",
    "a36161818181818181818100616700617707",
    "a261671bffffffffffff0000617707",
];

/// Every place of a message; in Miri, where each takes long, every third.
const STEP: usize = if cfg!(miri) { 3 } else { 1 };

/// A request into memory that held something before, of just its size.
fn into<T>(call: impl FnOnce(*mut T) -> bool) -> (bool, Box<MaybeUninit<T>>) {
    let mut out = Box::new(MaybeUninit::<T>::uninit());
    // SAFETY: writable for the size of one.
    unsafe { out.as_mut_ptr().write_bytes(0xa5, 1) };
    let is_read = call(out.as_mut_ptr());
    (is_read, out)
}

#[test]
fn every_message_whole_cut_and_changed_at_every_function() {
    let table = table();
    let mut known = 0;
    for digits in MESSAGES {
        let whole = hex(digits);
        let cuts = (0..whole.len())
            .step_by(STEP)
            .map(|length| whole[..length].into());
        let changes = (0..whole.len()).step_by(STEP).map(|place| {
            let mut message = whole.clone();
            message[place] ^= 0x1f;
            message
        });
        for message in cuts.chain(changes).chain([whole.clone()]) {
            let (start, length) = (message.as_ptr(), message.len());
            let mut kind = abi::IotBleWiFiProvRequestInvalid;
            // SAFETY: the message is readable, and the place writable.
            let is_known = unsafe { table.getRequestType.unwrap()(start, length, &mut kind) };
            assert_eq!(is_known, kind != abi::IotBleWiFiProvRequestInvalid);
            // SAFETY: as above.
            let (is_list, _) = into(|out| unsafe {
                table.deserializeListNetworkRequest.unwrap()(start, length, out)
            });
            // SAFETY: as above.
            let (is_add, added) = into(|out| unsafe {
                table.deserializeAddNetworkRequest.unwrap()(start, length, out)
            });
            // SAFETY: as above.
            let (is_edit, _) = into(|out| unsafe {
                table.deserializeEditNetworkRequest.unwrap()(start, length, out)
            });
            // SAFETY: as above.
            let (is_delete, _) = into(|out| unsafe {
                table.deserializeDeleteNetworkRequest.unwrap()(start, length, out)
            });
            // What is read as one kind is of that kind.
            let read =
                u32::from(is_list) + u32::from(is_add) + u32::from(is_edit) + u32::from(is_delete);
            assert!(read <= u32::from(is_known), "{message:02x?}");
            known += read;
            if is_add {
                // SAFETY: it was written, all of it.
                let added: abi::IotBleWifiProvAddNetworkRequest_t =
                    unsafe { added.assume_init_read() };
                if !added.isProvisioned() {
                    // SAFETY: the flag says which member it is.
                    let network = unsafe { added.info.network };
                    assert!(network.ucSSIDLength <= 32 && network.ucPasswordLength <= 63);
                }
            }
        }
    }
    assert!(known >= MESSAGES.len() as u32, "{known}");
}

#[test]
fn null_is_refused_everywhere() {
    let table = table();
    let message = hex(MESSAGES[0]);
    let null = std::ptr::null();
    // SAFETY: null is allowed.
    unsafe {
        assert!(!table.getRequestType.unwrap()(null, 5, &mut 0));
    }
    // SAFETY: null is allowed.
    unsafe {
        assert!(!table.getRequestType.unwrap()(
            message.as_ptr(),
            message.len(),
            std::ptr::null_mut()
        ));
    }
    // SAFETY: null is allowed.
    unsafe {
        assert!(!table.serializeResponse.unwrap()(
            null.cast(),
            std::ptr::null_mut(),
            0
        ));
    }
    // SAFETY: null is allowed.
    unsafe {
        assert!(!table.getSerializedSizeForResponse.unwrap()(
            null.cast(),
            std::ptr::null_mut()
        ));
    }
}

/// A response about a saved network, whose answer is written into rooms of every length.
#[test]
fn a_response_fits_or_leaves_the_room_as_it_was() {
    let table = table();
    let mut profile = Box::new(abi::WIFINetworkProfile_t {
        ucSSID: [b'n'; 32],
        ucSSIDLength: 32,
        ucBSSID: [1, 2, 3, 4, 5, 6],
        cPassword: [b'p' as _; 63],
        ucPasswordLength: 63,
        xSecurity: abi::eWiFiSecurityWPA2,
    });
    // SAFETY: zeros are valid for all of its fields.
    let mut response =
        unsafe { MaybeUninit::<abi::IotBleWifiProvResponse_t>::zeroed().assume_init() };
    response.requestType = abi::IotBleWiFiProvRequestListNetwork;
    response.networkInfo.set_isSavedNetwork(true);
    response.networkInfo.info.pSavedNetwork = &mut *profile;
    let mut needed = 0;
    // SAFETY: the response, its network and the place are readable and writable.
    assert!(unsafe { table.getSerializedSizeForResponse.unwrap()(&response, &mut needed) });
    for length in 0..needed + 2 {
        let mut room = vec![0xa5; length].into_boxed_slice();
        // SAFETY: the room is writable for its length.
        let is_written =
            unsafe { table.serializeResponse.unwrap()(&response, room.as_mut_ptr(), length) };
        assert_eq!(is_written, length >= needed);
        let tail = if is_written { needed } else { 0 };
        assert!(room[tail..].iter().all(|octet| *octet == 0xa5));
        assert!(!room.windows(8).any(|part| part == [b'p'; 8]));
    }
}
