//! What a Rust firmware sees of the library's feature `defmt`: the service logs each request and what it came to, and its
//! types log themselves, in a few bytes each. The texts stay in the ELF file, where `defmt-print` finds them.
//! `ci/drop-in/test_defmt.py` runs this in QEMU and decodes it. Built with `DEFMT_LOG=info`.
#![cfg_attr(target_os = "none", no_std)]
#![cfg_attr(target_os = "none", no_main)]

#[cfg(target_os = "none")]
mod platform;

#[cfg(target_os = "none")]
mod firmware {
    use super::platform::{Handset, Platform, Profile};
    use cortex_m as _;
    use cortex_m_rt::entry;
    use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
    use defmt_semihosting as _;
    use wifi_provision::message::amazon::answers::Writer;
    use wifi_provision::message::amazon::request::decode;
    use wifi_provision::profile::Security;
    use wifi_provision::service::{Request, Service};

    /// What a phone asks, as it comes over the air.
    const MESSAGES: &[&[u8]] = &[
        b"\xa3\x61h\x05\x61t\x05\x61w\x01",
        // Save and join what is not there, what is, and what needs a user's certificate.
        b"\xa7\x61b\x46\x02\0\0\0\0\x02\x61g\x20\x61m\x68password\x61q\x03\x61r\x67Nowhere\x61w\x03\x61y\xf5",
        b"\xa7\x61b\x46\x02\0\0\0\0\x01\x61g\x20\x61m\x68password\x61q\x03\x61r\x6bHomeNetwork\x61w\x03\x61y\xf5",
        b"\xa7\x61b\x46\x02\0\0\0\0\x03\x61g\x20\x61m\x68password\x61q\x04\x61r\x66Office\x61w\x03\x61y\xf5",
        // Move to where no network is; delete.
        b"\xa3\x61g\x00\x61j\x01\x61w\x05",
        b"\xa2\x61g\x00\x61w\x07",
    ];

    #[entry]
    fn main() -> ! {
        let mut service = Service::new();
        let mut platform = Platform::new();
        for message in MESSAGES {
            let mut profile = Profile::EMPTY;
            let request = decode(message, Some(&mut profile));
            if let Some(Request::Save { .. }) = request {
                platform.candidate = profile;
            }
            if let Some(request) = request {
                service.carry_out(&request, &mut platform, &mut Writer::new(Handset));
            }
        }
        for number in 0..7 {
            defmt::println!("security {=i16} is {}", number, Security::from_wire(number));
        }
        loop {
            debug::exit(EXIT_SUCCESS);
        }
    }

    #[panic_handler]
    fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
        loop {
            debug::exit(EXIT_FAILURE);
        }
    }
}

#[cfg(not(target_os = "none"))]
fn main() {}
