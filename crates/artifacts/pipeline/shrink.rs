//! Cuts what cannot run, and writes the module anew as a chain accepts it.
//!
//! A panic on a Stylus chain is a trap: nobody reads its message. The compiler cannot know and links the machinery that formats
//! and prints it, some 2 KB of every contract's code. Here the panic handler becomes the trap that it amounts to, and so does
//! every function that then cannot be called: directly by one that can, or through the table by an indirect call of its
//! type. (Which of those a table call really meets is not looked at, so the cut is safe.)
//!
//! Writing the module anew also leaves out what a chain refuses (the data count, the long form that rustc gives to table
//! indices) and what it has no use for (names, notes of the producers, exports beyond the entrypoint and the memory).

use std::collections::BTreeSet;

use wasm_encoder::{
    CodeSection, ExportSection, Function, Instruction, Module, RawSection, SectionId,
    reencode::{self, Reencode},
};
use wasmparser::{
    CustomSectionReader, ElementItems, Export, ExternalKind, FuncType, FunctionBody, KnownCustom,
    Name, Operator, Parser, Payload, TypeRef,
};

/// How the name of the function that formats and prints a panic ends, with the name section that rustc writes.
const PANIC_HANDLER: &str = "rust_begin_unwind";

/// The exports that a chain looks for.
const EXPORTS: [&str; 2] = ["user_entrypoint", "memory"];

/// The module, smaller and in the form that a chain accepts.
pub fn shrink(module: &[u8]) -> Result<Vec<u8>, String> {
    let kept = Calls::read(module)
        .map_err(|e| format!("the module does not parse: {e}"))?
        .reachable();
    let mut rewritten = Module::new();
    Shrink {
        kept,
        next_function: 0,
    }
    .parse_core_module(&mut rewritten, Parser::new(0), module)
    .map_err(|e| format!("the module cannot be written anew: {e}"))?;
    without_notes(&rewritten.finish())
        .map_err(|e| format!("the module cannot be written anew: {e}"))
}

/// The module without custom sections and the count of its data segments, which a chain refuses.
fn without_notes(module: &[u8]) -> Result<Vec<u8>, wasmparser::BinaryReaderError> {
    let left_out = [SectionId::Custom as u8, SectionId::DataCount as u8];
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Some((id, range)) = payload?.as_section()
            && !left_out.contains(&id)
        {
            kept.section(&RawSection {
                id,
                data: &module[range],
            });
        }
    }
    Ok(kept.finish())
}

/// Who calls whom.
#[derive(Default)]
struct Calls {
    types: Vec<FuncType>,
    /// The type of each function, imports first.
    functions: Vec<u32>,
    imported: usize,
    /// For each function with a body, what it calls directly, and the types it calls through the table.
    direct: Vec<Vec<u32>>,
    indirect: Vec<Vec<u32>>,
    roots: Vec<u32>,
    in_table: BTreeSet<u32>,
    panic_handler: Option<u32>,
}

impl Calls {
    fn read(module: &[u8]) -> Result<Self, wasmparser::BinaryReaderError> {
        let mut calls = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::TypeSection(section) => {
                    for types in section.into_iter_err_on_gc_types() {
                        calls.types.push(types?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if let TypeRef::Func(of_type) = import?.ty {
                            calls.functions.push(of_type);
                        }
                    }
                    calls.imported = calls.functions.len();
                }
                Payload::FunctionSection(section) => {
                    for of_type in section {
                        calls.functions.push(of_type?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func && EXPORTS.contains(&export.name) {
                            calls.roots.push(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => calls.roots.push(func),
                Payload::ElementSection(section) => {
                    for element in section {
                        if let ElementItems::Functions(functions) = element?.items {
                            for function in functions {
                                calls.in_table.insert(function?);
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => calls.read_body(&body)?,
                Payload::CustomSection(section) => calls.read_names(&section)?,
                _ => {}
            }
        }
        Ok(calls)
    }

    fn read_body(&mut self, body: &FunctionBody<'_>) -> Result<(), wasmparser::BinaryReaderError> {
        let (mut direct, mut indirect) = (Vec::new(), Vec::new());
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => direct.push(function_index),
                Operator::CallIndirect { type_index, .. } => indirect.push(type_index),
                Operator::RefFunc { function_index } => self.roots.push(function_index),
                _ => {}
            }
        }
        self.direct.push(direct);
        self.indirect.push(indirect);
        Ok(())
    }

    fn read_names(
        &mut self,
        section: &CustomSectionReader<'_>,
    ) -> Result<(), wasmparser::BinaryReaderError> {
        let KnownCustom::Name(names) = section.as_known() else {
            return Ok(());
        };
        for name in names {
            let Name::Function(functions) = name? else {
                continue;
            };
            for function in functions {
                let function = function?;
                if function.name.ends_with(PANIC_HANDLER) {
                    self.panic_handler = Some(function.index);
                }
            }
        }
        Ok(())
    }

    /// For each function with a body, whether some call can reach it. The panic handler counts as out of reach.
    fn reachable(&self) -> Vec<bool> {
        let mut kept = vec![false; self.direct.len()];
        let mut called_types: BTreeSet<u32> = BTreeSet::new();
        let mut todo = self.roots.clone();
        while let Some(function) = todo.pop() {
            let Some(body) = (function as usize).checked_sub(self.imported) else {
                continue;
            };
            if self.panic_handler == Some(function) || kept.get(body).copied().unwrap_or(true) {
                continue;
            }
            kept[body] = true;
            todo.extend(&self.direct[body]);
            for &called in &self.indirect[body] {
                if called_types.insert(called) {
                    todo.extend(self.in_table.iter().filter(|&&f| self.same_type(f, called)));
                }
            }
        }
        kept
    }

    fn same_type(&self, function: u32, called: u32) -> bool {
        let own = self
            .functions
            .get(function as usize)
            .and_then(|of_type| self.types.get(*of_type as usize));
        own.is_none() || own == self.types.get(called as usize)
    }
}

struct Shrink {
    kept: Vec<bool>,
    next_function: usize,
}

impl Reencode for Shrink {
    type Error = std::convert::Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let kept = self.kept.get(self.next_function).copied().unwrap_or(true);
        self.next_function += 1;
        if kept {
            return reencode::utils::parse_function_body(self, code, body);
        }
        let mut trap = Function::new([]);
        trap.instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End);
        code.function(&trap);
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        if EXPORTS.contains(&export.name) {
            reencode::utils::parse_export(self, exports, export)?;
        }
        Ok(())
    }
}
