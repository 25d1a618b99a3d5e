//! A lending market: loopers' loans against shares, liquidations, and what stays unpaid.
//!
//! A position with collateral c (shares) and debt d (ETH) has health `c · p · LT / d` at the oracle's price p. Interest grows every debt alike, so
//! the order of positions by debt per share never changes by itself: the book is kept sorted, and only its top is looked at.

use super::pool::Stable;
use crate::scenario::{Lending, Oracle};

/// A loan.
#[derive(Clone, Copy, Debug)]
struct Position {
    shares: f64,
    /// In units that grow with interest.
    debt: f64,
}

impl Position {
    fn key(&self) -> f64 {
        self.debt / self.shares
    }
}

/// What a round of the market did, ETH.
#[derive(Clone, Copy, Debug, Default)]
pub struct Round {
    /// Repaid by liquidators.
    pub liquidated: f64,
    /// Shares that they and deleveraging loopers sold.
    pub sold_shares: f64,
    /// Sold by loopers to lower their loans.
    pub deleveraged: f64,
    /// Debt left without collateral.
    pub bad_debt: f64,
    /// Liquidations.
    pub count: u32,
    /// What liquidators gained.
    pub bonus: f64,
}

/// The book.
#[derive(Clone, Debug)]
pub struct Book {
    terms: Lending,
    /// By debt per share, the most indebted last.
    positions: Vec<Position>,
    index: f64,
    /// Debt at the start, ETH.
    pub opened: f64,
    /// Shares of all positions.
    pub shares: f64,
}

/// Most rounds of liquidation in a step: each halves what the next can be, and bounds the work.
const ROUNDS: usize = 400;

impl Book {
    /// Positions with loans spread evenly between the least and the largest; `shares` in all, worth `rate` ETH each.
    pub fn new(terms: &Lending, shares: f64, rate: f64) -> Self {
        let count = if shares > 0.0 {
            terms.loopers as usize
        } else {
            0
        };
        let [least, most] = terms.loan_to_value;
        let each = shares / count.max(1) as f64;
        let position = |place: usize| {
            let part = (place as f64 + 0.5) / count as f64;
            Position {
                shares: each,
                debt: each * rate * (least + (most - least) * part),
            }
        };
        let positions: Vec<Position> = (0..count).map(position).collect();
        Self {
            terms: *terms,
            opened: positions.iter().map(|position| position.debt).sum(),
            shares: if count > 0 { shares } else { 0.0 },
            positions,
            index: 1.0,
        }
    }

    /// Interest over `years`; ETH that it came to.
    pub fn accrue(&mut self, years: f64) -> f64 {
        let growth = self.terms.borrow_per_year * years;
        let before = self.debt_of_top();
        self.index *= 1.0 + growth;
        before * growth
    }

    fn debt_of_top(&self) -> f64 {
        self.positions
            .last()
            .map_or(0.0, |position| position.debt * self.index)
    }

    /// All loans, ETH.
    pub fn debt(&self) -> f64 {
        self.positions
            .iter()
            .map(|position| position.debt)
            .sum::<f64>()
            * self.index
    }

    /// The price that the market believes.
    pub fn oracle(&self, market: f64, rate: f64, floor: f64) -> f64 {
        match self.terms.oracle {
            Oracle::Market => market,
            Oracle::Rate => rate,
            Oracle::Floor => floor,
        }
    }

    /// The health of the worst position at price `price`; without a loan none.
    pub fn worst_health(&self, price: f64) -> Option<f64> {
        let top = self.positions.last().filter(|top| top.debt > 0.0)?;
        Some(price * self.terms.liquidation_threshold / (top.key() * self.index))
    }

    /// Loopers sell down, then liquidators take what is under water and can be sold at a gain in `pool` (shares at `rate`).
    pub fn play(&mut self, price: f64, pool: &mut Stable, rate: f64) -> Round {
        let mut round = Round::default();
        let Some(health) = self.worst_health(price) else {
            return round;
        };
        if health >= self.terms.deleverage_below.max(1.0) {
            return round;
        }
        self.deleverage(price, pool, rate, &mut round);
        for _ in 0..ROUNDS {
            match self.worst_health(price) {
                Some(health) if health < 1.0 => {}
                _ => break,
            }
            if !self.liquidate_top(price, pool, rate, &mut round) {
                break;
            }
        }
        round
    }

    fn deleverage(&mut self, price: f64, pool: &mut Stable, rate: f64, round: &mut Round) {
        let (threshold, target) = (
            self.terms.liquidation_threshold,
            self.terms.deleverage_below,
        );
        if target <= 1.0 {
            return;
        }
        for place in (0..self.positions.len()).rev() {
            let position = self.positions[place];
            let debt = position.debt * self.index;
            let health = position.shares * price * threshold / debt;
            if health >= target {
                break;
            }
            if health < 1.0 {
                // Whoever can be liquidated was too late to sell.
                continue;
            }
            // (c − s)·p·LT = h·(d − s·q), with q what a share sells for
            let unit = pool.quote_sale(rate) * 0.999;
            let divisor = target * unit - price * threshold;
            if divisor <= 0.0 {
                break;
            }
            let shares = ((target * debt - position.shares * price * threshold) / divisor)
                .min(position.shares * 0.5);
            let got = pool.sell(shares * rate, rate);
            let repaid = got.min(debt);
            round.sold_shares += shares;
            round.deleveraged += repaid;
            self.shares -= shares;
            self.positions[place].shares -= shares;
            self.positions[place].debt -= repaid / self.index;
        }
        self.positions.sort_by(|a, b| a.key().total_cmp(&b.key()));
    }

    /// Whether somebody liquidated the worst position.
    fn liquidate_top(
        &mut self,
        price: f64,
        pool: &mut Stable,
        rate: f64,
        round: &mut Round,
    ) -> bool {
        let Some(top) = self.positions.last().copied() else {
            return false;
        };
        let (bonus, debt) = (1.0 + self.terms.bonus_bps / 1e4, top.debt * self.index);
        // Dust is repaid in full: otherwise a position would never end.
        let most = if debt < 0.1 {
            debt
        } else {
            debt * self.terms.close_factor
        };
        for part in [1.0, 0.25, 0.05] {
            let mut repaid = most * part;
            let mut seized = repaid * bonus / price;
            if seized > top.shares {
                seized = top.shares;
                repaid = seized * price / bonus;
            }
            if pool.quote_sale(seized * rate) < repaid {
                continue;
            }
            let got = pool.sell(seized * rate, rate);
            round.liquidated += repaid;
            round.bonus += got - repaid;
            round.sold_shares += seized;
            round.count += 1;
            self.shares -= seized;
            self.positions.pop();
            let left = Position {
                shares: top.shares - seized,
                debt: (debt - repaid) / self.index,
            };
            self.put_back(left, round);
            return true;
        }
        false
    }

    fn put_back(&mut self, position: Position, round: &mut Round) {
        if position.shares < 1e-9 {
            round.bad_debt += position.debt * self.index;
            self.shares -= position.shares;
            return;
        }
        if position.debt < 1e-12 {
            return self.insert(Position {
                debt: 0.0,
                ..position
            });
        }
        self.insert(position);
    }

    fn insert(&mut self, position: Position) {
        let key = position.key();
        let place = self.positions.partition_point(|other| other.key() < key);
        self.positions.insert(place, position);
    }

    /// Debt that the collateral would not cover at `price`, ETH.
    pub fn shortfall(&self, price: f64) -> f64 {
        let short =
            |position: &Position| (position.debt * self.index - position.shares * price).max(0.0);
        self.positions.iter().map(short).sum()
    }

    /// What the collateral leaves beyond the loans at `price`, where it covers them, ETH.
    pub fn equity(&self, price: f64) -> f64 {
        let left =
            |position: &Position| (position.shares * price - position.debt * self.index).max(0.0);
        self.positions.iter().map(left).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    fn terms() -> Lending {
        let base = Scenario::base().unwrap().lending;
        Lending {
            loopers: 10,
            loan_to_value: [0.5, 0.9],
            deleverage_below: 1.0,
            borrow_per_year: 0.0,
            ..base
        }
    }

    #[test]
    fn nobody_is_liquidated_above_the_threshold() {
        let mut book = Book::new(&terms(), 1_000.0, 1.0);
        let mut pool = Stable::new(10_000.0, 1.0, 50.0, 4.0).unwrap();
        assert_eq!(book.play(1.0, &mut pool, 1.0).count, 0);
    }

    #[test]
    fn a_fall_of_the_price_liquidates_the_most_indebted_first_and_debts_add_up() {
        let mut book = Book::new(&terms(), 1_000.0, 1.0);
        let mut pool = Stable::new(10_000.0, 1.0, 50.0, 4.0).unwrap();
        let before = book.debt();
        let round = book.play(0.9, &mut pool, 1.0);
        assert!(round.count > 0);
        let rest = before - round.liquidated - round.deleveraged - round.bad_debt;
        assert!((book.debt() - rest).abs() < 1e-9);
        assert!(book.worst_health(0.9).unwrap() >= 1.0);
    }

    #[test]
    fn without_buyers_nobody_liquidates() {
        let mut book = Book::new(&terms(), 1_000.0, 1.0);
        let mut pool = Stable::new(1.0, 1.0, 50.0, 4.0).unwrap();
        let round = book.play(0.9, &mut pool, 1.0);
        assert!(round.liquidated < 1.0, "{round:?}");
        assert!(book.shortfall(0.5) > 0.0);
    }
}
