//! The vault's records, one storage word each.
//!
//! `to_word` answers `None` when a field has outgrown its bits, so that no field can ever spill into another.

use alloy_primitives::U256;

use crate::allocator::lifted;
use crate::clock::{Clock, Epoch};
use crate::word::{field, field64, halves, put, word};

/// What the vault was initialised with, and what changes by a privileged call only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The vault's time.
    pub clock: Clock,
    /// Number of listed assets.
    pub assets: u8,
    /// Part of each asset that is kept idle for instant redemption.
    pub idle_target_bps: u16,
    /// Deposits are paused until then, Unix seconds.
    pub deposits_paused_until_s: u64,
    /// How long the last pause of deposits was, seconds.
    pub deposits_pause_s: u64,
    /// Part of a gain above the mark that is taken as a performance fee.
    pub fee_bps: u16,
    /// The high-water mark of the rate: no fee below it.
    pub hwm_wad: u64,
}

impl Settings {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            clock: Clock {
                genesis_s: field64(low, 0, 40),
                epoch_s: field64(low, 40, 32),
                grace_s: field64(low, 72, 32),
            },
            assets: field64(high, 124, 4) as u8,
            idle_target_bps: field64(low, 104, 13) as u16,
            deposits_paused_until_s: field64(high, 0, 40),
            deposits_pause_s: field64(high, 40, 20),
            fee_bps: field64(low, 117, 11) as u16,
            hwm_wad: field64(high, 60, 64),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 40, self.clock.genesis_s.into())?;
        let low = put(low, 40, 32, self.clock.epoch_s.into())?;
        let low = put(low, 72, 32, self.clock.grace_s.into())?;
        let low = put(low, 104, 13, self.idle_target_bps.into())?;
        let low = put(low, 117, 11, self.fee_bps.into())?;
        let high = put(0, 0, 40, self.deposits_paused_until_s.into())?;
        let high = put(high, 40, 20, self.deposits_pause_s.into())?;
        let high = put(high, 60, 64, self.hwm_wad.into())?;
        let high = put(high, 124, 4, self.assets.into())?;
        Some(word(low, high))
    }
}

/// What nearly every call reads: the supply, how far epochs are processed, and which other words are worth reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// All shares, those in batches included.
    pub supply: u128,
    /// Epochs before this one are closed; it is the open one after a sync.
    pub closed: Epoch,
    /// Unbonding stake of epochs before this one has become idle.
    pub matured: Epoch,
    /// Batches of epochs before this one are paid in full.
    pub settled: Epoch,
    /// Up to when drips have vested, Unix seconds; means nothing while none is live.
    pub vested_s: u64,
    /// Number of undecided slash requests.
    pub undecided: u8,
    /// Bit i: asset i has something unvested.
    pub dripping: u8,
    /// Whether any asset has unbonding stake of even epochs, of odd epochs.
    pub unbonding: [bool; 2],
    /// The batch `settled` could not be paid in full when last tried: wait for the next maturity.
    pub stalled: bool,
    /// The rolling net outflow is not zero.
    pub flowing: bool,
    /// Deposits, allocations and staking have stopped for good.
    pub retired: bool,
    /// Whether any asset has a stream.
    pub streaming: bool,
}

impl Head {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        let flag = |at| field(high, at, 1) != 0;
        Self {
            supply: field(low, 0, 96),
            closed: field64(low, 96, 32),
            matured: field64(high, 0, 32),
            settled: field64(high, 32, 32),
            vested_s: field64(high, 64, 40),
            undecided: field64(high, 104, 8) as u8,
            dripping: field64(high, 112, 8) as u8,
            unbonding: [flag(120), flag(121)],
            stalled: flag(122),
            flowing: flag(123),
            retired: flag(124),
            streaming: flag(125),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.supply)?;
        let low = put(low, 96, 32, self.closed.into())?;
        let high = put(0, 0, 32, self.matured.into())?;
        let high = put(high, 32, 32, self.settled.into())?;
        let high = put(high, 64, 40, self.vested_s.into())?;
        let high = put(high, 104, 8, self.undecided.into())?;
        let high = put(high, 112, 8, self.dripping.into())?;
        let [even, odd] = self.unbonding;
        let high = put(high, 120, 1, even.into())?;
        let high = put(high, 121, 1, odd.into())?;
        let high = put(high, 122, 1, self.stalled.into())?;
        let high = put(high, 123, 1, self.flowing.into())?;
        let high = put(high, 124, 1, self.retired.into())?;
        let high = put(high, 125, 1, self.streaming.into())?;
        Some(word(low, high))
    }
}

/// The terms on which an asset is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AssetTerms {
    /// Most that a deposit may raise the total of the asset to.
    pub cap: u128,
    /// Part of a deposit that buys no shares.
    pub deposit_fee_bps: u16,
    /// No more deposits, for ever.
    pub delisted: bool,
    /// Raises of the cap before this epoch are counted from `cap_before`.
    pub next_raise: Epoch,
    /// The cap before the first raise of the epoch that had the last one.
    pub cap_before: u128,
}

impl AssetTerms {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            cap: field(low, 0, 96),
            deposit_fee_bps: field64(low, 96, 16) as u16,
            delisted: field64(low, 112, 1) == 1,
            next_raise: field64(high, 96, 32),
            cap_before: field(high, 0, 96),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.cap)?;
        let low = put(low, 96, 16, self.deposit_fee_bps.into())?;
        let low = put(low, 112, 1, self.delisted.into())?;
        let high = put(0, 96, 32, self.next_raise.into())?;
        Some(word(low, put(high, 0, 96, self.cap_before)?))
    }
}

/// The marginal fee on instant redemption over the rolling net outflow: `base_bps` at none, `kink_bps` at `kink_value`,
/// `limit_bps` at `limit_value`, straight in between. All zero: no instant redemption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Curve {
    /// Marginal fee at no outflow.
    pub base_bps: u16,
    /// Marginal fee at the kink.
    pub kink_bps: u16,
    /// Marginal fee at the limit.
    pub limit_bps: u16,
    /// Where the slope changes, ETH wei.
    pub kink_value: u128,
    /// The outflow may not exceed this, ETH wei.
    pub limit_value: u128,
    /// An outflow of `limit_value` is forgotten in this time, a smaller one in proportion sooner, seconds.
    pub window_s: u64,
}

impl Curve {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            base_bps: field64(low, 96, 16) as u16,
            kink_bps: field64(low, 112, 16) as u16,
            limit_bps: field64(high, 96, 12) as u16,
            kink_value: field(high, 0, 96),
            limit_value: field(low, 0, 96),
            window_s: field64(high, 108, 20),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.limit_value)?;
        let low = put(low, 96, 16, self.base_bps.into())?;
        let low = put(low, 112, 16, self.kink_bps.into())?;
        let high = put(0, 0, 96, self.kink_value)?;
        let high = put(high, 96, 12, self.limit_bps.into())?;
        let high = put(high, 108, 20, self.window_s.into())?;
        Some(word(low, high))
    }
}

/// The rolling net outflow of instant redemption, and its pause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// ETH wei at `at_s`.
    pub outflow: u128,
    /// Unix seconds.
    pub at_s: u64,
    /// Instant redemption is paused until then, Unix seconds.
    pub paused_until_s: u64,
    /// How long its last pause was, seconds.
    pub pause_s: u64,
}

impl Flow {
    pub(crate) fn from_word(source: U256) -> Self {
        let [outflow, high] = halves(source);
        Self {
            outflow,
            at_s: field64(high, 0, 40),
            paused_until_s: field64(high, 40, 40),
            pause_s: field64(high, 80, 20),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let high = put(0, 0, 40, self.at_s.into())?;
        let high = put(high, 40, 40, self.paused_until_s.into())?;
        let high = put(high, 80, 20, self.pause_s.into())?;
        Some(word(self.outflow, high))
    }
}

/// The performance fee's rarer half; the rate and the mark are in [`Settings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Performance {
    /// Fee shares that wait to be split; the vault holds them.
    pub uncollected: u128,
    /// From this epoch on the fee may rise again.
    pub next_rise: Epoch,
    /// How fee shares are split.
    pub split: FeeSplit,
}

/// How fee shares are split; the treasury has the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSplit {
    /// To the junior tranche.
    pub cover_bps: u16,
    /// To the operators.
    pub operators_bps: u16,
}

impl Performance {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            uncollected: field(low, 0, 96),
            next_rise: field64(low, 96, 32),
            split: FeeSplit {
                cover_bps: field64(high, 0, 16) as u16,
                operators_bps: field64(high, 16, 16) as u16,
            },
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.uncollected)?;
        let low = put(low, 96, 32, self.next_rise.into())?;
        let high = put(0, 0, 16, self.split.cover_bps.into())?;
        let high = put(high, 16, 16, self.split.operators_bps.into())?;
        Some(word(low, high))
    }
}

/// The exit batch of an epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// All shares that entered it and were not cancelled.
    pub shares: u128,
    /// Of these, the shares that were paid and burned.
    pub filled: u128,
    /// Requests in the batch's list of held claims.
    pub helds: u8,
    /// Whether shares were released to it.
    pub has_shares: bool,
}

impl Batch {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, high] = halves(source);
        Self {
            shares: field(low, 0, 96),
            filled: field(high, 0, 96),
            helds: field64(low, 96, 8) as u8,
            has_shares: field(low, 104, 1) != 0,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.shares)?;
        let low = put(low, 96, 8, self.helds.into())?;
        let low = put(low, 104, 1, self.has_shares.into())?;
        Some(word(low, put(0, 0, 96, self.filled)?))
    }
}

/// What became of a slash request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// The vault never heard of it.
    #[default]
    Unknown,
    /// Contested.
    Undecided,
    /// Taken.
    Executed,
    /// Vetoed or lapsed.
    Lifted,
}

/// A slash request as the vault knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contest {
    /// What became of it.
    pub verdict: Verdict,
    /// Magnitude Δ that it takes.
    pub delta: u64,
    /// The scale of it.
    pub scale: u8,
}

impl Contest {
    /// Δ in units of `scale`, which is none before its own.
    pub(crate) fn delta_at(&self, scale: u8) -> u64 {
        lifted(self.delta, scale.saturating_sub(self.scale))
    }

    pub(crate) fn from_word(source: U256) -> Self {
        let [low, _] = halves(source);
        Self {
            verdict: match field64(low, 0, 8) {
                1 => Verdict::Undecided,
                2 => Verdict::Executed,
                3 => Verdict::Lifted,
                _ => Verdict::Unknown,
            },
            delta: field64(low, 8, 64),
            scale: field64(low, 72, 8) as u8,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let verdict = match self.verdict {
            Verdict::Unknown => 0,
            Verdict::Undecided => 1,
            Verdict::Executed => 2,
            Verdict::Lifted => 3,
        };
        let low = put(verdict, 8, 64, self.delta.into())?;
        Some(word(put(low, 72, 8, self.scale.into())?, 0))
    }
}

/// Two amounts that share a word.
macro_rules! pair {
    ($(#[$meta:meta])* $name:ident { $(#[$low_meta:meta])* $low:ident, $(#[$high_meta:meta])* $high:ident }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name {
            $(#[$low_meta])*
            pub $low: u128,
            $(#[$high_meta])*
            pub $high: u128,
        }

        impl $name {
            pub(crate) fn from_word(source: U256) -> Self {
                let [$low, $high] = halves(source);
                Self { $low, $high }
            }

            pub(crate) fn to_word(self) -> U256 {
                word(self.$low, self.$high)
            }
        }
    };
}

pair! {
    /// An asset in the vault.
    Balance {
        /// Not slashable.
        idle,
        /// Secures services, slashable.
        staked
    }
}
pair! {
    /// What of an asset slash requests concern.
    Aside {
        /// Set aside for exits under undecided requests; not in the NAV.
        held,
        /// What undecided requests will take and is not yet held; in the NAV.
        contested
    }
}
pair! {
    /// What of an asset belongs to others; not in the NAV.
    Debt {
        /// To settled exits.
        owed,
        /// Slashed, to the sinks of services.
        due
    }
}
pair! {
    /// A request's claim on an asset.
    Loss {
        /// What execution takes, fixed at filing.
        loss,
        /// What exits under the request have left for it.
        held
    }
}
pair! {
    /// Shares of bonds and cover that stand behind a request.
    Cushion {
        /// Burn if it is executed.
        open,
        /// Go to tickets of batches that settled under the request if it is executed.
        tied
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_comes_back_from_a_full_word() {
        let settings = Settings {
            clock: Clock {
                genesis_s: (1 << 40) - 1,
                epoch_s: (1 << 32) - 2,
                grace_s: (1 << 32) - 3,
            },
            assets: 15,
            idle_target_bps: 8_190,
            deposits_paused_until_s: (1 << 40) - 5,
            deposits_pause_s: (1 << 20) - 6,
            fee_bps: 2_046,
            hwm_wad: u64::MAX - 7,
        };
        assert_eq!(settings.to_word().map(Settings::from_word), Some(settings));
        let head = Head {
            supply: (1 << 96) - 1,
            closed: (1 << 32) - 2,
            matured: (1 << 32) - 3,
            settled: (1 << 32) - 4,
            vested_s: (1 << 40) - 5,
            undecided: 16,
            dripping: 0b1010_0101,
            unbonding: [true, false],
            stalled: true,
            flowing: false,
            retired: true,
            streaming: true,
        };
        assert_eq!(head.to_word().map(Head::from_word), Some(head));
        let curve = Curve {
            base_bps: 5,
            kink_bps: 900,
            limit_bps: 1_000,
            kink_value: (1 << 96) - 1,
            limit_value: (1 << 96) - 2,
            window_s: 86_400 * 7,
        };
        assert_eq!(curve.to_word().map(Curve::from_word), Some(curve));
        let batch = Batch {
            shares: (1 << 96) - 1,
            filled: (1 << 96) - 2,
            helds: 16,
            has_shares: true,
        };
        assert_eq!(batch.to_word().map(Batch::from_word), Some(batch));
        let contest = Contest {
            verdict: Verdict::Lifted,
            delta: u64::MAX,
            scale: 255,
        };
        assert_eq!(contest.to_word().map(Contest::from_word), Some(contest));
        let terms = AssetTerms {
            cap: (1 << 96) - 1,
            deposit_fee_bps: 500,
            delisted: true,
            next_raise: (1 << 32) - 1,
            cap_before: (1 << 96) - 2,
        };
        assert_eq!(terms.to_word().map(AssetTerms::from_word), Some(terms));
        let flow = Flow {
            outflow: u128::MAX,
            at_s: (1 << 40) - 1,
            paused_until_s: (1 << 40) - 2,
            pause_s: (1 << 20) - 3,
        };
        assert_eq!(flow.to_word().map(Flow::from_word), Some(flow));
        let performance = Performance {
            uncollected: (1 << 96) - 1,
            next_rise: (1 << 32) - 2,
            split: FeeSplit {
                cover_bps: 9_999,
                operators_bps: 65_535,
            },
        };
        assert_eq!(
            performance.to_word().map(Performance::from_word),
            Some(performance)
        );
    }

    #[test]
    fn a_field_that_outgrew_its_bits_is_refused() {
        let supply = Head {
            supply: 1 << 96,
            ..Head::default()
        };
        assert_eq!(supply.to_word(), None);
        let epoch = Head {
            closed: 1 << 32,
            ..Head::default()
        };
        assert_eq!(epoch.to_word(), None);
    }
}
