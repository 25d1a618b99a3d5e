//! Amounts on the command line and in sentences.

use std::str::FromStr;

use alloy::primitives::U256;
use weir_deployment::amount::{AmountError, format_wad, format_wad_short, parse_wad};

/// An amount as typed: `1.5`, `1500000000000000000wei` or `all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// So many wei.
    Wei(U256),
    /// Everything there is.
    All,
}

impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        if let Some(digits) = text.strip_suffix("wei") {
            let digits = digits.trim_end().replace('_', "");
            let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
            let wei = is_number
                .then(|| U256::from_str_radix(&digits, 10).ok())
                .flatten();
            return wei
                .map(Self::Wei)
                .ok_or_else(|| format!("`{text}` is not a whole number of wei"));
        }
        parse_wad(text)
            .map(Self::Wei)
            .map_err(|error: AmountError| error.to_string())
    }
}

impl Amount {
    /// Nothing.
    pub const NONE: Self = Self::Wei(U256::ZERO);

    /// The amount meant, where `all` is everything.
    pub fn of(self, all: U256) -> U256 {
        match self {
            Self::Wei(wei) => wei,
            Self::All => all,
        }
    }
}

/// A percentage as typed, in basis points: `5`, `12.5`, `0.05%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(pub u64);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const WAD_PER_BPS: U256 = U256::from_limbs([10_000_000_000_000_000, 0, 0, 0]);
        let digits = text.trim_end_matches(['%', ' ']);
        let (bps, rest) = parse_wad(digits)
            .map_err(|error| error.to_string())?
            .div_rem(WAD_PER_BPS);
        if !rest.is_zero() || bps > U256::from(10_000) {
            return Err(format!(
                "`{text}` is not a percentage from 0 to 100 with at most two digits after the dot"
            ));
        }
        Ok(Self(u64::try_from(bps).unwrap_or_default()))
    }
}

impl Percent {
    /// Basis points, as contracts take them.
    pub fn bps(self) -> U256 {
        U256::from(self.0)
    }

    /// The part of 1e18.
    pub const fn wad(self) -> u64 {
        self.0.saturating_mul(100_000_000_000_000)
    }
}

/// Digits after the dot in tables and sentences; JSON has every wei.
const PLACES: usize = 4;

/// An amount for a table: `1,234.5678`, and `-` for nothing.
pub fn cell(amount: U256) -> String {
    if amount.is_zero() {
        "-".to_owned()
    } else {
        short(amount)
    }
}

/// An amount for a table or a sentence, rounded down: `1,234.5678`. What would round to nothing gets more digits, and less than
/// a billionth is shown in wei.
pub fn short(amount: U256) -> String {
    let below = |places: usize| amount < U256::from(10).pow(U256::from(18 - places));
    if amount.is_zero() || !below(PLACES) {
        return format_wad_short(amount, PLACES);
    }
    if below(2 * PLACES + 1) {
        return format!("{amount} wei");
    }
    let first = (PLACES + 1..18).find(|places| !below(*places));
    format_wad_short(amount, first.unwrap_or(18) + 1)
}

/// A rate for a sentence, with more digits than an amount: `1.048250`.
pub fn rate(rate_wad: U256) -> String {
    format_wad_short(rate_wad, 6)
}

/// An amount without loss, for sentences that can be typed back.
pub fn exact(amount: U256) -> String {
    format_wad(amount)
}

/// Basis points as a percentage: `0.05 %`.
pub fn percent(bps: U256) -> String {
    let (whole, rest) = bps.div_rem(U256::from(100));
    if rest.is_zero() {
        format!("{whole} %")
    } else {
        format!("{whole}.{:0>2} %", rest.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_they_are_typed() {
        let half = U256::from(1_500_000_000_000_000_000_u64);
        assert_eq!("1.5".parse(), Ok(Amount::Wei(half)));
        assert_eq!("1500000000000000000wei".parse(), Ok(Amount::Wei(half)));
        assert_eq!("1_500 wei".parse(), Ok(Amount::Wei(U256::from(1_500))));
        assert_eq!("ALL".parse(), Ok(Amount::All));
        for wrong in ["", "-1", "1.5wei", "wei", "1e18", "0x1", "1,5", "1,000"] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn percentages_are_basis_points() {
        assert_eq!("12.5".parse(), Ok(Percent(1_250)));
        assert_eq!("0.05 %".parse(), Ok(Percent(5)));
        assert_eq!("100".parse::<Percent>().unwrap().wad(), 10_u64.pow(18));
        for wrong in ["100.01", "0.001", "-1", "ten", ""] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn dust_is_never_shown_as_nothing() {
        assert_eq!(cell(U256::ZERO), "-");
        assert_eq!(short(U256::from(7)), "7 wei");
        assert_eq!(short(U256::from(999_999_999)), "999999999 wei");
        assert_eq!(short(U256::from(1_000_000_000)), "0.0000000010");
        assert_eq!(short(U256::from(50_125_000_000_000_u64)), "0.000050");
        assert_eq!(short(U256::from(100_000_000_000_000_u64)), "0.0001");
        assert_eq!(
            short(U256::from(1_234_567_800_000_000_000_000_u128)),
            "1,234.5678"
        );
        assert_eq!(percent(U256::from(5)), "0.05 %");
        assert_eq!(percent(U256::from(1_000)), "10 %");
    }
}
