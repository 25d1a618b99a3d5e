//! `weir rewards fund`.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IRewards, IVault};
use weir_protocol::clock::Clock;
use weir_protocol::vault::stream_ends;

use super::FundArgs;
use crate::amount::{exact, percent, short};
use crate::commands::allow;
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::time::at;
use crate::transact::{Call, Caller, Mined};

#[derive(Debug, Serialize)]
struct Funded {
    asset: String,
    operator: Address,
    amount: Wei,
    commission: Wei,
    end_epoch: u64,
    end_s: u64,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

pub async fn run(args: &FundArgs, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let (symbol, asset) = client.asset(&args.asset)?;
    let operator = client.account(&args.operator)?;
    let (vault, rewards) = (client.address("vault")?, client.address("rewards")?);
    let now = client.now().await?;
    let account = caller.address();
    let balance = now.ask(asset, IErc20::balanceOfCall { account }).await?;
    let amount = args.amount.of(balance);
    if amount > balance {
        return Err(Failure::new(
            Code::Refused,
            format!("cannot pay a reward of {} {symbol}", exact(amount)),
        )
        .because(format!("{} has {} {symbol}", caller.name(), exact(balance))));
    }
    let commission = now
        .ask(rewards, IRewards::commissionCall { operator })
        .await?;
    let max_bps = args.max_commission.map_or(commission.bps, U256::from);
    let wiring = now.ask(vault, IVault::wiringCall {}).await?;
    let clock = Clock {
        genesis_s: wiring.genesis,
        epoch_s: wiring.epochLength,
        grace_s: wiring.slashGrace,
    };
    let [first, last] = stream_ends(&clock, now.time_s);
    let wanted_s = now.time_s.saturating_add(args.span.as_secs());
    let wanted = clock.epoch_at(wanted_s.saturating_add(clock.epoch_s.saturating_sub(1)));
    let end = wanted.max(first);
    if end > last {
        return Err(Failure::usage("a reward cannot stream for so long")
            .because(format!("the last end is {}", at(clock.start_s(last)))));
    }
    let end_s = clock.start_s(end);

    let doing = format!("paying a reward of {} {symbol}", exact(amount));
    let call = IRewards::fundCall {
        asset,
        operator,
        amount,
        end,
        maxCommissionBps: max_bps,
    };
    let call = Call::new(rewards, call)
        .arg("asset", &symbol)
        .arg("operator", client.name_of(operator))
        .arg("amount", exact(amount))
        .arg("end", format!("epoch {end}, {}", at(end_s)))
        .arg("maxCommission", percent(max_bps));
    let expected = amount.saturating_mul(commission.bps) / U256::from(10_000);
    let mut outcome = Funded {
        asset: symbol.clone(),
        operator,
        amount: Wei(amount),
        commission: Wei(expected),
        end_epoch: end,
        end_s,
        mined: None,
    };
    let approval = allow::missing(&now, &caller, asset, rewards, amount).await?;
    let sentence = |outcome: &Funded| {
        format!(
            "{} for {}, {} {symbol} for the holders until {}",
            short(outcome.commission.0),
            client.name_of(operator),
            short(amount.saturating_sub(outcome.commission.0)),
            at(end_s)
        )
    };
    if caller.is_dry_run() {
        let mut calls = Vec::new();
        match &approval {
            Some(approval) => calls.push(approval.text(client)),
            None => outcome.commission = Wei(caller.simulate(&doing, &call).await?),
        }
        calls.push(call.text(client));
        let sentence = format!("  {}", sentence(&outcome));
        return caller.show_trial(&calls, &outcome, &sentence, &[]);
    }
    if let Some(approval) = approval {
        caller
            .send(&format!("approving {symbol}"), &approval)
            .await?;
    }
    outcome.commission = Wei(caller.simulate(&doing, &call).await?);
    let receipt = caller.send(&doing, &call).await?;
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "paid a reward of {} {symbol}: {}\n{}",
            exact(amount),
            sentence(outcome),
            mined.line()
        )
    })
}
