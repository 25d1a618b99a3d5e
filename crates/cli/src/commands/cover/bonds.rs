//! `weir operator bond`, `unbond` and `collect`: what an operator answers with, before everybody else.

use alloy::primitives::U256;
use serde_json::json;
use weir_abi::ICover;

use crate::amount::{Amount, exact, short};
use crate::commands::operator::named;
use crate::deed::{Deed, Facts, own_shares};
use crate::failure::Result;
use crate::shell::Shell;
use crate::time::at;
use crate::transact::{Call, Caller, SendArgs, event};

/// Adds shares to the bond of an operator.
pub async fn bond(shares: Amount, operator: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let cover = client.address("cover")?;
    let operator = match operator {
        Some(text) => named(client, Some(text))?,
        None => caller.address(),
    };
    let name = client.label(operator);
    let shares = own_shares(&caller, shares).await?;
    let call = ICover::bondCall { operator, shares };
    let deed = Deed {
        doing: format!("adding to the bond of {name}"),
        call: Call::new(cover, call)
            .arg("operator", &name)
            .arg("shares", exact(shares)),
        takes: shares,
        facts: Facts::from_iter([
            ("operator".to_owned(), json!(operator)),
            ("shares".to_owned(), json!(shares.to_string())),
        ]),
    };
    deed.done(
        &caller,
        |_, _| format!("the bond of {name} would grow by {} shares", exact(shares)),
        |receipt, facts| {
            let event = event::<ICover::Bonded>(receipt, cover);
            let total = event.map(|event| event.total).unwrap_or_default();
            facts.insert("total".to_owned(), json!(total.to_string()));
            format!(
                "{name} has bonded {} shares, {} of them now",
                short(total),
                short(shares)
            )
        },
    )
    .await
}

/// Gives notice of shares of the caller's bond.
pub async fn unbond(shares: Amount, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let (operator, name) = (caller.address(), caller.name());
    let now = caller.client.now().await?;
    let bond = now.ask(cover, ICover::bondOfCall { operator }).await?;
    let shares = shares.of(bond.shares);
    let deed = Deed {
        doing: "giving notice of a bond".to_owned(),
        call: Call::new(cover, ICover::unbondCall { shares }).arg("shares", exact(shares)),
        takes: U256::ZERO,
        facts: Facts::from_iter([("shares".to_owned(), json!(shares.to_string()))]),
    };
    deed.done(
        &caller,
        |leaves_s, facts| {
            let leaves_s = leaves_s.unwrap_or_default();
            facts.insert("leaves_s".to_owned(), json!(leaves_s));
            format!("{} shares could be collected from {}", exact(shares), at(leaves_s))
        },
        |receipt, facts| {
            let event = event::<ICover::Unbonding>(receipt, cover);
            let leaves_s = event.map(|event| event.leavesAt).unwrap_or_default();
            facts.insert("leaves_s".to_owned(), json!(leaves_s));
            if shares.is_zero() {
                return format!("{name} took its notice back");
            }
            format!(
                "{name} gave notice of {} shares of its bond\n  until {} they stand behind slashes; then: weir operator collect",
                short(shares),
                at(leaves_s)
            )
        },
    )
    .await
}

/// Pays an operator what has matured of its notice.
pub async fn collect(operator: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let cover = client.address("cover")?;
    let operator = match operator {
        Some(text) => named(client, Some(text))?,
        None => caller.address(),
    };
    let name = client.label(operator);
    let call = ICover::collectBondCall { operator };
    let deed = Deed {
        doing: format!("collecting the bond of {name}"),
        call: Call::new(cover, call).arg("operator", &name),
        takes: U256::ZERO,
        facts: Facts::from_iter([("operator".to_owned(), json!(operator))]),
    };
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} would be paid {} shares", exact(shares))
        },
        |receipt, facts| {
            let event = event::<ICover::BondCollected>(receipt, cover);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} was paid {} shares of its bond", short(shares))
        },
    )
    .await
}
