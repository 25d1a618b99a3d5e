//! The end of a vault.

use weir_protocol::allocator::Part;
use weir_protocol::units::WAD;
use weir_protocol::vault::{
    Balance, DepositLimits, Quote, RateState, RedeemLimits, Retirement, VaultError, VaultStore,
    contest, deposit, execute, preview_deposit, redeem, retire,
};

use crate::setting::{START_S, quotes, sync_to, vault};

const MARK: u64 = WAD as u64;

#[test]
fn a_vault_ends_when_its_rate_is_under_a_millionth_of_its_mark() {
    let mut vault = vault();
    let whole = VaultError::NotRetirable {
        rate_wad: WAD,
        hwm_wad: MARK,
    };
    assert_eq!(retire(&mut vault, &quotes()), Err(whole));
    // 100 shares: a millionth of a share is 1e14 of these.
    let idle = 100_000_000_000_000;
    vault.set_balance(0, Balance { idle, staked: 0 });
    let rate_wad = WAD / 1_000_000;
    let just = VaultError::NotRetirable {
        rate_wad,
        hwm_wad: MARK,
    };
    assert_eq!(retire(&mut vault, &quotes()), Err(just));
    let idle = idle - 1;
    vault.set_balance(0, Balance { idle, staked: 0 });
    let mut stale = quotes();
    stale[0].state = RateState::Stale;
    let not_fresh = VaultError::RateNotFresh {
        asset: 0,
        state: RateState::Stale,
    };
    assert_eq!(retire(&mut vault, &stale), Err(not_fresh));
    let retirement = Retirement {
        rate_wad: rate_wad - 1,
        hwm_wad: MARK,
    };
    assert_eq!(retire(&mut vault, &quotes()), Ok(retirement));
    assert_eq!(retire(&mut vault, &quotes()), Err(VaultError::Retired));
}

#[test]
fn a_retired_vault_takes_nothing_stakes_nothing_and_pays() {
    let mut vault = vault();
    let mut quotes = quotes();
    quotes[0] = Quote::fresh(WAD / 10_000_000);
    retire(&mut vault, &quotes).expect("far below");
    quotes[0] = Quote::fresh(WAD);
    let none = DepositLimits::NONE;
    let refused = deposit(&mut vault, START_S, 1, WAD, &quotes, &none);
    assert_eq!(refused.map(|_| ()), Err(VaultError::Retired));
    let refused = preview_deposit(&vault, START_S, 0, WAD, &quotes);
    assert_eq!(refused.map(|_| ()), Err(VaultError::Retired));
    // More is idle than the target: it stays.
    let before = vault.balance(0);
    let idle = before.idle + 50 * WAD;
    vault.set_balance(0, Balance { idle, ..before });
    sync_to(&mut vault, START_S + crate::setting::CLOCK.epoch_s);
    assert_eq!(vault.balance(0).staked, before.staked);
    redeem(&mut vault, START_S, 0, WAD, &quotes, &RedeemLimits::NONE).expect("an exit");
}

#[test]
fn a_slash_of_all_that_is_left_of_the_capacity_ends_the_vault() {
    let mut vault = vault();
    let all = WAD as u64;
    contest(&mut vault, 1, Part::of(all / 4, all)).expect("a part");
    contest(&mut vault, 2, Part::of(3 * (all / 4), all)).expect("the rest");
    let none = Default::default();
    let part = execute(&mut vault, 1, Part::of(all / 4, all), none).expect("contested");
    assert!(!part.retired && !vault.head().retired);
    let rest = Part::of(3 * (all / 4), 3 * (all / 4));
    let rest = execute(&mut vault, 2, rest, none).expect("contested");
    assert!(rest.retired && vault.head().retired);
}
