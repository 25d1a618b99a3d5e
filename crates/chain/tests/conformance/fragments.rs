//! Programs cut into fragments: a root that lists them, each in a contract of its own.

use alloy::{sol, sol_types::SolCall};
use alloy_primitives::{Address, Bytes, U256};
use revm::context::result::ExecutionResult;
use weir_chain::vm::{ARB_WASM, activate};

use crate::{
    contracts::{RELAY, leaf_program, relay_program},
    harness::{Chain, program_code},
};

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
}

const PARTS: [Address; 3] = [
    Address::with_last_byte(0x91),
    Address::with_last_byte(0x92),
    Address::with_last_byte(0x93),
];

fn root(wasm_len: usize, fragments: &[Address]) -> Bytes {
    let mut code = vec![0xEF, 0xF0, 0x02, 0x00];
    code.extend((wasm_len as u32).to_be_bytes());
    fragments.iter().for_each(|at| code.extend(at));
    code.into()
}

/// A chain with the compressed `wasm` in two fragments, and `root` at RELAY.
fn chain(wasm: &[u8], root: Bytes) -> (Chain, [usize; 2]) {
    let mut chain = Chain::new();
    let code = program_code(wasm);
    let (first, second) = code[4..].split_at(code.len() / 3);
    for (at, part) in PARTS.iter().zip([first, second]) {
        let mut fragment = vec![0xEF, 0xF0, 0x01];
        fragment.extend(part);
        chain.install(*at, fragment.into(), U256::ZERO);
    }
    chain.install(RELAY, root, U256::ZERO);
    (chain, [first.len() + 3, second.len() + 3])
}

fn activate_it(chain: &mut Chain) -> ExecutionResult {
    let call = activateProgramCall { program: RELAY }.abi_encode();
    chain
        .send(ARB_WASM, call.into(), 30_000_000, U256::from(1_u64 << 50))
        .0
}

#[test]
fn a_program_of_fragments_is_activated_and_runs_like_a_whole_one() {
    let wasm = leaf_program();
    let (mut chain, lens) = chain(&wasm, root(wasm.len(), &PARTS[..2]));
    let result = activate_it(&mut chain);
    assert!(result.is_success(), "{result:?}");

    // Besides what a whole program costs: each fragment cold, and three gas per word.
    let mut whole = Chain::new();
    whole.install(RELAY, program_code(&wasm), U256::ZERO);
    let without = activate_it(&mut whole);
    let fragments: u64 = lens
        .iter()
        .map(|len| 2_600 + 3 * (*len as u64).div_ceil(32))
        .sum();
    assert_eq!(result.tx_gas_used(), without.tx_gas_used() + fragments);

    let (result, trace) = chain.send(RELAY, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
    assert_eq!(&result.output().expect("output")[20..40], RELAY.as_slice());
    let (activation, _) = activate(&wasm, 128).expect("it can be activated");
    let entry = trace
        .root
        .and_then(|root| root.stylus)
        .expect("a program ran")
        .entry_gas;
    assert_eq!(
        entry,
        8_832 + 352 + u64::from(activation.init_cost + activation.cached_init_cost)
    );
}

#[test]
fn a_root_goes_by_what_it_was_activated_as() {
    // The same root code on two chains, with other fragments: each runs its own.
    let (one, two) = (leaf_program(), relay_program());
    let len = one.len().max(two.len());
    // Custom sections bring both to one length, so that the roots are equal.
    let padded = |mut wasm: Vec<u8>| {
        // Id, length in two bytes, a name of one byte, and what is missing.
        let body = len + 8 - wasm.len() - 3;
        wasm.extend([0, body as u8 | 0x80, (body >> 7) as u8, 1, b'x']);
        wasm.extend(vec![0; body - 2]);
        wasm
    };
    let (one, two) = (padded(one), padded(two));
    assert_eq!(one.len(), two.len());
    let mut outputs = Vec::new();
    for wasm in [&one, &two] {
        let (mut chain, _) = chain(wasm, root(wasm.len(), &PARTS[..2]));
        assert!(activate_it(&mut chain).is_success());
        // The leaf tells who calls; the relay, asked to call the zero address, tells the status.
        let mut input = vec![0; 21];
        input.push(0);
        let (result, _) = chain.send(RELAY, input.into(), 1_000_000, U256::ZERO);
        outputs.push(result.output().expect("output").len());
    }
    assert_eq!(outputs, [76, 1]);
}

#[test]
fn roots_that_do_not_hold_are_refused() {
    let wasm = leaf_program();
    let len = wasm.len();
    let refuse = |root: Bytes| {
        let (mut chain, _) = chain(&wasm, root.clone());
        let result = activate_it(&mut chain);
        assert!(
            !result.is_success() && !result.is_halt(),
            "{root}: {result:?}"
        );
    };
    refuse(root(len, &[]));
    refuse(root(len, &PARTS));
    refuse(root(len, &PARTS[..1]));
    refuse(root(len - 1, &PARTS[..2]));
    refuse(root(len + 1, &PARTS[..2]));
    refuse(root(128 * 1024 + 1, &PARTS[..2]));
    refuse(root(len, &[PARTS[0], RELAY]));
    refuse(root(len, &PARTS[..2])[..30].to_vec().into());
    refuse(Bytes::from_static(&[0xEF, 0xF0, 0x02, 0x00, 0x00]));
    let mut dictionary = root(len, &PARTS[..2]).to_vec();
    dictionary[3] = 1;
    refuse(dictionary.into());

    // A fragment by itself is no program: it cannot be activated, nor does it run.
    let (mut chain, _) = chain(&wasm, root(len, &PARTS[..2]));
    let call = activateProgramCall { program: PARTS[0] }.abi_encode();
    let (result, _) = chain.send(ARB_WASM, call.into(), 30_000_000, U256::from(1_u64 << 50));
    assert!(!result.is_success());
    let (result, _) = chain.send(PARTS[0], Bytes::new(), 1_000_000, U256::ZERO);
    assert!(result.is_halt());
}
