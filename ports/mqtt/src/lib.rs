//! MQTT 3.1.1 over whatever link there is.
#![no_std]

#[cfg(test)]
extern crate std;

pub mod packet;
pub mod session;
pub mod stream;
pub mod tls;
