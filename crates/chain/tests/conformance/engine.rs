//! The engine as a thing: what it shares, keeps and frees.

use alloy_primitives::{Bytes, U256, address, hex};
use weir_chain::vm::{Compiler, Vm, VmConfig};

use crate::{
    contracts::{LEAF, leaf_program, relay_program},
    harness::{Chain, program_code, programs},
};

#[test]
fn an_engine_moves_between_threads() {
    fn can<T: Send>() {}
    can::<Vm>();
    can::<Compiler>();
}

#[test]
fn a_clone_leaves_the_block_s_recent_programs_alone() {
    let mut chain = Chain::new();
    chain.install_program(LEAF, &leaf_program(), U256::ZERO);
    let original = chain.vm.clone();
    let (_, first) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(!programs(&first)[0].2.cached);
    // The clone was made before, so for it the program is new; for the one that ran it, it is not.
    let ran = std::mem::replace(&mut chain.vm, original);
    let (_, second) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(!programs(&second)[0].2.cached);
    chain.vm = ran;
    let (_, third) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(programs(&third)[0].2.cached);
}

#[test]
fn native_code_is_kept_in_its_directory() {
    let dir = tempfile::tempdir().expect("a directory");
    let files = || {
        let mut files = Vec::new();
        let mut dirs = vec![dir.path().to_path_buf()];
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).expect("it can be read") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    dirs.push(path)
                } else {
                    files.push(path)
                }
            }
        }
        // Statistics are written beside the code, by a thread of the cache's own.
        files.retain(|path| path.extension().is_none());
        files.sort();
        files
    };
    let code = program_code(&leaf_program());
    let start = || {
        let cfg = VmConfig {
            native_code_dir: Some(dir.path().to_path_buf()),
            ..Default::default()
        };
        let vm = Vm::new(cfg).expect("the engine starts");
        vm.compiler().warm(&code).expect("it compiles");
    };
    assert!(files().is_empty());
    start();
    let first = files();
    assert_eq!(first.len(), 1);
    start();
    assert_eq!(files(), first);
}

#[test]
fn compiling_ahead_refuses_what_activation_refuses() {
    let compiler = Chain::new().vm.compiler();
    assert!(compiler.warm(&program_code(&relay_program())).is_ok());
    assert!(compiler.warm(&program_code(b"not wasm")).is_err());
    assert!(compiler.warm(&[0x60, 0x00]).is_err());
}

#[test]
fn the_precompiles_of_ethereum_are_there() {
    let mut chain = Chain::new();
    let sha256 = address!("0x0000000000000000000000000000000000000002");
    let (result, _) = chain.send(sha256, Bytes::from_static(b"abc"), 100_000, U256::ZERO);
    let digest = hex!("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(result.output().expect("output").as_ref(), digest);

    // P-256 verification costs 6,900 gas, and gives one for a signature that holds and nothing else.
    let p256 = address!("0x0000000000000000000000000000000000000100");
    let signed = hex!(
        "4cee90eb86eaa050036147a12d49004b6b9c72bd725d39d4785011fe190f0b4d"
        "a73bd4903f0ce3b639bbbf6e8e80d16931ff4bcf5993d58468e8fb19086e8cac"
        "36dbcd03009df8c59286b162af3bd7fcc0450c9aa81be5d10d312af6c66b1d60"
        "4aebd3099c618202fcfe16ae7770b0c49ab5eadf74b754204a3bb6060e44eff3"
        "7618b065f9832de4ca6ca971a7a1adc826d0f7c00181a5fb2ddf79ae00b4e10e"
    );
    let (result, trace) = chain.send(p256, signed.into(), 100_000, U256::ZERO);
    assert_eq!(
        result.output().expect("output").as_ref(),
        U256::from(1).to_be_bytes::<32>()
    );
    assert_eq!(trace.root.expect("a frame").gas_used, 6_900);
    let mut forged = signed;
    forged[0] ^= 1;
    let (result, _) = chain.send(p256, forged.into(), 100_000, U256::ZERO);
    assert!(result.output().expect("output").is_empty());
}
