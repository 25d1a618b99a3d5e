//! Runs cargo in the contracts' workspace.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{BuildError, stable_rustc};

const TARGET: &str = "wasm32-unknown-unknown";

/// What the contracts' cargo may see of the environment's cargo settings: where the registry is and how to reach it, how to
/// report, and the tokens that limit how many compilers run at once. Everything else belongs to the build around it.
const KEPT: [&str; 8] = [
    "CARGO_HOME",
    "CARGO_HTTP_",
    "CARGO_MAKEFLAGS",
    "CARGO_NET_",
    "CARGO_REGISTRIES_",
    "CARGO_REGISTRY_",
    "CARGO_SOURCE_",
    "CARGO_TERM_",
];

/// A contract as rustc wrote it.
#[derive(Debug)]
pub struct Compiled {
    pub name: String,
    pub opt_level: String,
    pub file: PathBuf,
}

/// Compiles every contract of the workspace.
pub fn compile(
    workspace: &Path,
    target_dir: &Path,
    cargo_options: &[String],
) -> Result<Vec<Compiled>, BuildError> {
    check_target()?;
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(workspace)
        .args([
            "build",
            "--release",
            "--locked",
            "--target",
            TARGET,
            "--message-format=json-render-diagnostics",
        ])
        .arg("--target-dir")
        .arg(target_dir)
        .args(remap_paths(workspace))
        .args(cargo_options)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if is_of_the_build_around(text) {
            cargo.env_remove(&name);
        }
    }
    stable_rustc::wrap(&mut cargo);
    let output = cargo
        .output()
        .map_err(|e| BuildError(format!("cannot run cargo for the contracts: {e}")))?;
    if !output.status.success() {
        return Err(BuildError(format!(
            "the contracts did not compile; see above, or run `cargo build --release` in {}",
            workspace.display()
        )));
    }
    contracts(&output.stdout)
}

/// Whether a variable of the environment configures the build that runs this one and would leak into it.
fn is_of_the_build_around(name: &str) -> bool {
    let of_cargo = name.starts_with("CARGO") && !KEPT.iter().any(|kept| name.starts_with(kept));
    of_cargo
        || name.starts_with("RUSTC")
        || name.starts_with("RUSTDOC")
        || name.starts_with("CLIPPY")
        || name == "RUSTFLAGS"
}

/// Fails, with the command to run, if the compiler has no standard library for wasm.
fn check_target() -> Result<(), BuildError> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|e| BuildError(format!("cannot run rustc: {e}")))?;
    let directory = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    if output.status.success() && directory.is_dir() {
        return Ok(());
    }
    Err(BuildError(format!(
        "the contracts are compiled to WebAssembly, and the toolchain has no standard library for it. Run:\n\n    \
         rustup target add {TARGET}\n"
    )))
}

/// Source paths reach a module in the texts of its panics: without this it would differ from directory to directory.
/// Options are joined with those of the workspace's own configuration.
fn remap_paths(workspace: &Path) -> Vec<String> {
    let repository = workspace
        .canonicalize()
        .ok()
        .and_then(|path| path.parent().map(Path::to_path_buf));
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")));
    let flags: Vec<_> = [(repository, "/weir"), (home, "/cargo")]
        .into_iter()
        .filter_map(|(from, to)| {
            Some(format!(
                "{:?}",
                format!("--remap-path-prefix={}={to}", from?.display())
            ))
        })
        .collect();
    vec![
        "--config".into(),
        format!("target.{TARGET}.rustflags=[{}]", flags.join(",")),
    ]
}

/// The contracts that cargo's messages tell of.
fn contracts(messages: &[u8]) -> Result<Vec<Compiled>, BuildError> {
    let mut contracts = Vec::new();
    for line in messages
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let message: serde_json::Value = serde_json::from_slice(line)
            .map_err(|e| BuildError(format!("cargo's message is not JSON: {e}")))?;
        let target = &message["target"];
        let is_contract = message["reason"] == "compiler-artifact"
            && target["crate_types"]
                .as_array()
                .is_some_and(|types| types.iter().any(|t| t == "cdylib"));
        if !is_contract {
            continue;
        }
        let file = message["filenames"]
            .as_array()
            .into_iter()
            .flatten()
            .find_map(|file| file.as_str());
        let told = (
            target["name"].as_str(),
            message["profile"]["opt_level"].as_str(),
            file,
        );
        let (Some(name), Some(opt_level), Some(file)) = told else {
            return Err(BuildError(format!(
                "cargo's message about a contract lacks a field: {message}"
            )));
        };
        contracts.push(Compiled {
            name: name.replace('_', "-"),
            opt_level: opt_level.into(),
            file: file.into(),
        });
    }
    if contracts.is_empty() {
        return Err(BuildError(
            "the contracts' workspace has no package of crate-type `cdylib`".into(),
        ));
    }
    Ok(contracts)
}
