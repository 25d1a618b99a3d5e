//! The block, the chain and the rules that a transaction runs under.

use revm::{
    context::{BlockEnv, CfgEnv},
    primitives::hardfork::SpecId,
};

/// Ethereum rules of the EVM: those of Prague.
pub(crate) const SPEC: SpecId = SpecId::PRAGUE;

/// What surrounds a transaction: its block, its chain and the checks made before it runs.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// Number, timestamp, base fee, gas limit and the other fields of the block.
    pub block: BlockEnv,
    /// Chain id, as `CHAINID` and the `chainid` hostio give it and as signatures must carry it.
    pub chain_id: u64,
    /// Which checks are made before execution.
    pub checks: Checks,
}

/// The checks made on a transaction before it executes. The default makes all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// The sender can pay `gas_limit · gas_price + value`. Where off, the sender is lent what is missing.
    pub balance: bool,
    /// The nonce is the sender's next one.
    pub nonce: bool,
    /// The gas price is at least the block's base fee.
    pub base_fee: bool,
    /// The gas limit is at most the block's.
    pub block_gas_limit: bool,
    /// The sender has no code (EIP-3607).
    pub sender_has_no_code: bool,
}

impl Default for Checks {
    fn default() -> Self {
        Self {
            balance: true,
            nonce: true,
            base_fee: true,
            block_gas_limit: true,
            sender_has_no_code: true,
        }
    }
}

impl Checks {
    /// No check at all: what `eth_call` and gas estimation need.
    pub const NONE: Self = Self {
        balance: false,
        nonce: false,
        base_fee: false,
        block_gas_limit: false,
        sender_has_no_code: false,
    };
}

impl Env {
    /// The interpreter's configuration for these rules.
    pub(crate) fn cfg(&self) -> CfgEnv {
        let mut cfg = CfgEnv::new_with_spec(SPEC);
        cfg.chain_id = self.chain_id;
        cfg.tx_chain_id_check = true;
        cfg.disable_balance_check = !self.checks.balance;
        cfg.disable_nonce_check = !self.checks.nonce;
        cfg.disable_base_fee = !self.checks.base_fee;
        cfg.disable_block_gas_limit = !self.checks.block_gas_limit;
        cfg.disable_eip3607 = !self.checks.sender_has_no_code;
        // Code that starts with 0xEF is checked when a create frame returns: Stylus prefixes are admitted.
        cfg.disable_eip3541 = true;
        // Calldata is priced as before EIP-7623: an Arbitrum chain charges it through its own data fee.
        cfg.disable_eip7623 = true;
        cfg
    }
}
