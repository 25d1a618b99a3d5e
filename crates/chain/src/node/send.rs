//! Transactions that the chain completes and signs itself.

use alloy::{
    consensus::{SignableTransaction, TypedTransaction},
    eips::Encodable2718,
    rpc::types::TransactionRequest,
    signers::SignerSync,
};
use alloy_primitives::{Address, B256, Bytes, Signature, TxKind};

use super::{CallError, CallRequest, EstimateError, Node};
use crate::tx::{Tx, TxError, mark};

/// Why a transaction was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SendError {
    #[error("missing \"from\"")]
    NoSender,
    #[error("unknown account {0}: the chain does not hold its key and it is not impersonated")]
    UnknownAccount(Address),
    #[error("the transaction cannot be built: {0}")]
    Unbuildable(String),
    #[error(transparent)]
    Tx(#[from] TxError),
    #[error(transparent)]
    Estimate(#[from] EstimateError),
}

impl Node {
    /// Completes a transaction, signs it if the chain holds the key or marks it if the sender is impersonated, and takes
    /// it in.
    pub(crate) fn send_request(
        &mut self,
        mut request: TransactionRequest,
    ) -> Result<B256, SendError> {
        let from = request.from.ok_or(SendError::NoSender)?;
        if self.keys.get(from).is_none() && !self.impersonates(from) {
            return Err(SendError::UnknownAccount(from));
        }
        self.complete(&mut request, from)?;
        let typed = request.build_typed_tx().map_err(|request| {
            SendError::Unbuildable(format!(
                "its fields fit no transaction type: {:?}",
                request.missing_keys()
            ))
        })?;
        let signature = self.sign(&typed, from)?;
        let raw = match typed {
            TypedTransaction::Legacy(tx) => tx.into_signed(signature).encoded_2718(),
            TypedTransaction::Eip2930(tx) => tx.into_signed(signature).encoded_2718(),
            TypedTransaction::Eip1559(tx) => tx.into_signed(signature).encoded_2718(),
            TypedTransaction::Eip7702(tx) => tx.into_signed(signature).encoded_2718(),
            TypedTransaction::Eip4844(_) => return Err(SendError::Tx(TxError::Type(3))),
        };
        let limit = self.config.limits.tx_bytes;
        if raw.len() > limit {
            return Err(SendError::Tx(TxError::Oversized {
                size: raw.len(),
                limit,
            }));
        }
        Ok(self.accept(Tx::decode_trusted(Bytes::from(raw), from)?)?)
    }

    fn sign(&self, tx: &TypedTransaction, from: Address) -> Result<Signature, SendError> {
        match self.keys.get(from) {
            Some(signer) => signer
                .sign_hash_sync(&tx.signature_hash())
                .map_err(|error| SendError::Unbuildable(error.to_string())),
            None => Ok(mark(from)),
        }
    }

    /// Fills in what the request leaves open.
    fn complete(
        &mut self,
        request: &mut TransactionRequest,
        from: Address,
    ) -> Result<(), SendError> {
        request.normalize_input();
        request.to.get_or_insert(TxKind::Create);
        request.chain_id.get_or_insert(self.settings.chain_id);
        let next_nonce = self.world.nonce(from);
        request
            .nonce
            .get_or_insert(self.pool.pending_nonce(from, next_nonce));
        if request.gas_price.is_none() {
            let tip_wei = *request.max_priority_fee_per_gas.get_or_insert(0);
            let base_fee_wei = u128::from(self.settings.base_fee_wei);
            request
                .max_fee_per_gas
                .get_or_insert(base_fee_wei.saturating_add(tip_wei));
        }
        if request.gas.is_none() {
            let call = CallRequest {
                tx: request.clone(),
                ..CallRequest::default()
            };
            let mut call = self.simulate(call).map_err(EstimateError::from)?;
            request.gas = Some(call.estimate()?);
        }
        Ok(())
    }
}

impl From<CallError> for SendError {
    fn from(error: CallError) -> Self {
        Self::Estimate(error.into())
    }
}
