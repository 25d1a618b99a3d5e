//! `weir claim --into`: one claim, paid in one token by the router.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IExits, IRouter};

use crate::amount::{Amount, exact, short};
use crate::connect::Client;
use crate::failure::{Failure, Result};
use crate::json::Wei;
use crate::read::{HolderView, TicketView, VaultView};
use crate::shell::Shell;
use crate::transact::{Call, Caller, Change, Mined, event};

/// How a claim is paid in one token.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "In one token")]
pub struct IntoArgs {
    /// Sell the other assets for this one, by symbol or address of a token
    #[arg(long, value_name = "TOKEN", requires = "min_out")]
    pub(super) into: Option<String>,
    /// Least of it to accept
    #[arg(long, value_name = "AMOUNT", requires = "into")]
    min_out: Option<Amount>,
    /// The Uniswap v3 pool that an asset is sold in, as reth=0x…; an asset without one is paid as it is
    #[arg(long, value_name = "ASSET=POOL", requires = "into")]
    pool: Vec<String>,
    /// Who is paid; the ticket's owner if left out
    #[arg(long, value_name = "ACCOUNT", requires = "into")]
    receiver: Option<String>,
}

/// What a claim through the router did, or would do.
#[derive(Debug, Serialize)]
struct Routed {
    ticket: Wei,
    epoch: u64,
    receiver: Address,
    into: String,
    amount: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Claims the one ticket that is ready.
pub async fn run(
    args: &IntoArgs,
    ready: &[&TicketView],
    (vault, holder): (&VaultView, &HolderView),
    caller: &Caller,
    shell: Shell,
) -> Result {
    let client = &caller.client;
    let [ticket] = ready else {
        let epochs: Vec<String> = ready
            .iter()
            .map(|ticket| ticket.epoch.to_string())
            .collect();
        let failure = Failure::usage("--min-out is for one ticket, and several can be claimed");
        return Err(failure.next(format!("--epoch with one of {}", epochs.join(", "))));
    };
    let (router, exits, owner) = (
        client.address("router")?,
        client.address("exits")?,
        holder.account,
    );
    let (symbol, into) = token(client, args.into.as_deref().unwrap_or_default())?;
    let receiver = match &args.receiver {
        Some(text) => client.account(text)?,
        None => owner,
    };
    let min_out = match args.min_out {
        Some(Amount::Wei(wei)) => wei,
        _ => {
            return Err(Failure::usage(
                "--min-out is an amount: `all` says nothing about a price",
            ));
        }
    };
    let pools = pools(client, vault, &args.pool)?;
    let now = client.now().await?;
    let call = IRouter::claimIntoCall {
        ticketId: ticket.id,
        into,
        minOut: min_out,
        receiver,
        deadline: now.deadline(),
        pools,
    };
    let call = Call::new(router, call)
        .arg("epoch", ticket.epoch)
        .arg("into", &symbol)
        .arg("minOut", exact(min_out))
        .arg("receiver", client.name_of(receiver));
    let operate = IExits::setOperatorCall {
        operator: router,
        approved: true,
    };
    let operate = Call::new(exits, operate).arg("operator", "router");
    let asked = IExits::isOperatorCall {
        owner,
        operator: router,
    };
    let is_operator = now.ask(exits, asked).await?;
    if !is_operator && owner != caller.address() {
        let name = client.name_of(owner);
        let failure = Failure::usage(format!("the router is not an operator of {name}"));
        return Err(failure
            .because("it claims for who made it one, and only the owner of a ticket can")
            .next(format!("weir claim --into by {name} itself, once")));
    }
    let doing = format!("claiming the exit of epoch {} in {symbol}", ticket.epoch);
    let mut outcome = Routed {
        ticket: Wei(ticket.id),
        epoch: ticket.epoch,
        receiver,
        into: symbol,
        amount: Wei(U256::ZERO),
        mined: None,
    };
    if caller.is_dry_run() {
        return show(
            caller,
            vault,
            outcome,
            is_operator,
            (&operate, &call),
            &doing,
        )
        .await;
    }
    if !is_operator {
        shell.note("making the router an operator of your tickets, which it needs once".to_owned());
        caller
            .send("making the router an operator", &operate)
            .await?;
    }
    caller.simulate(&doing, &call).await?;
    let receipt = caller.send(&doing, &call).await?;
    if let Some(event) = event::<IRouter::Routed>(&receipt, router) {
        outcome.amount = Wei(event.amountOut);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    let name = client.name_of(receiver);
    shell.result(&outcome, |outcome| {
        format!(
            "{name} was paid {} {} for the exit of epoch {}, and what was not sold as it is\n{}",
            short(outcome.amount.0),
            outcome.into,
            outcome.epoch,
            mined.line()
        )
    })
}

/// Shows what would be sent; what it would bring is known only where the router is an operator already.
async fn show(
    caller: &Caller,
    vault: &VaultView,
    mut outcome: Routed,
    is_operator: bool,
    (operate, call): (
        &Call<IExits::setOperatorCall>,
        &Call<IRouter::claimIntoCall>,
    ),
    doing: &str,
) -> Result {
    let client = &caller.client;
    let name = client.name_of(outcome.receiver);
    if !is_operator {
        caller
            .simulate("making the router an operator", operate)
            .await?;
        let texts = vec![operate.text(client), call.text(client)];
        let sentence = format!("  {name} would be paid what the pools give then");
        return caller.show_trial(&texts, &outcome, &sentence, &[]);
    }
    outcome.amount = Wei(caller.simulate(doing, call).await?);
    let sentence = format!(
        "  {name} would be paid {} {}",
        exact(outcome.amount.0),
        outcome.into
    );
    let held = vault
        .assets
        .iter()
        .find(|asset| asset.symbol == outcome.into);
    let change = match held {
        Some(asset) => {
            let account = outcome.receiver;
            let balance = weir_abi::IErc20::balanceOfCall { account };
            let before = client.now().await?.ask(asset.token, balance).await?;
            vec![Change::up(&outcome.into, before, outcome.amount.0)]
        }
        None => Vec::new(),
    };
    caller.show_trial(&[call.text(client)], &outcome, &sentence, &change)
}

/// A token by the symbol of an asset, or by its address.
fn token(client: &Client, text: &str) -> Result<(String, Address)> {
    match (client.asset(text), text.parse::<Address>()) {
        (Err(_), Ok(address)) => Ok((address.to_string(), address)),
        (found, _) => found,
    }
}

/// The pools in the vault's order; zero for an asset without one.
fn pools(client: &Client, vault: &VaultView, texts: &[String]) -> Result<Vec<Address>> {
    let mut pools = vec![Address::ZERO; vault.assets.len()];
    for text in texts {
        let bad = || {
            Failure::usage(format!("`{text}` names no pool"))
                .next("--pool reth=0x…, with the pool's address")
        };
        let (asset, pool) = text.split_once('=').ok_or_else(bad)?;
        let (_, token) = client.asset(asset)?;
        let places = vault.assets.iter().zip(&mut pools);
        for (_, place) in places.filter(|(known, _)| known.token == token) {
            *place = pool.parse().map_err(|_| bad())?;
        }
    }
    Ok(pools)
}
