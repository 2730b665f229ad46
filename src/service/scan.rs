//! Scan: what is in reach, those that hide their name as well. Touches no saved network.

use super::Service;
use crate::config::MAX_SCAN_NETWORKS;
use crate::platform::{Describe, Network, Wifi};
use crate::status::Cause;

impl Service {
    /// Scans, and shows each network found with its channel; the name of a hidden one is empty. Blocks
    /// as long as the platform does.
    ///
    /// # Errors
    ///
    /// The driver's reason.
    pub fn scan(
        &mut self,
        wifi: &mut impl Wifi,
        mut show: impl FnMut(&Network<'_>, u8),
    ) -> Result<(), Cause> {
        wifi.scan(MAX_SCAN_NETWORKS)?;
        for index in 0..MAX_SCAN_NETWORKS {
            let channel = wifi.channel(index);
            if let Some(network) = wifi.scanned(index).or_else(|| wifi.hidden(index)) {
                show(&network.describe(), channel);
            }
        }
        Ok(())
    }
}
