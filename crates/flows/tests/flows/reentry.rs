//! A token that calls the protocol from inside a transfer.

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolError};
use weir_abi::{
    IErc20::{transferCall, transferFromCall},
    IExits, IFeed, IHub, ILrt, IRates,
    IShared::{Reentrant, Unauthorized},
    IVault,
};
use weir_flows::{
    Sent,
    actors::{ALICE, BOB},
    evm::Manner,
    scene::{LST, Scene, WETH, wei},
};

/// Alice has 60 WETH in the vault, Bob 40 LST; a fifth of the operator is filed and may be executed, and Bob's batch has
/// settled, so that every call would do something.
fn ready() -> (Scene, U256, u64) {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "61");
    scene.give(LST, BOB, "40");
    scene.deposit(ALICE, WETH, "60");
    scene.deposit(BOB, LST, "40");
    let ticket = scene.request(BOB, "40").value;
    scene.epoch(3);
    let id = scene.file("0.2").value;
    scene.arm(id);
    scene.maturity(1);
    scene.sync();
    (scene, ticket, id)
}

/// All that changes a vault and all that asks what its shares are worth, and the error of each.
fn calls(scene: &Scene, ticket: U256, id: u64) -> Vec<(Address, Vec<u8>, [u8; 4])> {
    let at = scene.world.at;
    let (one, token) = (wei("1"), scene.token(WETH));
    let locked = Reentrant::SELECTOR;
    vec![
        (at.vault, IVault::syncCall {}.abi_encode(), locked),
        (
            at.vault,
            scene.deposit_call(BOB, WETH, "1").abi_encode(),
            locked,
        ),
        (
            at.vault,
            scene.redeem_call(BOB, WETH, "1").abi_encode(),
            locked,
        ),
        (
            at.vault,
            IVault::pullCall {
                asset: token,
                sink: at.exits,
            }
            .abi_encode(),
            locked,
        ),
        (at.vault, IVault::rateCall {}.abi_encode(), locked),
        (at.vault, IVault::floorRateCall {}.abi_encode(), locked),
        (at.vault, IVault::stateCall {}.abi_encode(), locked),
        (at.vault, IVault::healthCall {}.abi_encode(), locked),
        (at.feed, IFeed::getRateCall {}.abi_encode(), locked),
        (
            at.feed_floor,
            IFeed::latestRoundDataCall {}.abi_encode(),
            locked,
        ),
        (
            at.vault,
            IVault::previewDepositCall {
                asset: token,
                amount: one,
            }
            .abi_encode(),
            locked,
        ),
        (
            at.exits,
            IExits::requestCall {
                shares: one,
                receiver: BOB,
            }
            .abi_encode(),
            locked,
        ),
        (
            at.exits,
            IExits::cancelCall {
                ticketId: ticket,
                shares: one,
            }
            .abi_encode(),
            locked,
        ),
        (
            at.exits,
            IExits::claimCall { ticketId: ticket }.abi_encode(),
            locked,
        ),
        (
            at.exits,
            IExits::transferTicketCall {
                ticketId: ticket,
                to: ALICE,
            }
            .abi_encode(),
            locked,
        ),
        (at.hub, IHub::executeCall { id }.abi_encode(), locked),
        (
            at.lrt,
            ILrt::mintCall {
                to: BOB,
                value: one,
            }
            .abi_encode(),
            Unauthorized::SELECTOR,
        ),
        (
            at.lrt,
            ILrt::burnCall {
                from: ALICE,
                value: one,
            }
            .abi_encode(),
            Unauthorized::SELECTOR,
        ),
    ]
}

/// What the call from inside came to, as the token logged it.
fn inner<T>(sent: &Sent<T>, token: Address) -> (bool, Bytes) {
    let logs = || sent.logs.iter().filter(|log| log.address == token);
    let log = logs()
        .find(|log| log.topics().is_empty())
        .expect("the token called");
    let (word, answer) = log.data.data.split_at(32);
    (
        U256::from_be_slice(word) == U256::ONE,
        answer.to_vec().into(),
    )
}

#[test]
fn nothing_is_to_be_had_from_inside_a_claim() {
    let (scene, ticket, id) = ready();
    for (target, data, error) in calls(&scene, ticket, id) {
        scene.world.stage.and_back(|| {
            let data = Bytes::from(data);
            let manner = Manner::CallsBack { target, data };
            scene.world.set_manner::<transferCall>(WETH, &manner);
            let claimed = scene.claim(ticket);
            let (worked, answer) = inner(&claimed, scene.token(WETH));
            assert!(!worked, "{manner:?}");
            assert_eq!(answer.first_chunk(), Some(&error), "{manner:?}: {answer}");
            scene.stands(
                "alice   59.999  1                     0
             bob     6       20.490566037735849056 13.660377358490566037
             vault   0       39.509433962264150944 26.339622641509433963
             locked  0.001   0                     0",
            );
        });
    }
}

#[test]
fn nothing_is_to_be_had_from_inside_a_deposit_or_an_instant_exit() {
    let (scene, ticket, id) = ready();
    for (target, data, error) in calls(&scene, ticket, id) {
        if target == scene.world.at.exits && error == Reentrant::SELECTOR {
            continue;
        }
        scene.world.stage.and_back(|| {
            let data = Bytes::from(data);
            let manner = Manner::CallsBack { target, data };
            scene.world.set_manner::<transferFromCall>(WETH, &manner);
            let (worked, answer) = inner(&scene.deposit(ALICE, WETH, "1"), scene.token(WETH));
            assert!(!worked, "{manner:?}");
            assert_eq!(answer.first_chunk(), Some(&error), "{manner:?}: {answer}");
            scene.world.set_manner::<transferCall>(WETH, &manner);
            let (worked, answer) = inner(&scene.redeem(ALICE, WETH, "1"), scene.token(WETH));
            assert!(!worked, "{manner:?}");
            assert_eq!(answer.first_chunk(), Some(&error), "{manner:?}: {answer}");
            // The fee, a wei of rounding, and a part that is contested stay behind.
            scene.stands(
                "alice   59.998999999999999999  0.905961278186585728  0
             bob     6                      0                     0
             vault   0                      60.094038721813414272 40
             locked  0.001                  0                     0",
            );
        });
    }
}

#[test]
fn rates_asked_from_inside_are_those_of_before() {
    let (scene, ticket, _) = ready();
    let data = IRates::peekCall {}.abi_encode().into();
    let target = scene.world.at.rates;
    scene
        .world
        .set_manner::<transferCall>(WETH, &Manner::CallsBack { target, data });
    let before = scene.world.ask(target, &IRates::peekCall {});
    let (worked, answer) = inner(&scene.claim(ticket), scene.token(WETH));
    assert!(worked);
    assert_eq!(
        IRates::peekCall::abi_decode_returns(&answer).unwrap(),
        before
    );
}
