//! Which of the connected networks carries data: WiFi before BLE, without going back and forth.

use embassy_time::{Duration, Instant};

use crate::network::Network;

/// How long WiFi that is back must last before it takes over from BLE. A network that comes and goes
/// faster than this changes nothing for whoever is on BLE.
pub const STEADY: Duration = Duration::from_secs(5);

/// What is connected, and what carries data.
pub(crate) struct Preference {
    /// Since when WiFi is connected.
    wifi: Option<Instant>,
    ble: bool,
    best: Option<Network>,
}

impl Preference {
    pub(crate) const fn new() -> Self {
        Self {
            wifi: None,
            ble: false,
            best: None,
        }
    }

    /// A network is connected, or no longer; gives what carries data now.
    pub(crate) fn set(
        &mut self,
        network: Network,
        connected: bool,
        now: Instant,
    ) -> Option<Network> {
        match network {
            Network::Wifi if !connected => self.wifi = None,
            Network::Wifi => {
                let _ = self.wifi.get_or_insert(now);
            }
            Network::Ble => self.ble = connected,
        }
        self.look(now)
    }

    /// Gives what carries data now.
    pub(crate) fn look(&mut self, now: Instant) -> Option<Network> {
        self.best = match (self.wifi, self.ble) {
            (None, false) => None,
            (None, true) => Some(Network::Ble),
            (Some(_), false) => Some(Network::Wifi),
            (Some(since), true) => {
                let leaves_ble =
                    self.best != Some(Network::Ble) || now >= since.saturating_add(STEADY);
                Some(if leaves_ble {
                    Network::Wifi
                } else {
                    Network::Ble
                })
            }
        };
        self.best
    }

    /// When to look again without anything having happened.
    pub(crate) fn due(&self) -> Option<Instant> {
        let waits = self.best == Some(Network::Ble);
        self.wifi
            .filter(|_| waits)
            .map(|since| since.saturating_add(STEADY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Instant {
        Instant::from_millis(milliseconds)
    }

    #[test]
    fn wifi_comes_before_ble() {
        let mut preference = Preference::new();
        assert_eq!(preference.look(at(0)), None);
        assert_eq!(
            preference.set(Network::Wifi, true, at(1)),
            Some(Network::Wifi)
        );
        assert_eq!(
            preference.set(Network::Ble, true, at(2)),
            Some(Network::Wifi)
        );
        assert_eq!(preference.due(), None);
        assert_eq!(
            preference.set(Network::Wifi, false, at(3)),
            Some(Network::Ble)
        );
        assert_eq!(preference.set(Network::Ble, false, at(4)), None);
    }

    #[test]
    fn wifi_that_is_back_must_last() {
        let mut preference = Preference::new();
        preference.set(Network::Ble, true, at(0));
        assert_eq!(
            preference.set(Network::Wifi, true, at(1000)),
            Some(Network::Ble)
        );
        assert_eq!(preference.due(), Some(at(6000)));
        assert_eq!(preference.look(at(5999)), Some(Network::Ble));
        assert_eq!(preference.look(at(6000)), Some(Network::Wifi));
        assert_eq!(preference.due(), None);
    }

    #[test]
    fn wifi_that_comes_and_goes_leaves_ble_alone() {
        let mut preference = Preference::new();
        preference.set(Network::Ble, true, at(0));
        for second in 1..100 {
            let up = second % 2 == 1;
            assert_eq!(
                preference.set(Network::Wifi, up, at(second * 4000)),
                Some(Network::Ble)
            );
        }
    }

    #[test]
    fn without_ble_nothing_is_waited_for() {
        let mut preference = Preference::new();
        preference.set(Network::Ble, true, at(0));
        preference.set(Network::Wifi, true, at(1000));
        assert_eq!(
            preference.set(Network::Ble, false, at(1500)),
            Some(Network::Wifi)
        );
    }
}
