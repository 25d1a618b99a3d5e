//! A rate source that answers what a test writes into its storage.

use alloy_primitives::{Bytes, U256};

use super::{Asm, op::*};

/// What it answers.
pub const ANSWER_SLOT: U256 = U256::ZERO;
/// If not zero it reverts instead.
pub const SILENT_SLOT: U256 = U256::ONE;

/// Its code. It answers every call alike.
pub fn source() -> Bytes {
    Asm::new()
        .number(1)
        .ops(&[SLOAD])
        .jump_if("silent")
        .ops(&[PUSH0, SLOAD, PUSH0, MSTORE])
        .number(32)
        .ops(&[PUSH0, RETURN])
        .label("silent")
        .ops(&[PUSH0, PUSH0, REVERT])
        .code()
}
