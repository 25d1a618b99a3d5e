//! `weir service`: what operators do, and under which terms it may be slashed.

use std::time::Duration;

use alloy::primitives::{Address, B256, address};
use clap::Subcommand;
use serde::Serialize;
use weir_abi::{ICover, IHub};

use crate::amount::{Amount, short};
use crate::commands::cover::stakes;
use crate::commands::slash::{self, percent_to_wad};
use crate::commands::{custody, daemon};
use crate::connect::{ChainArgs, Client, Moment};
use crate::explain::share;
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::{seen_from, span};
use crate::transact::{Call, Caller, Mined, SendArgs, event};

/// Where slashed assets go that nobody is to have.
const BURN: Address = address!("000000000000000000000000000000000000dEaD");

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A service is registered under terms that never change: who may slash, who may veto, for how long, and how much. Vaults and \
operators agree to their hash.

Examples, on a chain of `weir up`:
  weir service list
  weir service show attestation
  weir service watch --from dave
  weir service register --slasher dave --resolver erin --max-slash 20 --from dave")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Register a service under terms that never change
    #[command(after_help = "\
Examples:
  weir service register --resolver erin --max-slash 20 --from dave
  weir service register --resolver erin --max-slash 5 --window 12h --from dave")]
    Register {
        /// Name or address of who files slashes, an account or a contract; the account that registers if left out
        #[arg(long, value_name = "ACCOUNT")]
        slasher: Option<String>,
        /// Name or address of who may veto them
        #[arg(long, value_name = "ACCOUNT")]
        resolver: String,
        /// Name or address of who speaks for the service about its rewards; nobody if left out
        #[arg(long, value_name = "ACCOUNT")]
        reward_manager: Option<String>,
        /// Name or address of who gets what is slashed of vaults that approve the resolver; burned if left out
        #[arg(long, value_name = "ACCOUNT")]
        sink: Option<String>,
        /// How long the resolver may think; shorter than the epoch of the vaults that shall take part
        #[arg(long, value_name = "SPAN", default_value = "2d", value_parser = humantime::parse_duration)]
        window: Duration,
        /// Most that may be slashed of an operator for one epoch, in percent of its stake
        #[arg(long, value_name = "PERCENT")]
        max_slash: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Find what operators did wrong, file it, and see the slashes through, until Ctrl-C
    #[command(after_help = daemon::WATCH_HELP)]
    Watch(Box<daemon::WatchArgs>),
    /// Ask an operator for a chunk of what it holds
    #[command(after_help = custody::CHALLENGE_HELP)]
    Challenge(Box<custody::ChallengeArgs>),
    /// Add shares to what a service may stake on its filings: anyone
    #[command(after_help = "\
A filing stakes a part of the loss that it asks for, which a veto or a lapse gives to all holders.

Examples:
  weir service fund attestation 2 --from alice")]
    Fund {
        /// Number or name of the service
        service: String,
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Take shares out of what a service may stake: its slasher
    #[command(after_help = "\
Examples:
  weir service defund attestation all --from slasher")]
    Defund {
        /// Number or name of the service
        service: String,
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        #[command(flatten)]
        send: SendArgs,
    },
    /// List all services
    #[command(after_help = "\
Examples:
  weir service list")]
    List {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Show a service: its terms, and whether it may file
    #[command(after_help = "\
Examples:
  weir service show attestation
  weir service show 1")]
    Show {
        /// Number or name of the service
        service: String,
        #[command(flatten)]
        chain: ChainArgs,
    },
}

#[derive(Debug, Serialize)]
struct Registered {
    service: u32,
    terms: Terms,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Terms of a service.
#[derive(Debug, Serialize)]
struct Terms {
    slasher: Address,
    resolver: Address,
    reward_manager: Address,
    sink: Address,
    veto_window_s: u64,
    max_wad: u64,
}

/// A service at one block.
#[derive(Debug, Serialize)]
struct Service {
    service: u32,
    name: Option<String>,
    #[serde(flatten)]
    terms: Terms,
    terms_hash: B256,
    /// Whether the vault of the address book takes part.
    vault_takes_part: bool,
    /// Of the operators of the address book, those that take part.
    operators: Vec<Address>,
    undecided: u8,
    vetoes: u8,
    cool_until_s: u64,
    /// Shares that it may stake on filings.
    stake_free: Wei,
    /// Shares that it has staked on undecided ones.
    stake_locked: Wei,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Register {
            slasher,
            resolver,
            reward_manager,
            sink,
            window,
            max_slash,
            send,
        } => {
            let wanted = Wanted {
                slasher: slasher.as_deref(),
                resolver: &resolver,
                reward_manager: reward_manager.as_deref(),
                sink: sink.as_deref(),
                window,
                max_slash: &max_slash,
            };
            register(&wanted, &send, shell).await
        }
        Action::Watch(args) => daemon::watch(&args, shell).await,
        Action::Challenge(args) => custody::challenge(&args, shell).await,
        Action::Fund {
            service,
            shares,
            send,
        } => stakes::fund(&service, shares, &send, shell).await,
        Action::Defund {
            service,
            shares,
            send,
        } => stakes::defund(&service, shares, &send, shell).await,
        Action::List { chain } => list(&chain, shell).await,
        Action::Show { service, chain } => show(&service, &chain, shell).await,
    }
}

struct Wanted<'a> {
    slasher: Option<&'a str>,
    resolver: &'a str,
    reward_manager: Option<&'a str>,
    sink: Option<&'a str>,
    window: Duration,
    max_slash: &'a str,
}

async fn register(wanted: &Wanted<'_>, send: &SendArgs, shell: Shell) -> Result {
    let max_wad = percent_to_wad(wanted.max_slash)?;
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let hub = client.address("hub")?;
    let account = |text: Option<&str>, or: Address| match text {
        Some(text) => client.account(text),
        None => Ok(or),
    };
    let terms = IHub::Terms {
        slasher: account(wanted.slasher, caller.address())?,
        resolver: client.account(wanted.resolver)?,
        rewardManager: account(wanted.reward_manager, Address::ZERO)?,
        sink: account(wanted.sink, BURN)?,
        vetoWindow: wanted.window.as_secs(),
        maxWad: max_wad,
    };
    let call = IHub::registerServiceCall {
        terms: terms.clone(),
    };
    let call = Call::new(hub, call)
        .arg("slasher", client.name_of(terms.slasher))
        .arg("resolver", client.name_of(terms.resolver))
        .arg("sink", client.name_of(terms.sink))
        .arg("vetoWindow", span(terms.vetoWindow))
        .arg("maxWad", share(terms.maxWad));
    let doing = "registering the service";
    let mut outcome = Registered {
        service: caller.simulate(doing, &call).await?,
        terms: terms.into(),
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = format!("  it would be service {}", outcome.service);
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(registered) = event::<IHub::ServiceRegistered>(&receipt, hub) {
        outcome.service = registered.service;
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "registered service {}; vaults and operators may opt in to its terms\n{}",
            outcome.service,
            mined.line()
        )
    })
}

async fn list(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let hub = client.address("hub")?;
    let mut services = Vec::new();
    for service in 1..=now.ask(hub, IHub::serviceCountCall {}).await? {
        services.push(Service::read(&now, service).await?);
    }
    shell.result(&services, |services| {
        if services.is_empty() {
            return "there is no service yet\n".to_owned();
        }
        let mut sheet = Sheet::new(
            5,
            &[
                "service",
                "slasher",
                "resolver",
                "the vault is in",
                "veto window",
                "most slashed",
                "undecided",
            ],
        );
        for service in services {
            sheet.row([
                service.title(),
                client.name_of(service.terms.slasher),
                client.name_of(service.terms.resolver),
                yes(service.vault_takes_part),
                span(service.terms.veto_window_s),
                share(service.terms.max_wad),
                service.undecided.to_string(),
            ]);
        }
        sheet.text()
    })
}

async fn show(service: &str, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let service = Service::read(&now, slash::service(&client, service)?).await?;
    shell.result(&service, |service| text(&client, now.time_s, service))
}

impl Service {
    async fn read(now: &Moment<'_>, service: u32) -> Result<Self> {
        let client = now.client;
        let (hub, vault) = (client.address("hub")?, client.address("vault")?);
        let doing = format!("reading service {service}");
        let terms = now
            .ask_for(&doing, hub, IHub::termsCall { service })
            .await?;
        let standing = now.ask(hub, IHub::standingCall { service }).await?;
        let mut operators = Vec::new();
        for operator in client.book.operators.values().copied() {
            let call = IHub::isOperatorInCall { operator, service };
            if now.ask(hub, call).await? {
                operators.push(operator);
            }
        }
        let stake = ICover::stakeOfCall { service };
        let stake = now.ask(client.address("cover")?, stake).await?;
        let call = IHub::isVaultInCall { vault, service };
        Ok(Self {
            service,
            name: slash::service_name(client, service).map(str::to_owned),
            terms: terms.into(),
            terms_hash: now.ask(hub, IHub::termsHashCall { service }).await?,
            vault_takes_part: now.ask(hub, call).await?,
            operators,
            undecided: standing.undecided,
            vetoes: standing.vetoes,
            cool_until_s: standing.coolUntil,
            stake_free: Wei(stake.free),
            stake_locked: Wei(stake.locked),
        })
    }

    fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.service),
            None => self.service.to_string(),
        }
    }
}

impl From<IHub::Terms> for Terms {
    fn from(terms: IHub::Terms) -> Self {
        Self {
            slasher: terms.slasher,
            resolver: terms.resolver,
            reward_manager: terms.rewardManager,
            sink: terms.sink,
            veto_window_s: terms.vetoWindow,
            max_wad: terms.maxWad,
        }
    }
}

fn text(client: &Client, now_s: u64, service: &Service) -> String {
    let Service { terms, .. } = service;
    let name = |address| client.name_of(address);
    let operators: Vec<String> = service.operators.iter().copied().map(name).collect();
    let operators = match operators.as_slice() {
        [] => "none of the address book".to_owned(),
        some => some.join(", "),
    };
    let sink = if terms.sink == BURN || terms.sink.is_zero() {
        "burned".to_owned()
    } else {
        format!("to {}, where the vault approves", name(terms.sink))
    };
    let mut text = format!(
        "{}\n  slashes      {}, up to {} of an operator for an epoch\n  vetoes       {}, within {}\n  slashed      {sink}\n  \
         the vault    {}\n  operators    {operators}\n  undecided    {} slash requests; {} vetoed so far\n  terms        {}\n",
        bold(format!("Service {}", service.title())),
        name(terms.slasher),
        share(terms.max_wad),
        name(terms.resolver),
        span(terms.veto_window_s),
        if service.vault_takes_part {
            "takes part"
        } else {
            "does not take part"
        },
        service.undecided,
        service.vetoes,
        service.terms_hash,
    );
    text += &format!(
        "  stake        {} shares free, {} on undecided requests\n",
        short(service.stake_free.0),
        short(service.stake_locked.0)
    );
    if service.vetoes > 1 {
        text += "  it was vetoed twice, and may file no more\n";
    } else if service.cool_until_s > now_s {
        text += &format!(
            "  it may file again from {}\n",
            seen_from(now_s, service.cool_until_s)
        );
    }
    text
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}
