//! Pairing: the question to the user, and the bonds that come of it.

mod bonds;
mod comparison;

pub(crate) use bonds::Bonds;
pub use comparison::Question;
pub(crate) use comparison::{Answer, Comparison};
