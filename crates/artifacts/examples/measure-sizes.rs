//! Measures every contract under every pair of optimisation levels: that of the libraries it shares, and its own.
//!
//! `cargo run -p weir-artifacts --example measure-sizes`
//!
//! The level of the libraries is the profile's in `contracts/Cargo.toml`, that of a contract its `[profile.release.package.<name>]`;
//! the latter also drives the optimisation at link time. Each cell is the bytes of code that an account would hold, and the
//! bytes of the module, which the gas to enter an uncached program grows with. `3` runs on the least gas.

use std::{collections::BTreeMap, fs, path::Path, process::ExitCode};

#[path = "../pipeline/mod.rs"]
mod pipeline;

use pipeline::BuildError;

const LEVELS: [&str; 4] = ["\"z\"", "\"s\"", "2", "3"];

fn main() -> ExitCode {
    if let Some(code) = pipeline::stable_rustc::run_if_called() {
        return code;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match measure(
        &root.join("contracts"),
        &root.join("target/contracts-measured"),
    ) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(workspace: &Path, target_dir: &Path) -> Result<(), BuildError> {
    println!(
        "{:<12} {:>9} {:>5} {:>11} {:>11}",
        "contract", "libraries", "own", "code bytes", "wasm bytes"
    );
    let mut smallest: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for libraries in LEVELS {
        let options = [
            "--config".to_owned(),
            format!("profile.release.opt-level={libraries}"),
        ];
        let compiled = pipeline::compile::compile(workspace, target_dir, &options)?;
        for own in LEVELS {
            let mut options = options.to_vec();
            for contract in &compiled {
                options.push("--config".into());
                options.push(format!(
                    "profile.release.package.{}.opt-level={own}",
                    contract.name
                ));
            }
            for contract in pipeline::compile::compile(workspace, target_dir, &options)? {
                let name = contract.name;
                let (code, wasm) = sizes(&contract.file).map_err(BuildError)?;
                println!("{name:<12} {libraries:>9} {own:>5} {code:>11} {wasm:>11}");
                let best = smallest.entry(name).or_insert((usize::MAX, String::new()));
                if code < best.0 {
                    *best = (code, format!("libraries {libraries}, own {own}"));
                }
            }
        }
    }
    for (name, (code, levels)) in smallest {
        println!("smallest {name}: {code} bytes with {levels}");
    }
    Ok(())
}

/// Bytes of code and of the module, whether or not a chain would take as many.
fn sizes(file: &Path) -> Result<(usize, usize), String> {
    let module = fs::read(file).map_err(|e| format!("cannot read {}: {e}", file.display()))?;
    let wasm = pipeline::shrink::shrink(&module)?;
    Ok((pipeline::code::compress(&wasm)?.len(), wasm.len()))
}
