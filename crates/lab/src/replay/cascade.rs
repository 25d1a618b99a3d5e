//! A cascade of liquidations in a book of real loans, sold into a pool.
//!
//! After Lido's model of stETH on Aave (lidofinance/aave-liquidation-model, June 2023): somebody sells; at the pool's new price, rounded to
//! a grid, every loan whose health falls under 1 is liquidated, and what liquidators get is sold into the pool; and so on until
//! nothing new falls.
//!
//! ```text
//! health at peg p  = health · p / p₀
//! seized (stETH)   = debt · close factor · bonus / p
//! price            = what the pool pays for one more stETH, fee taken off
//! ```
//!
//! Each round sells what has newly fallen: the cumulative amount at the new price less what was sold before. (The original subtracts
//! the last increment alone from its third round on.)

use crate::market::stableswap::FloatPool;

/// A loan, by what decides about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loan {
    /// Debt, ETH.
    pub debt_eth: f64,
    /// Health when the book was read.
    pub health: f64,
}

/// Loans with the same terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Loans {
    /// The loans.
    pub loans: Vec<Loan>,
    /// Part of a loan that a liquidation repays.
    pub close_factor: f64,
    /// What liquidators get for 1 that they repay.
    pub bonus: f64,
    /// The peg when the book was read.
    pub peg: f64,
}

impl Loans {
    /// How many loans fall at a peg of `peg`, and what of the collateral is seized, in stETH.
    pub fn fallen(&self, peg: f64) -> (usize, f64) {
        let fall = self
            .loans
            .iter()
            .filter(|loan| loan.health * peg / self.peg < 1.0);
        let seized = |debt: f64| debt * self.close_factor * self.bonus / peg;
        fall.fold((0, 0.0), |(count, sum), loan| {
            (count + 1, sum + seized(loan.debt_eth))
        })
    }
}

/// A round: what was sold, and the price after it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Round {
    /// Sold, stETH.
    pub sold: f64,
    /// What one more would fetch, ETH.
    pub price: f64,
}

/// Most rounds.
const ROUNDS: usize = 100;

/// The rounds of a sale of `sale` stETH into `pool` (coin 0: ETH, coin 1: stETH); the first is the sale itself. Prices decide rounded to
/// `grid`, 0 for no grid.
pub fn cascade(mut pool: FloatPool<2>, books: &[Loans], sale: f64, grid: f64) -> Vec<Round> {
    let mut rounds = Vec::new();
    let (mut next, mut sold_before) = (sale, 0.0);
    while next > 0.0 && rounds.len() < ROUNDS {
        pool.exchange(1, 0, next);
        let price = pool.quote(1, 0, 1.0);
        rounds.push(Round { sold: next, price });
        let peg = if grid > 0.0 {
            (price / grid).round() * grid
        } else {
            price
        };
        let fallen: f64 = books.iter().map(|book| book.fallen(peg).1).sum();
        next = (fallen - sold_before).max(0.0);
        sold_before += next;
    }
    rounds
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loans of Aave v3's book of 19 June 2023 that fall at a peg of 0.95 or above: debt in ETH, health (lidofinance/
    /// aave-liquidation-model@a44561e, `data/`, rounded).
    const V3: [(f64, f64); 15] = [
        (9723.8037, 1.03228552),
        (3178.4414, 1.04647636),
        (2321.0907, 1.03502421),
        (1117.9715, 1.0346824),
        (1080.5285, 1.03670858),
        (701.7846, 1.03474606),
        (626.89, 1.03222419),
        (456.757, 1.03639939),
        (444.2295, 1.0474774),
        (366.2814, 1.0368803),
        (82.0331, 1.04824876),
        (46.5669, 1.03666086),
        (40.3421, 1.0484269),
        (40.0437, 1.04112328),
        (0.6338, 1.04049574),
    ];
    /// The same of v2's.
    const V2: [(f64, f64); 6] = [
        (37887.2205, 1.04820356),
        (30.9475, 1.00961156),
        (1.5489, 1.01109729),
        (0.4993, 1.01075376),
        (0.3852, 1.01686673),
        (0.1035, 1.02698373),
    ];

    fn loans(rows: &[(f64, f64)], close_factor: f64, bonus: f64) -> Loans {
        let loan = |row: &(f64, f64)| Loan {
            debt_eth: row.0,
            health: row.1,
        };
        Loans {
            loans: rows.iter().map(loan).collect(),
            close_factor,
            bonus,
            peg: 0.9987,
        }
    }

    fn lidos_pool() -> FloatPool<2> {
        FloatPool::new([235_285.0, 241_954.0], 30.0, 0.0004, 0.0).unwrap()
    }

    /// V25: 80,000 stETH leave 156,360 ETH in the pool, and a price of 0.97164.
    #[test]
    fn lidos_pool_after_a_sale() {
        let mut pool = lidos_pool();
        pool.exchange(1, 0, 80_000.0);
        assert!((pool.balances()[0] - 156_360.0).abs() < 2.0);
        assert!((pool.quote(1, 0, 1.0) - 0.97164).abs() < 5e-5);
    }

    /// V26: 9 loans and 15,321.53 wstETH at a peg of 0.96, 15 and 19,047.71 at 0.95; wstETH at 1.129 stETH.
    #[test]
    fn lidos_v3_book_at_two_pegs() {
        let book = loans(&V3, 1.0, 1.01);
        for (peg, count, wsteth) in [(0.96, 9, 15_321.53), (0.95, 15, 19_047.71)] {
            let (fallen, seized) = book.fallen(peg);
            assert_eq!(fallen, count);
            assert!(
                (seized / 1.129 / wsteth - 1.0).abs() < 1e-4,
                "{}",
                seized / 1.129
            );
        }
    }

    /// V28: 92,000 stETH start nothing; 94,000 make 17,316 more be sold, to 0.95174, and then 25,543, to 0.92465. The half of v2's loans with a
    /// bonus of 7 % is what the log's totals imply.
    #[test]
    fn lidos_cascade_begins_between_92_000_and_94_000() {
        let books = [loans(&V3, 1.0, 1.01), loans(&V2, 0.5, 1.07)];
        // Three loans that were under water within 3 % of the peg, of 33 ETH together, and nothing after them.
        let rounds = cascade(lidos_pool(), &books, 92_000.0, 0.01);
        assert!(rounds.len() == 2 && rounds[1].sold < 20.0, "{rounds:?}");
        let rounds = cascade(lidos_pool(), &books, 94_000.0, 0.01);
        assert!((rounds[1].sold / 17_316.0 - 1.0).abs() < 2e-4, "{rounds:?}");
        assert!((rounds[1].price / 0.95174 - 1.0).abs() < 2e-4, "{rounds:?}");
        assert!((rounds[2].sold / 25_543.0 - 1.0).abs() < 2e-4, "{rounds:?}");
        assert!((rounds[2].price / 0.92465 - 1.0).abs() < 2e-4, "{rounds:?}");
    }
}
