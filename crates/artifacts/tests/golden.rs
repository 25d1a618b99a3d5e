//! The sizes and interfaces that the repository records are those that the build yields.
//!
//! After a change that is meant to alter them: `WEIR_BLESS=1 cargo test -p weir-artifacts`.

use std::{env, fmt::Write, fs, path::Path};

use alloy_json_abi::JsonAbi;
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IEntry, IErc20, IErc2612, IExits, IFeed, IGovernor,
    IHub, ILrt, ILst, IRates, IReth, IRewards, IRouter, IShare, IShared, ISteth, IVault, IWeth,
    IWsteth, IZap,
};

#[test]
fn sizes_are_as_recorded() {
    let mut table = format!(
        "{:<12} {:>9} {:>12} {:>12}\n",
        "contract", "opt-level", "wasm bytes", "code bytes"
    );
    for contract in weir_artifacts::all() {
        let (name, level) = (contract.name, contract.opt_level);
        writeln!(
            table,
            "{name:<12} {level:>9} {:>12} {:>12}",
            contract.wasm_len,
            contract.code.len()
        )
        .unwrap();
    }
    agrees("sizes.txt", &table);
}

#[test]
fn interfaces_are_as_recorded() {
    for contract in weir_artifacts::all() {
        let abi = abi_of(contract.name);
        let items: Vec<_> = abi
            .items()
            .map(|item| serde_json::to_string(&item).unwrap())
            .collect();
        let abi = format!("[\n{}\n]\n", items.join(",\n"));
        agrees(&format!("abi/{}.json", contract.name), &abi);
        if env::var_os("WEIR_BLESS").is_none() {
            assert_eq!(
                contract.abi, abi,
                "the artifact of {} carries another interface",
                contract.name
            );
        }
    }
}

/// What a contract answers to: the interfaces that its `route!` names, and the errors that all share.
fn abi_of(contract: &str) -> JsonAbi {
    let interfaces = match contract {
        "allocator" => vec![IAllocator::abi::contract()],
        "attestation" => vec![IAttestation::abi::contract()],
        "cover" => vec![ICover::abi::contract()],
        "custody" => vec![ICustody::abi::contract()],
        "entry" => vec![IEntry::abi::contract()],
        "exits" => vec![IExits::abi::contract()],
        "feed" => vec![IFeed::abi::contract()],
        "governor" => vec![IGovernor::abi::contract()],
        "hub" => vec![IHub::abi::contract()],
        "lrt" => vec![
            IErc20::abi::contract(),
            IErc2612::abi::contract(),
            ILrt::abi::contract(),
            IShare::abi::contract(),
        ],
        "rates" => vec![IRates::abi::contract()],
        "rewards" => vec![IRewards::abi::contract()],
        "reth" => vec![
            IErc20::abi::contract(),
            ILst::abi::contract(),
            IReth::abi::contract(),
        ],
        "router" => vec![IRouter::abi::contract()],
        "steth" => vec![
            IErc20::abi::contract(),
            ILst::abi::contract(),
            ISteth::abi::contract(),
        ],
        "vault" | "vault-control" | "vault-instant" | "vault-slash" | "vault-views" => {
            vec![IVault::abi::contract()]
        }
        "weth" => vec![IErc20::abi::contract(), IWeth::abi::contract()],
        "wsteth" => vec![
            IErc20::abi::contract(),
            IErc2612::abi::contract(),
            IWsteth::abi::contract(),
        ],
        "zap" => vec![IZap::abi::contract()],
        unknown => panic!("name the interfaces of the contract `{unknown}` here"),
    };
    let mut whole = IShared::abi::contract();
    for interface in interfaces {
        // By name: one that two interfaces have is overloaded.
        for (name, functions) in interface.functions {
            whole.functions.entry(name).or_default().extend(functions);
        }
        whole.events.extend(interface.events);
        whole.errors.extend(interface.errors);
    }
    whole
}

/// Compares with a file in `contracts/golden`, or writes it if `WEIR_BLESS` is set.
fn agrees(file: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../contracts/golden")
        .join(file);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        recorded, actual,
        "contracts/golden/{file} (left) is not what the build yields (right). If the change is meant, \
         run `WEIR_BLESS=1 cargo test -p weir-artifacts` and commit the file"
    );
}
