//! The Amazon FreeRTOS WiFi-provisioning protocol, final generation.
//!
//! One message is one CBOR map with one-letter text keys (see `docs/PROTOCOL.md`). Messages are read by
//! a reader of our own: SSIDs are arbitrary bytes that travel as CBOR text, sometimes in chunks,
//! which the CBOR crates refuse or need a heap for; and a message must not move the stack.

pub mod answers;
pub mod reader;
pub mod request;
pub mod response;
