//! A WiFi modem on a serial line: the radio's control goes over the line, the frames another way
//! (see [`crate::gate`]). The protocol is in [`protocol`], its framing in [`frame`].

mod driver;
pub mod frame;
pub mod protocol;

pub use driver::Modem;
