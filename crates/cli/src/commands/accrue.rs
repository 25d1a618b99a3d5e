//! `weir accrue`: moves the rate of a devnet token.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{ILst, IRates};

use crate::accounts::SignerArgs;
use crate::amount::{exact, rate};
use crate::connect::{ChainArgs, Client};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Mined, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Pays ether into a devnet token, as staking rewards would, so that it is worth more; or takes ether away, as a slash of \
its validators would. The vault accepts the new rate within the bounds it was listed with.

Examples:
  weir accrue wsteth 0.5
  weir accrue reth -1")]
pub struct Args {
    /// The asset, by symbol or address
    asset: String,
    /// By how much, in percent; below zero for a loss
    #[arg(allow_negative_numbers = true)]
    percent: String,
    #[command(flatten)]
    chain: ChainArgs,
    /// Account that owns the token
    #[arg(long, value_name = "NAME", default_value = "governor")]
    from: String,
    /// Show the call and send nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Serialize)]
struct Accrued {
    asset: String,
    token: Address,
    ether: Wei,
    loss: bool,
    old_rate_wad: Wei,
    new_rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let signer = SignerArgs {
        from: Some(args.from.clone()),
        ..SignerArgs::default()
    };
    let send = SendArgs {
        chain: args.chain.clone(),
        signer,
        dry_run: args.dry_run,
    };
    let caller = Caller::open(&send, shell).await?;
    let client = &caller.client;
    let (symbol, token) = client.asset(&args.asset)?;
    let pool = pool_of(client, &symbol, token)?;
    let (loss, bps_text) = match args.percent.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, args.percent.as_str()),
    };
    let percent = weir_deployment::amount::parse_wad(bps_text.trim_end_matches(['%', ' ']))
        .map_err(|error| {
            Failure::usage(format!("`{}` is not a percentage", args.percent)).because(error)
        })?;

    let now = client.now().await?;
    let pooled = now.ask(pool, ILst::totalPooledEtherCall {}).await?;
    let ether = pooled.saturating_mul(percent) / (weir_deployment::amount::WAD * U256::from(100));
    if ether.is_zero() {
        return Err(Failure::usage(format!(
            "{} of {} ETH is nothing",
            args.percent,
            exact(pooled)
        )));
    }
    let rates = client.address("rates")?;
    let old = quote(client, rates, &symbol).await?;
    let mut outcome = Accrued {
        asset: symbol.clone(),
        token,
        ether: Wei(ether),
        loss,
        old_rate_wad: Wei(old),
        new_rate_wad: Wei(old),
        mined: None,
    };
    let doing = format!("moving the rate of {symbol}");
    let receipt = if loss {
        let call = Call::new(pool, ILst::slashCall { amount: ether }).arg("amount", exact(ether));
        caller.simulate(&doing, &call).await?;
        if caller.is_dry_run() {
            return caller.show_trial(&[call.text(client)], &outcome, "  its rate would fall", &[]);
        }
        caller.send(&doing, &call).await?
    } else {
        let call = Call::new(pool, ILst::accrueCall {}).value(ether);
        caller.simulate(&doing, &call).await?;
        if caller.is_dry_run() {
            return caller.show_trial(&[call.text(client)], &outcome, "  its rate would rise", &[]);
        }
        caller.send(&doing, &call).await?
    };
    caller
        .send(
            "taking the new rate in",
            &Call::new(rates, IRates::pokeCall {}),
        )
        .await?;
    outcome.new_rate_wad = Wei(quote(client, rates, &symbol).await?);
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        let (old, new) = (rate(outcome.old_rate_wad.0), rate(outcome.new_rate_wad.0));
        let line = mined.line();
        if old == new {
            return format!("the rate of {symbol} is {new} still: the new one is out of its bounds, see weir status\n{line}");
        }
        format!("the rate of {symbol} went from {old} to {new}\n{line}")
    })
}

/// The contract whose ether is behind an asset: the wrapped token's for a wrapper.
fn pool_of(client: &Client, symbol: &str, token: Address) -> Result<Address> {
    let at = |name: &str| {
        client
            .book
            .contracts
            .get(name)
            .map(|contract| contract.address)
    };
    if at("wsteth") == Some(token) {
        return client.address("steth");
    }
    if at("reth") == Some(token) {
        return Ok(token);
    }
    Err(Failure::new(
        Code::Failed,
        format!("the rate of {symbol} cannot be moved"),
    )
    .because("only the liquid staking tokens of a development chain have an owner who can")
    .next("weir accrue wsteth 0.5, on a chain of `weir up`"))
}

async fn quote(client: &Client, rates: Address, symbol: &str) -> Result<U256> {
    let quotes = client.now().await?.ask(rates, IRates::peekCall {}).await?;
    let index = client
        .book
        .assets
        .iter()
        .position(|asset| asset.symbol == symbol)
        .unwrap_or_default();
    Ok(quotes
        .get(index)
        .map(|quote| quote.rateWad)
        .unwrap_or_default())
}
