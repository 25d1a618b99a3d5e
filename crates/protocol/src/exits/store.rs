//! What the tickets need of their storage.

use alloy_primitives::{Address, U256};

use super::TicketKey;
use crate::clock::Epoch;
use crate::units::{Amounts, MAX_ASSETS};
use crate::word::{halves, word};

/// Storage of tickets, in words. A word that was never saved is zero.
pub trait TicketStore {
    /// The word at `key`.
    fn load(&self, key: TicketKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: TicketKey, word: U256);

    /// Shares of `owner` in the batch of `epoch`, and the shares of bonds and cover that it has claimed.
    fn shares(&self, epoch: Epoch, owner: Address) -> [u128; 2] {
        halves(self.load(TicketKey::Shares(epoch, owner)))
    }
    /// Shares of `owner` in the batch of `epoch`, and the shares of bonds and cover that it has claimed.
    fn set_shares(&mut self, epoch: Epoch, owner: Address, [shares, taken]: [u128; 2]) {
        self.save(TicketKey::Shares(epoch, owner), word(shares, taken));
    }
    /// What `owner` has claimed of the batch of `epoch`, of the first `assets` assets.
    fn taken(&self, epoch: Epoch, owner: Address, assets: u8) -> Amounts {
        let mut taken = [0; MAX_ASSETS];
        for (pair, two) in (0..assets.div_ceil(2)).zip(taken.chunks_mut(2)) {
            two.copy_from_slice(&halves(self.load(TicketKey::Taken(epoch, owner, pair))));
        }
        taken
    }
    /// What `owner` has claimed of the batch of `epoch`; words that stay as they are, are not saved.
    fn set_taken(
        &mut self,
        epoch: Epoch,
        owner: Address,
        assets: u8,
        before: &Amounts,
        taken: &Amounts,
    ) {
        let words = taken.chunks(2).zip(before.chunks(2));
        for (pair, (two, old)) in (0..assets.div_ceil(2)).zip(words) {
            if let [low, high] = *two
                && two != old
            {
                self.save(TicketKey::Taken(epoch, owner, pair), word(low, high));
            }
        }
    }
}
