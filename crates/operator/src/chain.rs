//! The chain as the daemons see it.

use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{Block, TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use alloy::transports::TransportError;
use weir_abi::{IAttestation, ICustody, IHub};
use weir_deployment::revert::Refusal;
use weir_deployment::{tx, view};

use crate::OperatorError;

/// A chain, and the key that a daemon sends with.
#[derive(Clone, Debug)]
pub struct Account {
    /// The chain.
    pub provider: DynProvider,
    /// The key.
    pub key: PrivateKeySigner,
}

/// An attestation service as it stands on a chain.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The contract.
    pub contract: Address,
    /// What it was set up with.
    pub terms: IAttestation::Instance,
}

/// A custody service as it stands on a chain.
#[derive(Clone, Debug)]
pub struct Custody {
    /// The contract.
    pub contract: Address,
    /// What it was set up with.
    pub terms: ICustody::Instance,
}

pub(crate) fn failed(doing: &str) -> impl FnOnce(TransportError) -> OperatorError + use<'_> {
    move |error| match Refusal::of(&error) {
        Some(refusal) => OperatorError::Refused {
            doing: doing.to_owned(),
            refusal: Box::new(refusal),
        },
        None => OperatorError::Chain {
            doing: doing.to_owned(),
            reason: error.to_string(),
        },
    }
}

impl Account {
    /// What a view answers at the newest block, or, on chains that tell, in the one that is being made.
    ///
    /// # Errors
    /// The contract refused, or the endpoint did not answer.
    pub async fn ask<C: SolCall>(
        &self,
        doing: &str,
        to: Address,
        call: C,
    ) -> Result<C::Return, OperatorError> {
        let request = TransactionRequest::default()
            .to(to)
            .input(call.abi_encode().into());
        let answer = self.provider.call(request).block(BlockId::pending()).await;
        let answer = answer.map_err(failed(doing))?;
        C::abi_decode_returns(&answer).map_err(|error| OperatorError::Chain {
            doing: doing.to_owned(),
            reason: error.to_string(),
        })
    }

    /// The time of the newest block, Unix seconds.
    ///
    /// # Errors
    /// The endpoint did not answer.
    pub async fn now_s(&self) -> Result<u64, OperatorError> {
        let newest = block(&self.provider, BlockId::latest()).await?;
        Ok(newest.header.timestamp)
    }

    /// Sends a call, and waits until it is mined.
    ///
    /// # Errors
    /// The contract refuses it, or the endpoint did not take it.
    pub async fn send<C: SolCall>(
        &self,
        doing: &str,
        to: Address,
        value: U256,
        call: &C,
    ) -> Result<TransactionReceipt, OperatorError> {
        let request = TransactionRequest::default()
            .from(self.key.address())
            .to(to)
            .value(value)
            .input(call.abi_encode().into());
        // Tried first, so that a refusal is known by its values.
        let trial = self
            .provider
            .call(request.clone())
            .block(BlockId::pending());
        trial.await.map_err(failed(doing))?;
        let sent = tx::send(&self.provider, &self.key, request, doing).await;
        sent.map_err(|error| OperatorError::Chain {
            doing: doing.to_owned(),
            reason: error.to_string(),
        })
    }
}

/// The attestation services that a hub knows: those whose slasher is such a contract.
///
/// # Errors
/// The endpoint did not answer.
pub async fn instances(
    provider: &DynProvider,
    hub: Address,
) -> Result<Vec<Instance>, OperatorError> {
    let mut found = Vec::new();
    for (service, contract) in slashers(provider, hub).await? {
        let terms = view(provider, contract, IAttestation::instanceCall {}).await;
        let terms = terms.map_err(failed("reading a service"))?;
        if let Some(terms) = terms.filter(|terms| (terms.hub, terms.service) == (hub, service)) {
            found.push(Instance { contract, terms });
        }
    }
    Ok(found)
}

/// The custody services that a hub knows: those whose slasher is such a contract.
///
/// # Errors
/// The endpoint did not answer.
pub async fn custodies(
    provider: &DynProvider,
    hub: Address,
) -> Result<Vec<Custody>, OperatorError> {
    let mut found = Vec::new();
    for (service, contract) in slashers(provider, hub).await? {
        let read = || failed("reading a service");
        // An attestation service answers `instance` too, with more.
        let counts = view(provider, contract, ICustody::countsCall {}).await;
        if counts.map_err(read())?.is_none() {
            continue;
        }
        let terms = view(provider, contract, ICustody::instanceCall {}).await;
        let terms = terms.map_err(read())?;
        if let Some(terms) = terms.filter(|terms| (terms.hub, terms.service) == (hub, service)) {
            found.push(Custody { contract, terms });
        }
    }
    Ok(found)
}

/// Every service of a hub, and who files for it.
async fn slashers(
    provider: &DynProvider,
    hub: Address,
) -> Result<Vec<(u32, Address)>, OperatorError> {
    let read = || failed("reading the services of the hub");
    let count = view(provider, hub, IHub::serviceCountCall {}).await;
    let mut found = Vec::new();
    for service in 1..=count.map_err(read())?.unwrap_or_default() {
        let terms = view(provider, hub, IHub::termsCall { service }).await;
        if let Some(terms) = terms.map_err(read())? {
            found.push((service, terms.slasher));
        }
    }
    Ok(found)
}

/// The newest block at or before `time_s`; none if the chain is younger.
///
/// # Errors
/// The endpoint did not answer.
pub async fn block_at(provider: &DynProvider, time_s: u64) -> Result<Option<Block>, OperatorError> {
    let head = block(provider, BlockId::latest()).await?;
    if head.header.timestamp <= time_s {
        return Ok(Some(head));
    }
    // From here on `above` is later than `time_s`, and all below `from` is not.
    let (mut from, mut above) = (0, head.header.number);
    while from < above {
        let middle = from + (above - from) / 2;
        let found = block(provider, BlockId::number(middle)).await?;
        if found.header.timestamp <= time_s {
            from = middle + 1;
        } else {
            above = middle;
        }
    }
    match from.checked_sub(1) {
        Some(number) => block(provider, BlockId::number(number)).await.map(Some),
        None => Ok(None),
    }
}

async fn block(provider: &DynProvider, id: BlockId) -> Result<Block, OperatorError> {
    let doing = "reading a block";
    let found = provider.get_block(id).await.map_err(failed(doing))?;
    found.ok_or_else(|| OperatorError::Chain {
        doing: doing.to_owned(),
        reason: format!("the endpoint has no block {id:?}"),
    })
}
