//! What the protocol's views would answer now.

use alloy_primitives::Address;

use super::Model;
use crate::allocator::{Allocation, AllocatorStore, Capacity};
use crate::clock::Epoch;
use crate::cover::{self, CoverError, Position};
use crate::exits::{self, Ticket};
use crate::hub::{HubError, HubStore, Request};
use crate::units::{Amounts, MAX_ASSETS};
use crate::vault::{
    self, Batch, Head, Health, Ledger, Overlay, ReleaseSummary, Released, Valuation, VaultError,
    VaultStore,
};

/// The vault in one answer, as if synced now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Supply, epochs, undecided requests.
    pub head: Head,
    /// The row of each asset.
    pub ledgers: Vec<Ledger>,
    /// Shares of closed batches that are not yet paid.
    pub queued: u128,
    /// ETH per share.
    pub rate_wad: u128,
    /// ETH per share if every undecided slash is executed.
    pub floor_rate_wad: u128,
    /// The mark of the performance fee, as if what is due were taken.
    pub hwm_wad: u64,
    /// Fee shares that wait to be collected, those that are due included.
    pub fee_shares: u128,
    /// ETH wei · WAD, unfloored.
    pub valuation: Valuation,
}

impl Model {
    /// The vault in one answer, as if synced now. An epoch that a sync cannot finish is an error.
    pub fn state(&self) -> Result<State, VaultError> {
        self.as_if_synced(|vault| {
            let (quotes, _) = self.quotes();
            let valuation = vault::valuation(vault, &quotes)?;
            let hwm_wad = vault.settings().hwm_wad;
            let uncollected = vault.performance().uncollected;
            Ok(State {
                hwm_wad: hwm_wad.max(valuation.fee.hwm_wad),
                fee_shares: uncollected.saturating_add(valuation.fee.shares),
                head: vault.head(),
                ledgers: (0..vault.settings().assets)
                    .map(|asset| vault::ledger(vault, asset))
                    .collect(),
                queued: vault.queued(),
                rate_wad: valuation.rate_wad()?,
                floor_rate_wad: valuation.floor_rate_wad()?,
                valuation,
            })
        })
    }

    /// What a lender may rely on, as if synced now.
    pub fn health(&self) -> Result<Health, VaultError> {
        let (quotes, kept) = self.quotes();
        let mut accepted_s = [0; MAX_ASSETS];
        let rows = accepted_s.iter_mut().zip(&kept).zip(&self.feeds);
        for ((to_s, kept), feed) in rows {
            *to_s = if feed.has_source {
                kept.at_s
            } else {
                self.now_s
            };
        }
        self.as_if_synced(|vault| Ok(vault::health(vault, &quotes, &accepted_s, self.now_s)?))
    }

    /// The batch of an epoch and what was released to it, as if synced now.
    pub fn batch(&self, epoch: Epoch) -> Result<(Batch, Released), VaultError> {
        self.as_if_synced(|vault| Ok((vault.batch(epoch), vault::released(vault, epoch)?)))
    }

    /// What `shares` of a batch may take now beyond `taken` and `taken_shares`, as if synced now.
    pub fn releasable(
        &self,
        epoch: Epoch,
        shares: u128,
        taken: &Amounts,
        taken_shares: u128,
    ) -> Result<ReleaseSummary, VaultError> {
        self.as_if_synced(|vault| vault::releasable(vault, epoch, shares, taken, taken_shares))
    }

    /// What a member of cover has, as of now.
    pub fn member(&self, member: Address) -> Result<Position, CoverError> {
        let mut synced = self.cover.clone();
        cover::sync(&mut synced, self.now_s)?;
        cover::position(&synced, member)
    }

    /// The ticket of `owner` in `epoch`, if there is one.
    pub fn ticket(&self, epoch: Epoch, owner: Address) -> Option<Ticket> {
        exits::ticket(&self.tickets, epoch, owner, self.assets()).ok()
    }

    /// A slash request.
    pub fn request_of(&self, id: u64) -> Result<Request, HubError> {
        self.hub.request(id)
    }

    /// The allocator's capacity.
    pub fn capacity(&self) -> Capacity {
        self.allocator.capacity()
    }

    /// The allocation of a service and an operator.
    pub fn allocation(&self, service: u32, operator: Address) -> Allocation {
        self.allocator.allocation(service, operator)
    }

    /// What `ask` answers about the vault as if synced now.
    pub fn as_if_synced<T>(
        &self,
        ask: impl FnOnce(&dyn VaultStore) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let mut synced = Overlay::new(&self.vault);
        let summary = vault::sync(&mut synced, self.now_s, vault::SYNC_STEPS)?;
        if !summary.done {
            return Err(VaultError::SyncPending {
                next_epoch: summary.next_epoch,
            });
        }
        ask(&synced)
    }
}
