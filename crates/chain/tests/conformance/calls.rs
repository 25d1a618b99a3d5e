//! Calls between EVM contracts and Stylus programs, in all directions and kinds.

use alloy_primitives::{Address, Bytes, U256, address};
use revm::context::result::ExecutionResult;
use weir_chain::vm::Trace;

use crate::{
    contracts::{
        Kind, LEAF, RELAY, leaf_contract, leaf_program, relay_contract, relay_contract_input,
        relay_input, relay_program,
    },
    harness::{CALLER, Chain, programs},
};

const KINDS: [Kind; 3] = [Kind::Call, Kind::Delegate, Kind::Static];
const GAS: u64 = 10_000_000;

/// What runs at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Evm,
    Stylus,
}

const SIDES: [(Side, Side); 4] = [
    (Side::Evm, Side::Stylus),
    (Side::Stylus, Side::Evm),
    (Side::Stylus, Side::Stylus),
    (Side::Evm, Side::Evm),
];

/// A chain with a relay that calls with `kind`, and a leaf.
fn chain(relay: Side, leaf: Side, kind: Kind) -> Chain {
    let mut chain = Chain::new();
    match relay {
        Side::Evm => chain.install(RELAY, relay_contract(kind), U256::ZERO),
        Side::Stylus => drop(chain.install_program(RELAY, &relay_program(), U256::ZERO)),
    }
    match leaf {
        Side::Evm => chain.install(LEAF, leaf_contract(), U256::ZERO),
        Side::Stylus => drop(chain.install_program(LEAF, &leaf_program(), U256::ZERO)),
    }
    chain
}

/// Calls the leaf through the relay. Returns whether the inner call succeeded, its data, and the whole outcome.
fn relay(
    chain: &mut Chain,
    side: Side,
    kind: Kind,
    data: &[u8],
    value: u64,
) -> (bool, Vec<u8>, ExecutionResult, Trace) {
    let input = match side {
        Side::Evm => relay_contract_input(LEAF, data),
        Side::Stylus => relay_input(kind, LEAF, data),
    };
    let (result, trace) = chain.send(RELAY, input, GAS, U256::from(value));
    let output = result.output().cloned().unwrap_or_default();
    let (ok, data) = match side {
        Side::Evm => (result.is_success(), output.to_vec()),
        Side::Stylus => (
            output.first() == Some(&0),
            output.get(1..).unwrap_or_default().to_vec(),
        ),
    };
    (ok, data, result, trace)
}

/// Sender, own address and value, as the leaf tells them.
fn identity(side: Side, data: &[u8]) -> (Address, Address, U256) {
    match side {
        Side::Stylus => (
            Address::from_slice(&data[..20]),
            Address::from_slice(&data[20..40]),
            U256::from_be_slice(&data[40..72]),
        ),
        Side::Evm => (
            Address::from_slice(&data[12..32]),
            Address::from_slice(&data[44..64]),
            U256::from_be_slice(&data[64..96]),
        ),
    }
}

fn word(value: u8) -> [u8; 32] {
    let mut word = [0; 32];
    word[31] = value;
    word
}

fn storing(value: u8) -> Vec<u8> {
    let mut data = vec![1];
    data.extend(word(value));
    data
}

fn slot5(chain: &mut Chain, at: Address) -> U256 {
    use revm::Database;
    chain
        .db
        .storage(at, U256::from(5))
        .expect("no database error")
}

#[test]
fn each_kind_of_call_sees_its_own_sender_account_and_value() {
    for (caller, leaf) in SIDES {
        for kind in KINDS {
            let mut chain = chain(caller, leaf, kind);
            let (ok, data, ..) = relay(&mut chain, caller, kind, &[0], 9);
            assert!(ok, "{caller:?} {kind:?} {leaf:?}");
            let expected = match kind {
                Kind::Call => (RELAY, LEAF, U256::from(9)),
                Kind::Delegate => (CALLER, RELAY, U256::from(9)),
                Kind::Static => (RELAY, LEAF, U256::ZERO),
            };
            assert_eq!(
                identity(leaf, &data),
                expected,
                "{caller:?} {kind:?} {leaf:?}"
            );
            // Only a call moves the value on.
            let balance = chain.db.cache.accounts[&LEAF].info.balance;
            assert_eq!(balance, U256::from(if kind == Kind::Call { 9 } else { 0 }));
        }
    }
}

#[test]
fn writes_and_logs_land_in_the_acting_account_and_static_calls_make_none() {
    for (caller, leaf) in SIDES {
        for kind in KINDS {
            let mut chain = chain(caller, leaf, kind);
            let (ok, _, result, _) = relay(&mut chain, caller, kind, &storing(42), 0);
            assert_eq!(ok, kind != Kind::Static, "{caller:?} {kind:?} {leaf:?}");
            let acting = if kind == Kind::Delegate { RELAY } else { LEAF };
            let expected = if kind == Kind::Static { 0 } else { 42 };
            assert_eq!(
                slot5(&mut chain, acting),
                U256::from(expected),
                "{caller:?} {kind:?} {leaf:?}"
            );
            let other = if kind == Kind::Delegate { LEAF } else { RELAY };
            assert_eq!(slot5(&mut chain, other), U256::ZERO);
            let logs: Vec<Address> = result.logs().iter().map(|log| log.address).collect();
            assert_eq!(
                logs,
                if kind == Kind::Static {
                    vec![]
                } else {
                    vec![acting]
                }
            );
        }
    }
}

#[test]
fn revert_data_comes_back_and_a_trap_gives_none() {
    for (caller, leaf) in SIDES {
        for kind in KINDS {
            let (ok, data, ..) = relay(
                &mut chain(caller, leaf, kind),
                caller,
                kind,
                b"\x02because",
                0,
            );
            assert!(!ok);
            assert_eq!(data, b"because", "{caller:?} {kind:?} {leaf:?}");
            let (ok, data, ..) = relay(&mut chain(caller, leaf, kind), caller, kind, &[3], 0);
            assert!(!ok);
            assert!(data.is_empty(), "{caller:?} {kind:?} {leaf:?}");
        }
    }
}

#[test]
fn a_trap_keeps_the_gas_but_an_invalid_opcode_takes_it() {
    let (_, _, trap, _) = relay(
        &mut chain(Side::Stylus, Side::Stylus, Kind::Call),
        Side::Stylus,
        Kind::Call,
        &[3],
        0,
    );
    assert!(trap.tx_gas_used() < 100_000, "{trap:?}");
    let (_, _, invalid, _) = relay(
        &mut chain(Side::Stylus, Side::Evm, Kind::Call),
        Side::Stylus,
        Kind::Call,
        &[3],
        0,
    );
    assert!(invalid.tx_gas_used() > GAS * 9 / 10, "{invalid:?}");
}

#[test]
fn transient_storage_lasts_for_the_transaction() {
    for leaf in [Side::Evm, Side::Stylus] {
        let mut chain = chain(Side::Stylus, leaf, Kind::Call);
        let mut store = vec![4];
        store.extend(word(8));
        // One transaction: a program writes through two frames, the second reads what the first left.
        let both = two_calls(&mut chain, &store, &[5]);
        assert_eq!(both, word(8));
        let (_, data, ..) = relay(&mut chain, Side::Stylus, Kind::Call, &[5], 0);
        assert_eq!(
            data,
            word(0),
            "{leaf:?}: the next transaction sees none of it"
        );
    }
}

/// Calls LEAF twice in one transaction, and returns the second call's data.
fn two_calls(chain: &mut Chain, first: &[u8], second: &[u8]) -> Vec<u8> {
    let twice = address!("0x00000000000000000000000000000000000000c3");
    let data = format!(
        "(data (i32.const 0) \"{}\") (data (i32.const 64) \"{}\") (data (i32.const 256) \"{}\")",
        escape(LEAF.as_slice()),
        escape(first),
        escape(second)
    );
    let call = |at: u32, len: usize| {
        format!(
            "(drop (call $call_contract (i32.const 0) (i32.const {at}) (i32.const {len}) (i32.const 512) (i64.const -1) (i32.const 600)))"
        )
    };
    let body = format!(
        "{}{}(drop (call $read_return_data (i32.const 700) (i32.const 0) (i32.const 32)))",
        call(64, first.len()),
        call(256, second.len())
    );
    let imports = [
        "call_contract i32 i32 i32 i32 i64 i32 -> i32",
        "read_return_data i32 i32 i32 -> i32",
    ];
    chain.install_program(
        twice,
        &crate::contracts::program(&imports, &data, &body, 700, 32),
        U256::ZERO,
    );
    let (result, _) = chain.send(twice, Bytes::new(), GAS, U256::ZERO);
    result.output().expect("output").to_vec()
}

fn escape(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}

#[test]
fn an_outer_revert_undoes_what_inner_frames_wrote() {
    // Relay (EVM) → relay (Stylus) → leaf stores; then the same with a leaf that reverts instead.
    let inner = address!("0x00000000000000000000000000000000000000d4");
    for leaf in [Side::Evm, Side::Stylus] {
        let mut chain = chain(Side::Evm, leaf, Kind::Call);
        chain.install_program(inner, &relay_program(), U256::ZERO);
        let nested = relay_input(Kind::Call, LEAF, &storing(6));
        let (result, trace) =
            chain.send(RELAY, relay_contract_input(inner, &nested), GAS, U256::ZERO);
        assert!(result.is_success());
        assert_eq!(slot5(&mut chain, LEAF), U256::from(6));
        assert_eq!(
            programs(&trace).len(),
            if leaf == Side::Stylus { 2 } else { 1 }
        );
    }
    // A program that lets the leaf store and log, and then reverts.
    let mut chain = chain(Side::Stylus, Side::Stylus, Kind::Call);
    let data = format!(
        "(data (i32.const 0) \"{}\") (data (i32.const 64) \"{}\")",
        escape(LEAF.as_slice()),
        escape(&storing(7))
    );
    let body = "(drop (call $call_contract (i32.const 0) (i32.const 64) (i32.const 33) (i32.const 512) (i64.const -1)
        (i32.const 600))) (call $exit_early (i32.const 1))";
    let imports = [
        "call_contract i32 i32 i32 i32 i64 i32 -> i32",
        "exit_early i32",
    ];
    chain.install_program(
        inner,
        &crate::contracts::program(&imports, &data, body, 0, 0),
        U256::ZERO,
    );
    let (result, _) = chain.send(inner, Bytes::new(), GAS, U256::ZERO);
    assert!(!result.is_success());
    assert_eq!(slot5(&mut chain, LEAF), U256::ZERO);
}

#[test]
fn a_frame_is_reentrant_if_its_account_has_another_open_frame() {
    // The relay calls itself, which calls the leaf by delegate call: the leaf acts for the relay, which has two frames.
    let reentrant = |input: Bytes| {
        let mut chain = chain(Side::Stylus, Side::Stylus, Kind::Call);
        let (result, _) = chain.send(RELAY, input, GAS, U256::ZERO);
        let output = result.output().expect("output").to_vec();
        output[output.len() - 4]
    };
    let delegate_leaf = relay_input(Kind::Delegate, LEAF, &[0]);
    assert_eq!(reentrant(relay_input(Kind::Call, RELAY, &delegate_leaf)), 1);
    assert_eq!(
        reentrant(relay_input(Kind::Static, RELAY, &delegate_leaf)),
        1
    );
    // A delegate call opens no frame of its own account, so one frame of the relay is not reentrant.
    assert_eq!(reentrant(delegate_leaf.clone()), 0);
    assert_eq!(
        reentrant(relay_input(Kind::Delegate, RELAY, &delegate_leaf)),
        0
    );
    // Nor is a plain call of another account.
    assert_eq!(reentrant(relay_input(Kind::Call, LEAF, &[0])), 0);
}

#[test]
fn a_call_costs_its_access_its_value_and_what_the_callee_used() {
    // Cold account without code: 100 + 2,500. With value to an account that does not exist: 25,000 + 9,000 more, and
    // the stipend of 2,300 comes back unused.
    let nobody = address!("0x00000000000000000000000000000000000000ee");
    for (value, gas) in [(0, 2_600), (1, 2_600 + 34_000)] {
        let mut chain = chain(Side::Stylus, Side::Stylus, Kind::Call);
        let (result, trace) = chain.send(
            RELAY,
            relay_input(Kind::Call, nobody, &[]),
            GAS,
            U256::from(value),
        );
        assert_eq!(result.output().expect("output").as_ref(), [0]);
        let ink = crate::harness::hostios(&trace)
            .iter()
            .find(|(_, name, _)| *name == "call_contract")
            .expect("a call")
            .2;
        assert_eq!(ink, 8_400 + 3 * 5_040 + 59_673 + 2 * 16_381 + gas * 10_000);
    }
}

#[test]
fn a_call_that_cannot_pay_its_value_fails_and_costs_the_access() {
    // The relay was sent one wei and gives it to the leaf by delegate call, whose callee then has nothing to send.
    let mut chain = chain(Side::Stylus, Side::Stylus, Kind::Call);
    let poor = address!("0x00000000000000000000000000000000000000d5");
    let data = format!(
        "(data (i32.const 0) \"{}\") (data (i32.const 95) \"\\01\")",
        escape(LEAF.as_slice())
    );
    let body = "(i32.store (i32.const 2048) (call $call_contract (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 64)
        (i64.const -1) (i32.const 600)))";
    let wasm = crate::contracts::program(
        &["call_contract i32 i32 i32 i32 i64 i32 -> i32"],
        &data,
        body,
        2_048,
        4,
    );
    chain.install_program(poor, &wasm, U256::ZERO);
    let (result, trace) = chain.send(poor, Bytes::new(), GAS, U256::ZERO);
    assert_eq!(result.output().expect("output").as_ref(), [2, 0, 0, 0]);
    let ink = crate::harness::hostios(&trace)[0].2;
    // All gas given comes back, the stipend with it, so only access and value are paid: the leaf exists.
    assert_eq!(
        ink,
        8_400 + 3 * 5_040 + 59_673 + 2 * 16_381 + (2_600 + 9_000 - 2_300 + 2_300) * 10_000
    );
}

#[test]
fn programs_nest_until_all_pages_are_open() {
    // Whoever calls needs a page to hold the address, so that no more than 128 programs are open at once. The 129th
    // cannot be paid: its caller sees status 2, and all others success.
    let mut chain = chain(Side::Stylus, Side::Evm, Kind::Call);
    let mut input = relay_input(Kind::Call, RELAY, &[]).to_vec();
    for _ in 0..140 {
        input = relay_input(Kind::Call, RELAY, &input).to_vec();
    }
    let (result, trace) = chain.send(RELAY, input.into(), 1 << 45, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
    assert_eq!(programs(&trace).len(), 128);
    let mut statuses = vec![0; 127];
    statuses.push(2);
    assert_eq!(result.output().expect("output").as_ref(), statuses);
}
