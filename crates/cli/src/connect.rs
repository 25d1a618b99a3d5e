//! A connection to a chain with Weir on it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use alloy::providers::{DynProvider, Provider, ProviderBuilder};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use alloy::transports::TransportError;
use weir_chain::{DevAccounts, TEST_MNEMONIC};
use weir_deployment::AddressBook;
use weir_deployment::revert::Refusal;

use crate::accounts;
use crate::explain::explain;
use crate::failure::{Code, Failure, Result};
use crate::site::{Dev, Site, default_path};

/// Where `weir up` listens unless told otherwise.
pub const DEFAULT_RPC: &str = "http://127.0.0.1:8545";
/// A node that takes longer to answer the first question is not there.
const FIRST_ANSWER: Duration = Duration::from_secs(10);

/// Which chain, and where its contracts are.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Chain")]
pub struct ChainArgs {
    /// RPC endpoint of the chain (http, https, ws or wss)
    #[arg(long, value_name = "URL", env = "WEIR_RPC", default_value = DEFAULT_RPC)]
    pub rpc: String,
    /// Address book of the deployment; the one that `weir up` wrote for this endpoint if left out
    #[arg(long, value_name = "FILE", env = "WEIR_BOOK")]
    pub book: Option<PathBuf>,
}

/// A chain with Weir on it.
#[derive(Debug, Clone)]
pub struct Client {
    /// The chain.
    pub provider: DynProvider,
    /// What stands where.
    pub book: AddressBook,
    /// The development accounts, if this is a chain of `weir up`.
    pub dev: Option<Dev>,
    dev_addresses: Vec<Address>,
}

/// A provider for an endpoint, and the id of its chain.
pub async fn connect(rpc: &str) -> Result<(DynProvider, u64)> {
    let unreachable = |why: String| {
        let failure =
            Failure::new(Code::NoChain, format!("cannot reach a chain at {rpc}")).because(why);
        let local = rpc == DEFAULT_RPC;
        failure.next(if local {
            "weir up, in another terminal; or --rpc URL"
        } else {
            "check --rpc (or WEIR_RPC): a URL such as http://127.0.0.1:8545 or wss://…"
        })
    };
    let builder = ProviderBuilder::new().disable_recommended_fillers();
    let provider = builder
        .connect(rpc)
        .await
        .map_err(|error| unreachable(root_cause(&error)))?
        .erased();
    let chain_id = tokio::time::timeout(FIRST_ANSWER, provider.get_chain_id());
    match chain_id.await {
        Ok(Ok(chain_id)) => Ok((provider, chain_id)),
        Ok(Err(error)) => Err(unreachable(root_cause(&error))),
        Err(_) => Err(unreachable(format!(
            "no answer within {} s",
            FIRST_ANSWER.as_secs()
        ))),
    }
}

/// The last reason in a chain of errors: "connection refused" rather than "error sending request".
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

impl Client {
    /// Connects, and checks that the contracts of the address book stand on this chain.
    ///
    /// # Errors
    /// The chain cannot be reached, there is no address book for it, or the book is of another chain.
    pub async fn open(args: &ChainArgs) -> Result<Self> {
        let (provider, chain_id) = connect(&args.rpc).await?;
        let path = args.book.clone().or_else(|| book_of(&args.rpc));
        let Some(path) = path.filter(|path| path.exists()) else {
            return Err(no_book(args));
        };
        let site = Site::read(&path)?;
        if site.book.chain_id != chain_id {
            let what = format!("the address book {} is not of this chain", path.display());
            return Err(Failure::new(Code::NoChain, what)
                .because(format!(
                    "it is of chain {}, and {} serves chain {chain_id}",
                    site.book.chain_id, args.rpc
                ))
                .next("--book FILE with the book of this chain, or another --rpc"));
        }
        let dev = match site.dev {
            Some(dev) => Some(dev),
            None => shared_accounts(&provider).await,
        };
        let client = Self::new(provider, site.book, dev);
        let vault = client.address("vault")?;
        let code = client
            .provider
            .get_code_at(vault)
            .await
            .map_err(|error| client.failure("reading the vault", &error))?;
        if code.is_empty() {
            return Err(
                Failure::new(Code::NoChain, format!("there is no vault at {vault}"))
                    .because(format!(
                        "the address book {} is of a chain that was reset since",
                        path.display()
                    ))
                    .next("weir up, or --book FILE with the book of this chain (weir deploy keeps it beside the plan)"),
            );
        }
        Ok(client)
    }

    /// A client of a chain whose book is known.
    pub fn new(provider: DynProvider, book: AddressBook, dev: Option<Dev>) -> Self {
        let dev_addresses = dev.as_ref().map(Dev::addresses).unwrap_or_default();
        Self {
            provider,
            book,
            dev,
            dev_addresses,
        }
    }

    /// Address of a contract of the protocol.
    pub fn address(&self, name: &str) -> Result<Address> {
        self.book
            .address(name)
            .map_err(|error| Failure::new(Code::NoChain, error))
    }

    /// The token of an asset by its symbol or address.
    ///
    /// # Errors
    /// The vault has no asset of this symbol.
    pub fn asset(&self, text: &str) -> Result<(String, Address)> {
        let by_address = text.parse::<Address>().ok();
        let found = self.book.assets.iter().find(|asset| {
            asset.symbol.eq_ignore_ascii_case(text) || by_address == Some(asset.token)
        });
        match found {
            Some(asset) => Ok((asset.symbol.clone(), asset.token)),
            // One that was listed after the deployment is in no address book.
            None if by_address.is_some() => {
                let token = by_address.unwrap_or_default();
                Ok((self.name_of(token), token))
            }
            None => {
                let known: Vec<&str> = self
                    .book
                    .assets
                    .iter()
                    .map(|asset| asset.symbol.as_str())
                    .collect();
                Err(Failure::usage(format!("the vault has no asset `{text}`"))
                    .next(format!("one of {}", known.join(", "))))
            }
        }
    }

    /// The development accounts, as the chain takes them.
    pub fn dev_accounts(&self) -> Option<DevAccounts> {
        self.dev.as_ref().map(Dev::accounts)
    }

    /// An account by address, or by the name of a development account.
    ///
    /// # Errors
    /// It is neither.
    pub fn account(&self, text: &str) -> Result<Address> {
        if let Ok(address) = text.parse() {
            return Ok(address);
        }
        let index =
            accounts::dev_index(text).and_then(|index| self.dev_addresses.get(index).copied());
        index.ok_or_else(|| {
            Failure::usage(format!("`{text}` is not an account"))
                .next("an address (0x and 40 hexadecimal digits), or on a chain of `weir up` a name such as alice")
        })
    }

    /// What people call an address: the name of a development account, a contract or an asset, else the address.
    pub fn name_of(&self, address: Address) -> String {
        if let Some(name) = accounts::dev_name(&self.dev_addresses, address) {
            return name.to_owned();
        }
        if let Some(asset) = self.book.assets.iter().find(|asset| asset.token == address) {
            return asset.symbol.clone();
        }
        let contract = self
            .book
            .contracts
            .iter()
            .find(|(_, contract)| contract.address == address);
        contract.map_or_else(
            || address.to_string(),
            |(name, _)| format!("the {name} contract"),
        )
    }

    /// [`name_of`](Self::name_of) as it stands in a table: `vault` rather than `the vault contract`, and operators by the names of the
    /// address book.
    pub fn label(&self, address: Address) -> String {
        let mut operators = self.book.operators.iter();
        let operator = operators.find(|(_, known)| **known == address);
        match (self.contract_name(address), operator) {
            (Some(name), _) | (None, Some((name, _))) => name.to_owned(),
            (None, None) => self.name_of(address),
        }
    }

    /// The name of a contract of the address book; none for assets and strangers.
    pub fn contract_name(&self, address: Address) -> Option<&String> {
        if self.book.assets.iter().any(|asset| asset.token == address) {
            return None;
        }
        let mut contracts = self.book.contracts.iter();
        let (name, _) = contracts.find(|(_, contract)| contract.address == address)?;
        Some(name)
    }

    /// Whoever is meant: an address, or the name of an account, a contract, an asset or an operator.
    ///
    /// # Errors
    /// Nobody is called so.
    pub fn party(&self, text: &str) -> Result<Address> {
        if let Some(contract) = self.book.contracts.get(text) {
            return Ok(contract.address);
        }
        if let Some(operator) = self.book.operators.get(text) {
            return Ok(*operator);
        }
        match self.book.asset(text) {
            Some(asset) => Ok(asset.token),
            None => self.account(text),
        }
    }

    /// A moment at which everything is read.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn now(&self) -> Result<Moment<'_>> {
        let block = self.provider.get_block(BlockId::latest()).await;
        let block = block.map_err(|error| self.failure("reading the latest block", &error))?;
        let header = block.map(|block| block.header).unwrap_or_default();
        Ok(Moment {
            client: self,
            number: header.number,
            time_s: header.timestamp,
        })
    }

    /// A failure of the chain or a contract, while doing something.
    pub fn failure(&self, doing: &str, error: &TransportError) -> Failure {
        match Refusal::of(error) {
            Some(refusal) => {
                let reason = explain(self, &refusal);
                let failure =
                    Failure::new(Code::Refused, format!("{doing} was refused")).because(reason.why);
                match reason.next {
                    Some(next) => failure.next(next),
                    None => failure,
                }
            }
            None if error.is_error_resp() => {
                let message = error
                    .as_error_resp()
                    .map(|payload| payload.message.to_string())
                    .unwrap_or_default();
                Failure::new(Code::Failed, format!("{doing} failed")).because(message)
            }
            None => {
                Failure::new(Code::NoChain, format!("{doing} failed")).because(root_cause(error))
            }
        }
    }
}

/// A block at which everything is read, so that what is read fits together.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The chain.
    pub client: &'a Client,
    /// Number of the block.
    pub number: u64,
    /// Its time, Unix seconds.
    pub time_s: u64,
}

/// How long a call may wait for its block, seconds.
const PATIENCE_S: u64 = 20 * 60;

impl Moment<'_> {
    /// Until when a call that is sent now may be mined, Unix seconds. The next block may be much later than this one where
    /// blocks are made on demand, so the machine's clock counts too.
    pub fn deadline(&self) -> U256 {
        let machine_s = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map(|now| now.as_secs())
            .unwrap_or_default();
        U256::from(self.time_s.max(machine_s).saturating_add(PATIENCE_S))
    }

    /// What a view answers.
    ///
    /// # Errors
    /// The contract refused, or the chain did not answer.
    pub async fn ask<C: SolCall>(&self, to: Address, call: C) -> Result<C::Return> {
        self.ask_for(C::SIGNATURE, to, call).await
    }

    /// What a view answers, for something that its refusal then names.
    ///
    /// # Errors
    /// The contract refused, or the chain did not answer.
    pub async fn ask_for<C: SolCall>(
        &self,
        doing: &str,
        to: Address,
        call: C,
    ) -> Result<C::Return> {
        self.try_ask(to, call)
            .await?
            .map_err(|error| self.client.failure(doing, &error))
    }

    /// What a view answers; none if the contract refuses.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn ask_maybe<C: SolCall>(&self, to: Address, call: C) -> Result<Option<C::Return>> {
        Ok(self.try_ask(to, call).await?.ok())
    }

    async fn try_ask<C: SolCall>(
        &self,
        to: Address,
        call: C,
    ) -> Result<std::result::Result<C::Return, TransportError>> {
        let request = TransactionRequest::default()
            .to(to)
            .input(call.abi_encode().into());
        let answer = match self
            .client
            .provider
            .call(request)
            .block(BlockId::number(self.number))
            .await
        {
            Ok(answer) => answer,
            Err(error) if error.is_error_resp() => return Ok(Err(error)),
            Err(error) => return Err(self.client.failure(C::SIGNATURE, &error)),
        };
        let decoded = C::abi_decode_returns(&answer);
        decoded.map(Ok).map_err(|error| {
            Failure::new(
                Code::NoChain,
                format!(
                    "{to} did not answer {} as its interface promises",
                    C::SIGNATURE
                ),
            )
            .because(error)
            .next("check that the address book is of this chain")
        })
    }

    /// ETH balance of an account, wei.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn eth_balance(&self, account: Address) -> Result<U256> {
        let balance = self
            .client
            .provider
            .get_balance(account)
            .block_id(BlockId::number(self.number))
            .await;
        balance.map_err(|error| self.client.failure("reading a balance", &error))
    }
}

/// The development accounts that all development chains share, if this chain says that it holds their keys.
async fn shared_accounts(provider: &DynProvider) -> Option<Dev> {
    let shared = Dev::Mnemonic(TEST_MNEMONIC.to_owned());
    let held = provider.get_accounts().await.ok()?;
    (!held.is_empty() && held.first() == shared.addresses().first()).then_some(shared)
}

/// The address book that `weir up` writes for an endpoint.
pub fn book_of(rpc: &str) -> Option<PathBuf> {
    let rest = rpc.split_once("://").map_or(rpc, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    let (host, port) = authority.rsplit_once(':')?;
    default_path(host, port.parse().ok()?)
}

fn no_book(args: &ChainArgs) -> Failure {
    match &args.book {
        Some(path) => Failure::new(
            Code::NoChain,
            format!("there is no address book {}", path.display()),
        )
        .next("--book FILE, as `weir up` and `weir deploy` write it"),
        None => Failure::new(
            Code::NoChain,
            format!("there is no address book for {}", args.rpc),
        )
        .because("it says where the contracts stand; `weir up` and `weir deploy` write it")
        .next("--book FILE; after `weir deploy --plan plan.toml` that is plan.book.json"),
    }
}
