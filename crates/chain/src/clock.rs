//! The chain's own time.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What makes time pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// Time stands still unless it is told to move. The machine's clock is never read.
    Manual {
        /// Timestamp of the first block, in Unix seconds.
        start_s: u64,
        /// Seconds that pass with each block.
        step_s: u64,
    },
    /// Time follows the machine's clock, shifted by every warp.
    System,
}

impl Default for Time {
    /// Stands still at 2025-01-01 00:00:00 UTC.
    fn default() -> Self {
        Self::Manual {
            start_s: 1_735_689_600,
            step_s: 0,
        }
    }
}

/// A moment before the head block was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("timestamp error: {asked_s} is lower than the timestamp of the previous block, {head_s}")]
pub struct TimeWentBack {
    /// The moment asked for, in Unix seconds.
    pub asked_s: u64,
    /// Timestamp of the head block.
    pub head_s: u64,
}

/// Gives blocks their timestamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clock {
    time: Time,
    /// Seconds added to the source of time: to the head's timestamp, or to the machine's clock.
    ahead_s: i128,
    /// Exact timestamp of the next block, if one was asked for.
    next_s: Option<u64>,
    /// Seconds from each block to the next, if they are fixed.
    interval_s: Option<u64>,
}

impl Clock {
    pub(crate) fn new(time: Time) -> Self {
        Self {
            time,
            ahead_s: 0,
            next_s: None,
            interval_s: None,
        }
    }

    /// Timestamp of the first block.
    pub(crate) fn genesis_s(&self) -> u64 {
        match self.time {
            Time::Manual { start_s, .. } => start_s,
            Time::System => machine_s(),
        }
    }

    /// The timestamp that a block on top of one at `head_s` would get now.
    pub(crate) fn peek(&self, head_s: u64) -> u64 {
        if let Some(next_s) = self.next_s {
            return next_s.max(head_s);
        }
        if let Some(interval_s) = self.interval_s {
            return head_s.saturating_add(interval_s);
        }
        let source = match self.time {
            Time::Manual { step_s, .. } => head_s.saturating_add(step_s),
            Time::System => machine_s(),
        };
        let shifted = i128::from(source).saturating_add(self.ahead_s);
        u64::try_from(shifted.clamp(0, i128::from(u64::MAX)))
            .unwrap_or(u64::MAX)
            .max(head_s)
    }

    /// Takes the timestamp of a block on top of one at `head_s`.
    pub(crate) fn take(&mut self, head_s: u64) -> u64 {
        let timestamp_s = self.peek(head_s);
        match self.time {
            // The shift is now part of the head.
            Time::Manual { .. } => self.ahead_s = 0,
            // Time goes on from a timestamp that was asked for.
            Time::System if self.next_s.is_some() => {
                self.ahead_s = i128::from(timestamp_s).saturating_sub(i128::from(machine_s()));
            }
            Time::System => {}
        }
        self.next_s = None;
        timestamp_s
    }

    /// Lets `seconds` pass. Returns the seconds by which the chain is now ahead of its source of time.
    pub(crate) fn advance(&mut self, seconds: u64) -> i128 {
        match &mut self.next_s {
            Some(next_s) => *next_s = next_s.saturating_add(seconds),
            None => self.ahead_s = self.ahead_s.saturating_add(i128::from(seconds)),
        }
        self.ahead_s
    }

    /// Gives the next block exactly this timestamp.
    pub(crate) fn set_next(&mut self, next_s: u64, head_s: u64) -> Result<(), TimeWentBack> {
        if next_s < head_s {
            return Err(TimeWentBack {
                asked_s: next_s,
                head_s,
            });
        }
        self.next_s = Some(next_s);
        Ok(())
    }

    /// Seconds ahead of the source of time, the next block's timestamp, and the seconds between blocks.
    pub(crate) fn parts(&self) -> (i128, Option<u64>, Option<u64>) {
        (self.ahead_s, self.next_s, self.interval_s)
    }

    /// Brings back what [`Self::parts`] gave.
    pub(crate) fn set_parts(
        &mut self,
        ahead_s: i128,
        next_s: Option<u64>,
        interval_s: Option<u64>,
    ) {
        (self.ahead_s, self.next_s, self.interval_s) = (ahead_s, next_s, interval_s);
    }

    /// Puts a fixed time between blocks, or takes it away.
    pub(crate) fn set_interval(&mut self, interval_s: Option<u64>) {
        self.interval_s = interval_s;
    }
}

fn machine_s() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO)
        .as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manual_time_moves_only_when_told() {
        let mut clock = Clock::new(Time::Manual {
            start_s: 100,
            step_s: 0,
        });
        let mut head = clock.genesis_s();
        assert_eq!(clock.take(head), 100);
        assert_eq!(clock.advance(30), 30);
        assert_eq!(clock.peek(head), 130);
        head = clock.take(head);
        assert_eq!((head, clock.take(head)), (130, 130), "a shift counts once");
        assert_eq!(
            clock.set_next(129, head),
            Err(TimeWentBack {
                asked_s: 129,
                head_s: 130
            })
        );
        assert_eq!(clock.set_next(500, head), Ok(()));
        clock.advance(7);
        head = clock.take(head);
        assert_eq!((head, clock.take(head)), (507, 507));
        clock.set_interval(Some(12));
        assert_eq!(clock.take(head), 519);
    }

    #[test]
    fn absurd_shifts_saturate() {
        let mut clock = Clock::new(Time::Manual {
            start_s: 100,
            step_s: u64::MAX,
        });
        for _ in 0..3 {
            clock.advance(u64::MAX);
        }
        assert_eq!(clock.take(100), u64::MAX);
        assert_eq!(clock.take(u64::MAX), u64::MAX);
    }
}
