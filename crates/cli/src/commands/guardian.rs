//! `weir guardian`: pauses, which end by themselves.

use std::time::Duration;

use alloy::primitives::U256;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionRequest;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use weir_abi::IShared::ISharedErrors;
use weir_abi::{IAllocator, IVault};
use weir_deployment::revert::Refusal;

use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::Result;
use crate::order::{Order, carry_out};
use crate::shell::Shell;
use crate::table::Sheet;
use crate::time::{seen_from, span};
use crate::transact::{Caller, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The guardian may stop deposits, instant exits or raises of allocations, for three days at most and then not again before as much \
time has passed. Nobody can stop requests, settlement or claims. It may also take back what the governor scheduled: weir governor \
cancel.

Examples, on a chain of `weir up`, where the curator is the guardian too:
  weir guardian status
  weir guardian pause deposits --for 12h --from curator
  weir guardian unpause deposits --from curator")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Pause something: the guardian
    #[command(after_help = "\
Examples:
  weir guardian pause deposits --from curator
  weir guardian pause instant --for 6h --from curator --dry-run")]
    Pause {
        /// What to pause
        what: What,
        /// For how long, three days at most
        #[arg(long = "for", value_name = "SPAN", default_value = "3d", value_parser = humantime::parse_duration)]
        span: Duration,
        #[command(flatten)]
        send: SendArgs,
    },
    /// End a pause before its time: the guardian
    #[command(after_help = "\
Examples:
  weir guardian unpause deposits --from curator")]
    Unpause {
        /// What to open again
        what: What,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Show what is paused until when, and from when on it can be paused again
    #[command(after_help = "\
Examples:
  weir guardian status")]
    Status {
        #[command(flatten)]
        chain: ChainArgs,
    },
}

/// What can be paused.
#[derive(Debug, Clone, Copy, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Deposits
    Deposits,
    /// Exits at once, for one asset
    Instant,
    /// Raises of allocations
    Allocations,
}

/// A pause at one block.
#[derive(Debug, Serialize)]
struct Pause {
    what: What,
    paused: bool,
    /// When the last pause ends or ended, Unix seconds; 0 if there was none.
    until_s: u64,
    /// From when on it can be paused again, Unix seconds; 0 if it can be now.
    cool_until_s: u64,
}

impl What {
    const ALL: [Self; 3] = [Self::Deposits, Self::Instant, Self::Allocations];

    fn order(self, client: &Client, duration_s: U256) -> Result<Order> {
        let (vault, allocator) = (client.address("vault")?, client.address("allocator")?);
        Ok(match self {
            Self::Deposits => Order::new(
                vault,
                &IVault::pauseDepositsCall {
                    durationS: duration_s,
                },
            ),
            Self::Instant => Order::new(
                vault,
                &IVault::pauseInstantCall {
                    durationS: duration_s,
                },
            ),
            Self::Allocations => {
                let call = IAllocator::pauseAllocationsCall {
                    durationS: duration_s,
                };
                Order::new(allocator, &call)
            }
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Deposits => "deposits",
            Self::Instant => "instant exits",
            Self::Allocations => "raises of allocations",
        }
    }
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Pause { what, span, send } => set(what, span, &send, shell).await,
        Action::Unpause { what, send } => set(what, Duration::ZERO, &send, shell).await,
        Action::Status { chain } => status(&chain, shell).await,
    }
}

async fn set(what: What, span: Duration, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let order = what.order(&caller.client, U256::from(span.as_secs()))?;
    carry_out(&caller, order, |_, _| None).await
}

async fn status(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let mut pauses = Vec::new();
    for what in What::ALL {
        pauses.push(Pause::read(&now, what).await?);
    }
    shell.result(&pauses, |pauses| {
        let mut sheet = Sheet::new(3, &["", "state", "can be paused"]);
        for pause in pauses {
            let state = if pause.paused {
                format!("paused until {}", seen_from(now.time_s, pause.until_s))
            } else {
                "open".to_owned()
            };
            let again = match pause.cool_until_s {
                0 => "now".to_owned(),
                at_s => format!("again in {}", span(at_s.saturating_sub(now.time_s))),
            };
            sheet.row([pause.what.name().to_owned(), state, again]);
        }
        sheet.text()
    })
}

impl Pause {
    async fn read(now: &Moment<'_>, what: What) -> Result<Self> {
        let client = now.client;
        let (vault, allocator) = (client.address("vault")?, client.address("allocator")?);
        let state = now.ask(vault, IVault::stateCall {}).await?;
        let short = |until: U256| u64::try_from(until).unwrap_or(u64::MAX);
        let until_s = match what {
            What::Deposits => short(state.depositsPausedUntil),
            What::Instant => short(state.instantPausedUntil),
            What::Allocations => {
                let until = IAllocator::allocationsPausedUntilCall {};
                now.ask(allocator, until).await?
            }
        };
        Ok(Self {
            what,
            paused: until_s > now.time_s,
            until_s,
            cool_until_s: cool_until(client, what).await?,
        })
    }
}

/// From when on it can be paused again, Unix seconds, 0 if now: as the contract answers the governor contract that tries a second.
async fn cool_until(client: &Client, what: What) -> Result<u64> {
    let order = what.order(client, U256::ONE)?;
    let request = TransactionRequest::default()
        .from(client.address("governor")?)
        .to(order.target)
        .input(order.data.into());
    match client.provider.call(request).await {
        Ok(_) => Ok(0),
        Err(error) => match Refusal::of(&error) {
            Some(Refusal::Shared(ISharedErrors::PauseCoolingDown(cooling))) => {
                Ok(u64::try_from(cooling.until).unwrap_or(u64::MAX))
            }
            _ => Err(client.failure("trying a pause", &error)),
        },
    }
}
