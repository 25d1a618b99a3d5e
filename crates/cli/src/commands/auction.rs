//! `weir auction`: tokens that are not the vault's assets are sold for one.

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::Filter;
use alloy::sol_types::SolEvent;
use clap::Subcommand;
use serde::Serialize;
use weir_abi::IRewards;

use crate::amount::{cell, exact, short};
use crate::commands::allow;
use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::table::Sheet;
use crate::time::at;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
What is sent to the rewards contract and is no asset of the vault is sold for one, if the governor said how. The price falls in a \
line to its floor; what it brings vests for the holders.

Examples, on a chain of `weir up`:
  weir auction list")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show which tokens are sold, and what they cost now
    #[command(after_help = "\
Examples:
  weir auction list")]
    List {
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Open a lot of a token, or open it anew after nobody wanted it
    #[command(after_help = "\
Examples:
  weir auction start 0x912ce59144191c1204e64559fe8253a0e49e6548 --from bob")]
    Start {
        /// Address of the token
        token: Address,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Buy the open lot of a token
    #[command(after_help = "\
Examples:
  weir auction bid 0x912ce59144191c1204e64559fe8253a0e49e6548 --from bob")]
    Bid {
        /// Address of the token
        token: Address,
        /// Who gets the lot; the sender if left out
        #[arg(long, value_name = "ACCOUNT")]
        receiver: Option<String>,
        #[command(flatten)]
        send: SendArgs,
    },
}

/// A token that is sold, at one block.
#[derive(Debug, Serialize)]
struct Sold {
    token: Address,
    /// What it is sold for.
    asset: String,
    start_wad: Wei,
    floor_wad: Wei,
    fall_s: u64,
    /// 0 if no lot is open.
    lot: Wei,
    cost: Wei,
    /// From then on it may be opened anew, Unix seconds; 0 if no lot is open.
    restart_s: u64,
}

#[derive(Debug, Serialize)]
struct Opened {
    token: Address,
    amount: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Bought {
    token: Address,
    amount: Wei,
    asset: String,
    cost: Wei,
    receiver: Address,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::List { chain } => list(&chain, shell).await,
        Action::Start { token, send } => start(token, &send, shell).await,
        Action::Bid {
            token,
            receiver,
            send,
        } => bid(token, receiver.as_deref(), &send, shell).await,
    }
}

impl Sold {
    async fn read(now: &Moment<'_>, token: Address) -> Result<Self> {
        let rewards = now.client.address("rewards")?;
        let auction = now.ask(rewards, IRewards::auctionCall { token }).await?;
        let lot = now.ask(rewards, IRewards::lotCall { token }).await?;
        Ok(Self {
            token,
            asset: now.client.name_of(auction.asset),
            start_wad: Wei(auction.startWad),
            floor_wad: Wei(auction.floorWad),
            fall_s: auction.fallS.saturating_to(),
            lot: Wei(lot.amount),
            cost: Wei(lot.cost),
            restart_s: lot.restartAt.saturating_to(),
        })
    }
}

/// Tokens for which an auction was ever set.
async fn tokens(client: &Client) -> Result<Vec<Address>> {
    let filter = Filter::new()
        .address(client.address("rewards")?)
        .event_signature(IRewards::AuctionSet::SIGNATURE_HASH)
        .from_block(0);
    let logs = client.provider.get_logs(&filter).await;
    let logs = logs.map_err(|error| client.failure("reading the auctions", &error))?;
    let mut tokens: Vec<_> = logs
        .iter()
        .filter_map(|log| IRewards::AuctionSet::decode_log(&log.inner).ok())
        .map(|log| log.token)
        .collect();
    tokens.sort_unstable();
    tokens.dedup();
    Ok(tokens)
}

async fn list(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let mut sold = Vec::new();
    for token in tokens(&client).await? {
        let read = Sold::read(&now, token).await?;
        if read.fall_s > 0 {
            sold.push(read);
        }
    }
    shell.result(&sold, |sold| {
        if sold.is_empty() {
            return "no token is for sale\n".to_owned();
        }
        let mut sheet = Sheet::new(2, &["token", "for", "from", "to", "lot", "costs", "anew"]);
        for sold in sold {
            sheet.row([
                sold.token.to_string(),
                sold.asset.clone(),
                short(sold.start_wad.0),
                short(sold.floor_wad.0),
                cell(sold.lot.0),
                cell(sold.cost.0),
                if sold.restart_s == 0 {
                    "-".to_owned()
                } else {
                    at(sold.restart_s)
                },
            ]);
        }
        sheet.text()
    })
}

async fn start(token: Address, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let rewards = client.address("rewards")?;
    let call = Call::new(rewards, IRewards::startCall { token }).arg("token", token);
    let doing = "opening a lot";
    let mut outcome = Opened {
        token,
        amount: Wei(caller.simulate(doing, &call).await?),
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = format!("  {} would be for sale", exact(outcome.amount.0));
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(opened) = event::<IRewards::LotOpened>(&receipt, rewards) {
        outcome.amount = Wei(opened.amount);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{} of {token} are for sale; weir auction list shows the price\n{}",
            exact(outcome.amount.0),
            mined.line()
        )
    })
}

/// At what the lot costs now, and not a wei less of it or more for it.
async fn bid(token: Address, receiver: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let rewards = client.address("rewards")?;
    let to = match receiver {
        Some(text) => client.account(text)?,
        None => caller.address(),
    };
    let now = client.now().await?;
    let auction = now.ask(rewards, IRewards::auctionCall { token }).await?;
    let lot = now.ask(rewards, IRewards::lotCall { token }).await?;
    let doing = "buying the lot";
    if lot.amount.is_zero() {
        return Err(Failure::new(Code::Refused, format!("{doing} was refused"))
            .because(format!("no lot of {token} is open"))
            .next("weir auction list; weir auction start opens one"));
    }
    let symbol = client.name_of(auction.asset);
    let call = IRewards::bidCall {
        token,
        minAmount: lot.amount,
        maxCost: lot.cost,
        to,
    };
    let call = Call::new(rewards, call)
        .arg("token", token)
        .arg("minAmount", exact(lot.amount))
        .arg("maxCost", exact(lot.cost))
        .arg("to", client.name_of(to));
    let mut outcome = Bought {
        token,
        amount: Wei(lot.amount),
        asset: symbol.clone(),
        cost: Wei(lot.cost),
        receiver: to,
        mined: None,
    };
    let approval = allow::missing(&now, &caller, auction.asset, rewards, lot.cost).await?;
    if caller.is_dry_run() {
        let mut calls = Vec::new();
        match &approval {
            Some(approval) => calls.push(approval.text(client)),
            None => outcome.cost = Wei(caller.simulate(doing, &call).await?),
        }
        calls.push(call.text(client));
        let sentence = format!("  it costs {} {symbol} now", exact(outcome.cost.0));
        return caller.show_trial(&calls, &outcome, &sentence, &[]);
    }
    if let Some(approval) = approval {
        caller
            .send(&format!("approving {symbol}"), &approval)
            .await?;
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(sold) = event::<IRewards::LotSold>(&receipt, rewards) {
        outcome.cost = Wei(sold.cost);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{} has {} of {token} for {} {symbol}\n{}",
            client.name_of(to),
            exact(outcome.amount.0),
            exact(outcome.cost.0),
            mined.line()
        )
    })
}
