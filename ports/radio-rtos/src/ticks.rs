//! Ticks on a clock: none is lost, however long interrupts were off.

/// When ticks are due, by a clock in microseconds.
#[derive(Clone, Copy, Debug)]
pub struct TickGrid {
    next: u64,
    period: u32,
}

impl TickGrid {
    /// The first tick is due one period after `now`. `period` is in microseconds; 0 is taken as 1.
    #[must_use]
    pub const fn new(now: u64, period: u32) -> Self {
        let period = if period == 0 { 1 } else { period };
        Self {
            next: now.saturating_add(period as u64),
            period,
        }
    }

    /// When the next tick is due: what the tick interrupt is set to.
    #[must_use]
    pub const fn next(&self) -> u64 {
        self.next
    }

    /// How many ticks are due at `now` and not yet counted; counts them. 0 when the interrupt came early, more than 1 when
    /// it came late. The grid stays where it was: lateness does not add up.
    #[must_use]
    pub const fn due(&mut self, now: u64) -> u32 {
        let Some(late) = now.checked_sub(self.next) else {
            return 0;
        };
        let period = self.period as u64;
        let Some(whole) = late.checked_div(period) else {
            return 0;
        };
        let count = whole.saturating_add(1);
        self.next = self.next.saturating_add(period.saturating_mul(count));
        if count > u32::MAX as u64 {
            u32::MAX
        } else {
            count as u32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TickGrid;

    #[test]
    fn ticks_come_once_a_period() {
        let mut grid = TickGrid::new(500, 1000);
        assert_eq!(grid.due(1499), 0);
        assert_eq!(grid.due(1500), 1);
        assert_eq!(grid.due(1500), 0);
        assert_eq!(grid.next(), 2500);
    }

    #[test]
    fn lost_ticks_are_caught_up_and_the_grid_stays() {
        let mut grid = TickGrid::new(0, 1000);
        // A flash sector's erase kept interrupts off for 45 ms.
        assert_eq!(grid.due(45_300), 45);
        assert_eq!(grid.next(), 46_000);
        assert_eq!(grid.due(46_010), 1);
    }

    #[test]
    fn nothing_overflows() {
        let mut grid = TickGrid::new(u64::MAX - 5, 1000);
        assert_eq!(grid.due(u64::MAX), 1);
        let mut grid = TickGrid::new(0, 0);
        assert_eq!(grid.due(u64::MAX), u32::MAX);
    }
}
