//! Rate sources: what answers a rate, well or badly.

use alloy_primitives::{Address, Bytes, U256};

use super::{Asm, op::*};

/// The slot with the word that a source answers.
pub const ANSWER_SLOT: U256 = U256::ZERO;

/// What a source does, whatever it is asked.
#[derive(Clone, Debug)]
pub enum Source {
    /// Answers its word.
    Answers,
    /// Answers its word and this many bytes in all, the rest zeros.
    AnswersBytes(u32),
    /// Reverts with a word.
    Reverts,
    /// Never ends.
    Loops,
    /// Writes to its storage before it answers.
    Writes,
    /// Calls a function without arguments, whatever comes of it, before it answers.
    Asks {
        /// Whom.
        target: Address,
        /// What.
        selector: [u8; 4],
    },
}

/// The code of a source.
pub fn source(source: &Source) -> Bytes {
    let asm = Asm::new();
    let asm = match source {
        Source::Answers => answers(asm, 32),
        Source::AnswersBytes(size) => answers(asm, *size),
        Source::Reverts => asm.number(32).ops(&[PUSH0, REVERT]),
        Source::Loops => asm.label("again").jump("again"),
        // The answer, so that a writing source is refused for nothing but its write.
        Source::Writes => answers(asm.ops(&[PUSH0, SLOAD, PUSH0, SSTORE]), 32),
        Source::Asks { target, selector } => {
            let asm = asm.push(selector).ops(&[PUSH0, MSTORE]);
            // call(gas, target, 0, 28, 4, 0, 0)
            let asm = asm.ops(&[PUSH0, PUSH0]).number(4).number(28).ops(&[PUSH0]);
            answers(asm.address(*target).ops(&[GAS, CALL, POP]), 32)
        }
    };
    asm.code()
}

fn answers(asm: Asm, size: u32) -> Asm {
    asm.ops(&[PUSH0, SLOAD, PUSH0, MSTORE])
        .number(size)
        .ops(&[PUSH0, RETURN])
}
