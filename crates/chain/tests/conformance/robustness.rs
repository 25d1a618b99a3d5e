//! Activation of arbitrary bytes: an error or a program, never a panic.

use alloy_primitives::hex;
use proptest::prelude::*;
use weir_chain::vm::{MAX_WASM_BYTES, activate, open};

use crate::{
    contracts::{leaf_program, relay_program},
    harness::program_code,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..Default::default() })]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(activate(&bytes, 128).is_err());
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend(&bytes);
        let _ = activate(&module, 128);
    }

    #[test]
    fn a_mutated_program_is_admitted_or_refused(
        which in any::<bool>(),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..4_u8), 1..6),
    ) {
        let mut wasm = if which { leaf_program() } else { relay_program() };
        for (at, byte, edit) in edits {
            let at = at.index(wasm.len());
            match edit {
                0 => wasm[at] = byte,
                1 => wasm[at] ^= 1 << (byte % 8),
                2 => wasm.insert(at, byte),
                _ => drop(wasm.remove(at)),
            }
        }
        if let Ok((activation, metered)) = activate(&wasm, 128) {
            prop_assert_eq!(activation.wasm_len, wasm.len());
            // What is admitted is a valid module after metering.
            prop_assert!(wasmparser::validate(&metered).is_ok());
        }
    }

    #[test]
    fn arbitrary_containers_are_opened_or_refused(
        payload in proptest::collection::vec(any::<u8>(), 0..600),
        dictionary in 0..3_u8,
        cut in any::<proptest::sample::Index>(),
    ) {
        let mut code = vec![0xEF, 0xF0, 0x00, dictionary];
        code.extend(&payload);
        let _ = open(&code);
        // A truncated program is refused.
        let whole = program_code(&leaf_program());
        let cut = cut.index(whole.len());
        prop_assert!(open(&whole[..cut]).is_err());
    }
}

fn cases() -> u32 {
    std::env::var("WEIR_PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(256)
}

#[test]
fn what_follows_the_compressed_stream_is_ignored() {
    let wasm = leaf_program();
    let mut code = program_code(&wasm).to_vec();
    code.extend(hex!("deadbeef"));
    assert_eq!(open(&code), Ok(wasm));
}

#[test]
fn a_container_is_opened_up_to_the_size_limit_and_not_beyond() {
    assert_eq!(
        open(&program_code(&vec![7; MAX_WASM_BYTES])).map(|wasm| wasm.len()),
        Ok(MAX_WASM_BYTES)
    );
    assert!(open(&program_code(&vec![7; MAX_WASM_BYTES + 1])).is_err());
    // 64 MiB of zeros in some fifty bytes.
    assert!(open(&program_code(&vec![0; 64 << 20])).is_err());
}
