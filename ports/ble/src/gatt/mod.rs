//! The GATT database: which attributes there are, and how they are answered.
//!
//! trouble-host keeps the table and answers discovery from it. Values and subscriptions are
//! answered here, per connection, after the host has checked the permissions.

mod answer;
mod endpoint;
mod link;
mod table;
mod uuids;

pub(crate) use answer::{Server, refuse};
pub(crate) use endpoint::Held;
pub(crate) use link::{LINK, Link};
pub(crate) use table::{Database, build};
pub(crate) use uuids::{DEVICE_INFORMATION, PROVISIONING};
