//! What the operations of bonds and cover need of their storage.

use alloy_primitives::{Address, U256};

use super::{
    Bond, CoverError, CoverKey, Drip, Joined, Joining, Leaving, Lock, Pool, PoolLock, Settings,
    Stake, Totals,
};
use crate::clock::Clock;
use crate::math::Overflow;
use crate::word::{field64, halves, word};

/// Most that a filing may stake, of the loss: a tenth.
pub const MAX_STAKE_BPS: u16 = 1_000;
/// Most that an operator may have to bond, of what it puts at risk: a third.
pub const MAX_BOND_BPS: u16 = 3_333;

/// Fixes the vault's time, what filings stake and what operators bond.
pub fn initialise<S: CoverStore + ?Sized>(
    store: &mut S,
    clock: &Clock,
    stake_bps: u16,
    bond_bps: u16,
) -> Result<(), CoverError> {
    if store.settings() != Settings::default() {
        return Err(CoverError::AlreadyInitialized);
    }
    for (bps, max_bps) in [(stake_bps, MAX_STAKE_BPS), (bond_bps, MAX_BOND_BPS)] {
        if bps > max_bps {
            return Err(CoverError::BpsTooHigh { bps, max_bps });
        }
    }
    let settings = Settings {
        clock: *clock,
        stake_bps,
        bond_bps,
    };
    store.save_checked(CoverKey::Settings, settings.to_word())?;
    Ok(())
}

/// Storage of bonds and cover, in words. A word that was never saved is zero.
pub trait CoverStore {
    /// The word at `key`.
    fn load(&self, key: CoverKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: CoverKey, word: U256);

    /// See [`Settings`].
    fn settings(&self) -> Settings {
        Settings::from_word(self.load(CoverKey::Settings))
    }
    /// See [`Totals`].
    fn totals(&self) -> Totals {
        Totals::from_word(self.load(CoverKey::Totals))
    }
    /// See [`Totals`].
    fn set_totals(&mut self, totals: Totals) {
        self.save(CoverKey::Totals, totals.to_word());
    }
    /// See [`Bond`].
    fn bond(&self, operator: Address) -> Bond {
        Bond::from_word(self.load(CoverKey::Bond(operator)))
    }
    /// See [`Bond`].
    fn set_bond(&mut self, operator: Address, bond: Bond) {
        self.save(CoverKey::Bond(operator), bond.to_word());
    }
    /// [`CoverKey::Unbonding`] or [`CoverKey::Notice`].
    fn leaving(&self, key: CoverKey) -> Leaving {
        Leaving::from_word(self.load(key))
    }
    /// [`CoverKey::Unbonding`] or [`CoverKey::Notice`].
    fn set_leaving(&mut self, key: CoverKey, leaving: Leaving) -> Result<(), Overflow> {
        self.save_checked(key, leaving.to_word())
    }
    /// See [`Pool`].
    fn pool(&self) -> Pool {
        Pool::from_word(self.load(CoverKey::Pool))
    }
    /// See [`Pool`].
    fn set_pool(&mut self, pool: Pool) -> Result<(), Overflow> {
        self.save_checked(CoverKey::Pool, pool.to_word())
    }
    /// See [`PoolLock`].
    fn pool_lock(&self) -> PoolLock {
        PoolLock::from_word(self.load(CoverKey::PoolLock))
    }
    /// See [`PoolLock`].
    fn set_pool_lock(&mut self, lock: PoolLock) -> Result<(), Overflow> {
        self.save_checked(CoverKey::PoolLock, lock.to_word())
    }
    /// See [`Joining`].
    fn joining(&self) -> Joining {
        Joining::from_word(self.load(CoverKey::Joining))
    }
    /// See [`Joining`].
    fn set_joining(&mut self, joining: Joining) -> Result<(), Overflow> {
        self.save_checked(CoverKey::Joining, joining.to_word())
    }
    /// See [`Joined`].
    fn joined(&self, round: u32) -> Joined {
        Joined::from_word(self.load(CoverKey::Joined(round)))
    }
    /// See [`Joined`].
    fn set_joined(&mut self, round: u32, joined: Joined) -> Result<(), Overflow> {
        self.save_checked(CoverKey::Joined(round), joined.to_word())
    }
    /// See [`Drip`].
    fn drip(&self) -> Drip {
        Drip::from_word(self.load(CoverKey::Drip))
    }
    /// See [`Drip`].
    fn set_drip(&mut self, drip: Drip) -> Result<(), Overflow> {
        self.save_checked(CoverKey::Drip, drip.to_word())
    }
    /// Units of a member with their generation, or shares joining with their round.
    fn numbered(&self, key: CoverKey) -> (u128, u32) {
        let [amount, high] = halves(self.load(key));
        (amount, field64(high, 0, 32) as u32)
    }
    /// Units of a member with their generation, or shares joining with their round.
    fn set_numbered(&mut self, key: CoverKey, amount: u128, number: u32) {
        let number = if amount == 0 { 0 } else { number };
        self.save(key, word(amount, number.into()));
    }
    /// See [`Stake`].
    fn stake(&self, service: u32) -> Stake {
        Stake::from_word(self.load(CoverKey::Stake(service)))
    }
    /// See [`Stake`].
    fn set_stake(&mut self, service: u32, stake: Stake) {
        self.save(CoverKey::Stake(service), stake.to_word());
    }
    /// Forfeited stakes, not yet surrendered.
    fn forfeited(&self) -> u128 {
        let [shares, _] = halves(self.load(CoverKey::Forfeited));
        shares
    }
    /// Forfeited stakes, not yet surrendered.
    fn set_forfeited(&mut self, shares: u128) {
        self.save(CoverKey::Forfeited, word(shares, 0));
    }
    /// See [`Lock`]; `None` if the request has locked nothing or is decided.
    fn lock(&self, id: u64) -> Option<Lock> {
        let parties = self.load(CoverKey::LockParties(id));
        (!parties.is_zero()).then(|| Lock::from_words(self.load(CoverKey::Lock(id)), parties))
    }
    /// See [`Lock`]; `None` forgets it.
    fn set_lock(&mut self, id: u64, lock: Option<Lock>) -> Result<(), Overflow> {
        let (shares, parties) = match lock {
            Some(lock) => lock.to_words().ok_or(Overflow)?,
            None => (U256::ZERO, U256::ZERO),
        };
        self.save(CoverKey::Lock(id), shares);
        self.save(CoverKey::LockParties(id), parties);
        Ok(())
    }

    /// Saves a record whose fields fit their bits.
    fn save_checked(&mut self, key: CoverKey, word: Option<U256>) -> Result<(), Overflow> {
        self.save(key, word.ok_or(Overflow)?);
        Ok(())
    }
}
