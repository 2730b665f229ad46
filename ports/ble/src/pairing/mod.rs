//! Pairing: the question to the user, the bonds that come of it, and what strangers may cost.

mod bonds;
mod comparison;
mod strangers;

pub(crate) use bonds::Bonds;
pub use comparison::Question;
pub(crate) use comparison::{Answer, Comparison};
pub(crate) use strangers::Strangers;
