//! What a transaction must satisfy before it may wait.

use alloy_primitives::TxKind;
use revm::{
    context_interface::cfg::gas::calculate_initial_tx_gas_for_tx,
    primitives::{eip3860::MAX_INITCODE_SIZE, hardfork::SpecId},
};

use crate::{
    state::View,
    tx::{Tx, TxError},
};

/// What the chain asks of every transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) chain_id: u64,
    pub(crate) base_fee_wei: u64,
    pub(crate) tx_gas_cap: u64,
    pub(crate) block_gas_limit: u64,
}

/// Checks a transaction against the rules and its sender's account.
pub(crate) fn check(tx: &Tx, rules: &Rules, state: &View<'_>) -> Result<(), TxError> {
    let (env, from) = (&tx.env, tx.from());
    if let Some(have) = env.chain_id
        && have != rules.chain_id
    {
        return Err(TxError::ChainId {
            have,
            want: rules.chain_id,
        });
    }
    check_fee(tx, rules)?;
    if env.gas_limit > rules.block_gas_limit {
        return Err(TxError::BlockGas {
            gas: env.gas_limit,
            limit: rules.block_gas_limit,
        });
    }
    if env.gas_limit > rules.tx_gas_cap {
        return Err(TxError::GasCap {
            gas: env.gas_limit,
            cap: rules.tx_gas_cap,
        });
    }
    if env.kind == TxKind::Create && env.data.len() > MAX_INITCODE_SIZE {
        return Err(TxError::InitCode {
            size: env.data.len(),
            limit: MAX_INITCODE_SIZE,
        });
    }
    if env.tx_type == 4 && env.authorization_list.is_empty() {
        return Err(TxError::NoAuthorizations);
    }
    let needed = calculate_initial_tx_gas_for_tx(env, SpecId::PRAGUE, None).initial_regular_gas();
    if env.gas_limit < needed {
        return Err(TxError::IntrinsicGas {
            gas: env.gas_limit,
            needed,
        });
    }
    if env.nonce == u64::MAX {
        return Err(TxError::NonceMax(from));
    }
    let next = state.nonce(from);
    if env.nonce < next {
        return Err(TxError::NonceTooLow {
            next,
            nonce: env.nonce,
        });
    }
    check_funds(tx, state)
}

/// Checks that the sender can pay for the transaction at its worst.
pub(crate) fn check_funds(tx: &Tx, state: &View<'_>) -> Result<(), TxError> {
    let want = tx.max_cost_wei().ok_or(TxError::CostOverflow)?;
    let have = state.balance_wei(tx.from());
    if have < want {
        return Err(TxError::Funds {
            address: tx.from(),
            have,
            want,
        });
    }
    Ok(())
}

fn check_fee(tx: &Tx, rules: &Rules) -> Result<(), TxError> {
    let max_fee_wei = tx.env.gas_price;
    if let Some(tip_wei) = tx.env.gas_priority_fee
        && tip_wei > max_fee_wei
    {
        return Err(TxError::TipAboveFee {
            address: tx.from(),
            tip_wei,
            max_fee_wei,
        });
    }
    if max_fee_wei < u128::from(rules.base_fee_wei) {
        return Err(TxError::Underpriced {
            address: tx.from(),
            max_fee_wei,
            base_fee_wei: rules.base_fee_wei,
        });
    }
    Ok(())
}
