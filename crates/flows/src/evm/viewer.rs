//! Reads views as other contracts do.

use alloy_primitives::Bytes;

use super::{Asm, op::*};

/// Code that calls the address in its first 20 bytes of calldata with the rest, statically, and answers what comes back. A view that
/// writes fails here.
pub fn viewer() -> Bytes {
    Asm::new()
        // Copy the call after the address to memory.
        .number(20)
        .ops(&[CALLDATASIZE, SUB])
        .number(20)
        .ops(&[PUSH0, CALLDATACOPY])
        // staticcall(gas, address, 0, size - 20, 0, 0)
        .ops(&[PUSH0, PUSH0])
        .number(20)
        .ops(&[CALLDATASIZE, SUB, PUSH0, PUSH0, CALLDATALOAD])
        .number(96)
        .ops(&[SHR, GAS, STATICCALL])
        .ops(&[RETURNDATASIZE, PUSH0, PUSH0, RETURNDATACOPY])
        .jump_if("good")
        .ops(&[RETURNDATASIZE, PUSH0, REVERT])
        .label("good")
        .ops(&[RETURNDATASIZE, PUSH0, RETURN])
        .code()
}
