//! What the exits' trust in the code of entries does not let anybody do.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use weir_abi::{
    IEntry::{self, *},
    IErc20::transferCall,
    IExits::{self, NotTicketOwner, claimToCall},
    IShared::{AlreadyInitialized, Reentrant, Unauthorized, ZeroAddress},
    IVault,
};
use weir_artifacts::{ENTRY, ZAP};
use weir_flows::{
    DEPLOYER,
    actors::{ALICE, BOB, CAROL, STRANGER},
    evm::{self, Manner},
    scene::{LST, WETH, wei},
};
use weir_protocol::exits::ticket_id;

use crate::desk::{Desk, redeem};

/// Alice's request of epoch 1 can be claimed.
fn claimable() -> (Desk, U256) {
    let desk = Desk::new();
    desk.request(ALICE, WETH, "53");
    desk.scene.maturity(1);
    (desk, ticket_id(1, ALICE))
}

#[test]
fn only_the_owner_an_operator_and_entries_have_somebody_else_paid() {
    let (desk, ticket) = claimable();
    let (world, exits) = (&desk.scene.world, desk.scene.world.at.exits);
    let to_carol = claimToCall {
        ticketId: ticket,
        receiver: CAROL,
    };
    let set = |approved| IExits::setOperatorCall {
        operator: BOB,
        approved,
    };
    // Another program of the protocol is not an entry.
    let zap = world.stage.deploy(&ZAP);
    for caller in [STRANGER, BOB, world.governor, world.at.vault, zap, DEPLOYER] {
        let refusal = world.refused(caller, exits, &to_carol);
        let not: NotTicketOwner = refusal.error();
        assert_eq!((not.ticketId, not.caller), (ticket, caller));
    }
    let nobody = claimToCall {
        receiver: Address::ZERO,
        ..to_carol
    };
    world.refused(ALICE, exits, &nobody).error::<ZeroAddress>();
    world.stage.and_back(|| {
        let sent = world.done(ALICE, exits, &to_carol);
        let event = sent.event::<IExits::PaidTo>(exits);
        assert_eq!((event.caller, event.receiver), (ALICE, CAROL));
        assert_eq!(desk.balance(LST, CAROL), wei("30"));
    });
    let sent = world.done(ALICE, exits, &set(true));
    assert!(sent.value && sent.event::<IExits::OperatorSet>(exits).approved);
    let is = IExits::isOperatorCall {
        owner: ALICE,
        operator: BOB,
    };
    assert!(world.ask(exits, &is));
    world.stage.and_back(|| {
        world.done(BOB, exits, &to_carol);
    });
    world.done(ALICE, exits, &set(false));
    world
        .refused(BOB, exits, &to_carol)
        .error::<NotTicketOwner>();
    assert_eq!(
        world.ask(exits, &IExits::entryCodeCall {}),
        ENTRY.codehash()
    );
}

/// The exits believe the code, whoever deployed and wired it: so an instance that knows another vault must not be of any use.
#[test]
fn an_entry_wired_by_an_attacker_claims_for_nobody_but_its_caller() {
    let (desk, _) = claimable();
    let (world, at) = (&desk.scene.world, desk.scene.world.at);
    let attacker = STRANGER;
    let fake = IVault::Init {
        lrt: desk.scene.token(LST),
        ..world.ask(at.vault, &IVault::wiringCall {})
    };
    let assets = vec![attacker, desk.scene.token(WETH)];
    let vault = world.stage.place(evm::answering(
        &[
            (IVault::wiringCall::SELECTOR, fake.abi_encode()),
            (IVault::assetsCall::SELECTOR, (assets,).abi_encode_params()),
        ],
        &[],
    ));
    let entry = world.stage.deploy(&ENTRY);
    let init = initCall {
        vault,
        asset: attacker,
    };
    world.done(DEPLOYER, entry, &init);
    let steal = redeem(wei("53"), attacker, ALICE);
    let not: NotOperator = world.refused(attacker, entry, &steal).error();
    assert_eq!((not.account, not.caller), (ALICE, attacker));
    let operate = setOperatorCall {
        operator: attacker,
        approved: true,
    };
    world.done(attacker, entry, &operate);
    world
        .refused(attacker, entry, &steal)
        .error::<NotOperator>();
    // Alice herself may be paid through it, in full, whatever it says the amounts are.
    let max = maxRedeemCall { controller: ALICE };
    assert_eq!(world.ask(entry, &max), U256::ZERO, "it made no request");
    desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
    assert_eq!(desk.balance(LST, ALICE), wei("30"));
}

/// Anybody may make somebody else a controller: that is a gift, and takes nothing away.
#[test]
fn a_request_for_somebody_else_gives_no_right() {
    let desk = Desk::new();
    desk.request(ALICE, WETH, "10");
    let gift = requestRedeemCall {
        shares: U256::ONE,
        controller: ALICE,
        owner: BOB,
    };
    desk.done(BOB, WETH, &gift);
    desk.scene.maturity(1);
    let shares = wei("10") + U256::ONE;
    assert_eq!(desk.max_redeem(WETH, ALICE), shares);
    desk.refused(BOB, WETH, &redeem(shares, BOB, ALICE))
        .error::<NotOperator>();
    desk.done(ALICE, WETH, &redeem(shares, ALICE, ALICE));
}

#[test]
fn a_token_that_calls_back_finds_the_entry_locked() {
    let (desk, _) = claimable();
    let world = &desk.scene.world;
    let again = redeem(wei("53"), STRANGER, ALICE);
    let deposit = depositCall {
        assets: U256::ONE,
        receiver: STRANGER,
    };
    for data in [again.abi_encode(), deposit.abi_encode()] {
        let manner = Manner::CallsBack {
            target: desk.entries[WETH],
            data: Bytes::from(data),
        };
        world.set_manner::<transferCall>(LST, &manner);
        world.stage.and_back(|| {
            let sent = desk.done(ALICE, WETH, &redeem(wei("53"), ALICE, ALICE));
            let answer = sent
                .logs
                .iter()
                .find(|log| log.address == desk.scene.token(LST) && log.topics().is_empty())
                .expect("what the call back answered");
            assert!(
                answer.data.data.ends_with(&Reentrant::SELECTOR),
                "{answer:?}"
            );
        });
    }
}

#[test]
fn an_entry_is_wired_once_by_its_deployer() {
    let desk = Desk::new();
    let world = &desk.scene.world;
    let init = IEntry::initCall {
        vault: world.at.vault,
        asset: desk.scene.token(WETH),
    };
    let fresh = world.stage.deploy(&ENTRY);
    let refusal = world.refused(STRANGER, fresh, &init);
    assert_eq!(refusal.error::<Unauthorized>().caller, STRANGER);
    world.done(DEPLOYER, fresh, &init);
    world
        .refused(DEPLOYER, fresh, &init)
        .error::<AlreadyInitialized>();
    let wiring = world.ask(fresh, &wiringCall {});
    let at = world.at;
    assert_eq!(
        (wiring.vault, wiring.lrt, wiring.exits, wiring.rates),
        (at.vault, at.lrt, at.exits, at.rates)
    );
}
