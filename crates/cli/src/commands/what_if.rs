//! `weir what-if`: what a slash would cost, and whom.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IHub, IVault};

use crate::amount::{rate, short};
use crate::commands::{operator, slash};
use crate::connect::{ChainArgs, Client};
use crate::explain::share;
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Asks the vault what a slash that is filed now would cost if nothing else happens until it is executed. The operator's bond bears a loss \
first, then cover, then everybody who holds shares.

Examples:
  weir what-if attestation north 20%
  weir what-if 1 north 50 --json")]
pub struct Args {
    /// Number or name of the service that would slash
    service: String,
    /// Name or address of the operator that would be slashed
    operator: String,
    /// Part of the operator's stake in the service, in percent
    percent: String,
    #[command(flatten)]
    chain: ChainArgs,
}

#[derive(Debug, Serialize)]
struct Cost {
    service: u32,
    operator: Address,
    /// Parts of 1e18.
    wad: u64,
    /// What the terms of the service let it slash for one epoch.
    max_wad: u64,
    delta: u64,
    capacity: u64,
    rate_wad: Wei,
    rate_after_wad: Wei,
    floor_rate_wad: Wei,
    /// ETH wei.
    loss: Wei,
    by_bond: Wei,
    by_cover: Wei,
    by_holders: Wei,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let (hub, vault) = (client.address("hub")?, client.address("vault")?);
    let wad = slash::percent_to_wad(&args.percent)?;
    let service = slash::service(&client, &args.service)?;
    let operator = operator::named(&client, Some(&args.operator))?;
    let now = client.now().await?;
    let terms = now.ask(hub, IHub::termsCall { service }).await?;
    let call = IVault::whatIfCall {
        service,
        operator,
        wad,
    };
    let said = now
        .ask_for("asking what a slash would cost", vault, call)
        .await?;
    let cost = Cost {
        service,
        operator,
        wad,
        max_wad: terms.maxWad,
        delta: said.delta,
        capacity: said.capacity,
        rate_wad: Wei(said.rateWad),
        rate_after_wad: Wei(said.rateAfterWad),
        floor_rate_wad: Wei(said.floorRateWad),
        loss: Wei(said.loss),
        by_bond: Wei(said.byBond),
        by_cover: Wei(said.byCover),
        by_holders: Wei(said.byHolders),
    };
    shell.result(&cost, |cost| text(&client, cost))
}

fn text(client: &Client, cost: &Cost) -> String {
    let mut text = format!(
        "a slash of {} of {}'s stake in service {} would take {} ETH\n",
        share(cost.wad),
        client.name_of(cost.operator),
        cost.service,
        short(cost.loss.0)
    );
    for (who, part) in [
        ("the operator's bond", cost.by_bond),
        ("cover", cost.by_cover),
        ("holders", cost.by_holders),
    ] {
        text += &format!("  {who:<20} {} ETH\n", short(part.0));
    }
    text += &format!(
        "  {:<20} {} ETH a share, from {}\n",
        "the rate",
        rate(cost.rate_after_wad.0),
        rate(cost.rate_wad.0)
    );
    if cost.floor_rate_wad != cost.rate_after_wad {
        text += &format!(
            "  {:<20} {} ETH a share, with every undecided slash\n",
            "the floor",
            rate(cost.floor_rate_wad.0)
        );
    }
    if U256::from(cost.wad) > U256::from(cost.max_wad) {
        text += &format!(
            "  its terms let the service slash {} for one epoch at most\n",
            share(cost.max_wad)
        );
    }
    text
}
