//! `weir exit`: shares into the exit batch of the current epoch.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IExits, IVault};
use weir_protocol::clock::Clock;

use crate::amount::{Amount, exact, rate};
use crate::connect::Moment;
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::time::seen_from;
use crate::transact::{Call, Caller, Change, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The shares join the batch of the current epoch. They go on earning, and bear slashes, until the batch settles two \
epochs and the grace later; then `weir claim` pays a part of every asset. No price and no role is needed for that.

Examples:
  weir exit 1.5 --from alice
  weir exit all --from bob --receiver carol")]
pub struct Args {
    /// How many shares: 1.5, 1500000000000000000wei, or all
    shares: Amount,
    /// Who owns the ticket and is paid; the sender if left out
    #[arg(long, value_name = "ACCOUNT")]
    receiver: Option<String>,
    #[command(flatten)]
    send: SendArgs,
}

/// What a request did, or would do.
#[derive(Debug, Serialize)]
struct Requested {
    shares: Wei,
    receiver: Address,
    ticket: Wei,
    epoch: u64,
    epoch_ends_s: u64,
    settles_s: u64,
    rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let (vault, exits, lrt) = (
        client.address("vault")?,
        client.address("exits")?,
        client.address("lrt")?,
    );
    let account = caller.address();
    let receiver = match &args.receiver {
        Some(text) => client.account(text)?,
        None => account,
    };
    let now = client.now().await?;
    let balance = now.ask(lrt, IErc20::balanceOfCall { account }).await?;
    let shares = args.shares.of(balance);
    if shares > balance || shares.is_zero() {
        return Err(too_few(&caller, shares, balance));
    }
    let call = Call::new(exits, IExits::requestCall { shares, receiver })
        .arg("shares", exact(shares))
        .arg("receiver", client.name_of(receiver));
    let doing = format!("requesting the exit of {} shares", exact(shares));
    let ticket = caller.simulate(&doing, &call).await?;
    let clock = clock(&now, vault).await?;
    let epoch = clock.epoch_at(now.time_s);
    let state = now.ask(vault, IVault::stateCall {}).await?;
    let mut outcome = Requested {
        shares: Wei(shares),
        receiver,
        ticket: Wei(ticket),
        epoch,
        epoch_ends_s: clock.start_s(epoch.saturating_add(1)),
        settles_s: clock.maturity_s(epoch),
        rate_wad: Wei(state.rateWad),
        mined: None,
    };
    if caller.is_dry_run() {
        let changes = [Change::down(
            format!("shares of {}", caller.name()),
            balance,
            shares,
        )];
        let sentence = format!(
            "  they would settle {}, and are worth {} ETH each now",
            seen_from(now.time_s, outcome.settles_s),
            rate(state.rateWad)
        );
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &changes);
    }
    let receipt = caller.send(&doing, &call).await?;
    if let Some(event) = event::<IExits::Requested>(&receipt, exits) {
        outcome.ticket = Wei(event.ticketId);
        outcome.epoch = event.epoch;
        outcome.epoch_ends_s = clock.start_s(event.epoch.saturating_add(1));
        outcome.settles_s = clock.maturity_s(event.epoch);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{} shares are in the exit batch of epoch {}\n  until {} they can be taken back: weir cancel\n  \
             they settle {}: weir claim\n{}",
            exact(shares),
            outcome.epoch,
            seen_from(now.time_s, outcome.epoch_ends_s),
            seen_from(now.time_s, outcome.settles_s),
            mined.line()
        )
    })
}

/// How the vault measures time.
pub async fn clock(now: &Moment<'_>, vault: Address) -> Result<Clock> {
    let wiring = now.ask(vault, IVault::wiringCall {}).await?;
    Ok(Clock {
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
        grace_s: wiring.slashGrace,
    })
}

/// The account has fewer shares than a command asks for.
pub fn too_few(caller: &Caller, shares: U256, balance: U256) -> Failure {
    let name = caller.name();
    if shares.is_zero() && !balance.is_zero() {
        return Failure::usage("the amount is zero");
    }
    if balance.is_zero() {
        return Failure::new(Code::Refused, format!("{name} cannot give shares"))
            .because("it has none")
            .next(format!("weir status {name}, or weir deposit first"));
    }
    let what = format!("{name} cannot give {} shares", exact(shares));
    Failure::new(Code::Refused, what)
        .because(format!("it has {}", exact(balance)))
        .next("`all` in place of the number, for everything it has")
}
