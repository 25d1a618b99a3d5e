//! What the rewards need of their storage.

use alloy_primitives::{Address, U256};

use super::{Auction, Commission, Lot, RewardsKey, Stream};
use crate::clock::Epoch;
use crate::math::Overflow;
use crate::word::{halves, word};

/// Storage of the rewards, in words. A word that was never saved is zero.
pub trait RewardsStore {
    /// The word at `key`.
    fn load(&self, key: RewardsKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: RewardsKey, word: U256);

    /// See [`Stream`].
    fn stream(&self, asset: u8) -> Stream {
        Stream::from_word(self.load(RewardsKey::Stream(asset)))
    }
    /// See [`Stream`].
    fn set_stream(&mut self, asset: u8, stream: Stream) -> Result<(), Overflow> {
        let word = stream.to_word().ok_or(Overflow)?;
        self.save(RewardsKey::Stream(asset), word);
        Ok(())
    }
    /// What of the stream of an asset stops with an epoch.
    fn ends(&self, asset: u8, epoch: Epoch) -> u128 {
        self.amount(RewardsKey::Ends(asset, epoch))
    }
    /// What of the stream of an asset stops with an epoch.
    fn set_ends(&mut self, asset: u8, epoch: Epoch, amount: u128) {
        self.save(RewardsKey::Ends(asset, epoch), word(amount, 0));
    }
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
    /// Commission that waits for an operator.
    fn earned(&self, asset: u8, operator: Address) -> u128 {
        self.amount(RewardsKey::Earned(asset, operator))
    }
    /// Commission that waits for an operator.
    fn set_earned(&mut self, asset: u8, operator: Address, amount: u128) {
        self.save(RewardsKey::Earned(asset, operator), word(amount, 0));
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

    /// An amount that has a word of its own.
    fn amount(&self, key: RewardsKey) -> u128 {
        let [amount, _] = halves(self.load(key));
        amount
    }
}
