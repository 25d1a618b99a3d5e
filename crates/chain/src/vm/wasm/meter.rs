//! Rewrites a module so that it pays for what it does: ink per basic block and per byte copied, words of stack per call,
//! pages before memory grows.
//!
//! The passes and their order are those of Nitro, since costs and limits count the opcodes that they add.

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, Module, TableSection,
    TypeSection, ValType,
    reencode::{Reencode, RoundtripReencoder},
};
use wasmparser::{BlockType, Operator};

use super::{
    ActivationError, ENTRY_POINT, MAX_PAGES,
    costs::{BLOCK_HEADER_INK, COPY_INK_PER_BYTE, FILL_INK_PER_BYTE, ends_block, opcode_ink},
    depth::frame_words,
    parse::Parsed,
};

/// Export of the ink left, an i64.
pub(crate) const INK_LEFT: &str = "stylus_ink_left";
/// Export of whether the ink ran out, an i32.
pub(crate) const INK_STATUS: &str = "stylus_ink_status";
/// Export of the stack words left, an i32; 0 once they ran out.
pub(crate) const STACK_LEFT: &str = "stylus_stack_left";
/// How many globals metering adds.
pub(crate) const ADDED_GLOBALS: u32 = 4;

const MAX_OPCODES_PER_FUNCTION: usize = 65_536;

/// Indices of the globals that metering adds after the module's own.
#[derive(Clone, Copy)]
struct Globals {
    ink: u32,
    status: u32,
    scratch: u32,
    stack: u32,
}

/// A metered module.
pub(crate) struct Metered {
    /// The rewritten module.
    pub(crate) wasm: Vec<u8>,
    /// Opcodes of all functions after the rewrite.
    pub(crate) opcodes: u64,
}

/// Rewrites `module`.
pub(crate) fn meter(module: &Parsed<'_>) -> Result<Metered, ActivationError> {
    let first = module.globals;
    let globals = Globals {
        ink: first,
        status: first + 1,
        scratch: first + 2,
        stack: first + 3,
    };

    let mut code = CodeSection::new();
    let mut opcodes = 0_u64;
    for (func, body) in module.bodies.iter().enumerate() {
        let ops = body
            .get_operators_reader()?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let ops = pay_blocks(ops, globals, module);
        let ops = pay_bytes(ops, globals);
        let frame = frame_words(
            func,
            &ops,
            module.locals(func),
            &module.func_types,
            &module.types,
        )?;
        let ops = pay_frame(ops, globals, frame as i32);
        let ops = match module.pay_for_memory_grow {
            Some(import) => pay_pages(ops, globals, import),
            None => ops,
        };
        if ops.len() > MAX_OPCODES_PER_FUNCTION {
            return Err(ActivationError::limit(
                "opcodes in a function after metering",
                ops.len(),
                MAX_OPCODES_PER_FUNCTION,
            ));
        }
        opcodes += ops.len() as u64;

        let mut function: Function = RoundtripReencoder
            .new_function_with_parsed_locals(body)
            .map_err(ActivationError::reencode)?;
        for op in ops {
            function.instruction(
                &RoundtripReencoder
                    .instruction(op)
                    .map_err(ActivationError::reencode)?,
            );
        }
        code.function(&function);
    }
    Ok(Metered {
        wasm: encode(module, globals, &code)?,
        opcodes,
    })
}

// If the ink left is less than the block costs, set the status and trap; else pay. Then the block.
fn pay_blocks<'a>(
    ops: Vec<Operator<'a>>,
    globals: Globals,
    module: &Parsed<'_>,
) -> Vec<Operator<'a>> {
    use Operator::*;
    let mut out = Vec::with_capacity(ops.len() * 4);
    let mut block = Vec::new();
    let mut cost = 0_u64;
    for op in ops {
        cost = cost.saturating_add(opcode_ink(&op, &module.types));
        let end = ends_block(&op);
        block.push(op);
        if !end {
            continue;
        }
        let value = cost.saturating_add(BLOCK_HEADER_INK) as i64;
        out.extend([
            GlobalGet {
                global_index: globals.ink,
            },
            I64Const { value },
            I64LtU,
            If {
                blockty: BlockType::Empty,
            },
            I32Const { value: 1 },
            GlobalSet {
                global_index: globals.status,
            },
            Unreachable,
            End,
            GlobalGet {
                global_index: globals.ink,
            },
            I64Const { value },
            I64Sub,
            GlobalSet {
                global_index: globals.ink,
            },
        ]);
        out.append(&mut block);
        cost = 0;
    }
    out
}

// Before a fill or copy: pay per byte; a subtraction that wraps means the ink ran out.
fn pay_bytes<'a>(ops: Vec<Operator<'a>>, globals: Globals) -> Vec<Operator<'a>> {
    use Operator::*;
    let mut out = Vec::with_capacity(ops.len());
    for op in ops {
        let value = match op {
            MemoryFill { .. } => FILL_INK_PER_BYTE,
            MemoryCopy { .. } => COPY_INK_PER_BYTE,
            _ => {
                out.push(op);
                continue;
            }
        };
        out.extend([
            GlobalSet {
                global_index: globals.scratch,
            },
            GlobalGet {
                global_index: globals.ink,
            },
            GlobalGet {
                global_index: globals.ink,
            },
            GlobalGet {
                global_index: globals.scratch,
            },
            I64ExtendI32U,
            I64Const { value },
            I64Mul,
            I64Sub,
            GlobalSet {
                global_index: globals.ink,
            },
            GlobalGet {
                global_index: globals.ink,
            },
            I64LtU,
            If {
                blockty: BlockType::Empty,
            },
            I32Const { value: 1 },
            GlobalSet {
                global_index: globals.status,
            },
            Unreachable,
            End,
            GlobalGet {
                global_index: globals.scratch,
            },
            op,
        ]);
    }
    out
}

// On entry: trap with a budget of 0 unless more than the frame is left; take the frame. Give it back before each return,
// of which one is added before the function's end.
fn pay_frame<'a>(mut ops: Vec<Operator<'a>>, globals: Globals, frame: i32) -> Vec<Operator<'a>> {
    use Operator::*;
    let global_index = globals.stack;
    let mut out = Vec::with_capacity(ops.len() + 32);
    out.extend([
        GlobalGet { global_index },
        I32Const { value: frame },
        I32LeU,
        If {
            blockty: BlockType::Empty,
        },
        I32Const { value: 0 },
        GlobalSet { global_index },
        Unreachable,
        End,
        GlobalGet { global_index },
        I32Const { value: frame },
        I32Sub,
        GlobalSet { global_index },
    ]);
    ops.pop();
    ops.extend([Return, End]);
    for op in ops {
        if matches!(op, Return) {
            out.extend([
                GlobalGet { global_index },
                I32Const { value: frame },
                I32Add,
                GlobalSet { global_index },
            ]);
        }
        out.push(op);
    }
    out
}

// Before memory grows: call the hostio that pays for the pages.
fn pay_pages<'a>(ops: Vec<Operator<'a>>, globals: Globals, import: u32) -> Vec<Operator<'a>> {
    use Operator::*;
    let global_index = globals.scratch;
    let mut out = Vec::with_capacity(ops.len());
    for op in ops {
        if matches!(op, MemoryGrow { .. }) {
            out.extend([
                GlobalSet { global_index },
                GlobalGet { global_index },
                GlobalGet { global_index },
                Call {
                    function_index: import,
                },
            ]);
        }
        out.push(op);
    }
    out
}

// Only the entry point, the memory and the metering globals are exported.
fn encode(
    module: &Parsed<'_>,
    globals: Globals,
    code: &CodeSection,
) -> Result<Vec<u8>, ActivationError> {
    let mut encoder = RoundtripReencoder;
    let error = ActivationError::reencode;
    let mut out = Module::new();

    if let Some(reader) = module.sections.types.clone() {
        let mut section = TypeSection::new();
        encoder
            .parse_type_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }
    if let Some(reader) = module.sections.imports.clone() {
        let mut section = ImportSection::new();
        encoder
            .parse_import_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }
    if let Some(reader) = module.sections.functions.clone() {
        let mut section = FunctionSection::new();
        encoder
            .parse_function_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }
    if let Some(reader) = module.sections.tables.clone() {
        let mut section = TableSection::new();
        encoder
            .parse_table_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }

    let mut memories = MemorySection::new();
    memories.memory(wasm_encoder::MemoryType {
        minimum: module.memory.initial,
        maximum: Some(module.memory.maximum.unwrap_or(MAX_PAGES).min(MAX_PAGES)),
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    out.section(&memories);

    let mut section = GlobalSection::new();
    if let Some(reader) = module.sections.globals.clone() {
        encoder
            .parse_global_section(&mut section, reader)
            .map_err(error)?;
    }
    let mutable = |val_type| GlobalType {
        val_type,
        mutable: true,
        shared: false,
    };
    section.global(mutable(ValType::I64), &ConstExpr::i64_const(0));
    section.global(mutable(ValType::I32), &ConstExpr::i32_const(0));
    section.global(mutable(ValType::I32), &ConstExpr::i32_const(0));
    section.global(mutable(ValType::I32), &ConstExpr::i32_const(0));
    out.section(&section);

    let mut exports = ExportSection::new();
    exports.export(ENTRY_POINT, ExportKind::Func, module.entry_point);
    exports.export("memory", ExportKind::Memory, 0);
    exports.export(INK_LEFT, ExportKind::Global, globals.ink);
    exports.export(INK_STATUS, ExportKind::Global, globals.status);
    exports.export(STACK_LEFT, ExportKind::Global, globals.stack);
    out.section(&exports);

    if let Some(reader) = module.sections.elements.clone() {
        let mut section = ElementSection::new();
        encoder
            .parse_element_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }
    out.section(code);
    if let Some(reader) = module.sections.data.clone() {
        let mut section = DataSection::new();
        encoder
            .parse_data_section(&mut section, reader)
            .map_err(error)?;
        out.section(&section);
    }
    Ok(out.finish())
}
