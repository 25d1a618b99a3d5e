//! Compiles to the same bytes in every directory.
//!
//! Cargo tells rustc an identity of each crate (`-C metadata`), which decides the order of what the linker sees and so what
//! the optimiser makes of it. For a crate outside the workspace's root, as `protocol` and `abi` are to the contracts, it contains the
//! absolute path, and the same sources would yield other bytes in another directory: no recorded size, and
//! no code on a chain, could be checked against them. So cargo runs rustc through this very program, which gives our own
//! crates an identity without a path. (Their names tell them apart.) Crates of the registry have no path in theirs.

use std::{
    env,
    ffi::OsString,
    process::{Command, ExitCode},
};

/// Set for the cargo whose rustc calls come here.
const MARK: &str = "WEIR_STABLE_RUSTC";

/// Makes `cargo` run rustc through the current program, which must begin with [`run_if_called`].
pub fn wrap(cargo: &mut Command) {
    if let Ok(this) = env::current_exe() {
        cargo.env(MARK, "1").env("RUSTC_WRAPPER", this);
    }
}

/// If cargo called this program in the place of rustc: runs rustc, and answers how to exit.
pub fn run_if_called() -> Option<ExitCode> {
    env::var_os(MARK)?;
    let mut arguments = env::args_os().skip(1);
    let status = Command::new(arguments.next()?)
        .args(with_stable_identity(arguments.collect()))
        .status();
    let code = status
        .ok()
        .and_then(|status| status.code())
        .and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The arguments of rustc, the identity replaced where the crate is ours: cargo caps the lints of all others.
fn with_stable_identity(arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.iter().any(|argument| argument == "--cap-lints") {
        return arguments;
    }
    let is_identity = |argument: &OsString| {
        argument
            .to_str()
            .is_some_and(|text| text.starts_with("metadata="))
    };
    arguments
        .into_iter()
        .map(|argument| {
            if is_identity(&argument) {
                "metadata=weir".into()
            } else {
                argument
            }
        })
        .collect()
}
