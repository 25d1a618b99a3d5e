//! What happens in the demo, act by act.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolEvent;
use weir_abi::{IErc20, IExits, IHub, ILst, IRates, IVault};
use weir_deployment::amount::WAD;

use super::evidence::equivocation;
use super::stage::Stage;
use crate::amount::{rate, short};
use crate::failure::{Code, Failure, Result};
use crate::read::ticket_id;
use crate::transact::{Call, event};

const HOUR_S: u64 = 3_600;

/// Tells the whole story.
///
/// # Errors
/// A contract refuses what the story needs.
pub async fn tell(stage: &mut Stage) -> Result {
    deposits(stage).await?;
    yields(stage).await?;
    bob_asks_to_leave(stage).await?;
    let (bad, good) = two_slashes(stage).await?;
    let last_epoch = contested_exits(stage).await?;
    veto(stage, bad).await?;
    execution(stage, good).await?;
    equivocation(stage).await?;
    last_claims(stage, last_epoch).await
}

async fn deposits(stage: &mut Stage) -> Result {
    stage.open("Three holders bring two assets")?;
    for (name, symbol, whole) in [
        ("alice", "wstETH", 100),
        ("bob", "rETH", 60),
        ("carol", "wstETH", 40),
    ] {
        let amount = tokens(whole);
        let shares = deposit(stage, name, symbol, amount).await?;
        stage.say(format!(
            "{name} deposits {whole} {symbol} and gets {} shares.",
            short(shares)
        ))?;
    }
    stage.say("95 % of it is staked with operators; 5 % stays idle, for instant exits.")?;
    stage.close().await
}

async fn yields(stage: &mut Stage) -> Result {
    stage.open("The assets earn, and so does every share")?;
    let now_s = stage.vault().await?.time_s;
    stage.go_to(now_s + 24 * HOUR_S).await?;
    let before = stage.vault().await?.state.rateWad;
    for (pool, symbol, bps) in [("steth", "wstETH", 40), ("reth", "rETH", 30)] {
        let at = stage.client().address(pool)?;
        let pooled = stage
            .client()
            .now()
            .await?
            .ask(at, ILst::totalPooledEtherCall {})
            .await?;
        let ether = pooled * U256::from(bps) / U256::from(10_000);
        stage
            .send(
                "governor",
                "paying yield",
                Call::new(at, ILst::accrueCall {}).value(ether),
            )
            .await?;
        stage.say(format!("Validators behind {symbol} earn 0.{bps} %."))?;
    }
    let rates = stage.client().address("rates")?;
    stage
        .send(
            "erin",
            "taking the rates in",
            Call::new(rates, IRates::pokeCall {}),
        )
        .await?;
    let after = stage.vault().await?.state.rateWad;
    stage.say(format!(
        "Anyone may report it: the rate of a share goes from {} to {}.",
        rate(before),
        rate(after)
    ))?;
    stage.close().await
}

async fn bob_asks_to_leave(stage: &mut Stage) -> Result {
    stage.open("Bob asks to leave with half")?;
    let shares = stage.holder("bob").await?.shares / U256::from(2);
    let epoch = request(stage, "bob", shares).await?;
    let clock = stage.clock().await?;
    stage.say(format!("bob puts {} shares into the exit batch of epoch {epoch}. They still earn, and still bleed.", short(shares)))?;
    stage.go_to(clock.start_s(epoch + 1)).await?;
    sync(stage).await?;
    stage.say("The epoch ends: what the batch will need beyond idle is unstaked, and stays slashable until it settles.")?;
    stage.close().await
}

/// Files two slashes an hour before bob's exit settles; returns their numbers.
async fn two_slashes(stage: &mut Stage) -> Result<(u64, u64)> {
    stage.open("Two slashes are filed, an hour before Bob's exit settles")?;
    let clock = stage.clock().await?;
    stage.go_to(clock.maturity_s(0) - HOUR_S).await?;
    let mut ids = Vec::new();
    for (percent, why) in [
        (5, "evidence that will not stand"),
        (10, "an operator that signed twice"),
    ] {
        let (id, losses) = file(stage, percent).await?;
        stage.say(format!(
            "Slash request {id}, for {why}: {percent} % of the operator's stake, {losses}."
        ))?;
        ids.push(id);
    }
    let state = stage.vault().await?.state;
    stage.say(format!(
        "What they would take is contested: nobody's, until decided. The rate is {}, its floor {}.",
        rate(state.rateWad),
        rate(state.floorRateWad)
    ))?;
    stage.close().await?;
    match ids[..] {
        [bad, good] => Ok((bad, good)),
        _ => Err(Failure::new(
            Code::Failed,
            "the story needs two slash requests",
        )),
    }
}

/// Returns the epoch of Carol's exit.
async fn contested_exits(stage: &mut Stage) -> Result<u64> {
    stage.open("Exits under contest")?;
    let shares = tokens(5);
    let (amount, fee, aside) = redeem(stage, "carol", "wstETH", shares).await?;
    stage.say(format!(
        "carol leaves at once with {} shares, at the floor: {} wstETH, a fee of {}; {} are set aside.",
        short(shares),
        short(amount),
        short(fee),
        short(aside)
    ))?;
    let clock = stage.clock().await?;
    stage.go_to(clock.maturity_s(0)).await?;
    sync(stage).await?;
    stage.say("Bob's batch settles in kind, without any price: the certain part is his, the contested part is held.")?;
    let paid = claim(stage, "bob", 0).await?;
    stage.say(format!(
        "bob claims {paid}; what is held waits for the decisions."
    ))?;
    let carol = stage.holder("carol").await?.shares;
    let epoch = request(stage, "carol", carol).await?;
    stage.say(format!(
        "carol puts her other {} shares into the queue, in epoch {epoch}.",
        short(carol)
    ))?;
    stage.close().await?;
    Ok(epoch)
}

async fn veto(stage: &mut Stage, id: u64) -> Result {
    stage.open("The resolver vetoes the first slash")?;
    let hub = stage.client().address("hub")?;
    stage
        .send("resolver", "vetoing", Call::new(hub, IHub::vetoCall { id }))
        .await?;
    stage.say(format!("Request {id} is vetoed. What was held for it goes to Bob's batch; what was set aside drips back."))?;
    let paid = claim(stage, "bob", 0).await?;
    stage.say(format!("bob claims {paid} more."))?;
    stage.close().await
}

async fn execution(stage: &mut Stage, id: u64) -> Result {
    stage.open("The second slash stands")?;
    let hub = stage.client().address("hub")?;
    let view = stage.vault().await?;
    let window_s = view
        .undecided
        .first()
        .map(|request| request.request.filedAt + request.terms.vetoWindow);
    stage.go_to(window_s.unwrap_or(view.time_s)).await?;
    stage
        .send(
            "dave",
            "arming the slash",
            Call::new(hub, IHub::armCall { id }),
        )
        .await?;
    stage.say("The veto window is over, and dave, a stranger, arms the request. A veto still counts for 12 hours.")?;
    let armed_s = stage.vault().await?.time_s;
    stage
        .go_to(armed_s + weir_protocol::hub::EXECUTE_DELAY_S)
        .await?;
    let before = stage.vault().await?.state.rateWad;
    let receipt = stage
        .send(
            "erin",
            "executing the slash",
            Call::new(hub, IHub::executeCall { id }),
        )
        .await?;
    let after = stage.vault().await?.state.rateWad;
    stage.say(format!(
        "erin, another one, executes it: the rate falls from {} to {} in this transaction.",
        rate(before),
        rate(after)
    ))?;
    let vault = stage.client().address("vault")?;
    let sink = event::<IVault::Slashed>(&receipt, vault)
        .map(|slashed| slashed.sink)
        .unwrap_or_default();
    pull(stage, sink).await?;
    stage.close().await
}

async fn last_claims(stage: &mut Stage, epoch: u64) -> Result {
    stage.open("Everybody comes home")?;
    let clock = stage.clock().await?;
    stage.go_to(clock.maturity_s(epoch)).await?;
    sync(stage).await?;
    let paid = claim(stage, "carol", epoch).await?;
    stage.say(format!("carol's batch settles, and she claims {paid}."))?;
    let shares = tokens(2);
    let (amount, fee, _) = redeem(stage, "alice", "rETH", shares).await?;
    stage.say(format!(
        "alice takes {} shares out at once: {} rETH, after a fee of {}.",
        short(shares),
        short(amount),
        short(fee)
    ))?;
    stage.close().await
}

/// Strangers send what is due to a sink to where it belongs.
pub async fn pull(stage: &mut Stage, sink: Address) -> Result {
    let vault = stage.client().address("vault")?;
    for asset in stage.vault().await?.assets {
        if asset.vault.ledger.due.is_zero() {
            continue;
        }
        let call = IVault::pullCall {
            asset: asset.token,
            sink,
        };
        let receipt = stage
            .send("dave", "pulling", Call::new(vault, call))
            .await?;
        let amount = found(event::<IVault::Pulled>(&receipt, vault))?.amount;
        stage.say(format!(
            "{} slashed {} are burned.",
            short(amount),
            asset.symbol
        ))?;
    }
    Ok(())
}

fn tokens(whole: u64) -> U256 {
    U256::from(whole) * WAD
}

/// The event that a call of the story must have emitted.
fn found<E: SolEvent>(event: Option<E>) -> Result<E> {
    event.ok_or_else(|| {
        Failure::new(
            Code::Failed,
            format!("the contract did not emit {}", E::SIGNATURE),
        )
    })
}

async fn deposit(stage: &Stage, name: &str, symbol: &str, amount: U256) -> Result<U256> {
    let (_, token) = stage.client().asset(symbol)?;
    let vault = stage.client().address("vault")?;
    stage
        .send(
            name,
            "approving",
            Call::new(
                token,
                IErc20::approveCall {
                    spender: vault,
                    value: amount,
                },
            ),
        )
        .await?;
    let call = IVault::depositCall {
        asset: token,
        amount,
        receiver: stage.address(name)?,
        minShares: U256::ZERO,
        minFloorRate: U256::ZERO,
        deadline: U256::MAX,
    };
    let receipt = stage
        .send(name, "depositing", Call::new(vault, call))
        .await?;
    Ok(found(event::<IVault::Deposited>(&receipt, vault))?.shares)
}

/// Puts shares into the queue; returns the epoch of their batch.
async fn request(stage: &Stage, name: &str, shares: U256) -> Result<u64> {
    let exits = stage.client().address("exits")?;
    let call = IExits::requestCall {
        shares,
        receiver: stage.address(name)?,
    };
    let receipt = stage
        .send(name, "requesting an exit", Call::new(exits, call))
        .await?;
    Ok(found(event::<IExits::Requested>(&receipt, exits))?.epoch)
}

/// Claims the ticket of an epoch; tells what was paid.
async fn claim(stage: &Stage, name: &str, epoch: u64) -> Result<String> {
    let exits = stage.client().address("exits")?;
    let call = IExits::claimCall {
        ticketId: ticket_id(epoch, stage.address(name)?),
    };
    let receipt = stage.send(name, "claiming", Call::new(exits, call)).await?;
    let amounts = found(event::<IExits::Claimed>(&receipt, exits))?.amounts;
    listed(stage, &amounts).await
}

/// Files a slash of so many percent of the operator's stake; returns its number and tells what it would take.
async fn file(stage: &Stage, percent: u64) -> Result<(u64, String)> {
    let client = stage.client();
    let (hub, vault) = (client.address("hub")?, client.address("vault")?);
    let call = IHub::fileCall {
        vault,
        service: 1,
        operator: stage.address("operator")?,
        wad: percent * 10_000_000_000_000_000,
        offenceEpoch: stage.vault().await?.epoch(),
        evidence: B256::repeat_byte(percent as u8),
    };
    let receipt = stage
        .send("slasher", "filing a slash", Call::new(hub, call))
        .await?;
    let filed = found(event::<IHub::SlashFiled>(&receipt, hub))?;
    Ok((filed.id, listed(stage, &filed.losses).await?))
}

/// Redeems at once; returns the amount, the fee, and what was set aside for undecided slashes.
async fn redeem(
    stage: &Stage,
    name: &str,
    symbol: &str,
    shares: U256,
) -> Result<(U256, U256, U256)> {
    let (_, token) = stage.client().asset(symbol)?;
    let vault = stage.client().address("vault")?;
    let receiver = stage.address(name)?;
    let call = IVault::redeemCall {
        asset: token,
        shares,
        receiver,
        minAmount: U256::ZERO,
        deadline: U256::MAX,
    };
    let receipt = stage
        .send(name, "redeeming", Call::new(vault, call))
        .await?;
    let redeemed = found(event::<IVault::Redeemed>(&receipt, vault))?;
    Ok((redeemed.amount, redeemed.fee, redeemed.setAside))
}

/// Closes and settles what is due. Any call would; in the story a stranger does.
async fn sync(stage: &Stage) -> Result {
    let vault = stage.client().address("vault")?;
    stage
        .send("dave", "syncing", Call::new(vault, IVault::syncCall {}))
        .await
        .map(drop)
}

/// `3.2000 wstETH and 1.1000 rETH`.
pub async fn listed(stage: &Stage, amounts: &[U256]) -> Result<String> {
    let assets = stage.vault().await?.assets;
    let some = assets
        .iter()
        .zip(amounts)
        .filter(|(_, amount)| !amount.is_zero());
    let texts: Vec<String> = some
        .map(|(asset, amount)| format!("{} {}", short(*amount), asset.symbol))
        .collect();
    Ok(if texts.is_empty() {
        "nothing".to_owned()
    } else {
        texts.join(" and ")
    })
}
