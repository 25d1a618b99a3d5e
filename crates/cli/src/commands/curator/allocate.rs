//! What the curator sets: allocations, tighter limits, groups; and what anyone may trim.

use alloy::primitives::{Address, FixedBytes};
use serde::Serialize;
use weir_abi::IAllocator;

use crate::amount::Percent;
use crate::commands::governor::Limits;
use crate::commands::{operator, slash};
use crate::explain::share;
use crate::failure::Result;
use crate::order::{Order, carry_out};
use crate::shell::Shell;
use crate::time::at;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

#[derive(Debug, Serialize)]
struct Trimmed {
    service: u32,
    operator: Address,
    old_magnitude_wad: Option<u64>,
    new_magnitude_wad: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Sets an allocation.
pub async fn allocate(
    percent: Percent,
    service: &str,
    operator: Option<&str>,
    send: &SendArgs,
    shell: Shell,
) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let allocator = client.address("allocator")?;
    let now = client.now().await?;
    let capacity = now.ask(allocator, IAllocator::capacityCall {}).await?;
    let magnitude = u128::from(capacity).saturating_mul(percent.0.into()) / 10_000;
    let call = IAllocator::allocateCall {
        service: slash::service(client, service)?,
        operator: operator::named(client, operator)?,
        // A part of what fits 64 bits.
        magnitude: u64::try_from(magnitude).unwrap_or(capacity),
    };
    carry_out(&caller, Order::new(allocator, &call), |_, receipt| {
        let event = event::<IAllocator::AllocationChanged>(receipt, allocator)?;
        let more = if event.newMagnitude < event.oldMagnitude {
            "  what was taken back can be slashed until stake that is unstaked now is free\n"
        } else {
            ""
        };
        Some(format!(
            "  it counts from {}; {} of all stake is allocated\n{more}",
            at(event.effectiveAt),
            share(event.allocated)
        ))
    })
    .await
}

/// Tightens limits.
pub async fn limits(limits: &Limits, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let order = limits.order(&caller.client.now().await?).await?;
    carry_out(&caller, order, |_, _| None).await
}

/// Adds tags to those of an operator.
pub async fn group(
    operator: &str,
    tags: &[FixedBytes<8>],
    send: &SendArgs,
    shell: Shell,
) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let allocator = client.address("allocator")?;
    let operator = operator::named(client, Some(operator))?;
    let now = client.now().await?;
    let mut groups = now
        .ask(allocator, IAllocator::groupsCall { operator })
        .await?;
    groups.retain(|tag| !tag.is_zero());
    for tag in tags {
        if !groups.contains(tag) {
            groups.push(*tag);
        }
    }
    let call = IAllocator::setGroupsCall { operator, groups };
    carry_out(&caller, Order::new(allocator, &call), |_, _| None).await
}

/// Lowers what is over a limit.
pub async fn trim(service: &str, operator: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let allocator = client.address("allocator")?;
    let service = slash::service(client, service)?;
    let operator = operator::named(client, operator)?;
    let name = client.label(operator);
    let call = Call::new(allocator, IAllocator::trimCall { service, operator })
        .arg("service", service)
        .arg("operator", &name);
    let doing = format!("trimming {name} in service {service}");
    caller.simulate(&doing, &call).await?;
    let mut outcome = Trimmed {
        service,
        operator,
        old_magnitude_wad: None,
        new_magnitude_wad: None,
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence =
            format!("  {name} in service {service} is over a limit, and would be lowered");
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(&doing, &call).await?;
    let event = event::<IAllocator::AllocationChanged>(&receipt, allocator);
    outcome.old_magnitude_wad = event.as_ref().map(|event| event.oldMagnitude);
    outcome.new_magnitude_wad = event.as_ref().map(|event| event.newMagnitude);
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        let part = |wad: Option<u64>| share(wad.unwrap_or_default());
        format!(
            "{name} in service {service} went from {} to {}\n{}",
            part(outcome.old_magnitude_wad),
            part(outcome.new_magnitude_wad),
            mined.line()
        )
    })
}
