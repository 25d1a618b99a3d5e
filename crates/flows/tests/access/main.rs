//! Who may call what, and what there is to call.

mod selectors;

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IAllocator, ICover, IExits, IHub, ILrt, IRates, IRewards, IShare,
    IShared::{AlreadyInitialized, Unauthorized},
    IVault,
};
use weir_flows::{DEPLOYER, World, actors::*};
use weir_protocol::{model::Config, units::WAD};

/// Calls are refused to everybody but the one who holds the role, with the caller's name.
struct Gate<'a> {
    world: &'a World,
    everybody: Vec<Address>,
}

impl Gate<'_> {
    fn only<C: SolCall>(&self, role: Address, to: Address, call: &C) {
        for caller in self
            .everybody
            .iter()
            .copied()
            .filter(|caller| *caller != role)
        {
            let refusal = self.world.refused(caller, to, call);
            assert_eq!(
                refusal.decode::<Unauthorized>().map(|error| error.caller),
                Some(caller),
                "{} by {caller}: {refusal:?}",
                C::SIGNATURE
            );
        }
    }
}

#[test]
fn every_privileged_call_is_refused_from_every_other_address() {
    let world = World::new(&Config::default());
    let at = world.at;
    let mut everybody = vec![
        world.governor,
        world.guardian,
        world.curator,
        DEPLOYER,
        ALICE,
        STRANGER,
        OPERATOR,
        SLASHER,
    ];
    everybody.extend([at.lrt, at.vault, at.exits, at.allocator, at.hub, at.rates]);
    let gate = Gate {
        world: &world,
        everybody,
    };
    let token = world.assets[0].token;
    let one = U256::from(WAD);

    gate.only(
        world.governor,
        at.vault,
        &IVault::listAssetCall {
            token: ALICE,
            cap: one,
            depositFeeBps: U256::ZERO,
        },
    );
    gate.only(
        world.governor,
        at.vault,
        &IVault::setCapCall { token, cap: one },
    );
    gate.only(world.governor, at.vault, &IVault::delistCall { token });
    gate.only(world.governor, at.vault, &IVault::pocketCall { token });
    gate.only(
        world.governor,
        at.exits,
        &IExits::openPocketCall {
            asset: token,
            root: [1; 32].into(),
            shares: one,
        },
    );
    gate.only(
        world.governor,
        at.rates,
        &IRates::setSecondCall {
            asset: token,
            target: ALICE,
            selector: [1; 4].into(),
            marginWad: 0,
        },
    );
    gate.only(
        world.governor,
        at.vault,
        &IVault::setDepositFeeCall {
            token,
            feeBps: U256::ONE,
        },
    );
    gate.only(
        world.governor,
        at.vault,
        &IVault::setIdleTargetCall {
            targetBps: U256::ONE,
        },
    );
    gate.only(
        world.governor,
        at.vault,
        &IVault::setPerformanceFeeCall { feeBps: U256::ZERO },
    );
    let split = world.ask(at.vault, &IVault::performanceFeeCall {}).split;
    gate.only(world.governor, at.vault, &IVault::setFeeSplitCall { split });
    let sold = world.ask(at.rewards, &IRewards::auctionCall { token: ALICE });
    gate.only(
        world.governor,
        at.rewards,
        &IRewards::setAuctionCall {
            token: ALICE,
            auction: sold,
        },
    );
    let curve = world.ask(at.vault, &IVault::feeCurveCall {});
    gate.only(world.governor, at.vault, &IVault::setFeeCurveCall { curve });
    gate.only(
        world.guardian,
        at.vault,
        &IVault::pauseDepositsCall {
            durationS: U256::ONE,
        },
    );
    gate.only(
        world.guardian,
        at.vault,
        &IVault::pauseInstantCall {
            durationS: U256::ONE,
        },
    );

    gate.only(
        at.exits,
        at.vault,
        &IVault::enqueueCall {
            owner: ALICE,
            shares: one,
        },
    );
    gate.only(
        at.exits,
        at.vault,
        &IVault::dequeueCall {
            owner: ALICE,
            epoch: 0,
            shares: one,
        },
    );
    let taken = vec![U256::ZERO; 2];
    gate.only(
        at.exits,
        at.vault,
        &IVault::releaseCall {
            epoch: 0,
            shares: one,
            taken,
            takenShares: U256::ZERO,
            to: ALICE,
        },
    );
    gate.only(
        at.hub,
        at.vault,
        &IVault::contestCall {
            id: 1,
            delta: 1,
            capacity: 2,
            scale: 0,
            operator: ALICE,
            service: 1,
        },
    );
    gate.only(
        at.hub,
        at.vault,
        &IVault::executeCall {
            id: 1,
            delta: 1,
            capacity: 2,
            scale: 0,
            sink: SINK,
        },
    );
    gate.only(at.hub, at.vault, &IVault::liftCall { id: 1 });
    gate.only(at.cover, at.vault, &IVault::setBurnableCall { shares: one });
    gate.only(
        at.vault,
        at.cover,
        &ICover::lockCall {
            id: 1,
            operator: ALICE,
            service: 1,
            worth: one,
        },
    );
    gate.only(
        at.vault,
        at.cover,
        &ICover::decideCall {
            id: 1,
            executed: true,
        },
    );

    gate.only(
        at.vault,
        at.lrt,
        &ILrt::mintCall {
            to: ALICE,
            value: one,
        },
    );
    gate.only(
        at.vault,
        at.lrt,
        &ILrt::burnCall {
            from: ALICE,
            value: one,
        },
    );
    gate.only(
        at.vault,
        at.lrt,
        &ILrt::transferByVaultCall {
            from: ALICE,
            to: STRANGER,
            value: one,
        },
    );

    gate.only(
        world.governor,
        at.lrt,
        &IShare::setVaultCall {
            asset: token,
            entry: ALICE,
        },
    );

    gate.only(
        world.curator,
        at.allocator,
        &IAllocator::allocateCall {
            service: 1,
            operator: OPERATOR,
            magnitude: 1,
        },
    );
    gate.only(
        world.guardian,
        at.allocator,
        &IAllocator::pauseAllocationsCall {
            durationS: U256::ONE,
        },
    );
    let (service, operator) = (1, OPERATOR);
    gate.only(at.vault, at.allocator, &IAllocator::retireCall {});
    gate.only(
        world.governor,
        at.hub,
        &IHub::approveResolverCall {
            vault: at.vault,
            resolver: ALICE,
            approved: true,
        },
    );
    gate.only(
        at.hub,
        at.allocator,
        &IAllocator::freezeCall {
            id: 1,
            service,
            operator,
            wad: 1,
            offenceEpoch: 0,
        },
    );
    gate.only(
        at.hub,
        at.allocator,
        &IAllocator::slashCall {
            id: 1,
            service,
            operator,
        },
    );
    gate.only(
        at.hub,
        at.allocator,
        &IAllocator::thawCall {
            id: 1,
            service,
            operator,
            filedEpoch: 0,
        },
    );

    gate.only(
        world.governor,
        at.rates,
        &IRates::acceptCall {
            asset: token,
            rateWad: one,
        },
    );
    let source = world.ask(at.rates, &IRates::sourceCall { asset: token });
    gate.only(
        world.governor,
        at.rates,
        &IRates::listSourceCall {
            asset: token,
            source,
        },
    );
}

#[test]
fn only_the_deployer_initialises_and_only_once() {
    let config = Config::default();
    let world = World::unwired(&config);
    let at = world.at;
    let lrt = ILrt::initCall {
        vault: at.vault,
        name: "Weir".into(),
        symbol: "wrETH".into(),
    };
    let vault = IVault::initCall {
        wiring: world.wiring(&config),
    };
    let exits = weir_flows::exits_init(at.vault);
    let (hub, curator) = (at.hub, world.curator);
    let allocator = IAllocator::initCall {
        vault: at.vault,
        hub,
        curator,
        increaseDelayS: 1,
    };
    let rates = IRates::initCall {
        vault: at.vault,
        governor: world.governor,
    };

    fn once<C: SolCall>(world: &World, to: Address, call: &C) {
        for caller in [STRANGER, world.governor] {
            assert!(
                world.refused(caller, to, call).is::<Unauthorized>(),
                "{} by {caller}",
                C::SIGNATURE
            );
        }
        world.done(DEPLOYER, to, call);
        for caller in [STRANGER, DEPLOYER] {
            assert!(
                world.refused(caller, to, call).is::<AlreadyInitialized>(),
                "{} again",
                C::SIGNATURE
            );
        }
    }
    once(&world, at.lrt, &lrt);
    once(&world, at.vault, &vault);
    once(&world, at.exits, &exits);
    once(&world, at.allocator, &allocator);
    once(&world, at.rates, &rates);
}

/// Called by themselves they have no storage but their own, where nobody has a role and no asset is listed.
#[test]
fn the_programs_behind_a_vault_are_no_vaults_themselves() {
    let world = World::new(&Config::default());
    let at = world.at;
    let token = world.assets[0].token;
    let redeem = IVault::redeemCall {
        asset: token,
        shares: U256::from(WAD),
        receiver: STRANGER,
        minAmount: U256::ZERO,
        deadline: U256::MAX,
    };
    let cap = IVault::setCapCall {
        token,
        cap: U256::ZERO,
    };
    let pause = IVault::pauseDepositsCall {
        durationS: U256::ONE,
    };
    let contest = IVault::contestCall {
        id: 1,
        delta: 1,
        capacity: 2,
        scale: 0,
        operator: STRANGER,
        service: 1,
    };
    for program in [at.control, at.views, at.instant, at.slash] {
        for caller in [STRANGER, world.governor, world.guardian, at.hub] {
            world.refused(caller, program, &redeem);
            world.refused(caller, program, &cap);
            world.refused(caller, program, &pause);
            world.refused(caller, program, &contest);
            world.refused(caller, program, &IVault::syncCall {});
            let wiring = world.wiring(&Config::default());
            world.refused(caller, program, &IVault::initCall { wiring });
        }
    }
}

#[test]
fn a_vault_joins_a_service_by_its_governor_alone() {
    let world = World::new(&Config::default());
    let at = world.at;
    let terms = IHub::Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        rewardManager: Default::default(),
        sink: SINK,
        vetoWindow: 3_600,
        maxWad: 1,
    };
    world.done(STRANGER, at.hub, &IHub::registerServiceCall { terms });
    let hash = world.ask(at.hub, &IHub::termsHashCall { service: 1 });
    let join = IHub::optInVaultCall {
        vault: at.vault,
        service: 1,
        termsHash: hash,
    };
    for caller in [STRANGER, world.guardian, world.curator, SLASHER] {
        assert!(world.refused(caller, at.hub, &join).is::<Unauthorized>());
    }
    world.done(world.governor, at.hub, &join);
    assert!(world.ask(
        at.hub,
        &IHub::isVaultInCall {
            vault: at.vault,
            service: 1
        }
    ));
}
