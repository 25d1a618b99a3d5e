//! `weir service fund` and `defund`, and stakes that were forfeited.

use alloy::primitives::U256;
use serde_json::json;
use weir_abi::ICover;

use crate::amount::{Amount, exact, short};
use crate::commands::slash;
use crate::deed::{Deed, Facts, own_shares};
use crate::failure::Result;
use crate::shell::Shell;
use crate::transact::{Call, Caller, SendArgs, event};

/// Adds shares to what a service may stake on its filings.
pub async fn fund(service: &str, shares: Amount, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let cover = client.address("cover")?;
    let service = slash::service(client, service)?;
    let shares = own_shares(&caller, shares).await?;
    let deed = Deed {
        doing: format!("funding the stake of service {service}"),
        call: Call::new(cover, ICover::fundCall { service, shares })
            .arg("service", service)
            .arg("shares", exact(shares)),
        takes: shares,
        facts: facts(service, shares),
    };
    deed.done(
        &caller,
        |_, _| {
            format!(
                "service {service} could stake {} shares more",
                exact(shares)
            )
        },
        |_, _| {
            format!(
                "service {service} may stake {} shares more on its filings",
                short(shares)
            )
        },
    )
    .await
}

/// Takes shares out of what a service may stake.
pub async fn defund(service: &str, shares: Amount, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let cover = client.address("cover")?;
    let service = slash::service(client, service)?;
    let stake = client
        .now()
        .await?
        .ask(cover, ICover::stakeOfCall { service })
        .await?;
    let shares = shares.of(stake.free);
    let deed = Deed {
        doing: format!("taking from the stake of service {service}"),
        call: Call::new(cover, ICover::defundCall { service, shares })
            .arg("service", service)
            .arg("shares", exact(shares)),
        takes: U256::ZERO,
        facts: facts(service, shares),
    };
    let name = caller.name();
    deed.done(
        &caller,
        |_, _| format!("{name} would be paid {} shares", exact(shares)),
        |_, _| {
            format!(
                "{name} was paid {} shares of the stake of service {service}",
                short(shares)
            )
        },
    )
    .await
}

fn facts(service: u32, shares: U256) -> Facts {
    Facts::from_iter([
        ("service".to_owned(), json!(service)),
        ("shares".to_owned(), json!(shares.to_string())),
    ])
}

/// Puts forfeited stakes into the exit queue.
pub async fn surrender(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let deed = Deed {
        doing: "surrendering forfeited stakes".to_owned(),
        call: Call::new(cover, ICover::surrenderCall {}),
        takes: U256::ZERO,
        facts: Facts::new(),
    };
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{} shares would join the open exit batch", exact(shares))
        },
        |receipt, facts| {
            let event = event::<ICover::Surrendered>(receipt, cover);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!(
                "{} shares joined the open exit batch; what they are paid vests for all holders",
                short(shares)
            )
        },
    )
    .await
}
