//! Where the vault keeps what: one key for each storage word.

use alloy_primitives::{Address, U256};

use crate::clock::Epoch;
use crate::word::Place;

/// One storage word of the vault.
///
/// The order of the variants is the order of the kinds in [`VaultKey::slot`]: adding one at the end moves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VaultKey {
    /// [`Settings`](super::Settings).
    Settings,
    /// [`Head`](super::Head).
    Head,
    /// Shares of closed batches that are not yet paid; shares that bonds and cover hold.
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
    /// [`Performance`](super::Performance).
    Performance,
    /// Shares locked for all undecided requests that no exit has taken along.
    Cushions,
    /// [`Cushion`](super::Cushion) of a request.
    Cushion(u64),
    /// Shares tied to a batch under a request.
    Tied(Epoch, u64),
    /// Shares released to a batch.
    ReleasedShares(Epoch),
    /// [`Stream`](super::Stream) of an asset: wei a second, what is left.
    Stream(u8),
    /// What of the stream of an asset ends with the start of an epoch, wei a second.
    StreamEnd(u8, Epoch),
}

impl VaultKey {
    /// The storage slot of this word: no two keys share one.
    pub fn slot(self) -> U256 {
        let place = match self {
            Self::Settings => Place::new(1),
            Self::Head => Place::new(2),
            Self::Queue => Place::new(3),
            Self::Curve => Place::new(4),
            Self::Flow => Place::new(5),
            Self::Capacity => Place::new(6),
            Self::Asset(asset) => Place::new(7).index(asset),
            Self::Balance(asset) => Place::new(8).index(asset),
            Self::Unbonding(asset) => Place::new(9).index(asset),
            Self::Drip(asset) => Place::new(10).index(asset),
            Self::Aside(asset) => Place::new(11).index(asset),
            Self::Debt(asset) => Place::new(12).index(asset),
            Self::Batch(epoch) => Place::new(13).number(epoch),
            Self::Released(epoch, pair) => Place::new(14).index(pair).number(epoch),
            Self::HeldIds(epoch, quad) => Place::new(15).index(quad).number(epoch),
            Self::Held(epoch, id, pair) => Place::new(16).index(pair).number(epoch).id(id),
            Self::Undecided(quad) => Place::new(17).index(quad),
            Self::Contest(id) => Place::new(18).id(id),
            Self::Loss(id, asset) => Place::new(19).index(asset).id(id),
            Self::InstantHeld(id, pair) => Place::new(20).index(pair).id(id),
            Self::DueTo(asset, account) => Place::new(21).index(asset).account(account),
            // Kinds are given out in blocks to subjects that grow at the same time.
            Self::Performance => Place::new(48),
            Self::Stream(asset) => Place::new(49).index(asset),
            Self::StreamEnd(asset, epoch) => Place::new(50).index(asset).number(epoch),
            Self::Cushions => Place::new(22),
            Self::Cushion(id) => Place::new(23).id(id),
            Self::Tied(epoch, id) => Place::new(24).number(epoch).id(id),
            Self::ReleasedShares(epoch) => Place::new(25).number(epoch),
        };
        place.slot()
    }

    /// The asset whose row of the ledger this word belongs to, if it does.
    pub fn ledger_asset(self) -> Option<u8> {
        match self {
            Self::Balance(asset)
            | Self::Unbonding(asset)
            | Self::Drip(asset)
            | Self::Aside(asset)
            | Self::Debt(asset)
            | Self::Stream(asset) => Some(asset),
            _ => None,
        }
    }
}
