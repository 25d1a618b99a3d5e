//! Deployment, activation through ArbWasm, expiry, keepalive.

use alloy::sol_types::{SolCall, SolError, SolEvent};
use alloy_primitives::{Bytes, U256, address};
use weir_chain::vm::{ARB_WASM, activate};

use crate::{
    arbos::*,
    contracts::{Kind, LEAF, RELAY, leaf_program, relay_contract, relay_contract_input, wasm},
    harness::{CALLER, NOW_S, program_code},
};

#[test]
fn a_program_runs_once_activated() {
    let mut chain = chain();
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt(), "{result:?}");
    assert_eq!(result.tx_gas_used(), 1_000_000, "all gas is taken");
    assert!(format!("{result:?}").contains("ProgramNotActivated"));

    let paid = 1_000_000_000_000_000_u64;
    let before = chain.db.cache.accounts[&CALLER].info.balance;
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        paid,
    );
    let answer = activateProgramCall::abi_decode_returns(result.output().expect("output"))
        .expect("it decodes");
    assert_eq!(answer.version, 2);
    let event = ProgramActivated::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(
        (event.address, event.codehash, event.program),
        (ARB_WASM, code_hash(), LEAF)
    );
    assert_eq!((event.dataFee, event.version), (answer.dataFee, 2));

    // The fee went to the network, the rest of the value came back.
    assert!(answer.dataFee > U256::ZERO && answer.dataFee < U256::from(paid));
    assert_eq!(
        chain.db.cache.accounts[&FEE_ACCOUNT].info.balance,
        answer.dataFee
    );
    let gas_fee = U256::from(result.tx_gas_used()) * U256::from(100_000_000);
    assert_eq!(
        chain.db.cache.accounts[&CALLER].info.balance,
        before - answer.dataFee - gas_fee
    );
    assert_eq!(chain.db.cache.accounts[&ARB_WASM].info.balance, U256::ZERO);

    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
}

#[test]
fn activation_costs_a_fixed_part_the_analysis_and_the_state_it_writes() {
    let mut chain = chain();
    let input = activateProgramCall { program: LEAF }.abi_encode();
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        1_000_000_000_000_000,
    );
    let (activation, _) = activate(&leaf_program(), 128).expect("it can be activated");
    let intrinsic: u64 = 21_000
        + input
            .iter()
            .map(|byte| if *byte == 0 { 4 } else { 16 })
            .sum::<u64>();
    // Argument and result words; opening the state; parameters; the program's entry read and written; the module's hash;
    // five figures of the price read and two written; the fee account; an event of two topics and four words.
    let state = 3 + 6 + 800 + 100 + (800 + 20_000) + 20_000 + (5 * 800 + 2 * 20_000) + 800;
    let event = 375 * 3 + 8 * 128;
    assert_eq!(
        result.tx_gas_used(),
        intrinsic + 1_659_168 + activation.engine_gas + state + event
    );
    // 82,928,201 wei per byte, times e to the power of bytes over 21,360,419.
    let bytes = u64::from(activation.asm_estimate);
    let e_bips = 10_000.0 * (bytes as f64 / 21_360_419.0).exp();
    let fee = activateProgramCall::abi_decode_returns(result.output().expect("output"))
        .expect("it decodes")
        .dataFee;
    let per_byte = fee.to::<u64>() / bytes;
    assert!(
        per_byte.abs_diff((82_928_201.0 * e_bips / 10_000.0) as u64) <= 82_928_201 * 2 / 10_000,
        "{per_byte}"
    );
}

#[test]
fn activation_is_refused_with_nitro_s_errors() {
    let mut chain = activated();
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: LEAF },
            1 << 50,
        ),
        ProgramUpToDate {},
    );
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: RELAY },
            1 << 50,
        ),
        ProgramNotWasm {},
    );
    let nobody = address!("0x00000000000000000000000000000000000000ee");
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: nobody },
            1 << 50,
        ),
        ProgramNotWasm {},
    );

    // Too little value: nothing is activated, and the value comes back with the revert.
    let mut chain = self::chain();
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        5,
    );
    let error =
        ProgramInsufficientValue::abi_decode(result.output().expect("output")).expect("it decodes");
    assert_eq!(error.have, U256::from(5));
    assert!(error.want > U256::from(5));
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt());

    // A program that cannot be activated takes all gas; a container that cannot be opened does not.
    let float = wasm(
        r#"(module (memory (export "memory") 0 0) (func (export "user_entrypoint") (param i32) (result i32)
        (drop (f32.add (f32.const 1) (f32.const 2))) (i32.const 0)))"#,
    );
    chain.install(RELAY, program_code(&float), U256::ZERO);
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: RELAY },
        1 << 50,
    );
    assert_eq!((result.is_halt(), result.tx_gas_used()), (false, GAS));
    assert!(result.output().expect("output").is_empty());
    chain.install(
        RELAY,
        Bytes::from_static(&[0xEF, 0xF0, 0x00, 0x00, 1, 2, 3]),
        U256::ZERO,
    );
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: RELAY },
        1 << 50,
    );
    assert!(!result.is_success() && result.tx_gas_used() < 2_000_000);
}

#[test]
fn what_a_reverted_frame_activated_is_not_activated() {
    // The leaf of bytecode 0 reverts after its call: here the relay's call to ArbWasm lacks the value it needs.
    let mut chain = chain();
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    let call = activateProgramCall { program: LEAF }.abi_encode();
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &call),
        GAS,
        U256::from(1),
    );
    assert!(!result.is_success());
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            programVersionCall { program: LEAF },
            0,
        ),
        ProgramNotActivated {},
    );
    // And with it, through the same contract, it works.
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &call),
        GAS,
        U256::from(1_u64 << 50),
    );
    assert!(result.is_success(), "{result:?}");
    assert_eq!(
        ask(&mut chain, ARB_WASM, programVersionCall { program: LEAF }),
        2
    );
}

#[test]
fn a_program_expires_after_a_year_and_can_be_kept_alive_after_a_month() {
    let mut chain = activated();
    // Activation counts in whole hours since the start of Arbitrum One.
    let age_s = (NOW_S - 1_421_388_000) % 3_600;
    assert_eq!(
        ask(&mut chain, ARB_WASM, programTimeLeftCall { program: LEAF }),
        365 * DAY_S - age_s
    );
    let keepalive = codehashKeepaliveCall {
        codehash: code_hash(),
    };
    reverts_with(
        &send(&mut chain, ARB_WASM, keepalive.clone(), 1 << 50),
        ProgramKeepaliveTooSoon {
            ageInSeconds: age_s,
        },
    );
    warp(&mut chain, 31 * DAY_S);
    let result = send(&mut chain, ARB_WASM, keepalive.clone(), 1 << 50);
    assert!(result.is_success(), "{result:?}");
    let event = ProgramLifetimeExtended::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(event.codehash, code_hash());
    assert!(ask(&mut chain, ARB_WASM, programTimeLeftCall { program: LEAF }) > 364 * DAY_S);

    warp(&mut chain, 366 * DAY_S);
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt());
    assert!(format!("{result:?}").contains("ProgramExpired"));
    let result = send(&mut chain, ARB_WASM, keepalive, 1 << 50);
    assert_eq!(
        result.output().expect("output")[..4],
        ProgramExpired::SELECTOR
    );
    // Activation again makes it run again.
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        1 << 50,
    );
    assert!(result.is_success(), "{result:?}");
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_success());
}
