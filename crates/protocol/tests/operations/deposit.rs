use weir_protocol::allocator::Part;
use weir_protocol::units::{AMOUNT_LIMIT, MIN_FIRST_VALUE, WAD};
use weir_protocol::vault::{
    Balance, DepositLimits, Pause, Quote, RateState, VaultError, VaultStore, contest, deposit,
    ledger, pause, preview_deposit, set_cap,
};

use crate::setting::{START_S, empty, quotes, vault};

const NONE: DepositLimits = DepositLimits::NONE;

#[test]
fn the_first_deposit_locks_a_thousandth_of_a_share() {
    let summary = deposit(&mut empty(), START_S, 0, 100 * WAD, &quotes(), &NONE).expect("enough");
    assert_eq!(summary.shares, 100 * WAD - WAD / 1_000);
    assert_eq!(summary.locked_shares, WAD / 1_000);
    assert_eq!(summary.supply, 100 * WAD);
    assert_eq!(summary.staked, 90 * WAD);
}

#[test]
fn the_first_deposit_is_worth_a_hundredth_of_an_ether_or_refused() {
    let amount = MIN_FIRST_VALUE - 1;
    let refused = deposit(&mut empty(), START_S, 0, amount, &quotes(), &NONE);
    let error = VaultError::FirstDepositTooSmall {
        value: amount,
        min_value: MIN_FIRST_VALUE,
    };
    assert_eq!(refused, Err(error));
    assert!(deposit(&mut empty(), START_S, 0, amount + 1, &quotes(), &NONE).is_ok());
}

#[test]
fn a_fee_buys_no_shares_and_vests() {
    let mut vault = vault();
    // 1 % of the second asset, which is worth two.
    let summary = deposit(&mut vault, START_S, 1, 10 * WAD, &quotes(), &NONE).expect("listed");
    assert_eq!(summary.bought, 99 * WAD / 10);
    assert_eq!(summary.shares, 198 * WAD / 10);
    let row = ledger(&vault, 1);
    assert_eq!(row.total(), Ok(summary.bought));
    assert_eq!(row.unvested, [WAD / 10, 0]);
}

#[test]
fn a_market_under_the_rate_credits_the_market() {
    let mut quotes = quotes();
    quotes[0].credit_wad = WAD * 99 / 100;
    let summary = preview_deposit(&vault(), START_S, 0, 10 * WAD, &quotes).expect("credited");
    assert_eq!(summary.shares, 99 * WAD / 10);
    // A market above the rate changes nothing.
    quotes[0].credit_wad = WAD * 101 / 100;
    let summary = preview_deposit(&vault(), START_S, 0, 10 * WAD, &quotes).expect("credited");
    assert_eq!(summary.shares, 10 * WAD);
}

#[test]
fn refusals_name_the_values_that_failed() {
    let fresh = quotes();
    let ask = |amount, limits| deposit(&mut vault(), START_S, 0, amount, &fresh, &limits);
    let refused = |error| Err(error);
    assert_eq!(ask(0, NONE), refused(VaultError::ZeroAmount));
    let deadline_s = START_S - 1;
    assert_eq!(
        ask(WAD, DepositLimits { deadline_s, ..NONE }),
        refused(VaultError::Expired {
            deadline_s,
            now_s: START_S
        })
    );
    let min_shares = WAD + 1;
    assert_eq!(
        ask(WAD, DepositLimits { min_shares, ..NONE }),
        refused(VaultError::BelowMinShares {
            min_shares,
            shares: WAD
        })
    );
    let min_floor_rate_wad = WAD + 1;
    assert_eq!(
        ask(
            WAD,
            DepositLimits {
                min_floor_rate_wad,
                ..NONE
            }
        ),
        refused(VaultError::FloorBelowMin {
            min_floor_rate_wad,
            floor_rate_wad: WAD
        })
    );
    assert_eq!(
        ask(900 * WAD + 1, NONE),
        refused(VaultError::AboveCap {
            asset: 0,
            cap: 1_000 * WAD,
            attempted: 1_000 * WAD + 1
        })
    );
    assert!(ask(900 * WAD, NONE).is_ok());
    for asset in [2, 255] {
        let unknown = deposit(&mut vault(), START_S, asset, WAD, &fresh, &NONE);
        assert_eq!(unknown, refused(VaultError::AssetUnknown { asset }));
    }
}

#[test]
fn the_floor_of_a_contest_is_shown_before_the_deposit() {
    let mut vault = vault();
    contest(
        &mut vault,
        1,
        Part::of(100_000_000_000_000_000, 1_000_000_000_000_000_000),
    )
    .expect("fits");
    // 10 % of the 90 staked are contested.
    let limits = |min_floor_rate_wad| DepositLimits {
        min_floor_rate_wad,
        ..NONE
    };
    let floor = 91 * WAD / 100;
    let above = deposit(&mut vault, START_S, 0, WAD, &quotes(), &limits(floor + 1));
    assert_eq!(
        above,
        Err(VaultError::FloorBelowMin {
            min_floor_rate_wad: floor + 1,
            floor_rate_wad: floor
        })
    );
    assert!(deposit(&mut vault, START_S, 0, WAD, &quotes(), &limits(floor)).is_ok());
    assert_eq!(
        vault.balance(0).staked,
        90 * WAD,
        "nothing is staked during a contest"
    );
}

#[test]
fn the_rate_of_every_asset_held_must_be_fresh() {
    for state in [RateState::Stale, RateState::Suspicious] {
        let mut quotes = quotes();
        quotes[1].state = state;
        // Not held: its rate does not matter, but to who deposits it.
        assert!(deposit(&mut vault(), START_S, 0, WAD, &quotes, &NONE).is_ok());
        let refused = Err(VaultError::RateNotFresh { asset: 1, state });
        assert_eq!(
            deposit(&mut vault(), START_S, 1, WAD, &quotes, &NONE),
            refused
        );
        let mut holder = vault();
        deposit(
            &mut holder,
            START_S,
            1,
            WAD,
            &crate::setting::quotes(),
            &NONE,
        )
        .expect("fresh");
        assert_eq!(
            deposit(&mut holder, START_S, 0, WAD, &quotes, &NONE),
            refused
        );
    }
}

#[test]
fn a_refusing_guard_refuses() {
    let mut quotes = quotes();
    quotes[0].credit_wad = 0;
    let refused = deposit(&mut vault(), START_S, 0, WAD, &quotes, &NONE);
    assert_eq!(refused, Err(VaultError::GuardRefuses { asset: 0 }));
}

#[test]
fn a_pause_stops_deposits_until_it_ends() {
    let mut vault = vault();
    pause(&mut vault, START_S, Pause::Deposits, 60).expect("short");
    let until_s = START_S + 60;
    let refused = deposit(&mut vault, until_s - 1, 0, WAD, &quotes(), &NONE);
    assert_eq!(refused, Err(VaultError::DepositsPaused { until_s }));
    assert!(deposit(&mut vault, until_s, 0, WAD, &quotes(), &NONE).is_ok());
}

#[test]
fn dust_that_buys_no_share_is_refused() {
    let mut vault = vault();
    // Each share is worth two.
    vault.set_balance(
        0,
        Balance {
            idle: 200 * WAD,
            staked: 0,
        },
    );
    let refused = deposit(&mut vault, START_S, 0, 1, &quotes(), &NONE);
    assert_eq!(refused, Err(VaultError::ZeroShares { amount: 1 }));
}

#[test]
fn a_vault_that_lost_everything_sells_no_shares() {
    let mut vault = vault();
    vault.set_balance(0, Balance { idle: 0, staked: 0 });
    let refused = deposit(&mut vault, START_S, 0, WAD, &quotes(), &NONE);
    assert_eq!(refused, Err(VaultError::Worthless { supply: 100 * WAD }));
}

#[test]
fn a_supply_stays_in_its_range() {
    let mut vault = empty();
    set_cap(&mut vault, 0, AMOUNT_LIMIT - 1, &quotes()).expect("below the limit");
    deposit(&mut vault, START_S, 0, 100 * WAD, &quotes(), &NONE).expect("the first");
    // A wei is left of the hundred: shares are nearly worthless and a deposit would mint far too many.
    vault.set_balance(0, Balance { idle: 1, staked: 0 });
    let refused = deposit(&mut vault, START_S, 0, WAD, &quotes(), &NONE);
    let supply = 100 * WAD + WAD * 100 * WAD;
    assert_eq!(refused, Err(VaultError::SupplyTooLarge { supply }));
    let mut quotes = quotes();
    quotes[0] = Quote::fresh(1 << 64);
    let out_of_range = deposit(&mut vault, START_S, 0, WAD, &quotes, &NONE);
    assert_eq!(out_of_range, Err(VaultError::Overflow));
}
