//! ArbWasm (0x71): activates Stylus programs, extends their life, and tells their figures.

use alloy::{sol, sol_types::SolCall};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use revm::{Database, context::JournalTr};

use super::{
    Answer, COLD_ACCOUNT_GAS, COPY_WORD_GAS, Call, Failure,
    Mutability::{Payable, View},
    PARAMS_GAS, STATE_CLEAR_GAS, STATE_READ_GAS, STATE_WRITE_GAS, encode, revert, words,
};
use crate::vm::{
    arbos,
    container::{self, Root},
    host::INK_PER_GAS,
    programs::{self, ProgramEntry, STYLUS_VERSION},
    wasm::{self, MAX_PAGES, MAX_STACK_WORDS},
};

sol! {
    function activateProgram(address program) external payable returns (uint16 version, uint256 dataFee);
    function codehashKeepalive(bytes32 codehash) external payable;
    function stylusVersion() external view returns (uint16);
    function codehashVersion(bytes32 codehash) external view returns (uint16);
    function codehashAsmSize(bytes32 codehash) external view returns (uint32);
    function programVersion(address program) external view returns (uint16);
    function programInitGas(address program) external view returns (uint64 gas, uint64 gasWhenCached);
    function programMemoryFootprint(address program) external view returns (uint16);
    function programTimeLeft(address program) external view returns (uint64);
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
    error ProgramNeedsUpgrade(uint16 version, uint16 stylusVersion);
    error ProgramExpired(uint64 ageInSeconds);
    error ProgramUpToDate();
    error ProgramKeepaliveTooSoon(uint64 ageInSeconds);
    error ProgramInsufficientValue(uint256 have, uint256 want);
}

/// Gas of each activation, whatever the program.
const ACTIVATION_GAS: u64 = 1_659_168;
/// What the price of memory was derived from; told, but not used, as on Nitro.
const PAGE_RAMP: u64 = 620_674_314;
/// The longest code of a contract (EIP-170).
const MAX_CODE_BYTES: usize = 24_576;
const WARM_GAS: u64 = 100;

pub(super) fn call<DB: Database>(
    call: &mut Call<'_, DB>,
    selector: [u8; 4],
    args: &[u8],
) -> Answer<Bytes, DB::Error> {
    match selector {
        activateProgramCall::SELECTOR => {
            let program = call.enter::<activateProgramCall>(Payable, args)?.program;
            activate(call, program)
        }
        codehashKeepaliveCall::SELECTOR => {
            let code_hash = call.enter::<codehashKeepaliveCall>(Payable, args)?.codehash;
            keep_alive(call, code_hash)
        }
        codehashVersionCall::SELECTOR => {
            let code_hash = call.enter::<codehashVersionCall>(View, args)?.codehash;
            Ok(encode(call.parameterised(&code_hash)?.version))
        }
        codehashAsmSizeCall::SELECTOR => {
            let code_hash = call.enter::<codehashAsmSizeCall>(View, args)?.codehash;
            Ok(encode(call.parameterised(&code_hash)?.asm_bytes()))
        }
        programVersionCall::SELECTOR => {
            let program = call.enter::<programVersionCall>(View, args)?.program;
            Ok(encode(call.program_at(program)?.version))
        }
        programInitGasCall::SELECTOR => {
            let program = call.enter::<programInitGasCall>(View, args)?.program;
            let entry = call.program_at(program)?;
            Ok(encode((
                entry.init_gas() + entry.cached_gas(),
                entry.cached_gas(),
            )))
        }
        programMemoryFootprintCall::SELECTOR => {
            let program = call
                .enter::<programMemoryFootprintCall>(View, args)?
                .program;
            Ok(encode(call.program_at(program)?.footprint))
        }
        programTimeLeftCall::SELECTOR => {
            let program = call.enter::<programTimeLeftCall>(View, args)?.program;
            let now_s = call.now_s();
            Ok(encode(call.program_at(program)?.time_left_s(now_s)))
        }
        stylusVersionCall::SELECTOR => {
            call.parameter::<stylusVersionCall>(args, encode(STYLUS_VERSION))
        }
        inkPriceCall::SELECTOR => call.parameter::<inkPriceCall>(args, encode(INK_PER_GAS as u32)),
        maxStackDepthCall::SELECTOR => {
            call.parameter::<maxStackDepthCall>(args, encode(MAX_STACK_WORDS))
        }
        freePagesCall::SELECTOR => {
            call.parameter::<freePagesCall>(args, encode(programs::FREE_PAGES))
        }
        pageGasCall::SELECTOR => call.parameter::<pageGasCall>(args, encode(programs::PAGE_GAS)),
        pageRampCall::SELECTOR => call.parameter::<pageRampCall>(args, encode(PAGE_RAMP)),
        pageLimitCall::SELECTOR => call.parameter::<pageLimitCall>(args, encode(MAX_PAGES as u16)),
        minInitGasCall::SELECTOR => {
            let (init, cached) = (
                u64::from(programs::MIN_INIT_GAS) * 128,
                u64::from(programs::MIN_CACHED_INIT_GAS) * 32,
            );
            call.parameter::<minInitGasCall>(args, encode((init, cached)))
        }
        initCostScalarCall::SELECTOR => {
            call.parameter::<initCostScalarCall>(args, encode(u64::from(programs::COST_SCALAR) * 2))
        }
        expiryDaysCall::SELECTOR => {
            call.parameter::<expiryDaysCall>(args, encode(programs::EXPIRY_DAYS as u16))
        }
        keepaliveDaysCall::SELECTOR => {
            call.parameter::<keepaliveDaysCall>(args, encode(programs::KEEPALIVE_DAYS as u16))
        }
        blockCacheSizeCall::SELECTOR => {
            call.parameter::<blockCacheSizeCall>(args, encode(programs::BLOCK_CACHE_SIZE))
        }
        _ => Err(Failure::TakesAllGas),
    }
}

impl<DB: Database> Call<'_, DB> {
    // One of the chain's parameters.
    fn parameter<C: SolCall>(&mut self, args: &[u8], value: Bytes) -> Answer<Bytes, DB::Error> {
        self.enter::<C>(View, args)?;
        self.burn(PARAMS_GAS)?;
        Ok(value)
    }

    fn parameterised(&mut self, code_hash: &B256) -> Answer<ProgramEntry, DB::Error> {
        self.burn(PARAMS_GAS)?;
        self.active_program(code_hash)
    }

    fn program_at(&mut self, program: Address) -> Answer<ProgramEntry, DB::Error> {
        let code_hash = self.code_hash(program)?;
        self.parameterised(&code_hash)
    }
}

// Nitro `programs.go`, `ActivateProgram`.
fn activate<DB: Database>(call: &mut Call<'_, DB>, program: Address) -> Answer<Bytes, DB::Error> {
    call.burn(ACTIVATION_GAS)?;
    call.burn(PARAMS_GAS)?;
    // The code itself is read without a price: the fixed part includes that.
    let code = arbos::code(call.ctx, program).map_err(Failure::Database)?;
    let code_hash = keccak256(&code);
    let now_s = call.now_s();
    let prior = call.program(&code_hash)?;
    if prior.version == STYLUS_VERSION && !prior.is_expired(now_s) {
        return Err(revert(ProgramUpToDate {}));
    }
    if !container::is_program(&code) {
        return Err(revert(ProgramNotWasm {}));
    }

    // What is wrong with a program is not told on Nitro either, but in the node's log.
    let refuse = |error: &dyn std::fmt::Display| tracing::warn!(%program, %error, "a program cannot be activated");
    let root = Root::read(&code);
    let fragmented = root.is_some();
    let wasm = match root {
        None => container::open(&code),
        Some(Err(error)) => Err(error),
        Some(Ok(root)) => root.open(&fragments(call, &root)?),
    };
    let wasm = wasm.map_err(|error| {
        refuse(&error);
        Failure::Revert(Bytes::new())
    })?;
    let page_limit = (MAX_PAGES as u16).saturating_sub(call.ctx.chain.pages.open);
    let (activation, metered) = wasm::activate(&wasm, page_limit).map_err(|error| {
        refuse(&error);
        Failure::TakesAllGas
    })?;
    call.burn(activation.engine_gas)?;
    let module_hash = keccak256(&metered);
    let key = if fragmented { module_hash } else { code_hash };
    if call.runtime.get(&key).is_none()
        && let Err(error) = call.runtime.compile(key, &metered)
    {
        refuse(&format!("{error:#}"));
        return Err(Failure::TakesAllGas);
    }

    // The prior module's hash is read if a cached program is replaced.
    call.burn(STATE_WRITE_GAS + if prior.cached { STATE_READ_GAS } else { 0 })?;
    programs::store_module_hash(call.ctx, &code_hash, module_hash).map_err(Failure::Database)?;
    let data_fee = data_fee(call, activation.asm_estimate)?;
    call.store_program(
        &code_hash,
        &ProgramEntry::activated(&activation, now_s, prior.cached),
    )?;
    pay(call, data_fee)?;
    call.emit(&ProgramActivated {
        codehash: code_hash,
        moduleHash: module_hash,
        program,
        dataFee: data_fee,
        version: STYLUS_VERSION,
    })?;
    Ok(encode((STYLUS_VERSION, data_fee)))
}

// Nitro `programs.go`, `ProgramKeepalive`.
fn keep_alive<DB: Database>(call: &mut Call<'_, DB>, code_hash: B256) -> Answer<Bytes, DB::Error> {
    let mut entry = call.parameterised(&code_hash)?;
    let now_s = call.now_s();
    if !entry.may_be_kept_alive(now_s) {
        return Err(revert(ProgramKeepaliveTooSoon {
            ageInSeconds: entry.age_s(now_s),
        }));
    }
    let data_fee = data_fee(call, entry.asm_bytes())?;
    entry.activated_at_h = programs::hours_since_epoch(now_s);
    call.store_program(&code_hash, &entry)?;
    pay(call, data_fee)?;
    call.emit(&ProgramLifetimeExtended {
        codehash: code_hash,
        dataFee: data_fee,
    })?;
    Ok(Bytes::new())
}

// Reads the fragments of a program, each for the price of touching and copying it. One that cannot be paid at its
// longest is not read.
fn fragments<DB: Database>(call: &mut Call<'_, DB>, root: &Root) -> Answer<Vec<Bytes>, DB::Error> {
    let copy_gas = |bytes: usize| COPY_WORD_GAS * words(bytes);
    let mut codes = Vec::new();
    for address in &root.fragments {
        let load = call
            .ctx
            .journaled_state
            .code(*address)
            .map_err(Failure::Database)?;
        let touch_gas = if load.is_cold {
            COLD_ACCOUNT_GAS
        } else {
            WARM_GAS
        };
        if call.gas_left < touch_gas + copy_gas(MAX_CODE_BYTES) {
            return Err(Failure::TakesAllGas);
        }
        call.burn(touch_gas + copy_gas(load.data.len()))?;
        codes.push(load.data);
    }
    Ok(codes)
}

// Five figures of the price are read and two are written.
fn data_fee<DB: Database>(call: &mut Call<'_, DB>, asm_bytes: u32) -> Answer<U256, DB::Error> {
    call.burn(5 * STATE_READ_GAS)?;
    let now_s = call.now_s();
    let demand_write_gas = if asm_bytes == 0 {
        STATE_CLEAR_GAS
    } else {
        STATE_WRITE_GAS
    };
    call.burn(demand_write_gas + STATE_WRITE_GAS)?;
    programs::data_fee_wei(call.ctx, asm_bytes, now_s).map_err(Failure::Database)
}

// Takes the fee from the value sent, and gives the rest back.
fn pay<DB: Database>(call: &mut Call<'_, DB>, fee: U256) -> Answer<(), DB::Error> {
    let Some(rest) = call.value.checked_sub(fee) else {
        return Err(revert(ProgramInsufficientValue {
            have: call.value,
            want: fee,
        }));
    };
    call.burn(STATE_READ_GAS)?;
    for (to, amount) in [(call.rights.network_fee_account, fee), (call.caller, rest)] {
        let failed = call
            .ctx
            .journaled_state
            .transfer(call.contract, to, amount)
            .map_err(Failure::Database)?;
        if failed.is_some() {
            return Err(Failure::Revert(Bytes::new()));
        }
    }
    Ok(())
}
