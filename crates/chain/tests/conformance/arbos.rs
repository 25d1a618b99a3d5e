//! ArbOS's precompiles as the tests call them, and a chain with a program to activate.

use alloy::{
    sol,
    sol_types::{SolCall, SolError},
};
use alloy_primitives::{Address, B256, U256, address, keccak256};
use revm::context::result::ExecutionResult;
use weir_chain::vm::{ARB_WASM, Vm, VmConfig};

use crate::{
    contracts::{LEAF, leaf_program},
    harness::{CALLER, Chain, program_code},
};

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function codehashKeepalive(bytes32 codehash) external payable;
    function codehashVersion(bytes32 codehash) external view returns (uint16);
    function codehashAsmSize(bytes32 codehash) external view returns (uint32);
    function programVersion(address program) external view returns (uint16);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function programMemoryFootprint(address program) external view returns (uint16);
    function programTimeLeft(address program) external view returns (uint64);
    function stylusVersion() external view returns (uint16);
    function inkPrice() external view returns (uint32);
    function maxStackDepth() external view returns (uint32);
    function freePages() external view returns (uint16);
    function pageGas() external view returns (uint16);
    function pageRamp() external view returns (uint64);
    function pageLimit() external view returns (uint16);
    function minInitGas() external view returns (uint64 gas, uint64 cached);
    function initCostScalar() external view returns (uint64);
    function expiryDays() external view returns (uint16);
    function keepaliveDays() external view returns (uint16);
    function blockCacheSize() external view returns (uint16);
    event ProgramActivated(
        bytes32 indexed codehash, bytes32 moduleHash, address program, uint256 dataFee, uint16 version
    );
    event ProgramLifetimeExtended(bytes32 indexed codehash, uint256 dataFee);
    error ProgramNotWasm();
    error ProgramNotActivated();
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);

    function isCacheManager(address manager) external view returns (bool);
    function allCacheManagers() external view returns (address[] memory);
    function cacheProgram(address addr) external;
    function evictCodehash(bytes32 codehash) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);
    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);

    function arbBlockNumber() external view returns (uint256);
    function arbBlockHash(uint256 arbBlockNum) external view returns (bytes32);
    function arbChainID() external view returns (uint256);
    function arbOSVersion() external view returns (uint256);
    function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
}

pub const DAY_S: u64 = 86_400;
pub const FEE_ACCOUNT: Address = address!("0x00000000000000000000000000000000000fee00");
pub const GAS: u64 = 30_000_000;

/// A chain with the leaf's code at LEAF, not activated, and the caller as cache manager.
pub fn chain() -> Chain {
    let mut chain = Chain::new();
    let cfg = VmConfig {
        network_fee_account: FEE_ACCOUNT,
        cache_managers: vec![CALLER],
        ..Default::default()
    };
    chain.vm = Vm::new(cfg).expect("the engine starts");
    chain.install(LEAF, program_code(&leaf_program()), U256::ZERO);
    chain
}

pub fn code_hash() -> B256 {
    keccak256(program_code(&leaf_program()))
}

pub fn send(chain: &mut Chain, to: Address, call: impl SolCall, value: u64) -> ExecutionResult {
    chain
        .send(to, call.abi_encode().into(), GAS, U256::from(value))
        .0
}

pub fn ask<C: SolCall>(chain: &mut Chain, to: Address, call: C) -> C::Return {
    let result = send(chain, to, call, 0);
    assert!(result.is_success(), "{}: {result:?}", C::SIGNATURE);
    C::abi_decode_returns(result.output().expect("output")).expect("the answer decodes")
}

pub fn reverts_with(result: &ExecutionResult, error: impl SolError) {
    assert!(!result.is_success());
    assert_eq!(
        result.output().expect("output").as_ref(),
        error.abi_encode()
    );
}

pub fn activated() -> Chain {
    let mut chain = chain();
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        1_000_000_000_000_000,
    );
    assert!(result.is_success(), "{result:?}");
    chain
}

pub fn warp(chain: &mut Chain, seconds: u64) {
    chain.env.block.timestamp += U256::from(seconds);
    chain.vm.start_block();
}
