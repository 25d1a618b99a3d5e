//! The host functions of the Stylus VM and their types.

use wasmparser::{FuncType, ValType};

/// Name, parameters and result of each host function, `i` being i32 and `l` i64. Those of the debug modules are not
/// among them: they exist only on chains in debug mode.
const HOSTIOS: [(&str, &str, &str); 42] = [
    ("account_balance", "ii", ""),
    ("account_code", "iiii", "i"),
    ("account_code_size", "i", "i"),
    ("account_codehash", "ii", ""),
    ("block_basefee", "i", ""),
    ("block_coinbase", "i", ""),
    ("block_gas_limit", "", "l"),
    ("block_number", "", "l"),
    ("block_timestamp", "", "l"),
    ("call_contract", "iiiili", "i"),
    ("chainid", "", "l"),
    ("contract_address", "i", ""),
    ("create1", "iiiii", ""),
    ("create2", "iiiiii", ""),
    ("delegate_call_contract", "iiili", "i"),
    ("emit_log", "iii", ""),
    ("evm_gas_left", "", "l"),
    ("evm_ink_left", "", "l"),
    ("exit_early", "i", ""),
    ("math_add_mod", "iii", ""),
    ("math_div", "ii", ""),
    ("math_mod", "ii", ""),
    ("math_mul_mod", "iii", ""),
    ("math_pow", "ii", ""),
    ("msg_reentrant", "", "i"),
    ("msg_sender", "i", ""),
    ("msg_value", "i", ""),
    ("native_keccak256", "iii", ""),
    ("pay_for_memory_grow", "i", ""),
    ("read_args", "i", ""),
    ("read_return_data", "iii", "i"),
    ("return_data_size", "", "i"),
    ("static_call_contract", "iiili", "i"),
    ("storage_cache_bytes32", "ii", ""),
    ("storage_flush_cache", "i", ""),
    ("storage_load_bytes32", "ii", ""),
    ("transient_load_bytes32", "ii", ""),
    ("transient_store_bytes32", "ii", ""),
    ("tx_gas_price", "i", ""),
    ("tx_ink_price", "", "i"),
    ("tx_origin", "i", ""),
    ("write_result", "ii", ""),
];

/// The type of a host function, if there is one of that name.
pub(crate) fn hostio_type(name: &str) -> Option<FuncType> {
    let index = HOSTIOS
        .binary_search_by_key(&name, |(name, _, _)| name)
        .ok()?;
    let (_, params, results) = HOSTIOS.get(index)?;
    let types = |text: &str| {
        text.chars()
            .map(|c| if c == 'l' { ValType::I64 } else { ValType::I32 })
            .collect::<Vec<_>>()
    };
    Some(FuncType::new(types(params), types(results)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(HOSTIOS.is_sorted());
        assert!(hostio_type("write_result").is_some());
        assert!(hostio_type("account_balance").is_some());
        assert!(hostio_type("frobnicate").is_none());
    }
}
