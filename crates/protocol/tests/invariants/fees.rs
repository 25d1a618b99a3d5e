//! The performance fee: only above the mark, exact, and never twice.

use num_bigint::BigUint;
use weir_protocol::model::{Call, Model, Op, Outcome, VAULT, account};
use weir_protocol::units::{BPS, WAD};
use weir_protocol::vault::{Fee, Overlay, SYNC_STEPS, VaultStore, sync, valuation};

use crate::stories::{Answer, check_stories};

/// The fee that a call took, if it is one that takes fees.
fn taken(answer: &Answer) -> Option<Fee> {
    match answer {
        Ok(Outcome::Deposited(summary)) => Some(summary.fee),
        Ok(Outcome::Redeemed(summary)) => Some(summary.performance),
        Ok(Outcome::Accrued(fee)) => Some(*fee),
        _ => None,
    }
}

/// NAV, floor and supply before the fee, with the fee and the mark of that moment.
struct Before {
    nav_wad: BigUint,
    floor_nav_wad: BigUint,
    supply: u128,
    fee_bps: u16,
    hwm_wad: u64,
}

fn before(model: &Model) -> Before {
    let mut vault = Overlay::new(model.vault());
    sync(&mut vault, model.now_s(), SYNC_STEPS).expect("a sync never fails");
    let (quotes, _) = model.quotes();
    let value = valuation(&vault, &quotes).expect("fits");
    let big = |number: alloy_primitives::U256| BigUint::from_bytes_be(&number.to_be_bytes::<32>());
    let settings = vault.settings();
    Before {
        nav_wad: big(value.nav_wad),
        floor_nav_wad: big(value.floor_nav_wad),
        supply: vault.head().supply,
        fee_bps: settings.fee_bps,
        hwm_wad: settings.hwm_wad,
    }
}

#[test]
fn hwm_no_fee_while_the_rate_is_at_or_below_the_mark_and_the_mark_never_falls() {
    let is_above = std::cell::Cell::new(0);
    check_stories(200, 300, |was, _, answer, is| {
        let old = was.vault().settings().hwm_wad;
        assert!(is.vault().settings().hwm_wad >= old, "the mark fell");
        let Some(fee) = taken(answer) else {
            return;
        };
        let Before {
            nav_wad,
            floor_nav_wad,
            supply,
            ..
        } = before(was);
        if fee.shares > 0 {
            assert!(
                nav_wad > BigUint::from(supply) * old,
                "a fee below the mark"
            );
            assert_eq!(nav_wad, floor_nav_wad, "a fee on what is contested");
            is_above.set(is_above.get() + 1);
        }
    });
    assert!(
        is_above.get() > 100,
        "only {} fees were taken",
        is_above.get()
    );
}

#[test]
fn exact_performance_fees() {
    check_stories(200, 300, |was, _, answer, _| {
        let Some(fee) = taken(answer) else {
            return;
        };
        let Before {
            nav_wad,
            supply,
            fee_bps,
            hwm_wad,
            ..
        } = before(was);
        let marked_wad = BigUint::from(supply) * hwm_wad;
        if fee.shares == 0 {
            return;
        }
        // The fee in wei, down; its shares, down; the mark, up.
        let fee_wad = (&nav_wad - marked_wad) * fee_bps / (BigUint::from(BPS) * WAD) * WAD;
        let shares = &fee_wad * supply / (&nav_wad - &fee_wad);
        assert_eq!(BigUint::from(fee.shares), shares);
        let after = shares + supply;
        let mark = (&nav_wad + &after - 1u32) / &after;
        assert_eq!(BigUint::from(fee.hwm_wad), mark.max(hwm_wad.into()));
        // The shares are worth no more than the fee, and the rate falls by no more than it.
        assert!(&nav_wad * fee.shares <= &fee_wad * &after);
    });
}

#[test]
fn a_fee_is_taken_once_however_often_somebody_accrues() {
    check_stories(60, 300, |_, _, answer, is| {
        if answer.is_err() {
            return;
        }
        let mut model = is.clone();
        let accrue = Op {
            caller: account(10),
            call: Call::Accrue,
        };
        let first = model.apply(&accrue);
        let second = model.apply(&accrue);
        if first.is_ok() {
            let fee = second.map(|outcome| match outcome {
                Outcome::Accrued(fee) => fee.shares,
                outcome => panic!("{outcome:?}"),
            });
            assert_eq!(fee, Ok(0));
        }
    });
}

#[test]
fn views_show_the_rate_after_the_fee_that_the_next_call_takes() {
    check_stories(60, 300, |_, _, answer, is| {
        if answer.is_err() {
            return;
        }
        let mut model = is.clone();
        let Ok(seen) = model.state() else {
            return;
        };
        let accrue = Op {
            caller: account(10),
            call: Call::Accrue,
        };
        if model.apply(&accrue).is_ok() {
            let found = model.state().expect("synced");
            assert_eq!(seen.rate_wad, found.rate_wad);
            assert_eq!(seen.floor_rate_wad, found.floor_rate_wad);
            assert_eq!(seen.fee_shares, found.fee_shares);
            assert_eq!(seen.valuation.supply, found.valuation.supply);
        }
    });
}

#[test]
fn the_vault_holds_the_fee_shares_that_wait() {
    check_stories(60, 300, |_, _, _, is| {
        let waits = is.vault().performance().uncollected;
        assert!(is.shares_of(VAULT) >= waits);
    });
}
