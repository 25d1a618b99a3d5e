//! How much of an asset may come in, and how fast that may rise.

use weir_protocol::units::WAD;
use weir_protocol::vault::{RateState, VaultError, VaultStore, list_asset, rises, set_cap};

use crate::setting::{START_S, empty, quotes, sync_to, vault};

const EPOCH_S: u64 = crate::setting::CLOCK.epoch_s;

fn too_fast(cap: u128, max_cap: u128) -> VaultError {
    VaultError::CapRisesTooFast {
        asset: 1,
        cap,
        max_cap,
    }
}

#[test]
fn an_empty_vault_lists_with_any_cap() {
    let mut vault = empty();
    assert_eq!(list_asset(&mut vault, 9 * WAD, 0), Ok(2));
    assert!(!rises(&vault, 2, 90 * WAD));
    assert_eq!(set_cap(&mut vault, 2, 90 * WAD, &quotes()), Ok(9 * WAD));
}

#[test]
fn an_asset_joins_holders_at_nothing_and_then_at_a_twentieth_of_the_nav() {
    let mut vault = vault();
    let refused = VaultError::CapRisesTooFast {
        asset: 2,
        cap: 1,
        max_cap: 0,
    };
    assert_eq!(list_asset(&mut vault, 1, 0), Err(refused));
    assert_eq!(list_asset(&mut vault, 0, 0), Ok(2));

    // 100 WETH: 5 ETH, which are 2.5 of an asset worth 2.
    set_cap(&mut vault, 1, 0, &quotes()).expect("lowering is free");
    let first = 5 * WAD / 2;
    let above = set_cap(&mut vault, 1, first + 1, &quotes());
    assert_eq!(above, Err(too_fast(first + 1, first)));
    assert_eq!(set_cap(&mut vault, 1, first, &quotes()), Ok(0));
    // Once more in the same epoch changes nothing.
    let above = set_cap(&mut vault, 1, first + 1, &quotes());
    assert_eq!(above, Err(too_fast(first + 1, first)));
}

#[test]
fn a_cap_at_most_doubles_in_an_epoch_however_many_raises_it_takes() {
    let mut vault = vault();
    let cap = vault.asset_terms(1).cap;
    assert_eq!(set_cap(&mut vault, 1, cap + cap / 2, &quotes()), Ok(cap));
    let above = set_cap(&mut vault, 1, 2 * cap + 1, &quotes());
    assert_eq!(above, Err(too_fast(2 * cap + 1, 2 * cap)));
    assert!(set_cap(&mut vault, 1, 2 * cap, &quotes()).is_ok());
    sync_to(&mut vault, START_S + EPOCH_S);
    assert!(set_cap(&mut vault, 1, 4 * cap, &quotes()).is_ok());
    let above = set_cap(&mut vault, 1, 4 * cap + 1, &quotes());
    assert_eq!(above, Err(too_fast(4 * cap + 1, 4 * cap)));
}

#[test]
fn a_cap_is_lowered_at_any_rate_and_raised_at_fresh_ones_alone() {
    let mut vault = vault();
    let mut stale = quotes();
    stale[0].state = RateState::Stale;
    let refused = VaultError::RateNotFresh {
        asset: 0,
        state: RateState::Stale,
    };
    let cap = vault.asset_terms(1).cap;
    assert_eq!(set_cap(&mut vault, 1, cap + 1, &stale), Err(refused));
    assert_eq!(set_cap(&mut vault, 1, cap - 1, &stale), Ok(cap));
}
