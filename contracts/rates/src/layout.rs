//! Where what is kept: two words for the contract, four for each asset.
//!
//! An asking for a rate reads the count and, for each asset that has a source, two words, with a guard three.

use alloy_primitives::{Address, FixedBytes, U256};
use stylus_sdk::host::VM;
use weir_protocol::rates::{Accepted, Bounds};
use weir_shell::{call, slots};

/// Gas that a source or a guard may use, so that it cannot make a call fail: an oracle behind a proxy uses a third.
const ASK_GAS: u64 = 150_000;

/// Bounds are kept in parts of a billion.
const WAD_PER_PPB: u64 = 1_000_000_000;

/// Vault in the low 160 bits, number of assets above.
const HEAD: U256 = U256::ZERO;
const GOVERNOR: U256 = U256::ONE;

/// A word of an asset.
#[derive(Clone, Copy)]
#[repr(u64)]
pub enum Word {
    Token = 0,
    Accepted = 1,
    Source = 2,
    Guard = 3,
}

/// A view without arguments, and a number kept in the same word.
#[derive(Clone, Copy)]
pub struct View {
    pub target: Address,
    pub selector: FixedBytes<4>,
    pub number: u64,
}

impl View {
    fn from_word(word: U256) -> Self {
        let [_, _, high, number] = word.into_limbs();
        Self {
            target: slots::address(word),
            selector: FixedBytes(((high >> 32) as u32).to_be_bytes()),
            number,
        }
    }

    fn to_word(self) -> U256 {
        let [low, middle, high, _] = slots::of_address(self.target).into_limbs();
        let selector = u64::from(u32::from_be_bytes(self.selector.0));
        U256::from_limbs([low, middle, high | selector << 32, self.number])
    }

    /// The word that it answers; nothing if it fails.
    pub fn ask(&self, vm: &VM) -> Option<U256> {
        call::word(vm, self.target, ASK_GAS, self.selector.as_slice())
    }
}

/// How the rate of an asset is found.
pub struct Feed {
    pub view: View,
    pub bounds: Bounds,
    pub has_guard: bool,
}

impl Feed {
    /// Nothing if the bounds are finer than they can be kept.
    pub fn new(view: View, bounds: Bounds, has_guard: bool) -> Option<Self> {
        let is_kept = bounds.max_drop_wad.is_multiple_of(WAD_PER_PPB)
            && bounds.max_growth_per_day_wad.is_multiple_of(WAD_PER_PPB);
        is_kept.then_some(Self {
            view,
            bounds,
            has_guard,
        })
    }

    fn from_word(word: U256) -> Self {
        let view = View::from_word(word);
        let ppb = |at: u32| (view.number >> at & 0x3fff_ffff).wrapping_mul(WAD_PER_PPB);
        Self {
            bounds: Bounds {
                max_drop_wad: ppb(30),
                max_growth_per_day_wad: ppb(0),
            },
            has_guard: view.number >> 60 == 1,
            view,
        }
    }

    fn to_word(&self) -> U256 {
        let drop_ppb = self.bounds.max_drop_wad / WAD_PER_PPB;
        let growth_ppb = self.bounds.max_growth_per_day_wad / WAD_PER_PPB;
        let number = u64::from(self.has_guard) << 60 | drop_ppb << 30 | growth_ppb;
        View {
            number,
            ..self.view
        }
        .to_word()
    }
}

fn slot(index: u64, word: Word) -> U256 {
    U256::from_limbs([index << 2 | word as u64, 1, 0, 0])
}

pub fn vault(vm: &VM) -> Address {
    slots::address(slots::load(vm, HEAD))
}

/// Number of assets.
pub fn count(vm: &VM) -> u64 {
    let [_, _, high, _] = slots::load(vm, HEAD).into_limbs();
    high >> 32
}

pub fn set_head(vm: &VM, vault: Address, count: u64) {
    let [low, middle, high, _] = slots::of_address(vault).into_limbs();
    slots::save(
        vm,
        HEAD,
        U256::from_limbs([low, middle, high | count << 32, 0]),
    );
}

pub fn governor(vm: &VM) -> Address {
    slots::address(slots::load(vm, GOVERNOR))
}

pub fn set_governor(vm: &VM, governor: Address) {
    slots::save(vm, GOVERNOR, slots::of_address(governor));
}

pub fn token(vm: &VM, index: u64) -> Address {
    slots::address(slots::load(vm, slot(index, Word::Token)))
}

pub fn set_token(vm: &VM, index: u64, token: Address) {
    slots::save(vm, slot(index, Word::Token), slots::of_address(token));
}

/// How the rate of asset `index` is found; nothing if it is always one ETH.
pub fn feed(vm: &VM, index: u64) -> Option<Feed> {
    let word = slots::load(vm, slot(index, Word::Source));
    (!word.is_zero()).then(|| Feed::from_word(word))
}

pub fn set_feed(vm: &VM, index: u64, feed: Option<&Feed>) {
    let word = feed.map_or(U256::ZERO, Feed::to_word);
    slots::save(vm, slot(index, Word::Source), word);
}

pub fn accepted(vm: &VM, index: u64) -> Accepted {
    Accepted::from_word(slots::load(vm, slot(index, Word::Accepted)))
}

pub fn set_accepted(vm: &VM, index: u64, accepted: Accepted) {
    // Times fit their 40 bits for 34,000 years.
    if let Some(word) = accepted.to_word() {
        slots::save(vm, slot(index, Word::Accepted), word);
    }
}

/// The market guard of asset `index`; its number is the margin out of 1e18.
pub fn guard(vm: &VM, index: u64) -> View {
    View::from_word(slots::load(vm, slot(index, Word::Guard)))
}

pub fn set_guard(vm: &VM, index: u64, guard: View) {
    slots::save(vm, slot(index, Word::Guard), guard.to_word());
}
