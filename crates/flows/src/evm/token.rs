//! Tokens with manners of their own.
//!
//! A token's account has a face in front of an implementation: the face acts up on one function and delegates everything else, so
//! that balances are real. Storage belongs to the face's account.

use alloy_primitives::{Address, Bytes};

use super::{Asm, op::*};

/// How a token behaves when a function is called.
#[derive(Clone, Debug)]
pub enum Manner {
    /// As it should.
    Honest,
    /// Reverts, but only for this caller.
    RefusesTo(Address),
    /// Reverts.
    Reverts,
    /// Does nothing and answers false.
    AnswersFalse,
    /// Does nothing and answers true.
    Lies,
    /// Does what it should and answers nothing, as some old tokens do.
    AnswersNothing,
    /// Moves a wei less than it was told to.
    KeepsAWei,
    /// Answers true in a word and a megabyte behind it.
    Babbles,
    /// Burns all gas it gets.
    BurnsGas,
    /// First makes a call of its own, and logs whether it worked (a word) and what it answered.
    CallsBack {
        /// Whom it calls.
        target: Address,
        /// With what.
        data: Bytes,
    },
}

/// The code of a token in front of `implementation` that has this `manner` when `selector` is called.
pub fn token(implementation: Address, selector: [u8; 4], manner: &Manner) -> Bytes {
    let asm = Asm::new()
        .ops(&[PUSH0, CALLDATALOAD])
        .number(224)
        .ops(&[SHR])
        .push(&selector)
        .ops(&[EQ])
        .jump_if("manner");
    let asm = forward(asm.label("honest"), implementation).jump_if("good");
    let asm = answer(asm, REVERT);
    let asm = answer(asm.label("good"), RETURN).label("manner");
    act(asm, implementation, manner).code()
}

fn act(asm: Asm, implementation: Address, manner: &Manner) -> Asm {
    match manner {
        Manner::Honest => asm.jump("honest"),
        Manner::RefusesTo(caller) => asm
            .ops(&[CALLER])
            .address(*caller)
            .ops(&[EQ, ISZERO])
            .jump_if("honest")
            .ops(&[PUSH0, PUSH0, REVERT]),
        Manner::Reverts => asm.ops(&[PUSH0, PUSH0, REVERT]),
        Manner::AnswersFalse => word(asm, 0),
        Manner::Lies => word(asm, 1),
        Manner::AnswersNothing => forward(asm, implementation).ops(&[POP, PUSH0, PUSH0, RETURN]),
        Manner::KeepsAWei => keep_a_wei(asm, implementation),
        Manner::Babbles => asm
            .number(1)
            .ops(&[PUSH0, MSTORE])
            .number(1 << 20)
            .ops(&[PUSH0, RETURN]),
        Manner::BurnsGas => asm.ops(&[INVALID]),
        Manner::CallsBack { target, data } => call_back(asm, *target, data),
    }
}

/// Delegates the call; leaves on the stack whether it worked, and what it answered in memory.
fn forward(asm: Asm, implementation: Address) -> Asm {
    delegate(
        asm.ops(&[CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY]),
        implementation,
    )
}

/// Delegates with the calldata in memory.
fn delegate(asm: Asm, implementation: Address) -> Asm {
    asm.ops(&[PUSH0, PUSH0, CALLDATASIZE, PUSH0])
        .address(implementation)
        .ops(&[
            GAS,
            DELEGATECALL,
            RETURNDATASIZE,
            PUSH0,
            PUSH0,
            RETURNDATACOPY,
        ])
}

fn answer(asm: Asm, how: u8) -> Asm {
    asm.ops(&[RETURNDATASIZE, PUSH0, how])
}

fn word(asm: Asm, word: u32) -> Asm {
    asm.number(word)
        .ops(&[PUSH0, MSTORE])
        .number(32)
        .ops(&[PUSH0, RETURN])
}

/// The amount is the last word of the calldata of both `transfer` and `transferFrom`.
fn keep_a_wei(asm: Asm, implementation: Address) -> Asm {
    let asm = asm
        .ops(&[CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY])
        .number(1)
        .number(32)
        .ops(&[CALLDATASIZE, SUB, MLOAD, SUB])
        .number(32)
        .ops(&[CALLDATASIZE, SUB, MSTORE]);
    let asm = delegate(asm, implementation).ops(&[POP]);
    answer(asm, RETURN)
}

fn call_back(asm: Asm, target: Address, data: &Bytes) -> Asm {
    let size = u32::try_from(data.len()).expect("short calldata");
    asm.number(size)
        .at("data")
        .ops(&[PUSH0, CODECOPY])
        // call(gas, target, 0, 0, size, 0, 0)
        .ops(&[PUSH0, PUSH0])
        .number(size)
        .ops(&[PUSH0, PUSH0])
        .address(target)
        .ops(&[GAS, CALL, PUSH0, MSTORE])
        .ops(&[RETURNDATASIZE, PUSH0])
        .number(32)
        .ops(&[RETURNDATACOPY])
        .number(32)
        .ops(&[RETURNDATASIZE, ADD, PUSH0, LOG0])
        .jump("honest")
        .data_label("data")
        .ops(data)
}
