//! What stands behind slashes at one block.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IAllocator, ICover, IHub};

use crate::amount::{cell, percent, short};
use crate::commands::slash::service_name;
use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::Result;
use crate::json::Wei;
use crate::read::VaultView;
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::time::{at, seen_from};

/// Bonds, cover and stakes.
#[derive(Debug, Serialize)]
struct Status {
    shares: Wei,
    locked: Wei,
    joining: Wei,
    unvested: Wei,
    /// Since when something is locked without a break, Unix seconds; 0 if nothing is.
    locked_since_s: u64,
    /// Stakes that were forfeited and wait for `weir cover surrender`.
    forfeited: Wei,
    stake_bps: u64,
    bond_bps: u64,
    bonds: Vec<BondReport>,
    stakes: Vec<Stake>,
    locks: Vec<Lock>,
    members: Vec<Member>,
}

/// The bond of an operator.
#[derive(Debug, Serialize)]
pub struct BondReport {
    /// The operator.
    pub operator: Address,
    /// Shares bonded.
    pub shares: Wei,
    /// Of these, locked for undecided slashes.
    pub locked: Wei,
    /// Shares that have given notice.
    pub leaving: Wei,
    /// From when on these can be collected, Unix seconds; 0 without a notice.
    pub leaves_s: u64,
    /// Shares that it must have bonded for what it puts at risk.
    pub needed: Wei,
}

#[derive(Debug, Serialize)]
struct Stake {
    service: u32,
    free: Wei,
    locked: Wei,
}

#[derive(Debug, Serialize)]
struct Lock {
    request: u64,
    operator: Address,
    from_bond: Wei,
    from_cover: Wei,
    stake: Wei,
}

#[derive(Debug, Serialize)]
struct Member {
    member: Address,
    shares: Wei,
    units: Wei,
    joining: Wei,
    leaving_units: Wei,
    leaves_s: u64,
}

impl BondReport {
    /// Reads the bond of an operator.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn read(now: &Moment<'_>, operator: Address) -> Result<Self> {
        let client = now.client;
        let (cover, allocator) = (client.address("cover")?, client.address("allocator")?);
        let bond = now.ask(cover, ICover::bondOfCall { operator }).await?;
        let exposure = now.ask(allocator, IAllocator::exposureCall {}).await?;
        let own = exposure.iter().filter(|it| it.operator == operator);
        let magnitude = own.fold(0_u64, |sum, it| sum.saturating_add(it.atRisk));
        let capacity = now.ask(allocator, IAllocator::capacityCall {}).await?;
        let needed = ICover::bondNeededCall {
            magnitude,
            capacity,
        };
        Ok(Self {
            operator,
            shares: Wei(bond.shares),
            locked: Wei(bond.locked),
            leaving: Wei(bond.leaving),
            leaves_s: bond.leavesAt,
            needed: Wei(now.ask(cover, needed).await?),
        })
    }

    /// `5.0000 shares, 2.0000 of them locked; 3.0000 leave 2026-…`.
    pub fn sentence(&self, now_s: u64) -> String {
        let mut text = format!("{} shares", short(self.shares.0));
        if !self.needed.0.is_zero() {
            text += &format!(", of {} needed", short(self.needed.0));
        }
        if !self.locked.0.is_zero() {
            text += &format!(", {} of them locked", short(self.locked.0));
        }
        if !self.leaving.0.is_zero() {
            let when = seen_from(now_s, self.leaves_s);
            text += &format!("; {} leave from {when}", short(self.leaving.0));
        }
        text
    }
}

impl Status {
    async fn read(now: &Moment<'_>, members: &[Address]) -> Result<Self> {
        let client = now.client;
        let (cover, hub) = (client.address("cover")?, client.address("hub")?);
        let (pool, wiring, forfeited) = futures::try_join!(
            now.ask(cover, ICover::poolCall {}),
            now.ask(cover, ICover::wiringCall {}),
            now.ask(cover, ICover::forfeitedCall {}),
        )?;
        let mut bonds = Vec::new();
        for operator in client.book.operators.values() {
            bonds.push(BondReport::read(now, *operator).await?);
        }
        let mut stakes = Vec::new();
        for service in 1..=now.ask(hub, IHub::serviceCountCall {}).await? {
            let stake = now.ask(cover, ICover::stakeOfCall { service }).await?;
            if !stake.free.is_zero() || !stake.locked.is_zero() {
                stakes.push(Stake {
                    service,
                    free: Wei(stake.free),
                    locked: Wei(stake.locked),
                });
            }
        }
        let mut locks = Vec::new();
        for request in VaultView::read(now).await?.undecided {
            let lock = now
                .ask(cover, ICover::lockOfCall { id: request.id })
                .await?;
            locks.push(Lock {
                request: request.id,
                operator: lock.operator,
                from_bond: Wei(lock.fromBond),
                from_cover: Wei(lock.fromCover),
                stake: Wei(lock.stake),
            });
        }
        let mut list = Vec::new();
        for member in members {
            let member = *member;
            let position = now.ask(cover, ICover::memberOfCall { member }).await?;
            list.push(Member {
                member,
                shares: Wei(position.shares),
                units: Wei(position.units),
                joining: Wei(position.joining),
                leaving_units: Wei(position.leaving),
                leaves_s: position.leavesAt,
            });
        }
        Ok(Self {
            shares: Wei(pool.shares),
            locked: Wei(pool.locked),
            joining: Wei(pool.joining),
            unvested: Wei(pool.unvested),
            locked_since_s: pool.lockedSince,
            forfeited: Wei(forfeited),
            stake_bps: wiring.stakeBps,
            bond_bps: wiring.bondBps,
            bonds,
            stakes,
            locks,
            members: list,
        })
    }
}

/// Runs the command.
pub async fn run(members: &[String], chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let members: Result<Vec<Address>> = members.iter().map(|text| client.account(text)).collect();
    let now = client.now().await?;
    let status = Status::read(&now, &members?).await?;
    shell.result(&status, |status| text(&client, now.time_s, status))
}

fn text(client: &Client, now_s: u64, status: &Status) -> String {
    let mut text = format!("{}\n\n", bold("Cover"));
    let mut line = |name: &str, value: String| text += &format!("  {name:<10} {value}\n");
    line("shares", short(status.shares.0));
    for (name, amount) in [
        ("locked", status.locked),
        ("joining", status.joining),
        ("vesting", status.unvested),
        ("forfeited", status.forfeited),
    ] {
        if !amount.0.is_zero() {
            line(name, short(amount.0));
        }
    }
    line(
        "terms",
        format!(
            "a filing stakes {} of the loss; an operator bonds {} of what it puts at risk",
            percent(U256::from(status.stake_bps)),
            percent(U256::from(status.bond_bps))
        ),
    );
    text += &format!("\n{}\n\n", bold("Bonds"));
    for bond in &status.bonds {
        let name = client.label(bond.operator);
        text += &format!("  {name:<10} {}\n", bond.sentence(now_s));
    }
    if !status.stakes.is_empty() {
        text += &format!("\n{}\n\n", bold("Stakes of services"));
        let mut sheet = Sheet::new(1, &["", "free", "locked"]);
        for stake in &status.stakes {
            let name = service_name(client, stake.service).unwrap_or_default();
            let title = format!("{} {name}", stake.service);
            sheet.row([title, cell(stake.free.0), cell(stake.locked.0)]);
        }
        text += &sheet.text();
    }
    if !status.locks.is_empty() {
        text += &format!("\n{}\n\n", bold("Locked for undecided slashes"));
        let mut sheet = Sheet::new(2, &["", "operator", "of its bond", "of cover", "stake"]);
        for lock in &status.locks {
            sheet.row([
                lock.request.to_string(),
                client.label(lock.operator),
                cell(lock.from_bond.0),
                cell(lock.from_cover.0),
                cell(lock.stake.0),
            ]);
        }
        text += &sheet.text();
    }
    if !status.members.is_empty() {
        text += &format!("\n{}\n\n", bold("Members"));
        let mut sheet = Sheet::new(1, &["", "shares", "joining", "units leaving", "from"]);
        for member in &status.members {
            sheet.row([
                client.label(member.member),
                cell(member.shares.0),
                cell(member.joining.0),
                cell(member.leaving_units.0),
                match member.leaves_s {
                    0 => "-".to_owned(),
                    leaves_s => at(leaves_s),
                },
            ]);
        }
        text += &sheet.text();
    }
    text
}
