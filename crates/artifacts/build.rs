//! Builds every contract and writes `contracts.rs`, the table that the library includes.

use std::{env, fmt::Write as _, fs, path::PathBuf, process::ExitCode};

#[path = "pipeline/mod.rs"]
mod pipeline;

fn main() -> ExitCode {
    if let Some(code) = pipeline::stable_rustc::run_if_called() {
        return code;
    }
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../contracts");
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    for input in pipeline::inputs(&workspace) {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    println!("cargo::rerun-if-changed=pipeline");

    // <target>/<profile>/build/<this package>/out: one directory for all profiles, so that none compiles the contracts again.
    let target_dir = out_dir
        .ancestors()
        .nth(4)
        .expect("OUT_DIR is inside the target directory")
        .join("contracts");
    let contracts = match pipeline::build(&workspace, &target_dir, &[]) {
        Ok(contracts) => contracts,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };

    let mut table = String::new();
    for contract in &contracts {
        let code_file = out_dir.join(format!("{}.code", contract.name));
        fs::write(&code_file, &contract.code).expect("OUT_DIR is writable");
        let constant = contract.name.to_uppercase().replace('-', "_");
        writeln!(
            table,
            "/// The contract `{name}`.\npub static {constant}: Artifact = Artifact {{ name: {name:?}, \
             opt_level: {opt_level:?}, code: include_bytes!({code_file:?}), wasm_len: {wasm_len} }};",
            name = contract.name,
            opt_level = contract.opt_level,
            wasm_len = contract.wasm.len(),
        )
        .expect("a String takes any text");
    }
    let constants: Vec<_> = contracts
        .iter()
        .map(|c| format!("&{}", c.name.to_uppercase().replace('-', "_")))
        .collect();
    writeln!(
        table,
        "static ALL: &[&Artifact] = &[{}];",
        constants.join(", ")
    )
    .expect("a String takes any text");
    fs::write(out_dir.join("contracts.rs"), table).expect("OUT_DIR is writable");
    ExitCode::SUCCESS
}
