//! Services, operators and vaults, and who takes part in what.

use alloy_primitives::{Address, B256};
use weir_abi::{
    IHub::{
        BadTerms, OperatorOptedIn, OperatorRegistered, OperatorUnknown, ServiceRegistered,
        ServiceUnknown, Terms, TermsMismatch, VaultOptedIn, WindowTooLong, isOperatorInCall,
        isVaultInCall, optInVaultCall, registerOperatorCall, registerServiceCall, serviceCountCall,
        signerCall, standingCall, termsCall, termsHashCall,
    },
    IShared::{BadAnswer, Unauthorized, ZeroAddress},
};
use weir_flows::DEPLOYER;

use crate::world::{
    ANYBODY, CURATOR, EPOCH_S, GOVERNOR, OPERATOR, RESOLVER, SLASHER, WAD, World, terms, terms_hash,
};

#[test]
fn anybody_registers_a_service_whose_terms_stay() {
    let world = World::bare();
    let call = registerServiceCall { terms: terms() };
    let first = world.send(ANYBODY, &call).unwrap();
    let [registered] = &first.events::<ServiceRegistered>(world.hub)[..] else {
        panic!("{:?}", first.logs);
    };
    assert_eq!((registered.service, &registered.terms), (1, &terms()));
    assert_eq!(registered.termsHash, terms_hash(&terms()));
    assert_eq!(
        world.service(),
        2,
        "the same terms again are another service"
    );
    assert_eq!(world.view(&serviceCountCall {}), 2);
    for service in [1, 2] {
        assert_eq!(world.view(&termsCall { service }), terms());
        assert_eq!(world.view(&termsHashCall { service }), terms_hash(&terms()));
        let standing = world.view(&standingCall { service });
        assert_eq!(
            (standing.undecided, standing.vetoes, standing.coolUntil),
            (0, 0, 0)
        );
    }
}

#[test]
fn terms_that_mean_nothing_are_refused() {
    let world = World::bare();
    let nobody = Address::ZERO;
    for terms in [
        Terms {
            slasher: nobody,
            ..terms()
        },
        Terms {
            resolver: nobody,
            ..terms()
        },
        Terms {
            vetoWindow: 0,
            ..terms()
        },
        Terms {
            maxWad: 0,
            ..terms()
        },
        Terms {
            maxWad: WAD + 1,
            ..terms()
        },
    ] {
        let call = registerServiceCall { terms };
        world.send(ANYBODY, &call).unwrap_err().error::<BadTerms>();
    }
    assert_eq!(world.view(&serviceCountCall {}), 0);
}

#[test]
fn a_service_that_is_not_there_is_refused() {
    let world = World::bare();
    for service in [0, 1, u32::MAX] {
        let refusals = [
            world.send(ANYBODY, &termsCall { service }).unwrap_err(),
            world.send(ANYBODY, &termsHashCall { service }).unwrap_err(),
            world.send(ANYBODY, &standingCall { service }).unwrap_err(),
            world
                .opt_in_vault(GOVERNOR, service, B256::ZERO)
                .unwrap_err(),
        ];
        for refusal in refusals {
            assert_eq!(refusal.error::<ServiceUnknown>().service, service);
        }
    }
}

#[test]
fn an_operator_registers_its_key_and_may_change_it() {
    let world = World::bare();
    let signer = |signer| registerOperatorCall { signer };
    let nobody = world.send(OPERATOR, &signer(Address::ZERO)).unwrap_err();
    nobody.error::<ZeroAddress>();
    let mut old = Address::ZERO;
    for new in [OPERATOR, ANYBODY] {
        let sent = world.send(OPERATOR, &signer(new)).unwrap();
        let event = sent.event::<OperatorRegistered>(world.hub);
        assert_eq!(event.operator, OPERATOR);
        assert_eq!((event.oldSigner, event.newSigner), (old, new));
        assert_eq!(world.view(&signerCall { operator: OPERATOR }), new);
        old = new;
    }
    assert!(world.view(&signerCall { operator: ANYBODY }).is_zero());
}

#[test]
fn an_operator_takes_part_for_itself_under_the_terms_it_names() {
    let world = World::bare();
    let service = world.service();
    let hash = terms_hash(&terms());
    let stranger = world.opt_in_operator(OPERATOR, service, hash).unwrap_err();
    assert_eq!(stranger.error::<OperatorUnknown>().operator, OPERATOR);
    world.register(OPERATOR);
    let mistaken = world
        .opt_in_operator(OPERATOR, service, B256::ZERO)
        .unwrap_err();
    let mismatch: TermsMismatch = mistaken.error();
    assert_eq!((mismatch.expected, mismatch.got), (hash, B256::ZERO));

    let sent = world.opt_in_operator(OPERATOR, service, hash).unwrap();
    let event = sent.event::<OperatorOptedIn>(world.hub);
    assert_eq!(
        (event.operator, event.service, event.termsHash),
        (OPERATOR, service, hash)
    );
    let is_in = |operator| world.view(&isOperatorInCall { operator, service });
    assert!(is_in(OPERATOR));
    assert!(!is_in(ANYBODY));
}

#[test]
fn only_its_governor_opts_a_vault_in() {
    let world = World::bare();
    let service = world.service();
    let hash = terms_hash(&terms());
    for caller in [
        ANYBODY,
        SLASHER,
        RESOLVER,
        CURATOR,
        OPERATOR,
        world.vault,
        DEPLOYER,
    ] {
        let refusal = world.opt_in_vault(caller, service, hash).unwrap_err();
        assert_eq!(refusal.error::<Unauthorized>().caller, caller);
    }
    let mistaken = world
        .opt_in_vault(GOVERNOR, service, B256::ZERO)
        .unwrap_err();
    assert_eq!(mistaken.error::<TermsMismatch>().expected, hash);
    let is_in = || {
        world.view(&isVaultInCall {
            vault: world.vault,
            service,
        })
    };
    assert!(!is_in());
    let sent = world.opt_in_vault(GOVERNOR, service, hash).unwrap();
    let event = sent.event::<VaultOptedIn>(world.hub);
    assert_eq!(
        (event.vault, event.service, event.termsHash),
        (world.vault, service, hash)
    );
    assert!(is_in());
}

#[test]
fn a_vault_is_a_contract_that_says_who_governs_it() {
    let world = World::bare();
    let service = world.service();
    for vault in [ANYBODY, world.hub, world.allocator] {
        let call = optInVaultCall {
            vault,
            service,
            termsHash: terms_hash(&terms()),
        };
        let refusal = world.send(GOVERNOR, &call).unwrap_err();
        if vault == ANYBODY {
            assert_eq!(refusal.error::<BadAnswer>().target, ANYBODY);
        }
    }
}

#[test]
fn a_veto_window_is_shorter_than_the_epoch_of_the_vault() {
    let world = World::bare();
    for (window_s, fits) in [(EPOCH_S - 1, true), (EPOCH_S, false), (u64::MAX, false)] {
        let terms = Terms {
            vetoWindow: window_s,
            ..terms()
        };
        let hash = terms_hash(&terms);
        let service = world
            .send(ANYBODY, &registerServiceCall { terms })
            .unwrap()
            .value;
        match world.opt_in_vault(GOVERNOR, service, hash) {
            Ok(_) => assert!(fits, "{window_s}"),
            Err(refusal) => {
                assert!(!fits, "{window_s}");
                assert_eq!(refusal.error::<WindowTooLong>().epochLength, EPOCH_S);
            }
        }
    }
}
