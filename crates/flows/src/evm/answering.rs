//! A contract that answers as it was told to.

use alloy_primitives::Bytes;

use super::{Asm, op::*};

/// A function's selector and what a call of it answers.
pub type Answer = ([u8; 4], Vec<u8>);

/// Code that answers each call by its selector, and reverts on any other. What is not a view logs its calldata, so that one can
/// see what it was told.
pub fn answering(views: &[Answer], acts: &[Answer]) -> Bytes {
    let views = views.iter().map(|answer| (answer, false));
    let answers = views.chain(acts.iter().map(|answer| (answer, true)));
    let mut asm = Asm::new();
    for ((selector, answer), logs) in answers {
        // Over the body, unless it is this function.
        let before = Asm::new()
            .ops(&[PUSH0, CALLDATALOAD])
            .number(224)
            .ops(&[SHR])
            .push(selector)
            .ops(&[EQ, ISZERO])
            .jump_if("next");
        let body = if logs {
            before.ops(&[
                CALLDATASIZE,
                PUSH0,
                PUSH0,
                CALLDATACOPY,
                CALLDATASIZE,
                PUSH0,
                LOG0,
            ])
        } else {
            before
        };
        let size = u32::try_from(answer.len()).expect("a short answer");
        let body = body
            .number(size)
            .at("answer")
            .ops(&[PUSH0, CODECOPY])
            .number(size)
            .ops(&[PUSH0, RETURN])
            .data_label("answer")
            .ops(answer);
        asm = asm.then(body.label("next"));
    }
    asm.ops(&[PUSH0, PUSH0, REVERT]).code()
}
