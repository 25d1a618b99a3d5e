//! What waits: too early, ripe, expired, cancelled.

use alloy_primitives::U256;
use alloy_sol_types::SolCall;
use weir_abi::{
    IGovernor::{
        Cancelled, DataTooLong, Executed, NotRipe, NotWaiting, ProposalExpired, ProposalUnknown,
        RolesSet, Scheduled, actCall, cancelCall, proposalCall, proposalDataCall, rolesCall,
        scheduleCall, setRolesCall, termsCall,
    },
    IShared::{BpsTooHigh, Unauthorized},
    IVault,
};
use weir_flows::actors::{ALICE, STRANGER};
use weir_protocol::{governor::EXECUTION_GRACE_S, model::Config};

use crate::world::{CURATOR, GOVERNOR, GUARDIAN, Governed};

#[test]
fn a_raised_cap_waits_until_everybody_could_have_left() {
    let governed = Governed::new();
    let (world, vault) = (&governed.world, governed.world.at.vault);
    let cap = governed.cap() + U256::ONE;
    let call = governed.set_cap(cap);
    let schedule = scheduleCall {
        target: vault,
        data: call.abi_encode().into(),
    };
    for caller in [CURATOR, GUARDIAN, STRANGER] {
        let refusal = world.refused(caller, governed.at, &schedule);
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    let sent = world.done(GOVERNOR, governed.at, &schedule);
    let (id, start_s) = (sent.value, world.stage.now_s());
    let scheduled: Scheduled = sent.event(governed.at);
    assert_eq!((scheduled.id, scheduled.target), (1, vault));
    assert_eq!(scheduled.data, schedule.data);
    assert_eq!(scheduled.ripeAt, start_s + governed.waits.long_s);
    let kept = world.ask(governed.at, &proposalCall { id });
    assert_eq!(
        (kept.target, kept.scheduledAt, kept.status),
        (vault, start_s, 1)
    );
    assert_eq!(
        (kept.ripeAt, kept.expiresAt),
        (scheduled.ripeAt, scheduled.expiresAt)
    );
    assert_eq!(
        world.ask(governed.at, &proposalDataCall { id }),
        schedule.data
    );

    world.stage.warp(scheduled.ripeAt - 1);
    let refusal = governed.execute(GOVERNOR, id).unwrap_err();
    assert_eq!(refusal.error::<NotRipe>().ripeAt, scheduled.ripeAt);
    world.stage.warp(scheduled.ripeAt);
    let sent = governed.execute(STRANGER, id).unwrap();
    let executed: Executed = sent.event(governed.at);
    assert_eq!((executed.id, executed.target), (id, vault));
    let set: IVault::CapSet = sent.event(vault);
    assert_eq!((set.oldCap + U256::ONE, set.newCap), (cap, cap));
    assert_eq!(governed.cap(), cap);
    let again = governed.execute(STRANGER, id).unwrap_err();
    assert_eq!(again.error::<NotWaiting>().status, 2);
}

#[test]
fn the_long_wait_is_the_longest_exit_what_a_request_holds_back_and_a_day() {
    let governed = Governed::empty();
    let terms = governed.world.ask(governed.at, &termsCall {});
    let clock = Config::default().clock;
    let day_s = 86_400;
    assert_eq!((clock.epoch_s, clock.grace_s), (5 * day_s, 2 * day_s));
    assert_eq!(terms.longWaitS, (10 + 2 + 10 + 1) * day_s + day_s / 2);
    assert_eq!(terms.shortWaitS, 2 * day_s);
    assert_eq!(terms.graceS, 14 * day_s);
    assert_eq!(terms.vault, governed.world.at.vault);
}

#[test]
fn what_was_not_executed_in_time_has_to_be_scheduled_again() {
    let governed = Governed::new();
    let target = IVault::setIdleTargetCall {
        targetBps: U256::from(600),
    };
    let id = governed.schedule(governed.world.at.vault, &target);
    let ripe_s = governed.world.stage.now_s() + governed.waits.short_s;
    let stage = &governed.world.stage;
    stage.and_back(|| {
        stage.warp(ripe_s + EXECUTION_GRACE_S - 1);
        governed.execute(STRANGER, id).unwrap();
    });
    stage.warp(ripe_s + EXECUTION_GRACE_S);
    let refusal = governed.execute(STRANGER, id).unwrap_err();
    let since_s = ripe_s + EXECUTION_GRACE_S;
    assert_eq!(refusal.error::<ProposalExpired>().since, since_s);
}

#[test]
fn governor_and_guardian_cancel() {
    let governed = Governed::new();
    let (world, at) = (&governed.world, governed.at);
    for by in [GOVERNOR, GUARDIAN] {
        let raise = governed.set_cap(governed.cap() + U256::ONE);
        let id = governed.schedule(world.at.vault, &raise);
        for caller in [CURATOR, STRANGER] {
            let refusal = world.refused(caller, at, &cancelCall { id });
            assert_eq!(refusal.error::<Unauthorized>().caller, caller);
        }
        let sent = world.done(by, at, &cancelCall { id });
        let cancelled: Cancelled = sent.event(at);
        assert_eq!((cancelled.id, cancelled.by), (id, by));
        world.stage.advance(governed.waits.long_s);
        let refusal = governed.execute(STRANGER, id).unwrap_err();
        assert_eq!(refusal.error::<NotWaiting>().status, 3);
        let again = world.refused(by, at, &cancelCall { id });
        assert_eq!(again.error::<NotWaiting>().status, 3);
    }
    let refusal = world.refused(GOVERNOR, at, &cancelCall { id: 99 });
    assert_eq!(refusal.error::<ProposalUnknown>().id, 99);
}

/// A cut that was scheduled becomes a raise when the cap is cut further in the meantime: it then waits as a raise does.
#[test]
fn a_call_waits_for_what_it_is_when_it_is_executed() {
    let governed = Governed::new();
    let vault = governed.world.at.vault;
    let (ten, nine) = (U256::from(10), U256::from(9));
    let cut = governed.schedule(vault, &governed.set_cap(ten));
    let start_s = governed.world.stage.now_s();
    governed
        .act(GOVERNOR, vault, &governed.set_cap(nine))
        .unwrap();
    let refusal = governed.execute(STRANGER, cut).unwrap_err();
    let ripe_s = start_s + governed.waits.long_s;
    assert_eq!(refusal.error::<NotRipe>().ripeAt, ripe_s);
    let seen = governed.world.ask(governed.at, &proposalCall { id: cut });
    assert_eq!(seen.ripeAt, ripe_s);
    governed.world.stage.warp(ripe_s);
    governed.execute(STRANGER, cut).unwrap();
    assert_eq!(governed.cap(), ten);
}

#[test]
fn roles_change_as_slowly_as_anything() {
    let governed = Governed::new();
    let (world, at) = (&governed.world, governed.at);
    let call = setRolesCall {
        governor: ALICE,
        curator: CURATOR,
        guardian: GUARDIAN,
    };
    for caller in [GOVERNOR, CURATOR, GUARDIAN, STRANGER] {
        let refusal = world.refused(caller, at, &call);
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    let id = governed.schedule(at, &call);
    world.stage.advance(governed.waits.long_s);
    let sent = governed.execute(STRANGER, id).unwrap();
    let set: RolesSet = sent.event(at);
    assert_eq!((set.oldGovernor, set.newGovernor), (GOVERNOR, ALICE));
    assert_eq!(world.ask(at, &rolesCall {}).governor, ALICE);
    let lower = actCall {
        target: world.at.vault,
        data: governed.set_cap(U256::ZERO).abi_encode().into(),
    };
    assert!(world.refused(GOVERNOR, at, &lower).is::<Unauthorized>());
    world.done(ALICE, at, &lower);
}

#[test]
fn what_the_target_refuses_stays_scheduled() {
    let governed = Governed::new();
    let too_much = IVault::setIdleTargetCall {
        targetBps: U256::from(9_999),
    };
    let id = governed.schedule(governed.world.at.vault, &too_much);
    governed.world.stage.advance(governed.waits.short_s);
    let refusal = governed.execute(STRANGER, id).unwrap_err();
    assert!(refusal.is::<BpsTooHigh>(), "{refusal:?}");
    let kept = governed.world.ask(governed.at, &proposalCall { id });
    assert_eq!(kept.status, 1);
}

#[test]
fn calldata_has_a_limit_and_is_kept_to_the_byte() {
    let governed = Governed::new();
    for length in [0, 1, 31, 32, 33, 1_024] {
        let data: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
        let schedule = scheduleCall {
            target: STRANGER,
            data: data.into(),
        };
        let id = governed.world.done(GOVERNOR, governed.at, &schedule).value;
        let kept = governed.world.ask(governed.at, &proposalDataCall { id });
        assert_eq!(kept, schedule.data);
    }
    let schedule = scheduleCall {
        target: STRANGER,
        data: vec![0; 1_025].into(),
    };
    let refusal = governed.world.refused(GOVERNOR, governed.at, &schedule);
    assert_eq!(refusal.error::<DataTooLong>().length, U256::from(1_025));
}
