//! ArbOS's precompiles: figures of programs and chain, caching by a manager, refusals.

use alloy::sol_types::{SolCall, SolEvent};
use alloy_primitives::{Bytes, U256, keccak256};
use weir_chain::vm::{ARB_GAS_INFO, ARB_SYS, ARB_WASM, ARB_WASM_CACHE, activate};

use crate::{
    arbos::*,
    contracts::{Kind, LEAF, RELAY, leaf_program, relay_contract, relay_contract_input},
    harness::{CALLER, Chain},
};

#[test]
fn arb_wasm_tells_a_program_s_figures_and_the_chain_s_parameters() {
    let mut chain = activated();
    let (activation, _) = activate(&leaf_program(), 128).expect("it can be activated");
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            codehashVersionCall {
                codehash: code_hash()
            }
        ),
        2
    );
    let asm = activation.asm_estimate.div_ceil(1_024) * 1_024;
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            codehashAsmSizeCall {
                codehash: code_hash()
            }
        ),
        asm
    );
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            programMemoryFootprintCall { program: LEAF }
        ),
        1
    );
    let gas = ask(&mut chain, ARB_WASM, programInitGasCall { program: LEAF });
    let cached = 352 + u64::from(activation.cached_init_cost);
    assert_eq!(
        (gas.gas, gas.gasWhenCached),
        (cached + 8_832 + u64::from(activation.init_cost), cached)
    );

    assert_eq!(ask(&mut chain, ARB_WASM, stylusVersionCall {}), 2);
    assert_eq!(ask(&mut chain, ARB_WASM, inkPriceCall {}), 10_000);
    assert_eq!(ask(&mut chain, ARB_WASM, maxStackDepthCall {}), 22_000);
    assert_eq!(ask(&mut chain, ARB_WASM, freePagesCall {}), 2);
    assert_eq!(ask(&mut chain, ARB_WASM, pageGasCall {}), 1_000);
    assert_eq!(ask(&mut chain, ARB_WASM, pageRampCall {}), 620_674_314);
    assert_eq!(ask(&mut chain, ARB_WASM, pageLimitCall {}), 128);
    let least = ask(&mut chain, ARB_WASM, minInitGasCall {});
    assert_eq!((least.gas, least.cached), (8_832, 352));
    assert_eq!(ask(&mut chain, ARB_WASM, initCostScalarCall {}), 100);
    assert_eq!(ask(&mut chain, ARB_WASM, expiryDaysCall {}), 365);
    assert_eq!(ask(&mut chain, ARB_WASM, keepaliveDaysCall {}), 31);
    assert_eq!(ask(&mut chain, ARB_WASM, blockCacheSizeCall {}), 32);
}

#[test]
fn a_manager_caches_and_evicts_and_nobody_else() {
    let mut chain = activated();
    assert!(ask(
        &mut chain,
        ARB_WASM_CACHE,
        isCacheManagerCall { manager: CALLER }
    ));
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        isCacheManagerCall { manager: LEAF }
    ));
    assert_eq!(
        ask(&mut chain, ARB_WASM_CACHE, allCacheManagersCall {}),
        vec![CALLER]
    );
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));

    let result = send(
        &mut chain,
        ARB_WASM_CACHE,
        cacheProgramCall { addr: LEAF },
        0,
    );
    let event = UpdateProgramCache::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(
        (event.manager, event.codehash, event.cached),
        (CALLER, code_hash(), true)
    );
    assert!(ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));
    let whole = ask(&mut chain, ARB_WASM, programInitGasCall { program: LEAF });
    chain.vm.start_block();
    let (_, trace) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    let program = trace
        .root
        .and_then(|root| root.stylus)
        .expect("a program ran");
    assert_eq!(
        (program.entry_gas, program.cached),
        (whole.gasWhenCached, true)
    );

    let result = send(
        &mut chain,
        ARB_WASM_CACHE,
        evictCodehashCall {
            codehash: code_hash(),
        },
        0,
    );
    assert!(result.is_success());
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));

    // Through a contract, the contract is the caller, and no manager.
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    let call = cacheProgramCall { addr: LEAF }.abi_encode();
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM_CACHE, &call),
        1_000_000,
        U256::ZERO,
    );
    assert!(!result.is_success());
}

#[test]
fn arb_sys_and_arb_gas_info_tell_the_chain_s_figures() {
    let mut chain = chain();
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbBlockNumberCall {}),
        U256::from(7)
    );
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbChainIDCall {}),
        U256::from(412_346)
    );
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbOSVersionCall {}),
        U256::from(115)
    );
    assert_eq!(
        ask(
            &mut chain,
            ARB_SYS,
            arbBlockHashCall {
                arbBlockNum: U256::from(6)
            }
        ),
        keccak256("6")
    );
    assert!(
        !send(
            &mut chain,
            ARB_SYS,
            arbBlockHashCall {
                arbBlockNum: U256::from(7)
            },
            0
        )
        .is_success()
    );
    let prices = ask(&mut chain, ARB_GAS_INFO, getPricesInWeiCall {});
    assert_eq!(
        (prices._0, prices._1, prices._5),
        (U256::ZERO, U256::ZERO, U256::from(100_000_000))
    );
}

#[test]
fn precompiles_refuse_unknown_methods_delegate_calls_value_and_static_writes() {
    let mut chain = chain();
    let (result, _) = chain.send(
        ARB_SYS,
        Bytes::from_static(&[1, 2, 3, 4]),
        1_000_000,
        U256::ZERO,
    );
    assert!(!result.is_success() && result.tx_gas_used() == 1_000_000);
    let (result, _) = chain.send(ARB_SYS, Bytes::from_static(&[1]), 1_000_000, U256::ZERO);
    assert!(!result.is_success());
    assert!(
        !send(&mut chain, ARB_WASM, stylusVersionCall {}, 1).is_success(),
        "a view takes no value"
    );

    chain.install(RELAY, relay_contract(Kind::Delegate), U256::ZERO);
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &stylusVersionCall {}.abi_encode()),
        1_000_000,
        U256::ZERO,
    );
    assert!(
        !result.is_success(),
        "a delegate call does not act as the precompile"
    );
    chain.install(RELAY, relay_contract(Kind::Static), U256::ZERO);
    let static_call = |chain: &mut Chain, call: Vec<u8>| {
        chain
            .send(
                RELAY,
                relay_contract_input(ARB_WASM, &call),
                GAS,
                U256::ZERO,
            )
            .0
            .is_success()
    };
    assert!(static_call(&mut chain, stylusVersionCall {}.abi_encode()));
    assert!(!static_call(
        &mut chain,
        activateProgramCall { program: LEAF }.abi_encode()
    ));
}
