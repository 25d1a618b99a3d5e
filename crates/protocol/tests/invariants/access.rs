//! Every privileged call is refused from every other address, in every state.

use alloy_primitives::Address;
use weir_protocol::allocator::{AllocatorError, AllocatorStore, Groups, Limits};
use weir_protocol::exits::{ExitsError, TicketKey};
use weir_protocol::hub::{HubError, HubStore, Status};
use weir_protocol::model::generate::{HOLDERS, OPERATORS, RESOLVERS, SLASHERS};
use weir_protocol::model::{Call, Model, ModelError, Op, Outcome, account};
use weir_protocol::vault::{Curve, FeeSplit, Pause};

use crate::stories::check_stories;

/// Each privileged call with who may make it.
fn privileged(model: &Model) -> Vec<(Address, Call)> {
    let config = model.config();
    let [operator, ..] = OPERATORS;
    let mut calls = vec![
        (config.governor, Call::SetCap { asset: 0, cap: 1 }),
        (
            config.governor,
            Call::SetDepositFee {
                asset: 0,
                fee_bps: 1,
            },
        ),
        (config.governor, Call::SetIdleTarget { target_bps: 1 }),
        (config.governor, Call::SetFee { fee_bps: 0 }),
        (
            config.governor,
            Call::SetFeeSplit {
                split: FeeSplit::default(),
            },
        ),
        (
            config.governor,
            Call::SetCurve {
                curve: Curve {
                    window_s: 1,
                    ..Curve::default()
                },
            },
        ),
        (
            config.governor,
            Call::AcceptRate {
                asset: 1,
                rate_wad: 1,
            },
        ),
        (config.governor, Call::OptInVault { service: 1 }),
        (
            config.governor,
            Call::ApproveResolver {
                resolver: RESOLVERS[0],
                approved: true,
            },
        ),
        (
            config.guardian,
            Call::Pause {
                what: Pause::Deposits,
                duration_s: 60,
            },
        ),
        (
            config.guardian,
            Call::Pause {
                what: Pause::Instant,
                duration_s: 0,
            },
        ),
        (
            config.curator,
            Call::Allocate {
                service: 1,
                operator,
                magnitude: 1,
            },
        ),
        (config.guardian, Call::PauseAllocations { duration_s: 1 }),
    ];
    for (service, slasher) in (1u32..).zip(SLASHERS) {
        let offence_epoch = config.clock.epoch_at(model.now_s());
        let file = Call::File {
            service,
            operator,
            wad: 1,
            offence_epoch,
        };
        calls.push((slasher, file));
    }
    let (_, requests, _) = model.hub().counts();
    for id in 1..=requests {
        let request = model.hub().request(id).expect("numbered from 1");
        if matches!(request.status, Status::Filed | Status::Armed) {
            let resolver = RESOLVERS[request.service as usize - 1];
            calls.push((resolver, Call::Veto { id }));
        }
    }
    calls
}

fn everybody(model: &Model) -> Vec<Address> {
    let config = model.config();
    let roles = [config.governor, config.guardian, config.curator];
    [Address::ZERO, account(99)]
        .into_iter()
        .chain(roles)
        .chain(HOLDERS)
        .chain(SLASHERS)
        .chain(RESOLVERS)
        .chain(OPERATORS)
        .collect()
}

#[test]
fn every_privileged_call_is_refused_from_every_other_address() {
    check_stories(8, 200, |_, _, _, model| {
        let everybody = everybody(model);
        let mut tried = model.clone();
        for (role, call) in privileged(model) {
            // A call to a service that is not registered yet has nobody to be refused for.
            let unknown =
                matches!(call, Call::File { service, .. } if model.hub().service(service).is_err());
            for caller in everybody
                .iter()
                .filter(|caller| **caller != role && !unknown)
            {
                let caller = *caller;
                let answer = tried.apply(&Op { caller, call });
                assert!(
                    matches!(
                        answer,
                        Err(ModelError::Unauthorized { caller: named }
                            | ModelError::Hub(HubError::Unauthorized { caller: named }))
                            if named == caller
                    ),
                    "{call:?} by {caller} gives {answer:?}"
                );
            }
        }
        assert!(tried.same_as(model));
    });
}

#[test]
fn limits_and_groups_are_set_by_governor_curator_or_guardian_and_loosened_by_the_governor_alone() {
    check_stories(8, 200, |_, _, _, model| {
        let config = model.config();
        let mut tried = model.clone();
        let [operator, ..] = OPERATORS;
        let groups = model.allocator().groups(operator);
        let same = Call::SetGroups { operator, groups };
        let none = Call::SetGroups {
            operator,
            groups: Groups::default(),
        };
        let limits = model.allocator().limits();
        let calls = [
            (
                Call::SetLimits { limits },
                vec![config.curator, config.guardian],
            ),
            (same, vec![config.curator]),
        ];
        for caller in everybody(model) {
            for (call, roles) in &calls {
                let may = caller == config.governor || roles.contains(&caller);
                let answer = tried.clone().apply(&Op {
                    caller,
                    call: *call,
                });
                let refused = Err(ModelError::Unauthorized { caller });
                assert_eq!(answer, if may { Ok(Outcome::Done) } else { refused });
            }
            let loosens = Err(ModelError::Allocator(AllocatorError::Loosens));
            if caller == config.curator && limits != Limits::NONE {
                let limits = Limits::NONE;
                let call = Call::SetLimits { limits };
                assert_eq!(tried.apply(&Op { caller, call }), loosens);
            }
            if caller == config.curator && groups != Groups::default() {
                assert_eq!(tried.apply(&Op { caller, call: none }), loosens);
            }
        }
        assert!(tried.same_as(model));
    });
}

#[test]
fn a_ticket_is_cancelled_by_its_owner_alone_and_given_away_by_nobody_else() {
    check_stories(20, 200, |_, _, _, model| {
        let mut tried = model.clone();
        for (key, _) in model.tickets().entries() {
            let TicketKey::Shares(epoch, owner) = key else {
                continue;
            };
            for caller in everybody(model)
                .into_iter()
                .filter(|caller| *caller != owner)
            {
                let shares = 1;
                let call = Call::Cancel {
                    epoch,
                    owner,
                    shares,
                };
                let refused = ModelError::Exits(ExitsError::NotTicketOwner { owner, caller });
                assert_eq!(tried.apply(&Op { caller, call }), Err(refused));
            }
        }
        assert!(tried.same_as(model));
    });
}
