//! A small deterministic source of randomness, so that a seed alone replays a story anywhere.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Copy, Debug)]
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// One of `0..bound`; 0 for an empty range.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.bits().checked_rem(bound).unwrap_or(0)
    }

    /// One of `0..=most`.
    pub fn up_to(&mut self, most: u128) -> u128 {
        let wide = u128::from(self.bits()) << 64 | u128::from(self.bits());
        match most.checked_add(1) {
            Some(bound) => wide.checked_rem(bound).unwrap_or(0),
            None => wide,
        }
    }

    /// True in `parts` of 100 cases.
    pub fn percent(&mut self, parts: u64) -> bool {
        self.below(100) < parts
    }

    /// One of the choices; the first, if there is only that.
    pub fn pick<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let count = (others.len() as u64).saturating_add(1);
        let place = self.below(count) as usize;
        place
            .checked_sub(1)
            .and_then(|place| others.get(place).copied())
            .unwrap_or(first)
    }

    /// An amount with something nasty about it: nothing, a wei, dust, a part or all of `balance`, one more than that, or
    /// far too much.
    pub fn amount(&mut self, balance: u128) -> u128 {
        match self.below(20) {
            0 => 0,
            1 => 1,
            2 => self.up_to(1_000),
            3 => balance,
            4 => balance.saturating_add(1),
            5 => self.pick(u128::MAX, &[1 << 96, (1 << 96) - 1, 1 << 127]),
            6 => balance.saturating_sub(1),
            7..=10 => self.up_to(balance / 50),
            _ => self.up_to(balance),
        }
    }
}
