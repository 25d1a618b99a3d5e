//! `weir claim`: what settled exits are paid.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::IExits;

use crate::amount::{exact, short};
use crate::commands::claim_into::{self, IntoArgs};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::read::{HolderView, TicketView, VaultView};
use crate::shell::Shell;
use crate::time::seen_from;
use crate::transact::{Call, Caller, Change, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Pays every settled ticket, in every asset. Anyone may claim for an account: its owner is paid. With --into the router claims one
ticket, sells the other assets in the pools that you name, and pays what it did not sell as it is.

Examples:
  weir claim --from alice
  weir claim --from bob --of alice
  weir claim --from alice --epoch 3
  weir claim --from alice --into weth --min-out 1.9 --pool reth=0x…")]
pub struct Args {
    /// Whose tickets; the sender's if left out
    #[arg(long, value_name = "ACCOUNT")]
    of: Option<String>,
    /// Only the ticket of this epoch
    #[arg(long, value_name = "EPOCH")]
    epoch: Option<u64>,
    #[command(flatten)]
    into: IntoArgs,
    #[command(flatten)]
    send: SendArgs,
}

/// One asset of a claim.
#[derive(Debug, Clone, Serialize)]
struct Paid {
    asset: String,
    amount: Wei,
}

/// One ticket of a claim.
#[derive(Debug, Clone, Serialize)]
struct Claimed {
    ticket: Wei,
    epoch: u64,
    paid: Vec<Paid>,
    /// Whether nothing can follow on this ticket.
    finished: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Claims {
    owner: Address,
    tickets: Vec<Claimed>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let exits = client.address("exits")?;
    let owner = match &args.of {
        Some(text) => client.account(text)?,
        None => caller.address(),
    };
    let now = client.now().await?;
    let vault = VaultView::read(&now).await?;
    let holder = HolderView::read(&now, &vault, owner).await?;
    let wanted = holder
        .tickets
        .iter()
        .filter(|ticket| args.epoch.is_none_or(|epoch| epoch == ticket.epoch));
    let ready: Vec<&TicketView> = wanted
        .filter(|ticket| ticket.claimable.iter().any(|amount| !amount.is_zero()))
        .collect();
    if ready.is_empty() {
        return Err(nothing(&caller, &vault, &holder));
    }
    if args.into.into.is_some() {
        return claim_into::run(&args.into, &ready, (&vault, &holder), &caller, shell).await;
    }
    let symbols: Vec<&str> = vault
        .assets
        .iter()
        .map(|asset| asset.symbol.as_str())
        .collect();
    let mut claims = Claims {
        owner,
        tickets: Vec::new(),
    };
    let mut texts = Vec::new();
    for ticket in ready {
        let call = Call::new(
            exits,
            IExits::claimCall {
                ticketId: ticket.id,
            },
        )
        .arg("epoch", ticket.epoch);
        let doing = format!("claiming the exit of epoch {}", ticket.epoch);
        let amounts = caller.simulate(&doing, &call).await?;
        let mut claimed = Claimed {
            ticket: Wei(ticket.id),
            epoch: ticket.epoch,
            paid: paid(&symbols, &amounts),
            finished: None,
            mined: None,
        };
        if caller.is_dry_run() {
            texts.push(call.text(client));
        } else {
            let receipt = caller.send(&doing, &call).await?;
            claimed.mined = Some(caller.mined(&receipt));
            if let Some(event) = event::<IExits::Claimed>(&receipt, exits) {
                claimed.paid = paid(&symbols, &event.amounts);
                claimed.finished = Some(event.finished);
            }
        }
        claims.tickets.push(claimed);
    }
    if caller.is_dry_run() {
        let changes = changes(&holder, &symbols, &claims);
        return caller.show_trial(
            &texts,
            &claims,
            &format!("  {} would be paid", client.name_of(owner)),
            &changes,
        );
    }
    let name = client.name_of(owner);
    shell.result(&claims, |claims| {
        claims
            .tickets
            .iter()
            .map(|claimed| sentence(&name, claimed))
            .collect()
    })
}

fn paid(symbols: &[&str], amounts: &[U256]) -> Vec<Paid> {
    let rows = symbols
        .iter()
        .zip(amounts)
        .filter(|(_, amount)| !amount.is_zero());
    rows.map(|(symbol, amount)| Paid {
        asset: (*symbol).to_owned(),
        amount: Wei(*amount),
    })
    .collect()
}

fn sentence(name: &str, claimed: &Claimed) -> String {
    let paid: Vec<String> = claimed
        .paid
        .iter()
        .map(|paid| format!("{} {}", short(paid.amount.0), paid.asset))
        .collect();
    let more = match claimed.finished {
        Some(false) => {
            "\n  more may follow: a part is not settled, or held until a slash is decided"
        }
        _ => "",
    };
    let line = claimed.mined.map(|mined| mined.line()).unwrap_or_default();
    format!(
        "{name} was paid {} for the exit of epoch {}{more}\n{line}",
        paid.join(", "),
        claimed.epoch
    )
}

fn changes(holder: &HolderView, symbols: &[&str], claims: &Claims) -> Vec<Change> {
    let rows = symbols.iter().zip(&holder.wallet);
    rows.map(|(symbol, before)| {
        let paid = claims
            .tickets
            .iter()
            .flat_map(|ticket| &ticket.paid)
            .filter(|paid| paid.asset == **symbol);
        let sum = paid.fold(U256::ZERO, |sum, paid| sum.saturating_add(paid.amount.0));
        Change::up(*symbol, *before, sum)
    })
    .collect()
}

fn nothing(caller: &Caller, vault: &VaultView, holder: &HolderView) -> Failure {
    let name = caller.client.name_of(holder.account);
    let failure = Failure::new(Code::Refused, format!("{name} has nothing to claim"));
    let Some(next) = holder
        .tickets
        .iter()
        .find(|ticket| !ticket.queued.is_zero())
    else {
        return failure
            .because("it has no ticket that is unpaid")
            .next("weir exit SHARES");
    };
    let settles = seen_from(vault.time_s, vault.clock.maturity_s(next.epoch));
    failure
        .because(format!(
            "{} shares of epoch {} settle {settles}",
            exact(next.queued),
            next.epoch
        ))
        .next("weir time epoch, on a chain of `weir up`")
}
