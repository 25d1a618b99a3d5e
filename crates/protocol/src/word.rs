//! Storage words: 256 bits as two halves of 128, and the slots that they live at.

use alloy_primitives::{Address, U256};

/// The low and the high half.
pub(crate) fn halves(word: U256) -> [u128; 2] {
    let [a, b, c, d] = word.into_limbs();
    [join(a, b), join(c, d)]
}

/// The word of a low and a high half.
pub(crate) fn word(low: u128, high: u128) -> U256 {
    let [a, b] = split(low);
    let [c, d] = split(high);
    U256::from_limbs([a, b, c, d])
}

/// The `bits` bits of `half` from bit `at` on.
pub(crate) fn field(half: u128, at: u32, bits: u32) -> u128 {
    let above = 128u32.saturating_sub(bits);
    half.checked_shr(at)
        .and_then(|shifted| shifted.checked_shl(above))
        .and_then(|shifted| shifted.checked_shr(above))
        .unwrap_or(0)
}

/// The `bits` bits of `half` from bit `at` on, at most 64.
pub(crate) fn field64(half: u128, at: u32, bits: u32) -> u64 {
    field(half, at, bits) as u64
}

/// Adds `value` to `half` as `bits` bits from bit `at` on; `None` if it does not fit there.
pub(crate) fn put(half: u128, at: u32, bits: u32, value: u128) -> Option<u128> {
    if field(value, 0, bits) != value {
        return None;
    }
    Some(half | value.checked_shl(at)?)
}

/// A slot, `kind · 2^248 + index · 2^240 + number · 2^160 + low`: no two places of one contract share one, and none meets
/// the small slots that a compiler hands out, because kinds start at 1.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub kind: u8,
    pub index: u8,
    pub number: u64,
    /// The lowest 160 bits.
    pub low: (u128, u32),
}

impl Place {
    pub fn new(kind: u8) -> Self {
        Self {
            kind,
            index: 0,
            number: 0,
            low: (0, 0),
        }
    }

    pub fn index(self, index: u8) -> Self {
        Self { index, ..self }
    }

    pub fn number(self, number: u64) -> Self {
        Self { number, ..self }
    }

    pub fn id(self, id: u64) -> Self {
        Self {
            low: (id.into(), 0),
            ..self
        }
    }

    pub fn account(self, account: Address) -> Self {
        let [low, middle] = halves(U256::from_be_bytes(account.into_word().0));
        Self {
            low: (low, middle as u32),
            ..self
        }
    }

    pub fn slot(self) -> U256 {
        let (low, middle) = self.low;
        let high = u128::from(self.kind) << 120
            | u128::from(self.index) << 112
            | u128::from(self.number) << 32
            | u128::from(middle);
        word(low, high)
    }
}

fn join(low: u64, high: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

fn split(half: u128) -> [u64; 2] {
    [half as u64, (half >> 64) as u64]
}
