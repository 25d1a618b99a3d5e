//! The call tree that tracing gives.

use alloy_primitives::{Bytes, U256};
use weir_chain::vm::{Frame, FrameKind, FrameLog, HostioInk, Trace, TraceTooLarge};

use crate::{
    contracts::{
        Kind, LEAF, RELAY, leaf_contract, leaf_program, relay_contract, relay_contract_input,
        relay_input, relay_program,
    },
    harness::{CALLER, Chain},
};

const GAS: u64 = 5_000_000;

fn storing() -> Vec<u8> {
    let mut data = vec![1];
    data.extend([9; 32]);
    data
}

#[test]
fn frames_tell_who_called_whom_with_what_and_what_came_of_it() {
    let mut chain = Chain::new();
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    chain.install_program(LEAF, &leaf_program(), U256::ZERO);
    let input = relay_contract_input(LEAF, &storing());
    let (result, trace) = chain.send(RELAY, input.clone(), GAS, U256::from(4));
    let root = trace.root.expect("a frame");
    assert_eq!(
        (root.kind, root.from, root.to),
        (FrameKind::Call, CALLER, Some(RELAY))
    );
    assert_eq!(
        (root.value, &root.input, &root.error),
        (U256::from(4), &input, &None)
    );
    let intrinsic = GAS - root.gas;
    assert_eq!(result.tx_gas_used(), intrinsic + root.gas_used);
    assert!(root.stylus.is_none() && root.logs.is_empty());

    let [leaf] = &root.calls[..] else {
        panic!("one inner call: {:?}", root.calls)
    };
    assert_eq!(
        (leaf.kind, leaf.from, leaf.to),
        (FrameKind::Call, RELAY, Some(LEAF))
    );
    assert_eq!(
        (leaf.value, leaf.input.as_ref()),
        (U256::from(4), &storing()[..])
    );
    assert_eq!(leaf.logs.len(), 1);
    assert_eq!(leaf.logs[0].log.data.data.as_ref(), [9; 32]);
    let program = leaf.stylus.as_ref().expect("a program ran");
    assert_eq!(program.outcome, "success");
    assert_eq!(leaf.gas_used, leaf.gas - program.end_ink / 10_000);
    let names: Vec<&str> = program.hostios.iter().map(|hostio| hostio.name).collect();
    assert_eq!(
        names,
        [
            "read_args",
            "storage_cache_bytes32",
            "storage_flush_cache",
            "emit_log"
        ]
    );
}

#[test]
fn failures_keep_their_reason_and_the_logs_that_were_undone() {
    // The leaf logs and stores; then its caller, a program, reverts by trapping: two frames, the outer with an error.
    let relay = |leaf_input: &[u8], kind| {
        let mut chain = Chain::new();
        chain.install_program(RELAY, &relay_program(), U256::ZERO);
        chain.install_program(LEAF, &leaf_program(), U256::ZERO);
        chain
            .send(RELAY, relay_input(kind, LEAF, leaf_input), GAS, U256::ZERO)
            .1
    };
    let inner = |trace: Trace| trace.root.expect("a frame").calls.remove(0);

    let trapped = inner(relay(&[3], Kind::Call));
    assert_eq!(trapped.error.as_deref(), Some("execution reverted"));
    let program = trapped.stylus.expect("a program ran");
    assert_eq!(program.outcome, "failure");
    assert!(program.failure.expect("a reason").contains("unreachable"));

    let reverted = inner(relay(b"\x02because", Kind::Delegate));
    assert_eq!(reverted.kind, FrameKind::DelegateCall);
    assert_eq!(reverted.output.as_ref(), b"because");
    assert_eq!(reverted.stylus.expect("a program ran").outcome, "revert");

    let refused = inner(relay(&storing(), Kind::Static));
    assert_eq!(refused.kind, FrameKind::StaticCall);
    let program = refused.stylus.expect("a program ran");
    assert!(
        program
            .failure
            .expect("a reason")
            .contains("storage write in a static call")
    );
}

#[test]
fn evm_frames_are_told_as_well() {
    let mut chain = Chain::new();
    chain.install_program(RELAY, &relay_program(), U256::ZERO);
    chain.install(LEAF, leaf_contract(), U256::ZERO);
    let (_, trace) = chain.send(
        RELAY,
        relay_input(Kind::Call, LEAF, &storing()),
        GAS,
        U256::ZERO,
    );
    let root = trace.root.expect("a frame");
    // The call is the third host function of the relay, and the leaf's frame lies before its end.
    let program = root.stylus.as_ref().expect("a program ran");
    let call = program
        .hostios
        .iter()
        .find(|hostio| hostio.name == "call_contract")
        .expect("a call");
    assert_eq!(call.position, 1);
    assert!(root.calls[0].stylus.is_none());
    assert_eq!(root.calls[0].logs.len(), 1);

    // Too little gas for the program: its frame is told, without a program.
    chain.vm.start_block();
    let (result, trace) = chain.send(RELAY, Bytes::new(), 22_000, U256::ZERO);
    assert!(result.is_halt());
    let root = trace.root.expect("a frame");
    assert_eq!(root.error.as_deref(), Some("out of gas"));
    assert_eq!(root.gas_used, root.gas);
    assert!(root.stylus.is_none());
}

#[test]
fn a_trace_that_exceeds_its_limit_is_refused_and_the_transaction_done() {
    let storing_call = || relay_input(Kind::Call, LEAF, &storing());
    let send = |limit| {
        let mut chain = Chain::new();
        chain.install_program(RELAY, &relay_program(), U256::ZERO);
        chain.install_program(LEAF, &leaf_program(), U256::ZERO);
        chain.send_traced(RELAY, storing_call(), GAS, U256::ZERO, limit)
    };
    let (result, whole) = send(usize::MAX);
    let root = whole.expect("no limit").root.expect("a frame");
    let leaf = &root.calls[0];
    let log = &leaf.logs[0].log;
    let hostios = |frame: &Frame| {
        frame
            .stylus
            .as_ref()
            .map_or(0, |program| program.hostios.len())
    };
    let bytes = 2 * size_of::<Frame>()
        + size_of::<FrameLog>()
        + (hostios(&root) + hostios(leaf)) * size_of::<HostioInk>()
        + [
            &root.input,
            &root.output,
            &leaf.input,
            &leaf.output,
            &log.data.data,
        ]
        .iter()
        .map(|data| data.len())
        .sum::<usize>()
        + size_of_val(log.topics());
    assert_eq!(
        send(bytes).1,
        Ok(Trace { root: Some(root) }),
        "it just fits"
    );
    for limit in [bytes - 1, bytes / 2, 0] {
        let (without, trace) = send(limit);
        assert_eq!(trace, Err(TraceTooLarge { limit }));
        assert_eq!(without, result, "recording does not change what happens");
    }
}
