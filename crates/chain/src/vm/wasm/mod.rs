//! From wasm to a metered module: what activation admits, what it costs, and what a program costs to start.

mod costs;
mod depth;
mod hostios;
mod meter;
mod parse;

pub(crate) use depth::MAX_STACK_WORDS;
pub(crate) use meter::{INK_LEFT, INK_STATUS, STACK_LEFT};

/// The function of a program that a call enters.
pub(crate) const ENTRY_POINT: &str = "user_entrypoint";
/// The most pages of 64 KiB that programs may have open in a transaction, and one program from its start.
pub(crate) const MAX_PAGES: u64 = 128;

/// What activation finds out about a program, in the units of Nitro's program table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activation {
    /// Length of the wasm in bytes.
    pub wasm_len: usize,
    /// Own part of the gas of starting the program; 8,832 gas come on top.
    pub init_cost: u16,
    /// Own part of the gas of starting it when cached; 352 gas come on top. Not cached, it pays both.
    pub cached_init_cost: u16,
    /// Pages of memory it begins with.
    pub footprint: u16,
    /// Estimated length of its native code in bytes; the data fee and the table are based on it.
    pub asm_estimate: u32,
    /// Gas that activation charges for analysing this program, besides the fixed part.
    pub engine_gas: u64,
}

/// Why a program cannot be activated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationError {
    /// The bytes are not a module, or use a proposal that Stylus does not admit.
    #[error("the wasm is invalid: {0}")]
    Malformed(String),
    /// A section is not admitted. Tools that optimise wasm add a data count section; encode the module without it.
    #[error(
        "the wasm has a {0} section, which Stylus does not admit; encode the module again without it"
    )]
    Section(&'static str),
    /// An opcode is not admitted.
    #[error("function {func} uses {name}, which Stylus does not admit")]
    Opcode {
        /// Index among the module's own functions.
        func: usize,
        /// Name of the opcode.
        name: String,
    },
    /// An import cannot be satisfied.
    #[error("the import {module}.{name} is refused: {why}")]
    Import {
        /// The module imported from.
        module: String,
        /// The name imported.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An export has a name that is not admitted.
    #[error("the export {name} is refused: {why}")]
    Export {
        /// The name.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The entry point is missing or mistyped.
    #[error("the wasm must export a function user_entrypoint that takes and returns one i32")]
    EntryPoint,
    /// There is no memory, or it is not exported.
    #[error("the wasm must have one memory and export it as \"memory\"")]
    MemoryNotExported,
    /// Memory can grow, but nothing pays for it.
    #[error("the memory can grow, so the wasm must import vm_hooks.pay_for_memory_grow")]
    GrowthNotPaid,
    /// The module has a start function.
    #[error("the wasm has a start function, which Stylus does not admit")]
    StartFunction,
    /// A limit is exceeded.
    #[error("too many {what}: {count}, the limit is {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: String,
        /// How much there may be.
        limit: String,
    },
    /// A segment does not fit.
    #[error("a {what} of length {len} at offset {offset} exceeds the size {size}")]
    OutOfBounds {
        /// Data or element segment.
        what: &'static str,
        /// Where it begins.
        offset: u64,
        /// Its length.
        len: u64,
        /// Size of the memory in bytes, or of the table in entries.
        size: u64,
    },
    /// A cost does not fit its field of the program table.
    #[error("the {what} of {value} is too high")]
    CostTooHigh {
        /// Which cost.
        what: &'static str,
        /// Its value.
        value: u64,
    },
    /// The code is not a Stylus container, or not one that can be opened.
    #[error("the code cannot be read as a Stylus program: {0}")]
    Container(String),
}

impl ActivationError {
    pub(crate) fn limit(what: &'static str, count: impl ToString, limit: impl ToString) -> Self {
        Self::Limit {
            what,
            count: count.to_string(),
            limit: limit.to_string(),
        }
    }

    fn import(module: &str, name: &str, why: &'static str) -> Self {
        Self::Import {
            module: module.to_owned(),
            name: name.to_owned(),
            why,
        }
    }

    fn reencode(error: wasm_encoder::reencode::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<wasmparser::BinaryReaderError> for ActivationError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// Checks and meters `wasm`. `page_limit` is how many pages the program may begin with: 128, less those that are open.
///
/// Returns what activation writes down and charges, and the metered module to compile.
///
/// # Errors
/// The program cannot be activated.
pub fn activate(wasm: &[u8], page_limit: u16) -> Result<(Activation, Vec<u8>), ActivationError> {
    let module = parse::parse(wasm, page_limit.into())?;
    let metered = meter::meter(&module)?;

    let wasm_len = wasm.len() as u64;
    let functions = module.bodies.len() as u64;
    let globals = u64::from(module.globals + meter::ADDED_GLOBALS);
    let type_len = module.own_type_len();
    let segments = module.data_encoded_bytes + module.element_encoded_bytes;
    let pages = module.memory.initial;

    // Nitro `binary.rs`, `WasmBinary::instrument`, version 2: each term is rounded down by itself.
    let asm = 512_000
        + functions * 996_829 / 1_000
        + type_len * 11_416 / 1_000
        + wasm_len * 62_628 / 10_000;
    let cached = functions * 13_420 / 100_000
        + type_len * 89 / 100_000
        + wasm_len * 122 / 100_000
        + globals * 1_628 / 1_000
        + segments * 75_244 / 100_000
        + pages * 5;
    let init = functions * 8_252 / 1_000 + type_len * 1_059 / 1_000 + wasm_len * 1_286 / 10_000;

    // Nitro `programs/mod.rs`, `Module::activate`: microseconds, each term rounded down, at 28 gas each.
    let micros = [
        wasm_len * 31_733 / 100_000,
        functions * 17_263 / 100_000,
        module.data_bytes * 17_376 / 100_000,
        module.element_encoded_bytes * 17_376 / 100_000,
        pages * 2_217,
        metered.opcodes * 535 / 1_000,
    ];
    let fit = |what, value: u64| {
        u16::try_from(value).map_err(|_| ActivationError::CostTooHigh { what, value })
    };
    let activation = Activation {
        wasm_len: wasm.len(),
        init_cost: fit("cost of starting it", init)?,
        cached_init_cost: fit("cost of starting it cached", cached)?,
        footprint: fit("number of pages", pages)?,
        asm_estimate: u32::try_from(asm).map_err(|_| ActivationError::CostTooHigh {
            what: "estimated native code",
            value: asm,
        })?,
        engine_gas: micros.iter().sum::<u64>() * 28,
    };
    Ok((activation, metered.wasm))
}
