//! Builds every contract and writes `contracts.rs`, the table that the library includes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[path = "pipeline/mod.rs"]
mod pipeline;

use pipeline::{BuildError, Contract};

fn main() -> ExitCode {
    if let Some(code) = pipeline::stable_rustc::run_if_called() {
        return code;
    }
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), BuildError> {
    // Asked when it runs: the script may have been compiled for a copy of the repository elsewhere.
    let package = env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let workspace = PathBuf::from(package).join("../../contracts");
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let interfaces = workspace.join("golden/abi");
    println!("cargo::rerun-if-changed=pipeline");
    println!("cargo::rerun-if-changed={}", interfaces.display());
    for input in pipeline::inputs(&workspace) {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    // <target>/<profile>/build/<this package>/out: one directory for all profiles, so that none compiles the contracts again.
    let target_dir = out_dir
        .ancestors()
        .nth(4)
        .expect("OUT_DIR is inside the target directory")
        .join("contracts");
    let contracts = pipeline::build(&workspace, &target_dir, &[])?;

    let mut table = String::new();
    for contract in &contracts {
        let code = out_dir.join(format!("{}.code", contract.name));
        write(&code, &contract.code)?;
        table += &entry(
            contract,
            &code,
            &interfaces.join(format!("{}.json", contract.name)),
        );
    }
    let constants: Vec<_> = contracts
        .iter()
        .map(|contract| format!("&{}", constant(&contract.name)))
        .collect();
    table += &format!("static ALL: &[&Artifact] = &[{}];\n", constants.join(", "));
    write(&out_dir.join("contracts.rs"), table.as_bytes())
}

/// The definition of a contract's constant. One that is new has no recorded interface yet.
fn entry(contract: &Contract, code: &Path, interface: &Path) -> String {
    let Contract {
        name,
        opt_level,
        wasm,
        ..
    } = contract;
    let abi = if interface.exists() {
        format!("include_str!({interface:?})")
    } else {
        "\"[]\"".into()
    };
    format!(
        "/// The contract `{name}`.\n\
         pub static {}: Artifact = Artifact {{\n    \
             name: {name:?},\n    \
             opt_level: {opt_level:?},\n    \
             code: include_bytes!({code:?}),\n    \
             wasm_len: {},\n    \
             abi: {abi},\n\
         }};\n",
        constant(name),
        wasm.len(),
    )
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    fs::write(file, bytes).map_err(|e| BuildError(format!("cannot write {}: {e}", file.display())))
}
