//! Twenty thousand exchanges in StableSwap pools of two and three coins: every amount bought on stdout, exchanges a second on
//! stderr, of the fastest of some runs, so that other work on the machine shows less.
//! `peers/curvesim_exchanges.py` does the same with curvesim and compares.

use std::io::Write;
use std::time::Instant;

use alloy_primitives::U256;
use weir_lab::market::stableswap::{Form, Pool, PoolError};

const EXCHANGES: usize = 20_000;
const RUNS: usize = 40;

/// The next number of a linear congruential generator (Knuth's MMIX).
fn next(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 16
}

fn pool(coins: usize) -> Result<Pool, PoolError> {
    let one = U256::from(1_000_000_000_000_000_000u64);
    let balances = (0..coins).map(|coin| U256::from(1_000_000 + 100_000 * coin as u64) * one);
    let rates = vec![one; coins];
    Pool::new(
        balances.collect(),
        rates,
        200,
        4_000_000,
        5_000_000_000,
        Form::PLAIN,
    )
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for coins in [2, 3] {
        let mut state = 42;
        let orders: Vec<(usize, usize, U256)> = (0..EXCHANGES)
            .map(|_| {
                let from = next(&mut state) as usize % coins;
                let to = (from + 1 + next(&mut state) as usize % (coins - 1)) % coins;
                let amount = U256::from(next(&mut state) % 20_000_000_000 + 1);
                (from, to, amount * U256::from(1_000_000_000_000u64))
            })
            .collect();
        let mut bought = Vec::with_capacity(EXCHANGES);
        let mut seconds = f64::INFINITY;
        for _ in 0..RUNS {
            let mut pool = pool(coins)?;
            bought.clear();
            let start = Instant::now();
            for (from, to, amount) in &orders {
                bought.push(pool.exchange(*from, *to, *amount)?.amount_out);
            }
            seconds = seconds.min(start.elapsed().as_secs_f64());
        }
        eprintln!("{coins} {:.0}", EXCHANGES as f64 / seconds);
        for amount in bought {
            writeln!(out, "{amount}")?;
        }
    }
    out.flush()?;
    Ok(())
}
