//! Where what is kept: two words for the contract, five for each asset.
//!
//! An asking for all rates reads the head and, for each asset that has a source, two words, with a guard three, and one more
//! of those that are suspicious and have a second source.

use alloy_primitives::{Address, FixedBytes, U256};
use stylus_sdk::host::VM;
use weir_protocol::rates::{Accepted, Bounds};
use weir_shell::{call, slots};

/// Gas that a source or a guard may use, so that it cannot make a call fail: an oracle behind a proxy uses a third.
const ASK_GAS: u64 = 150_000;

/// Bounds are kept in parts of a billion.
const WAD_PER_PPB: u64 = 1_000_000_000;

/// See [`Head`].
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
    Second = 4,
}

/// A view without arguments, and a number kept in the same word.
#[derive(Clone, Copy)]
pub struct View {
    pub target: Address,
    pub selector: FixedBytes<4>,
    pub number: u64,
}

impl View {
    /// No view.
    pub const NONE: Self = Self {
        target: Address::ZERO,
        selector: FixedBytes::ZERO,
        number: 0,
    };

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
    pub has_second: bool,
}

impl Feed {
    /// Without a second source; nothing if the bounds are finer than they can be kept.
    pub fn new(view: View, bounds: Bounds, has_guard: bool) -> Option<Self> {
        let is_kept = bounds.max_drop_wad.is_multiple_of(WAD_PER_PPB)
            && bounds.max_growth_per_day_wad.is_multiple_of(WAD_PER_PPB);
        is_kept.then_some(Self {
            view,
            bounds,
            has_guard,
            has_second: false,
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
            has_guard: view.number >> 60 & 1 == 1,
            has_second: view.number >> 61 == 1,
            view,
        }
    }

    fn to_word(&self) -> U256 {
        let drop_ppb = self.bounds.max_drop_wad / WAD_PER_PPB;
        let growth_ppb = self.bounds.max_growth_per_day_wad / WAD_PER_PPB;
        let flags = u64::from(self.has_second) << 61 | u64::from(self.has_guard) << 60;
        let number = flags | drop_ppb << 30 | growth_ppb;
        View {
            number,
            ..self.view
        }
        .to_word()
    }
}

fn slot(index: u64, word: Word) -> U256 {
    U256::from_limbs([index << 3 | word as u64, 1, 0, 0])
}

/// What every call reads first, one word.
#[derive(Clone, Copy)]
pub struct Head {
    pub vault: Address,
    /// Number of assets.
    pub count: u64,
    /// Bit i says that asset i has a source; the others are always worth one ETH.
    pub sourced: u64,
}

impl Head {
    pub fn load(vm: &VM) -> Self {
        let word = slots::load(vm, HEAD);
        let [_, _, high, sourced] = word.into_limbs();
        Self {
            vault: slots::address(word),
            count: high >> 32,
            sourced,
        }
    }

    pub fn save(&self, vm: &VM) {
        let [low, middle, high, _] = slots::of_address(self.vault).into_limbs();
        let high = high | self.count << 32;
        slots::save(
            vm,
            HEAD,
            U256::from_limbs([low, middle, high, self.sourced]),
        );
    }

    /// How the rate of asset `index` is found; nothing if it is always one ETH.
    pub fn feed(&self, vm: &VM, index: u64) -> Option<Feed> {
        let has_source = self.sourced >> index & 1 == 1;
        has_source.then(|| Feed::from_word(slots::load(vm, slot(index, Word::Source))))
    }

    /// The place of an asset in the vault's order.
    pub fn index(&self, vm: &VM, asset: Address) -> Option<u64> {
        (0..self.count).find(|index| token(vm, *index) == asset)
    }
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

pub fn set_feed(vm: &VM, index: u64, feed: &Feed) {
    slots::save(vm, slot(index, Word::Source), feed.to_word());
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

/// What may confirm the answers of asset `index`; its number is the margin out of 1e18.
pub fn second(vm: &VM, index: u64) -> View {
    View::from_word(slots::load(vm, slot(index, Word::Second)))
}

pub fn set_second(vm: &VM, index: u64, second: View) {
    slots::save(vm, slot(index, Word::Second), second.to_word());
}
