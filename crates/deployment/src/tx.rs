//! Signs, sends and waits for transactions.

use std::time::{Duration, Instant};

use alloy::eips::eip2718::Encodable2718;
use alloy::network::{EthereumWallet, NetworkTransactionBuilder, TransactionBuilder};
use alloy::primitives::{B256, Bytes};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::TransportResult;

use crate::error::{DeployError, failed};
use crate::revert;

/// Gas sent along, over what the estimate says: state may move between the estimate and the block. What is not used is
/// not paid.
const GAS_MARGIN_PERCENT: u64 = 25;
/// Waiting for a receipt starts with this pause, which doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A signed transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// As it goes over the wire.
    pub raw: Bytes,
    /// Its hash, known before it is sent.
    pub hash: B256,
}

/// Gas to send with a transaction.
///
/// # Errors
/// The chain refuses the transaction (the error carries its revert data), or the endpoint did not answer.
pub async fn gas_limit(
    provider: &DynProvider,
    request: TransactionRequest,
) -> TransportResult<u64> {
    let gas = provider.estimate_gas(request).await?;
    Ok(gas.saturating_add(gas.saturating_mul(GAS_MARGIN_PERCENT) / 100))
}

/// Signs a request with this nonce and gas, at the fee that the chain asks now.
///
/// # Errors
/// The endpoint did not answer, or the request cannot be signed.
pub async fn sign(
    provider: &DynProvider,
    signer: &PrivateKeySigner,
    request: TransactionRequest,
    nonce: u64,
    gas: u64,
) -> Result<Signed, DeployError> {
    let fees = provider
        .estimate_eip1559_fees()
        .await
        .map_err(failed("read the gas price"))?;
    let chain_id = provider
        .get_chain_id()
        .await
        .map_err(failed("read the chain id"))?;
    let request = request
        .with_from(signer.address())
        .with_chain_id(chain_id)
        .with_nonce(nonce)
        .with_gas_limit(gas)
        .with_max_fee_per_gas(fees.max_fee_per_gas)
        .with_max_priority_fee_per_gas(fees.max_priority_fee_per_gas);
    let wallet = EthereumWallet::new(signer.clone());
    let envelope = request
        .build(&wallet)
        .await
        .map_err(|error| DeployError::Rpc {
            doing: "sign a transaction".to_owned(),
            reason: error.to_string(),
        })?;
    Ok(Signed {
        raw: envelope.encoded_2718().into(),
        hash: *envelope.tx_hash(),
    })
}

/// Waits until one of these transactions, which share a nonce, is mined; none if that takes longer than `patience`.
///
/// # Errors
/// The endpoint did not answer.
pub async fn wait(
    provider: &DynProvider,
    hashes: &[B256],
    patience: Duration,
) -> TransportResult<Option<TransactionReceipt>> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        if let Some(receipt) = mined(provider, hashes).await? {
            return Ok(Some(receipt));
        }
        if start.elapsed() + pause > patience {
            return Ok(None);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The receipt of whichever of these transactions is mined.
///
/// # Errors
/// The endpoint did not answer.
pub async fn mined(
    provider: &DynProvider,
    hashes: &[B256],
) -> TransportResult<Option<TransactionReceipt>> {
    for hash in hashes {
        if let Some(receipt) = provider.get_transaction_receipt(*hash).await? {
            return Ok(Some(receipt));
        }
    }
    Ok(None)
}

/// Signs, sends and waits, for transactions that need no address book.
///
/// # Errors
/// The chain refused, did not answer, or did not mine it in time.
pub async fn send(
    provider: &DynProvider,
    signer: &PrivateKeySigner,
    request: TransactionRequest,
    doing: &str,
) -> Result<TransactionReceipt, DeployError> {
    const PATIENCE: Duration = Duration::from_secs(60);
    let refused = |reason: String| DeployError::Refused {
        step: doing.to_owned(),
        reason,
    };
    let from = signer.address();
    let request = request.from(from);
    let gas = gas_limit(provider, request.clone())
        .await
        .map_err(|error| refused(revert::reason(&error)))?;
    let nonce = provider
        .get_transaction_count(from)
        .pending()
        .await
        .map_err(failed("read a nonce"))?;
    let signed = sign(provider, signer, request, nonce, gas).await?;
    let sent = provider.send_raw_transaction(&signed.raw).await.map(drop);
    sent.map_err(failed(doing))?;
    let receipt = wait(provider, &[signed.hash], PATIENCE)
        .await
        .map_err(failed("read a receipt"))?;
    let step = doing.to_owned();
    match receipt {
        Some(receipt) if receipt.status() => Ok(receipt),
        Some(_) => Err(DeployError::Reverted {
            step,
            tx: signed.hash,
            reason: "state moved since the trial".to_owned(),
        }),
        None => Err(DeployError::NotMined {
            step,
            tx: signed.hash,
            waited_s: PATIENCE.as_secs(),
        }),
    }
}
