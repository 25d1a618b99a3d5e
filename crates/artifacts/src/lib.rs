//! The contracts as deployable Stylus code.
//!
//! Building this crate builds the workspace in `contracts/` to WebAssembly, cuts and checks each module, compresses it,
//! and refuses one that a live Arbitrum chain would not activate. The result is in the constants and in [`all`].
//!
//! ```
//! for contract in weir_artifacts::all() {
//!     println!("{}: {} bytes", contract.name, contract.code.len());
//! }
//! ```

mod init_code;

use alloy_primitives::{B256, Bytes, keccak256};
pub use init_code::{DEPLOYER_SLOT, init_code};

/// A contract, ready to deploy.
#[derive(Debug)]
pub struct Artifact {
    /// Its name, as in `contracts/<name>`.
    pub name: &'static str,
    /// What the compiler optimised it for: `3` for gas, `s` and `z` for size. Chosen by measurement, in `contracts/Cargo.toml`.
    pub opt_level: &'static str,
    /// The account's code: `0xEFF00000` and the compressed module. At most 24,576 bytes.
    pub code: &'static [u8],
    /// Bytes of the module after decompression. At most 128 KiB.
    pub wasm_len: usize,
    /// Its interface as JSON: functions, events and errors.
    pub abi: &'static str,
}

impl Artifact {
    /// The code hash that an account with this contract has.
    pub fn codehash(&self) -> B256 {
        keccak256(self.code)
    }

    /// What to send to no address to deploy this contract: see [`init_code`].
    pub fn init_code(&self) -> Bytes {
        init_code(self.code)
    }
}

include!(concat!(env!("OUT_DIR"), "/contracts.rs"));

/// Every contract, by name.
pub fn all() -> &'static [&'static Artifact] {
    ALL
}

/// The contract `name`, if there is one.
pub fn by_name(name: &str) -> Option<&'static Artifact> {
    ALL.iter().copied().find(|artifact| artifact.name == name)
}
