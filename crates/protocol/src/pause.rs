//! Pauses that end by themselves: at most [`MAX_PAUSE_S`] at a time, and then as long a rest as the pause was.

use crate::units::MAX_PAUSE_S;

/// The last pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paused {
    /// When it ends or ended, Unix seconds; 0 if there was none.
    pub until_s: u64,
    /// How long it lasts or lasted, seconds.
    pub length_s: u64,
}

/// Why a pause is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseError {
    /// It would be longer than a pause may be.
    TooLong {
        /// What was asked for, seconds.
        duration_s: u64,
        /// The most, seconds.
        max_s: u64,
    },
    /// The rest after the last pause is not over.
    CoolingDown {
        /// When it is, Unix seconds.
        until_s: u64,
    },
}

impl Paused {
    /// Pauses for `duration_s` from `now_s` on, or ends the pause with 0; answers the ends of the old and the new pause.
    pub fn set(&mut self, now_s: u64, duration_s: u64) -> Result<(u64, u64), PauseError> {
        if duration_s > MAX_PAUSE_S {
            return Err(PauseError::TooLong {
                duration_s,
                max_s: MAX_PAUSE_S,
            });
        }
        let old_until_s = self.until_s;
        if duration_s == 0 {
            // What was paused of it counts for the rest.
            let cut_s = self.until_s.saturating_sub(now_s);
            self.length_s = self.length_s.saturating_sub(cut_s);
            self.until_s = self.until_s.min(now_s);
        } else {
            let cool_s = self.until_s.saturating_add(self.length_s);
            if now_s < cool_s {
                return Err(PauseError::CoolingDown { until_s: cool_s });
            }
            self.until_s = now_s.saturating_add(duration_s);
            self.length_s = duration_s;
        }
        Ok((old_until_s, self.until_s))
    }
}
