//! Ether and rebasing stETH go into the vault in one call.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IErc20::{allowanceCall, approveCall},
    ILst, IRates,
    IShared::{Expired, NotPayable, TransferFailed, Unauthorized, ZeroAmount},
    ISteth, IVault, IWsteth,
    IZap::{self, NoSuchWrapper, Zapped, depositEtherCall, depositStethCall},
};
use weir_artifacts::{STETH, WSTETH, ZAP};
use weir_flows::{
    DEPLOYER, Stage,
    actors::{ALICE, BOB, STRANGER},
    scene::{Scene, WETH, wei},
};

struct Zap {
    scene: Scene,
    zap: Address,
    steth: Address,
    wsteth: Address,
}

/// A vault that also takes wstETH, whose stETH is worth a little over 1.1 ETH a share, with a rest in every division.
fn zap() -> Zap {
    let scene = Scene::with_holders();
    let (world, at) = (&scene.world, scene.world.at);
    let steth = world.stage.deploy(&STETH);
    let wsteth = world.stage.deploy(&WSTETH);
    world.done(DEPLOYER, steth, &ILst::initCall { owner: BOB });
    world.done(DEPLOYER, wsteth, &IWsteth::initCall { steth });
    let pay = |from, value: &str, call: &dyn Fn(U256)| {
        world.stage.fund(from, wei(value));
        call(wei(value));
    };
    pay(ALICE, "50", &|value| {
        let referral = Address::ZERO;
        let submit = ISteth::submitCall { referral };
        world
            .stage
            .pay(ALICE, steth, value, &submit)
            .expect("stETH");
    });
    pay(BOB, "5.000000000000000007", &|value| {
        let accrue = ILst::accrueCall {};
        world
            .stage
            .pay(BOB, steth, value, &accrue)
            .expect("a rebase");
    });
    let list = IVault::listAssetCall {
        token: wsteth,
        cap: U256::ZERO,
        depositFeeBps: U256::ZERO,
    };
    world.done(world.governor, at.vault, &list);
    let list = IRates::listSourceCall {
        asset: wsteth,
        source: IRates::Source {
            target: wsteth,
            selector: IWsteth::stEthPerTokenCall::SELECTOR.into(),
            maxDropWad: 10_000_000_000_000_000,
            maxGrowthPerDayWad: 1_000_000_000_000_000,
            guard: Address::ZERO,
            guardSelector: [0; 4].into(),
            guardMarginWad: 0,
        },
    };
    world.done(world.governor, at.rates, &list);
    // A twentieth of 106 ETH, and no more.
    let raise = IVault::setCapCall {
        token: wsteth,
        cap: wei("4.8"),
    };
    world.done(world.governor, at.vault, &raise);
    world.stage.fund(ALICE, wei("10"));
    let zap = wired(&world.stage, at.vault, scene.token(WETH), wsteth);
    Zap {
        scene,
        zap,
        steth,
        wsteth,
    }
}

fn wired(stage: &Stage, vault: Address, weth: Address, wsteth: Address) -> Address {
    let zap = stage.deploy(&ZAP);
    let init = IZap::initCall {
        vault,
        weth,
        wsteth,
    };
    stage.send(DEPLOYER, zap, &init).expect("it is wired");
    zap
}

impl Zap {
    /// Neither a token nor an allowance stays, but for a wei of stETH that each wrapping rounds away.
    fn keeps_nothing(&self, wrappings: u64) {
        let (world, vault) = (&self.scene.world, self.scene.world.at.vault);
        for token in [self.scene.token(WETH), self.wsteth, self.steth] {
            let dust = if token == self.steth { wrappings } else { 0 };
            assert!(
                world.balance(token, self.zap) <= U256::from(dust),
                "{token}"
            );
            for spender in [vault, self.wsteth] {
                let call = allowanceCall {
                    owner: self.zap,
                    spender,
                };
                assert_eq!(world.ask(token, &call), U256::ZERO, "{token}");
            }
        }
    }

    fn approve(&self, amount: U256) {
        let call = approveCall {
            spender: self.zap,
            value: amount,
        };
        self.scene.world.done(ALICE, self.steth, &call);
    }
}

fn ether_call(min_shares: U256) -> depositEtherCall {
    depositEtherCall {
        receiver: BOB,
        minShares: min_shares,
        minFloorRate: U256::ZERO,
        deadline: U256::MAX,
    }
}

fn steth_call(amount: U256) -> depositStethCall {
    depositStethCall {
        amount,
        receiver: BOB,
        minShares: U256::ZERO,
        minFloorRate: U256::ZERO,
        deadline: U256::MAX,
    }
}

#[test]
fn ether_is_wrapped_and_deposited_in_one_call() {
    let zap = zap();
    let (world, lrt) = (&zap.scene.world, zap.scene.world.at.lrt);
    let before = world.balance(lrt, BOB);
    let sent = world
        .stage
        .pay(ALICE, zap.zap, wei("2.5"), &ether_call(wei("2.5")))
        .expect("a deposit");
    assert_eq!(sent.value, wei("2.5"));
    assert_eq!(world.balance(lrt, BOB) - before, wei("2.5"));
    let event = sent.event::<Zapped>(zap.zap);
    assert_eq!((event.sender, event.receiver), (ALICE, BOB));
    assert_eq!(
        (event.asset, event.amount),
        (zap.scene.token(WETH), wei("2.5"))
    );
    zap.keeps_nothing(0);
}

#[test]
fn steth_is_wrapped_by_what_arrived_and_deposited_in_one_call() {
    let zap = zap();
    let world = &zap.scene.world;
    let amounts = ["3.7", "1.000000000000000001", "0.333333333333333333"].map(wei);
    for (wrappings, amount) in (1..).zip(amounts) {
        zap.approve(amount);
        let before = world.balance(world.at.lrt, BOB);
        let vault_had = world.balance(zap.wsteth, world.at.vault);
        let sent = world.done(ALICE, zap.zap, &steth_call(amount));
        let event = sent.event::<Zapped>(zap.zap);
        assert_eq!(world.balance(world.at.lrt, BOB) - before, event.shares);
        let vault_has = world.balance(zap.wsteth, world.at.vault);
        assert_eq!(vault_has - vault_had, event.amount);
        let worth = IWsteth::getStETHByWstETHCall {
            wstEthAmount: event.amount,
        };
        let worth = world.ask(zap.wsteth, &worth);
        assert!(
            worth <= amount && worth + U256::from(4) >= amount,
            "{worth} of {amount}"
        );
        zap.keeps_nothing(wrappings);
    }
}

#[test]
fn what_the_vault_refuses_leaves_no_trace() {
    let zap = zap();
    let world = &zap.scene.world;
    let more = ether_call(wei("2.500000000000000001"));
    let refusal = world.stage.pay(ALICE, zap.zap, wei("2.5"), &more);
    let short: IVault::BelowMinShares = refusal.unwrap_err().error();
    assert_eq!(short.shares, wei("2.5"));
    let refusal = world.refused(ALICE, zap.zap, &ether_call(U256::ZERO));
    refusal.error::<ZeroAmount>();

    let refusal = world.refused(ALICE, zap.zap, &steth_call(wei("1")));
    assert_eq!(refusal.error::<TransferFailed>().token, zap.steth);
    zap.approve(wei("1"));
    let late = depositStethCall {
        deadline: U256::from(world.stage.now_s() - 1),
        ..steth_call(wei("1"))
    };
    world.refused(ALICE, zap.zap, &late).error::<Expired>();
    let paid = world
        .stage
        .pay(ALICE, zap.zap, U256::ONE, &steth_call(wei("1")));
    paid.unwrap_err().error::<NotPayable>();
    zap.keeps_nothing(0);
    world.done(ALICE, zap.zap, &steth_call(wei("1")));
}

#[test]
fn a_zap_without_a_token_refuses_it_and_is_wired_by_its_deployer() {
    let zap = zap();
    let (stage, vault) = (&zap.scene.world.stage, zap.scene.world.at.vault);
    let bare = wired(stage, vault, Address::ZERO, Address::ZERO);
    let refusal = stage.pay(ALICE, bare, U256::ONE, &ether_call(U256::ZERO));
    refusal.unwrap_err().error::<NoSuchWrapper>();
    let refusal = stage.send(ALICE, bare, &steth_call(wei("1")));
    refusal.unwrap_err().error::<NoSuchWrapper>();
    let init = IZap::initCall {
        vault,
        weth: Address::ZERO,
        wsteth: Address::ZERO,
    };
    let fresh = stage.deploy(&ZAP);
    let refusal = stage.send(STRANGER, fresh, &init).unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, STRANGER);
    let wiring = stage.view(zap.zap, &IZap::wiringCall {});
    assert_eq!((wiring.vault, wiring.steth), (vault, zap.steth));
}
