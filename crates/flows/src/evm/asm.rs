//! An assembler of EVM code, as small as the contracts that these tests need around the protocol.

use std::collections::HashMap;

use alloy_primitives::{Address, Bytes};

/// The opcodes in use, by name.
#[allow(missing_docs)]
pub mod op {
    pub const ADD: u8 = 0x01;
    pub const SUB: u8 = 0x03;
    pub const EQ: u8 = 0x14;
    pub const ISZERO: u8 = 0x15;
    pub const SHR: u8 = 0x1c;
    pub const CALLER: u8 = 0x33;
    pub const CALLDATALOAD: u8 = 0x35;
    pub const CALLDATASIZE: u8 = 0x36;
    pub const CALLDATACOPY: u8 = 0x37;
    pub const CODECOPY: u8 = 0x39;
    pub const RETURNDATASIZE: u8 = 0x3d;
    pub const RETURNDATACOPY: u8 = 0x3e;
    pub const POP: u8 = 0x50;
    pub const MLOAD: u8 = 0x51;
    pub const MSTORE: u8 = 0x52;
    pub const SLOAD: u8 = 0x54;
    pub const SSTORE: u8 = 0x55;
    pub const JUMP: u8 = 0x56;
    pub const JUMPI: u8 = 0x57;
    pub const GAS: u8 = 0x5a;
    pub const JUMPDEST: u8 = 0x5b;
    pub const PUSH0: u8 = 0x5f;
    pub const LOG0: u8 = 0xa0;
    pub const CALL: u8 = 0xf1;
    pub const RETURN: u8 = 0xf3;
    pub const DELEGATECALL: u8 = 0xf4;
    pub const STATICCALL: u8 = 0xfa;
    pub const REVERT: u8 = 0xfd;
    pub const INVALID: u8 = 0xfe;
}

/// Code under construction.
#[derive(Clone, Debug, Default)]
pub struct Asm {
    code: Vec<u8>,
    labels: HashMap<&'static str, usize>,
    /// Places that hold a label's position once it is known.
    holes: Vec<(usize, &'static str)>,
}

impl Asm {
    /// No code.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends opcodes.
    #[must_use]
    pub fn ops(mut self, ops: &[u8]) -> Self {
        self.code.extend_from_slice(ops);
        self
    }

    /// Pushes up to 32 bytes.
    #[must_use]
    pub fn push(mut self, bytes: &[u8]) -> Self {
        self.code
            .push(op::PUSH0 + u8::try_from(bytes.len()).expect("at most 32 bytes"));
        self.code.extend_from_slice(bytes);
        self
    }

    /// Pushes a number.
    #[must_use]
    pub fn number(self, number: u32) -> Self {
        self.push(&number.to_be_bytes())
    }

    /// Pushes an address.
    #[must_use]
    pub fn address(self, address: Address) -> Self {
        self.push(address.as_slice())
    }

    /// Pushes the position of a label, here or later.
    #[must_use]
    pub fn at(mut self, label: &'static str) -> Self {
        self.code.extend([op::PUSH0 + 2, 0, 0]);
        self.holes.push((self.code.len() - 2, label));
        self
    }

    /// Names this place, to be jumped to.
    #[must_use]
    pub fn label(self, label: &'static str) -> Self {
        self.data_label(label).ops(&[op::JUMPDEST])
    }

    /// Names this place, to be copied from.
    #[must_use]
    pub fn data_label(mut self, label: &'static str) -> Self {
        self.labels.insert(label, self.code.len());
        self
    }

    /// Jumps to a label.
    #[must_use]
    pub fn jump(self, label: &'static str) -> Self {
        self.at(label).ops(&[op::JUMP])
    }

    /// Jumps to a label if the top of the stack is not zero.
    #[must_use]
    pub fn jump_if(self, label: &'static str) -> Self {
        self.at(label).ops(&[op::JUMPI])
    }

    /// Appends a block whose labels are its own.
    #[must_use]
    pub fn then(mut self, block: Self) -> Self {
        let start = self.code.len();
        self.code.extend(block.resolved(start));
        self
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> Bytes {
        self.resolved(0).into()
    }

    /// The code as it is when it begins at `start`.
    fn resolved(mut self, start: usize) -> Vec<u8> {
        for (place, label) in self.holes {
            let target = u16::try_from(start + self.labels[label]).expect("code under 64 KiB");
            self.code[place..place + 2].copy_from_slice(&target.to_be_bytes());
        }
        self.code
    }
}
