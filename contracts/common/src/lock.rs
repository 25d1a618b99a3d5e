//! The lock against reentrancy.
//!
//! It lies in transient storage, which a transaction begins with empty: 100 gas to take it and 100 to give it back. A call
//! that reverts gives it back too. The SDK has no functions for these two host calls.

use weir_abi::IShared::Reentrant;

use crate::Outcome;

#[link(wasm_import_module = "vm_hooks")]
unsafe extern "C" {
    fn transient_load_bytes32(key: *const u8, dest: *mut u8);
    fn transient_store_bytes32(key: *const u8, value: *const u8);
}

const KEY: [u8; 32] = [0; 32];

/// Whether the contract is inside a call that holds the lock.
pub fn is_held() -> bool {
    let mut word = [0; 32];
    // SAFETY: both point to 32 bytes that live through the call.
    unsafe { transient_load_bytes32(KEY.as_ptr(), word.as_mut_ptr()) };
    word != [0; 32]
}

/// Passes if the lock is free.
///
/// # Errors
/// `Reentrant`.
pub fn check() -> Outcome<()> {
    if is_held() {
        Err(Reentrant {}.into())
    } else {
        Ok(())
    }
}

/// Takes the lock.
///
/// # Errors
/// `Reentrant` if it is held.
pub fn take() -> Outcome<()> {
    check()?;
    set(1);
    Ok(())
}

/// Gives the lock back.
pub fn release() {
    set(0);
}

fn set(held: u8) {
    let value = [held; 32];
    // SAFETY: both point to 32 bytes that live through the call.
    unsafe { transient_store_bytes32(KEY.as_ptr(), value.as_ptr()) };
}
