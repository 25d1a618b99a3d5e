//! Amounts as people write them: decimal text to 18-decimal integers and back, exactly.

use alloy::primitives::U256;

/// Decimals of every amount Weir handles (assets with others are refused at listing).
pub const DECIMALS: usize = 18;

/// 1e18: one whole token, one ETH, or a rate of one.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Something that is not a digit, a dot or a separator.
    #[error("`{0}` is not a decimal number: write digits with at most one dot, for example 1.5")]
    NotANumber(String),
    /// A comma, which some read as a decimal point and others as a separator of thousands.
    #[error(
        "`{0}` has a comma, which could mean two things: write a dot before the decimals, and nothing between thousands"
    )]
    Comma(String),
    /// More digits after the dot than a token has.
    #[error("`{0}` has more than 18 digits after the dot, and a token has no smaller unit")]
    TooPrecise(String),
    /// Larger than 256 bits.
    #[error("`{0}` is too large for a 256-bit amount")]
    TooLarge(String),
}

/// Reads a decimal amount into its smallest unit (1e-18), with no rounding.
///
/// `_` may separate digits before the dot. Anything that would have to be rounded is refused.
///
/// ```
/// # use weir_deployment::amount::{parse_wad, WAD};
/// # use alloy::primitives::U256;
/// assert_eq!(parse_wad("1"), Ok(WAD));
/// assert_eq!(parse_wad("1_000.5"), Ok(WAD * U256::from(2001) / U256::from(2)));
/// assert!(parse_wad("0.0000000000000000001").is_err());
/// ```
pub fn parse_wad(text: &str) -> Result<U256, AmountError> {
    let bad = || AmountError::NotANumber(text.to_owned());
    if text.contains(',') {
        return Err(AmountError::Comma(text.to_owned()));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let has_dot = text.contains('.');
    if whole.is_empty() || (has_dot && fraction.is_empty()) {
        return Err(bad());
    }
    if !whole.starts_with(|c: char| c.is_ascii_digit())
        || !whole.ends_with(|c: char| c.is_ascii_digit())
    {
        return Err(bad());
    }
    if !whole.chars().all(|c| c.is_ascii_digit() || c == '_')
        || !fraction.chars().all(|c| c.is_ascii_digit())
    {
        return Err(bad());
    }
    if fraction.len() > DECIMALS {
        return Err(AmountError::TooPrecise(text.to_owned()));
    }
    let digits: String = whole
        .chars()
        .filter(char::is_ascii_digit)
        .chain(fraction.chars())
        .chain(std::iter::repeat_n('0', DECIMALS - fraction.len()))
        .collect();
    U256::from_str_radix(&digits, 10).map_err(|_| AmountError::TooLarge(text.to_owned()))
}

/// Writes an 18-decimal amount exactly, without needless zeros: `1500000000000000000` is `1.5`.
pub fn format_wad(amount: U256) -> String {
    let (whole, fraction) = split(amount);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        whole
    } else {
        format!("{whole}.{fraction}")
    }
}

/// Writes an 18-decimal amount rounded down to `places` digits, with `,` between thousands, for tables.
pub fn format_wad_short(amount: U256, places: usize) -> String {
    let (whole, fraction) = split(amount);
    let whole = group_thousands(&whole);
    match &fraction[..places.min(DECIMALS)] {
        "" => whole,
        shown => format!("{whole}.{shown}"),
    }
}

/// Puts `,` between groups of three digits.
pub fn group_thousands(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn split(amount: U256) -> (String, String) {
    let (whole, fraction) = amount.div_rem(WAD);
    (
        whole.to_string(),
        format!("{:0>DECIMALS$}", fraction.to_string()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_amount_round_trip() {
        for text in [
            "0",
            "1",
            "1.5",
            "0.000000000000000001",
            "123456789.000000001",
        ] {
            assert_eq!(format_wad(parse_wad(text).unwrap()), text);
        }
    }

    #[test]
    fn what_cannot_be_exact_is_refused() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "-1",
            "1e18",
            "1.2.3",
            "1.000_000",
            "_1",
            "0x10",
            " 1",
        ] {
            assert!(
                matches!(parse_wad(text), Err(AmountError::NotANumber(_))),
                "{text}"
            );
        }
        for text in ["1,5", "1,000", "1,000.5"] {
            assert!(
                matches!(parse_wad(text), Err(AmountError::Comma(_))),
                "{text}"
            );
        }
        assert!(matches!(
            parse_wad("0.0000000000000000001"),
            Err(AmountError::TooPrecise(_))
        ));
        assert!(matches!(
            parse_wad(&"9".repeat(80)),
            Err(AmountError::TooLarge(_))
        ));
    }

    #[test]
    fn short_form_rounds_down_and_groups() {
        let amount = parse_wad("1234567.99999").unwrap();
        assert_eq!(format_wad_short(amount, 4), "1,234,567.9999");
        assert_eq!(format_wad_short(amount, 0), "1,234,567");
        assert_eq!(format_wad_short(U256::ZERO, 2), "0.00");
    }
}
