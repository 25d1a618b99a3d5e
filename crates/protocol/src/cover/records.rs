//! The records of bonds and cover, one or two storage words each.
//!
//! `to_word` answers `None` when a field has outgrown its bits, so that no field can ever spill into another.

use alloy_primitives::{Address, U256};

use crate::clock::{Clock, Epoch};
use crate::word::{field, field64, halves, put, word};

/// What the contract was initialised with, fixed for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The vault's time.
    pub clock: Clock,
    /// What a filing stakes, as a part of the loss that it asks for.
    pub stake_bps: u16,
    /// What an operator must have bonded, as a part of what it puts at risk.
    pub bond_bps: u16,
}

impl Settings {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, _] = halves(source);
        Self {
            clock: Clock {
                genesis_s: field64(low, 0, 40),
                epoch_s: field64(low, 40, 32),
                grace_s: field64(low, 72, 32),
            },
            stake_bps: field64(low, 104, 12) as u16,
            bond_bps: field64(low, 116, 12) as u16,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 40, self.clock.genesis_s.into())?;
        let low = put(low, 40, 32, self.clock.epoch_s.into())?;
        let low = put(low, 72, 32, self.clock.grace_s.into())?;
        let low = put(low, 104, 12, self.stake_bps.into())?;
        Some(word(put(low, 116, 12, self.bond_bps.into())?, 0))
    }
}

/// All shares that the contract accounts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bonds, cover, what joins it and what vests into it: what slashes may burn.
    pub burnable: u128,
    /// Stakes of services, locked and forfeited ones too.
    pub staked: u128,
}

impl Totals {
    pub(crate) fn from_word(source: U256) -> Self {
        let [burnable, staked] = halves(source);
        Self { burnable, staked }
    }

    pub(crate) fn to_word(self) -> U256 {
        word(self.burnable, self.staked)
    }
}

/// The bond of an operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bond {
    /// Shares.
    pub shares: u128,
    /// Of these, locked for undecided requests.
    pub locked: u128,
}

impl Bond {
    pub(crate) fn from_word(source: U256) -> Self {
        let [shares, locked] = halves(source);
        Self { shares, locked }
    }

    pub(crate) fn to_word(self) -> U256 {
        word(self.shares, self.locked)
    }
}

/// Shares of a bond, or units of cover, that have given notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// How much.
    pub amount: u128,
    /// The epoch of the notice.
    pub epoch: Epoch,
    /// Of units: their generation.
    pub generation: u32,
}

impl Leaving {
    pub(crate) fn from_word(source: U256) -> Self {
        let [amount, high] = halves(source);
        Self {
            amount,
            epoch: field64(high, 0, 32),
            generation: field64(high, 32, 32) as u32,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let high = put(0, 0, 32, self.epoch.into())?;
        Some(word(
            self.amount,
            put(high, 32, 32, self.generation.into())?,
        ))
    }
}

/// Cover: what its members hold together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// Shares.
    pub shares: u128,
    /// Units of all members.
    pub units: u128,
    /// Units of earlier generations are void: nearly all of their cover burned.
    pub generation: u32,
}

impl Pool {
    pub(crate) fn from_word(source: U256) -> Self {
        let [low, units] = halves(source);
        Self {
            shares: field(low, 0, 96),
            units,
            generation: field64(low, 96, 32) as u32,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let low = put(0, 0, 96, self.shares)?;
        Some(word(put(low, 96, 32, self.generation.into())?, self.units))
    }
}

/// What undecided requests lock of cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolLock {
    /// Shares.
    pub shares: u128,
    /// How many requests.
    pub count: u8,
    /// When the earliest of them was filed, or an earlier one that was undecided until a later was filed, Unix seconds.
    pub since_s: u64,
}

impl PoolLock {
    pub(crate) fn from_word(source: U256) -> Self {
        let [shares, high] = halves(source);
        Self {
            shares,
            count: field64(high, 0, 8) as u8,
            since_s: field64(high, 8, 40),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let high = put(0, 0, 8, self.count.into())?;
        Some(word(self.shares, put(high, 8, 40, self.since_s.into())?))
    }
}

/// Shares that will count as cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joining {
    /// Shares.
    pub shares: u128,
    /// They count from the epoch after this one on.
    pub epoch: Epoch,
    /// Number of the round of entries that they are.
    pub round: u32,
}

impl Joining {
    pub(crate) fn from_word(source: U256) -> Self {
        let [shares, high] = halves(source);
        Self {
            shares,
            epoch: field64(high, 0, 32),
            round: field64(high, 32, 32) as u32,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let high = put(0, 0, 32, self.epoch.into())?;
        Some(word(self.shares, put(high, 32, 32, self.round.into())?))
    }
}

/// What a round of entries became.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Shares that joined.
    pub shares: u128,
    /// Units that they became.
    pub units: u128,
    /// Of this generation.
    pub generation: u32,
}

impl Joined {
    pub(crate) fn from_word(source: U256) -> Self {
        let Pool {
            shares,
            units,
            generation,
        } = Pool::from_word(source);
        Self {
            shares,
            units,
            generation,
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        Pool {
            shares: self.shares,
            units: self.units,
            generation: self.generation,
        }
        .to_word()
    }
}

/// Fees that vest into cover, linearly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drip {
    /// Shares.
    pub unvested: u128,
    /// Vested up to then, Unix seconds.
    pub from_s: u64,
    /// Until then, Unix seconds.
    pub end_s: u64,
}

impl Drip {
    pub(crate) fn from_word(source: U256) -> Self {
        let [unvested, high] = halves(source);
        Self {
            unvested,
            from_s: field64(high, 0, 40),
            end_s: field64(high, 40, 40),
        }
    }

    pub(crate) fn to_word(self) -> Option<U256> {
        let high = put(0, 0, 40, self.from_s.into())?;
        Some(word(self.unvested, put(high, 40, 40, self.end_s.into())?))
    }
}

/// What a service may stake on its filings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stake {
    /// Shares that are free.
    pub free: u128,
    /// Shares locked for its undecided requests.
    pub locked: u128,
}

impl Stake {
    pub(crate) fn from_word(source: U256) -> Self {
        let [free, locked] = halves(source);
        Self { free, locked }
    }

    pub(crate) fn to_word(self) -> U256 {
        word(self.free, self.locked)
    }
}

/// What an undecided request has locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Shares of the operator's bond.
    pub from_bond: u128,
    /// Shares of cover.
    pub from_cover: u128,
    /// Shares that the service staked on it.
    pub stake: u128,
    /// The operator.
    pub operator: Address,
    /// The service.
    pub service: u32,
}

impl Lock {
    pub(crate) fn from_words(shares: U256, parties: U256) -> Self {
        let [low, high] = halves(shares);
        let [operator_low, parties_high] = halves(parties);
        let operator = word(operator_low, field(parties_high, 0, 32));
        Self {
            from_bond: field(low, 0, 96),
            from_cover: field(high, 0, 96),
            stake: field(parties_high, 32, 96),
            operator: Address::from_word(operator.into()),
            service: field64(low, 96, 32) as u32,
        }
    }

    pub(crate) fn to_words(self) -> Option<(U256, U256)> {
        let low = put(0, 0, 96, self.from_bond)?;
        let low = put(low, 96, 32, self.service.into())?;
        let high = put(0, 0, 96, self.from_cover)?;
        let [operator, middle] = halves(U256::from_be_bytes(self.operator.into_word().0));
        let parties = put(middle, 32, 96, self.stake)?;
        Some((word(low, high), word(operator, parties)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_comes_back_from_a_full_word() {
        let most = (1 << 96) - 1;
        let settings = Settings {
            clock: Clock {
                genesis_s: (1 << 40) - 1,
                epoch_s: (1 << 32) - 2,
                grace_s: (1 << 32) - 3,
            },
            stake_bps: 4_095,
            bond_bps: 4_094,
        };
        assert_eq!(settings.to_word().map(Settings::from_word), Some(settings));
        let leaving = Leaving {
            amount: u128::MAX,
            epoch: (1 << 32) - 1,
            generation: u32::MAX - 1,
        };
        assert_eq!(leaving.to_word().map(Leaving::from_word), Some(leaving));
        let pool = Pool {
            shares: most,
            units: u128::MAX,
            generation: u32::MAX - 1,
        };
        assert_eq!(pool.to_word().map(Pool::from_word), Some(pool));
        let locked = PoolLock {
            shares: most,
            count: 16,
            since_s: (1 << 40) - 1,
        };
        assert_eq!(locked.to_word().map(PoolLock::from_word), Some(locked));
        let joining = Joining {
            shares: most,
            epoch: (1 << 32) - 1,
            round: u32::MAX - 1,
        };
        assert_eq!(joining.to_word().map(Joining::from_word), Some(joining));
        let drip = Drip {
            unvested: most,
            from_s: (1 << 40) - 1,
            end_s: (1 << 40) - 2,
        };
        assert_eq!(drip.to_word().map(Drip::from_word), Some(drip));
        let lock = Lock {
            from_bond: most,
            from_cover: most - 1,
            stake: most - 2,
            operator: Address::repeat_byte(0xff),
            service: u32::MAX - 1,
        };
        let words = lock.to_words();
        assert_eq!(
            words.map(|(shares, parties)| Lock::from_words(shares, parties)),
            Some(lock)
        );
    }
}
