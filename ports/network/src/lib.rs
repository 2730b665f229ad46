//! The network manager: which networks there are, which carries data, and joining the saved ones.
//!
//! | file | what |
//! |---|---|
//! | [`network`] | a network, a set of them, the state of one |
//! | [`choice`] | the network that carries data; [`Links`], through which a session follows it |
#![no_std]

#[cfg(test)]
extern crate std;

pub mod choice;
pub mod network;

pub use choice::{Choice, Links};
pub use network::{Network, Networks, State};

/// The network that carries this device's data.
pub static CHOICE: Choice = Choice::new();

/// A view on [`CHOICE`] for one task.
///
/// Context: any.
#[must_use]
pub fn links() -> Links<'static> {
    CHOICE.links()
}
