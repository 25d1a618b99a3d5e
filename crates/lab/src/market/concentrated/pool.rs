//! A pool of positions, swapped over any number of ticks, in the contract's integers.

use std::collections::BTreeMap;
use std::ops::Bound;

use alloy_primitives::U256;

use super::SwapError;
use super::step::{Amount, swap_step};
use super::ticks::{MAX_TICK, MIN_TICK, sqrt_price_at, tick_at};

/// A pool: its price, its fee, and where liquidity begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    sqrt_price_x96: U256,
    fee_pips: u32,
    net: BTreeMap<i32, i128>,
}

/// What a swap did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swapped {
    /// Paid, the fee included.
    pub amount_in: U256,
    /// Received.
    pub amount_out: U256,
    /// Of what was paid, what positions earn.
    pub fee: U256,
}

impl Pool {
    /// An empty pool at a price, with a fee of `fee_pips` millionths.
    ///
    /// # Errors
    /// A price outside the ticks, or a fee of everything.
    pub fn new(sqrt_price_x96: U256, fee_pips: u32) -> Result<Self, SwapError> {
        tick_at(sqrt_price_x96)?;
        if fee_pips >= super::step::FEE_DENOMINATOR {
            return Err(SwapError::FeeTooHigh { fee_pips });
        }
        Ok(Self {
            sqrt_price_x96,
            fee_pips,
            net: BTreeMap::new(),
        })
    }

    /// The square root of the price, Q64.96.
    pub fn sqrt_price_x96(&self) -> U256 {
        self.sqrt_price_x96
    }

    /// Adds `liquidity` between two ticks; negative takes it out.
    ///
    /// # Errors
    /// Ticks out of range or order, or less liquidity somewhere than none.
    pub fn add(&mut self, lower: i32, upper: i32, liquidity: i128) -> Result<(), SwapError> {
        for tick in [lower, upper] {
            if !(MIN_TICK..=MAX_TICK).contains(&tick) {
                return Err(SwapError::TickOutOfRange { tick });
            }
        }
        if lower >= upper {
            let (lower, upper) = (f64::from(lower), f64::from(upper));
            return Err(SwapError::EmptyRange { lower, upper });
        }
        let mut net = self.net.clone();
        for (tick, change) in [(lower, liquidity), (upper, -liquidity)] {
            let at = net.entry(tick).or_default();
            *at = at.checked_add(change).ok_or(SwapError::Overflow)?;
            if *at == 0 {
                net.remove(&tick);
            }
        }
        let mut sum = 0i128;
        for change in net.values() {
            sum = sum.checked_add(*change).ok_or(SwapError::Overflow)?;
            if sum < 0 {
                return Err(SwapError::NoLiquidity);
            }
        }
        self.net = net;
        Ok(())
    }

    /// Liquidity at the price.
    ///
    /// # Errors
    /// None that [`Self::new`] and [`Self::add`] let come about.
    pub fn liquidity(&self) -> Result<u128, SwapError> {
        let tick = tick_at(self.sqrt_price_x96)?;
        let sum: i128 = self.net.range(..=tick).map(|(_, net)| net).sum();
        u128::try_from(sum).map_err(|_| SwapError::Overflow)
    }

    /// Swaps `amount`, token 0 for token 1 if `zero_for_one`, over as many ticks as it takes or until the price reaches
    /// `limit_x96`. Where liquidity ends for good it stops, and answers what it could do.
    ///
    /// # Errors
    /// A limit on the wrong side of the price, or a result that leaves its type; the pool is then unchanged.
    pub fn swap(
        &mut self,
        zero_for_one: bool,
        amount: Amount,
        limit_x96: Option<U256>,
    ) -> Result<Swapped, SwapError> {
        let (lowest, highest) = (sqrt_price_at(MIN_TICK)?, sqrt_price_at(MAX_TICK)?);
        let end = if zero_for_one {
            lowest
        } else {
            highest - U256::ONE
        };
        let limit = limit_x96.unwrap_or(end);
        let is_ahead = if zero_for_one {
            limit <= self.sqrt_price_x96 && limit >= lowest
        } else {
            limit >= self.sqrt_price_x96 && limit < highest
        };
        if !is_ahead {
            return Err(SwapError::PriceOutOfRange {
                sqrt_price_x96: limit,
            });
        }
        let mut price = self.sqrt_price_x96;
        let mut liquidity = i128::try_from(self.liquidity()?).map_err(|_| SwapError::Overflow)?;
        let mut remaining = amount;
        let mut done = Swapped::default();
        // Ticks already crossed: downwards a tick counts as crossed once the price is below it.
        let mut tick = tick_at(price)?;
        while price != limit && !is_used(remaining) {
            let next = self.next(tick, zero_for_one);
            let Some((at, net)) = next else { break };
            let boundary = sqrt_price_at(at)?;
            let target = if zero_for_one {
                boundary.max(limit)
            } else {
                boundary.min(limit)
            };
            if target != price {
                let available = u128::try_from(liquidity).map_err(|_| SwapError::Overflow)?;
                if available > 0 {
                    let step = swap_step(price, target, available, remaining, self.fee_pips)?;
                    let paid = step.amount_in.checked_add(step.fee);
                    let paid = paid.ok_or(SwapError::Overflow)?;
                    remaining = match remaining {
                        Amount::In(rest) => Amount::In(less(rest, paid)?),
                        Amount::Out(rest) => Amount::Out(less(rest, step.amount_out)?),
                    };
                    done.amount_in = plus(done.amount_in, paid)?;
                    done.amount_out = plus(done.amount_out, step.amount_out)?;
                    done.fee = plus(done.fee, step.fee)?;
                    price = step.sqrt_price_x96;
                } else {
                    price = target;
                }
            }
            if price == boundary {
                liquidity += if zero_for_one { -net } else { net };
                tick = if zero_for_one { at - 1 } else { at };
            }
        }
        self.sqrt_price_x96 = price;
        Ok(done)
    }

    fn next(&self, tick: i32, zero_for_one: bool) -> Option<(i32, i128)> {
        let entry = if zero_for_one {
            self.net.range(..=tick).next_back()
        } else {
            let after = (Bound::Excluded(tick), Bound::Unbounded);
            self.net.range(after).next()
        };
        entry.map(|(tick, net)| (*tick, *net))
    }
}

fn is_used(amount: Amount) -> bool {
    let (Amount::In(rest) | Amount::Out(rest)) = amount;
    rest.is_zero()
}

fn less(a: U256, b: U256) -> Result<U256, SwapError> {
    a.checked_sub(b).ok_or(SwapError::Overflow)
}

fn plus(a: U256, b: U256) -> Result<U256, SwapError> {
    a.checked_add(b).ok_or(SwapError::Overflow)
}
