//! `weir rewards collect`: fee shares go where they belong.

use serde::Serialize;
use weir_abi::{ICover, IErc20, IRewards, IVault};

use crate::amount::short;
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, SendArgs, event};

#[derive(Debug, Default, Serialize)]
struct Collected {
    treasury: Wei,
    cover: Wei,
    operators: Wei,
    /// What of the operators' part was divided among them; 0 while none has stake that can be slashed.
    shared: Wei,
}

/// Takes the fee that is due, splits what waits, lets cover's part vest, and divides the operators' part. What is not due is left
/// out.
pub async fn run(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (vault, cover) = (client.address("vault")?, client.address("cover")?);
    let (rewards, lrt) = (client.address("rewards")?, client.address("lrt")?);
    let now = client.now().await?;
    let waits = now
        .ask(vault, IVault::performanceFeeCall {})
        .await?
        .uncollected;
    let mut outcome = Collected::default();
    let accrue = Call::new(vault, IVault::accrueFeeCall {});
    let collect = Call::new(vault, IVault::collectFeesCall {});
    let earn = Call::new(cover, ICover::earnCall {});
    let share = Call::new(rewards, IRewards::shareFeesCall {});
    if caller.is_dry_run() {
        let calls = [
            accrue.text(client),
            collect.text(client),
            earn.text(client),
            share.text(client),
        ];
        let sentence = format!("  {} fee shares wait", short(waits));
        return caller.show_trial(&calls, &outcome, &sentence, &[]);
    }
    // A fee is taken only while every rate is fresh; what was taken before waits all the same.
    if caller.simulate("taking the fee", &accrue).await.is_ok() {
        caller.send("taking the fee", &accrue).await?;
    }
    let now = client.now().await?;
    let fees = now.ask(vault, IVault::performanceFeeCall {}).await?;
    if !fees.uncollected.is_zero() && caller.simulate("splitting the fee", &collect).await.is_ok() {
        let receipt = caller.send("splitting the fee", &collect).await?;
        if let Some(event) = event::<IVault::FeesCollected>(&receipt, vault) {
            outcome.treasury = Wei(event.treasury);
            outcome.cover = Wei(event.cover);
            outcome.operators = Wei(event.operators);
        }
    }
    if caller.simulate("letting cover earn", &earn).await.is_ok() {
        caller.send("letting cover earn", &earn).await?;
    }
    let account = rewards;
    let here = client
        .now()
        .await?
        .ask(lrt, IErc20::balanceOfCall { account })
        .await?;
    if !here.is_zero() && caller.simulate("sharing the fee", &share).await.is_ok() {
        let receipt = caller.send("sharing the fee", &share).await?;
        if let Some(event) = event::<IRewards::FeesShared>(&receipt, rewards) {
            outcome.shared = Wei(event.shares);
        }
    }
    shell.result(&outcome, |outcome| {
        format!(
            "fee shares: {} to the treasury, {} to cover, {} to the operators, of which {} were divided now\n",
            short(outcome.treasury.0),
            short(outcome.cover.0),
            short(outcome.operators.0),
            short(outcome.shared.0)
        )
    })
}
