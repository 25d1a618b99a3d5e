//! Reads a module and refuses what an Arbitrum chain refuses at activation.

use std::collections::{HashMap, HashSet};

use wasmparser::{
    DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader, ExternalKind,
    FuncType, FunctionBody, FunctionSectionReader, GlobalSectionReader, ImportSectionReader,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, TableSectionReader, TypeRef,
    TypeSectionReader, ValType, Validator, WasmFeatures,
};

use super::{ActivationError, ENTRY_POINT, MAX_PAGES, hostios::hostio_type};

/// The wasm proposals that Stylus admits, multi-value being off from ArbOS 60.
const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS);

const MAX_SEGMENTS: u32 = 128;
const MAX_FUNCTIONS: usize = 4_096;
const MAX_GLOBALS: u32 = 32_768;
const MAX_LOCALS: u32 = 348;
const MAX_IMPORTS: usize = 513;
const MAX_TABLE_ENTRIES: u64 = 4_096;
const MAX_ELEMENT_BYTES: u64 = 4_096;
const MAX_MODULE_NAME_BYTES: usize = 512;

/// The sections that metering copies as they are.
#[derive(Default)]
pub(crate) struct Sections<'a> {
    pub(crate) types: Option<TypeSectionReader<'a>>,
    pub(crate) imports: Option<ImportSectionReader<'a>>,
    pub(crate) functions: Option<FunctionSectionReader<'a>>,
    pub(crate) tables: Option<TableSectionReader<'a>>,
    pub(crate) globals: Option<GlobalSectionReader<'a>>,
    pub(crate) elements: Option<ElementSectionReader<'a>>,
    pub(crate) data: Option<DataSectionReader<'a>>,
}

/// A module that passed every check but those made on opcodes.
pub(crate) struct Parsed<'a> {
    pub(crate) sections: Sections<'a>,
    pub(crate) types: Vec<FuncType>,
    /// Type index of each function, imports first.
    pub(crate) func_types: Vec<u32>,
    pub(crate) imports: usize,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// Locals declared by each of the module's own functions.
    locals: Vec<u32>,
    /// The module's own globals.
    pub(crate) globals: u32,
    pub(crate) memory: MemoryType,
    pub(crate) entry_point: u32,
    /// The import to call before memory grows; none where memory cannot grow.
    pub(crate) pay_for_memory_grow: Option<u32>,
    /// Bytes of data in all data segments.
    pub(crate) data_bytes: u64,
    /// Encoded length of all data segments.
    pub(crate) data_encoded_bytes: u64,
    /// Encoded length of all element segments.
    pub(crate) element_encoded_bytes: u64,
}

impl Parsed<'_> {
    /// Locals that function `func` of the module's own declares besides its parameters.
    pub(crate) fn locals(&self, func: usize) -> u32 {
        self.locals.get(func).copied().unwrap_or_default()
    }

    /// Parameters and results of all the module's own functions.
    pub(crate) fn own_type_len(&self) -> u64 {
        let own = self.func_types.get(self.imports..).unwrap_or_default();
        own.iter()
            .filter_map(|ty| self.types.get(*ty as usize))
            .map(|ty| (ty.params().len() + ty.results().len()) as u64)
            .sum()
    }
}

#[derive(Default)]
struct Collected<'a> {
    sections: Sections<'a>,
    types: Vec<FuncType>,
    imports: Vec<(&'a str, &'a str, u32)>,
    functions: Vec<u32>,
    tables: Vec<u64>,
    memories: Vec<MemoryType>,
    exports: HashMap<&'a str, (ExternalKind, u32)>,
    bodies: Vec<FunctionBody<'a>>,
    globals: u32,
    starts: bool,
}

/// Reads `wasm`; `page_limit` is how many pages the program may begin with.
pub(crate) fn parse(wasm: &[u8], page_limit: u64) -> Result<Parsed<'_>, ActivationError> {
    Validator::new_with_features(FEATURES).validate_all(wasm)?;
    let module = collect(wasm)?;
    check_names(&module)?;
    if module.starts {
        return Err(ActivationError::StartFunction);
    }

    let func_types: Vec<u32> = module
        .imports
        .iter()
        .map(|(_, _, ty)| *ty)
        .chain(module.functions.iter().copied())
        .collect();
    let type_of = |func: u32| {
        func_types
            .get(func as usize)
            .and_then(|ty| module.types.get(*ty as usize))
            .ok_or_else(|| ActivationError::Malformed(format!("there is no function {func}")))
    };

    let memory = *module
        .memories
        .first()
        .ok_or(ActivationError::MemoryNotExported)?;
    if module.exports.get("memory") != Some(&(ExternalKind::Memory, 0)) {
        return Err(ActivationError::MemoryNotExported);
    }
    if memory.initial > MAX_PAGES.min(page_limit) {
        return Err(ActivationError::limit(
            "pages of memory",
            memory.initial,
            MAX_PAGES.min(page_limit),
        ));
    }
    let pay_for_memory_grow = if memory.maximum == Some(memory.initial) {
        None
    } else {
        Some(
            module
                .imports
                .iter()
                .position(|(from, name, _)| (*from, *name) == ("vm_hooks", "pay_for_memory_grow"))
                .ok_or(ActivationError::GrowthNotPaid)? as u32,
        )
    };

    let entry_point = match module.exports.get(ENTRY_POINT) {
        Some((ExternalKind::Func, index)) => *index,
        _ => return Err(ActivationError::EntryPoint),
    };
    if *type_of(entry_point)? != FuncType::new([ValType::I32], [ValType::I32]) {
        return Err(ActivationError::EntryPoint);
    }
    for (from, name, ty) in &module.imports {
        check_import(from, name, module.types.get(*ty as usize))?;
    }

    let mut locals = Vec::with_capacity(module.bodies.len());
    for body in &module.bodies {
        let mut count = 0_u32;
        for group in body.get_locals_reader()? {
            count = count.saturating_add(group?.0);
        }
        limit("locals in a function", count, MAX_LOCALS)?;
        locals.push(count);
    }
    limit("functions", module.bodies.len(), MAX_FUNCTIONS)?;
    limit("imports", module.imports.len(), MAX_IMPORTS)?;
    limit(
        "globals",
        module.globals.saturating_add(super::meter::ADDED_GLOBALS),
        MAX_GLOBALS,
    )?;
    limit(
        "table entries",
        module.tables.iter().sum::<u64>(),
        MAX_TABLE_ENTRIES,
    )?;

    let (data_bytes, data_encoded_bytes) = check_data(&module, memory.initial * 65_536)?;
    let element_encoded_bytes = check_elements(&module)?;

    Ok(Parsed {
        func_types,
        imports: module.imports.len(),
        types: module.types,
        bodies: module.bodies,
        sections: module.sections,
        locals,
        globals: module.globals,
        memory,
        entry_point,
        pay_for_memory_grow,
        data_bytes,
        data_encoded_bytes,
        element_encoded_bytes,
    })
}

fn limit<T: PartialOrd + ToString>(
    what: &'static str,
    count: T,
    limit: T,
) -> Result<(), ActivationError> {
    if count > limit {
        Err(ActivationError::limit(what, count, limit))
    } else {
        Ok(())
    }
}

fn collect(wasm: &[u8]) -> Result<Collected<'_>, ActivationError> {
    let mut out = Collected::default();
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    for payload in parser.parse_all(wasm) {
        match payload? {
            Payload::Version { .. } | Payload::CodeSectionStart { .. } | Payload::End(_) => {}
            Payload::TypeSection(section) => {
                out.sections.types = Some(section.clone());
                out.types = section
                    .into_iter_err_on_gc_types()
                    .collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                out.sections.imports = Some(section.clone());
                for import in section.into_imports() {
                    let import = import?;
                    let TypeRef::Func(ty) = import.ty else {
                        return Err(ActivationError::import(
                            import.module,
                            import.name,
                            "it is not a function",
                        ));
                    };
                    out.imports.push((import.module, import.name, ty));
                }
            }
            Payload::FunctionSection(section) => {
                out.sections.functions = Some(section.clone());
                out.functions = section.into_iter().collect::<Result<_, _>>()?;
            }
            Payload::TableSection(section) => {
                out.sections.tables = Some(section.clone());
                for table in section {
                    out.tables.push(table?.ty.initial);
                }
            }
            Payload::MemorySection(section) => {
                out.memories = section.into_iter().collect::<Result<_, _>>()?
            }
            Payload::GlobalSection(section) => {
                out.globals = section.count();
                out.sections.globals = Some(section);
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    out.exports.insert(export.name, (export.kind, export.index));
                }
            }
            Payload::StartSection { .. } => out.starts = true,
            Payload::ElementSection(section) => out.sections.elements = Some(section),
            Payload::DataSection(section) => out.sections.data = Some(section),
            Payload::CodeSectionEntry(body) => out.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    check_name_section(names)?;
                }
            }
            Payload::DataCountSection { .. } => return Err(ActivationError::Section("data count")),
            _ => return Err(ActivationError::Section("unknown")),
        }
    }
    Ok(out)
}

fn check_name_section(names: wasmparser::NameSectionReader<'_>) -> Result<(), ActivationError> {
    for name in names {
        match name? {
            Name::Module { name, .. } => limit(
                "bytes in the module's name",
                name.len(),
                MAX_MODULE_NAME_BYTES,
            )?,
            Name::Function(map) => {
                for naming in map {
                    naming?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

// An export is compared by what follows its last "__", as the prover's linker does.
fn check_names(module: &Collected<'_>) -> Result<(), ActivationError> {
    let mut seen = HashMap::new();
    for (from, name, ty) in &module.imports {
        if seen
            .insert((from, name), ty)
            .is_some_and(|prior| prior != ty)
        {
            return Err(ActivationError::import(
                from,
                name,
                "it is imported with two types",
            ));
        }
    }
    let exports: HashSet<&str> = module
        .exports
        .keys()
        .filter_map(|name| name.rsplit("__").next())
        .collect();
    for (_, name, _) in &module.imports {
        if exports.contains(name) {
            return Err(ActivationError::Export {
                name: (*name).to_owned(),
                why: "an import has the same name",
            });
        }
        if name.starts_with("stylus") {
            return Err(ActivationError::import(
                "vm_hooks",
                name,
                "names that begin with \"stylus\" are reserved",
            ));
        }
    }
    if let Some(name) = exports.iter().find(|name| name.starts_with("stylus")) {
        let why = "names that begin with \"stylus\" are reserved";
        return Err(ActivationError::Export {
            name: (*name).to_owned(),
            why,
        });
    }
    Ok(())
}

fn check_import(from: &str, name: &str, ty: Option<&FuncType>) -> Result<(), ActivationError> {
    if from != "vm_hooks" {
        return Err(ActivationError::import(
            from,
            name,
            "only functions of vm_hooks can be imported",
        ));
    }
    match (hostio_type(name), ty) {
        (None, _) => Err(ActivationError::import(
            from,
            name,
            "Stylus has no such host function",
        )),
        (Some(want), Some(have)) if want == *have => Ok(()),
        _ => Err(ActivationError::import(from, name, "it has another type")),
    }
}

// Offsets are plain constants: the validator admits no other expression without imported globals.
fn offset(expr: &wasmparser::ConstExpr<'_>) -> Result<u64, ActivationError> {
    match expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(u64::from(value as u32)),
        other => Err(ActivationError::Malformed(format!(
            "a segment's offset is not a constant but {other:?}"
        ))),
    }
}

fn in_bounds(what: &'static str, offset: u64, len: u64, size: u64) -> Result<(), ActivationError> {
    if offset.saturating_add(len) <= size {
        Ok(())
    } else {
        Err(ActivationError::OutOfBounds {
            what,
            offset,
            len,
            size,
        })
    }
}

fn check_data(module: &Collected<'_>, memory_bytes: u64) -> Result<(u64, u64), ActivationError> {
    let Some(section) = module.sections.data.clone() else {
        return Ok((0, 0));
    };
    limit("data segments", section.count(), MAX_SEGMENTS)?;
    let (mut bytes, mut encoded) = (0, 0);
    for data in section {
        let data = data?;
        bytes += data.data.len() as u64;
        encoded += data.range.len() as u64;
        if let DataKind::Active { offset_expr, .. } = &data.kind {
            in_bounds(
                "data segment",
                offset(offset_expr)?,
                data.data.len() as u64,
                memory_bytes,
            )?;
        }
    }
    Ok((bytes, encoded))
}

fn check_elements(module: &Collected<'_>) -> Result<u64, ActivationError> {
    let Some(section) = module.sections.elements.clone() else {
        return Ok(0);
    };
    limit("element segments", section.count(), MAX_SEGMENTS)?;
    let mut encoded = 0;
    for element in section {
        let element = element?;
        encoded += element.range.len() as u64;
        let ElementKind::Active {
            table_index,
            offset_expr,
        } = &element.kind
        else {
            continue;
        };
        let ElementItems::Functions(functions) = &element.items else {
            return Err(ActivationError::Malformed(
                "an element segment has expressions".to_owned(),
            ));
        };
        let table = table_index.unwrap_or_default() as usize;
        let size = module.tables.get(table).copied().unwrap_or_default();
        in_bounds(
            "element segment",
            offset(offset_expr)?,
            u64::from(functions.count()),
            size,
        )?;
    }
    limit("bytes in element segments", encoded, MAX_ELEMENT_BYTES)?;
    Ok(encoded)
}
