//! Waits in microseconds on a kernel that waits in ticks.

use crate::board::{Board, Context};
use crate::kernel;

/// The longest single wait; `portMAX_DELAY` itself means for ever.
const LONGEST: u32 = u32::MAX - 1;
/// `portMAX_DELAY`.
const FOR_EVER: u32 = u32::MAX;

/// Until when a caller waits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Until {
    /// As long as it takes.
    Ever,
    /// This time, in microseconds by the board's clock.
    Time(u64),
}

impl Until {
    /// From a time-out in microseconds; `None` is for ever.
    pub(crate) fn after<B: Board>(timeout_us: Option<u32>) -> Self {
        match timeout_us {
            // Asking for the time is left out where nobody waits.
            Some(0) => Self::Time(0),
            Some(us) => Self::Time(B::now().saturating_add(u64::from(us))),
            None => Self::Ever,
        }
    }

    /// From a deadline; `None` is for ever.
    pub(crate) fn at(deadline: Option<u64>) -> Self {
        deadline.map_or(Self::Ever, Self::Time)
    }

    /// In ticks from `now`, so that the end is not before the deadline by more than the tick under way.
    fn ticks(self, now: u64, tick_us: u32) -> u32 {
        match self {
            Self::Ever => FOR_EVER,
            Self::Time(at) => {
                let ticks = at.saturating_sub(now).div_ceil(u64::from(tick_us.max(1)));
                u32::try_from(ticks).unwrap_or(LONGEST).min(LONGEST)
            }
        }
    }
}

/// Whether the caller may block.
pub(crate) fn may_block<B: Board>() -> bool {
    B::context() == Context::Task && kernel::is_running()
}

/// Tries until it works or the time has come. `attempt` waits for so many ticks; it is told 0 where blocking is not
/// allowed, and then tried once.
pub(crate) fn wait<B: Board>(until: Until, mut attempt: impl FnMut(u32) -> bool) -> bool {
    if until == Until::Time(0) || !may_block::<B>() {
        return attempt(0);
    }
    loop {
        // The kernel's first tick is the one under way, so a wait may end up to one tick early: then again.
        let ticks = until.ticks(B::now(), B::TICK_US);
        if attempt(ticks) {
            return true;
        }
        if ticks == 0 {
            return false;
        }
    }
}

/// Sleeps until then. Where sleeping is not allowed it watches the clock instead.
pub(crate) fn sleep_until<B: Board>(at: u64) {
    let until = Until::Time(at);
    loop {
        let ticks = until.ticks(B::now(), B::TICK_US);
        if ticks == 0 {
            return;
        }
        if may_block::<B>() {
            kernel::delay(ticks);
        } else {
            core::hint::spin_loop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FOR_EVER, LONGEST, Until};

    #[test]
    fn microseconds_become_ticks_rounded_up() {
        let ticks = |at, now| Until::Time(at).ticks(now, 1000);
        assert_eq!(ticks(0, 0), 0);
        assert_eq!(ticks(1, 0), 1);
        assert_eq!(ticks(1000, 0), 1);
        assert_eq!(ticks(1001, 0), 2);
        assert_eq!(ticks(5000, 4999), 1);
    }

    #[test]
    fn a_time_that_is_past_waits_for_nothing() {
        assert_eq!(Until::Time(10).ticks(11, 1000), 0);
    }

    #[test]
    fn a_long_wait_is_not_for_ever() {
        assert_eq!(Until::Time(u64::MAX).ticks(0, 1000), LONGEST);
        assert_eq!(Until::Ever.ticks(0, 1000), FOR_EVER);
        assert_eq!(Until::at(None), Until::Ever);
    }
}
