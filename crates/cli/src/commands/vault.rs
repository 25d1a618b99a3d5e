//! `weir vault`: what anyone may do for all holders. Every deposit and exit does it too.

use alloy::primitives::U256;
use clap::Subcommand;
use serde_json::json;
use weir_abi::{IRates, IVault};

use crate::amount::{exact, rate, short};
use crate::deed::{Deed, Facts};
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::{Call, Caller, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
No keeper is needed: deposits, exits and claims do all of this on their way. These commands do it when nobody comes by.

Examples, on a chain of `weir up`:
  weir vault sync --from bob
  weir vault poke --from bob
  weir vault collect-fees --from bob")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Close epochs and settle exit batches that are due, until nothing is left
    #[command(after_help = "\
Examples:
  weir vault sync --from bob")]
    Sync(Sent),
    /// Ask every rate source, and take what is within its bounds
    #[command(after_help = "\
Examples:
  weir vault poke --from bob")]
    Poke(Sent),
    /// Take the performance fee that is due
    #[command(after_help = "\
Examples:
  weir vault take-fee --from bob")]
    TakeFee(Sent),
    /// Split the fee shares that wait among treasury, cover and operators
    #[command(after_help = "\
Examples:
  weir vault collect-fees --from bob")]
    CollectFees(Sent),
}

#[derive(Debug, clap::Args)]
struct Sent {
    #[command(flatten)]
    send: SendArgs,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Sync(it) => sync(&it.send, shell).await,
        Action::Poke(it) => poke(&it.send, shell).await,
        Action::TakeFee(it) => take_fee(&it.send, shell).await,
        Action::CollectFees(it) => collect_fees(&it.send, shell).await,
    }
}

async fn sync(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let vault = caller.client.address("vault")?;
    let call = Call::new(vault, IVault::syncCall {});
    let doing = "syncing the vault";
    // One call does a bounded part; the last is told.
    while !caller.is_dry_run() && !caller.simulate(doing, &call).await? {
        caller
            .shell
            .note("more than one call is due: sending the first");
        caller.send(doing, &call).await?;
    }
    let deed = Deed::new(doing, call, Facts::new());
    deed.done(
        &caller,
        |done, facts| {
            let done = done.unwrap_or_default();
            facts.insert("done".to_owned(), json!(done));
            if done {
                "nothing would be left to close or settle".to_owned()
            } else {
                "something would be left for another call".to_owned()
            }
        },
        |_, facts| {
            facts.insert("done".to_owned(), json!(true));
            "every epoch that is due is closed, and every batch settled".to_owned()
        },
    )
    .await
}

async fn poke(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let rates = client.address("rates")?;
    let now = client.now().await?;
    let assets = now.ask(rates, IRates::assetsCall {}).await?;
    let quotes = now.ask(rates, IRates::peekCall {}).await?;
    let (mut facts, mut lines) = (Facts::new(), Vec::new());
    for (asset, quote) in assets.iter().zip(&quotes) {
        let name = client.label(*asset);
        let state = match quote.state {
            0 => "fresh",
            1 => "stale",
            _ => "suspicious",
        };
        let wad = quote.rateWad.to_string();
        facts.insert(name.clone(), json!({ "rate_wad": wad, "state": state }));
        lines.push(format!("{name} {} ({state})", rate(quote.rateWad)));
    }
    let text = lines.join(", ");
    let deed = Deed::new(
        "asking the sources",
        Call::new(rates, IRates::pokeCall {}),
        facts,
    );
    deed.done(
        &caller,
        |_, _| format!("the rates would be {text}"),
        |_, _| format!("the rates are {text}"),
    )
    .await
}

async fn take_fee(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let vault = caller.client.address("vault")?;
    let call = Call::new(vault, IVault::accrueFeeCall {});
    let deed = Deed::new("taking the fee that is due", call, Facts::new());
    let told = |shares: U256, facts: &mut Facts| {
        facts.insert("shares".to_owned(), json!(shares.to_string()));
    };
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            told(shares, facts);
            format!("{} fee shares would be minted", exact(shares))
        },
        |receipt, facts| {
            let event = event::<IVault::FeeTaken>(receipt, vault);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            told(shares, facts);
            if shares.is_zero() {
                return "no fee is due: the rate is not above its high-water mark".to_owned();
            }
            format!("{} fee shares wait: weir vault collect-fees", short(shares))
        },
    )
    .await
}

async fn collect_fees(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let vault = caller.client.address("vault")?;
    let call = Call::new(vault, IVault::collectFeesCall {});
    let deed = Deed::new("splitting the fee shares", call, Facts::new());
    let told = |parts: [U256; 3], facts: &mut Facts| {
        for (name, shares) in ["treasury", "cover", "operators"].into_iter().zip(parts) {
            facts.insert(name.to_owned(), json!(shares.to_string()));
        }
        let [treasury, cover, operators] = parts.map(short);
        format!(
            "{treasury} shares for the treasury, {cover} for cover, {operators} for the operators"
        )
    };
    deed.done(
        &caller,
        |parts, facts| match parts {
            Some(it) => told([it.treasury, it.cover, it.operators], facts),
            None => String::new(),
        },
        |receipt, facts| match event::<IVault::FeesCollected>(receipt, vault) {
            Some(it) => told([it.treasury, it.cover, it.operators], facts),
            None => String::new(),
        },
    )
    .await
}
