//! Swaps in Uniswap v3 pools.
//!
//! A pool asks to be paid by calling back in. Which pool may do that, for which token and up to how much, is kept in transient storage,
//! which the SDK has no functions for, beside the word of the lock.

use alloy_primitives::{Address, Bytes, I256, U256, aliases::U160};
use stylus_sdk::{host::VM, prelude::*};
use weir_abi::{IRouter::NotSwapping, IShared::AmountTooLarge, IUniswapV3Pool::swapCall, words};
use weir_shell::{Outcome, call, slots, token};

/// The price limits inside which a pool's price always is: a swap goes on until all is sold or nobody buys any more.
const LOWEST_PRICE: U160 = U160::from_limbs([4_295_128_740, 0, 0]);
const HIGHEST_PRICE: U160 =
    U160::from_limbs([0x5d95_1d52_6398_8d25, 0xefd1_fc6a_5064_8849, 0xfffd_8963]);

/// Where the swap of now is: its pool, the token it buys from the router, and how much of it at most.
const POOL: u8 = 1;
const TOKEN: u8 = 2;
const LEFT: u8 = 3;

#[link(wasm_import_module = "vm_hooks")]
unsafe extern "C" {
    fn transient_load_bytes32(key: *const u8, dest: *mut u8);
    fn transient_store_bytes32(key: *const u8, value: *const u8);
}

/// Sells up to `amount` of `token_in` for `token_out` in `pool`. What it brought is for the caller to measure.
pub fn sell(
    vm: &VM,
    pool: Address,
    token_in: Address,
    token_out: Address,
    amount: U256,
) -> Outcome<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let amount_specified = I256::try_from(amount).map_err(|_| AmountTooLarge { amount })?;
    let zero_for_one = token_in < token_out;
    let limit = if zero_for_one {
        LOWEST_PRICE
    } else {
        HIGHEST_PRICE
    };
    keep(POOL, slots::of_address(pool));
    keep(TOKEN, slots::of_address(token_in));
    keep(LEFT, amount);
    let swap = swapCall {
        recipient: vm.contract_address(),
        zeroForOne: zero_for_one,
        amountSpecified: amount_specified,
        sqrtPriceLimitX96: limit,
        data: Bytes::new(),
    };
    call::order(vm, pool, &words::calldata(swap))?;
    keep(POOL, U256::ZERO);
    Ok(())
}

/// Pays the pool of the swap of now what it asks for, of the token it was asked to buy.
pub fn pay(vm: &VM, amount0: I256, amount1: I256) -> Outcome<()> {
    let caller = vm.msg_sender();
    let asked = amount0.max(amount1).max(I256::ZERO).into_raw();
    let pool = kept(POOL);
    let left = kept(LEFT).checked_sub(asked);
    let (Some(left), true) = (left, !pool.is_zero() && slots::address(pool) == caller) else {
        return Err(NotSwapping { caller }.into());
    };
    keep(LEFT, left);
    token::transfer(vm, slots::address(kept(TOKEN)), caller, asked)
}

fn keep(key: u8, word: U256) {
    let (key, value) = (
        U256::from(key).to_be_bytes::<32>(),
        word.to_be_bytes::<32>(),
    );
    // SAFETY: both point to 32 bytes that live through the call.
    unsafe { transient_store_bytes32(key.as_ptr(), value.as_ptr()) };
}

fn kept(key: u8) -> U256 {
    let (key, mut word) = (U256::from(key).to_be_bytes::<32>(), [0; 32]);
    // SAFETY: both point to 32 bytes that live through the call.
    unsafe { transient_load_bytes32(key.as_ptr(), word.as_mut_ptr()) };
    U256::from_be_bytes(word)
}
