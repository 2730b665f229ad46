//! The Amazon FreeRTOS WiFi-provisioning protocol, final generation.
//!
//! One message is one CBOR map with one-letter text keys (see `docs/PROTOCOL.md`). Messages are read by
//! a reader of our own: SSIDs are arbitrary bytes that travel as CBOR text, sometimes in chunks,
//! which the CBOR crates refuse or need a heap for; and a message must not move the stack.

pub mod reader;
pub mod request;
pub mod response;

/// What a message asks for. The numbers are the wire's; a response carries the next one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[repr(u8)]
pub enum Kind {
    /// List saved networks, then scanned ones.
    List = 1,
    /// Save a new network, or join a saved one.
    Save = 3,
    /// Give a saved network another priority.
    Edit = 5,
    /// Forget a saved network.
    Delete = 7,
}

impl Kind {
    /// All kinds, in wire order.
    pub const ALL: [Self; 4] = [Self::List, Self::Save, Self::Edit, Self::Delete];

    const fn from_wire(number: i16) -> Option<Self> {
        Some(match number {
            1 => Self::List,
            3 => Self::Save,
            5 => Self::Edit,
            7 => Self::Delete,
            _ => return None,
        })
    }
}
