//! What a live Arbitrum chain refuses when a program is activated.
//!
//! Refusals of Nitro's prover and of ArbOS, read from modules that its engine (v3.9.5, rules of ArbOS 60) was asked to activate. It
//! stands on the safe side where a chain's figure depends on its own instrumentation. The chain has the last word.

use std::collections::HashMap;

use wasmparser::{
    BinaryReaderError, ConstExpr, Data, DataKind, Element, ElementItems, ElementKind, Export,
    ExternalKind, FuncType, FunctionBody, MemoryType, Operator, Parser, Payload, TypeRef, ValType,
    Validator, WasmFeatures,
};

/// WebAssembly as an Arbitrum chain validates it. Not among them: multi-value, reference types, SIMD, tail calls, threads,
/// exceptions, memory64, several memories, extended constants.
const FEATURES: WasmFeatures = WasmFeatures::WASM1
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT);

/// The function that a call enters.
const ENTRYPOINT: &str = "user_entrypoint";

/// The memory that the chain reads and writes.
const MEMORY: &str = "memory";

const PAGE_BYTES: u64 = 65_536;
const MAX_PAGES: u64 = 128;
const MAX_SEGMENTS: u64 = 128;
const MAX_FUNCTIONS: u64 = 4096;
const MAX_TABLE_ENTRIES: u64 = 4096;
const MAX_IMPORTS: u64 = 513;
const MAX_LOCALS: u64 = 348;

/// The initialisation cost of more data does not fit the 16 bits that a chain keeps of it (80,000 bytes fit, 90,000 do not).
const MAX_DATA_BYTES: u64 = 80_000;

/// The limit on the operators of one function, which counts those that metering adds.
const MAX_OPERATORS: u64 = 65_536;

/// More than metering adds at the head of a block: 9,000 empty blocks exceed the limit on operators.
const METERING_OPERATORS: u64 = 8;

/// Passes if a chain activates the module.
pub fn check(wasm: &[u8]) -> Result<(), String> {
    Validator::new_with_features(FEATURES)
        .validate_all(wasm)
        .map_err(|e| format!("its module uses what a chain does not validate: {e}"))?;
    let mut module = Checked::default();
    for payload in Parser::new(0).parse_all(wasm) {
        module.payload(payload.map_err(|e| format!("its module does not parse: {e}"))?)?;
    }
    module.finish()
}

#[derive(Default)]
struct Checked {
    types: Vec<FuncType>,
    /// The type of each function, imports first.
    functions: Vec<u32>,
    imports: HashMap<String, FuncType>,
    import_count: usize,
    memory: Option<MemoryType>,
    table_entries: u64,
    entrypoint: Option<u32>,
    exports_memory: bool,
    data_bytes: usize,
}

impl Checked {
    fn payload(&mut self, payload: Payload<'_>) -> Result<(), String> {
        match payload {
            Payload::TypeSection(section) => {
                for of_type in section.into_iter_err_on_gc_types() {
                    self.types.push(of_type.map_err(parse)?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(parse)?;
                    self.import(import.module, import.name, import.ty)?;
                }
            }
            Payload::FunctionSection(section) => {
                at_most("functions", u64::from(section.count()), MAX_FUNCTIONS)?;
                for of_type in section {
                    self.functions.push(of_type.map_err(parse)?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.table_entries = table.map_err(parse)?.ty.initial;
                    at_most(
                        "entries of the table",
                        self.table_entries,
                        MAX_TABLE_ENTRIES,
                    )?;
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memory = Some(memory.map_err(parse)?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    for operator in global.map_err(parse)?.init_expr.get_operators_reader() {
                        if let Operator::GlobalGet { .. } = operator.map_err(parse)? {
                            return Err(
                                "it initialises a global from another, which a chain refuses"
                                    .into(),
                            );
                        }
                    }
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    self.export(&export.map_err(parse)?)?;
                }
            }
            Payload::ElementSection(section) => {
                at_most("element segments", u64::from(section.count()), MAX_SEGMENTS)?;
                for element in section {
                    self.element(element.map_err(parse)?)?;
                }
            }
            Payload::DataSection(section) => {
                at_most("data segments", u64::from(section.count()), MAX_SEGMENTS)?;
                for data in section {
                    self.data(&data.map_err(parse)?)?;
                }
                at_most("bytes of data", self.data_bytes as u64, MAX_DATA_BYTES)?;
            }
            Payload::CodeSectionEntry(body) => check_body(&body)?,
            Payload::StartSection { .. } => {
                return Err("it has a start function, which a chain refuses".into());
            }
            Payload::DataCountSection { .. } => {
                return Err("it has a data count section, which a chain refuses".into());
            }
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, module: &str, name: &str, ty: TypeRef) -> Result<(), String> {
        let TypeRef::Func(of_type) = ty else {
            return Err(format!(
                "it imports `{module}.{name}`, which is not a function: a chain offers functions alone"
            ));
        };
        self.import_count += 1;
        at_most("imports", self.import_count as u64, MAX_IMPORTS)?;
        let own = self
            .types
            .get(of_type as usize)
            .ok_or("it imports a function of no type")?;
        let Some(offered) = host_function(module, name) else {
            return Err(format!(
                "it imports `{module}.{name}`, which no chain offers to a program"
            ));
        };
        if *own != offered {
            return Err(format!(
                "it imports `{module}.{name}` as {own:?}, where a chain offers {offered:?}"
            ));
        }
        self.imports.insert(name.to_owned(), offered);
        self.functions.push(of_type);
        Ok(())
    }

    fn export(&mut self, export: &Export<'_>) -> Result<(), String> {
        let name = export.name;
        if name.starts_with("stylus") {
            return Err(format!(
                "it exports `{name}`: names that start with `stylus` are the chain's"
            ));
        }
        if self
            .imports
            .contains_key(name.rsplit("__").next().unwrap_or(name))
        {
            return Err(format!(
                "it exports `{name}`, which is an import's name to a chain"
            ));
        }
        match (name, export.kind) {
            (ENTRYPOINT, ExternalKind::Func) => self.entrypoint = Some(export.index),
            (MEMORY, ExternalKind::Memory) => self.exports_memory = true,
            _ => {}
        }
        Ok(())
    }

    fn element(&self, element: Element<'_>) -> Result<(), String> {
        let ElementKind::Active { offset_expr, .. } = element.kind else {
            return Ok(());
        };
        let count = match element.items {
            ElementItems::Functions(items) => items.count(),
            ElementItems::Expressions(_, items) => items.count(),
        };
        within(
            "element segment",
            start_of(&offset_expr)?,
            u64::from(count),
            self.table_entries,
        )
    }

    fn data(&mut self, data: &Data<'_>) -> Result<(), String> {
        self.data_bytes += data.data.len();
        let DataKind::Active { offset_expr, .. } = &data.kind else {
            return Ok(());
        };
        let memory_bytes = self.memory.map_or(0, |memory| memory.initial * PAGE_BYTES);
        within(
            "data segment",
            start_of(offset_expr)?,
            data.data.len() as u64,
            memory_bytes,
        )
    }

    fn finish(self) -> Result<(), String> {
        let entrypoint = self
            .entrypoint
            .and_then(|function| self.functions.get(function as usize))
            .and_then(|of_type| self.types.get(*of_type as usize));
        if entrypoint != Some(&FuncType::new([ValType::I32], [ValType::I32])) {
            return Err(format!(
                "it does not export a function `{ENTRYPOINT}` from i32 to i32"
            ));
        }
        let memory = self.memory.filter(|_| self.exports_memory);
        let memory =
            memory.ok_or_else(|| format!("it does not export a memory named `{MEMORY}`"))?;
        at_most("pages of memory", memory.initial, MAX_PAGES)?;
        if memory.maximum != Some(memory.initial)
            && !self.imports.contains_key("pay_for_memory_grow")
        {
            return Err(
                "its memory can grow, and it does not import `vm_hooks.pay_for_memory_grow`".into(),
            );
        }
        Ok(())
    }
}

/// Refuses a body with more locals or operators than a chain compiles, and operators that it does not run.
fn check_body(body: &FunctionBody<'_>) -> Result<(), String> {
    let mut locals = 0;
    for declared in body.get_locals_reader().map_err(parse)? {
        locals += u64::from(declared.map_err(parse)?.0);
    }
    at_most("locals in one function", locals, MAX_LOCALS)?;
    let mut operators = 0;
    for operator in body.get_operators_reader().map_err(parse)? {
        let operator = operator.map_err(parse)?;
        if is_refused(&operator) {
            return Err(format!("it uses {operator:?}, which a chain refuses"));
        }
        operators += if ends_a_block(&operator) {
            1 + METERING_OPERATORS
        } else {
            1
        };
    }
    at_most(
        "operators in one function, metering included",
        operators,
        MAX_OPERATORS,
    )
}

/// Operators that validate and are refused all the same: segments at run time, and arithmetic on floats.
fn is_refused(operator: &Operator<'_>) -> bool {
    let name = format!("{operator:?}");
    let name = name.split([' ', '{']).next().unwrap_or_default();
    let of_segments = [
        "MemoryInit",
        "DataDrop",
        "TableInit",
        "TableCopy",
        "ElemDrop",
    ]
    .contains(&name);
    let of_floats = name.contains("F32") || name.contains("F64");
    let moves_bits = name.ends_with("Const")
        || name.ends_with("Load")
        || name.ends_with("Store")
        || name.contains("Reinterpret");
    of_segments || (of_floats && !moves_bits)
}

/// Whether metering starts a new block behind this operator.
fn ends_a_block(operator: &Operator<'_>) -> bool {
    use Operator::*;
    matches!(
        operator,
        Block { .. }
            | Loop { .. }
            | If { .. }
            | Else
            | End
            | Br { .. }
            | BrIf { .. }
            | BrTable { .. }
            | Return
            | Call { .. }
            | CallIndirect { .. }
    )
}

fn parse(error: BinaryReaderError) -> String {
    format!("its module does not parse: {error}")
}

fn at_most(what: &str, count: u64, limit: u64) -> Result<(), String> {
    if count <= limit {
        Ok(())
    } else {
        Err(format!(
            "it has {count} {what}, where a chain takes {limit}"
        ))
    }
}

fn within(what: &str, start: u64, length: u64, end: u64) -> Result<(), String> {
    if start.checked_add(length).is_some_and(|last| last <= end) {
        return Ok(());
    }
    Err(format!(
        "it has a {what} from {start} of length {length}, beyond {end}"
    ))
}

/// The constant where a segment starts.
fn start_of(offset: &ConstExpr<'_>) -> Result<u64, String> {
    match offset.get_operators_reader().read().map_err(parse)? {
        Operator::I32Const { value } => Ok(u64::from(value as u32)),
        other => Err(format!(
            "it has a segment that starts at {other:?}, not at a constant"
        )),
    }
}

/// The type of a function that a chain offers to programs.
fn host_function(module: &str, name: &str) -> Option<FuncType> {
    if module != "vm_hooks" {
        return None;
    }
    let (_, parameters, results) = HOST_FUNCTIONS
        .iter()
        .find(|(offered, ..)| *offered == name)?;
    Some(FuncType::new(value_types(parameters), value_types(results)))
}

fn value_types(letters: &str) -> Vec<ValType> {
    letters
        .chars()
        .map(|letter| {
            if letter == 'l' {
                ValType::I64
            } else {
                ValType::I32
            }
        })
        .collect()
}

/// Name, parameters and results of every function of the module `vm_hooks`; `i` is an i32, `l` an i64.
const HOST_FUNCTIONS: [(&str, &str, &str); 42] = [
    ("account_balance", "ii", ""),
    ("account_code", "iiii", "i"),
    ("account_code_size", "i", "i"),
    ("account_codehash", "ii", ""),
    ("block_basefee", "i", ""),
    ("block_coinbase", "i", ""),
    ("block_gas_limit", "", "l"),
    ("block_number", "", "l"),
    ("block_timestamp", "", "l"),
    ("call_contract", "iiiili", "i"),
    ("chainid", "", "l"),
    ("contract_address", "i", ""),
    ("create1", "iiiii", ""),
    ("create2", "iiiiii", ""),
    ("delegate_call_contract", "iiili", "i"),
    ("emit_log", "iii", ""),
    ("evm_gas_left", "", "l"),
    ("evm_ink_left", "", "l"),
    ("exit_early", "i", ""),
    ("math_add_mod", "iii", ""),
    ("math_div", "ii", ""),
    ("math_mod", "ii", ""),
    ("math_mul_mod", "iii", ""),
    ("math_pow", "ii", ""),
    ("msg_reentrant", "", "i"),
    ("msg_sender", "i", ""),
    ("msg_value", "i", ""),
    ("native_keccak256", "iii", ""),
    ("pay_for_memory_grow", "i", ""),
    ("read_args", "i", ""),
    ("read_return_data", "iii", "i"),
    ("return_data_size", "", "i"),
    ("static_call_contract", "iiili", "i"),
    ("storage_cache_bytes32", "ii", ""),
    ("storage_flush_cache", "i", ""),
    ("storage_load_bytes32", "ii", ""),
    ("transient_load_bytes32", "ii", ""),
    ("transient_store_bytes32", "ii", ""),
    ("tx_gas_price", "i", ""),
    ("tx_ink_price", "", "i"),
    ("tx_origin", "i", ""),
    ("write_result", "ii", ""),
];
