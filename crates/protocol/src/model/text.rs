//! Stories as text, to keep those that failed once: calls and configurations are read back from what `{:?}` prints of them.

use alloy_primitives::{Address, B64, U256};

use super::{AssetConfig, Config, Op, SecondConfig, SourceConfig};
use crate::allocator::Limits;
use crate::clock::Clock;
use crate::hub::Terms;
use crate::rates::{Bounds, Guard};
use crate::vault::{Curve, DepositLimits, FeeSplit, Pause, RedeemLimits};

/// A text that is not what `{:?}` prints of a value of this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What should have come next.
    pub expected: &'static str,
    /// What came; empty at the end.
    pub found: String,
}

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected {}, found {:?}", self.expected, self.found)
    }
}

/// The words of a text; brackets of lists are words, other punctuation only separates.
#[derive(Clone, Debug)]
pub struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn new(text: &'a str) -> Self {
        Self(text)
    }

    fn next(&mut self) -> &'a str {
        let text = self
            .0
            .trim_start_matches(|c: char| c.is_whitespace() || "{}(),:".contains(c));
        let is_bracket = text.starts_with(['[', ']']);
        let end = text.find(|c: char| c.is_whitespace() || "{}(),:[]".contains(c));
        let end = if is_bracket {
            1
        } else {
            end.unwrap_or(text.len())
        };
        let (word, rest) = text.split_at(end);
        self.0 = rest;
        word
    }

    fn expect(&mut self, expected: &'static str) -> Result<(), Unreadable> {
        let found = self.next();
        if found == expected {
            return Ok(());
        }
        Err(unreadable(expected, found))
    }

    /// The value of the field that comes next.
    pub(super) fn field<T: Read>(&mut self, name: &'static str) -> Result<T, Unreadable> {
        self.expect(name)?;
        T::read(self)
    }

    /// The word that comes next, to be looked up.
    pub(super) fn name(&mut self) -> &'a str {
        self.next()
    }
}

pub(super) fn unreadable(expected: &'static str, found: &str) -> Unreadable {
    Unreadable {
        expected,
        found: found.to_owned(),
    }
}

/// A value that can be read back.
pub trait Read: Sized {
    /// Reads it from the words that come next.
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable>;
}

/// Reads a value from what `{:?}` prints of it.
pub fn read<T: Read>(text: &str) -> Result<T, Unreadable> {
    let mut words = Words::new(text);
    let value = T::read(&mut words)?;
    words.expect("")?;
    Ok(value)
}

macro_rules! parsed {
    ($($type:ty),*) => {
        $(impl Read for $type {
            fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
                let word = words.next();
                word.parse().map_err(|_| unreadable(stringify!($type), word))
            }
        })*
    };
}
parsed!(bool, u8, u16, u32, u64, u128, U256, Address, B64);

/// Structs by their fields; a field that is missing here does not compile.
macro_rules! fields {
    ($($type:ident { $($field:ident),* })*) => {
        $(impl Read for $type {
            fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
                words.expect(stringify!($type))?;
                Ok(Self { $($field: words.field(stringify!($field))?),* })
            }
        })*
    };
}
fields! {
    Op { caller, call }
    DepositLimits { min_shares, min_floor_rate_wad, deadline_s }
    RedeemLimits { min_amount, deadline_s }
    Limits { service_bps, operator_bps, group_bps, worst_bps }
    Curve { base_bps, kink_bps, limit_bps, kink_value, limit_value, window_s }
    FeeSplit { cover_bps, operators_bps }
    Terms { slasher, resolver, reward_manager, sink, veto_window_s, max_wad }
    Clock { genesis_s, epoch_s, grace_s }
    Bounds { max_drop_wad, max_growth_per_day_wad }
    SourceConfig { rate_wad, bounds, guard, margin_wad, second }
    SecondConfig { rate_wad, margin_wad }
    AssetConfig { cap, deposit_fee_bps, source }
    Config { clock, idle_target_bps, fee_bps, curve, increase_delay_s, stake_bps, bond_bps, assets, governor, guardian, curator }
}

impl<T: Read> Read for Option<T> {
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
        match words.next() {
            "Some" => T::read(words).map(Some),
            "None" => Ok(None),
            other => Err(unreadable("Some or None", other)),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
        words.expect("[")?;
        let mut values = Self::new();
        loop {
            let mut ahead = words.clone();
            if ahead.next() == "]" {
                *words = ahead;
                return Ok(values);
            }
            values.push(T::read(words)?);
        }
    }
}

impl<T: Read + Copy + Default, const N: usize> Read for [T; N] {
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
        words.expect("[")?;
        let mut values = [T::default(); N];
        for value in &mut values {
            *value = T::read(words)?;
        }
        words.expect("]")?;
        Ok(values)
    }
}

impl Read for Pause {
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
        match words.next() {
            "Deposits" => Ok(Self::Deposits),
            "Instant" => Ok(Self::Instant),
            other => Err(unreadable("what is paused", other)),
        }
    }
}

impl Read for Guard {
    fn read(words: &mut Words<'_>) -> Result<Self, Unreadable> {
        match words.next() {
            "Absent" => Ok(Self::Absent),
            "Silent" => Ok(Self::Silent),
            "Price" => U256::read(words).map(Self::Price),
            other => Err(unreadable("a guard", other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_version_printed_is_refused() {
        let printed =
            "Op { caller: 0x0000000000000000000000000000000000000001, call: Veto { id: 3 } }";
        assert!(read::<Op>(printed).is_ok());
        for (was, is) in [
            ("Veto", "Vetoes"),
            ("id: 3", "id: x"),
            ("id: 3", "number: 3"),
            ("} }", "} } Op"),
            ("0x", "0y"),
            ("Op {", "{"),
        ] {
            let text = printed.replacen(was, is, 1);
            assert!(read::<Op>(&text).is_err(), "{text}");
        }
        assert!(read::<Vec<u8>>("[1, 2").is_err());
        assert_eq!(
            read::<Vec<Option<u8>>>("[Some(1), None]"),
            Ok(vec![Some(1), None])
        );
    }
}
