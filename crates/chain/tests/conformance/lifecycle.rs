//! Deployment, activation through ArbWasm, expiry, keepalive, and caching by a manager.

use alloy::{
    sol,
    sol_types::{SolCall, SolError, SolEvent},
};
use alloy_primitives::{Address, B256, Bytes, U256, address, keccak256};
use revm::context::result::ExecutionResult;
use weir_chain::vm::{ARB_GAS_INFO, ARB_SYS, ARB_WASM, ARB_WASM_CACHE, Vm, VmConfig, activate};

use crate::{
    contracts::{Kind, LEAF, RELAY, leaf_program, relay_contract, relay_contract_input, wasm},
    harness::{CALLER, Chain, NOW_S, program_code},
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

const DAY_S: u64 = 86_400;
const FEE_ACCOUNT: Address = address!("0x00000000000000000000000000000000000fee00");
const GAS: u64 = 30_000_000;

/// A chain with the leaf's code at LEAF, not activated, and the caller as cache manager.
fn chain() -> Chain {
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

fn code_hash() -> B256 {
    keccak256(program_code(&leaf_program()))
}

fn send(chain: &mut Chain, to: Address, call: impl SolCall, value: u64) -> ExecutionResult {
    chain
        .send(to, call.abi_encode().into(), GAS, U256::from(value))
        .0
}

fn ask<C: SolCall>(chain: &mut Chain, to: Address, call: C) -> C::Return {
    let result = send(chain, to, call, 0);
    assert!(result.is_success(), "{}: {result:?}", C::SIGNATURE);
    C::abi_decode_returns(result.output().expect("output")).expect("the answer decodes")
}

fn reverts_with(result: &ExecutionResult, error: impl SolError) {
    assert!(!result.is_success());
    assert_eq!(
        result.output().expect("output").as_ref(),
        error.abi_encode()
    );
}

fn activated() -> Chain {
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

fn warp(chain: &mut Chain, seconds: u64) {
    chain.env.block.timestamp += U256::from(seconds);
    chain.vm.start_block();
}

#[test]
fn a_program_runs_once_activated() {
    let mut chain = chain();
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt(), "{result:?}");
    assert_eq!(result.tx_gas_used(), 1_000_000, "all gas is taken");
    assert!(format!("{result:?}").contains("ProgramNotActivated"));

    let paid = 1_000_000_000_000_000_u64;
    let before = chain.db.cache.accounts[&CALLER].info.balance;
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        paid,
    );
    let answer = activateProgramCall::abi_decode_returns(result.output().expect("output"))
        .expect("it decodes");
    assert_eq!(answer.version, 2);
    let event = ProgramActivated::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(
        (event.address, event.codehash, event.program),
        (ARB_WASM, code_hash(), LEAF)
    );
    assert_eq!((event.dataFee, event.version), (answer.dataFee, 2));

    // The fee went to the network, the rest of the value came back.
    assert!(answer.dataFee > U256::ZERO && answer.dataFee < U256::from(paid));
    assert_eq!(
        chain.db.cache.accounts[&FEE_ACCOUNT].info.balance,
        answer.dataFee
    );
    let gas_fee = U256::from(result.tx_gas_used()) * U256::from(100_000_000);
    assert_eq!(
        chain.db.cache.accounts[&CALLER].info.balance,
        before - answer.dataFee - gas_fee
    );
    assert_eq!(chain.db.cache.accounts[&ARB_WASM].info.balance, U256::ZERO);

    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_success(), "{result:?}");
}

#[test]
fn activation_costs_a_fixed_part_the_analysis_and_the_state_it_writes() {
    let mut chain = chain();
    let input = activateProgramCall { program: LEAF }.abi_encode();
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        1_000_000_000_000_000,
    );
    let (activation, _) = activate(&leaf_program(), 128).expect("it can be activated");
    let intrinsic: u64 = 21_000
        + input
            .iter()
            .map(|byte| if *byte == 0 { 4 } else { 16 })
            .sum::<u64>();
    // Argument and result words; opening the state; parameters; the program's entry read and written; the module's hash;
    // five figures of the price read and two written; the fee account; an event of two topics and four words.
    let state = 3 + 6 + 800 + 100 + (800 + 20_000) + 20_000 + (5 * 800 + 2 * 20_000) + 800;
    let event = 375 * 3 + 8 * 128;
    assert_eq!(
        result.tx_gas_used(),
        intrinsic + 1_659_168 + activation.engine_gas + state + event
    );
    // 82,928,201 wei per byte, times e to the power of bytes over 21,360,419.
    let bytes = u64::from(activation.asm_estimate);
    let e_bips = 10_000.0 * (bytes as f64 / 21_360_419.0).exp();
    let fee = activateProgramCall::abi_decode_returns(result.output().expect("output"))
        .expect("it decodes")
        .dataFee;
    let per_byte = fee.to::<u64>() / bytes;
    assert!(
        per_byte.abs_diff((82_928_201.0 * e_bips / 10_000.0) as u64) <= 82_928_201 * 2 / 10_000,
        "{per_byte}"
    );
}

#[test]
fn activation_is_refused_with_nitro_s_errors() {
    let mut chain = activated();
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: LEAF },
            1 << 50,
        ),
        ProgramUpToDate {},
    );
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: RELAY },
            1 << 50,
        ),
        ProgramNotWasm {},
    );
    let nobody = address!("0x00000000000000000000000000000000000000ee");
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            activateProgramCall { program: nobody },
            1 << 50,
        ),
        ProgramNotWasm {},
    );

    // Too little value: nothing is activated, and the value comes back with the revert.
    let mut chain = self::chain();
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        5,
    );
    let error =
        ProgramInsufficientValue::abi_decode(result.output().expect("output")).expect("it decodes");
    assert_eq!(error.have, U256::from(5));
    assert!(error.want > U256::from(5));
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt());

    // A program that cannot be activated takes all gas; a container that cannot be opened does not.
    let float = wasm(
        r#"(module (memory (export "memory") 0 0) (func (export "user_entrypoint") (param i32) (result i32)
        (drop (f32.add (f32.const 1) (f32.const 2))) (i32.const 0)))"#,
    );
    chain.install(RELAY, program_code(&float), U256::ZERO);
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: RELAY },
        1 << 50,
    );
    assert_eq!((result.is_halt(), result.tx_gas_used()), (false, GAS));
    assert!(result.output().expect("output").is_empty());
    chain.install(
        RELAY,
        Bytes::from_static(&[0xEF, 0xF0, 0x00, 0x00, 1, 2, 3]),
        U256::ZERO,
    );
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: RELAY },
        1 << 50,
    );
    assert!(!result.is_success() && result.tx_gas_used() < 2_000_000);
}

#[test]
fn what_a_reverted_frame_activated_is_not_activated() {
    // The leaf of bytecode 0 reverts after its call: here the relay's call to ArbWasm lacks the value it needs.
    let mut chain = chain();
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    let call = activateProgramCall { program: LEAF }.abi_encode();
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &call),
        GAS,
        U256::from(1),
    );
    assert!(!result.is_success());
    reverts_with(
        &send(
            &mut chain,
            ARB_WASM,
            programVersionCall { program: LEAF },
            0,
        ),
        ProgramNotActivated {},
    );
    // And with it, through the same contract, it works.
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &call),
        GAS,
        U256::from(1_u64 << 50),
    );
    assert!(result.is_success(), "{result:?}");
    assert_eq!(
        ask(&mut chain, ARB_WASM, programVersionCall { program: LEAF }),
        2
    );
}

#[test]
fn a_program_expires_after_a_year_and_can_be_kept_alive_after_a_month() {
    let mut chain = activated();
    // Activation counts in whole hours since the start of Arbitrum One.
    let age_s = (NOW_S - 1_421_388_000) % 3_600;
    assert_eq!(
        ask(&mut chain, ARB_WASM, programTimeLeftCall { program: LEAF }),
        365 * DAY_S - age_s
    );
    let keepalive = codehashKeepaliveCall {
        codehash: code_hash(),
    };
    reverts_with(
        &send(&mut chain, ARB_WASM, keepalive.clone(), 1 << 50),
        ProgramKeepaliveTooSoon {
            ageInSeconds: age_s,
        },
    );
    warp(&mut chain, 31 * DAY_S);
    let result = send(&mut chain, ARB_WASM, keepalive.clone(), 1 << 50);
    assert!(result.is_success(), "{result:?}");
    let event = ProgramLifetimeExtended::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(event.codehash, code_hash());
    assert!(ask(&mut chain, ARB_WASM, programTimeLeftCall { program: LEAF }) > 364 * DAY_S);

    warp(&mut chain, 366 * DAY_S);
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_halt());
    assert!(format!("{result:?}").contains("ProgramExpired"));
    let result = send(&mut chain, ARB_WASM, keepalive, 1 << 50);
    assert_eq!(
        result.output().expect("output")[..4],
        ProgramExpired::SELECTOR
    );
    // Activation again makes it run again.
    let result = send(
        &mut chain,
        ARB_WASM,
        activateProgramCall { program: LEAF },
        1 << 50,
    );
    assert!(result.is_success(), "{result:?}");
    let (result, _) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    assert!(result.is_success());
}

#[test]
fn arb_wasm_tells_a_program_s_figures_and_the_chain_s_parameters() {
    let mut chain = activated();
    let (activation, _) = activate(&leaf_program(), 128).expect("it can be activated");
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            codehashVersionCall {
                codehash: code_hash()
            }
        ),
        2
    );
    let asm = activation.asm_estimate.div_ceil(1_024) * 1_024;
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            codehashAsmSizeCall {
                codehash: code_hash()
            }
        ),
        asm
    );
    assert_eq!(
        ask(
            &mut chain,
            ARB_WASM,
            programMemoryFootprintCall { program: LEAF }
        ),
        1
    );
    let gas = ask(&mut chain, ARB_WASM, programInitGasCall { program: LEAF });
    let cached = 352 + u64::from(activation.cached_init_cost);
    assert_eq!(
        (gas.gas, gas.gasWhenCached),
        (cached + 8_832 + u64::from(activation.init_cost), cached)
    );

    assert_eq!(ask(&mut chain, ARB_WASM, stylusVersionCall {}), 2);
    assert_eq!(ask(&mut chain, ARB_WASM, inkPriceCall {}), 10_000);
    assert_eq!(ask(&mut chain, ARB_WASM, maxStackDepthCall {}), 22_000);
    assert_eq!(ask(&mut chain, ARB_WASM, freePagesCall {}), 2);
    assert_eq!(ask(&mut chain, ARB_WASM, pageGasCall {}), 1_000);
    assert_eq!(ask(&mut chain, ARB_WASM, pageRampCall {}), 620_674_314);
    assert_eq!(ask(&mut chain, ARB_WASM, pageLimitCall {}), 128);
    let least = ask(&mut chain, ARB_WASM, minInitGasCall {});
    assert_eq!((least.gas, least.cached), (8_832, 352));
    assert_eq!(ask(&mut chain, ARB_WASM, initCostScalarCall {}), 100);
    assert_eq!(ask(&mut chain, ARB_WASM, expiryDaysCall {}), 365);
    assert_eq!(ask(&mut chain, ARB_WASM, keepaliveDaysCall {}), 31);
    assert_eq!(ask(&mut chain, ARB_WASM, blockCacheSizeCall {}), 32);
}

#[test]
fn a_manager_caches_and_evicts_and_nobody_else() {
    let mut chain = activated();
    assert!(ask(
        &mut chain,
        ARB_WASM_CACHE,
        isCacheManagerCall { manager: CALLER }
    ));
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        isCacheManagerCall { manager: LEAF }
    ));
    assert_eq!(
        ask(&mut chain, ARB_WASM_CACHE, allCacheManagersCall {}),
        vec![CALLER]
    );
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));

    let result = send(
        &mut chain,
        ARB_WASM_CACHE,
        cacheProgramCall { addr: LEAF },
        0,
    );
    let event = UpdateProgramCache::decode_log(&result.logs()[0]).expect("the event decodes");
    assert_eq!(
        (event.manager, event.codehash, event.cached),
        (CALLER, code_hash(), true)
    );
    assert!(ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));
    let whole = ask(&mut chain, ARB_WASM, programInitGasCall { program: LEAF });
    chain.vm.start_block();
    let (_, trace) = chain.send(LEAF, Bytes::from_static(&[0]), 1_000_000, U256::ZERO);
    let program = trace
        .root
        .and_then(|root| root.stylus)
        .expect("a program ran");
    assert_eq!(
        (program.entry_gas, program.cached),
        (whole.gasWhenCached, true)
    );

    let result = send(
        &mut chain,
        ARB_WASM_CACHE,
        evictCodehashCall {
            codehash: code_hash(),
        },
        0,
    );
    assert!(result.is_success());
    assert!(!ask(
        &mut chain,
        ARB_WASM_CACHE,
        codehashIsCachedCall {
            codehash: code_hash()
        }
    ));

    // Through a contract, the contract is the caller, and no manager.
    chain.install(RELAY, relay_contract(Kind::Call), U256::ZERO);
    let call = cacheProgramCall { addr: LEAF }.abi_encode();
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM_CACHE, &call),
        1_000_000,
        U256::ZERO,
    );
    assert!(!result.is_success());
}

#[test]
fn arb_sys_and_arb_gas_info_tell_the_chain_s_figures() {
    let mut chain = chain();
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbBlockNumberCall {}),
        U256::from(7)
    );
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbChainIDCall {}),
        U256::from(412_346)
    );
    assert_eq!(
        ask(&mut chain, ARB_SYS, arbOSVersionCall {}),
        U256::from(115)
    );
    assert_eq!(
        ask(
            &mut chain,
            ARB_SYS,
            arbBlockHashCall {
                arbBlockNum: U256::from(6)
            }
        ),
        keccak256("6")
    );
    assert!(
        !send(
            &mut chain,
            ARB_SYS,
            arbBlockHashCall {
                arbBlockNum: U256::from(7)
            },
            0
        )
        .is_success()
    );
    let prices = ask(&mut chain, ARB_GAS_INFO, getPricesInWeiCall {});
    assert_eq!(
        (prices._0, prices._1, prices._5),
        (U256::ZERO, U256::ZERO, U256::from(100_000_000))
    );
}

#[test]
fn precompiles_refuse_unknown_methods_delegate_calls_value_and_static_writes() {
    let mut chain = chain();
    let (result, _) = chain.send(
        ARB_SYS,
        Bytes::from_static(&[1, 2, 3, 4]),
        1_000_000,
        U256::ZERO,
    );
    assert!(!result.is_success() && result.tx_gas_used() == 1_000_000);
    let (result, _) = chain.send(ARB_SYS, Bytes::from_static(&[1]), 1_000_000, U256::ZERO);
    assert!(!result.is_success());
    assert!(
        !send(&mut chain, ARB_WASM, stylusVersionCall {}, 1).is_success(),
        "a view takes no value"
    );

    chain.install(RELAY, relay_contract(Kind::Delegate), U256::ZERO);
    let (result, _) = chain.send(
        RELAY,
        relay_contract_input(ARB_WASM, &stylusVersionCall {}.abi_encode()),
        1_000_000,
        U256::ZERO,
    );
    assert!(
        !result.is_success(),
        "a delegate call does not act as the precompile"
    );
    chain.install(RELAY, relay_contract(Kind::Static), U256::ZERO);
    let static_call = |chain: &mut Chain, call: Vec<u8>| {
        chain
            .send(
                RELAY,
                relay_contract_input(ARB_WASM, &call),
                GAS,
                U256::ZERO,
            )
            .0
            .is_success()
    };
    assert!(static_call(&mut chain, stylusVersionCall {}.abi_encode()));
    assert!(!static_call(
        &mut chain,
        activateProgramCall { program: LEAF }.abi_encode()
    ));
}
