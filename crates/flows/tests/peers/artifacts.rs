//! Init code of others, as `.ci/fetch-peers` left it.

use std::path::{Path, PathBuf};

use alloy_primitives::{Address, Bytes, hex};
use alloy_sol_types::SolValue;
use weir_chain::UnsignedTx;
use weir_flows::{DEPLOYER, Stage};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/peers");
    let path: PathBuf = root.join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. `bash .ci/fetch-peers` fetches it.",
            path.display()
        )
    })
}

fn create(stage: &Stage, code: &str, arguments: Vec<u8>) -> Address {
    let mut init = hex::decode(code.trim()).expect("hexadecimal code");
    init.extend(arguments);
    let tx = UnsignedTx::new(DEPLOYER).data(Bytes::from(init));
    let outcome = stage.chain().send(tx).wait().expect("a valid transaction");
    assert!(outcome.success, "{:?}", outcome.error());
    outcome.contract.expect("a creation")
}

/// Creates a contract of `Peers.sol`.
pub fn compiled<T: SolValue>(stage: &Stage, name: &str, arguments: &T) -> Address
where
    for<'a> <T::SolType as alloy_sol_types::SolType>::Token<'a>: alloy_sol_types::abi::TokenSeq<'a>,
{
    let code = read(&format!("compiled/Peers_sol_{name}.bin"));
    create(stage, &code, arguments.abi_encode_params())
}

/// Creates a contract of a package that comes with its bytecode.
pub fn packaged<T: SolValue>(stage: &Stage, package: &str, name: &str, arguments: &T) -> Address
where
    for<'a> <T::SolType as alloy_sol_types::SolType>::Token<'a>: alloy_sol_types::abi::TokenSeq<'a>,
{
    let path = format!("node_modules/{package}/artifacts/contracts/{name}.sol/{name}.json");
    let json: serde_json::Value = serde_json::from_str(&read(&path)).expect("JSON");
    let code = json["bytecode"].as_str().expect("bytecode");
    create(stage, code, arguments.abi_encode_params())
}
