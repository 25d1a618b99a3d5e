//! The EVM code that puts a contract on a chain.

use alloy_primitives::{B256, Bytes, b256};

/// The storage slot in which a new contract finds who deployed it: keccak256("weir.deployer") - 1.
///
/// Its `init` can be called by that account alone, and only until it has succeeded once.
pub const DEPLOYER_SLOT: B256 =
    b256!("dd275b021d3c35fc7f31eceb359ad02af4fe11fb308a0ad8a9918f2c7fdc6e66");

/// EVM init code that deploys `code`.
///
/// Stylus code runs no constructor of ours, and an `init` that anybody could call first would be a race. So the init code
/// stores its caller in [`DEPLOYER_SLOT`], then returns `code`. Deployed through another contract, that one is the
/// deployer and must call `init` itself.
///
/// # Panics
/// If `code` has 64 KiB or more, far over what an account may hold.
pub fn init_code(code: &[u8]) -> Bytes {
    const PRELUDE_BYTES: u8 = 45;
    let length = u16::try_from(code.len())
        .expect("an account holds at most 24,576 bytes of code")
        .to_be_bytes();
    let mut init = Vec::with_capacity(usize::from(PRELUDE_BYTES) + code.len());
    init.push(0x33); // CALLER
    init.push(0x7f); // PUSH32 slot
    init.extend(DEPLOYER_SLOT);
    init.push(0x55); // SSTORE
    init.extend([0x61, length[0], length[1]]); // PUSH2 length
    init.push(0x80); // DUP1
    init.extend([0x60, PRELUDE_BYTES]); // PUSH1 where the code begins
    init.push(0x5f); // PUSH0
    init.push(0x39); // CODECOPY to 0
    init.push(0x5f); // PUSH0
    init.push(0xf3); // RETURN from 0
    debug_assert_eq!(init.len(), usize::from(PRELUDE_BYTES));
    init.extend(code);
    init.into()
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{U256, keccak256};

    use super::*;

    #[test]
    fn the_slot_is_that_of_its_name() {
        let slot = U256::from_be_bytes(keccak256("weir.deployer").0) - U256::ONE;
        assert_eq!(DEPLOYER_SLOT, B256::from(slot));
    }
}
