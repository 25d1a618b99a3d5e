//! Gives programs their imports.

use wasmtime::{Caller, Linker};

use super::{Call, Escape, Host, account, calls, env, io, math, storage};

macro_rules! hostio {
    ($linker:ident, $module:ident :: $name:ident ($($arg:ident : $ty:ty),*) $(-> $ret:ty)?) => {
        $linker.func_wrap(
            "vm_hooks",
            stringify!($name),
            |caller: Caller<'_, Host> $(, $arg: $ty)*| -> wasmtime::Result<hostio!(@ret $($ret)?)> {
                let mut call = Call { caller };
                let tracing = call.caller.data().tracing;
                let start_ink = if tracing { call.ink() } else { 0 };
                let value = $module::$name(&mut call $(, $arg)*).map_err(wasmtime::Error::new)?;
                if tracing {
                    let end_ink = call.ink();
                    call.api().trace_hostio(stringify!($name), start_ink, end_ink);
                }
                Ok(value)
            },
        )?;
    };
    (@ret) => { () };
    (@ret $ret:ty) => { $ret };
}

/// Defines all host functions of the `vm_hooks` module.
pub(crate) fn link(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    hostio!(linker, io::read_args(ptr: u32));
    hostio!(linker, io::write_result(ptr: u32, len: u32));
    hostio!(linker, io::read_return_data(dest: u32, offset: u32, size: u32) -> u32);
    hostio!(linker, io::return_data_size() -> u32);
    hostio!(linker, io::emit_log(data: u32, len: u32, topics: u32));
    hostio!(linker, io::native_keccak256(input: u32, len: u32, output: u32));

    hostio!(linker, storage::storage_load_bytes32(key: u32, dest: u32));
    hostio!(linker, storage::storage_cache_bytes32(key: u32, value: u32));
    hostio!(linker, storage::storage_flush_cache(clear: u32));
    hostio!(linker, storage::transient_load_bytes32(key: u32, dest: u32));
    hostio!(linker, storage::transient_store_bytes32(key: u32, value: u32));

    hostio!(linker, calls::call_contract(to: u32, data: u32, len: u32, value: u32, gas: u64, ret_len: u32) -> u32);
    hostio!(linker, calls::delegate_call_contract(to: u32, data: u32, len: u32, gas: u64, ret_len: u32) -> u32);
    hostio!(linker, calls::static_call_contract(to: u32, data: u32, len: u32, gas: u64, ret_len: u32) -> u32);
    hostio!(linker, calls::create1(code: u32, len: u32, value: u32, contract: u32, revert_len: u32));
    hostio!(linker, calls::create2(code: u32, len: u32, value: u32, salt: u32, contract: u32, revert_len: u32));

    hostio!(linker, account::account_balance(address: u32, dest: u32));
    hostio!(linker, account::account_code(address: u32, offset: u32, size: u32, dest: u32) -> u32);
    hostio!(linker, account::account_code_size(address: u32) -> u32);
    hostio!(linker, account::account_codehash(address: u32, dest: u32));

    hostio!(linker, env::block_basefee(ptr: u32));
    hostio!(linker, env::block_coinbase(ptr: u32));
    hostio!(linker, env::block_gas_limit() -> u64);
    hostio!(linker, env::block_number() -> u64);
    hostio!(linker, env::block_timestamp() -> u64);
    hostio!(linker, env::chainid() -> u64);
    hostio!(linker, env::tx_gas_price(ptr: u32));
    hostio!(linker, env::tx_ink_price() -> u32);
    hostio!(linker, env::tx_origin(ptr: u32));
    hostio!(linker, env::contract_address(ptr: u32));
    hostio!(linker, env::msg_sender(ptr: u32));
    hostio!(linker, env::msg_value(ptr: u32));
    hostio!(linker, env::msg_reentrant() -> u32);
    hostio!(linker, env::evm_gas_left() -> u64);
    hostio!(linker, env::evm_ink_left() -> u64);
    hostio!(linker, env::pay_for_memory_grow(pages: u32));

    hostio!(linker, math::math_div(value: u32, divisor: u32));
    hostio!(linker, math::math_mod(value: u32, modulus: u32));
    hostio!(linker, math::math_pow(value: u32, exponent: u32));
    hostio!(linker, math::math_add_mod(value: u32, addend: u32, modulus: u32));
    hostio!(linker, math::math_mul_mod(value: u32, multiplier: u32, modulus: u32));

    // Costs nothing, and always leaves the program.
    linker.func_wrap(
        "vm_hooks",
        "exit_early",
        |caller: Caller<'_, Host>, status: u32| -> wasmtime::Result<()> {
            let mut call = Call { caller };
            if call.caller.data().tracing {
                let ink = call.ink();
                call.api().trace_hostio("exit_early", ink, ink);
            }
            Err(wasmtime::Error::new(Escape::Exit(status)))
        },
    )?;
    Ok(())
}
