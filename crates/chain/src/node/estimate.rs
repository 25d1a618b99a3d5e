//! Gas estimates and access lists.

use alloy::rpc::types::{AccessList, AccessListItem};
use alloy_primitives::{Address, B256, Bytes, U256};
use revm::context::result::{ExecutionResult, ResultAndState};

use super::{CallError, call::Simulation};
use crate::{outcome::halt_text, tx::TxError};

/// The least gas of any transaction.
const TRANSFER_GAS: u64 = 21_000;
/// What `CALL` gives along with a value, on top of what is paid for.
const CALL_STIPEND: u64 = 2_300;
/// How often an access list is taken again until it no longer changes.
const ACCESS_LIST_ROUNDS: usize = 8;

/// Why no estimate was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EstimateError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("execution reverted")]
    Reverted(Bytes),
    #[error("{0}")]
    Halted(String),
    #[error("gas required exceeds allowance ({0})")]
    Allowance(u64),
    /// Gas is not free and the value leaves nothing for it.
    #[error("insufficient funds for transfer")]
    Funds,
}

/// What an access list would be and cost.
pub(crate) struct AccessListEstimate {
    pub(crate) access_list: AccessList,
    pub(crate) gas_used: u64,
    pub(crate) error: Option<String>,
}

impl Simulation<'_> {
    /// The least gas limit with which the call succeeds, to the unit.
    pub(crate) fn estimate(&mut self) -> Result<u64, EstimateError> {
        let mut high = self
            .tx
            .gas_limit
            .min(self.tx_gas_cap)
            .min(self.allowance()?);
        if self.is_plain_transfer()
            && high >= TRANSFER_GAS
            && self.run_with_gas(TRANSFER_GAS)?.is_success()
        {
            return Ok(TRANSFER_GAS);
        }
        let first = match self.run_with_gas(high) {
            Err(CallError::Refused(TxError::IntrinsicGas { .. })) => {
                return Err(EstimateError::Allowance(high));
            }
            result => result?,
        };
        let (spent, used) = match first {
            ExecutionResult::Success { gas, .. } => (gas.total_gas_spent(), gas.tx_gas_used()),
            ExecutionResult::Revert { output, .. } => return Err(EstimateError::Reverted(output)),
            ExecutionResult::Halt { reason, .. } if halt_text(&reason) == "out of gas" => {
                return Err(EstimateError::Allowance(high));
            }
            ExecutionResult::Halt { reason, .. } => {
                return Err(EstimateError::Halted(halt_text(&reason)));
            }
        };
        let mut low = used.saturating_sub(1);
        // Usually enough: what was spent, and the part that each inner call must leave behind (EIP-150).
        let likely = spent.saturating_add(CALL_STIPEND).saturating_mul(64) / 63;
        if likely < high {
            if self.succeeds_with(likely)? {
                high = likely;
            } else {
                low = low.max(likely);
            }
        }
        while low.saturating_add(1) < high {
            let middle = low.midpoint(high);
            if self.succeeds_with(middle)? {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    fn succeeds_with(&mut self, gas_limit: u64) -> Result<bool, CallError> {
        match self.run_with_gas(gas_limit) {
            Err(CallError::Refused(TxError::IntrinsicGas { .. })) => Ok(false),
            result => Ok(result?.is_success()),
        }
    }

    /// Gas that the sender can pay for; all of it where gas is free.
    fn allowance(&mut self) -> Result<u64, EstimateError> {
        if self.tx.gas_price == 0 {
            return Ok(u64::MAX);
        }
        let balance = self
            .info(self.tx.caller)
            .map_or(U256::ZERO, |info| info.balance);
        if !self.tx.value.is_zero() && self.tx.value >= balance {
            return Err(EstimateError::Funds);
        }
        let left = balance.saturating_sub(self.tx.value);
        Ok((left / U256::from(self.tx.gas_price)).saturating_to())
    }

    fn is_plain_transfer(&mut self) -> bool {
        let to = self.tx.kind.to().copied();
        self.tx.data.is_empty()
            && self.tx.access_list.0.is_empty()
            && self.tx.authorization_list.is_empty()
            && to.is_some_and(|to| self.info(to).is_none_or(|info| info.is_empty_code_hash()))
    }

    fn info(&mut self, address: Address) -> Option<revm::state::AccountInfo> {
        let Ok(info) = revm::Database::basic(&mut self.state, address);
        info
    }

    /// The accounts and slots that the call touches, and what it costs with them listed.
    pub(crate) fn access_list(&mut self) -> Result<AccessListEstimate, CallError> {
        let mut listed = self.tx.access_list.clone();
        for _ in 0..ACCESS_LIST_ROUNDS {
            self.tx.access_list = listed.clone();
            self.tx.tx_type = self.tx.tx_type.max(1);
            let done = self.run()?;
            let touched = self.touched(&done);
            if touched == listed {
                return Ok(estimate_of(listed, done.result));
            }
            listed = touched;
        }
        self.tx.access_list = listed.clone();
        let result = self.run()?.result;
        Ok(estimate_of(listed, result))
    }

    /// What the transaction touched and had to pay for: not the sender, the recipient and the precompiles themselves.
    fn touched(&self, done: &ResultAndState) -> AccessList {
        let free = |address: &Address| {
            *address == self.tx.caller
                || Some(address) == self.tx.kind.to()
                || *address == self.env.block.beneficiary
                || is_precompile(address)
        };
        let mut items: Vec<AccessListItem> = done
            .state
            .iter()
            .map(|(address, account)| {
                let mut storage_keys: Vec<B256> = account
                    .storage
                    .keys()
                    .map(|slot| B256::from(*slot))
                    .collect();
                storage_keys.sort_unstable();
                AccessListItem {
                    address: *address,
                    storage_keys,
                }
            })
            .filter(|item| !item.storage_keys.is_empty() || !free(&item.address))
            .collect();
        items.sort_unstable_by_key(|item| item.address);
        AccessList(items)
    }
}

/// Ethereum's precompiles and Arbitrum's lie below 0x0200.
fn is_precompile(address: &Address) -> bool {
    address.0[..18].iter().all(|byte| *byte == 0) && address.0[18] <= 1
}

fn estimate_of(access_list: AccessList, result: ExecutionResult) -> AccessListEstimate {
    let gas_used = result.tx_gas_used();
    let error = match result {
        ExecutionResult::Success { .. } => None,
        ExecutionResult::Revert { .. } => Some("execution reverted".to_owned()),
        ExecutionResult::Halt { reason, .. } => Some(halt_text(&reason)),
    };
    AccessListEstimate {
        access_list,
        gas_used,
        error,
    }
}
