//! What the vault's operations need of their storage.

use alloy_primitives::{Address, U256};

use super::{
    Aside, AssetTerms, Balance, Batch, Closed, Contest, Curve, Cushion, Debt, Flow, Head, Loss,
    Performance, Settings, Settled, Stream, VaultKey,
};
use crate::clock::Epoch;
use crate::math::Overflow;
use crate::units::{Amounts, MAX_ASSETS, MAX_UNDECIDED, get, set};
use crate::word::{halves, word};

/// Storage of a vault, in words; and who is told of the steps of a sync.
///
/// A word that was never saved is zero. The rest of the trait is the typed view of these words.
pub trait VaultStore {
    /// The word at `key`.
    fn load(&self, key: VaultKey) -> U256;
    /// Replaces the word at `key`.
    fn save(&mut self, key: VaultKey, word: U256);
    /// An epoch was closed.
    fn closed(&mut self, notice: &Closed);
    /// A batch was paid, in full or in part.
    fn settled(&mut self, notice: &Settled);

    /// See [`Settings`].
    fn settings(&self) -> Settings {
        Settings::from_word(self.load(VaultKey::Settings))
    }
    /// See [`Settings`].
    fn set_settings(&mut self, settings: Settings) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Settings, settings.to_word())
    }
    /// See [`Head`].
    fn head(&self) -> Head {
        Head::from_word(self.load(VaultKey::Head))
    }
    /// See [`Head`].
    fn set_head(&mut self, head: Head) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Head, head.to_word())
    }
    /// Shares of closed batches that are not yet paid.
    fn queued(&self) -> u128 {
        let [queued, _] = halves(self.load(VaultKey::Queue));
        queued
    }
    /// Shares of closed batches that are not yet paid.
    fn set_queued(&mut self, queued: u128) {
        self.save(VaultKey::Queue, word(queued, self.burnable()));
    }
    /// Shares that bonds and cover hold: the most that slashes could burn.
    fn burnable(&self) -> u128 {
        let [_, burnable] = halves(self.load(VaultKey::Queue));
        burnable
    }
    /// Shares that bonds and cover hold: the most that slashes could burn.
    fn set_burnable(&mut self, burnable: u128) {
        self.save(VaultKey::Queue, word(self.queued(), burnable));
    }
    /// Shares locked for all undecided requests that no exit has taken along.
    fn cushions(&self) -> u128 {
        let [open, _] = halves(self.load(VaultKey::Cushions));
        open
    }
    /// Shares locked for all undecided requests that no exit has taken along.
    fn set_cushions(&mut self, open: u128) {
        self.save(VaultKey::Cushions, word(open, 0));
    }
    /// See [`Cushion`].
    fn cushion(&self, id: u64) -> Cushion {
        Cushion::from_word(self.load(VaultKey::Cushion(id)))
    }
    /// See [`Cushion`].
    fn set_cushion(&mut self, id: u64, cushion: Cushion) {
        self.save(VaultKey::Cushion(id), cushion.to_word());
    }
    /// Shares at `key`: [`VaultKey::Tied`] or [`VaultKey::ReleasedShares`].
    fn shares_at(&self, key: VaultKey) -> u128 {
        let [shares, _] = halves(self.load(key));
        shares
    }
    /// Shares at `key`: [`VaultKey::Tied`] or [`VaultKey::ReleasedShares`].
    fn set_shares_at(&mut self, key: VaultKey, shares: u128) {
        self.save(key, word(shares, 0));
    }
    /// See [`Curve`].
    fn curve(&self) -> Curve {
        Curve::from_word(self.load(VaultKey::Curve))
    }
    /// See [`Curve`].
    fn set_curve(&mut self, curve: Curve) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Curve, curve.to_word())
    }
    /// See [`Flow`].
    fn flow(&self) -> Flow {
        Flow::from_word(self.load(VaultKey::Flow))
    }
    /// See [`Flow`].
    fn set_flow(&mut self, flow: Flow) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Flow, flow.to_word())
    }
    /// See [`Performance`].
    fn performance(&self) -> Performance {
        Performance::from_word(self.load(VaultKey::Performance))
    }
    /// See [`Performance`].
    fn set_performance(&mut self, performance: Performance) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Performance, performance.to_word())
    }
    /// The allocator's capacity M as the vault last heard of it, and its scale.
    fn capacity(&self) -> (u64, u8) {
        let [capacity, scale] = halves(self.load(VaultKey::Capacity));
        (capacity as u64, scale as u8)
    }
    /// The allocator's capacity M as the vault last heard of it, and its scale.
    fn set_capacity(&mut self, capacity: u64, scale: u8) {
        self.save(VaultKey::Capacity, word(capacity.into(), scale.into()));
    }
    /// See [`AssetTerms`].
    fn asset_terms(&self, asset: u8) -> AssetTerms {
        AssetTerms::from_word(self.load(VaultKey::Asset(asset)))
    }
    /// See [`AssetTerms`].
    fn set_asset_terms(&mut self, asset: u8, terms: AssetTerms) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Asset(asset), terms.to_word())
    }
    /// See [`Balance`].
    fn balance(&self, asset: u8) -> Balance {
        Balance::from_word(self.load(VaultKey::Balance(asset)))
    }
    /// See [`Balance`].
    fn set_balance(&mut self, asset: u8, balance: Balance) {
        self.save(VaultKey::Balance(asset), balance.to_word());
    }
    /// Unbonding stake of even and of odd epochs.
    fn unbonding(&self, asset: u8) -> [u128; 2] {
        halves(self.load(VaultKey::Unbonding(asset)))
    }
    /// Unbonding stake of even and of odd epochs.
    fn set_unbonding(&mut self, asset: u8, [even, odd]: [u128; 2]) {
        self.save(VaultKey::Unbonding(asset), word(even, odd));
    }
    /// What vests until the start of the next even and of the next odd epoch.
    fn drip(&self, asset: u8) -> [u128; 2] {
        halves(self.load(VaultKey::Drip(asset)))
    }
    /// What vests until the start of the next even and of the next odd epoch.
    fn set_drip(&mut self, asset: u8, [even, odd]: [u128; 2]) {
        self.save(VaultKey::Drip(asset), word(even, odd));
    }
    /// See [`Stream`].
    fn stream(&self, asset: u8) -> Stream {
        let [rate, left] = halves(self.load(VaultKey::Stream(asset)));
        Stream { rate, left }
    }
    /// See [`Stream`].
    fn set_stream(&mut self, asset: u8, Stream { rate, left }: Stream) {
        self.save(VaultKey::Stream(asset), word(rate, left));
    }
    /// What of the streams of an asset ends with the start of an epoch, wei a second.
    fn stream_end(&self, asset: u8, epoch: Epoch) -> u128 {
        let [rate, _] = halves(self.load(VaultKey::StreamEnd(asset, epoch)));
        rate
    }
    /// What of the streams of an asset ends with the start of an epoch, wei a second.
    fn set_stream_end(&mut self, asset: u8, epoch: Epoch, rate: u128) {
        self.save(VaultKey::StreamEnd(asset, epoch), word(rate, 0));
    }
    /// See [`Aside`].
    fn aside(&self, asset: u8) -> Aside {
        Aside::from_word(self.load(VaultKey::Aside(asset)))
    }
    /// See [`Aside`].
    fn set_aside(&mut self, asset: u8, aside: Aside) {
        self.save(VaultKey::Aside(asset), aside.to_word());
    }
    /// See [`Debt`].
    fn debt(&self, asset: u8) -> Debt {
        Debt::from_word(self.load(VaultKey::Debt(asset)))
    }
    /// See [`Debt`].
    fn set_debt(&mut self, asset: u8, debt: Debt) {
        self.save(VaultKey::Debt(asset), debt.to_word());
    }
    /// See [`Batch`].
    fn batch(&self, epoch: Epoch) -> Batch {
        Batch::from_word(self.load(VaultKey::Batch(epoch)))
    }
    /// See [`Batch`].
    fn set_batch(&mut self, epoch: Epoch, batch: Batch) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Batch(epoch), batch.to_word())
    }
    /// See [`Contest`].
    fn contest(&self, id: u64) -> Contest {
        Contest::from_word(self.load(VaultKey::Contest(id)))
    }
    /// See [`Contest`].
    fn set_contest(&mut self, id: u64, contest: Contest) -> Result<(), Overflow> {
        self.save_checked(VaultKey::Contest(id), contest.to_word())
    }
    /// See [`Loss`].
    fn loss(&self, id: u64, asset: u8) -> Loss {
        Loss::from_word(self.load(VaultKey::Loss(id, asset)))
    }
    /// See [`Loss`].
    fn set_loss(&mut self, id: u64, asset: u8, loss: Loss) {
        self.save(VaultKey::Loss(id, asset), loss.to_word());
    }
    /// Slashed and not yet pulled, of an asset by an account.
    fn due_to(&self, asset: u8, account: Address) -> u128 {
        let [due, _] = halves(self.load(VaultKey::DueTo(asset, account)));
        due
    }
    /// Slashed and not yet pulled, of an asset by an account.
    fn set_due_to(&mut self, asset: u8, account: Address, due: u128) {
        self.save(VaultKey::DueTo(asset, account), word(due, 0));
    }

    /// The amounts of `assets` assets, two a word, at the keys that `key` gives for 0, 1, ….
    fn amounts(&self, assets: u8, key: &dyn Fn(u8) -> VaultKey) -> Amounts {
        let mut amounts = [0; MAX_ASSETS];
        for pair in 0..assets.div_ceil(2) {
            let [low, high] = halves(self.load(key(pair)));
            let asset = pair.saturating_mul(2);
            set(&mut amounts, asset, low);
            set(&mut amounts, asset.saturating_add(1), high);
        }
        amounts
    }
    /// Saves what [`VaultStore::amounts`] loads.
    fn set_amounts(&mut self, assets: u8, amounts: &Amounts, key: &dyn Fn(u8) -> VaultKey) {
        for pair in 0..assets.div_ceil(2) {
            let asset = pair.saturating_mul(2);
            let high = get(amounts, asset.saturating_add(1));
            self.save(key(pair), word(get(amounts, asset), high));
        }
    }
    /// `count` request ids, four a word, at the keys that `key` gives for 0, 1, ….
    fn ids(&self, count: u8, key: &dyn Fn(u8) -> VaultKey) -> Ids {
        let mut ids = Ids::default();
        for quad in 0u8..(MAX_UNDECIDED / 4) as u8 {
            for id in self.load(key(quad)).into_limbs() {
                if ids.count >= count {
                    return ids;
                }
                ids.push(id);
            }
        }
        ids
    }
    /// Saves what [`VaultStore::ids`] loads.
    fn set_ids(&mut self, ids: &Ids, key: &dyn Fn(u8) -> VaultKey) {
        for (quad, four) in (0u8..).zip(ids.as_slice().chunks(4)) {
            let mut limbs = [0; 4];
            for (limb, id) in limbs.iter_mut().zip(four) {
                *limb = *id;
            }
            self.save(key(quad), U256::from_limbs(limbs));
        }
    }

    /// Saves a record whose fields fit their bits.
    fn save_checked(&mut self, key: VaultKey, word: Option<U256>) -> Result<(), Overflow> {
        self.save(key, word.ok_or(Overflow)?);
        Ok(())
    }
}

/// At most [`MAX_UNDECIDED`] request ids.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    ids: [u64; MAX_UNDECIDED],
    count: u8,
}

impl Ids {
    /// The ids.
    pub fn as_slice(&self) -> &[u64] {
        self.ids.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// How many there are.
    pub fn count(&self) -> u8 {
        self.count
    }

    /// Adds `id`; whether there was room.
    pub(crate) fn push(&mut self, id: u64) -> bool {
        match self.ids.get_mut(usize::from(self.count)) {
            Some(place) => {
                *place = id;
                self.count = self.count.saturating_add(1);
                true
            }
            None => false,
        }
    }

    /// Removes `id`; the last one takes its place.
    pub(crate) fn remove(&mut self, id: u64) {
        let last = self.as_slice().last().copied().unwrap_or(0);
        let used = self.ids.iter_mut().take(usize::from(self.count));
        if let Some(place) = used.into_iter().find(|place| **place == id) {
            *place = last;
            self.count = self.count.saturating_sub(1);
        }
    }
}
