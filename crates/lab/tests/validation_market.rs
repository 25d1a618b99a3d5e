//! Markets against published and recomputed figures. Each test names its source and its tolerance.

use alloy_primitives::U256;
use weir_lab::market::concentrated::step::{Amount, swap_step};
use weir_lab::market::concentrated::ticks::{MAX_TICK, MIN_TICK, sqrt_price_at, tick_at};
use weir_lab::market::concentrated::{self, Range};
use weir_lab::market::stableswap::{FloatPool, Form, Pool};
use weir_lab::market::{lending, lvr};

fn number(text: &str) -> U256 {
    text.parse().unwrap()
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}

fn three_pool() -> Pool {
    let balances = [
        "295949605740077243186725223",
        "284320067518878",
        "288200854907854",
    ];
    let six = number("1000000000000000000000000000000");
    let rates = vec![number("1000000000000000000"), six, six];
    let balances = balances.map(number).to_vec();
    Pool::new(balances, rates, 2000, 4_000_000, 0, Form::PLAIN).unwrap()
}

fn steth_pool(form: Form) -> Pool {
    let balances = ["109891950756167061108032", "498670801727333739961768"];
    let one = number("1000000000000000000");
    let amplification = 50 * form.a_precision;
    let balances = balances.map(number).to_vec();
    Pool::new(balances, vec![one; 2], amplification, 4_000_000, 0, form).unwrap()
}

/// curvesim's documented 3pool snapshot, and its printed virtual price. Exact.
#[test]
fn v06_v21_three_pool_invariant_and_virtual_price() {
    let pool = three_pool();
    assert_eq!(
        pool.invariant().unwrap(),
        number("868470467876941593674366120")
    );
    let supply = number("849743149250065202008212976");
    assert_eq!(
        pool.virtual_price(supply).unwrap(),
        number("1022038799187029697")
    );
}

/// curvesim 0.5.0 run on the same pool: a million DAI for USDC. Exact.
#[test]
fn v06_v22_three_pool_swap() {
    let mut pool = three_pool();
    let paid = pool
        .exchange(0, 1, number("1000000000000000000000000"))
        .unwrap();
    assert_eq!(paid.amount_out, number("999578282174"));
}

/// Curve's stETH pool at the end of 14 June 2022 (its balances of that day, read from the chain; A = 50 is inferred), in both
/// generations of the contract's formula. Exact; the spot price 1e-8.
#[test]
fn v06_v23_steth_pool_in_june_2022() {
    for form in [Form::PLAIN, Form::PRECISE] {
        let pool = steth_pool(form);
        assert_eq!(
            pool.invariant().unwrap(),
            number("604529171198736917417713")
        );
        let paid = pool.quote(1, 0, number("1000000000000000000")).unwrap();
        assert_eq!(paid.amount_out, number("934128106655529713"));
    }
    let balances = [109_891.950_756_167_06, 498_670.801_727_333_74];
    let pool = FloatPool::new(balances, 50.0, 0.0004, 0.0).unwrap();
    near(pool.price(1, 0), 0.93450245, 1e-8);
    near(pool.invariant(), 604_529.171_198_736_9, 1e-6);
    near(pool.quote(1, 0, 1.0), 0.934_128_106_655_529_7, 1e-9);
}

/// The *Uniswap V3 Development Book*'s first swap (42 USDC into ETH at 5,000) recomputed. Exact.
#[test]
fn v06_v33_concentrated_swap_step() {
    let current = number("5602277097478614198912276234240");
    let liquidity = 1_517_882_343_751_509_868_544;
    let amount = Amount::In(number("42000000000000000000"));
    let target = sqrt_price_at(MAX_TICK).unwrap();
    let step = swap_step(current, target, liquidity, amount, 0).unwrap();
    assert_eq!(step.amount_out, number("8396714242162444"));
    assert_eq!(
        step.sqrt_price_x96,
        number("5604469350942327889444743441197")
    );
    assert_eq!(tick_at(step.sqrt_price_x96).unwrap(), 85_184);
    assert_eq!(step.fee, U256::ZERO);
}

/// Uniswap v3's `TickMath`: its two constants, and that price and tick are each other's inverse. Exact.
#[test]
fn v06_v33_ticks_and_prices_are_inverse() {
    let ends = [
        (MIN_TICK, "4295128739"),
        (
            MAX_TICK,
            "1461446703485210103287273052203988822378723970342",
        ),
        (0, "79228162514264337593543950336"),
    ];
    for (tick, price) in ends {
        assert_eq!(sqrt_price_at(tick).unwrap(), number(price));
    }
    for tick in (MIN_TICK..MAX_TICK).step_by(7_919) {
        let price = sqrt_price_at(tick).unwrap();
        assert_eq!(tick_at(price).unwrap(), tick);
        if tick > MIN_TICK {
            assert_eq!(tick_at(price - U256::ONE).unwrap(), tick - 1);
        }
    }
    assert!(sqrt_price_at(MAX_TICK + 1).is_err());
    assert!(tick_at(U256::ZERO).is_err());
}

/// A swap over several ticks in integers against the same in floating point: 1e-9.
#[test]
fn a_swap_over_ticks_is_the_same_in_both() {
    let positions = [(-6000, 6000, 1e21), (-600, 600, 5e21), (-60, 120, 2e22)];
    let price_of = |tick: i32| 1.0001f64.powi(tick);
    let ranges = positions.map(|(lower, upper, liquidity)| Range {
        lower: price_of(lower),
        upper: price_of(upper),
        liquidity,
    });
    for (zero_for_one, amount_in) in [(true, 3e20), (false, 3e20), (true, 1e18), (false, 4.2e19)] {
        let mut exact = concentrated::Pool::new(U256::ONE << 96, 500).unwrap();
        for (lower, upper, liquidity) in positions {
            exact.add(lower, upper, liquidity as i128).unwrap();
        }
        let mut float = concentrated::FloatPool::new(&ranges, 1.0, 0.0005).unwrap();
        let wei = Amount::In(U256::from(amount_in as u128));
        let swapped = exact.swap(zero_for_one, wei, None).unwrap();
        let (paid, received) = float.swap(zero_for_one, amount_in);
        let exact_out = f64::from(swapped.amount_out);
        near(received / exact_out, 1.0, 1e-9);
        near(paid / f64::from(swapped.amount_in), 1.0, 1e-9);
        let sqrt = f64::from(exact.sqrt_price_x96()) / 2f64.powi(96);
        near(float.price() / (sqrt * sqrt), 1.0, 1e-9);
        // Wanting what came out costs what was paid, within a unit a tick.
        let mut back = concentrated::Pool::new(U256::ONE << 96, 500).unwrap();
        for (lower, upper, liquidity) in positions {
            back.add(lower, upper, liquidity as i128).unwrap();
        }
        let wanted = Amount::Out(swapped.amount_out);
        let repeated = back.swap(zero_for_one, wanted, None).unwrap();
        assert_eq!(repeated.amount_out, swapped.amount_out);
        let ratio = f64::from(repeated.amount_in) / f64::from(swapped.amount_in);
        near(ratio, 1.0, 1e-9);
    }
}

/// Morpho Blue's formula, and Gauntlet's figures of ezETH's liquidations on 24 April 2024 (Morpho forum). 1e-5.
#[test]
fn v06_v30_morpho_incentive_and_what_ezeth_sold_at() {
    let (low, high) = (
        lending::morpho_incentive(0.77),
        lending::morpho_incentive(0.86),
    );
    near(low, 1.0741139, 1e-7);
    near(high, 1.0438413, 1e-7);
    near(lending::implied_price(804.0, low, 1000.25), 0.86337, 1e-5);
    near(lending::implied_price(5035.0, high, 6236.72), 0.84271, 1e-5);
    // The cap binds below a threshold of 0.5652.
    near(lending::morpho_incentive(0.3), 1.15, 1e-12);
}

/// Geometric sums of the loops; the peg at which they are liquidated (X. Xiong et al.). 1e-6.
#[test]
fn v06_v31_loops_and_the_peg_that_liquidates_them() {
    let five = lending::leverage(0.9, Some(5));
    near(five, 4.68559, 1e-6);
    near(lending::liquidation_peg(five, 0.93), 0.845785, 1e-6);
    let endless = lending::leverage(0.9, None);
    near(endless, 10.0, 1e-9);
    near(lending::liquidation_peg(endless, 0.93), 0.967742, 1e-6);
    near(lending::leverage(0.9, Some(0)), 1.0, 1e-12);
}

/// Milionis et al.: a daily volatility of 5 % costs σ²/8. Exact, to floating point.
#[test]
fn v06_v34_loss_versus_rebalancing() {
    near(lvr::constant_product_rate(0.05) * 1e4, 3.125, 1e-12);
    near(
        lvr::arbitrage_per_block(0.001, 0.0),
        0.001f64.powi(2) / 2.0,
        1e-18,
    );
}

/// The floating-point pool follows the integer one through exchanges in both directions: 1e-9 of what is bought.
#[test]
fn pools_in_both_arithmetics_agree_over_a_story() {
    let mut exact = steth_pool(Form::PRECISE);
    let mut float = FloatPool::new(
        [109_891.950_756_167_06, 498_670.801_727_333_74],
        50.0,
        0.0004,
        0.0,
    )
    .unwrap();
    for round in 1..200u64 {
        let (from, to) = if round % 3 == 0 { (1, 0) } else { (0, 1) };
        let amount = round * 37 % 1_000 + 1;
        let wei = U256::from(amount) * number("1000000000000000000");
        let paid = exact.exchange(from, to, wei).unwrap();
        let bought = float.exchange(from, to, amount as f64);
        near(bought / (f64::from(paid.amount_out) / 1e18), 1.0, 1e-9);
    }
}

/// Selling what [`FloatPool::amount_to_price`] says brings the price there, with the fee and for three coins too. 1e-9.
#[test]
fn arbitrage_stops_at_its_price() {
    for (fee, target) in [(0.0, 0.97), (0.0004, 0.95), (0.0004, 0.5), (0.01, 0.2)] {
        let mut pool = FloatPool::new([2e5, 2.5e5], 30.0, fee, 0.5).unwrap();
        let amount = pool.amount_to_price(1, 0, target);
        assert!(amount > 0.0);
        let before = pool.quote(1, 0, amount);
        let more = pool.quote(1, 0, amount * (1.0 + 1e-7));
        near((more - before) / (amount * 1e-7), target, 1e-5);
        if fee == 0.0 {
            // A fee that stays in the pool would move its price once more.
            pool.exchange(1, 0, amount);
            near(pool.price(1, 0), target, 1e-9);
            assert_eq!(pool.amount_to_price(1, 0, target * 1.0001), 0.0);
        }
    }
    let pool = FloatPool::new([1e5, 1.1e5, 0.9e5], 200.0, 0.0004, 0.5).unwrap();
    let amount = pool.amount_to_price(0, 2, 0.98);
    let (before, more) = (pool.quote(0, 2, amount), pool.quote(0, 2, amount + 1.0));
    near(more - before, 0.98, 1e-5);
}
