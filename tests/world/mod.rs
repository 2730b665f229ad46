//! A WiFi driver, a store and a phone in memory. No heap and no std: the vectors run on Cortex-M3 too.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test that includes this room uses a part of it"
)]

pub(crate) mod fault;
pub(crate) mod journal;
pub(crate) mod phone;
pub(crate) mod radio;
pub(crate) mod serve;

pub(crate) use fault::Fault;
pub(crate) use journal::{Event, Journal};
pub(crate) use phone::{Handset, Message};
pub(crate) use radio::{Calls, Radio, Saved};
pub(crate) use serve::{Taken, receive, run};
