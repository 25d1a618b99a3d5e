//! Where the vault keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::clock::Epoch;
use crate::word::{Low, slot};

/// One storage word of the vault.
///
/// The order of the variants is the order of the kinds in [`VaultKey::slot`]: adding one at the end moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VaultKey {
    /// [`Settings`](super::Settings).
    Settings,
    /// [`Head`](super::Head).
    Head,
    /// Shares of closed batches that are not yet paid.
    Queue,
    /// [`Curve`](super::Curve).
    Curve,
    /// [`Flow`](super::Flow).
    Flow,
    /// The allocator's capacity M as the vault last heard of it.
    Capacity,
    /// [`AssetTerms`](super::AssetTerms) of an asset.
    Asset(u8),
    /// [`Balance`](super::Balance) of an asset: idle, staked.
    Balance(u8),
    /// Unbonding stake of an asset: of even epochs, of odd epochs.
    Unbonding(u8),
    /// What vests into idle of an asset: until the start of the next even epoch, of the next odd epoch.
    Drip(u8),
    /// [`Aside`](super::Aside) of an asset: held, contested.
    Aside(u8),
    /// [`Debt`](super::Debt) of an asset: owed, due.
    Debt(u8),
    /// [`Batch`](super::Batch) of an epoch.
    Batch(Epoch),
    /// Released to a batch, two assets a word.
    Released(Epoch, u8),
    /// Requests with an undecided claim of a batch, four a word.
    HeldIds(Epoch, u8),
    /// Held for a batch under a request, two assets a word.
    Held(Epoch, u64, u8),
    /// Undecided requests, four a word.
    Undecided(u8),
    /// [`Contest`](super::Contest) of a request.
    Contest(u64),
    /// [`Loss`](super::Loss) of a request in an asset.
    Loss(u64, u8),
    /// Held for instant redemptions under a request, two assets a word.
    InstantHeld(u64, u8),
    /// Slashed and not yet pulled, of an asset by an account.
    DueTo(u8, Address),
}

impl VaultKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        match self {
            Self::Settings => slot(1, 0, 0, Low::Nothing),
            Self::Head => slot(2, 0, 0, Low::Nothing),
            Self::Queue => slot(3, 0, 0, Low::Nothing),
            Self::Curve => slot(4, 0, 0, Low::Nothing),
            Self::Flow => slot(5, 0, 0, Low::Nothing),
            Self::Capacity => slot(6, 0, 0, Low::Nothing),
            Self::Asset(asset) => slot(7, asset, 0, Low::Nothing),
            Self::Balance(asset) => slot(8, asset, 0, Low::Nothing),
            Self::Unbonding(asset) => slot(9, asset, 0, Low::Nothing),
            Self::Drip(asset) => slot(10, asset, 0, Low::Nothing),
            Self::Aside(asset) => slot(11, asset, 0, Low::Nothing),
            Self::Debt(asset) => slot(12, asset, 0, Low::Nothing),
            Self::Batch(epoch) => slot(13, 0, epoch, Low::Nothing),
            Self::Released(epoch, pair) => slot(14, pair, epoch, Low::Nothing),
            Self::HeldIds(epoch, quad) => slot(15, quad, epoch, Low::Nothing),
            Self::Held(epoch, id, pair) => slot(16, pair, epoch, Low::Id(id)),
            Self::Undecided(quad) => slot(17, quad, 0, Low::Nothing),
            Self::Contest(id) => slot(18, 0, 0, Low::Id(id)),
            Self::Loss(id, asset) => slot(19, asset, 0, Low::Id(id)),
            Self::InstantHeld(id, pair) => slot(20, pair, 0, Low::Id(id)),
            Self::DueTo(asset, account) => slot(21, asset, 0, Low::Account(account)),
        }
    }

    /// The asset whose row of the ledger this word belongs to, if it does.
    pub fn ledger_asset(self) -> Option<u8> {
        match self {
            Self::Balance(asset)
            | Self::Unbonding(asset)
            | Self::Drip(asset)
            | Self::Aside(asset)
            | Self::Debt(asset) => Some(asset),
            _ => None,
        }
    }
}
