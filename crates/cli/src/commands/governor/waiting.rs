//! What is scheduled: listed, shown, executed, taken back.

use alloy::primitives::Address;
use alloy::sol_types::SolCall;
use serde::Serialize;
use weir_abi::IGovernor;

use crate::connect::{ChainArgs, Client, Moment};
use crate::decode::Decoded;
use crate::failure::Result;
use crate::governed::{self, Changed};
use crate::order::refusal;
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::{seen_from, span};
use crate::transact::{Call, Caller, Mined, SendArgs};

/// A scheduled call.
#[derive(Debug, Serialize)]
pub struct Scheduled {
    /// Its number.
    pub id: u64,
    /// `waiting`, `ripe`, `expired`, `executed` or `cancelled`.
    pub state: &'static str,
    /// What it calls.
    pub call: Decoded,
    /// When it was scheduled, Unix seconds.
    pub scheduled_s: u64,
    /// From when on anyone can execute it, Unix seconds.
    pub ripe_s: u64,
    /// From when on nobody can, Unix seconds.
    pub expires_s: u64,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    scheduled: Scheduled,
    changes: Vec<Changed>,
    /// Why it would be refused if it were made now.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_now: Option<String>,
}

#[derive(Debug, Serialize)]
struct Ended {
    id: u64,
    state: &'static str,
    call: Decoded,
    changes: Vec<Changed>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Status {
    governor: Address,
    curator: Address,
    guardian: Address,
    short_wait_s: u64,
    long_wait_s: u64,
    grace_s: u64,
    scheduled: u64,
    waiting: Vec<Scheduled>,
}

impl Scheduled {
    /// A scheduled call.
    ///
    /// # Errors
    /// There is none of this number, or the chain did not answer.
    pub async fn read(now: &Moment<'_>, id: u64) -> Result<Self> {
        let client = now.client;
        let governor = client.address("governor")?;
        let doing = format!("reading scheduled change {id}");
        let proposal = IGovernor::proposalCall { id };
        let proposal = now.ask_for(&doing, governor, proposal).await?;
        let data = IGovernor::proposalDataCall { id };
        let data = now.ask(governor, data).await?;
        let state = match proposal.status {
            2 => "executed",
            3 => "cancelled",
            _ if now.time_s < proposal.ripeAt => "waiting",
            _ if now.time_s < proposal.expiresAt => "ripe",
            _ => "expired",
        };
        Ok(Self {
            id,
            state,
            call: Decoded::new(client, proposal.target, &data),
            scheduled_s: proposal.scheduledAt,
            ripe_s: proposal.ripeAt,
            expires_s: proposal.expiresAt,
        })
    }

    /// What waits or is ripe, newest first. What was scheduled longer ago than the longest wait and the time to execute has ended,
    /// so that a long history costs nothing.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn open(now: &Moment<'_>) -> Result<Vec<Self>> {
        let governor = now.client.address("governor")?;
        let terms = now.ask(governor, IGovernor::termsCall {}).await?;
        let longest_s = terms.longWaitS.saturating_add(terms.graceS);
        let mut open = Vec::new();
        for id in (1..=now.ask(governor, IGovernor::countCall {}).await?).rev() {
            let scheduled = Self::read(now, id).await?;
            if scheduled.scheduled_s.saturating_add(longest_s) < now.time_s {
                break;
            }
            if matches!(scheduled.state, "waiting" | "ripe") {
                open.push(scheduled);
            }
        }
        Ok(open)
    }

    async fn all(now: &Moment<'_>) -> Result<Vec<Self>> {
        let governor = now.client.address("governor")?;
        let mut all = Vec::new();
        for id in (1..=now.ask(governor, IGovernor::countCall {}).await?).rev() {
            all.push(Self::read(now, id).await?);
        }
        Ok(all)
    }

    /// When something can be done about it: `ripe 2026-12-16 10:00:00 UTC (in 23 days 12h)`.
    pub fn when(&self, now_s: u64) -> String {
        match self.state {
            "waiting" => format!("ripe {}", seen_from(now_s, self.ripe_s)),
            "ripe" => format!("until {}", seen_from(now_s, self.expires_s)),
            "expired" => format!("since {}", seen_from(now_s, self.expires_s)),
            _ => "-".to_owned(),
        }
    }
}

/// Lists what is scheduled.
pub async fn list(all: bool, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let list = if all {
        Scheduled::all(&now).await?
    } else {
        Scheduled::open(&now).await?
    };
    shell.result(&list, |list| {
        if list.is_empty() {
            let more = if all {
                ""
            } else {
                ": weir governor list --all"
            };
            return format!("nothing is scheduled{more}\n");
        }
        table(&client, now.time_s, list)
    })
}

/// A row for each.
pub fn table(client: &Client, now_s: u64, list: &[Scheduled]) -> String {
    let mut sheet = Sheet::new(4, &["", "state", "when", "call"]);
    for scheduled in list {
        sheet.row([
            scheduled.id.to_string(),
            scheduled.state.to_owned(),
            scheduled.when(now_s),
            scheduled.call.text(client),
        ]);
    }
    sheet.text()
}

/// Shows one.
pub async fn show(id: u64, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let scheduled = Scheduled::read(&now, id).await?;
    let is_open = matches!(scheduled.state, "waiting" | "ripe");
    let (target, data) = (scheduled.call.address, &scheduled.call.data);
    let (changes, refused_now) = if is_open {
        let governor = client.address("governor")?;
        (
            governed::changes(&now, target, data).await?,
            refusal(&client, governor, target, data).await?,
        )
    } else {
        (Vec::new(), None)
    };
    let shown = Shown {
        scheduled,
        changes,
        refused_now,
    };
    shell.result(&shown, |shown| {
        let Scheduled { id, state, .. } = shown.scheduled;
        let mut text = format!(
            "{}\n  {}\n\n",
            bold(format!("Scheduled change {id}, {state}")),
            shown.scheduled.call.text(&client)
        );
        if !shown.changes.is_empty() {
            text += &format!("{}\n", governed::table(&client, &shown.changes));
        }
        for (name, time_s) in [
            ("scheduled", shown.scheduled.scheduled_s),
            ("ripe", shown.scheduled.ripe_s),
            ("expires", shown.scheduled.expires_s),
        ] {
            text += &format!("  {name:<10} {}\n", seen_from(now.time_s, time_s));
        }
        if let Some(why) = &shown.refused_now {
            text += &format!("  made now, it would be refused: {why}\n");
        }
        text
    })
}

/// Makes a ripe call.
pub async fn execute(id: u64, send: &SendArgs, shell: Shell) -> Result {
    let call = IGovernor::executeCall { id };
    end(id, call, ["executing", "executed"], send, shell).await
}

/// Takes a call back.
pub async fn cancel(id: u64, send: &SendArgs, shell: Shell) -> Result {
    let call = IGovernor::cancelCall { id };
    end(id, call, ["cancelling", "cancelled"], send, shell).await
}

async fn end<C: SolCall>(
    id: u64,
    call: C,
    [doing, state]: [&'static str; 2],
    send: &SendArgs,
    shell: Shell,
) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let now = client.now().await?;
    let scheduled = Scheduled::read(&now, id).await?;
    let words = scheduled.call.text(client);
    let call = Call::new(client.address("governor")?, call).arg("id", id);
    let doing = format!("{doing} scheduled change {id}");
    caller.simulate(&doing, &call).await?;
    let (target, data) = (scheduled.call.address, &scheduled.call.data);
    let changes = if state == "executed" {
        governed::changes(&now, target, data).await?
    } else {
        Vec::new()
    };
    let mut outcome = Ended {
        id,
        state,
        call: scheduled.call,
        changes,
        mined: None,
    };
    let table = match outcome.changes.as_slice() {
        [] => String::new(),
        some => format!("\n{}\n", governed::table(client, some)),
    };
    if caller.is_dry_run() {
        let sentence = format!("  {words} would be {state}\n{table}");
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let mined = caller.mined(&caller.send(&doing, &call).await?);
    outcome.mined = Some(mined);
    shell.result(&outcome, |_| {
        format!("{state}: {words}\n{table}{}", mined.line())
    })
}

/// Shows roles and waits.
pub async fn status(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let governor = client.address("governor")?;
    let roles = now.ask(governor, IGovernor::rolesCall {}).await?;
    let terms = now.ask(governor, IGovernor::termsCall {}).await?;
    let status = Status {
        governor: roles.governor,
        curator: roles.curator,
        guardian: roles.guardian,
        short_wait_s: terms.shortWaitS,
        long_wait_s: terms.longWaitS,
        grace_s: terms.graceS,
        scheduled: now.ask(governor, IGovernor::countCall {}).await?,
        waiting: Scheduled::open(&now).await?,
    };
    shell.result(&status, |status| {
        let mut text = String::new();
        let mut line = |name: &str, value: String| text += &format!("  {name:<11} {value}\n");
        line("governor", client.label(status.governor));
        line("curator", client.label(status.curator));
        line("guardian", client.label(status.guardian));
        line(
            "waits",
            format!(
                "{} for what changes a price or a fee, {} for what lets new value or new loss in",
                span(status.short_wait_s),
                span(status.long_wait_s)
            ),
        );
        line(
            "expiry",
            format!("{} after a change is ripe", span(status.grace_s)),
        );
        line(
            "scheduled",
            format!("{} so far, {} open", status.scheduled, status.waiting.len()),
        );
        if !status.waiting.is_empty() {
            text += "\n";
            text += &table(&client, now.time_s, &status.waiting);
        }
        text
    })
}
