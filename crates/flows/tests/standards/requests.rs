//! The life of a request: pending, claimable, claimed; and who may do what with it.

use alloy_primitives::{Address, U256};
use weir_abi::{
    IEntry::{self, *},
    IErc20::approveCall,
    IExits::{self, NothingToClaim},
    IShared::{TransferFailed, ZeroAddress, ZeroAmount},
};
use weir_flows::{
    World,
    actors::{ALICE, BOB, CAROL, STRANGER},
    evm::Manner,
    scene::{LST, WETH, wei},
};
use weir_protocol::model::Config;

use crate::desk::{Desk, redeem};

#[test]
fn a_request_is_pending_then_claimable_then_claimed_in_every_asset() {
    let desk = Desk::new();
    let (world, exits) = (&desk.scene.world, desk.scene.world.at.exits);
    let had = desk.share(ALICE);
    let call = requestRedeemCall {
        shares: wei("53"),
        controller: BOB,
        owner: ALICE,
    };
    let sent = desk.done(ALICE, WETH, &call);
    let request = sent.value;
    assert_eq!(request, U256::ONE, "the epoch");
    let event = sent.event::<RedeemRequest>(desk.entries[WETH]);
    assert_eq!((event.controller, event.owner), (BOB, ALICE));
    assert_eq!((event.requestId, event.sender), (request, ALICE));
    assert_eq!(event.shares, wei("53"));
    assert_eq!(desk.share(ALICE), had - wei("53"));
    assert_eq!(desk.share(exits), wei("53"));

    // Nothing skips the claim, and nobody's question changes an answer.
    assert_eq!(desk.status(WETH, request, BOB), [wei("53"), U256::ZERO]);
    assert_eq!(desk.status(LST, request, BOB), [wei("53"), U256::ZERO]);
    assert_eq!(desk.status(WETH, request, ALICE), [U256::ZERO; 2]);
    let early = desk.refused(BOB, WETH, &redeem(wei("53"), BOB, BOB));
    assert_eq!(early.error::<WholeRequestsOnly>().claimable, U256::ZERO);

    desk.scene.maturity(1);
    assert_eq!(desk.status(WETH, request, BOB), [U256::ZERO, wei("53")]);
    assert_eq!(desk.max_redeem(WETH, BOB), wei("53"));
    let sent = desk.done(BOB, WETH, &redeem(wei("53"), CAROL, BOB));
    // Half of the vault: what is returned is this entry's asset, and the other one comes with it.
    assert_eq!(sent.value, wei("30"));
    assert_eq!(desk.balance(WETH, CAROL), wei("10") + wei("30"));
    assert_eq!(desk.balance(LST, CAROL), wei("10") + wei("20"));
    let event = sent.event::<Withdraw>(desk.entries[WETH]);
    assert_eq!(
        (event.sender, event.receiver, event.owner),
        (BOB, CAROL, BOB)
    );
    assert_eq!((event.assets, event.shares), (wei("30"), wei("53")));
    let claimed = sent.event::<IExits::Claimed>(exits);
    assert_eq!(claimed.amounts, ["30", "20"].map(wei));
    assert_eq!(desk.status(WETH, request, BOB), [U256::ZERO; 2]);
    assert_eq!(desk.share(exits), U256::ZERO);
    assert_eq!(world.balance(world.at.lrt, world.at.vault), U256::ZERO);
    desk.keeps_nothing();
}

/// Requests with one id are worth the same and come at once, through whichever entry they were made.
#[test]
fn requests_of_one_id_are_fungible() {
    let desk = Desk::new();
    let requests = [(ALICE, WETH), (BOB, LST)].map(|(who, asset)| desk.request(who, asset, "20"));
    assert_eq!(requests[0], requests[1]);
    desk.scene.maturity(1);
    let part = |asset| desk.max_withdraw(asset, if asset == WETH { ALICE } else { BOB });
    let (weth, lst) = (part(WETH), part(LST));
    desk.done(ALICE, WETH, &redeem(wei("20"), STRANGER, ALICE));
    let of_alice = [WETH, LST].map(|asset| desk.balance(asset, STRANGER));
    desk.done(BOB, LST, &redeem(wei("20"), STRANGER, BOB));
    let both = [WETH, LST].map(|asset| desk.balance(asset, STRANGER));
    assert_eq!(both, of_alice.map(|amount| amount * U256::from(2)));
    assert_eq!(of_alice, [weth, lst]);
}

/// 7540-5, and what else a request cannot be.
#[test]
fn a_request_needs_its_shares_and_a_controller() {
    let desk = Desk::new();
    let call = |shares, controller| requestRedeemCall {
        shares,
        controller,
        owner: ALICE,
    };
    let more = call(desk.share(ALICE) + U256::ONE, ALICE);
    let failed: TransferFailed = desk.refused(ALICE, WETH, &more).error();
    assert_eq!(failed.token, desk.scene.world.at.lrt);
    let none = desk.refused(ALICE, WETH, &call(U256::ZERO, ALICE));
    none.error::<ZeroAmount>();
    let nobody = desk.refused(ALICE, WETH, &call(wei("1"), Address::ZERO));
    nobody.error::<ZeroAddress>();
    desk.keeps_nothing();
}

#[test]
fn a_request_in_epoch_0_has_no_id() {
    let world = World::new(&Config::default());
    let at = world.at;
    world.give(WETH, ALICE, 10u128.pow(18));
    let deposit = weir_abi::IVault::depositCall {
        asset: world.assets[WETH].token,
        amount: wei("1"),
        receiver: ALICE,
        minShares: U256::ZERO,
        minFloorRate: U256::ZERO,
        deadline: U256::MAX,
    };
    world.done(ALICE, at.vault, &deposit);
    let entry = world.stage.deploy(&weir_artifacts::ENTRY);
    let init = initCall {
        vault: at.vault,
        asset: world.assets[WETH].token,
    };
    world.done(weir_flows::DEPLOYER, entry, &init);
    let approve = approveCall {
        spender: entry,
        value: U256::MAX,
    };
    world.done(ALICE, at.lrt, &approve);
    let request = requestRedeemCall {
        shares: wei("0.1"),
        controller: ALICE,
        owner: ALICE,
    };
    world
        .refused(ALICE, entry, &request)
        .error::<NoRequestIdYet>();
}

#[test]
fn an_operator_may_request_and_claim_and_others_may_not() {
    let desk = Desk::new();
    let request = requestRedeemCall {
        shares: wei("5"),
        controller: ALICE,
        owner: ALICE,
    };
    let set = |approved| setOperatorCall {
        operator: CAROL,
        approved,
    };
    let is = isOperatorCall {
        controller: ALICE,
        operator: CAROL,
    };
    let not: NotOperator = desk.refused(CAROL, WETH, &request).error();
    assert_eq!((not.account, not.caller), (ALICE, CAROL));
    // Not by an allowance of shares either, which is for the token to know.
    let approve = approveCall {
        spender: CAROL,
        value: U256::MAX,
    };
    desk.scene
        .world
        .done(ALICE, desk.scene.world.at.lrt, &approve);
    desk.refused(CAROL, WETH, &request).error::<NotOperator>();

    let sent = desk.done(ALICE, WETH, &set(true));
    assert!(sent.value && desk.ask(WETH, &is));
    let event = sent.event::<IEntry::OperatorSet>(desk.entries[WETH]);
    assert_eq!((event.controller, event.operator), (ALICE, CAROL));
    assert!(event.approved);
    assert!(!desk.ask(LST, &is), "operators are those of one entry");
    let sent = desk.done(CAROL, WETH, &request);
    let event = sent.event::<RedeemRequest>(desk.entries[WETH]);
    assert_eq!((event.owner, event.sender), (ALICE, CAROL));

    desk.scene.maturity(1);
    desk.refused(STRANGER, WETH, &redeem(wei("5"), STRANGER, ALICE))
        .error::<NotOperator>();
    desk.scene.world.stage.and_back(|| {
        let sent = desk.done(CAROL, WETH, &redeem(wei("5"), BOB, ALICE));
        let event = sent.event::<Withdraw>(desk.entries[WETH]);
        assert_eq!(
            (event.sender, event.receiver, event.owner),
            (CAROL, BOB, ALICE)
        );
    });
    desk.done(ALICE, WETH, &set(false));
    assert!(!desk.ask(WETH, &is));
    desk.refused(CAROL, WETH, &redeem(wei("5"), BOB, ALICE))
        .error::<NotOperator>();
}

/// A claim names no request, so it takes the oldest that can be paid; one that was claimed elsewhere is passed over.
#[test]
fn the_oldest_request_is_claimed_first() {
    let desk = Desk::new();
    let exits = desk.scene.world.at.exits;
    for (epoch, shares) in [(1, "1"), (2, "2"), (3, "3")] {
        desk.scene.epoch(epoch);
        desk.request(ALICE, WETH, shares);
    }
    desk.scene.maturity(2);
    assert_eq!(desk.max_redeem(WETH, ALICE), wei("1"));
    let ticket = weir_protocol::exits::ticket_id(1, ALICE);
    desk.scene.claim(ticket);
    assert_eq!(desk.max_redeem(WETH, ALICE), wei("2"));
    desk.done(ALICE, WETH, &redeem(wei("2"), ALICE, ALICE));
    assert_eq!(desk.max_redeem(WETH, ALICE), U256::ZERO, "not settled yet");
    desk.scene.maturity(3);
    assert_eq!(desk.max_redeem(WETH, ALICE), wei("3"));
    desk.done(ALICE, WETH, &redeem(wei("3"), ALICE, ALICE));
    let none = desk.refused(ALICE, WETH, &redeem(wei("3"), ALICE, ALICE));
    assert_eq!(none.error::<WholeRequestsOnly>().claimable, U256::ZERO);
    assert_eq!(desk.share(exits), U256::ZERO);
}

/// What a slash request holds back comes with a later claim of the same shares.
#[test]
fn what_is_held_back_is_claimed_when_it_is_decided() {
    let desk = Desk::new();
    let request = desk.request(ALICE, WETH, "53");
    desk.scene.epoch(3);
    let slash = desk.scene.file("0.5").value;
    desk.scene.maturity(1);
    let first = desk.max_withdraw(WETH, ALICE);
    assert!(first < wei("30") && !first.is_zero(), "{first}");
    let sent = desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
    assert_eq!(sent.value, first);
    assert_eq!(desk.status(WETH, request, ALICE), [U256::ZERO; 2]);
    desk.scene.veto(slash);
    assert_eq!(desk.status(WETH, request, ALICE), [U256::ZERO, wei("53")]);
    let rest = desk.max_withdraw(WETH, ALICE);
    desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
    assert_eq!(first + rest, wei("30"));
    assert_eq!(desk.max_redeem(WETH, ALICE), U256::ZERO);
    let gone = IExits::claimCall {
        ticketId: weir_protocol::exits::ticket_id(1, ALICE),
    };
    let refusal = desk
        .scene
        .world
        .refused(ALICE, desk.scene.world.at.exits, &gone);
    assert!(!refusal.is::<NothingToClaim>(), "it is finished");
}

/// An asset whose transfer fails stays owed, and the others are paid; when it works again, a claim pays it.
#[test]
fn an_asset_that_fails_is_claimed_later() {
    let desk = Desk::new();
    let (world, lst) = (&desk.scene.world, LST);
    desk.request(ALICE, WETH, "53");
    desk.scene.maturity(1);
    world.set_manner::<weir_abi::IErc20::transferCall>(lst, &Manner::Reverts);
    let sent = desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
    assert_eq!(sent.value, wei("30"));
    assert_eq!(desk.balance(LST, ALICE), wei("10"));
    world.set_manner::<weir_abi::IErc20::transferCall>(lst, &Manner::Honest);
    assert_eq!(desk.max_withdraw(WETH, ALICE), U256::ZERO);
    let sent = desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
    assert_eq!(sent.value, U256::ZERO);
    assert_eq!(desk.balance(LST, ALICE), wei("30"));
}
