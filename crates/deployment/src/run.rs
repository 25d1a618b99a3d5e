//! Runs a plan on a chain, step by step, from wherever an earlier run stopped.
//!
//! For each step the chain is asked whether it is done already; if not it is sent, and the chain asked again. A
//! transaction is signed here, and its nonce and hash go into the address book before it is sent. Whoever continues
//! after a failure finds them there: the transaction was mined, or waits, or was lost and is sent again with the same
//! nonce, of which the chain takes at most one.

use std::collections::HashMap;
use std::time::Duration;

use alloy::eips::BlockId;
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::{DynProvider, Provider};
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::transports::TransportResult;

use crate::book::{
    AddressBook, Asset, BookError, BookStore, Contract, Pending, PendingTx, StepRecord,
};
use crate::error::{DeployError, failed};
use crate::plan::Plan;
use crate::steps::{self, Context, Fact, Step};
use crate::{arb_wasm, cost, revert, tx};

/// How long a sent transaction may take until the run gives up (the next one waits on).
const PATIENCE: Duration = Duration::from_secs(180);

/// Keys that a run may sign with, by account.
#[derive(Debug, Clone)]
pub struct Signers {
    deployer: Address,
    keys: HashMap<Address, PrivateKeySigner>,
}

impl Signers {
    /// The deployer's key alone.
    pub fn new(deployer: PrivateKeySigner) -> Self {
        let address = deployer.address();
        Self {
            deployer: address,
            keys: HashMap::from([(address, deployer)]),
        }
    }

    /// Adds the key of an operator, the governor or the curator.
    #[must_use]
    pub fn with(mut self, key: PrivateKeySigner) -> Self {
        self.keys.insert(key.address(), key);
        self
    }

    /// Whether the key of this account is here.
    pub fn has(&self, account: Address) -> bool {
        self.keys.contains_key(&account)
    }

    /// The account that creates the contracts.
    pub const fn deployer(&self) -> Address {
        self.deployer
    }
}

/// What happens during a run, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A step begins.
    Begin {
        /// Its place, from 1.
        number: usize,
        /// How many there are.
        count: usize,
        /// Its name.
        step: String,
    },
    /// The step was sent and is done.
    Sent {
        /// Its transaction.
        tx: B256,
        /// Gas it used.
        gas_used: u64,
        /// Where the contract stands that it created.
        created: Option<Address>,
    },
    /// The chain was already as the step wants it.
    AlreadyDone,
    /// An account must send the step whose key is not here.
    Waiting {
        /// That account.
        sender: Address,
    },
}

/// A step that an account must send whose key is not here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Outstanding {
    /// Its name.
    pub step: String,
    /// Who must send it.
    pub sender: Address,
    /// The contract to call.
    pub to: Address,
    /// Calldata.
    pub data: Bytes,
}

/// How a run ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// Steps that others must send; run the plan again once they have.
    pub outstanding: Vec<Outstanding>,
}

/// A plan, a chain to run it on, keys and an address book.
#[derive(Debug)]
pub struct Deployment {
    pub(crate) provider: DynProvider,
    pub(crate) plan: Plan,
    pub(crate) signers: Signers,
    store: BookStore,
    pub(crate) book: AddressBook,
    trials: bool,
}

impl Deployment {
    /// Checks the plan, the chain and the book against each other. Sends nothing.
    ///
    /// # Errors
    /// The plan is wrong; the chain is another one or has no Stylus; the book is of another chain, plan or deployer.
    pub async fn open(
        provider: DynProvider,
        plan: Plan,
        signers: Signers,
        store: BookStore,
    ) -> Result<Self, DeployError> {
        plan.check()?;
        let chain = provider
            .get_chain_id()
            .await
            .map_err(failed("read the chain id"))?;
        if let Some(wanted) = plan.chain_id.filter(|wanted| *wanted != chain) {
            return Err(DeployError::OtherChain {
                plan: wanted,
                chain,
            });
        }
        if arb_wasm::stylus_version(&provider)
            .await
            .map_err(failed("ask for ArbWasm"))?
            .is_none()
        {
            return Err(DeployError::NotStylus { chain });
        }
        let book = match store.load()? {
            Some(book) => check_book(&provider, chain, &plan, signers.deployer, book).await?,
            None => {
                let latest = provider.get_block(BlockId::latest()).await;
                let latest = latest.map_err(failed("read the latest block"))?;
                let now_s = latest
                    .map(|block| block.header.timestamp)
                    .unwrap_or_default();
                AddressBook::new(chain, plan.hash(), signers.deployer, now_s)
            }
        };
        Ok(Self {
            provider,
            plan,
            signers,
            store,
            book,
            trials: true,
        })
    }

    /// Sends every step with more than enough gas and data fee, without trying it first: a third of the time, for a chain
    /// in this process whose ether is worth nothing. A step that reverts is then told without its reason.
    #[must_use]
    pub const fn without_trials(mut self) -> Self {
        self.trials = false;
        self
    }

    /// Steps in order, with whether the book has them as done.
    pub fn steps(&self) -> Vec<(String, bool)> {
        let done = |id: &String| self.book.steps.iter().any(|record| &record.step == id);
        let ids = steps::steps(&self.plan)
            .into_iter()
            .map(|step| step.id(&self.plan));
        ids.map(|id| (id.clone(), done(&id))).collect()
    }

    /// What stands where so far.
    pub const fn book(&self) -> &AddressBook {
        &self.book
    }

    pub(crate) const fn context(&self) -> Context<'_> {
        Context {
            provider: &self.provider,
            plan: &self.plan,
            book: &self.book,
        }
    }

    /// Sends what is not done yet, and reads back what each step promises.
    ///
    /// # Errors
    /// Whatever stopped it. What was done until then is in the book, and another run continues there.
    pub async fn run(
        &mut self,
        mut progress: impl FnMut(Progress),
    ) -> Result<Outcome, DeployError> {
        let steps = steps::steps(&self.plan);
        self.settle_pending().await?;
        let mut outstanding = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let id = step.id(&self.plan);
            progress(Progress::Begin {
                number: index + 1,
                count: steps.len(),
                step: id.clone(),
            });
            self.find(step).await?;
            if self.broken_fact(step).await?.is_none() {
                self.record(&id, None)?;
                progress(Progress::AlreadyDone);
                continue;
            }
            let sender = step.sender(&self.plan, self.signers.deployer);
            let Some(key) = self.signers.keys.get(&sender).cloned() else {
                outstanding.push(self.outstanding(step, &id, sender)?);
                progress(Progress::Waiting { sender });
                continue;
            };
            let receipt = self.send(step, &id, &key).await?;
            self.find(step).await?;
            if let Some(fact) = self.broken_fact(step).await? {
                return Err(DeployError::NoEffect {
                    step: id,
                    fact: Box::new(fact),
                });
            }
            self.record(&id, Some(&receipt))?;
            progress(Progress::Sent {
                tx: receipt.transaction_hash,
                gas_used: receipt.gas_used,
                created: receipt.contract_address,
            });
        }
        if outstanding.is_empty() && !self.book.complete {
            self.book.complete = true;
            self.store.save(&self.book)?;
        }
        Ok(Outcome { outstanding })
    }

    async fn broken_fact(&self, step: &Step) -> Result<Option<Fact>, DeployError> {
        Ok(step
            .facts(&self.context())
            .await?
            .into_iter()
            .find(|fact| !fact.holds()))
    }

    /// Brings names that the chain gives out (a service's id) into the book.
    async fn find(&mut self, step: &Step) -> Result<(), DeployError> {
        match step {
            Step::RegisterService(i) => {
                if let Some(id) = steps::find_service(&self.context(), *i).await? {
                    self.book
                        .services
                        .insert(self.plan.services[*i].name.clone(), id);
                }
            }
            Step::RegisterOperator(i) => {
                let operator = &self.plan.operators[*i];
                let account = operator.account.resolve(self.signers.deployer);
                self.book.operators.insert(operator.name.clone(), account);
            }
            Step::ListAsset(i) => {
                let asset = &self.plan.assets[*i];
                if self.book.asset(&asset.symbol).is_none() {
                    let token = steps::contract_address(&self.context(), &asset.token)?;
                    self.book.assets.push(Asset {
                        symbol: asset.symbol.clone(),
                        token,
                    });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn record(
        &mut self,
        id: &str,
        receipt: Option<&TransactionReceipt>,
    ) -> Result<(), DeployError> {
        if self.book.steps.iter().all(|record| record.step != id) {
            self.book.steps.push(StepRecord {
                step: id.to_owned(),
                tx: receipt.map(|receipt| receipt.transaction_hash),
                block: receipt.and_then(|receipt| receipt.block_number),
                gas_used: receipt.map(|receipt| receipt.gas_used),
            });
        }
        Ok(self.store.save(&self.book)?)
    }

    fn outstanding(
        &self,
        step: &Step,
        id: &str,
        sender: Address,
    ) -> Result<Outstanding, DeployError> {
        let call = step.call(&self.context(), U256::ZERO)?;
        Ok(Outstanding {
            step: id.to_owned(),
            sender,
            to: call.to.unwrap_or_default(),
            data: call.data,
        })
    }

    /// Sends a step and waits for it.
    async fn send(
        &mut self,
        step: &Step,
        id: &str,
        key: &PrivateKeySigner,
    ) -> Result<TransactionReceipt, DeployError> {
        let from = key.address();
        let (request, gas) = if self.trials {
            self.tried(step, id, from).await?
        } else {
            let data_fee_wei = match step {
                Step::Activate(_) => U256::from(cost::DATA_FEE_GUESS_WEI),
                _ => U256::ZERO,
            };
            let request = step.call(&self.context(), data_fee_wei)?.request(from);
            (request, cost::ACTIVATION_GAS_BOUND)
        };
        let nonce = match &self.book.pending {
            Some(lost) if lost.from == from => lost.nonce,
            _ => {
                let count = self.provider.get_transaction_count(from).pending().await;
                count.map_err(failed(format!("read the nonce of {from}")))?
            }
        };
        let signed = tx::sign(&self.provider, key, request, nonce, gas).await?;
        self.remember(id, from, nonce, signed.hash)?;
        let sent = self
            .provider
            .send_raw_transaction(&signed.raw)
            .await
            .map(drop);
        self.settle_sent(id, signed.hash, sent).await
    }

    /// The transaction of a step with the data fee and the gas that trials found.
    async fn tried(
        &self,
        step: &Step,
        id: &str,
        from: Address,
    ) -> Result<(TransactionRequest, u64), DeployError> {
        let data_fee_wei = match step {
            Step::Activate(name) => cost::data_fee_to_send(&self.context(), name).await?,
            _ => U256::ZERO,
        };
        let request = step.call(&self.context(), data_fee_wei)?.request(from);
        match tx::gas_limit(&self.provider, request.clone()).await {
            Ok(gas) => Ok((request, gas)),
            Err(error) if error.is_error_resp() => Err(DeployError::Refused {
                step: id.to_owned(),
                reason: revert::reason(&error),
            }),
            Err(error) => Err(failed(format!("estimate the gas of `{id}`"))(error)),
        }
    }

    /// Writes a signed transaction into the book, before it is sent.
    fn remember(
        &mut self,
        step: &str,
        from: Address,
        nonce: u64,
        hash: B256,
    ) -> Result<(), DeployError> {
        let mut txs = match self.book.pending.take() {
            Some(lost) if lost.from == from && lost.nonce == nonce => lost.txs,
            _ => Vec::new(),
        };
        txs.push(PendingTx {
            step: step.to_owned(),
            hash,
        });
        self.book.pending = Some(Pending { from, nonce, txs });
        Ok(self.store.save(&self.book)?)
    }

    /// Follows what was just sent until it is mined.
    async fn settle_sent(
        &mut self,
        id: &str,
        hash: B256,
        sent: TransportResult<()>,
    ) -> Result<TransactionReceipt, DeployError> {
        if let Err(error) = sent {
            // The endpoint may have taken it all the same ("already known"); if not, the next run sends it again.
            let known = self.provider.get_transaction_by_hash(hash).await;
            if !matches!(known, Ok(Some(_))) {
                return Err(failed(format!("send `{id}`"))(error));
            }
        }
        let Some(receipt) = self.wait_pending(PATIENCE).await? else {
            return Err(DeployError::NotMined {
                step: id.to_owned(),
                tx: hash,
                waited_s: PATIENCE.as_secs(),
            });
        };
        if receipt.status() {
            return Ok(receipt);
        }
        let reason = format!(
            "it used {} gas; see `cast run {}`",
            receipt.gas_used, receipt.transaction_hash
        );
        Err(DeployError::Reverted {
            step: id.to_owned(),
            tx: receipt.transaction_hash,
            reason,
        })
    }

    /// Waits for the pending transaction, and takes what it did into the book.
    async fn wait_pending(
        &mut self,
        patience: Duration,
    ) -> Result<Option<TransactionReceipt>, DeployError> {
        let Some(pending) = self.book.pending.clone() else {
            return Ok(None);
        };
        let hashes: Vec<B256> = pending.txs.iter().map(|tx| tx.hash).collect();
        let receipt = tx::wait(&self.provider, &hashes, patience)
            .await
            .map_err(failed("read a receipt"))?;
        let Some(receipt) = receipt else {
            return Ok(None);
        };
        self.book.pending = None;
        let mined = pending
            .txs
            .iter()
            .find(|tx| tx.hash == receipt.transaction_hash);
        if let (Some(tx), true) = (mined, receipt.status()) {
            if let Some(name) = steps::created_by(&tx.step) {
                let code_hash = steps::artifact(&self.plan, name)?.codehash();
                let address = pending.from.create(pending.nonce);
                self.book
                    .contracts
                    .insert(name.to_owned(), Contract { address, code_hash });
            }
            let step = tx.step.clone();
            self.record(&step, Some(&receipt))?;
        } else {
            self.store.save(&self.book)?;
        }
        Ok(Some(receipt))
    }

    /// Finds out what became of a transaction that an earlier run sent, or tried to.
    async fn settle_pending(&mut self) -> Result<(), DeployError> {
        let Some(pending) = self.book.pending.clone() else {
            return Ok(());
        };
        if self.wait_pending(Duration::ZERO).await?.is_some() {
            return Ok(());
        }
        for tx in &pending.txs {
            let known = self
                .provider
                .get_transaction_by_hash(tx.hash)
                .await
                .map_err(failed("look for a transaction"))?;
            if known.is_some() {
                return match self.wait_pending(PATIENCE).await? {
                    Some(_) => Ok(()),
                    None => {
                        let (step, tx) = (tx.step.clone(), tx.hash);
                        Err(DeployError::NotMined {
                            step,
                            tx,
                            waited_s: PATIENCE.as_secs(),
                        })
                    }
                };
            }
        }
        let count = self.provider.get_transaction_count(pending.from).await;
        let mined_nonces = count.map_err(failed(format!("read the nonce of {}", pending.from)))?;
        if mined_nonces > pending.nonce && self.wait_pending(Duration::ZERO).await?.is_none() {
            // Another transaction of the account took the nonce: what was pending can never be mined.
            self.book.pending = None;
            self.store.save(&self.book)?;
        }
        // Otherwise it was lost. It stays in the book, so that its step is sent again with its nonce.
        Ok(())
    }
}

/// Refuses a book that is not of this chain, plan, deployer and code.
async fn check_book(
    provider: &DynProvider,
    chain: u64,
    plan: &Plan,
    deployer: Address,
    book: AddressBook,
) -> Result<AddressBook, DeployError> {
    if book.chain_id != chain {
        return Err(BookError::OtherChain {
            book: book.chain_id,
            chain,
        }
        .into());
    }
    if book.plan_hash != plan.hash() {
        return Err(BookError::OtherPlan {
            book: book.plan_hash,
            plan: plan.hash(),
        }
        .into());
    }
    if book.deployer != deployer {
        return Err(BookError::OtherDeployer {
            book: book.deployer,
            signer: deployer,
        }
        .into());
    }
    if let Some(name) = book.other_code() {
        return Err(BookError::OtherCode(name.to_owned()).into());
    }
    for (name, contract) in &book.contracts {
        let code = provider
            .get_code_at(contract.address)
            .await
            .map_err(failed("read the code of a contract"))?;
        if code.is_empty() {
            return Err(BookError::Vanished {
                name: name.clone(),
                address: contract.address,
            }
            .into());
        }
    }
    Ok(book)
}
