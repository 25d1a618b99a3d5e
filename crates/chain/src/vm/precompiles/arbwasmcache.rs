//! ArbWasmCache (0x72): managers keep programs cached, so that entering them costs less.

use alloy::{sol, sol_types::SolCall};
use alloy_primitives::{Address, B256, Bytes};
use revm::Database;

use super::{
    Answer, Call, Failure,
    Mutability::{View, Write},
    PARAMS_GAS, STATE_READ_GAS, arbwasm, encode, revert,
};
use crate::vm::programs::STYLUS_VERSION;

sol! {
    function isCacheManager(address manager) external view returns (bool);
    function allCacheManagers() external view returns (address[] memory);
    function cacheProgram(address addr) external;
    function evictCodehash(bytes32 codehash) external;
    function codehashIsCached(bytes32 codehash) external view returns (bool);

    event UpdateProgramCache(address indexed manager, bytes32 indexed codehash, bool cached);
}

pub(super) fn call<DB: Database>(
    call: &mut Call<'_, DB>,
    selector: [u8; 4],
    args: &[u8],
) -> Answer<Bytes, DB::Error> {
    match selector {
        isCacheManagerCall::SELECTOR => {
            let asked = call.enter::<isCacheManagerCall>(View, args)?.manager;
            call.burn(STATE_READ_GAS)?;
            Ok(encode(call.rights.cache_managers.contains(&asked)))
        }
        allCacheManagersCall::SELECTOR => {
            call.enter::<allCacheManagersCall>(View, args)?;
            let managers: Vec<Address> = call.rights.cache_managers.clone();
            call.burn(STATE_READ_GAS * (1 + managers.len() as u64))?;
            Ok(encode(managers))
        }
        cacheProgramCall::SELECTOR => {
            let program = call.enter::<cacheProgramCall>(Write, args)?.addr;
            let code_hash = call.code_hash(program)?;
            set_cached(call, code_hash, true)
        }
        evictCodehashCall::SELECTOR => {
            let code_hash = call.enter::<evictCodehashCall>(Write, args)?.codehash;
            set_cached(call, code_hash, false)
        }
        codehashIsCachedCall::SELECTOR => {
            let code_hash = call.enter::<codehashIsCachedCall>(View, args)?.codehash;
            Ok(encode(call.program(&code_hash)?.cached))
        }
        _ => Err(Failure::TakesAllGas),
    }
}

// Nitro `programs.go`, `SetProgramCached`.
fn set_cached<DB: Database>(
    call: &mut Call<'_, DB>,
    code_hash: B256,
    cached: bool,
) -> Answer<Bytes, DB::Error> {
    call.burn(STATE_READ_GAS)?;
    if !call.rights.cache_managers.contains(&call.caller) {
        return Err(Failure::TakesAllGas);
    }
    call.burn(PARAMS_GAS)?;
    let mut entry = call.program(&code_hash)?;
    let now_s = call.now_s();
    if cached && entry.version != STYLUS_VERSION {
        return Err(revert(arbwasm::ProgramNeedsUpgrade {
            version: entry.version,
            stylusVersion: STYLUS_VERSION,
        }));
    }
    if cached && entry.is_expired(now_s) {
        return Err(revert(arbwasm::ProgramExpired {
            ageInSeconds: entry.age_s(now_s),
        }));
    }
    if entry.cached == cached {
        return Ok(Bytes::new());
    }
    call.emit(&UpdateProgramCache {
        manager: call.caller,
        codehash: code_hash,
        cached,
    })?;
    // The start of the program, and its module's hash.
    call.burn(u64::from(entry.init_cost) + STATE_READ_GAS)?;
    entry.cached = cached;
    call.store_program(&code_hash, &entry)?;
    Ok(Bytes::new())
}
