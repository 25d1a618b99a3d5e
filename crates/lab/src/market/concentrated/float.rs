//! The pool in floating point, for many paths: piecewise constant liquidity over sorted prices, no allocation in a swap.
//!
//! Prices are of token 0 in token 1; a swap moves `√p` by `Δ1/L` or `1/√p` by `Δ0/L` in each range it crosses.

use super::SwapError;

/// Liquidity between two prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower price, token 1 for token 0.
    pub lower: f64,
    /// Upper price.
    pub upper: f64,
    /// Liquidity L.
    pub liquidity: f64,
}

/// A pool of ranges with a fee on what is paid, kept apart from the liquidity.
#[derive(Clone, Debug, PartialEq)]
pub struct FloatPool {
    /// Square roots of the prices where liquidity changes, rising.
    edges: Vec<f64>,
    /// Liquidity between each edge and the next.
    depths: Vec<f64>,
    sqrt_price: f64,
    place: usize,
    fee: f64,
    earned: [f64; 2],
}

impl FloatPool {
    /// A pool of `ranges` at `price` with `fee`, a fraction of what is paid.
    ///
    /// # Errors
    /// No range, one without width, a number that is not finite or is negative, or a price where there is no liquidity.
    pub fn new(ranges: &[Range], price: f64, fee: f64) -> Result<Self, SwapError> {
        check("the price", price)?;
        check("the fee", fee)?;
        if fee >= 1.0 {
            let fee_pips = (fee * f64::from(super::step::FEE_DENOMINATOR)) as u32;
            return Err(SwapError::FeeTooHigh { fee_pips });
        }
        let mut edges = Vec::with_capacity(ranges.len() * 2);
        for range in ranges {
            check("the lower price of a range", range.lower)?;
            check("the upper price of a range", range.upper)?;
            check("the liquidity of a range", range.liquidity)?;
            if range.lower >= range.upper {
                let (lower, upper) = (range.lower, range.upper);
                return Err(SwapError::EmptyRange { lower, upper });
            }
            edges.extend([range.lower.sqrt(), range.upper.sqrt()]);
        }
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        let depth = |low: f64, high: f64| {
            let covers = |range: &&Range| range.lower.sqrt() <= low && high <= range.upper.sqrt();
            let sum: f64 = ranges
                .iter()
                .filter(covers)
                .map(|range| range.liquidity)
                .sum();
            sum
        };
        let depths: Vec<f64> = edges
            .windows(2)
            .map(|edge| depth(edge[0], edge[1]))
            .collect();
        let sqrt_price = price.sqrt();
        let place = edges.partition_point(|edge| *edge <= sqrt_price);
        let place = place.checked_sub(1).filter(|place| *place < depths.len());
        let place = place.ok_or(SwapError::NoLiquidity)?;
        if depths[place] <= 0.0 {
            return Err(SwapError::NoLiquidity);
        }
        Ok(Self {
            edges,
            depths,
            sqrt_price,
            place,
            fee,
            earned: [0.0; 2],
        })
    }

    /// Price of token 0 in token 1, without the fee.
    pub fn price(&self) -> f64 {
        self.sqrt_price * self.sqrt_price
    }

    /// Fees that positions have earned, of token 0 and token 1.
    pub fn earned(&self) -> [f64; 2] {
        self.earned
    }

    /// What the positions hold of token 0 and token 1, without the fees.
    pub fn reserves(&self) -> [f64; 2] {
        let mut sum = [0.0; 2];
        for (edge, depth) in self.edges.windows(2).zip(&self.depths) {
            let held = of_range(edge[0], edge[1], *depth, self.sqrt_price);
            sum = [sum[0] + held[0], sum[1] + held[1]];
        }
        sum
    }

    /// Pays up to `amount_in` of token 0 (`zero_for_one`) or token 1. Answers (paid, received): less is paid only where the
    /// liquidity ends.
    pub fn swap(&mut self, zero_for_one: bool, amount_in: f64) -> (f64, f64) {
        let end = if zero_for_one { 0.0 } else { f64::INFINITY };
        self.swap_until(zero_for_one, amount_in, end)
    }

    /// Swaps until the price is `price`, whichever way that is. Answers (paid, received).
    pub fn swap_to_price(&mut self, price: f64) -> (f64, f64) {
        let target = price.sqrt();
        if target.is_nan() {
            return (0.0, 0.0);
        }
        self.swap_until(target < self.sqrt_price, f64::INFINITY, target)
    }

    fn swap_until(&mut self, zero_for_one: bool, amount_in: f64, target: f64) -> (f64, f64) {
        let kept = 1.0 - self.fee;
        let mut rest = amount_in.max(0.0) * kept;
        let (mut paid, mut received) = (0.0, 0.0);
        while rest > 0.0 {
            let depth = self.depths[self.place];
            let (low, high) = (self.edges[self.place], self.edges[self.place + 1]);
            let edge = if zero_for_one {
                target.max(low)
            } else {
                target.min(high)
            };
            let at = self.sqrt_price;
            let full = if zero_for_one {
                depth * (1.0 / edge - 1.0 / at)
            } else {
                depth * (edge - at)
            };
            let is_reached = rest >= full;
            let next = match (is_reached, zero_for_one) {
                (true, _) => edge,
                (false, true) => 1.0 / (1.0 / at + rest / depth),
                (false, false) => at + rest / depth,
            };
            let (used, got) = if zero_for_one {
                let used = if is_reached { full } else { rest };
                (used, depth * (at - next))
            } else {
                let used = if is_reached { full } else { rest };
                (used, depth * (1.0 / at - 1.0 / next))
            };
            self.sqrt_price = next;
            rest -= used;
            paid += used;
            received += got;
            if !is_reached || edge == target {
                break;
            }
            let moved = if zero_for_one {
                self.place.checked_sub(1)
            } else {
                Some(self.place + 1).filter(|place| *place < self.depths.len())
            };
            match moved {
                Some(place) => self.place = place,
                None => break,
            }
        }
        let gross = paid / kept;
        self.earned[usize::from(!zero_for_one)] += gross - paid;
        (gross, received)
    }
}

/// What a range holds of token 0 and token 1 at `price`, without fees.
pub fn holdings(range: &Range, price: f64) -> [f64; 2] {
    of_range(
        range.lower.sqrt(),
        range.upper.sqrt(),
        range.liquidity,
        price.sqrt(),
    )
}

fn of_range(low: f64, high: f64, liquidity: f64, at: f64) -> [f64; 2] {
    let at = at.clamp(low, high);
    [liquidity * (1.0 / at - 1.0 / high), liquidity * (at - low)]
}

fn check(what: &'static str, value: f64) -> Result<(), SwapError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(SwapError::NotANumber { what, value })
}
