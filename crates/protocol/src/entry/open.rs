//! The requests of one account that are open, in one word.
//!
//! A claim of ERC-7540 names no request: the entry takes the oldest one that can be paid. So it keeps for each account in which
//! epochs it asked, as bits after the oldest of them. A request that is older than the word reaches is forgotten here and nowhere else:
//! its ticket is claimed at the exits.

use alloy_primitives::U256;

use crate::clock::Epoch;

/// So many epochs fit, the oldest included: more than two and a half years of five days each.
pub const REMEMBERED_EPOCHS: u64 = 192;

/// Epochs with an open request. Without any, it is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenRequests {
    /// The oldest.
    first: Epoch,
    /// Bit k stands for epoch `first + k`; bit 0 is set, unless there is none.
    bits: U256,
}

impl OpenRequests {
    /// As a word says: `first · 2^192 + bits`.
    pub fn of_word(word: U256) -> Self {
        let [a, b, c, first] = word.into_limbs();
        Self {
            first,
            bits: U256::from_limbs([a, b, c, 0]),
        }
    }

    /// The word that [`Self::of_word`] reads.
    pub fn word(self) -> U256 {
        let [a, b, c, _] = self.bits.into_limbs();
        U256::from_limbs([a, b, c, self.first])
    }

    /// Adds an epoch, which is no older than those that are there; what is [`REMEMBERED_EPOCHS`] older is forgotten.
    #[must_use]
    pub fn with(self, epoch: Epoch) -> Self {
        if self.bits.is_zero() {
            return Self {
                first: epoch,
                bits: U256::ONE,
            };
        }
        let Some(offset) = epoch.checked_sub(self.first) else {
            return self;
        };
        let beyond = offset.saturating_sub(REMEMBERED_EPOCHS.saturating_sub(1));
        let kept = Self {
            first: self.first.saturating_add(beyond),
            bits: self.bits.wrapping_shr(saturated(beyond)),
        };
        let bit = U256::ONE.wrapping_shl(saturated(offset.saturating_sub(beyond)));
        Self {
            bits: kept.bits | bit,
            ..kept
        }
        .normal()
    }

    /// Takes an epoch away, if it is there.
    #[must_use]
    pub fn without(self, epoch: Epoch) -> Self {
        match epoch.checked_sub(self.first) {
            Some(offset) if offset < REMEMBERED_EPOCHS => {
                let bit = U256::ONE.wrapping_shl(saturated(offset));
                Self {
                    bits: self.bits & !bit,
                    ..self
                }
                .normal()
            }
            _ => self,
        }
    }

    /// The oldest epoch.
    pub fn oldest(self) -> Option<Epoch> {
        (!self.bits.is_zero()).then_some(self.first)
    }

    /// The epochs, the oldest first.
    pub fn iter(self) -> impl Iterator<Item = Epoch> {
        let mut left = self;
        core::iter::from_fn(move || {
            let oldest = left.oldest()?;
            left = left.without(oldest);
            Some(oldest)
        })
    }

    fn normal(self) -> Self {
        if self.bits.is_zero() {
            return Self::default();
        }
        let empty = self.bits.trailing_zeros();
        Self {
            first: self.first.saturating_add(empty as u64),
            bits: self.bits.wrapping_shr(empty),
        }
    }
}

/// As the length of a shift. Shifting 256 bits by so many or more leaves nothing.
fn saturated(bits: u64) -> usize {
    usize::try_from(bits).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a set: steps are how far the epoch moves on before a request, and which request then goes.
        #[test]
        fn open_requests_are_a_set_that_forgets_the_oldest(
            start in 0..=u64::MAX / 2,
            steps in prop::collection::vec((prop_oneof![0..3u64, 0..400u64, Just(1 << 40)], any::<u8>()), 1..60),
        ) {
            let (mut epoch, mut open, mut set) = (start, OpenRequests::default(), BTreeSet::new());
            for (later, gone) in steps {
                epoch += later;
                open = open.with(epoch);
                set.insert(epoch);
                let first = *set.first().unwrap();
                if epoch - first >= REMEMBERED_EPOCHS {
                    set.retain(|known| epoch - known < REMEMBERED_EPOCHS);
                }
                prop_assert_eq!(open.iter().collect::<Vec<_>>(), set.iter().copied().collect::<Vec<_>>());
                if gone % 2 == 0 {
                    let known = set.iter().nth(usize::from(gone) % set.len()).copied().unwrap();
                    set.remove(&known);
                    open = open.without(known).without(known);
                }
                open = open.without(epoch + 1);
                prop_assert_eq!(open.oldest(), set.first().copied());
                prop_assert_eq!(OpenRequests::of_word(open.word()), open);
                prop_assert_eq!(open.oldest().is_none(), open.word().is_zero());
            }
        }
    }
}
