//! What the pipeline cuts, and what it refuses with which words.

#[path = "../pipeline/mod.rs"]
mod pipeline;

use pipeline::{activation, code, package, shrink};
use wasmparser::{Parser, Payload};

/// A module with an entrypoint and `items`, in the text format.
fn module(items: &str) -> Vec<u8> {
    module_calling("", items)
}

/// The same, whose entrypoint runs `calls`.
fn module_calling(calls: &str, items: &str) -> Vec<u8> {
    wat::parse_str(format!(
        r#"(module
            (import "vm_hooks" "pay_for_memory_grow" (func $grow (param i32)))
            {items}
            (memory (export "memory") 1)
            (func (export "user_entrypoint") (param i32) (result i32) {calls} (i32.const 0)))"#
    ))
    .unwrap()
}

#[track_caller]
fn refuses(wasm: &[u8], because: &str) {
    let error = activation::check(wasm).unwrap_err();
    assert!(
        error.contains(because),
        "refused with {error:?}, which does not say {because:?}"
    );
}

#[test]
fn a_module_that_a_chain_activates_passes() {
    activation::check(&module("")).unwrap();
    activation::check(&module(
        "(func (param i64) (result i64) (i64.extend8_s (local.get 0)))",
    ))
    .unwrap();
}

#[test]
fn features_that_a_chain_does_not_validate_are_refused() {
    let validation = "uses what a chain does not validate";
    refuses(
        &module("(func (result i32 i32) (i32.const 0) (i32.const 0))"),
        validation,
    );
    refuses(&module("(func (param externref))"), validation);
    refuses(&module("(func (v128.const i64x2 0 0) (drop))"), validation);
    refuses(&module("(func $f (return_call $f))"), validation);
    refuses(
        &module("(global i32 (i32.add (i32.const 1) (i32.const 1)))"),
        validation,
    );
}

#[test]
fn operators_that_a_chain_does_not_run_are_refused() {
    refuses(
        &module("(func (result f32) (f32.add (f32.const 1) (f32.const 1)))"),
        "F32Add",
    );
    refuses(
        &module("(func (param f64) (result i32) (i32.trunc_sat_f64_s (local.get 0)))"),
        "I32TruncSatF64S",
    );
    refuses(
        &module("(table 1 funcref) (elem func $grow) (func (elem.drop 0))"),
        "ElemDrop",
    );
}

#[test]
fn imports_that_no_chain_offers_are_refused() {
    let import = |text: &str| {
        wat::parse_str(format!(
            r#"(module {text} (memory (export "memory") 1 1)
                (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#
        ))
        .unwrap()
    };
    activation::check(&import(
        r#"(import "vm_hooks" "chainid" (func (result i64)))"#,
    ))
    .unwrap();
    refuses(
        &import(r#"(import "vm_hooks" "chainid" (func (result i32)))"#),
        "`vm_hooks.chainid` as",
    );
    refuses(
        &import(r#"(import "vm_hooks" "sleep" (func))"#),
        "`vm_hooks.sleep`, which no chain offers",
    );
    refuses(
        &import(r#"(import "env" "abort" (func))"#),
        "`env.abort`, which no chain offers",
    );
    refuses(
        &import(r#"(import "vm_hooks" "table" (table 1 funcref))"#),
        "is not a function",
    );
}

#[test]
fn exports_that_a_chain_needs_or_keeps_for_itself_are_checked() {
    let exports = |text: &str| wat::parse_str(format!("(module {text})")).unwrap();
    let entrypoint = r#"(func (export "user_entrypoint") (param i32) (result i32) (i32.const 0))"#;
    refuses(
        &exports(r#"(memory (export "memory") 1 1)"#),
        "does not export a function `user_entrypoint`",
    );
    refuses(
        &exports(r#"(memory (export "memory") 1 1) (func (export "user_entrypoint") (param i64))"#),
        "does not export a function `user_entrypoint`",
    );
    refuses(
        &exports(&format!("(memory 1 1) {entrypoint}")),
        "does not export a memory",
    );
    refuses(
        &exports(&format!(r#"(memory (export "memory") 1) {entrypoint}"#)),
        "does not import",
    );
    refuses(
        &exports(&format!(
            r#"(memory (export "memory") 129 129) {entrypoint}"#
        )),
        "129 pages of memory",
    );
    refuses(&module(r#"(func (export "stylus_mark"))"#), "`stylus_mark`");
    refuses(
        &module(r#"(func (export "x__pay_for_memory_grow"))"#),
        "`x__pay_for_memory_grow`",
    );
}

#[test]
fn a_module_over_a_limit_is_refused_with_both_figures() {
    refuses(
        &module(&format!("(func {})", "(local i32)".repeat(349))),
        "349 locals in one function, where a chain takes 348",
    );
    refuses(
        &module(&format!("(func {})", "nop ".repeat(65_536))),
        "where a chain takes 65536",
    );
    refuses(
        &module(&format!("(func {})", "(block)".repeat(9_000))),
        "where a chain takes 65536",
    );
    refuses(
        &module(&"(func)".repeat(4_096)),
        "4097 functions, where a chain takes 4096",
    );
    refuses(&module("(table 4097 funcref)"), "4097 entries of the table");
    refuses(
        &module(&r#"(data (i32.const 0) "x")"#.repeat(129)),
        "129 data segments",
    );
    refuses(
        &module(r#"(data (i32.const 65535) "xy")"#),
        "data segment from 65535 of length 2, beyond 65536",
    );
}

#[test]
fn code_over_the_size_of_an_account_is_refused_with_its_figures() {
    // Bytes of a linear congruential generator, which do not compress.
    let mut state = 1_u32;
    let noise: String = (0..40_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            format!("\\{:02x}", state >> 24)
        })
        .collect();
    let error = package(
        "big",
        &module(&format!(r#"(data (i32.const 0) "{noise}")"#)),
    )
    .unwrap_err()
    .to_string();
    assert!(
        error.starts_with("contract `big`: its code has 4"),
        "{error}"
    );
    assert!(
        error.contains("more than the 24576 that an account may hold"),
        "{error}"
    );

    let error = code::check_sizes(&vec![0; 131_073], &[]).unwrap_err();
    assert!(
        error.contains("131073 bytes, 1 more than the 131072 that a chain decompresses"),
        "{error}"
    );
}

#[test]
fn code_is_the_prefix_and_a_module_that_decompresses() {
    let (wasm, code) = package("small", &module("")).unwrap();
    assert_eq!(code[..4], [0xef, 0xf0, 0, 0]);
    let mut decompressed = Vec::new();
    brotli::BrotliDecompress(&mut &code[4..], &mut decompressed).unwrap();
    assert_eq!(decompressed, wasm);
}

#[test]
fn functions_that_only_a_panic_reaches_become_traps() {
    let shrunk = shrink::shrink(&module_calling(
        "(call $used)",
        r#"(table 3 funcref)
           (elem (i32.const 0) $called_by_type $same_type $printer)
           (type $one (func (param i32)))
           (type $two (func (param i32 i32)))
           (func $core_rust_begin_unwind (i32.const 0) (i32.const 1) (call_indirect (type $two) (i32.const 2)))
           (func $printer (param i32 i32) (nop) (nop) (nop))
           (func $called_by_type (param i32) (nop) (nop))
           (func $same_type (param i32) (nop) (nop))
           (func $used (i32.const 0) (call_indirect (type $one) (i32.const 0))
              (call $core_rust_begin_unwind))"#,
    ))
    .unwrap();
    let bodies: Vec<usize> = Parser::new(0)
        .parse_all(&shrunk)
        .filter_map(|payload| match payload.unwrap() {
            Payload::CodeSectionEntry(body) => {
                Some(body.get_operators_reader().unwrap().into_iter().count())
            }
            _ => None,
        })
        .collect();
    // A trap is `unreachable` and `end`. The entrypoint is last.
    assert_eq!(bodies, [2, 2, 3, 3, 5, 3]);
}

#[test]
fn what_a_chain_refuses_or_ignores_is_left_out() {
    let bulky = wat::parse_str(
        r#"(module $named
            (memory (export "memory") 1 1)
            (global (export "__heap_base") i32 (i32.const 4))
            (func (export "user_entrypoint") (param $len i32) (result i32)
                (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0)) (i32.const 0))
            (data "passive"))"#,
    )
    .unwrap();
    let payloads = |wasm: &[u8]| -> Vec<String> {
        Parser::new(0)
            .parse_all(wasm)
            .map(|payload| format!("{:?}", payload.unwrap()))
            .collect()
    };
    assert!(
        payloads(&bulky)
            .iter()
            .any(|p| p.starts_with("DataCountSection"))
    );
    let shrunk = shrink::shrink(&bulky).unwrap();
    assert!(
        !payloads(&shrunk)
            .iter()
            .any(|p| p.starts_with("DataCountSection") || p.starts_with("CustomSection"))
    );
    let exports: Vec<String> = Parser::new(0)
        .parse_all(&shrunk)
        .filter_map(|payload| match payload.unwrap() {
            Payload::ExportSection(section) => Some(section),
            _ => None,
        })
        .flatten()
        .map(|export| export.unwrap().name.to_owned())
        .collect();
    assert_eq!(exports, ["memory", "user_entrypoint"]);
}
