//! Which functions a contract has.

use alloy_json_abi::JsonAbi;
use alloy_primitives::{Selector, U256};
use weir_abi::IShared::UnknownSelector;
use weir_flows::{World, actors::STRANGER};
use weir_protocol::model::Config;

/// Every contract is asked for every function that any of them has, without arguments: it knows those of its recorded interface,
/// whatever else it says to the call, and no other.
#[test]
fn a_contract_has_the_functions_of_its_recorded_interface_and_no_other() {
    let world = World::new(&Config::default());
    let at = world.at;
    let deploy = |name| {
        world
            .stage
            .deploy(weir_artifacts::by_name(name).expect(name))
    };
    let contracts = [
        ("lrt", at.lrt),
        ("vault", at.vault),
        ("exits", at.exits),
        ("allocator", at.allocator),
        ("hub", at.hub),
        ("rates", at.rates),
        ("governor", deploy("governor")),
        ("cover", at.cover),
        ("rewards", at.rewards),
        ("feed", at.feed),
        ("zap", deploy("zap")),
        ("entry", deploy("entry")),
        ("router", deploy("router")),
        ("weth", deploy("weth")),
        ("steth", deploy("steth")),
        ("wsteth", deploy("wsteth")),
        ("reth", deploy("reth")),
        ("attestation", deploy("attestation")),
        ("custody", deploy("custody")),
    ];
    let all: Vec<_> = contracts
        .iter()
        .flat_map(|(name, _)| selectors(name))
        .collect();
    for (name, address) in contracts {
        let own = selectors(name);
        for (signature, selector) in &all {
            let is_known =
                match world
                    .stage
                    .send_bytes(STRANGER, address, U256::ZERO, selector.to_vec())
                {
                    Ok(_) => true,
                    Err(refusal) => !refusal.is::<UnknownSelector>(),
                };
            let is_own = own.iter().any(|(_, own)| own == selector);
            assert_eq!(is_known, is_own, "{name}: {signature}");
        }
    }
}

/// Signatures and selectors of the interface that the repository records, which is the one that the artifact carries.
fn selectors(name: &str) -> Vec<(String, Selector)> {
    let artifact = weir_artifacts::by_name(name).expect(name);
    let abi: JsonAbi = serde_json::from_str(artifact.abi).expect(name);
    abi.functions()
        .map(|function| (function.signature(), function.selector()))
        .collect()
}
