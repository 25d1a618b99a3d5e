//! `weir status`: the vault and accounts.

use std::fmt::Write as _;

use alloy::primitives::U256;
use serde::Serialize;
use weir_deployment::amount::WAD;
use weir_protocol::units::BPS;

use crate::amount::{cell, percent, rate, short};
use crate::commands::governor::{Scheduled, scheduled_table};
use crate::connect::{ChainArgs, Client};
use crate::failure::Result;
use crate::read::{HolderView, VaultView};
use crate::report::{HolderReport, TicketReport, VaultReport, holders_table, ledger_table};
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::{at, seen_from, span};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir status
  weir status alice bob
  weir status 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 --json")]
pub struct Args {
    /// Accounts to show: addresses, or names on a chain of `weir up`
    accounts: Vec<String>,
    #[command(flatten)]
    chain: ChainArgs,
}

#[derive(Debug, Serialize)]
struct Status {
    chain_id: u64,
    vault: VaultReport,
    /// What the governor scheduled and nobody executed yet, newest first.
    scheduled: Vec<Scheduled>,
    accounts: Vec<HolderReport>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let now = client.now().await?;
    let view = VaultView::read(&now).await?;
    let mut accounts = Vec::new();
    for text in &args.accounts {
        let holder = HolderView::read(&now, &view, client.account(text)?).await?;
        accounts.push(HolderReport::new(&client, &view, &holder));
    }
    let status = Status {
        chain_id: client.book.chain_id,
        vault: VaultReport::new(&view),
        scheduled: Scheduled::open(&now).await?,
        accounts,
    };
    shell.result(&status, |status| text(&client, &view, status))
}

fn text(client: &Client, view: &VaultView, status: &Status) -> String {
    let vault = &status.vault;
    let now_s = vault.time_s;
    let mut text = format!("{}\n\n", bold(format!("Weir on chain {}", status.chain_id)));
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "  {name:<12} {value}");
    };
    line("now", format!("{}, block {}", at(now_s), vault.block));
    line("rate", format!("{} ETH a share", rate(vault.rate_wad.0)));
    if vault.floor_rate_wad != vault.rate_wad {
        line(
            "floor",
            format!(
                "{} ETH a share, if every undecided slash is executed",
                rate(vault.floor_rate_wad.0)
            ),
        );
    }
    if vault.retired {
        line("retired", "the vault has ended, exits go on".to_owned());
    }
    if vault.backing_wad.0 < WAD {
        line(
            "backing",
            format!(
                "{} of the rate's high-water mark",
                percent(vault.backing_wad.0 / (WAD / U256::from(BPS)))
            ),
        );
    }
    if !vault.worst_loss.0.is_zero() {
        line(
            "coverage",
            format!(
                "{} ETH of bonds and cover for {} ETH that the worst operator can lose",
                short(vault.first_loss.0),
                short(vault.worst_loss.0)
            ),
        );
    }
    line(
        "NAV",
        format!(
            "{} ETH for {} shares",
            short(vault.nav.0),
            short(vault.supply.0)
        ),
    );
    line("fee", fee(vault));
    line(
        "epoch",
        format!(
            "{}, until {}",
            vault.epoch,
            seen_from(now_s, vault.epoch_ends_s)
        ),
    );
    line(
        "exit now",
        format!("settles {}", seen_from(now_s, vault.exit_settles_s)),
    );
    if !vault.pending_shares.0.is_zero() {
        line(
            "queue",
            format!(
                "{} shares of closed epochs wait to be settled",
                short(vault.pending_shares.0)
            ),
        );
    }
    if !vault.net_outflow.0.is_zero() {
        line(
            "outflow",
            format!(
                "{} ETH left by instant exits lately",
                short(vault.net_outflow.0)
            ),
        );
    }
    for (name, until) in [
        ("deposits", vault.deposits_paused_until_s),
        ("instant", vault.instant_paused_until_s),
    ] {
        let until_s = u64::try_from(until.0).unwrap_or(u64::MAX);
        if until_s > now_s {
            line(name, format!("paused for {}", span(until_s - now_s)));
        }
    }
    text += &format!("\n{}\n\n{}", bold("Ledger"), ledger_table(&vault.assets));
    for asset in vault
        .assets
        .iter()
        .filter(|asset| asset.rate_state != "fresh")
    {
        text += &format!("  the rate of {} is {}\n", asset.symbol, asset.rate_state);
    }
    if !vault.undecided.is_empty() {
        text += &format!("\n{}\n\n", bold("Undecided slashes"));
        for request in &vault.undecided {
            let what = request.what(client);
            text += &format!(
                "  {}  {what}, {}; {}\n",
                request.id,
                request.status,
                request.next_sentence(now_s)
            );
        }
    }
    if !status.scheduled.is_empty() {
        text += &format!(
            "\n{}\n\n{}",
            bold("Scheduled changes"),
            scheduled_table(client, now_s, &status.scheduled)
        );
    }
    if !status.accounts.is_empty() {
        text += &format!(
            "\n{}\n\n{}",
            bold("Accounts"),
            holders_table(view, &status.accounts)
        );
    }
    for account in status
        .accounts
        .iter()
        .filter(|account| !account.tickets.is_empty())
    {
        text += &format!(
            "\n{}\n\n{}",
            bold(format!("Tickets of {}", account.name)),
            tickets(now_s, &account.tickets)
        );
    }
    text
}

/// The performance fee in a sentence.
fn fee(vault: &VaultReport) -> String {
    let part = percent(vault.performance_fee_bps.0);
    let mark = rate(vault.hwm_wad.0);
    let text = format!("{part} of what the rate gains above {mark}, its high-water mark");
    if vault.uncollected_fee.0.is_zero() {
        return text;
    }
    let shares = short(vault.uncollected_fee.0);
    format!("{text}; {shares} fee shares wait to be split")
}

fn tickets(now_s: u64, tickets: &[TicketReport]) -> String {
    let mut sheet = Sheet::new(
        2,
        &["epoch", "state", "shares", "unpaid", "to claim", "held"],
    );
    for ticket in tickets {
        let state = if ticket.can_cancel {
            "open: weir cancel takes it back".to_owned()
        } else if ticket.settles_s > now_s {
            format!("settles {}", seen_from(now_s, ticket.settles_s))
        } else if !ticket.synced {
            "settled by the next call, which fixes what is held".to_owned()
        } else if ticket.queued.0.is_zero() {
            "settled".to_owned()
        } else {
            "settled in part".to_owned()
        };
        let list = |amounts: &crate::report::BySymbol| {
            let some = amounts.iter().filter(|(_, wei)| !wei.0.is_zero());
            let texts: Vec<String> = some
                .map(|(symbol, wei)| format!("{} {symbol}", short(wei.0)))
                .collect();
            if texts.is_empty() {
                "-".to_owned()
            } else {
                texts.join(", ")
            }
        };
        sheet.row([
            ticket.epoch.to_string(),
            state,
            cell(ticket.shares.0),
            cell(ticket.queued.0),
            list(&ticket.claimable),
            list(&ticket.held),
        ]);
    }
    sheet.text()
}
