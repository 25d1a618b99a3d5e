//! An independent oracle: the equations again, in integers without a limit, next to what the operations answer.

use num_bigint::BigUint;
use weir_protocol::hub::HubStore;
use weir_protocol::math;
use weir_protocol::model::{Call, Model, Outcome, VAULT, VaultWords};
use weir_protocol::units::{BPS, LOCKED_SHARES, WAD};
use weir_protocol::vault::{
    Curve, Ledger, Overlay, Quotes, SYNC_STEPS, VaultStore, ledger, marginal_fee_bps_wei, sync,
};

use crate::stories::{check_stories, depth};

fn big(value: u128) -> BigUint {
    BigUint::from(value)
}

fn ceil_div(numerator: BigUint, denominator: &BigUint) -> BigUint {
    (numerator + denominator - 1u32) / denominator
}

fn synced(model: &Model) -> Overlay<'_, VaultWords> {
    let mut vault = Overlay::new(model.vault());
    sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
    vault
}

fn rows(vault: &dyn VaultStore) -> Vec<Ledger> {
    (0..vault.settings().assets)
        .map(|asset| ledger(vault, asset))
        .collect()
}

fn total(row: &Ledger) -> BigUint {
    big(row.idle) + row.staked + row.unbonding[0] + row.unbonding[1]
}

/// Σ amount · rate.
fn worth(amounts: impl Iterator<Item = BigUint>, quotes: &Quotes) -> BigUint {
    amounts
        .zip(quotes)
        .map(|(amount, quote)| amount * quote.rate_wad)
        .sum()
}

#[test]
fn exact_multiplication_and_division() {
    let mut random = weir_protocol::model::Random::new(1);
    for _ in 0..100_000 * depth() {
        let mut number = || {
            let bits = random.below(129) as u32;
            random.up_to(u128::MAX).checked_shr(bits).unwrap_or(0)
        };
        let (a, b, c) = (number(), number(), number());
        let product = big(a) * b;
        let (down, up) = if c == 0 {
            (None, None)
        } else {
            let down = u128::try_from(&product / c).ok();
            let up = u128::try_from(ceil_div(product.clone(), &big(c))).ok();
            (down, up)
        };
        assert_eq!(math::mul_div_down(a, b, c).ok(), down, "{a} {b} {c}");
        assert_eq!(math::mul_div_up(a, b, c).ok(), up, "{a} {b} {c}");
        assert_eq!(math::product(a, b).to_string(), product.to_string());
        let scaled = product * c;
        match math::scale(math::product(a, b), c) {
            Ok(wide) => assert_eq!(wide.to_string(), scaled.to_string()),
            Err(_) => assert!(scaled.bits() > 256, "{a} {b} {c}"),
        }
    }
}

#[test]
fn exact_deposits() {
    check_stories(150, 300, |before, op, answer, _| {
        let (Call::Deposit { asset, amount, .. }, Ok(Outcome::Deposited(summary))) =
            (&op.call, answer)
        else {
            return;
        };
        let vault = synced(before);
        let (quotes, _) = before.quotes();
        let supply = vault.head().supply + summary.fee.shares;
        let fee = vault.asset_terms(*asset).deposit_fee_bps;
        let quote = quotes[usize::from(*asset)];
        let bought = big(*amount) * (BPS - fee) / BPS * quote.credit_wad / quote.rate_wad;
        assert_eq!(big(summary.bought), bought);
        let value = bought * quote.rate_wad;
        let shares = if supply == 0 {
            value / WAD
        } else {
            value * supply / worth(rows(&vault).iter().map(total), &quotes)
        };
        let locked = if supply == 0 { LOCKED_SHARES } else { 0 };
        assert_eq!(big(summary.shares) + locked, shares);
        assert_eq!(summary.locked_shares, locked);
    });
}

#[test]
fn exact_instant_exits() {
    check_stories(300, 300, |before, op, answer, _| {
        let (Call::Redeem { asset, shares, .. }, Ok(Outcome::Redeemed(summary))) =
            (&op.call, answer)
        else {
            return;
        };
        let vault = synced(before);
        let (quotes, _) = before.quotes();
        let rows = rows(&vault);
        let supply = big(vault.head().supply) + summary.performance.shares;
        let rate = quotes[usize::from(*asset)].rate_wad;
        let nav = worth(rows.iter().map(total), &quotes);
        let contested = worth(rows.iter().map(|row| big(row.contested)), &quotes);
        let at_rate = &nav * *shares / (&supply * rate);
        let floor_supply = &supply - vault.cushions();
        let gross = ((nav - contested) * *shares / (floor_supply * rate)).min(at_rate.clone());
        assert_eq!(big(summary.amount) + summary.fee, gross);
        let value = ceil_div(&gross * rate, &big(WAD));
        assert_eq!(big(summary.value), value);
        let set_aside = (at_rate - &gross).min(big(rows[usize::from(*asset)].contested));
        // Spread over the undecided requests, each part rounded down.
        assert!(big(summary.set_aside) <= set_aside);
        assert!(big(summary.set_aside) + u128::from(vault.head().undecided) >= set_aside);
        let from = summary.outflow - summary.value;
        let fee = integral(&vault.curve(), from, summary.outflow) * WAD;
        let exact = ceil_div(
            fee.clone(),
            &(big(2).pow(2) * BPS * rate * denominator(&vault.curve())),
        );
        assert!(big(summary.fee) >= exact.clone().min(gross.clone()));
        // Up by less than a wei · bps of value, and less than a wei of the asset.
        let unit = big(WAD) / (big(BPS.into()) * rate);
        assert!(big(summary.fee) <= exact + unit + 1u32);
    });
}

/// 4 · [`denominator`] times the integral of the marginal fee, in bps · wei.
fn integral(curve: &Curve, from: u128, to: u128) -> BigUint {
    let kink = curve.kink_value;
    let part = |p: u128, q: u128, width: u128, low: u16, high: u16| -> (BigUint, u128) {
        // (q − p) · (2 · low · width + (high − low) · (p + q)) over 2 · width.
        let width = width.max(1);
        let twice = big(width) * 2u32 * low + (big(p) + q) * (high - low);
        (big(q - p) * twice, width)
    };
    let (below, first) = part(
        from.min(kink),
        to.min(kink),
        kink,
        curve.base_bps,
        curve.kink_bps,
    );
    let (above, second) = part(
        from.saturating_sub(kink),
        to.saturating_sub(kink),
        curve.limit_value - kink,
        curve.kink_bps,
        curve.limit_bps,
    );
    (below * second + above * first) * 2u32
}

fn denominator(curve: &Curve) -> BigUint {
    big(curve.kink_value.max(1)) * (curve.limit_value - curve.kink_value).max(1)
}

#[test]
fn exact_fee_integral_over_any_part_of_any_curve() {
    let mut random = weir_protocol::model::Random::new(2);
    for _ in 0..50_000 * depth() {
        let bits = 20 + random.below(76);
        let limit_value = random.up_to(1 << bits);
        let base_bps = random.below(500) as u16;
        let kink_bps = base_bps + random.below(300) as u16;
        let curve = Curve {
            base_bps,
            kink_bps,
            limit_bps: kink_bps + random.below(200) as u16,
            kink_value: random.up_to(limit_value),
            limit_value,
            window_s: 1,
        };
        let to = random.up_to(limit_value);
        let from = random.up_to(to);
        let middle = from + random.up_to(to - from);
        let fee = marginal_fee_bps_wei(&curve, from, to).expect("below the limit");
        let exact = integral(&curve, from, to);
        let unit = denominator(&curve) * 4u32;
        assert!(big(fee) * &unit >= exact, "{curve:?} {from} {to}");
        assert!(
            big(fee) * &unit < exact + unit * 2u32,
            "{curve:?} {from} {to}"
        );
        let parts = marginal_fee_bps_wei(&curve, from, middle).expect("below the limit")
            + marginal_fee_bps_wei(&curve, middle, to).expect("below the limit");
        assert!(parts >= fee, "{curve:?}: cheaper in two at {middle}");
    }
}

#[test]
fn exact_settlements_in_kind() {
    check_stories(150, 300, |before, op, _, after| {
        if !matches!(op.call, Call::Advance { .. }) {
            return;
        }
        // One step at a time, so that each change of the supply is one settlement.
        let mut vault = Overlay::new(before.vault());
        loop {
            let (was, supply) = (rows(&vault), vault.head().supply);
            let done = sync(&mut vault, after.now_s(), 1)
                .expect("a sync never fails")
                .done;
            let fill = supply - vault.head().supply;
            for (was, is) in was.iter().zip(rows(&vault)) {
                if fill == 0 {
                    assert_eq!((was.owed, was.held), (is.owed, is.held));
                    continue;
                }
                let certain = total(was) - was.contested;
                assert_eq!(big(is.owed - was.owed), certain * fill / supply);
                let hold = big(was.contested) * fill / supply;
                assert!(big(is.held - was.held) <= hold);
                assert!(big(is.held - was.held) + 16u32 >= hold);
                assert_eq!(is.contested, was.contested - (is.held - was.held));
            }
            if done {
                break;
            }
        }
    });
}

#[test]
fn exact_slashes() {
    check_stories(300, 300, |before, op, answer, _| {
        let vault = synced(before);
        let rows = rows(&vault);
        match (&op.call, answer) {
            (
                Call::File { wad, .. },
                Ok(Outcome::Filed {
                    freeze, contest, ..
                }),
            ) => {
                assert!(freeze.delta > 0);
                assert!(u128::from(freeze.delta) <= u128::from(*wad).max(1));
                for (row, loss) in rows.iter().zip(contest.losses) {
                    let slashable = total(row) - row.idle;
                    let exact = ceil_div(slashable * freeze.delta, &big(freeze.capacity.into()));
                    assert_eq!(big(loss), exact.min(total(row) - row.contested));
                }
            }
            (Call::Execute { id }, Ok(Outcome::Executed(summary))) => {
                let request = before.hub().request(*id).expect("executed");
                let capacity = big(before.capacity().capacity.into());
                for (row, loss) in rows.iter().zip(summary.losses) {
                    let part = |balance: u128| ceil_div(big(balance) * request.delta, &capacity);
                    let proportional =
                        part(row.staked) + part(row.unbonding[0]) + part(row.unbonding[1]);
                    // What matured since filing comes from idle: never less than nothing, never more than fixed.
                    assert!(proportional <= big(loss) + 3u32, "{proportional} of {loss}");
                }
            }
            _ => {}
        }
    });
}

#[test]
fn exact_vesting_between_two_boundaries() {
    check_stories(200, 300, |before, op, _, after| {
        let Call::Advance { .. } = op.call else {
            return;
        };
        let clock = before.config().clock;
        let (from, to) = (before.now_s(), after.now_s());
        let mut vault = synced(before);
        let (head, was) = (vault.head(), rows(&vault));
        sync(&mut vault, to, SYNC_STEPS).expect("a sync never fails");
        if (head.closed, head.matured) != (vault.head().closed, vault.head().matured) {
            return;
        }
        let next = clock.epoch_at(from) + 1;
        for (was, is) in was.iter().zip(rows(&vault)) {
            let mut vested = big(0);
            for (end, amount) in [next, next + 1].map(|end| (end, was.unvested[end as usize % 2])) {
                let left = clock.start_s(end) - from;
                vested += big(amount) * (to - from) / left;
            }
            vested += big(was.stream.rate) * (to - from);
            assert_eq!(big(is.idle), vested + was.idle);
        }
    });
}

#[test]
fn the_vault_has_what_it_pays() {
    check_stories(50, 300, |before, op, answer, after| {
        // What a ticket of the vault itself is paid stays.
        let stays = matches!(op.call, Call::Claim { owner: VAULT, .. });
        if let Ok(Outcome::Claimed { paid, .. }) = answer
            && !stays
        {
            for (asset, paid) in (0u8..).zip(paid).take(before.config().assets.len()) {
                let left = before.tokens_of(asset, VAULT) - after.tokens_of(asset, VAULT);
                assert_eq!(left, *paid);
            }
        }
    });
}
