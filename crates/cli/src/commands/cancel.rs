//! `weir cancel`: shares back from the exit batch of the current epoch.

use alloy::primitives::U256;
use serde::Serialize;
use weir_abi::{IErc20, IExits};

use crate::amount::{Amount, exact};
use crate::commands::exit::clock;
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::read::ticket_id;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Change, Mined, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Only shares of the current epoch can be taken back: once an epoch ends, what its batch needs is unstaked.

Examples:
  weir cancel --from alice
  weir cancel 0.5 --from alice")]
pub struct Args {
    /// How many shares: 1.5, 1500000000000000000wei, or all
    #[arg(default_value = "all")]
    shares: Amount,
    #[command(flatten)]
    send: SendArgs,
}

#[derive(Debug, Serialize)]
struct Cancelled {
    ticket: Wei,
    epoch: u64,
    shares: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let exits = client.address("exits")?;
    let now = client.now().await?;
    let epoch = clock(&now, client.address("vault")?)
        .await?
        .epoch_at(now.time_s);
    let id = ticket_id(epoch, caller.address());
    let ticket = now
        .ask_maybe(exits, IExits::ticketCall { ticketId: id })
        .await?;
    let queued = ticket.map(|ticket| ticket.shares).unwrap_or_default();
    if queued.is_zero() {
        return Err(Failure::new(
            Code::Refused,
            format!("{} has nothing to cancel", caller.name()),
        )
        .because(format!(
            "it has no ticket of epoch {epoch}, the one that is open"
        ))
        .next(format!("weir status {}", caller.name())));
    }
    let shares: U256 = args.shares.of(queued);
    let call = Call::new(
        exits,
        IExits::cancelCall {
            ticketId: id,
            shares,
        },
    )
    .arg("epoch", epoch)
    .arg("shares", exact(shares));
    let doing = format!("taking {} shares back", exact(shares));
    caller.simulate(&doing, &call).await?;
    let mut outcome = Cancelled {
        ticket: Wei(id),
        epoch,
        shares: Wei(shares),
        mined: None,
    };
    if caller.is_dry_run() {
        let account = caller.address();
        let balance = now
            .ask(client.address("lrt")?, IErc20::balanceOfCall { account })
            .await?;
        let changes = [
            Change::down(format!("shares in epoch {epoch}"), queued, shares),
            Change::up(format!("shares of {}", caller.name()), balance, shares),
        ];
        return caller.show_trial(
            &[call.text(client)],
            &outcome,
            "  the shares would come back",
            &changes,
        );
    }
    let mined = caller.mined(&caller.send(&doing, &call).await?);
    outcome.mined = Some(mined);
    shell.result(&outcome, |_| {
        format!(
            "took {} shares back from epoch {epoch}\n{}",
            exact(shares),
            mined.line()
        )
    })
}
