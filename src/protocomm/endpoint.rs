//! The endpoints' names, by which phones find them, and their numbers, which go into UUIDs.

use super::Applications;

/// An endpoint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Endpoint {
    /// `prov-ctrl`.
    Control,
    /// `prov-scan`.
    Scan,
    /// `prov-session`.
    Session,
    /// `prov-config`.
    Config,
    /// `proto-ver`.
    Version,
    /// One of the application's own.
    Application(usize),
}

/// The built-in ones: name, 16-bit number, meaning.
pub const BUILT_IN: [(&str, u16, Endpoint); 5] = [
    ("prov-ctrl", 0xff4f, Endpoint::Control),
    ("prov-scan", 0xff50, Endpoint::Scan),
    ("prov-session", 0xff51, Endpoint::Session),
    ("prov-config", 0xff52, Endpoint::Config),
    ("proto-ver", 0xff53, Endpoint::Version),
];

/// The number of the application's first; the others follow.
pub const APPLICATION_ID: u16 = 0xff54;

impl Endpoint {
    /// The endpoint of that name. An application cannot take a built-in one's.
    pub fn find(name: &str, applications: &impl Applications) -> Option<Self> {
        BUILT_IN
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(.., endpoint)| *endpoint)
            .or_else(|| applications.find(name).map(Self::Application))
    }
}
