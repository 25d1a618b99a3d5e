//! The reference of the contracts is what their interfaces say: docs/reference/contracts.
//!
//! After a change that is meant to alter it: `WEIR_BLESS=1 cargo test --workspace --test reference`.

mod page;
mod source;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use alloy_json_abi::JsonAbi;
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IEntry, IErc20, IErc2612, IExits, IFeed, IGovernor,
    IHub, ILrt, ILst, IRates, IReth, IRewards, IRouter, IShare, IShared, ISteth, IUniswapV3Pool,
    IVault, IWeth, IWsteth, IZap,
};

use page::Page;
use source::Interface;

/// A page: its file, its title, what it opens with, and its interfaces.
type Plan = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const PAGES: &[Plan] = &[
    (
        "vault",
        "The vault",
        "Every call goes to the address of `vault` in the address book: `vault-control`, `vault-slash`, `vault-views` and `vault-instant` are programs that it runs in its own storage.",
        &["IVault"],
    ),
    ("exits", "The exits", "", &["IExits"]),
    (
        "feed",
        "The feed",
        "Deployed twice: `feed` answers the rate, `feed-floor` the floor rate.",
        &["IFeed"],
    ),
    ("governor", "The governor", "", &["IGovernor"]),
    ("hub", "The hub", "", &["IHub"]),
    ("allocator", "The allocator", "", &["IAllocator"]),
    ("rates", "The rates", "", &["IRates"]),
    ("cover", "Bonds and cover", "", &["ICover"]),
    ("rewards", "The rewards", "", &["IRewards"]),
    (
        "attestation",
        "An attestation service",
        "",
        &["IAttestation"],
    ),
    ("custody", "A custody service", "", &["ICustody"]),
    (
        "entry",
        "The entry",
        "Deployed once for each asset: `entry-weth` and so on.",
        &["IEntry"],
    ),
    ("router", "The router", "", &["IRouter", "IUniswapV3Pool"]),
    ("zap", "The zap", "", &["IZap"]),
    (
        "lrt",
        "The share token",
        "",
        &["ILrt", "IShare", "IErc20", "IErc2612"],
    ),
    (
        "tokens",
        "Development tokens",
        "Tokens for chains that have none: `weth`, `steth`, `wsteth`, `reth`. Each is an ERC-20 token too: [the share token](lrt.md) has those calls.",
        &["IWeth", "ILst", "ISteth", "IWsteth", "IReth"],
    ),
];

/// An interface as clients decode it.
fn abi(interface: &str) -> JsonAbi {
    match interface {
        "IAllocator" => IAllocator::abi::contract(),
        "IAttestation" => IAttestation::abi::contract(),
        "ICover" => ICover::abi::contract(),
        "ICustody" => ICustody::abi::contract(),
        "IEntry" => IEntry::abi::contract(),
        "IErc20" => IErc20::abi::contract(),
        "IErc2612" => IErc2612::abi::contract(),
        "IExits" => IExits::abi::contract(),
        "IFeed" => IFeed::abi::contract(),
        "IGovernor" => IGovernor::abi::contract(),
        "IHub" => IHub::abi::contract(),
        "ILrt" => ILrt::abi::contract(),
        "ILst" => ILst::abi::contract(),
        "IRates" => IRates::abi::contract(),
        "IReth" => IReth::abi::contract(),
        "IRouter" => IRouter::abi::contract(),
        "IShare" => IShare::abi::contract(),
        "IRewards" => IRewards::abi::contract(),
        "IShared" => IShared::abi::contract(),
        "ISteth" => ISteth::abi::contract(),
        "IUniswapV3Pool" => IUniswapV3Pool::abi::contract(),
        "IVault" => IVault::abi::contract(),
        "IWeth" => IWeth::abi::contract(),
        "IWsteth" => IWsteth::abi::contract(),
        "IZap" => IZap::abi::contract(),
        unknown => panic!("name the interface {unknown} here and on a page"),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_reference_is_what_the_interfaces_say() {
    let interfaces = source::interfaces(&root().join("crates/abi/src"));
    let by_name = |name: &str| -> &Interface {
        let found = interfaces.iter().find(|interface| interface.name == name);
        found.unwrap_or_else(|| panic!("there is no interface {name}"))
    };
    let mut on_pages = BTreeSet::from(["IShared"]);
    let mut errors = page::Errors::default();
    errors.add("all", by_name("IShared"), &abi("IShared"));
    for (file, title, opening, names) in PAGES.iter().copied() {
        let mut page = Page::new(title, opening, file);
        for name in names {
            assert!(on_pages.insert(name), "{name} is on two pages");
            page.add(by_name(name), &abi(name));
            errors.add(file, by_name(name), &abi(name));
        }
        agrees(&format!("{file}.md"), &page.text());
    }
    agrees("errors.md", &errors.text());
    for interface in &interfaces {
        assert!(
            on_pages.contains(interface.name.as_str()),
            "{} is on no page",
            interface.name
        );
    }
}

/// Compares with a file of the reference, or writes it if `WEIR_BLESS` is set.
fn agrees(file: &str, actual: &str) {
    let path = root().join("docs/reference/contracts").join(file);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        recorded == actual,
        "docs/reference/contracts/{file} is not what the interfaces say. If the change is meant, run \
         `WEIR_BLESS=1 cargo test --workspace --test reference` and commit the file"
    );
}
