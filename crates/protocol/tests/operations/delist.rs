//! An asset leaves the vault.

use weir_protocol::allocator::Part;
use weir_protocol::exits::{self, ExitsError};
use weir_protocol::model::{EXITS, Table};
use weir_protocol::units::WAD;
use weir_protocol::vault::{
    DepositLimits, Quote, RateState, VaultError, VaultStore, contest, delist, deposit, ledger,
    pocket, pull, set_cap, valuation,
};

use crate::setting::{START_S as NOW_S, quotes, vault};

const WETH: u8 = 0;
const LST: u8 = 1;

/// A hundred of each asset.
fn funded() -> weir_protocol::model::VaultWords {
    let mut vault = vault();
    let limits = DepositLimits::NONE;
    deposit(&mut vault, NOW_S, LST, 100 * WAD, &quotes(), &limits).expect("under the cap");
    vault
}

/// A quote of an asset whose source is dead.
fn dead() -> Quote {
    Quote {
        state: RateState::Stale,
        ..Quote::fresh(WAD)
    }
}

#[test]
fn a_delisted_asset_takes_no_deposit_and_gets_no_cap_again() {
    let mut vault = funded();
    let cap = vault.asset_terms(LST).cap;
    assert_eq!(delist(&mut vault, LST), Ok(cap));
    let gone = VaultError::AssetDelisted { asset: LST };
    let refused = deposit(&mut vault, NOW_S, LST, WAD, &quotes(), &DepositLimits::NONE);
    assert_eq!(refused.map(|_| ()), Err(gone));
    assert_eq!(set_cap(&mut vault, LST, cap, &quotes()), Err(gone));
    assert_eq!(delist(&mut vault, LST), Err(gone));
    let unknown = VaultError::AssetUnknown { asset: 7 };
    assert_eq!(delist(&mut vault, 7), Err(unknown));
    deposit(
        &mut vault,
        NOW_S,
        WETH,
        WAD,
        &quotes(),
        &DepositLimits::NONE,
    )
    .expect("of another");
}

#[test]
fn only_what_failed_and_is_certain_is_pocketed() {
    let mut vault = funded();
    let refused = pocket(&mut vault, LST, &dead(), EXITS);
    assert_eq!(refused, Err(VaultError::AssetListed { asset: LST }));
    delist(&mut vault, LST).expect("listed");
    let refused = pocket(&mut vault, LST, &Quote::fresh(WAD), EXITS);
    assert_eq!(refused, Err(VaultError::AssetNotFailed { asset: LST }));
    let mut slashed = vault.clone();
    contest(&mut slashed, 1, Part::of(1, WAD as u64)).expect("a filing");
    let refused = pocket(&mut slashed, LST, &dead(), EXITS);
    assert_eq!(refused, Err(VaultError::Contested { undecided: 1 }));
}

#[test]
fn a_pocket_takes_all_that_counts_and_leaves_the_others_as_they_were() {
    let mut vault = funded();
    let (before, other) = (ledger(&vault, LST), ledger(&vault, WETH));
    let total = before.total().expect("fits");
    delist(&mut vault, LST).expect("listed");
    assert_eq!(pocket(&mut vault, LST, &dead(), EXITS), Ok(total));
    let after = ledger(&vault, LST);
    assert_eq!((after.total(), after.due), (Ok(0), total));
    assert_eq!(after.liabilities(), before.liabilities());
    assert_eq!(ledger(&vault, WETH), other);
    // Its rate is asked for no more.
    let mut at = quotes();
    at[usize::from(LST)] = dead();
    let value = valuation(&vault, &at).expect("fits");
    assert_eq!(value.state, RateState::Fresh);
    assert_eq!(pull(&mut vault, LST, EXITS), Ok(total));
    let nothing = VaultError::NothingDue { asset: LST };
    assert_eq!(pocket(&mut vault, LST, &dead(), EXITS), Err(nothing));
}

#[test]
fn entitlements_follow_what_came_in_and_never_exceed_it() {
    let mut tickets = Table::default();
    let [alice, bob] = [10, 11].map(weir_protocol::model::account);
    exits::open_pocket(&mut tickets, LST, [1; 32].into(), 3).expect("first");
    let again = exits::open_pocket(&mut tickets, LST, [2; 32].into(), 3);
    assert_eq!(again, Err(ExitsError::PocketOpen { asset: LST }));
    let zero = exits::open_pocket(&mut tickets, WETH, [0; 32].into(), 3);
    assert_eq!(zero, Err(ExitsError::ZeroAmount));

    let take = |tickets: &mut Table<_, _>, account, shares, balance| {
        exits::take_pocket(tickets, LST, account, shares, balance)
    };
    assert_eq!(take(&mut tickets, alice, 1, 100), Ok(33));
    let nothing = ExitsError::NothingInPocket {
        asset: LST,
        account: alice,
    };
    assert_eq!(take(&mut tickets, alice, 1, 67), Err(nothing));
    assert_eq!(take(&mut tickets, bob, 2, 67), Ok(66));
    // Sixty more come in: 161 in all.
    assert_eq!(take(&mut tickets, alice, 1, 61), Ok(20));
    assert_eq!(take(&mut tickets, bob, 2, 41), Ok(40));
    let pocket = exits::pocket(&tickets, LST);
    assert_eq!(pocket.paid, 159);
    assert_eq!(exits::pocket_taken(&tickets, LST, bob), 106);
}
