//! What is done at once, and by whom.

use alloy_primitives::{Address, B64, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IAllocator::{self, Limits},
    IGovernor::{Acted, MustWait, initCall, ruleCall},
    IHub,
    IShared::{AlreadyInitialized, BadArguments, Unauthorized},
    IVault,
};
use weir_flows::{
    DEPLOYER,
    actors::{OPERATOR, RESOLVER, SINK, SLASHER, STRANGER},
};
use weir_protocol::units::{WAD, WAD_MAGNITUDE};

use crate::world::{CURATOR, GOVERNOR, GUARDIAN, Governed};

/// Only these may make the call, and at once.
fn only(governed: &Governed, roles: &[Address], target: Address, call: &impl SolCall) {
    let everybody = [GOVERNOR, CURATOR, GUARDIAN, STRANGER, DEPLOYER];
    for caller in everybody
        .into_iter()
        .filter(|caller| !roles.contains(caller))
    {
        let refusal = governed.act(caller, target, call).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    for caller in roles {
        governed.world.stage.and_back(|| {
            let sent = governed.act(*caller, target, call).unwrap();
            let acted: Acted = sent.event(governed.at);
            assert_eq!((acted.caller, acted.target), (*caller, target));
            assert_eq!(acted.data, call.abi_encode());
        });
    }
}

#[test]
fn what_removes_risk_is_done_at_once_by_who_may() {
    let governed = Governed::new();
    let at = governed.world.at;
    let token = governed.token();
    let lower = governed.set_cap(governed.cap() - U256::ONE);
    only(&governed, &[GOVERNOR], at.vault, &lower);
    let fee = IVault::setDepositFeeCall {
        token,
        feeBps: U256::ZERO,
    };
    only(&governed, &[GOVERNOR], at.vault, &fee);
    let (duration_s, limits) = (U256::from(60), half());
    let pauses = [at.vault, at.vault, at.allocator];
    let deposits = IVault::pauseDepositsCall {
        durationS: duration_s,
    };
    let instant = IVault::pauseInstantCall {
        durationS: duration_s,
    };
    let raises = IAllocator::pauseAllocationsCall {
        durationS: duration_s,
    };
    only(&governed, &[GUARDIAN], pauses[0], &deposits);
    only(&governed, &[GUARDIAN], pauses[1], &instant);
    only(&governed, &[GUARDIAN], pauses[2], &raises);
    let tighter = IAllocator::setLimitsCall { limits };
    only(
        &governed,
        &[GOVERNOR, CURATOR, GUARDIAN],
        at.allocator,
        &tighter,
    );
    let groups = IAllocator::setGroupsCall {
        operator: OPERATOR,
        groups: vec![B64::repeat_byte(7)],
    };
    only(&governed, &[GOVERNOR, CURATOR], at.allocator, &groups);
}

#[test]
fn the_curator_allocates_in_a_service_that_the_set_up_joined() {
    let governed = Governed::empty();
    let (world, at) = (&governed.world, governed.world.at);
    let terms = IHub::Terms {
        slasher: SLASHER,
        resolver: RESOLVER,
        rewardManager: Default::default(),
        sink: SINK,
        vetoWindow: 3_600,
        maxWad: WAD_MAGNITUDE / 10,
    };
    world.done(STRANGER, at.hub, &IHub::registerServiceCall { terms });
    let join = IHub::optInVaultCall {
        vault: at.vault,
        service: 1,
        termsHash: world.ask(at.hub, &IHub::termsHashCall { service: 1 }),
    };
    only(&governed, &[GOVERNOR], at.hub, &join);
    governed.act(GOVERNOR, at.hub, &join).unwrap();
    governed.deposit();
    let raise = IAllocator::allocateCall {
        service: 1,
        operator: OPERATOR,
        magnitude: WAD_MAGNITUDE / 2,
    };
    only(&governed, &[CURATOR], at.allocator, &raise);
}

#[test]
fn as_long_as_the_vault_has_no_shares_nothing_waits() {
    let governed = Governed::empty();
    let at = governed.world.at;
    let raise = governed.set_cap(governed.cap() + U256::ONE);
    let target = IVault::setIdleTargetCall {
        targetBps: U256::from(600),
    };
    let roles = weir_abi::IGovernor::setRolesCall {
        governor: GOVERNOR,
        curator: CURATOR,
        guardian: GUARDIAN,
    };
    only(&governed, &[GOVERNOR], at.vault, &raise);
    only(&governed, &[GOVERNOR], at.vault, &target);
    only(&governed, &[GOVERNOR], governed.at, &roles);
    governed.deposit();
    let must_wait = |target, call: Vec<u8>| {
        let act = weir_abi::IGovernor::actCall {
            target,
            data: call.into(),
        };
        let refusal = governed.world.refused(GOVERNOR, governed.at, &act);
        refusal.error::<MustWait>().waitS
    };
    let (long_s, short_s) = (governed.waits.long_s, governed.waits.short_s);
    assert_eq!(must_wait(at.vault, raise.abi_encode()), long_s);
    assert_eq!(must_wait(at.vault, target.abi_encode()), short_s);
    assert_eq!(must_wait(governed.at, roles.abi_encode()), long_s);
}

#[test]
fn what_the_rules_do_not_name_waits_longest() {
    let governed = Governed::new();
    let at = governed.world.at;
    let wait = |target, data: Vec<u8>| {
        let call = ruleCall {
            target,
            data: data.into(),
        };
        governed.world.ask(governed.at, &call)
    };
    let lower = governed.set_cap(U256::ZERO).abi_encode();
    assert_eq!(wait(at.vault, lower.clone()).waitS, 0);
    for (target, data) in [
        (at.hub, lower.clone()),
        (STRANGER, lower.clone()),
        (at.vault, lower[..3].to_vec()),
        (at.vault, Vec::new()),
        (at.lrt, vec![1, 2, 3, 4]),
    ] {
        let rule = wait(target, data);
        assert_eq!(rule.waitS, governed.waits.long_s);
        assert!(rule.governor && !rule.curator && !rule.guardian);
    }
    let cut = ruleCall {
        target: at.vault,
        data: lower[..40].to_vec().into(),
    };
    let refusal = governed
        .world
        .stage
        .try_view(governed.at, &cut)
        .unwrap_err();
    assert!(refusal.is::<BadArguments>(), "{refusal:?}");
    let rate = |asset: usize, rate: u128| {
        let call = weir_abi::IRates::acceptCall {
            asset: governed.world.assets[asset].token,
            rateWad: U256::from(rate),
        };
        wait(at.rates, call.abi_encode()).waitS
    };
    let now = 1_150_000_000_000_000_000;
    assert_eq!(rate(1, now), governed.waits.short_s);
    assert_eq!(rate(1, now + 1), governed.waits.long_s);
    assert_eq!(rate(1, WAD), governed.waits.short_s);
}

#[test]
fn the_deployer_wires_it_once() {
    let governed = Governed::empty();
    let call = initCall {
        vault: governed.world.at.vault,
        governor: DEPLOYER,
        curator: DEPLOYER,
        guardian: DEPLOYER,
    };
    for caller in [DEPLOYER, GOVERNOR, STRANGER] {
        let refusal = governed.world.refused(caller, governed.at, &call);
        assert!(refusal.is::<AlreadyInitialized>());
    }
}

fn half() -> Limits {
    Limits {
        serviceBps: 5_000,
        operatorBps: 5_000,
        groupBps: 5_000,
        worstOneBps: 5_000,
        worstTwoBps: 5_000,
        worstThreeBps: 5_000,
    }
}
