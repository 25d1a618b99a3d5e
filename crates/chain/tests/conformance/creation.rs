//! Contracts created by programs, and programs created by contracts.

use alloy_primitives::{Address, Bytes, U256, keccak256};
use revm::{context::TxEnv, primitives::TxKind};

use crate::{
    contracts::{RELAY, init_code, leaf_contract, leaf_program, program, reverting_init_code},
    harness::{CALLER, Chain, hostios, program_code},
};

/// A program that creates its own data and returns the address and the length of the revert data, then that data.
fn creator(init: &[u8], salt: bool, endowment: u8) -> Vec<u8> {
    let bytes: String = init.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let data =
        format!("(data (i32.const 4096) \"{bytes}\") (data (i32.const 31) \"\\{endowment:02x}\")");
    let len = init.len();
    let create = if salt {
        format!(
            "(call $create2 (i32.const 4096) (i32.const {len}) (i32.const 0) (i32.const 32) (i32.const 2048) (i32.const 2068))"
        )
    } else {
        format!(
            "(call $create1 (i32.const 4096) (i32.const {len}) (i32.const 0) (i32.const 2048) (i32.const 2068))"
        )
    };
    let body = format!(
        "{create} (drop (call $read_return_data (i32.const 2072) (i32.const 0) (i32.const 100)))"
    );
    let imports = [
        "create1 i32 i32 i32 i32 i32",
        "create2 i32 i32 i32 i32 i32 i32",
        "read_return_data i32 i32 i32 -> i32",
    ];
    program(&imports, &data, &body, 2_048, 28)
}

fn run(init: &[u8], salt: bool, endowment: u8, gas: u64) -> (Chain, Address, Vec<u8>, u64) {
    let mut chain = Chain::new();
    chain.install_program(RELAY, &creator(init, salt, endowment), U256::from(100));
    let (result, trace) = chain.send(RELAY, Bytes::new(), gas, U256::ZERO);
    let output = result.output().expect("output").to_vec();
    let ink = hostios(&trace).first().map_or(0, |(_, _, ink)| *ink);
    (
        chain,
        Address::from_slice(&output[..20]),
        output[20..].to_vec(),
        ink,
    )
}

#[test]
fn create1_and_create2_give_the_addresses_of_the_evm() {
    let init = init_code(&leaf_contract());
    let (chain, address, rest, _) = run(&init, false, 3, 10_000_000);
    assert_eq!(address, RELAY.create(1));
    assert_eq!(rest[..4], [0; 4]);
    let account = &chain.db.cache.accounts[&address].info;
    assert_eq!(account.balance, U256::from(3));
    assert_eq!(account.code_hash, keccak256(leaf_contract()));

    let (_, address, ..) = run(&init, true, 0, 10_000_000);
    assert_eq!(address, RELAY.create2([0; 32], keccak256(&init)));
}

#[test]
fn creation_is_paid_as_in_the_evm_without_a_price_for_init_code() {
    // 32,000 gas, for create2 6 per word of init code; the EVM inside: 200 gas per byte deployed, and its opcodes.
    let init = init_code(&[0xFE; 100]);
    let (_, _, _, one) = run(&init, false, 0, 10_000_000);
    let (_, _, _, two) = run(&init, true, 0, 10_000_000);
    // PUSH2 DUP1 PUSH1 PUSH0 CODECOPY (3 + 3 · 4 words + 13 of memory) PUSH0 RETURN; memory of 4 words costs 12.
    let inside = 3 + 3 + 3 + 2 + (3 + 3 * 4 + 12) + 2;
    let base = 8_400 + 3 * 5_040 + 59_673 + 2 * (16_381 + 55 * (init.len() as u64 - 32));
    assert_eq!(one, base + (32_000 + inside + 200 * 100) * 10_000);
    let words = (init.len() as u64).div_ceil(32);
    assert_eq!(two, one + 5_040 + 6 * words * 10_000);
}

#[test]
fn a_reverting_creation_gives_its_data_and_no_address() {
    let (chain, address, rest, _) = run(&reverting_init_code(b"no"), false, 0, 10_000_000);
    assert_eq!(address, Address::ZERO);
    assert_eq!(rest[..4], [2, 0, 0, 0]);
    assert_eq!(&rest[4..6], b"no");
    assert!(
        !chain.db.cache.accounts.contains_key(&RELAY.create(1))
            || chain.db.cache.accounts[&RELAY.create(1)].info.is_empty()
    );
}

#[test]
fn a_program_can_create_a_program_but_not_other_code_that_begins_with_ef() {
    let code = program_code(&leaf_program());
    let (chain, address, ..) = run(&init_code(&code), false, 0, 50_000_000);
    assert_eq!(address, RELAY.create(1));
    assert_eq!(
        chain.db.cache.accounts[&address].info.code_hash,
        keccak256(&code)
    );

    for refused in [
        &[0xEF_u8][..],
        &[0xEF, 0xF0, 0x00],
        &[0xEF, 0x00, 0x01, 0x02],
        &[0xEF, 0xF0, 0x03, 0x00, 0x00],
    ] {
        let (_, address, ..) = run(&init_code(refused), false, 0, 10_000_000);
        assert_eq!(address, Address::ZERO, "{refused:x?}");
    }
}

#[test]
fn a_transaction_creates_a_program_as_cargo_stylus_does() {
    let mut chain = Chain::new();
    let code = program_code(&leaf_program());
    for (code, succeeds) in [(code.to_vec(), true), (vec![0xEF, 0x01, 0x00, 0x00], false)] {
        let tx = TxEnv::builder()
            .caller(CALLER)
            .kind(TxKind::Create)
            .data(init_code(&code).into())
            .gas_limit(20_000_000)
            .gas_price(100_000_000)
            .chain_id(Some(chain.env.chain_id))
            .build()
            .expect("a valid transaction");
        let result = chain
            .vm
            .execute(&mut chain.db, &chain.env, tx)
            .expect("it executes");
        assert_eq!(result.result.is_success(), succeeds);
        let created = &result.state[&CALLER.create(0)].info;
        assert_eq!(created.code_hash == keccak256(&code), succeeds);
    }
}
