//! `weir rewards set-commission` and `claim-commission`.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::IRewards;

use crate::amount::{exact, percent};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

#[derive(Debug, Serialize)]
struct Set {
    operator: Address,
    bps: u64,
    /// From this epoch on.
    from_epoch: u64,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Claimed {
    receiver: Address,
    paid: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    /// Symbol of an asset, or `shares`.
    token: String,
    amount: Wei,
}

pub async fn set(bps: u64, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let rewards = client.address("rewards")?;
    let wanted = U256::from(bps);
    let call = Call::new(rewards, IRewards::setCommissionCall { bps: wanted })
        .arg("commission", percent(wanted));
    let doing = "setting the commission";
    caller.simulate(doing, &call).await?;
    let mut outcome = Set {
        operator: caller.address(),
        bps,
        from_epoch: 0,
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = format!("  {} would take {}", caller.name(), percent(wanted));
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(doing, &call).await?;
    if let Some(set) = event::<IRewards::CommissionSet>(&receipt, rewards) {
        outcome.from_epoch = set.from;
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{} takes {} of rewards from epoch {} on\n{}",
            caller.name(),
            percent(wanted),
            outcome.from_epoch,
            mined.line()
        )
    })
}

/// One call for each token of which something waits.
pub async fn claim(receiver: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let operator = caller.address();
    let receiver = match receiver {
        Some(text) => client.account(text)?,
        None => operator,
    };
    let rewards = client.address("rewards")?;
    let now = client.now().await?;
    let mut calls = Vec::new();
    let mut outcome = Claimed {
        receiver,
        paid: Vec::new(),
    };
    for (name, token) in super::list::tokens(client)? {
        let amount = now
            .ask(rewards, IRewards::earnedCall { operator, token })
            .await?;
        if amount.is_zero() {
            continue;
        }
        let to = receiver;
        let call = Call::new(rewards, IRewards::claimCommissionCall { token, to })
            .arg("token", &name)
            .arg("to", client.name_of(receiver));
        calls.push(call);
        outcome.paid.push(Part {
            token: name,
            amount: Wei(amount),
        });
    }
    if calls.is_empty() {
        return Err(Failure::new(Code::Refused, "there is nothing to claim")
            .because(format!("nothing waits for {}", caller.name()))
            .next("weir rewards list"));
    }
    let doing = "claiming commission";
    if caller.is_dry_run() {
        for call in &calls {
            caller.simulate(doing, call).await?;
        }
        let texts: Vec<_> = calls.iter().map(|call| call.text(client)).collect();
        let sentence = format!("  {} would be paid", client.name_of(receiver));
        return caller.show_trial(&texts, &outcome, &sentence, &[]);
    }
    for (call, part) in calls.iter().zip(&mut outcome.paid) {
        let receipt = caller.send(doing, call).await?;
        if let Some(event) = event::<IRewards::CommissionClaimed>(&receipt, rewards) {
            part.amount = Wei(event.amount);
        }
    }
    shell.result(&outcome, |outcome| {
        let paid = outcome.paid.iter();
        let parts: Vec<_> = paid
            .map(|part| format!("{} {}", exact(part.amount.0), part.token))
            .collect();
        format!("{} has {}\n", client.name_of(receiver), parts.join(", "))
    })
}
