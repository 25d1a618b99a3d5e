//! `weir rewards list`.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IRewards, IVault};

use crate::amount::{cell, percent, short};
use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::at;

#[derive(Debug, Serialize)]
struct Rewards {
    streams: Vec<Stream>,
    operators: Vec<Operator>,
}

#[derive(Debug, Serialize)]
struct Stream {
    asset: String,
    per_second: Wei,
    left: Wei,
    ends: Vec<End>,
}

#[derive(Debug, Serialize)]
struct End {
    epoch: u64,
    end_s: u64,
    per_second: Wei,
}

#[derive(Debug, Serialize)]
struct Operator {
    name: String,
    operator: Address,
    commission_bps: u64,
    next_commission_bps: u64,
    /// From this epoch on.
    next_from_epoch: u64,
    earned: Vec<Earned>,
}

#[derive(Debug, Serialize)]
struct Earned {
    /// Symbol of an asset, or `shares`.
    token: String,
    amount: Wei,
}

/// What rewards are paid in: the assets, and the vault's shares.
pub fn tokens(client: &Client) -> Result<Vec<(String, Address)>> {
    let assets = client.book.assets.iter();
    let mut tokens: Vec<_> = assets
        .map(|asset| (asset.symbol.clone(), asset.token))
        .collect();
    tokens.push(("shares".to_owned(), client.address("lrt")?));
    Ok(tokens)
}

pub async fn run(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let rewards = Rewards {
        streams: streams(&now).await?,
        operators: operators(&now).await?,
    };
    shell.result(&rewards, text)
}

async fn streams(now: &Moment<'_>) -> Result<Vec<Stream>> {
    let client = now.client;
    let vault = client.address("vault")?;
    let wiring = now.ask(vault, IVault::wiringCall {}).await?;
    let current = now.ask(vault, IVault::stateCall {}).await?.currentEpoch;
    let current: u64 = current.saturating_to();
    let mut streams = Vec::new();
    for asset in &client.book.assets {
        let call = IVault::streamsCall { asset: asset.token };
        let found = now.ask(vault, call).await?;
        let ends = (current.saturating_add(1)..).zip(found.ending);
        let ends = ends.filter(|(_, ending)| !ending.is_zero());
        let start_s = |epoch: u64| {
            wiring
                .genesis
                .saturating_add(epoch.saturating_mul(wiring.epochLength))
        };
        streams.push(Stream {
            asset: asset.symbol.clone(),
            per_second: Wei(found.perSecond),
            left: Wei(found.left),
            ends: ends
                .map(|(epoch, ending)| End {
                    epoch,
                    end_s: start_s(epoch),
                    per_second: Wei(ending),
                })
                .collect(),
        });
    }
    Ok(streams)
}

async fn operators(now: &Moment<'_>) -> Result<Vec<Operator>> {
    let client = now.client;
    let rewards = client.address("rewards")?;
    let mut operators = Vec::new();
    for (name, operator) in client.book.operators.clone() {
        let commission = now
            .ask(rewards, IRewards::commissionCall { operator })
            .await?;
        let mut earned = Vec::new();
        for (symbol, token) in tokens(client)? {
            let call = IRewards::earnedCall { operator, token };
            let amount = now.ask(rewards, call).await?;
            earned.push(Earned {
                token: symbol,
                amount: Wei(amount),
            });
        }
        operators.push(Operator {
            name,
            operator,
            commission_bps: commission.bps.saturating_to(),
            next_commission_bps: commission.nextBps.saturating_to(),
            next_from_epoch: commission.from,
            earned,
        });
    }
    Ok(operators)
}

fn text(rewards: &Rewards) -> String {
    let mut text = format!("{}\n", bold("Streams"));
    let mut sheet = Sheet::new(1, &["asset", "a day", "left", "ends"]);
    for stream in &rewards.streams {
        let ends = stream.ends.iter();
        let ends: Vec<_> = ends
            .map(|end| format!("epoch {}, {}", end.epoch, at(end.end_s)))
            .collect();
        sheet.row([
            stream.asset.clone(),
            cell(stream.per_second.0.saturating_mul(U256::from(86_400))),
            cell(stream.left.0),
            if ends.is_empty() {
                "-".to_owned()
            } else {
                ends.join("; ")
            },
        ]);
    }
    text += &sheet.text();
    text += &format!("\n{}\n", bold("Operators"));
    let mut sheet = Sheet::new(1, &["operator", "takes", "waits"]);
    for operator in &rewards.operators {
        let now = percent(U256::from(operator.commission_bps));
        let next = percent(U256::from(operator.next_commission_bps));
        let takes = if now == next {
            now
        } else {
            format!("{now}, {next} from epoch {}", operator.next_from_epoch)
        };
        let waits = operator.earned.iter();
        let waits: Vec<_> = waits
            .filter(|part| !part.amount.0.is_zero())
            .map(|part| format!("{} {}", short(part.amount.0), part.token))
            .collect();
        let waits = if waits.is_empty() {
            "-".to_owned()
        } else {
            waits.join(", ")
        };
        sheet.row([operator.name.clone(), takes, waits]);
    }
    text + &sheet.text()
}
