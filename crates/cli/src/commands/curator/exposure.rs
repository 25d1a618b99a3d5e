//! Where the stake is, and what of it can be lost.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::IAllocator;

use crate::amount::{cell, percent, short};
use crate::commands::slash::service_name;
use crate::connect::{ChainArgs, Client, Moment};
use crate::datum::tag_text;
use crate::failure::Result;
use crate::json::Wei;
use crate::read::{VaultView, sum};
use crate::shell::{Shell, bold};
use crate::table::Sheet;

/// Where the stake is at one block.
#[derive(Debug, Serialize)]
struct Exposure {
    /// Of the 1e18 that the vault started with, what is not slashed yet: every magnitude is a part of it.
    capacity_wad: u64,
    /// Stake that can be slashed, ETH wei.
    stake: Wei,
    allocations: Vec<Allocation>,
    limits: Vec<Bound>,
}

/// A part of the stake.
#[derive(Debug, Serialize)]
struct Allocation {
    service: u32,
    operator: Address,
    /// All that can be slashed or will be.
    magnitude_wad: u64,
    pending_wad: u64,
    leaving_wad: u64,
    frozen_wad: u64,
    /// The most that can be lost of it.
    at_risk_wad: u64,
    groups: Vec<String>,
}

/// What is at risk in one place, and the limit there.
#[derive(Debug, Serialize)]
struct Bound {
    place: String,
    at_risk_wad: u64,
    limit_bps: u16,
    /// What may be added; 0 if the limit is passed.
    headroom_wad: u64,
    over_wad: u64,
}

/// The worst that so many failures do.
#[derive(Debug, Serialize)]
struct Worst {
    operators: u8,
    /// Who it is.
    who: Vec<Address>,
    loss_wad: u64,
    /// ETH wei.
    loss: Wei,
    limit_bps: u16,
}

impl Exposure {
    async fn read(now: &Moment<'_>) -> Result<Self> {
        let client = now.client;
        let allocator = client.address("allocator")?;
        let (capacity, list, limits) = futures::try_join!(
            now.ask(allocator, IAllocator::capacityCall {}),
            now.ask(allocator, IAllocator::exposureCall {}),
            now.ask(allocator, IAllocator::limitsCall {}),
        )?;
        let mut allocations = Vec::new();
        for exposure in list {
            let operator = exposure.operator;
            let groups = now
                .ask(allocator, IAllocator::groupsCall { operator })
                .await?;
            let groups = groups.into_iter().filter(|tag| !tag.is_zero());
            allocations.push(Allocation {
                service: exposure.service,
                operator,
                magnitude_wad: exposure.magnitude,
                pending_wad: exposure.pending,
                leaving_wad: exposure.leaving,
                frozen_wad: exposure.frozen,
                at_risk_wad: exposure.atRisk,
                groups: groups.map(tag_text).collect(),
            });
        }
        let view = VaultView::read(now).await?;
        let stake = view.assets.iter().map(|asset| {
            let ledger = &asset.vault.ledger;
            asset.value(sum(&[
                ledger.staked,
                ledger.unbondingEven,
                ledger.unbondingOdd,
            ]))
        });
        let stake = stake.fold(U256::ZERO, U256::saturating_add);
        let mut exposure = Self {
            capacity_wad: capacity,
            stake: Wei(stake),
            limits: Vec::new(),
            allocations,
        };
        exposure.limits = exposure.bounds(client, &limits);
        for worst in exposure.worst(now, &limits).await? {
            let place = match worst.operators {
                1 => "if the worst one fails".to_owned(),
                count => format!("if the worst {count} fail"),
            };
            let bound = exposure.bound(place, worst.loss_wad, worst.limit_bps);
            exposure.limits.push(bound);
        }
        Ok(exposure)
    }

    /// What is at risk in every service, through every operator and in every group.
    fn bounds(&self, client: &Client, limits: &IAllocator::Limits) -> Vec<Bound> {
        let mut places: BTreeMap<(u8, String), (u64, u16)> = BTreeMap::new();
        for allocation in &self.allocations {
            let mut add = |kind, place: String, limit| {
                let (risk, _) = places.entry((kind, place)).or_insert((0, limit));
                *risk = risk.saturating_add(allocation.at_risk_wad);
            };
            let service = allocation.service;
            let name = service_name(client, service).unwrap_or_default();
            let operator = client.label(allocation.operator);
            add(0, format!("service {service} {name}"), limits.serviceBps);
            add(1, format!("operator {operator}"), limits.operatorBps);
            for group in &allocation.groups {
                add(2, format!("group {group}"), limits.groupBps);
            }
        }
        let places = places.into_iter();
        places
            .map(|((_, place), (risk, limit))| self.bound(place.trim_end().to_owned(), risk, limit))
            .collect()
    }

    fn bound(&self, place: String, at_risk_wad: u64, limit_bps: u16) -> Bound {
        let limit = u128::from(self.capacity_wad).saturating_mul(limit_bps.into()) / 10_000;
        // A part of what fits 64 bits.
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        Bound {
            place,
            at_risk_wad,
            limit_bps,
            headroom_wad: limit.saturating_sub(at_risk_wad),
            over_wad: at_risk_wad.saturating_sub(limit),
        }
    }

    async fn worst(&self, now: &Moment<'_>, limits: &IAllocator::Limits) -> Result<Vec<Worst>> {
        let allocator = now.client.address("allocator")?;
        let mut by_operator: BTreeMap<Address, u64> = BTreeMap::new();
        for allocation in &self.allocations {
            let risk = by_operator.entry(allocation.operator).or_default();
            *risk = risk.saturating_add(allocation.at_risk_wad);
        }
        let mut ranked: Vec<(Address, u64)> = by_operator.into_iter().collect();
        ranked.sort_by_key(|(_, risk)| std::cmp::Reverse(*risk));
        let mut worst = Vec::new();
        for (operators, limit_bps) in [
            (1, limits.worstOneBps),
            (2, limits.worstTwoBps),
            (3, limits.worstThreeBps),
        ] {
            let call = IAllocator::worstCaseCall { operators };
            let loss_wad = now.ask(allocator, call).await?.loss;
            let who = ranked.iter().take(operators.into());
            worst.push(Worst {
                operators,
                who: who.map(|(operator, _)| *operator).collect(),
                loss_wad,
                loss: Wei(self.value(loss_wad)),
                limit_bps,
            });
        }
        Ok(worst)
    }

    /// What a part of the capacity is worth, ETH wei, rounded down.
    fn value(&self, magnitude_wad: u64) -> U256 {
        let capacity = U256::from(self.capacity_wad.max(1));
        self.stake.0.saturating_mul(U256::from(magnitude_wad)) / capacity
    }

    /// A part of the capacity as a percentage.
    fn part(&self, magnitude_wad: u64) -> String {
        if magnitude_wad == 0 {
            return "-".to_owned();
        }
        let bps = u128::from(magnitude_wad) * 10_000 / u128::from(self.capacity_wad.max(1));
        percent(U256::from(bps))
    }
}

/// Shows where the stake is.
pub async fn show(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let exposure = Exposure::read(&client.now().await?).await?;
    shell.result(&exposure, |exposure| {
        let mut text = format!(
            "{}\n\n",
            bold(format!(
                "Stake of {} ETH, by operator and service",
                short(exposure.stake.0)
            ))
        );
        if exposure.allocations.is_empty() {
            return text + "  nothing is allocated\n";
        }
        text += &matrix(&client, exposure);
        text += &format!("\n{}\n\n", bold("At risk, and the limits"));
        let mut sheet = Sheet::new(1, &["", "at risk", "limit", "headroom"]);
        for bound in &exposure.limits {
            let headroom = match bound.over_wad {
                0 => exposure.part(bound.headroom_wad),
                over => format!("over by {}", exposure.part(over)),
            };
            sheet.row([
                bound.place.clone(),
                exposure.part(bound.at_risk_wad),
                percent(U256::from(bound.limit_bps)),
                headroom,
            ]);
        }
        text += &sheet.text();
        if exposure.limits.iter().any(|bound| bound.over_wad > 0) {
            text += "  anyone may lower what is over a limit: weir curator trim SERVICE\n";
        }
        text
    })
}

/// A part of what an operator has in a service.
type Part = fn(&Allocation) -> u64;

/// A row for each operator, a column for each service.
fn matrix(client: &Client, exposure: &Exposure) -> String {
    let allocations = &exposure.allocations;
    let services: BTreeSet<u32> = allocations.iter().map(|it| it.service).collect();
    let titles: Vec<String> = services
        .iter()
        .map(|service| match service_name(client, *service) {
            Some(name) => format!("{service} {name}"),
            None => format!("service {service}"),
        })
        .collect();
    let mut header = vec![""];
    header.extend(titles.iter().map(String::as_str));
    let optional: [(&str, Part); 3] = [
        ("of it pending", |it| it.pending_wad),
        ("leaving", |it| it.leaving_wad),
        ("contested", |it| it.frozen_wad),
    ];
    let shown: Vec<_> = optional
        .into_iter()
        .filter(|(_, get)| allocations.iter().any(|it| get(it) > 0))
        .collect();
    header.push("all");
    header.extend(shown.iter().map(|(name, _)| *name));
    header.extend(["at risk", "stake in ETH"]);
    let mut sheet = Sheet::new(1, &header);
    let operators: BTreeSet<Address> = allocations.iter().map(|it| it.operator).collect();
    for operator in operators {
        let own = || allocations.iter().filter(|it| it.operator == operator);
        let total = |get: &dyn Fn(&Allocation) -> u64| own().map(get).fold(0, u64::saturating_add);
        let mut cells = vec![client.label(operator)];
        for service in &services {
            let here = own().find(|it| it.service == *service);
            cells.push(exposure.part(here.map_or(0, |it| it.magnitude_wad)));
        }
        let all = total(&|it| it.magnitude_wad);
        cells.push(exposure.part(all));
        cells.extend(shown.iter().map(|(_, get)| exposure.part(total(get))));
        cells.push(exposure.part(total(&|it| it.at_risk_wad)));
        cells.push(cell(exposure.value(all)));
        sheet.row(cells);
    }
    sheet.text()
}

/// Shows what failures cost.
pub async fn worst_case(chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let now = client.now().await?;
    let exposure = Exposure::read(&now).await?;
    let allocator = client.address("allocator")?;
    let limits = now.ask(allocator, IAllocator::limitsCall {}).await?;
    let worst = exposure.worst(&now, &limits).await?;
    shell.result(&worst, |worst| {
        let mut sheet = Sheet::new(2, &["", "who", "lost", "in ETH", "limit"]);
        for row in worst {
            let who: Vec<String> = row.who.iter().map(|it| client.label(*it)).collect();
            sheet.row([
                match row.operators {
                    1 => "any one fails".to_owned(),
                    count => format!("any {count} fail"),
                },
                who.join(", "),
                exposure.part(row.loss_wad),
                cell(row.loss.0),
                percent(U256::from(row.limit_bps)),
            ]);
        }
        format!(
            "{}\n\n{}",
            bold("The most that is lost if operators fail everywhere at once"),
            sheet.text()
        )
    })
}
