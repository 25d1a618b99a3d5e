//! From the contracts' sources to code that a chain accepts.
//!
//! `cargo` compiles them to wasm ([`compile`]), what no call can reach is cut and the module written anew ([`shrink`]), checked
//! against what a chain refuses at activation ([`activation`]), compressed and measured ([`code`]).
//! Shared by the build script, the tests and the example that measures sizes.

// Each of those includes this module and uses a part of it.
#![allow(dead_code)]

pub mod activation;
pub mod code;
pub mod compile;
pub mod shrink;
pub mod stable_rustc;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

/// A contract, ready to deploy.
#[derive(Debug)]
pub struct Contract {
    /// The name of its package.
    pub name: String,
    /// What rustc optimised it for.
    pub opt_level: String,
    /// The module that runs, as the chain sees it after decompression.
    pub wasm: Vec<u8>,
    /// The account's code: prefix and compressed module.
    pub code: Vec<u8>,
}

/// Why a contract cannot be built or deployed, with what to do about it.
#[derive(Debug)]
pub struct BuildError(pub String);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}

/// Builds every contract of the workspace in `workspace`, sorted by name. `cargo_options` go to cargo as they are.
pub fn build(
    workspace: &Path,
    target_dir: &Path,
    cargo_options: &[String],
) -> Result<Vec<Contract>, BuildError> {
    let mut contracts = Vec::new();
    for compiled in compile::compile(workspace, target_dir, cargo_options)? {
        let file = &compiled.file;
        let module = fs::read(file)
            .map_err(|e| BuildError(format!("cannot read {}: {e}", file.display())))?;
        let (wasm, code) = package(&compiled.name, &module)?;
        contracts.push(Contract {
            name: compiled.name,
            opt_level: compiled.opt_level,
            wasm,
            code,
        });
    }
    contracts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(contracts)
}

/// Makes, of the module that rustc wrote for the contract `name`, the module that runs and the code to deploy.
pub fn package(name: &str, module: &[u8]) -> Result<(Vec<u8>, Vec<u8>), BuildError> {
    let explain = |problem: String| BuildError(format!("contract `{name}`: {problem}"));
    let wasm = shrink::shrink(module).map_err(explain)?;
    activation::check(&wasm).map_err(explain)?;
    let code = code::compress(&wasm).map_err(explain)?;
    code::check_sizes(&wasm, &code).map_err(explain)?;
    Ok((wasm, code))
}

/// Every file and directory that the contracts are made of. Not their golden files, nor what cargo writes.
pub fn inputs(workspace: &Path) -> Vec<PathBuf> {
    let crates = workspace.join("../crates");
    let mut inputs = vec![
        workspace.join("Cargo.toml"),
        workspace.join("Cargo.lock"),
        workspace.join(".cargo"),
        workspace.join("../Cargo.toml"),
        workspace.join("../rust-toolchain.toml"),
    ];
    for local in ["abi", "protocol"] {
        inputs.push(crates.join(local).join("Cargo.toml"));
        inputs.push(crates.join(local).join("src"));
    }
    let members = fs::read_dir(workspace)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    inputs.extend(members.filter(|member| member.join("Cargo.toml").exists()));
    inputs
}
