//! Finds who signed twice, files it, and sees the slash through.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider as _;
use alloy::rpc::types::{Filter, Log, TransactionReceipt};
use alloy::sol_types::SolEvent;
use weir_abi::IAttestation::IAttestationErrors as Refused;
use weir_abi::IHub::IHubErrors as Hub;
use weir_abi::{IAttestation, ICustody, IHub, IVault};
use weir_deployment::revert::Refusal;

use crate::chain::failed;
use crate::keeper::Open;
use crate::{Account, Custody, Event, Instance, OperatorError, block_at, custodies, instances};

/// Blocks whose events are asked for at once: what public endpoints allow.
const BLOCKS_AT_ONCE: u64 = 2_000;
/// An offence can be filed for two epochs, and what was filed is decided within two more.
const EPOCHS_BACK: u64 = 4;

/// Two signatures of one operator, found and not yet filed.
#[derive(Clone, Debug)]
struct Offence {
    service: u32,
    call: IAttestation::slashCall,
    /// What was said when it was last tried.
    said: Option<String>,
}

/// Watches every service of a hub whose contract files on evidence.
#[derive(Debug)]
pub struct Watcher {
    account: Account,
    hub: Address,
    next_block: u64,
    offences: BTreeMap<(Address, Address, u64), Offence>,
    /// Undecided requests of the services watched.
    requests: BTreeSet<u64>,
    /// Challenges of each custody service that were open.
    open: BTreeMap<Address, Open>,
    /// Older deadlines are of no use, Unix seconds.
    since_s: u64,
}

impl Watcher {
    /// Begins so far back that nothing which can still be filed or decided is missed: all that a watcher must remember is
    /// on the chain.
    ///
    /// # Errors
    /// The endpoint did not answer.
    pub async fn new(
        account: Account,
        hub: Address,
        vault: Address,
    ) -> Result<Self, OperatorError> {
        let doing = "reading the vault";
        let wiring = account.ask(doing, vault, IVault::wiringCall {}).await?;
        let now_s = account.now_s().await?;
        let back_s = now_s.saturating_sub(EPOCHS_BACK.saturating_mul(wiring.epochLength));
        let block = block_at(&account.provider, back_s).await?;
        Ok(Self {
            account,
            hub,
            next_block: block.map_or(0, |block| block.header.number),
            offences: BTreeMap::new(),
            requests: BTreeSet::new(),
            open: BTreeMap::new(),
            since_s: back_s,
        })
    }

    /// Reads what happened since the last tick, files what it proves, and decides what is due.
    ///
    /// # Errors
    /// The endpoint did not answer. What was found is kept for the next tick.
    pub async fn tick(&mut self) -> Result<Vec<Event>, OperatorError> {
        let provider = &self.account.provider;
        let instances = instances(provider, self.hub).await?;
        let custodies = custodies(provider, self.hub).await?;
        let services: Vec<u32> = instances
            .iter()
            .map(|found| found.terms.service)
            .chain(custodies.iter().map(|found| found.terms.service))
            .collect();
        let mut events = Vec::new();
        self.read(&instances, &services).await?;
        self.file(&mut events).await?;
        for custody in &custodies {
            self.file_lost(custody, &mut events).await?;
        }
        // What was just filed is followed from now on.
        self.read(&instances, &services).await?;
        self.decide(&mut events).await?;
        Ok(events)
    }

    async fn read(
        &mut self,
        instances: &[Instance],
        services: &[u32],
    ) -> Result<(), OperatorError> {
        let doing = "reading events";
        let head = self.account.provider.get_block_number().await;
        let head = head.map_err(failed(doing))?;
        let contracts: Vec<Address> = instances.iter().map(|found| found.contract).collect();
        while self.next_block <= head {
            let last = head.min(self.next_block.saturating_add(BLOCKS_AT_ONCE - 1));
            let filter = Filter::new()
                .from_block(self.next_block)
                .to_block(last)
                .address([contracts.as_slice(), &[self.hub]].concat())
                .event_signature(vec![
                    IAttestation::Rival::SIGNATURE_HASH,
                    IHub::SlashFiled::SIGNATURE_HASH,
                ]);
            let logs = self.account.provider.get_logs(&filter).await;
            for log in logs.map_err(failed(doing))? {
                if log.address() == self.hub {
                    self.note_request(services, &log);
                } else if let Some(found) = instances
                    .iter()
                    .find(|found| found.contract == log.address())
                {
                    self.note_rival(found, &log).await?;
                }
            }
            self.next_block = last.saturating_add(1);
        }
        Ok(())
    }

    fn note_request(&mut self, services: &[u32], log: &Log) {
        let Ok(filed) = IHub::SlashFiled::decode_log(&log.inner) else {
            return;
        };
        if services.contains(&filed.service) {
            self.requests.insert(filed.id);
        }
    }

    /// Puts a second signature together with the first.
    async fn note_rival(&mut self, found: &Instance, log: &Log) -> Result<(), OperatorError> {
        let Ok(rival) = IAttestation::Rival::decode_log(&log.inner) else {
            return Ok(());
        };
        let (operator, height) = (rival.operator, rival.height);
        let Some((payload, signature)) = self.first(found.contract, operator, height, log).await?
        else {
            return Ok(());
        };
        let call = IAttestation::slashCall {
            operator,
            height,
            payloadA: payload,
            signatureA: signature,
            payloadB: rival.payload,
            signatureB: rival.signature.clone(),
        };
        let offence = Offence {
            service: found.terms.service,
            call,
            said: None,
        };
        self.offences
            .insert((found.contract, operator, height), offence);
        Ok(())
    }

    /// What an operator reported first at a height, looked for backwards from its second report.
    async fn first(
        &self,
        contract: Address,
        operator: Address,
        height: u64,
        rival: &Log,
    ) -> Result<Option<(B256, Bytes)>, OperatorError> {
        let mut to = rival.block_number.unwrap_or_default();
        loop {
            let from = to.saturating_sub(BLOCKS_AT_ONCE - 1);
            let filter = Filter::new()
                .from_block(from)
                .to_block(to)
                .address(contract)
                .event_signature(IAttestation::Attested::SIGNATURE_HASH)
                .topic1(operator.into_word())
                .topic2(B256::from(U256::from(height)));
            let logs = self.account.provider.get_logs(&filter).await;
            let logs = logs.map_err(failed("reading events"))?;
            let attested = logs
                .first()
                .and_then(|log| IAttestation::Attested::decode_log(&log.inner).ok());
            if let Some(attested) = attested {
                return Ok(Some((attested.payload, attested.signature.clone())));
            }
            let Some(below) = from.checked_sub(1) else {
                return Ok(None);
            };
            to = below;
        }
    }

    async fn file(&mut self, events: &mut Vec<Event>) -> Result<(), OperatorError> {
        let keys: Vec<_> = self.offences.keys().copied().collect();
        for key in keys {
            let Some(offence) = self.offences.get_mut(&key) else {
                continue;
            };
            let (service, (contract, operator, height)) = (offence.service, key);
            let doing = "filing a slash";
            let sent = self
                .account
                .send(doing, contract, U256::ZERO, &offence.call)
                .await;
            let refusal = match sent {
                Ok(receipt) => {
                    if let Some(found) = found(&receipt, contract) {
                        events.push(Event::Filed {
                            service,
                            operator,
                            height,
                            id: found.id,
                        });
                    }
                    self.offences.remove(&key);
                    continue;
                }
                Err(OperatorError::Refused { refusal, .. }) => refusal,
                Err(error) => return Err(error),
            };
            match *refusal {
                Refusal::Attestation(Refused::AlreadySlashed(_)) => {
                    events.push(Event::AlreadyFiled {
                        service,
                        operator,
                        height,
                    });
                    self.offences.remove(&key);
                }
                refusal => {
                    let why = refusal.to_string();
                    // Said once, and tried again until it is too late.
                    if offence.said.as_ref() != Some(&why) {
                        offence.said = Some(why.clone());
                        events.push(Event::NotNow {
                            service,
                            operator,
                            height,
                            why,
                        });
                    }
                    if is_over(&refusal) {
                        self.offences.remove(&key);
                    }
                }
            }
        }
        Ok(())
    }

    /// Files for every challenge whose deadline has passed; the contract says whether it has.
    async fn file_lost(
        &mut self,
        custody: &Custody,
        events: &mut Vec<Event>,
    ) -> Result<(), OperatorError> {
        let (contract, service) = (custody.contract, custody.terms.service);
        let open = self.open.entry(contract).or_default();
        open.refresh(&self.account, contract, self.since_s).await?;
        for id in open.challenges.keys().copied() {
            let call = ICustody::slashCall { id };
            let doing = "filing a slash";
            match self.account.send(doing, contract, U256::ZERO, &call).await {
                Ok(receipt) => {
                    let mut logs = receipt.logs().iter();
                    let failed = logs.find_map(|log| ICustody::Failed::decode_log(&log.inner).ok());
                    events.extend(failed.map(|failed| Event::FiledLost {
                        service,
                        challenge: id,
                        id: failed.request,
                    }));
                }
                Err(OperatorError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Arms and executes what is due: the hub says whether it is.
    async fn decide(&mut self, events: &mut Vec<Event>) -> Result<(), OperatorError> {
        let ids: Vec<u64> = self.requests.iter().copied().collect();
        for id in ids {
            let call = IHub::requestCall { id };
            let request = self
                .account
                .ask("reading a request", self.hub, call)
                .await?;
            match request.status {
                IHub::Status::Filed => {
                    let call = IHub::armCall { id };
                    if self.try_send("arming a slash", &call).await? {
                        events.push(Event::Armed { id });
                    }
                }
                IHub::Status::Armed => {
                    let call = IHub::executeCall { id };
                    if self.try_send("executing a slash", &call).await? {
                        events.push(Event::Executed { id });
                    }
                }
                _ => {
                    self.requests.remove(&id);
                }
            }
        }
        Ok(())
    }

    /// Sends a call to the hub that somebody else may have been quicker with; says whether it was this one.
    async fn try_send<C: alloy::sol_types::SolCall>(
        &self,
        doing: &str,
        call: &C,
    ) -> Result<bool, OperatorError> {
        match self.account.send(doing, self.hub, U256::ZERO, call).await {
            Ok(_) => Ok(true),
            Err(OperatorError::Refused { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Whether evidence that was refused like this will never be taken.
fn is_over(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Hub(Hub::OffenceEpochOutOfRange(error)) => error.offenceEpoch < error.current,
        Refusal::Attestation(_) => true,
        _ => false,
    }
}

fn found(receipt: &TransactionReceipt, contract: Address) -> Option<IAttestation::Equivocation> {
    let mut logs = receipt.logs().iter();
    logs.find_map(|log| {
        let found = IAttestation::Equivocation::decode_log(&log.inner).ok()?;
        (log.address() == contract).then_some(found.data)
    })
}
