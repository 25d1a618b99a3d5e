//! What the rewards need of their storage.

use alloy_primitives::{Address, U256};

use super::{Auction, Commission, Lot, RewardsKey};
use crate::math::Overflow;
use crate::word::{halves, word};

/// Storage of the rewards, in words. A word that was never saved is zero.
pub trait RewardsStore {
    /// The word at `key`.
    fn load(&self, key: RewardsKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: RewardsKey, word: U256);

    /// See [`Commission`].
    fn commission(&self, operator: Address) -> Commission {
        Commission::from_word(self.load(RewardsKey::Commission(operator)))
    }
    /// See [`Commission`].
    fn set_commission(&mut self, operator: Address, to: Commission) -> Result<(), Overflow> {
        let word = to.to_word().ok_or(Overflow)?;
        self.save(RewardsKey::Commission(operator), word);
        Ok(())
    }
    /// An amount that has a word of its own: [`RewardsKey::Earned`] or [`RewardsKey::Waiting`].
    fn amount(&self, key: RewardsKey) -> u128 {
        let [amount, _] = halves(self.load(key));
        amount
    }
    /// An amount that has a word of its own: [`RewardsKey::Earned`] or [`RewardsKey::Waiting`].
    fn set_amount(&mut self, key: RewardsKey, amount: u128) {
        self.save(key, word(amount, 0));
    }
    /// See [`Auction`].
    fn auction(&self, token: Address) -> Auction {
        Auction::from_words(
            self.load(RewardsKey::Prices(token)),
            self.load(RewardsKey::Sizes(token)),
            self.load(RewardsKey::Pace(token)),
        )
    }
    /// See [`Auction`].
    fn set_auction(&mut self, token: Address, auction: Auction) -> Result<(), Overflow> {
        let [prices, sizes, pace] = auction.to_words().ok_or(Overflow)?;
        self.save(RewardsKey::Prices(token), prices);
        self.save(RewardsKey::Sizes(token), sizes);
        self.save(RewardsKey::Pace(token), pace);
        Ok(())
    }
    /// See [`Lot`].
    fn lot(&self, token: Address) -> Lot {
        Lot::from_word(self.load(RewardsKey::Lot(token)))
    }
    /// See [`Lot`].
    fn set_lot(&mut self, token: Address, lot: Lot) -> Result<(), Overflow> {
        let word = lot.to_word().ok_or(Overflow)?;
        self.save(RewardsKey::Lot(token), word);
        Ok(())
    }
}
