//! The stack frame a function needs at worst, in words of the abstract Stylus stack.
//!
//! A native stack overflow would be different on each machine, so each call pays its frame from a budget of words
//! instead. The frame is what the value stack holds at worst, plus the declared locals, plus 4. It is taken from the
//! code after ink metering, since that code keeps values on the stack too.

use wasmparser::{BlockType, FuncType, Operator};

use super::ActivationError;

/// Words of stack that one entry of a program may use (ArbOS 50 and later).
pub(crate) const MAX_STACK_WORDS: u32 = 22_000;
/// The largest frame of one function, in words.
const MAX_FRAME_WORDS: u32 = 10 * 1024;
/// The largest number of values on the stack at once.
const MAX_LIVE_VALUES: u32 = 4_096;
/// Words of a frame besides values and locals.
const FRAME_OVERHEAD_WORDS: u32 = 4;

struct Stack {
    now: u32,
    worst: u32,
}

impl Stack {
    fn push(&mut self, count: usize) {
        self.now = self.now.saturating_add(count as u32);
        self.worst = self.worst.max(self.now);
    }

    fn pop(&mut self, count: usize) {
        self.now = self.now.saturating_sub(count as u32);
    }

    // Results are counted before the arguments go, as if their slots were taken in advance.
    fn call(&mut self, ty: &FuncType) {
        self.push(ty.results().len());
        self.pop(ty.params().len());
    }

    fn block(&mut self, ty: &BlockType, types: &[FuncType]) -> Result<(), ActivationError> {
        match ty {
            BlockType::Empty => {}
            BlockType::Type(_) => self.push(1),
            BlockType::FuncType(index) => self.call(find(types, *index)?),
        }
        Ok(())
    }
}

fn find(types: &[FuncType], index: u32) -> Result<&FuncType, ActivationError> {
    types
        .get(index as usize)
        .ok_or_else(|| ActivationError::Malformed(format!("there is no type {index}")))
}

/// Words of the frame of function `func` (index among the module's own), whose metered code is `code` and which declares
/// `locals` locals besides its parameters. Also refuses every opcode that Stylus does not admit.
///
/// `func_types` are the types of all functions, imports first; `types` are the module's types.
pub(crate) fn frame_words(
    func: usize,
    code: &[Operator<'_>],
    locals: u32,
    func_types: &[u32],
    types: &[FuncType],
) -> Result<u32, ActivationError> {
    use Operator::*;
    let mut stack = Stack { now: 0, worst: 0 };
    let mut scopes = vec![0_u32];

    for op in code {
        match op {
            Block { blockty } | Loop { blockty } => {
                stack.block(blockty, types)?;
                scopes.push(stack.now);
            }
            If { blockty } => {
                stack.pop(1);
                stack.block(blockty, types)?;
                scopes.push(stack.now);
            }
            Else => stack.now = scopes.last().copied().unwrap_or_default(),
            End => stack.now = scopes.pop().unwrap_or_default(),

            Call { function_index } => {
                let ty = func_types
                    .get(*function_index as usize)
                    .copied()
                    .ok_or_else(|| {
                        ActivationError::Malformed(format!("there is no function {function_index}"))
                    })?;
                stack.call(find(types, ty)?);
            }
            CallIndirect { type_index, .. } => {
                stack.call(find(types, *type_index)?);
                stack.pop(1);
            }
            MemoryFill { .. } | MemoryCopy { .. } => stack.pop(3),

            Nop
            | Unreachable
            | Br { .. }
            | Return
            | LocalTee { .. }
            | MemoryGrow { .. }
            | I32Eqz
            | I64Eqz
            | I32Clz
            | I32Ctz
            | I32Popcnt
            | I64Clz
            | I64Ctz
            | I64Popcnt
            | I32WrapI64
            | I64ExtendI32S
            | I64ExtendI32U
            | I32Extend8S
            | I32Extend16S
            | I64Extend8S
            | I64Extend16S
            | I64Extend32S
            | I32ReinterpretF32
            | I64ReinterpretF64
            | F32ReinterpretI32
            | F64ReinterpretI64
            | I32Load { .. }
            | I64Load { .. }
            | F32Load { .. }
            | F64Load { .. }
            | I32Load8S { .. }
            | I32Load8U { .. }
            | I32Load16S { .. }
            | I32Load16U { .. }
            | I64Load8S { .. }
            | I64Load8U { .. }
            | I64Load16S { .. }
            | I64Load16U { .. }
            | I64Load32S { .. }
            | I64Load32U { .. } => {}

            LocalGet { .. }
            | GlobalGet { .. }
            | MemorySize { .. }
            | I32Const { .. }
            | I64Const { .. }
            | F32Const { .. }
            | F64Const { .. } => stack.push(1),

            Drop | BrIf { .. } | BrTable { .. } | LocalSet { .. } | GlobalSet { .. } => {
                stack.pop(1)
            }
            I32Eq | I32Ne | I32LtS | I32LtU | I32GtS | I32GtU | I32LeS | I32LeU | I32GeS
            | I32GeU => stack.pop(1),
            I64Eq | I64Ne | I64LtS | I64LtU | I64GtS | I64GtU | I64LeS | I64LeU | I64GeS
            | I64GeU => stack.pop(1),
            I32Add | I32Sub | I32Mul | I32DivS | I32DivU | I32RemS | I32RemU => stack.pop(1),
            I64Add | I64Sub | I64Mul | I64DivS | I64DivU | I64RemS | I64RemU => stack.pop(1),
            I32And | I32Or | I32Xor | I32Shl | I32ShrS | I32ShrU | I32Rotl | I32Rotr => {
                stack.pop(1)
            }
            I64And | I64Or | I64Xor | I64Shl | I64ShrS | I64ShrU | I64Rotl | I64Rotr => {
                stack.pop(1)
            }

            Select
            | I32Store { .. }
            | I64Store { .. }
            | F32Store { .. }
            | F64Store { .. }
            | I32Store8 { .. }
            | I32Store16 { .. }
            | I64Store8 { .. }
            | I64Store16 { .. }
            | I64Store32 { .. } => stack.pop(2),

            // Float arithmetic, comparison and conversion, and the table and segment opcodes of bulk memory. The
            // proposals beyond those are refused before, by the validator.
            other => {
                let debug = format!("{other:?}");
                let name = debug
                    .split([' ', '{'])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                return Err(ActivationError::Opcode { func, name });
            }
        }
    }

    if stack.worst > MAX_LIVE_VALUES {
        return Err(ActivationError::limit(
            "values on the stack at once",
            stack.worst,
            MAX_LIVE_VALUES,
        ));
    }
    let words = stack
        .worst
        .saturating_add(locals)
        .saturating_add(FRAME_OVERHEAD_WORDS);
    if words > MAX_FRAME_WORDS {
        return Err(ActivationError::limit(
            "words in a stack frame",
            words,
            MAX_FRAME_WORDS,
        ));
    }
    Ok(words)
}
