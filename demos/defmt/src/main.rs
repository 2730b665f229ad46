//! What a Rust firmware sees of the library's feature `defmt`: its types log themselves, in a few bytes each. The texts stay
//! in the ELF file, where `defmt-print` finds them. `ci/drop-in/test_defmt.py` runs this in QEMU and decodes it.
#![cfg_attr(target_os = "none", no_std)]
#![cfg_attr(target_os = "none", no_main)]

#[cfg(target_os = "none")]
mod firmware {
    use cortex_m as _;
    use cortex_m_rt::entry;
    use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
    use defmt_semihosting as _;
    use wifi_provision::profile::Security;
    use wifi_provision::service::Kind;
    use wifi_provision::status::Status;

    #[entry]
    fn main() -> ! {
        for (kind, status) in [
            (Kind::List, Status::Success),
            (Kind::Save, Status::Timeout),
            (Kind::Edit, Status::Failure),
            (Kind::Delete, Status::NotSupported),
        ] {
            defmt::println!("{} was answered with {}", kind, status);
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
