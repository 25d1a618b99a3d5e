//! What entering a program costs: start-up, cached or not, and memory pages.

use alloy_primitives::{Address, Bytes, U256};

use crate::{
    contracts::{Kind, LEAF, RELAY, program, relay_input, relay_program, wasm},
    harness::{Chain, programs},
};

fn entry_gas(chain: &mut Chain, to: Address, input: Bytes) -> Vec<u64> {
    let (result, trace) = chain.send(to, input, 100_000_000, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
    programs(&trace)
        .iter()
        .map(|(_, _, program)| program.entry_gas)
        .collect()
}

#[test]
fn a_program_costs_less_when_the_block_has_entered_it_or_a_manager_caches_it() {
    let mut chain = Chain::new();
    let activation = chain.install_program(RELAY, &program(&[], "", "", 0, 0), U256::ZERO);
    let cached = 11 * 32 + u64::from(activation.cached_init_cost);
    let whole = cached + 69 * 128 + u64::from(activation.init_cost);
    assert_eq!(entry_gas(&mut chain, RELAY, Bytes::new()), [whole]);
    assert_eq!(entry_gas(&mut chain, RELAY, Bytes::new()), [cached]);
    chain.vm.start_block();
    assert_eq!(entry_gas(&mut chain, RELAY, Bytes::new()), [whole]);
    chain.vm.start_block();
    chain.set_cached(true);
    assert_eq!(entry_gas(&mut chain, RELAY, Bytes::new()), [cached]);
}

#[test]
fn a_program_is_recent_even_if_it_could_not_be_paid() {
    let mut chain = Chain::new();
    let activation = chain.install_program(RELAY, &program(&[], "", "", 0, 0), U256::ZERO);
    let (result, trace) = chain.send(RELAY, Bytes::new(), 22_000, U256::ZERO);
    assert!(result.is_halt());
    assert!(programs(&trace).is_empty());
    let cached = 11 * 32 + u64::from(activation.cached_init_cost);
    assert_eq!(entry_gas(&mut chain, RELAY, Bytes::new()), [cached]);
}

#[test]
fn the_thirty_third_program_displaces_the_one_entered_longest_ago() {
    let mut chain = Chain::new();
    let at = |i: u8| Address::with_last_byte(i);
    for i in 1..=33 {
        // Each has its own code, hence its own place among the recent.
        chain.install_program(
            at(0x80 + i),
            &program(
                &[],
                &format!("(data (i32.const 0) \"\\{i:02x}\")"),
                "",
                0,
                0,
            ),
            U256::ZERO,
        );
    }
    let first = entry_gas(&mut chain, at(0x81), Bytes::new())[0];
    (2..=32).for_each(|i| drop(entry_gas(&mut chain, at(0x80 + i), Bytes::new())));
    // The first is renewed, so that the second is the oldest when the thirty-third comes.
    assert!(entry_gas(&mut chain, at(0x81), Bytes::new())[0] < first);
    entry_gas(&mut chain, at(0x80 + 33), Bytes::new());
    assert!(entry_gas(&mut chain, at(0x81), Bytes::new())[0] < first);
    assert_eq!(entry_gas(&mut chain, at(0x82), Bytes::new())[0], first);
}

#[test]
fn pages_are_shared_by_the_programs_of_a_transaction() {
    let mut chain = Chain::new();
    let pages = |count: u32| {
        wasm(&format!(
            "(module (memory (export \"memory\") {count} {count})
             (func (export \"user_entrypoint\") (param i32) (result i32) (i32.const 0)))"
        ))
    };
    // Alone: 2 pages are free, 10 cost 8 · 1,000 and 2 for the tenth power, and the table's first entry is 1.
    let activation = chain.install_program(LEAF, &pages(10), U256::ZERO);
    let start = 11 * 32
        + u64::from(activation.cached_init_cost)
        + 69 * 128
        + u64::from(activation.init_cost);
    assert_eq!(
        entry_gas(&mut chain, LEAF, Bytes::new()),
        [start + 8_000 + (3 - 1)]
    );
    // Within a program of one page: one of the two free ones is taken.
    chain.install_program(RELAY, &relay_program(), U256::ZERO);
    chain.vm.start_block();
    let nested = entry_gas(&mut chain, RELAY, relay_input(Kind::Call, LEAF, &[]));
    assert_eq!(nested[1], start + 9_000 + (4 - 1));
    // 128 pages can be had, one more cannot, whatever the gas.
    let mut chain = Chain::new();
    chain.install_program(LEAF, &pages(128), U256::ZERO);
    chain.install_program(RELAY, &relay_program(), U256::ZERO);
    let (result, _) = chain.send(LEAF, Bytes::new(), 100_000_000, U256::ZERO);
    assert!(result.is_success());
    assert!(result.tx_gas_used() > 31_873_998 + 126_000, "{result:?}");
    let (result, _) = chain.send(
        RELAY,
        relay_input(Kind::Call, LEAF, &[]),
        1 << 40,
        U256::ZERO,
    );
    assert_eq!(result.output().expect("output").as_ref(), [2]);
}

#[test]
fn returned_data_costs_at_least_its_memory_in_the_evm() {
    // 60,000 bytes are 1,875 words: 3 · 1,875 + 1,875² / 512 = 12,491 gas, more than the program uses.
    let mut chain = Chain::new();
    chain.install_program(RELAY, &program(&[], "", "", 0, 60_000), U256::ZERO);
    for _ in 0..2 {
        // The second call finds the program cached, and costs the same.
        let (result, trace) = chain.send(RELAY, Bytes::new(), 10_000_000, U256::ZERO);
        assert_eq!(trace.root.as_ref().map_or(0, |root| root.gas_used), 12_491);
        assert_eq!(result.tx_gas_used(), 21_000 + 12_491);
    }
    // A frame that has less than that runs out of gas, though the program itself does not.
    let (result, trace) = chain.send(RELAY, Bytes::new(), 21_000 + 12_490, U256::ZERO);
    assert!(result.is_halt());
    assert_eq!(programs(&trace)[0].2.outcome, "success");
}

#[test]
fn the_whole_of_a_small_call_to_the_unit() {
    let wasm = wasm(
        r#"(module (memory (export "memory") 0 0)
        (func (export "user_entrypoint") (param i32) (result i32) (local i32)
            (local.set 1 (i32.const 10))
            (loop (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
            (i32.const 0)))"#,
    );
    let mut chain = Chain::new();
    let activation = chain.install_program(LEAF, &wasm, U256::ZERO);
    let (result, trace) = chain.send(LEAF, Bytes::from_static(&[0, 1]), 1_000_000, U256::ZERO);
    let (_, _, program) = programs(&trace)[0];

    // Four basic blocks, each with 2,450 ink for its head: constant, set and loop; the loop's body, ten times (get,
    // constant, sub, tee, br_if); the loop's end; constant and end.
    let blocks = [1 + 210 + 1, 75 + 1 + 70 + 75 + 765, 1, 1 + 1].map(|ink| ink + 2_450);
    let ink = blocks[0] + 10 * blocks[1] + blocks[2] + blocks[3];
    assert_eq!(program.start_ink - program.end_ink, ink);

    let entry = 11 * 32
        + 69 * 128
        + u64::from(activation.init_cost)
        + u64::from(activation.cached_init_cost);
    assert_eq!(program.entry_gas, entry);
    // A transaction costs 21,000, a zero byte of its data 4, another byte 16.
    assert_eq!(
        result.tx_gas_used(),
        21_000 + 4 + 16 + entry + ink.div_ceil(10_000)
    );
}
