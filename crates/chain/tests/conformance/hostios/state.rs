//! Storage and accounts.

use alloy_primitives::{Address, hex, keccak256};

use super::*;

#[test]
fn storage_is_cached_until_flushed() {
    // Slot 0 is cold when read, and then cached; a second read costs the base alone. Writing a new value to a slot that
    // held zero costs 20,000 gas at the flush, the slot being warm by then.
    let body = "(call $storage_load_bytes32 (i32.const 0) (i32.const 2048))
        (call $storage_cache_bytes32 (i32.const 0) (i32.const 32))
        (call $storage_load_bytes32 (i32.const 0) (i32.const 2048))
        (call $storage_flush_cache (i32.const 1))
        (call $storage_load_bytes32 (i32.const 0) (i32.const 2048))";
    let base = BASE + 2 * POINTER;
    let mut seven = vec![0; 31];
    seven.push(7);
    check(
        &Case {
            imports: &[
                "storage_load_bytes32 i32 i32",
                "storage_cache_bytes32 i32 i32",
                "storage_flush_cache i32",
            ],
            data: "(data (i32.const 63) \"\\07\")",
            body,
            output: seven,
            ink: vec![
                ("storage_load_bytes32", base + (2_100 + 5) * GAS),
                ("storage_cache_bytes32", base),
                ("storage_load_bytes32", base),
                ("storage_flush_cache", BASE + EVM + 20_000 * GAS),
                ("storage_load_bytes32", base + (100 + 5) * GAS),
            ],
        },
        &[],
    );
}

#[test]
fn transient_storage_costs_a_warm_access() {
    let base = BASE + 2 * POINTER + EVM + 100 * GAS;
    let mut seven = vec![0; 31];
    seven.push(7);
    check(
        &Case {
            imports: &[
                "transient_load_bytes32 i32 i32",
                "transient_store_bytes32 i32 i32",
            ],
            data: "(data (i32.const 63) \"\\07\")",
            body: "(call $transient_store_bytes32 (i32.const 0) (i32.const 32))
                (call $transient_load_bytes32 (i32.const 0) (i32.const 2048))",
            output: seven,
            ink: vec![
                ("transient_store_bytes32", base),
                ("transient_load_bytes32", base),
            ],
        },
        &[],
    );
}

#[test]
fn accounts_are_touched_once() {
    let address: &'static str =
        Box::leak(format!("(data (i32.const 0) \"{}\")", text(LEAF)).into_boxed_str());
    let base = BASE + 2 * POINTER + EVM;
    check(
        &Case {
            imports: &["account_balance i32 i32"],
            data: address,
            body: "(call $account_balance (i32.const 0) (i32.const 2048)) (call $account_balance (i32.const 0) (i32.const 2048))",
            output: word(77),
            ink: vec![
                ("account_balance", base + 2_600 * GAS),
                ("account_balance", base + 100 * GAS),
            ],
        },
        &[],
    );
    check(
        &Case {
            imports: &["account_codehash i32 i32"],
            data: address,
            body: "(call $account_codehash (i32.const 0) (i32.const 2048))",
            output: keccak256(hex!("365f5f37365ff3")).to_vec(),
            ink: vec![("account_codehash", base + 2_600 * GAS)],
        },
        &[],
    );
    // The size costs the touch and 700 gas; the code read next is kept from before, and only its copy is paid.
    check(
        &Case {
            imports: &["account_code_size i32 -> i32", "account_code i32 i32 i32 i32 -> i32"],
            data: address,
            body: "(i32.store (i32.const 2048) (call $account_code_size (i32.const 0)))
                (i32.store (i32.const 2052)
                    (call $account_code (i32.const 0) (i32.const 1) (i32.const 3) (i32.const 2056)))",
            output: hex!("07000000 03000000 5f5f37").to_vec(),
            ink: vec![("account_code_size", BASE + EVM + 3_300 * GAS), ("account_code", BASE + EVM + WRITE)],
        },
        &[],
    );
}

fn text(address: Address) -> String {
    address.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
