//! Rewards of a vault on a chain: streams, commission, the operators' fee shares, auctions.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IErc20,
    IRewards::{self, *},
    IShared::{BpsTooHigh, TransferFailed, Unauthorized},
    IVault, IWeth,
};
use weir_flows::{
    actors::{ALICE, BOB, CAROL, OPERATOR, STRANGER},
    evm::{self, Manner},
    scene::{LST, Scene, WETH, wei},
};
use weir_protocol::model::Config;

/// A scene in whose epoch 2 Bob has WETH to pay rewards with, and a token that is no asset.
struct Rewarded {
    scene: Scene,
    at: Address,
    token: Address,
}

impl Rewarded {
    fn new() -> Self {
        let scene = Scene::with_holders();
        let world = &scene.world;
        let token = world
            .stage
            .place(evm::token(world.weth(), [0; 4], &Manner::Honest));
        world.stage.fund(BOB, wei("100"));
        world
            .stage
            .pay(BOB, token, wei("100"), &IWeth::depositCall {})
            .expect("wrapped");
        scene.give(WETH, BOB, "100");
        let at = world.at.rewards;
        let bps = U256::from(1_000);
        world.done(OPERATOR, at, &setCommissionCall { bps });
        scene.epoch(2);
        scene.sync();
        Self { scene, at, token }
    }

    fn fund_call(&self, ether: &str, end: u64, max_commission_bps: u64) -> fundCall {
        fundCall {
            asset: self.scene.token(WETH),
            operator: OPERATOR,
            amount: wei(ether),
            end,
            maxCommissionBps: U256::from(max_commission_bps),
        }
    }

    fn ledger(&self) -> IVault::Ledger {
        let token = self.scene.token(WETH);
        let vault = self.scene.world.at.vault;
        self.scene
            .world
            .ask(vault, &IVault::assetCall { token })
            .ledger
    }

    fn auction(&self) -> IRewards::Auction {
        IRewards::Auction {
            asset: self.scene.token(WETH),
            startWad: wei("2"),
            floorWad: wei("0.5"),
            minLot: wei("1"),
            maxLot: wei("10"),
            fallS: U256::from(3_600),
        }
    }

    fn set_auction(&self) {
        let (token, auction) = (self.token, self.auction());
        let call = setAuctionCall { token, auction };
        let governor = self.scene.world.governor;
        self.scene.world.done(governor, self.at, &call);
    }

    fn give_token(&self, ether: &str) {
        let call = IErc20::transferCall {
            to: self.at,
            value: wei(ether),
        };
        self.scene.world.done(BOB, self.token, &call);
    }

    fn bid_call(&self, min_amount: &str, max_cost: &str) -> bidCall {
        bidCall {
            token: self.token,
            minAmount: wei(min_amount),
            maxCost: wei(max_cost),
            to: ALICE,
        }
    }
}

#[test]
fn a_stream_pays_the_operator_and_vests_for_holders_with_no_keeper() {
    let rewarded = Rewarded::new();
    let (world, at) = (&rewarded.scene.world, rewarded.at);
    let asset = rewarded.scene.token(WETH);
    let refused = |call| world.refused(BOB, at, &call);
    let high: CommissionTooHigh = refused(rewarded.fund_call("10", 4, 999)).error();
    assert_eq!(high.bps, U256::from(1_000));
    let end: IVault::BadStreamEnd = refused(rewarded.fund_call("10", 2, 1_000)).error();
    assert_eq!((end.first, end.last), (3, 8));
    let _: IVault::StreamTooSmall = refused(rewarded.fund_call("0.011", 4, 1_000)).error();
    let _: TransferFailed = refused(rewarded.fund_call("1000", 4, 1_000)).error();

    let before = rewarded.scene.state().rateWad;
    let done = world.done(BOB, at, &rewarded.fund_call("10", 4, 1_000));
    assert_eq!(done.value, wei("1"));
    assert_eq!(rewarded.scene.state().rateWad, before, "nothing at once");
    assert_eq!(rewarded.ledger().unvested, wei("9"));
    assert_eq!(world.balance(asset, at), wei("1"), "commission alone");

    // Views answer what has vested by their second; nobody has called.
    let idle = rewarded.ledger().idle;
    world.stage.advance(5 * 24 * 60 * 60);
    let seen = rewarded.ledger();
    assert!(rewarded.scene.state().rateWad > before);
    assert!(wei("4.5") - (wei("9") - seen.unvested) < U256::from(1_000_000));
    assert!(seen.idle + seen.staked > idle);
    let stream = world.ask(world.at.vault, &IVault::streamsCall { asset });
    assert_eq!(stream.left, seen.unvested);
    assert_eq!(stream.ending[0], stream.perSecond, "all ends with epoch 4");
    world.stage.advance(50 * 24 * 60 * 60);
    assert_eq!(rewarded.ledger().unvested, U256::ZERO);

    let token = asset;
    let earned = earnedCall {
        operator: OPERATOR,
        token,
    };
    assert_eq!(world.ask(at, &earned), wei("1"));
    let claim = claimCommissionCall { token, to: CAROL };
    let had = world.balance(asset, CAROL);
    assert_eq!(world.done(OPERATOR, at, &claim).value, wei("1"));
    assert_eq!(world.balance(asset, CAROL), had + wei("1"));
    let _: NothingEarned = world.refused(OPERATOR, at, &claim).error();
    let _: NothingEarned = world.refused(STRANGER, at, &claim).error();
}

#[test]
fn a_rise_of_commission_counts_from_the_next_epoch() {
    let rewarded = Rewarded::new();
    let (world, at) = (&rewarded.scene.world, rewarded.at);
    let now = || {
        let commission = world.ask(at, &commissionCall { operator: OPERATOR });
        (commission.bps.to::<u64>(), commission.nextBps.to::<u64>())
    };
    let set = |bps: u64| {
        let bps = U256::from(bps);
        world.done(OPERATOR, at, &setCommissionCall { bps });
    };
    set(2_000);
    assert_eq!(now(), (1_000, 2_000));
    assert_eq!(
        world
            .done(BOB, at, &rewarded.fund_call("10", 4, 10_000))
            .value,
        wei("1")
    );
    set(500);
    assert_eq!(now(), (500, 500), "less at once");
    set(5_000);
    rewarded.scene.epoch(3);
    assert_eq!(now(), (5_000, 5_000));
    let above: BpsTooHigh = world
        .refused(
            OPERATOR,
            at,
            &setCommissionCall {
                bps: U256::from(u64::MAX),
            },
        )
        .error();
    assert_eq!(above.maxBps, U256::from(5_000));
}

#[test]
fn the_operators_part_of_the_fee_is_theirs_by_their_stake_and_covers_vests_there() {
    let config = Config {
        fee_bps: 1_000,
        ..Config::default()
    };
    let scene = Scene::with(&config);
    let (world, at) = (&scene.world, scene.world.at);
    scene.give(LST, BOB, "100");
    scene.deposit(BOB, LST, "100");
    let mut split = world.ask(at.vault, &IVault::performanceFeeCall {}).split;
    split.coverBps = U256::from(2_000);
    split.operatorsBps = U256::from(3_000);
    world.done(world.governor, at.vault, &IVault::setFeeSplitCall { split });
    let _: NothingToShare = world
        .refused(STRANGER, at.rewards, &shareFeesCall {})
        .error();
    // Two days of growth within the bounds.
    world.stage.advance(2 * 24 * 60 * 60);
    world.set_answer(LST, Some(wei("1.152")));
    world.done(STRANGER, at.vault, &IVault::accrueFeeCall {});
    let collected = world
        .done(STRANGER, at.vault, &IVault::collectFeesCall {})
        .value;
    assert!(collected.operators > U256::ZERO);
    assert_eq!(world.balance(at.lrt, at.cover), collected.cover);
    assert_eq!(
        world
            .done(STRANGER, at.cover, &weir_abi::ICover::earnCall {})
            .value,
        collected.cover
    );
    // Cover has no members yet: what came waits for them.
    let pool = world.ask(at.cover, &weir_abi::ICover::poolCall {});
    assert_eq!(pool.unvested, collected.cover);

    let shared = world.done(STRANGER, at.rewards, &shareFeesCall {}).value;
    assert_eq!(
        shared, collected.operators,
        "one operator has all the stake"
    );
    let claim = claimCommissionCall {
        token: at.lrt,
        to: OPERATOR,
    };
    assert_eq!(world.done(OPERATOR, at.rewards, &claim).value, shared);
    assert_eq!(world.balance(at.lrt, OPERATOR), shared);
    assert_eq!(world.balance(at.lrt, at.rewards), U256::ZERO);
}

#[test]
fn a_token_that_is_no_asset_is_sold_at_a_falling_price_for_one_that_is() {
    let rewarded = Rewarded::new();
    let (world, at, token) = (&rewarded.scene.world, rewarded.at, rewarded.token);
    let _: NotForSale = world.refused(STRANGER, at, &startCall { token }).error();
    rewarded.set_auction();
    let _: LotTooSmall = world.refused(STRANGER, at, &startCall { token }).error();
    let _: NoLot = world.refused(BOB, at, &rewarded.bid_call("1", "9")).error();
    rewarded.give_token("12");
    assert_eq!(
        world.done(STRANGER, at, &startCall { token }).value,
        wei("10")
    );
    let _: LotOpen = world.refused(STRANGER, at, &startCall { token }).error();
    let above: AboveMaxCost = world.refused(BOB, at, &rewarded.bid_call("1", "9")).error();
    assert_eq!(above.cost, wei("20"));
    world.stage.advance(2_400);
    let _: LotTooSmall = world
        .refused(BOB, at, &rewarded.bid_call("10.1", "20"))
        .error();
    let lot = world.ask(at, &lotCall { token });
    assert_eq!((lot.amount, lot.cost), (wei("10"), wei("10")));
    let rate = rewarded.scene.state().rateWad;
    let cost = world.done(BOB, at, &rewarded.bid_call("10", "10")).value;
    assert_eq!(cost, wei("10"));
    assert_eq!(world.balance(token, ALICE), wei("10"));
    assert_eq!(rewarded.ledger().unvested, wei("10"));
    assert_eq!(rewarded.scene.state().rateWad, rate, "it vests");
    let _: NoLot = world.refused(BOB, at, &rewarded.bid_call("1", "9")).error();
    // What is left is a lot of its own, that waits at the floor until somebody opens it anew.
    world.done(STRANGER, at, &startCall { token });
    world.stage.advance(7_199);
    let open: LotOpen = world.refused(STRANGER, at, &startCall { token }).error();
    assert_eq!(world.ask(at, &lotCall { token }).cost, wei("1"));
    rewarded.give_token("5");
    world.stage.advance(1);
    assert!(U256::from(world.stage.now_s()) >= open.until);
    assert_eq!(
        world.done(STRANGER, at, &startCall { token }).value,
        wei("7")
    );
}

#[test]
fn only_the_governor_says_what_is_sold_and_no_asset_is() {
    let rewarded = Rewarded::new();
    let (world, at) = (&rewarded.scene.world, rewarded.at);
    let mut call = setAuctionCall {
        token: rewarded.token,
        auction: rewarded.auction(),
    };
    let _: Unauthorized = world.refused(STRANGER, at, &call).error();
    call.auction.floorWad = call.auction.startWad + U256::ONE;
    let _: BadAuction = world.refused(world.governor, at, &call).error();
    for token in [rewarded.scene.token(LST), world.at.lrt] {
        call.token = token;
        let _: IsAsset = world.refused(world.governor, at, &call).error();
        let _: IsAsset = world.refused(STRANGER, at, &startCall { token }).error();
    }
    let sold = world.ask(
        at,
        &auctionCall {
            token: rewarded.token,
        },
    );
    assert_eq!(sold.asset, Address::ZERO);
}

/// What Penpie lost 27 million by: a token of a market that anybody could make called back in while rewards were counted by
/// balances, and its own deposits were counted as rewards. Here a lot is gone from the books first, the contract is locked, and the
/// vault counts what it was told, not what it has.
#[test]
fn penpie_reentrant_harvest() {
    let rewarded = Rewarded::new();
    let (world, at, token) = (&rewarded.scene.world, rewarded.at, rewarded.token);
    rewarded.set_auction();
    rewarded.give_token("2");
    world.done(STRANGER, at, &startCall { token });
    for data in [
        startCall { token }.abi_encode(),
        rewarded.bid_call("0", "9").abi_encode(),
        claimCommissionCall { token, to: ALICE }.abi_encode(),
    ] {
        let manner = Manner::CallsBack {
            target: at,
            data: data.into(),
        };
        let code = evm::token(world.weth(), IErc20::transferCall::SELECTOR, &manner);
        world.stage.and_back(|| {
            world.stage.set_code(token, code);
            let unvested = rewarded.ledger().unvested;
            match world.stage.send(BOB, at, &rewarded.bid_call("2", "9")) {
                // It called back in vain: sold once, for its price.
                Ok(sent) => {
                    assert_eq!(sent.value, wei("4"));
                    assert_eq!(rewarded.ledger().unvested, unvested + wei("4"));
                    let amount = world.ask(at, &lotCall { token }).amount;
                    assert_eq!(amount, U256::ZERO);
                }
                // Or failed with its call: nothing happened.
                Err(_) => assert_eq!(rewarded.ledger().unvested, unvested),
            }
        });
    }
}

#[test]
fn a_token_that_refuses_its_transfer_keeps_its_lot_and_nobody_elses_reward() {
    let rewarded = Rewarded::new();
    let (world, at, token) = (&rewarded.scene.world, rewarded.at, rewarded.token);
    rewarded.set_auction();
    rewarded.give_token("2");
    world.done(STRANGER, at, &startCall { token });
    world.done(BOB, at, &rewarded.fund_call("10", 4, 1_000));
    let code = evm::token(
        world.weth(),
        IErc20::transferCall::SELECTOR,
        &Manner::Reverts,
    );
    world.stage.set_code(token, code);
    let failed: TransferFailed = world.refused(BOB, at, &rewarded.bid_call("2", "9")).error();
    assert_eq!(failed.token, token);
    assert_eq!(world.ask(at, &lotCall { token }).amount, wei("2"));
    let claim = claimCommissionCall {
        token: rewarded.scene.token(WETH),
        to: OPERATOR,
    };
    assert_eq!(world.done(OPERATOR, at, &claim).value, wei("1"));
}
