//! Who held shares when an asset moved to its side pocket, from the events of the chain.
//!
//! ```text
//! balances    every `Transfer` of the share token, up to the transaction that pocketed the asset
//! tickets     shares of `Requested`, `Cancelled`, `TicketTransferred`, `Claimed`, of which unfilled / all are not paid yet
//! cover       bonds of operators, members with what joins, stakes of services for their slashers: its views at that block
//! fees        `FeeTaken` less `FeesCollected`: the treasury and the operators' keeper by their parts
//! ```
//!
//! What the vault, the exits and the cover contract hold beyond that, and the shares that were locked for ever, is nobody's. The
//! balances must add up to the supply that the vault's event tells.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, U256, address};
use alloy::rpc::types::Log;
use alloy::sol_types::SolEvent;
use weir_abi::IErc20::Transfer;
use weir_abi::IExits::{Cancelled, Claimed, Requested, TicketTransferred};
use weir_abi::IVault::{BatchSettled, FeeTaken, FeesCollected, Pocketed};
use weir_abi::{ICover, IHub, IVault};

use crate::connect::{Client, Moment};
use crate::failure::{Code, Failure, Result};
use crate::read::{first_block, logs};

/// Has the shares that the first deposit locks.
const DEAD: Address = address!("000000000000000000000000000000000000dEaD");

/// Who held shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The asset that was pocketed.
    pub asset: Address,
    /// The block of it.
    pub block: u64,
    /// All shares of that moment.
    pub supply: U256,
    /// Shares by account.
    pub holdings: BTreeMap<Address, U256>,
    /// Shares that are nobody's.
    pub nobodys: U256,
}

type Holdings = BTreeMap<Address, U256>;

/// Up to where events count: the transaction that pocketed the asset.
#[derive(Debug, Clone, Copy)]
struct Cut {
    block: u64,
    transaction: u64,
}

impl Cut {
    fn has(&self, log: &Log) -> bool {
        let at = (
            log.block_number.unwrap_or(u64::MAX),
            log.transaction_index.unwrap_or(u64::MAX),
        );
        at <= (self.block, self.transaction)
    }
}

/// Reads who held shares when `asset` was pocketed.
///
/// # Errors
/// It was not, the chain did not answer, or balances do not add up.
pub async fn snapshot(client: &Client, asset: Address) -> Result<Snapshot> {
    let (cut, supply) = pocketed(client, asset).await?;
    let [vault, exits, cover] = ["vault", "exits", "cover"].map(|name| client.address(name));
    let (vault, exits, cover) = (vault?, exits?, cover?);
    let mut holdings = balances(client, cut).await?;
    let all = holdings
        .values()
        .fold(U256::ZERO, |a, b| a.saturating_add(*b));
    if all != supply {
        return Err(
            Failure::new(Code::Mismatch, "the balances of shares do not add up")
                .because(format!(
                    "transfers since block {} sum to {all} wei of shares, and there were {supply}",
                    first_block(client)
                ))
                .next("an endpoint with all events since the deployment"),
        );
    }
    let mut escrowed = |contract: Address| holdings.remove(&contract).unwrap_or_default();
    let (in_vault, in_exits, in_cover) = (escrowed(vault), escrowed(exits), escrowed(cover));
    holdings.remove(&DEAD);
    for (what, parts, most) in [
        ("tickets", tickets(client, cut, vault).await?, in_exits),
        ("cover", stakes(client, cut).await?, in_cover),
        ("fees", fees(client, cut, cover).await?, in_vault),
    ] {
        let sum = parts.values().fold(U256::ZERO, |a, b| a.saturating_add(*b));
        if sum > most {
            return Err(Failure::new(
                Code::Mismatch,
                format!("the shares of {what} do not add up"),
            )
            .because(format!(
                "they sum to {sum} wei, and the contract held {most}"
            ))
            .next("an endpoint that answers for old blocks (an archive node)"));
        }
        for (account, shares) in parts {
            let own = holdings.entry(account).or_default();
            *own = own.saturating_add(shares);
        }
    }
    holdings.retain(|account, shares| !account.is_zero() && !shares.is_zero());
    let named = holdings
        .values()
        .fold(U256::ZERO, |a, b| a.saturating_add(*b));
    Ok(Snapshot {
        asset,
        block: cut.block,
        supply,
        holdings,
        nobodys: supply.saturating_sub(named),
    })
}

/// When `asset` was pocketed, and how many shares there were.
async fn pocketed(client: &Client, asset: Address) -> Result<(Cut, U256)> {
    let latest = client.now().await?.number;
    let (vault, from) = (client.address("vault")?, first_block(client));
    let found = logs(client, vault, &[Pocketed::SIGNATURE_HASH], from, latest).await?;
    for log in found {
        if let Ok(event) = Pocketed::decode_log(&log.inner)
            && event.token == asset
        {
            let cut = Cut {
                block: log.block_number.unwrap_or_default(),
                transaction: log.transaction_index.unwrap_or_default(),
            };
            return Ok((cut, event.supply));
        }
    }
    let name = client.label(asset);
    Err(
        Failure::new(Code::Refused, format!("{name} is in no side pocket"))
            .because("the vault never moved it there")
            .next(format!(
                "weir governor propose delist {name}, then pocket {name}"
            )),
    )
}

async fn events(client: &Client, cut: Cut, name: &str, kinds: &[B256]) -> Result<Vec<Log>> {
    let contract = client.address(name)?;
    let mut found = logs(client, contract, kinds, first_block(client), cut.block).await?;
    found.retain(|log| cut.has(log));
    Ok(found)
}

async fn balances(client: &Client, cut: Cut) -> Result<Holdings> {
    let mut balances = Holdings::new();
    for log in events(client, cut, "lrt", &[Transfer::SIGNATURE_HASH]).await? {
        let Ok(event) = Transfer::decode_log(&log.inner) else {
            continue;
        };
        if !event.from.is_zero() {
            let from = balances.entry(event.from).or_default();
            *from = from.saturating_sub(event.value);
        }
        if !event.to.is_zero() {
            let to = balances.entry(event.to).or_default();
            *to = to.saturating_add(event.value);
        }
    }
    Ok(balances)
}

/// Shares of tickets that are not paid, by owner, but for the vault's own.
async fn tickets(client: &Client, cut: Cut, vault: Address) -> Result<Holdings> {
    let kinds = [
        Requested::SIGNATURE_HASH,
        Cancelled::SIGNATURE_HASH,
        TicketTransferred::SIGNATURE_HASH,
        Claimed::SIGNATURE_HASH,
    ];
    let mut tickets: BTreeMap<U256, U256> = BTreeMap::new();
    for log in events(client, cut, "exits", &kinds).await? {
        if let Ok(event) = Requested::decode_log(&log.inner) {
            tickets.insert(event.ticketId, event.total);
        } else if let Ok(event) = Cancelled::decode_log(&log.inner) {
            tickets.insert(event.ticketId, event.left);
        } else if let Ok(event) = TicketTransferred::decode_log(&log.inner) {
            tickets.remove(&event.ticketId);
            let joined = tickets.entry(event.newTicketId).or_default();
            *joined = joined.saturating_add(event.shares);
        } else if let Ok(event) = Claimed::decode_log(&log.inner)
            && event.finished
        {
            tickets.remove(&event.ticketId);
        }
    }
    // Of each batch, shares that were paid and shares that were not.
    let mut batches: BTreeMap<u64, (U256, U256)> = BTreeMap::new();
    for log in events(client, cut, "vault", &[BatchSettled::SIGNATURE_HASH]).await? {
        if let Ok(event) = BatchSettled::decode_log(&log.inner) {
            let (paid, unpaid) = batches.entry(event.epoch).or_default();
            *paid = paid.saturating_add(event.filled);
            *unpaid = event.unfilled;
        }
    }
    let mut owners = Holdings::new();
    for (ticket, shares) in tickets {
        let owner = Address::from_word(ticket.into());
        let epoch = (ticket >> 160_usize).saturating_to::<u64>();
        let unpaid = match batches.get(&epoch) {
            None => shares,
            Some((paid, unpaid)) => match paid.saturating_add(*unpaid) {
                all if all.is_zero() => U256::ZERO,
                all => shares.saturating_mul(*unpaid) / all,
            },
        };
        if owner != vault {
            let own = owners.entry(owner).or_default();
            *own = own.saturating_add(unpaid);
        }
    }
    Ok(owners)
}

/// Shares in the cover contract by who could take them out.
async fn stakes(client: &Client, cut: Cut) -> Result<Holdings> {
    let kinds = [
        ICover::Bonded::SIGNATURE_HASH,
        ICover::Entered::SIGNATURE_HASH,
        ICover::Funded::SIGNATURE_HASH,
    ];
    let (mut operators, mut members, mut services) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for log in events(client, cut, "cover", &kinds).await? {
        if let Ok(event) = ICover::Bonded::decode_log(&log.inner) {
            operators.insert(event.operator);
        } else if let Ok(event) = ICover::Entered::decode_log(&log.inner) {
            members.insert(event.member);
        } else if let Ok(event) = ICover::Funded::decode_log(&log.inner) {
            services.insert(event.service);
        }
    }
    let then = moment(client, cut);
    let (cover, hub) = (client.address("cover")?, client.address("hub")?);
    let mut owners = Holdings::new();
    let mut give = |owner: Address, shares: U256| {
        let own = owners.entry(owner).or_default();
        *own = own.saturating_add(shares);
    };
    for operator in operators {
        let bond = then.ask(cover, ICover::bondOfCall { operator }).await?;
        give(operator, bond.shares);
    }
    for member in members {
        let position = then.ask(cover, ICover::memberOfCall { member }).await?;
        give(member, position.shares.saturating_add(position.joining));
    }
    for service in services {
        let stake = then.ask(cover, ICover::stakeOfCall { service }).await?;
        let terms = then.ask(hub, IHub::termsCall { service }).await?;
        give(terms.slasher, stake.free.saturating_add(stake.locked));
    }
    Ok(owners)
}

/// Fee shares that nobody had collected, by who has them; the part of cover is left out, which cannot pass an asset on.
async fn fees(client: &Client, cut: Cut, cover: Address) -> Result<Holdings> {
    let kinds = [FeeTaken::SIGNATURE_HASH, FeesCollected::SIGNATURE_HASH];
    let mut waiting = U256::ZERO;
    for log in events(client, cut, "vault", &kinds).await? {
        if let Ok(event) = FeeTaken::decode_log(&log.inner) {
            waiting = waiting.saturating_add(event.shares);
        } else if FeesCollected::decode_log(&log.inner).is_ok() {
            waiting = U256::ZERO;
        }
    }
    let mut owners = Holdings::new();
    if waiting.is_zero() {
        return Ok(owners);
    }
    let vault = client.address("vault")?;
    let then = moment(client, cut);
    let split = then.ask(vault, IVault::performanceFeeCall {}).await?.split;
    let part = |who: Address, bps: U256| {
        if who.is_zero() {
            U256::ZERO
        } else {
            waiting.saturating_mul(bps) / U256::from(10_000)
        }
    };
    let (of_cover, of_operators) = (
        part(split.cover, split.coverBps),
        part(split.operators, split.operatorsBps),
    );
    let rest = waiting
        .saturating_sub(of_cover)
        .saturating_sub(of_operators);
    for (who, shares) in [
        (split.treasury, rest),
        (split.cover, of_cover),
        (split.operators, of_operators),
    ] {
        if who != cover {
            let own = owners.entry(who).or_default();
            *own = own.saturating_add(shares);
        }
    }
    Ok(owners)
}

/// The block of the cut, for views.
const fn moment(client: &Client, cut: Cut) -> Moment<'_> {
    Moment {
        client,
        number: cut.block,
        time_s: 0,
    }
}
