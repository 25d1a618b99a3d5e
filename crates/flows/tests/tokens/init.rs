//! `init` is for the deployer, once; and what a contract says to a call that it does not have.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use weir_abi::{
    IErc20::{nameCall, transferCall},
    ILrt, ILst,
    IShared::{self, AlreadyInitialized, BadArguments, NotPayable, Unauthorized, UnknownSelector},
};
use weir_artifacts::{DEPLOYER_SLOT, LRT, STETH};
use weir_flows::DEPLOYER;

use crate::world::*;

fn lrt_init() -> ILrt::initCall {
    ILrt::initCall {
        vault: VAULT,
        name: NAME.into(),
        symbol: SYMBOL.into(),
    }
}

#[test]
fn only_the_deployer_initialises_and_only_once() {
    let stage = stage();
    let lrt = stage.deploy(&LRT);
    let slot = U256::from_be_bytes(DEPLOYER_SLOT.0);
    let deployer = |lrt| Address::from_word(B256::from(stage.slot(lrt, slot)));
    assert_eq!(deployer(lrt), DEPLOYER);

    let refused = stage.send(ALICE, lrt, &lrt_init()).unwrap_err();
    assert_eq!(refused.error::<Unauthorized>().caller, ALICE);
    let sent = stage.send(DEPLOYER, lrt, &lrt_init()).unwrap();
    let event = ILrt::Initialized {
        vault: VAULT,
        name: NAME.into(),
        symbol: SYMBOL.into(),
    };
    assert_eq!(sent.events::<ILrt::Initialized>(lrt), [event]);
    assert_eq!(deployer(lrt), Address::ZERO);

    for anybody in [DEPLOYER, ALICE, VAULT] {
        stage
            .send(anybody, lrt, &lrt_init())
            .unwrap_err()
            .error::<AlreadyInitialized>();
    }
}

#[test]
fn a_refused_init_can_be_repeated() {
    let stage = stage();
    let lrt = stage.deploy(&LRT);
    let long = ILrt::initCall {
        name: "x".repeat(32),
        ..lrt_init()
    };
    let refused = stage.send(DEPLOYER, lrt, &long).unwrap_err();
    assert_eq!(
        refused.error::<IShared::TextTooLong>().length,
        U256::from(32)
    );
    stage
        .send(
            DEPLOYER,
            lrt,
            &ILrt::initCall {
                name: "x".repeat(31),
                ..lrt_init()
            },
        )
        .unwrap();
    assert_eq!(stage.view(lrt, &nameCall {}), "x".repeat(31));
}

#[test]
fn the_owner_of_a_staking_token_is_named_once() {
    let stage = stage();
    let steth = stage.deploy(&STETH);
    let refused = stage
        .send(ALICE, steth, &ILst::initCall { owner: ALICE })
        .unwrap_err();
    assert_eq!(refused.error::<Unauthorized>().caller, ALICE);
    stage
        .send(DEPLOYER, steth, &ILst::initCall { owner: OWNER })
        .unwrap();
    stage
        .send(DEPLOYER, steth, &ILst::initCall { owner: ALICE })
        .unwrap_err()
        .error::<AlreadyInitialized>();
    assert_eq!(stage.view(steth, &ILst::ownerCall {}), OWNER);
}

#[test]
fn a_call_that_a_contract_does_not_have_is_refused_by_name() {
    let stage = stage();
    let lrt = lrt(&stage);
    let refused =
        |data: Vec<u8>, value: U256| stage.send_bytes(ALICE, lrt, value, data).unwrap_err();

    let unknown = refused(vec![0xde, 0xad, 0xbe, 0xef, 1], U256::ZERO).error::<UnknownSelector>();
    assert_eq!(unknown.selector, [0xde, 0xad, 0xbe, 0xef]);
    let empty = refused(vec![], U256::ZERO).error::<UnknownSelector>();
    assert_eq!(empty.selector, [0; 4]);
    let short = refused(vec![0xa9, 0x05, 0x9c], U256::ZERO).error::<UnknownSelector>();
    assert_eq!(short.selector, [0; 4]);

    let cut = refused(
        transferCall {
            to: BOB,
            value: milli(1),
        }
        .abi_encode()[..67]
            .to_vec(),
        U256::ZERO,
    );
    assert_eq!(cut.error::<BadArguments>().selector, transferCall::SELECTOR);
    let mut dirty = transferCall {
        to: BOB,
        value: milli(1),
    }
    .abi_encode();
    dirty[4] = 1;
    assert_eq!(
        refused(dirty, U256::ZERO).error::<BadArguments>().selector,
        transferCall::SELECTOR
    );

    let paid = refused(nameCall {}.abi_encode(), U256::ONE);
    assert_eq!(paid.error::<NotPayable>().value, U256::ONE);
}
