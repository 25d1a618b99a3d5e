//! Members of cover: in, out, and what fees bring.

use alloy::primitives::U256;
use serde_json::json;
use weir_abi::ICover;

use crate::amount::{Amount, exact, short};
use crate::deed::{Deed, Facts, own_shares};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;
use crate::time::at;
use crate::transact::{Call, Caller, SendArgs, event};

/// Puts shares into cover.
pub async fn enter(shares: Amount, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let shares = own_shares(&caller, shares).await?;
    let deed = Deed {
        doing: "putting shares into cover".to_owned(),
        call: Call::new(cover, ICover::enterCall { shares }).arg("shares", exact(shares)),
        takes: shares,
        facts: Facts::from_iter([("shares".to_owned(), json!(shares.to_string()))]),
    };
    let name = caller.name();
    deed.done(
        &caller,
        |_, _| format!("{} shares would join cover, and count from the next epoch on", exact(shares)),
        |receipt, facts| {
            let event = event::<ICover::Entered>(receipt, cover);
            let counts_s = event.map(|event| event.countsAt).unwrap_or_default();
            facts.insert("counts_s".to_owned(), json!(counts_s));
            format!(
                "{name} put {} shares into cover\n  they count from {}, or once nothing is locked; until then: weir cover cancel deposit",
                exact(shares),
                at(counts_s)
            )
        },
    )
    .await
}

/// Takes back what does not count yet.
pub async fn cancel_entry(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let deed = Deed {
        doing: "taking shares back from cover".to_owned(),
        call: Call::new(cover, ICover::cancelEntryCall {}),
        takes: U256::ZERO,
        facts: Facts::new(),
    };
    let name = caller.name();
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} would get {} shares back", exact(shares))
        },
        |receipt, facts| {
            let event = event::<ICover::EntryCancelled>(receipt, cover);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} got {} shares back", exact(shares))
        },
    )
    .await
}

/// Gives notice of shares, or takes a notice back.
pub async fn leave(shares: Amount, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let (member, name) = (caller.address(), caller.name());
    let now = caller.client.now().await?;
    let position = now.ask(cover, ICover::memberOfCall { member }).await?;
    let units = units(&position, shares);
    let wanted = shares.of(position.shares);
    if wanted > position.shares || (shares == Amount::All && units.is_zero()) {
        let failure = Failure::new(
            Code::Refused,
            format!("{name} cannot leave cover with that"),
        );
        return Err(failure
            .because(format!("it has {} shares there", exact(position.shares)))
            .next("weir cover deposit; what does not count yet is taken back by weir cover cancel deposit"));
    }
    if units.is_zero() && position.leaving.is_zero() {
        return Err(
            Failure::new(Code::Refused, format!("{name} has given no notice"))
                .next("weir cover exit SHARES gives one"),
        );
    }
    let deed = Deed {
        doing: "giving notice".to_owned(),
        call: Call::new(cover, ICover::leaveCall { units }).arg("units", units),
        takes: U256::ZERO,
        facts: Facts::from_iter([
            ("shares".to_owned(), json!(wanted.to_string())),
            ("units".to_owned(), json!(units.to_string())),
        ]),
    };
    if units.is_zero() {
        return deed
            .done(
                &caller,
                |_, _| "the notice would be taken back".to_owned(),
                |_, _| format!("{name} took its notice back"),
            )
            .await;
    }
    deed.done(
        &caller,
        |leaves_s, facts| {
            let leaves_s = leaves_s.unwrap_or_default();
            facts.insert("leaves_s".to_owned(), json!(leaves_s));
            format!("{} shares could be claimed from {}", exact(wanted), at(leaves_s))
        },
        |receipt, facts| {
            let event = event::<ICover::Leaving>(receipt, cover);
            let leaves_s = event.map(|event| event.leavesAt).unwrap_or_default();
            facts.insert("leaves_s".to_owned(), json!(leaves_s));
            format!(
                "{name} gave notice of {} shares\n  until {} they stand behind slashes; then: weir cover claim",
                short(wanted),
                at(leaves_s)
            )
        },
    )
    .await
}

/// The units that are worth so many shares of a member, rounded up.
fn units(position: &ICover::Member, shares: Amount) -> U256 {
    match shares {
        Amount::All => position.units,
        Amount::Wei(_) if position.shares.is_zero() => U256::ZERO,
        // Shares and units are below 2^128.
        Amount::Wei(wei) => wei
            .saturating_mul(position.units)
            .div_ceil(position.shares)
            .min(position.units),
    }
}

/// Pays a member what has matured.
pub async fn collect(of: Option<&str>, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let cover = client.address("cover")?;
    let member = match of {
        Some(text) => client.account(text)?,
        None => caller.address(),
    };
    let name = client.label(member);
    let call = ICover::collectCall { member };
    let deed = Deed {
        doing: format!("claiming what {name} has in cover"),
        call: Call::new(cover, call).arg("member", &name),
        takes: U256::ZERO,
        facts: Facts::from_iter([("member".to_owned(), json!(member))]),
    };
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} would be paid {} shares", exact(shares))
        },
        |receipt, facts| {
            let event = event::<ICover::Collected>(receipt, cover);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{name} was paid {} shares", short(shares))
        },
    )
    .await
}

/// Lets fees vest.
pub async fn earn(send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let cover = caller.client.address("cover")?;
    let deed = Deed {
        doing: "letting fees vest into cover".to_owned(),
        call: Call::new(cover, ICover::earnCall {}),
        takes: U256::ZERO,
        facts: Facts::new(),
    };
    deed.done(
        &caller,
        |shares, facts| {
            let shares = shares.unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{} shares would vest into cover", exact(shares))
        },
        |receipt, facts| {
            let event = event::<ICover::Earned>(receipt, cover);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!("{} shares vest into cover from now on", short(shares))
        },
    )
    .await
}
