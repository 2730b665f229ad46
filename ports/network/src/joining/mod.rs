//! Joining the saved networks, for ever.
//!
//! | file | what |
//! |---|---|
//! | `policy` | which network is tried when; no I/O and no clock |
//! | `task` | does it, in a task that can be ended |

mod policy;
mod task;

pub use policy::{Joiner, Step, limits};
pub use task::{Joining, Outcome, SavedNetworks, Started};
