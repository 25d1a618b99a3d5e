//! The router turns a claim into one asset, through pools that the caller names and nobody trusts.

use alloy_primitives::{Address, Bytes, I256, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use weir_abi::{
    IErc20::transferCall,
    IExits::{self, NotTicketOwner, claimToCall},
    IRouter::{self, *},
    IShared::{Expired, Reentrant, Unauthorized},
    IUniswapV3Pool::swapCall,
};
use weir_artifacts::ROUTER;
use weir_flows::{
    DEPLOYER, Refusal, Sent,
    actors::{ALICE, BOB, CAROL, STRANGER},
    evm::{self, Manner},
    scene::{LST, Scene, WETH, wei},
};

/// Half of a vault with 60 WETH and 40 LST is claimable with Alice's ticket, a tenth with Bob's. Both made the router their operator.
struct Desk {
    scene: Scene,
    router: Address,
    ticket: U256,
    of_bob: U256,
}

fn desk() -> Desk {
    let scene = Scene::with_holders();
    let (world, at) = (&scene.world, scene.world.at);
    let router = world.stage.deploy(&ROUTER);
    world.done(DEPLOYER, router, &initCall { vault: at.vault });
    for who in [ALICE, BOB] {
        let operate = IExits::setOperatorCall {
            operator: router,
            approved: true,
        };
        world.done(who, at.exits, &operate);
    }
    let ticket = scene.request(ALICE, "53").value;
    let of_bob = scene.request(BOB, "10.6").value;
    scene.maturity(1);
    Desk {
        scene,
        router,
        ticket,
        of_bob,
    }
}

impl Desk {
    fn call(&self, min_out: &str, pools: &[Address]) -> claimIntoCall {
        claimIntoCall {
            ticketId: self.ticket,
            into: self.scene.token(WETH),
            minOut: wei(min_out),
            receiver: CAROL,
            deadline: U256::MAX,
            pools: pools.to_vec(),
        }
    }

    fn done(&self, call: &claimIntoCall) -> Sent<U256> {
        self.scene.world.done(ALICE, self.router, call)
    }

    fn refused(&self, call: &claimIntoCall) -> Refusal {
        self.scene.world.refused(ALICE, self.router, call)
    }

    /// What somebody has, WETH and LST.
    fn has(&self, who: Address) -> [U256; 2] {
        [WETH, LST].map(|asset| self.scene.world.balance(self.scene.token(asset), who))
    }

    fn keeps_nothing(&self) {
        assert_eq!(self.has(self.router), [U256::ZERO; 2]);
        let lrt = self.scene.world.at.lrt;
        assert_eq!(self.scene.world.balance(lrt, self.router), U256::ZERO);
    }

    /// A pool that asks for `asks` of what it is sold, and sends `pays` of `paid_in`, whatever anybody says. It has 100 of each asset.
    fn pool(&self, asks: U256, pays: U256, paid_in: usize) -> Address {
        let stage = &self.scene.world.stage;
        let none = (I256::ZERO, I256::ZERO).abi_encode_params();
        let pool = stage.place(evm::answering(&[], &[(swapCall::SELECTOR, none)]));
        let sell = transferCall {
            to: self.router,
            value: pays,
        };
        let pay = uniswapV3SwapCallbackCall {
            amount0Delta: I256::try_from(asks).expect("a small amount"),
            amount1Delta: I256::MINUS_ONE,
            data: Bytes::new(),
        };
        let code = self.calling(pool, self.scene.token(paid_in), &sell.abi_encode());
        self.behind(&code, self.router, &pay.abi_encode())
    }

    /// Code that makes a call in its own name whenever it is told to swap, and then goes on as `inner`.
    fn calling(&self, inner: Address, target: Address, data: &[u8]) -> Address {
        let data = Bytes::copy_from_slice(data);
        let manner = Manner::CallsBack { target, data };
        let code = evm::token(inner, swapCall::SELECTOR, &manner);
        let pool = self.scene.world.stage.place(code);
        for asset in [WETH, LST] {
            self.scene.give(asset, pool, "100");
        }
        pool
    }

    fn behind(&self, inner: &Address, target: Address, data: &[u8]) -> Address {
        self.calling(*inner, target, data)
    }

    /// What a pool's call back was answered, and whether it worked.
    fn answer(&self, sent: &Sent<U256>, pool: Address) -> (bool, Vec<u8>) {
        let logs = sent.logs.iter();
        let log = logs
            .clone()
            .find(|log| log.address == pool && log.topics().is_empty())
            .expect("a call back");
        let (worked, answer) = log.data.data.split_at(32);
        (worked.ends_with(&[1]), answer.to_vec())
    }
}

#[test]
fn without_pools_everything_comes_as_it_is() {
    let desk = desk();
    let sent = desk.done(&desk.call("30", &[]));
    assert_eq!(sent.value, wei("30"));
    assert_eq!(desk.has(CAROL), ["30", "20"].map(wei));
    let event = sent.event::<Routed>(desk.router);
    assert_eq!((event.ticketId, event.caller), (desk.ticket, ALICE));
    assert_eq!((event.receiver, event.amountOut), (CAROL, wei("30")));
    desk.keeps_nothing();
}

#[test]
fn a_pool_turns_the_other_asset_into_the_one() {
    let desk = desk();
    let pool = desk.pool(wei("20"), wei("22.9"), WETH);
    let short = desk.refused(&desk.call("52.900000000000000001", &[Address::ZERO, pool]));
    let short: BelowMinOut = short.error();
    assert_eq!(short.amountOut, wei("52.9"));
    let sent = desk.done(&desk.call("52.9", &[Address::ZERO, pool]));
    assert_eq!(sent.value, wei("52.9"));
    assert_eq!(desk.has(CAROL), ["52.9", "0"].map(wei));
    assert_eq!(desk.has(pool), ["77.1", "120"].map(wei));
    desk.keeps_nothing();

    // The other way round, for a token that the pool of WETH is never asked for.
    let call = claimIntoCall {
        ticketId: desk.of_bob,
        into: desk.scene.token(LST),
        ..desk.call("9", &[desk.pool(wei("6"), wei("5"), LST), pool])
    };
    let sent = desk.scene.world.done(BOB, desk.router, &call);
    assert_eq!(sent.value, wei("9"));
    desk.keeps_nothing();
}

#[test]
fn what_a_pool_leaves_goes_to_the_receiver_as_it_is() {
    let desk = desk();
    let pool = desk.pool(wei("12"), wei("13"), WETH);
    desk.done(&desk.call("43", &[Address::ZERO, pool]));
    assert_eq!(desk.has(CAROL), ["43", "8"].map(wei));
    desk.keeps_nothing();
}

#[test]
fn a_pool_that_takes_too_much_or_gives_too_little_is_refused() {
    let desk = desk();
    let before = desk.has(CAROL);
    let thief = desk.pool(wei("20"), U256::ZERO, WETH);
    let refusal = desk.refused(&desk.call("30.1", &[Address::ZERO, thief]));
    assert_eq!(refusal.error::<BelowMinOut>().amountOut, wei("30"));
    // Of more than it is sold it gets nothing.
    let greedy = desk.pool(wei("20") + U256::ONE, U256::ZERO, WETH);
    desk.scene.world.stage.and_back(|| {
        let sent = desk.done(&desk.call("30", &[Address::ZERO, greedy]));
        let (worked, answer) = desk.answer(&sent, greedy);
        assert!(!worked);
        assert_eq!(NotSwapping::abi_decode(&answer).unwrap().caller, greedy);
        assert_eq!(desk.has(CAROL), ["30", "20"].map(wei));
        desk.keeps_nothing();
    });
    // No code takes nothing.
    let empty = Address::repeat_byte(7);
    desk.refused(&desk.call("30.1", &[Address::ZERO, empty]))
        .error::<BelowMinOut>();
    assert_eq!(desk.has(CAROL), before);
    desk.keeps_nothing();
}

/// From inside a swap, in the name of the pool: the same pool's payment for another token, a claim of somebody who trusts the router,
/// and that claim from the exits themselves.
#[test]
fn a_pool_that_calls_back_reaches_nobody_elses_claim() {
    let desk = desk();
    let bobs = claimIntoCall {
        ticketId: desk.of_bob,
        ..desk.call("0", &[])
    };
    let steal = claimToCall {
        ticketId: desk.of_bob,
        receiver: STRANGER,
    };
    let quiet = desk.pool(U256::ZERO, U256::ZERO, WETH);
    let calls = [
        (desk.router, bobs.abi_encode(), Reentrant::SELECTOR),
        (
            desk.scene.world.at.exits,
            steal.abi_encode(),
            NotTicketOwner::SELECTOR,
        ),
    ];
    for (target, data, error) in calls {
        let pool = desk.calling(quiet, target, &data);
        desk.scene.world.stage.and_back(|| {
            let sent = desk.done(&desk.call("30", &[Address::ZERO, pool]));
            let (worked, answer) = desk.answer(&sent, pool);
            assert!(!worked && answer.starts_with(&error), "{answer:x?}");
        });
    }
    // Out of a swap nobody is paid.
    let pay = uniswapV3SwapCallbackCall {
        amount0Delta: I256::ONE,
        amount1Delta: I256::ZERO,
        data: Bytes::new(),
    };
    for caller in [STRANGER, quiet, ALICE] {
        let refusal = desk.scene.world.refused(caller, desk.router, &pay);
        assert_eq!(refusal.error::<NotSwapping>().caller, caller);
    }
}

#[test]
fn the_router_acts_for_owners_and_their_operators_alone() {
    let desk = desk();
    let (world, exits) = (&desk.scene.world, desk.scene.world.at.exits);
    let call = desk.call("30", &[]);
    for caller in [STRANGER, BOB, DEPLOYER, world.governor] {
        let refusal = world.refused(caller, desk.router, &call);
        assert_eq!(refusal.error::<NotForCaller>().caller, caller);
    }
    let operate = IExits::setOperatorCall {
        operator: CAROL,
        approved: true,
    };
    world.done(ALICE, exits, &operate);
    world.stage.and_back(|| {
        world.done(CAROL, desk.router, &call);
    });
    let dismiss = IExits::setOperatorCall {
        operator: desk.router,
        approved: false,
    };
    world.done(ALICE, exits, &dismiss);
    let refusal = desk.refused(&call);
    assert_eq!(refusal.error::<NotTicketOwner>().caller, desk.router);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = desk();
    let call = desk.call("30", &[]);
    let late = claimIntoCall {
        deadline: U256::from(desk.scene.world.stage.now_s() - 1),
        ..call.clone()
    };
    desk.refused(&late).error::<Expired>();
    for receiver in [Address::ZERO, desk.router] {
        let nowhere = claimIntoCall {
            receiver,
            ..call.clone()
        };
        let refusal = desk.refused(&nowhere);
        assert_eq!(refusal.error::<BadReceiver>().receiver, receiver);
    }
    let unknown = claimIntoCall {
        ticketId: U256::MAX,
        ..call
    };
    desk.refused(&unknown).error::<IExits::NoTicket>();
    let (world, vault) = (&desk.scene.world, desk.scene.world.at.vault);
    let fresh = world.stage.deploy(&ROUTER);
    let refusal = world.refused(STRANGER, fresh, &IRouter::initCall { vault });
    refusal.error::<Unauthorized>();
}

/// Whoever sends the router a token has lost it: it is nobody's claim.
#[test]
fn what_lies_in_the_router_is_not_paid_out() {
    let desk = desk();
    let weth = desk.scene.token(WETH);
    desk.scene.give(WETH, BOB, "3");
    let donate = transferCall {
        to: desk.router,
        value: wei("3"),
    };
    desk.scene.world.done(BOB, weth, &donate);
    let sent = desk.done(&desk.call("30", &[]));
    assert_eq!(sent.value, wei("30"));
    assert_eq!(desk.has(desk.router), ["3", "0"].map(wei));
}

/// What counts is what the receiver got.
#[test]
fn a_token_that_keeps_a_part_counts_by_what_arrived() {
    let desk = desk();
    desk.scene
        .world
        .set_manner::<transferCall>(WETH, &Manner::KeepsAWei);
    desk.refused(&desk.call("30", &[])).error::<BelowMinOut>();
    let sent = desk.done(&desk.call("29.999999999999999998", &[]));
    assert_eq!(sent.value, wei("30") - U256::from(2));
    assert_eq!(desk.has(CAROL)[WETH], sent.value);
}
