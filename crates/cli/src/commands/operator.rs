//! `weir operator`: who runs the work of services, and what is at stake for it.

use alloy::primitives::{Address, B256};
use clap::Subcommand;
use serde::Serialize;
use weir_abi::{IAllocator, IHub};

use crate::accounts::dev_index;
use crate::amount::Amount;
use crate::commands::cover::{BondReport, bonds};
use crate::commands::{custody, daemon, slash};
use crate::connect::{ChainArgs, Client, Moment};
use crate::explain::share;
use crate::failure::{Failure, Result};
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::seen_from;
use crate::transact::{Call, Caller, Mined, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
An operator registers the key that it signs its work with, and takes part in services by agreeing to the hash of their \
terms. The curator of a vault then allocates stake to it, which the service may slash.

Examples, on a chain of `weir up`:
  weir operator register --from dave
  weir operator opt-in attestation --from dave
  weir operator status dave
  weir operator run --from operator")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Register the account as an operator, or change its key
    #[command(after_help = "\
Examples:
  weir operator register --from dave
  weir operator register --signer erin --from dave")]
    Register {
        /// Name or address of the key that signs its work; the account itself if left out
        #[arg(long, value_name = "ACCOUNT")]
        signer: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Take part in a service under its terms
    #[command(after_help = "\
Examples:
  weir operator opt-in attestation --from dave
  weir operator opt-in 1 --from dave --dry-run   what would be sent")]
    OptIn {
        /// Number or name of the service
        service: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Do the work of the services that the operator takes part in, until Ctrl-C
    #[command(after_help = daemon::OPERATOR_HELP)]
    Run(Box<daemon::OperatorArgs>),
    /// Promise to hold a file, for a custody service
    #[command(after_help = custody::HOLD_HELP)]
    Hold(Box<custody::HoldArgs>),
    /// Add shares to the bond of an operator, which bears its slashes first: anyone
    #[command(after_help = "\
Examples:
  weir operator bond 2 --operator north --from alice
  weir operator bond all --from operator --dry-run")]
    Bond {
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        /// Name or address of the operator; the sender if left out
        #[arg(long)]
        operator: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Give notice of shares of the bond, instead of an earlier notice; they leave as stake does
    #[command(after_help = "\
Examples:
  weir operator unbond 1 --from operator
  weir operator unbond 0 --from operator   takes a notice back")]
    Unbond {
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Get what has matured of a notice of the bond: anyone, for the operator
    #[command(after_help = "\
Examples:
  weir operator collect --from operator
  weir operator collect --operator north --from bob")]
    Collect {
        /// Name or address of the operator; the sender if left out
        #[arg(long)]
        operator: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Show an operator: its key, its services, and what is at stake
    #[command(after_help = "\
Examples:
  weir operator status
  weir operator status dave")]
    Status {
        /// Name or address of the operator; the first of the address book if left out
        operator: Option<String>,
        #[command(flatten)]
        chain: ChainArgs,
    },
}

#[derive(Debug, Serialize)]
struct Registered {
    operator: Address,
    old_signer: Address,
    signer: Address,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct OptedIn {
    operator: Address,
    service: u32,
    terms_hash: B256,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// An operator at one block.
#[derive(Debug, Serialize)]
struct Status {
    operator: Address,
    /// Zero if it is not registered.
    signer: Address,
    bond: BondReport,
    /// Those that it takes part in, or where something is at stake.
    services: Vec<Stake>,
}

/// What an operator has at stake in a service, parts of 1e18.
#[derive(Debug, Serialize)]
struct Stake {
    service: u32,
    name: Option<String>,
    takes_part: bool,
    vault_takes_part: bool,
    magnitude_wad: u64,
    pending_wad: u64,
    pending_at_s: u64,
    slashable_wad: u64,
    frozen_wad: u64,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Register { signer, send } => register(signer.as_deref(), &send, shell).await,
        Action::OptIn { service, send } => opt_in(&service, &send, shell).await,
        Action::Bond {
            shares,
            operator,
            send,
        } => bonds::bond(shares, operator.as_deref(), &send, shell).await,
        Action::Unbond { shares, send } => bonds::unbond(shares, &send, shell).await,
        Action::Collect { operator, send } => {
            bonds::collect(operator.as_deref(), &send, shell).await
        }
        Action::Run(args) => daemon::operate(&args, shell).await,
        Action::Hold(args) => custody::hold(&args, shell).await,
        Action::Status { operator, chain } => status(operator.as_deref(), &chain, shell).await,
    }
}

async fn register(signer: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (hub, operator) = (client.address("hub")?, caller.address());
    let signer = match signer {
        Some(text) => client.account(text)?,
        None => operator,
    };
    let now = client.now().await?;
    let old_signer = now.ask(hub, IHub::signerCall { operator }).await?;
    let call =
        Call::new(hub, IHub::registerOperatorCall { signer }).arg("signer", client.name_of(signer));
    let doing = "registering the operator";
    caller.simulate(doing, &call).await?;
    let mut outcome = Registered {
        operator,
        old_signer,
        signer,
        mined: None,
    };
    let (name, key) = (client.name_of(operator), client.name_of(signer));
    if caller.is_dry_run() {
        let sentence = format!("  {name} would sign with the key of {key}");
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let mined = caller.mined(&caller.send(doing, &call).await?);
    outcome.mined = Some(mined);
    shell.result(&outcome, |_| {
        let line = mined.line();
        format!("{name} is an operator that signs with the key of {key}\n{line}")
    })
}

async fn opt_in(service: &str, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (hub, operator) = (client.address("hub")?, caller.address());
    let service = slash::service(client, service)?;
    let now = client.now().await?;
    let doing = format!("opting in to service {service}");
    let terms = now
        .ask_for(&doing, hub, IHub::termsCall { service })
        .await?;
    let terms_hash = now.ask(hub, IHub::termsHashCall { service }).await?;
    let call = IHub::optInOperatorCall {
        service,
        termsHash: terms_hash,
    };
    let call = Call::new(hub, call)
        .arg("service", service)
        .arg("termsHash", terms_hash);
    caller.simulate(&doing, &call).await?;
    let mut outcome = OptedIn {
        operator,
        service,
        terms_hash,
        mined: None,
    };
    let name = client.name_of(operator);
    let harm = format!("up to {} of its stake for an epoch", share(terms.maxWad));
    if caller.is_dry_run() {
        let sentence = format!("  {name} would agree that service {service} may slash {harm}");
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let mined = caller.mined(&caller.send(&doing, &call).await?);
    outcome.mined = Some(mined);
    shell.result(&outcome, |_| {
        let line = mined.line();
        format!("{name} takes part in service {service}, which may slash {harm}\n{line}")
    })
}

async fn status(operator: Option<&str>, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let operator = named(&client, operator)?;
    let now = client.now().await?;
    let hub = client.address("hub")?;
    let count = now.ask(hub, IHub::serviceCountCall {}).await?;
    let mut status = Status {
        operator,
        signer: now.ask(hub, IHub::signerCall { operator }).await?,
        bond: BondReport::read(&now, operator).await?,
        services: Vec::new(),
    };
    for service in 1..=count {
        let stake = Stake::read(&now, service, operator).await?;
        if stake.takes_part || stake.slashable_wad > 0 || stake.pending_wad > 0 {
            status.services.push(stake);
        }
    }
    shell.result(&status, |status| text(&client, now.time_s, status))
}

impl Stake {
    async fn read(now: &Moment<'_>, service: u32, operator: Address) -> Result<Self> {
        let client = now.client;
        let (hub, vault) = (client.address("hub")?, client.address("vault")?);
        let allocator = client.address("allocator")?;
        let call = IAllocator::allocationCall { service, operator };
        let allocation = now.ask(allocator, call).await?;
        let call = IHub::isOperatorInCall { operator, service };
        let takes_part = now.ask(hub, call).await?;
        let call = IHub::isVaultInCall { vault, service };
        Ok(Self {
            service,
            name: slash::service_name(client, service).map(str::to_owned),
            takes_part,
            vault_takes_part: now.ask(hub, call).await?,
            magnitude_wad: allocation.current,
            pending_wad: allocation.pending,
            pending_at_s: allocation.effectiveAt,
            slashable_wad: allocation.slashable,
            frozen_wad: allocation.frozen,
        })
    }
}

fn text(client: &Client, now_s: u64, status: &Status) -> String {
    let name = client.name_of(status.operator);
    if status.signer.is_zero() {
        return format!("{name} is not registered as an operator\n");
    }
    let key = client.name_of(status.signer);
    let mut text = format!(
        "{} signs with the key of {key}\n  its bond is {}\n\n",
        bold(&name),
        status.bond.sentence(now_s)
    );
    if status.services.is_empty() {
        return text + "  it takes part in no service\n";
    }
    let mut sheet = Sheet::new(
        2,
        &["service", "takes part", "stake", "slashable", "contested"],
    );
    for row in &status.services {
        let service = match &row.name {
            Some(name) => format!("{} {name}", row.service),
            None => row.service.to_string(),
        };
        let takes_part = match (row.takes_part, row.vault_takes_part) {
            (true, true) => "yes",
            (true, false) => "yes, the vault does not",
            (false, _) => "no",
        };
        sheet.row([
            service,
            takes_part.to_owned(),
            share(row.magnitude_wad),
            share(row.slashable_wad),
            share(row.frozen_wad),
        ]);
    }
    text += &sheet.text();
    for row in status.services.iter().filter(|row| row.pending_at_s > 0) {
        text += &format!(
            "  service {}: {} from {}\n",
            row.service,
            share(row.pending_wad),
            seen_from(now_s, row.pending_at_s)
        );
    }
    text
}

/// An operator, by name in the address book, name of a development account, or address; the first of the book if none is
/// named.
pub fn named(client: &Client, text: Option<&str>) -> Result<Address> {
    let Some(text) = text else {
        let first = client.book.operators.values().next();
        return first
            .copied()
            .ok_or_else(|| Failure::usage("the address book has no operator").next("name one"));
    };
    if let Some(address) = client.book.operators.get(text) {
        return Ok(*address);
    }
    if text.parse::<Address>().is_ok() || dev_index(text).is_some() {
        return client.account(text);
    }
    let known: Vec<&str> = client.book.operators.keys().map(String::as_str).collect();
    Err(Failure::usage(format!("there is no operator `{text}`"))
        .next(format!("an address, or one of {}", known.join(", "))))
}
