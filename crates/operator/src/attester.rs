//! Signs what it saw at each height of a service, once.

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::TransactionRequest;
use alloy::signers::SignerSync as _;
use weir_abi::{IAttestation, IHub};
use weir_protocol::services::attestation::{digest, domain_separator};

use crate::chain::failed;
use crate::{Account, Event, Instance, OperatorError, Protection, block_at};

/// What an operator is told to do wrong, to see what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Signs a second payload at each height.
    Equivocate,
    /// Signs and answers nothing.
    Withhold,
}

/// An operator's work for one attestation service.
#[derive(Clone, Debug)]
pub struct Attester {
    account: Account,
    /// The chain whose values or blocks are reported.
    source: DynProvider,
    operator: Address,
    instance: Instance,
    misbehaviour: Option<Misbehaviour>,
    chain_id: u64,
}

impl Attester {
    /// The work of `operator`, whose key at the hub must be that of `account`, for a service. What is reported is read
    /// from `source`.
    ///
    /// # Errors
    /// The hub has another key, or the endpoint did not answer.
    pub async fn new(
        account: Account,
        source: DynProvider,
        operator: Address,
        instance: Instance,
        misbehaviour: Option<Misbehaviour>,
    ) -> Result<Self, OperatorError> {
        let hub = instance.terms.hub;
        let call = IHub::signerCall { operator };
        let expected = account.ask("reading the operator's key", hub, call).await?;
        let got = account.key.address();
        if expected != got {
            return Err(OperatorError::OtherKey {
                operator,
                expected,
                got,
            });
        }
        let chain_id = account.provider.get_chain_id().await;
        Ok(Self {
            chain_id: chain_id.map_err(failed("reading the chain id"))?,
            account,
            source,
            operator,
            instance,
            misbehaviour,
        })
    }

    /// The number of the service.
    pub const fn service(&self) -> u32 {
        self.instance.terms.service
    }

    /// Signs and submits what was seen at the newest height, if that is not done yet.
    ///
    /// # Errors
    /// The endpoint did not answer, a contract refused, or the protection file says no.
    pub async fn tick(&self, protection: &mut Protection) -> Result<Vec<Event>, OperatorError> {
        let (contract, operator) = (self.instance.contract, self.operator);
        let service = self.instance.terms.service;
        let mut events = Vec::new();
        let doing = "reading the height";
        let height = self
            .account
            .ask(doing, contract, IAttestation::heightCall {})
            .await?;
        let call = IAttestation::reportCall { height, operator };
        let reported = self
            .account
            .ask("reading the report", contract, call)
            .await?;
        let last = protection.last_height(self.chain_id, contract, operator);
        if !reported.is_zero() || last.is_some_and(|last| last > height) {
            return Ok(events);
        }
        if self.misbehaviour == Some(Misbehaviour::Withhold) {
            events.push(Event::Withheld { service, height });
            return Ok(events);
        }
        let Some(payload) = self.observe(height).await? else {
            return Ok(events);
        };
        if self.enrol().await? {
            events.push(Event::Enrolled { service });
        }
        protection.claim(self.chain_id, contract, operator, height, payload)?;
        self.submit(height, payload).await?;
        events.push(Event::Attested {
            service,
            height,
            payload,
        });
        if self.misbehaviour == Some(Misbehaviour::Equivocate) {
            let payload = self.lie(payload);
            self.submit(height, payload).await?;
            events.push(Event::Equivocated {
                service,
                height,
                payload,
            });
        }
        Ok(events)
    }

    /// What stood in the newest block that had been made when the height began, so that all who look see the same.
    async fn observe(&self, height: u64) -> Result<Option<B256>, OperatorError> {
        let terms = &self.instance.terms;
        let begins_s = terms
            .start
            .saturating_add(height.saturating_mul(terms.period));
        let Some(block) = block_at(&self.source, begins_s).await? else {
            return Ok(None);
        };
        if !terms.values {
            return Ok(Some(block.header.hash));
        }
        let request = TransactionRequest::default()
            .to(terms.target)
            .input(Bytes::from(terms.selector).into());
        let number = BlockId::number(block.header.number);
        let answer = self.source.call(request).block(number).await;
        let answer = answer.map_err(failed("reading the value"))?;
        Ok(answer.get(..32).map(B256::from_slice))
    }

    /// Takes a seat, if the operator has none or another key; says whether it did.
    async fn enrol(&self) -> Result<bool, OperatorError> {
        let (contract, operator) = (self.instance.contract, self.operator);
        let ask = |call| self.account.ask("reading the seats", contract, call);
        let seats = ask(IAttestation::rosterCall {}).await?;
        let call = IAttestation::keyTimesCall {
            operator,
            key: self.account.key.address(),
        };
        let times = self.account.ask("reading the keys", contract, call).await?;
        let is_seated = seats.iter().any(|seat| seat.operator == operator);
        if is_seated && times.since > 0 && times.until == 0 {
            return Ok(false);
        }
        let call = IAttestation::enrolCall { operator };
        self.account
            .send("taking a seat", contract, U256::ZERO, &call)
            .await?;
        Ok(true)
    }

    async fn submit(&self, height: u64, payload: B256) -> Result<(), OperatorError> {
        let terms = &self.instance.terms;
        let contract = self.instance.contract;
        let separator = domain_separator(self.chain_id, contract);
        let digest = digest(separator, self.operator, terms.domain, height, payload);
        let signature = self.account.key.sign_hash_sync(&digest);
        let signature = signature.map_err(|error| OperatorError::Chain {
            doing: "signing".to_owned(),
            reason: error.to_string(),
        })?;
        let call = IAttestation::attestCall {
            operator: self.operator,
            height,
            payload,
            signature: signature.as_bytes().into(),
        };
        let doing = "submitting an attestation";
        self.account
            .send(doing, contract, U256::ZERO, &call)
            .await
            .map(drop)
    }

    /// Something that was not seen: a value 1 % over, or a hash of nothing.
    fn lie(&self, payload: B256) -> B256 {
        if self.instance.terms.values {
            let value = U256::from_be_bytes(payload.0);
            value
                .saturating_add(value / U256::from(100))
                .saturating_add(U256::ONE)
                .into()
        } else {
            keccak256(payload)
        }
    }
}
