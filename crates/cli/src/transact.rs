//! Tries a call, and sends it if that is what was asked for.

use std::time::Duration;

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::{SolCall, SolEvent};
use serde::Serialize;
use weir_deployment::tx;

use crate::accounts::SignerArgs;
use crate::amount::short;
use crate::connect::{ChainArgs, Client};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::{Shell, faint};
use crate::table::Sheet;

/// How long a sent transaction may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What every command that sends something takes.
#[derive(Debug, Clone, clap::Args)]
pub struct SendArgs {
    /// Show the call, its result and what would change, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub chain: ChainArgs,
    #[command(flatten)]
    pub signer: SignerArgs,
}

/// An account on a chain with Weir, ready to send.
#[derive(Debug)]
pub struct Caller {
    /// The chain.
    pub client: Client,
    /// How to speak.
    pub shell: Shell,
    signer: PrivateKeySigner,
    dry_run: bool,
}

/// A call in words.
#[derive(Debug, Clone, Serialize)]
pub struct CallText {
    /// Name of the contract.
    pub contract: String,
    /// Where it stands.
    pub address: Address,
    /// Signature of the function.
    pub function: &'static str,
    /// Arguments as people read them.
    pub arguments: Vec<(&'static str, String)>,
    /// ETH sent along, wei.
    pub value: Wei,
    /// Calldata.
    pub data: Bytes,
}

/// A call to send.
#[derive(Debug, Clone)]
pub struct Call<C> {
    to: Address,
    call: C,
    value: U256,
    arguments: Vec<(&'static str, String)>,
}

/// Something that a call changes.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// What.
    pub what: String,
    /// As it is, wei.
    pub before: Wei,
    /// As it would be, wei.
    pub after: Wei,
}

impl Change {
    /// A thing that grows.
    pub fn up(what: impl Into<String>, before: U256, by: U256) -> Self {
        Self {
            what: what.into(),
            before: Wei(before),
            after: Wei(before.saturating_add(by)),
        }
    }

    /// A thing that shrinks.
    pub fn down(what: impl Into<String>, before: U256, by: U256) -> Self {
        Self {
            what: what.into(),
            before: Wei(before),
            after: Wei(before.saturating_sub(by)),
        }
    }
}

/// What a dry run prints.
#[derive(Debug, Serialize)]
struct Trial<'a, T> {
    dry_run: bool,
    from: Address,
    calls: &'a [CallText],
    result: &'a T,
    changes: &'a [Change],
}

/// A transaction that was mined, as results tell it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Mined {
    /// Its hash.
    pub tx: B256,
    /// Its block.
    pub block: u64,
    /// Gas it used.
    pub gas_used: u64,
}

impl Mined {
    fn of(receipt: &TransactionReceipt) -> Self {
        Self {
            tx: receipt.transaction_hash,
            block: receipt.block_number.unwrap_or_default(),
            gas_used: receipt.gas_used,
        }
    }

    /// A faint line below a result.
    pub fn line(&self) -> String {
        let gas = weir_deployment::amount::group_thousands(&self.gas_used.to_string());
        faint(format!("  block {}, {gas} gas, {}", self.block, self.tx)) + "\n"
    }
}

impl<C: SolCall> Call<C> {
    /// A call of a contract.
    pub fn new(to: Address, call: C) -> Self {
        Self {
            to,
            call,
            value: U256::ZERO,
            arguments: Vec::new(),
        }
    }

    /// Names an argument, for people.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.arguments.push((name, value.to_string()));
        self
    }

    /// Sends ETH along, wei.
    #[must_use]
    pub const fn value(mut self, value: U256) -> Self {
        self.value = value;
        self
    }

    /// The same call of another function.
    pub fn map<D: SolCall>(self, function: impl FnOnce(C) -> D) -> Call<D> {
        Call {
            to: self.to,
            call: function(self.call),
            value: self.value,
            arguments: self.arguments,
        }
    }

    fn request(&self, from: Address) -> TransactionRequest {
        let data = self.call.abi_encode();
        TransactionRequest::default()
            .from(from)
            .to(self.to)
            .value(self.value)
            .input(data.into())
    }

    /// The call in words.
    pub fn text(&self, client: &Client) -> CallText {
        let name = client.name_of(self.to);
        let contract = name
            .strip_prefix("the ")
            .and_then(|name| name.strip_suffix(" contract"));
        CallText {
            contract: contract.unwrap_or(&name).to_owned(),
            address: self.to,
            function: C::SIGNATURE,
            arguments: self.arguments.clone(),
            value: Wei(self.value),
            data: self.call.abi_encode().into(),
        }
    }
}

impl Caller {
    /// Connects, and takes the key.
    ///
    /// # Errors
    /// The chain is not there, or no key is given.
    pub async fn open(args: &SendArgs, shell: Shell) -> Result<Self> {
        let client = Client::open(&args.chain).await?;
        let signer = args.signer.signer(client.dev_accounts().as_ref())?;
        Ok(Self {
            client,
            shell,
            signer,
            dry_run: args.dry_run,
        })
    }

    /// A caller whose key is known, for what the command itself runs.
    pub const fn with(client: Client, shell: Shell, signer: PrivateKeySigner) -> Self {
        Self {
            client,
            shell,
            signer,
            dry_run: false,
        }
    }

    /// The account.
    pub const fn address(&self) -> Address {
        self.signer.address()
    }

    /// Its key.
    pub const fn signer(&self) -> &PrivateKeySigner {
        &self.signer
    }

    /// What people call the account.
    pub fn name(&self) -> String {
        self.client.name_of(self.address())
    }

    /// Whether nothing is to be sent.
    pub const fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// What a call would answer.
    ///
    /// # Errors
    /// The contract refuses it, which `doing` names, or the chain did not answer.
    pub async fn simulate<C: SolCall>(&self, doing: &str, call: &Call<C>) -> Result<C::Return> {
        let answer = self
            .client
            .provider
            .call(call.request(self.address()))
            .await;
        let answer = answer.map_err(|error| self.client.failure(doing, &error))?;
        C::abi_decode_returns(&answer).map_err(|error| {
            Failure::new(
                Code::NoChain,
                format!("{doing}: the contract did not answer as its interface promises"),
            )
            .because(error)
        })
    }

    /// Sends a call and waits until it is mined.
    ///
    /// # Errors
    /// The contract refuses it, which `doing` names; or it was not mined in time.
    pub async fn send<C: SolCall>(
        &self,
        doing: &str,
        call: &Call<C>,
    ) -> Result<TransactionReceipt> {
        let provider = &self.client.provider;
        let refused = |error| self.client.failure(doing, &error);
        let failed = |error: weir_deployment::DeployError| {
            Failure::new(Code::Failed, format!("{doing} failed")).because(error)
        };
        let request = call.request(self.address());
        let gas = tx::gas_limit(provider, request.clone())
            .await
            .map_err(refused)?;
        let nonce = provider
            .get_transaction_count(self.address())
            .pending()
            .await
            .map_err(refused)?;
        let signed = tx::sign(provider, &self.signer, request, nonce, gas)
            .await
            .map_err(failed)?;
        let sent = provider.send_raw_transaction(&signed.raw).await.map(drop);
        sent.map_err(refused)?;
        let receipt = tx::wait(provider, &[signed.hash], PATIENCE)
            .await
            .map_err(refused)?;
        let Some(receipt) = receipt else {
            return Err(Failure::new(
                Code::Failed,
                format!(
                    "{doing}: the transaction was not mined within {} s",
                    PATIENCE.as_secs()
                ),
            )
            .next(format!("cast receipt {}", signed.hash)));
        };
        if receipt.status() {
            return Ok(receipt);
        }
        Err(
            Failure::new(Code::Refused, format!("{doing} was mined and reverted"))
                .because("the state moved between the trial and the block")
                .next(format!(
                    "run the command again; cast run {} shows what happened",
                    signed.hash
                )),
        )
    }

    /// The facts of a mined transaction.
    pub fn mined(&self, receipt: &TransactionReceipt) -> Mined {
        Mined::of(receipt)
    }

    /// Prints what a dry run found.
    ///
    /// # Errors
    /// stdout cannot be written.
    pub fn show_trial<T: Serialize>(
        &self,
        calls: &[CallText],
        result: &T,
        sentence: &str,
        changes: &[Change],
    ) -> Result {
        let trial = Trial {
            dry_run: true,
            from: self.address(),
            calls,
            result,
            changes,
        };
        self.shell.result(&trial, |_| {
            let mut text = faint("dry run: nothing was sent") + "\n\n";
            for call in calls {
                let arguments: Vec<String> = call
                    .arguments
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect();
                let function = call.function.split('(').next().unwrap_or_default();
                text += &format!("  {}.{function}({})\n", call.contract, arguments.join(", "));
                if !call.value.0.is_zero() {
                    text += &format!("  with {} ETH\n", short(call.value.0));
                }
            }
            text += &format!("\n{}\n", sentence.trim_end());
            if !changes.is_empty() {
                let mut sheet = Sheet::new(1, &["", "now", "then"]);
                for change in changes {
                    sheet.row([
                        change.what.clone(),
                        short(change.before.0),
                        short(change.after.0),
                    ]);
                }
                text += "\n";
                text += &sheet.text();
            }
            text
        })
    }
}

/// The first event of this kind that a contract emitted in a transaction.
pub fn event<E: SolEvent>(receipt: &TransactionReceipt, contract: Address) -> Option<E> {
    let logs = receipt
        .logs()
        .iter()
        .filter(|log| log.address() == contract);
    logs.filter_map(|log| E::decode_log(&log.inner).ok())
        .next()
        .map(|log| log.data)
}
