//! What an account has, what a slash would cost it, and its way in and out.

use alloy::primitives::Address;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::parts::{number, short, table, tile, time, when};
use super::{Shared, show};
use crate::amount::Amount;
use crate::api::{
    ApiError, ExposureAnswer, PositionAnswer, Scope, VaultAnswer, read_exposure, read_position,
    read_vault,
};
use crate::projections::ActivityDoc;
use crate::store::{Kind, Range};

#[derive(Debug, Deserialize)]
pub(super) struct Who {
    account: Option<String>,
}

pub(super) async fn page(State(app): Shared, who: Result<Query<Who>, QueryRejection>) -> Response {
    let text = who
        .ok()
        .and_then(|Query(who)| who.account)
        .unwrap_or_default();
    show(app, "/position", async |scope| {
        body(scope, text.trim()).await
    })
    .await
}

async fn body(scope: &Scope, text: &str) -> Result<Markup, ApiError> {
    let named = scope
        .app
        .dev
        .iter()
        .find(|dev| dev.name.eq_ignore_ascii_case(text));
    let account = named
        .map(|dev| dev.address)
        .or_else(|| text.parse::<Address>().ok());
    let Some(account) = account else {
        return Ok(html! {
            h1 { "My position" }
            @if !text.is_empty() { p .notice role="alert" { "“" (text) "” is not an account: 0x and 40 hexadecimal digits." } }
            (choose(scope, None))
        });
    };
    let (position, vault, exposure) = futures::try_join!(
        read_position(scope, account),
        read_vault(scope),
        read_exposure(scope),
    )?;
    let newest = Range::prefix(Kind::Activity, account.as_slice(), 50).descending();
    let activity = scope.view.scan::<ActivityDoc>(newest).await?;
    let activity: Vec<ActivityDoc> = activity.into_iter().map(|(_, doc)| doc).collect();
    let now_s = scope.view.block.timestamp_s;
    Ok(html! {
        h1 { "My position" }
        (choose(scope, Some(account)))
        section #have data-live { (have(&position)) }
        (actions(&position, &vault))
        section #tickets data-live {
            h2 { "On the way out" }
            (tickets(scope, &position, now_s))
        }
        section #risk data-live {
            h2 { "What a slash would cost me" }
            (risk(&position, &vault, &exposure))
        }
        section #activity data-live {
            h2 { "What happened" }
            (happened(scope, &activity))
        }
    })
}

/// Whose position: a development account, an address, or a wallet.
fn choose(scope: &Scope, account: Option<Address>) -> Markup {
    let (chain, rpc) = (scope.app.site.chain_id, scope.app.rpc_url.as_deref());
    html! {
        section .who id="who" data-chain=(chain) data-rpc=[rpc] data-account=[account] {
            @if !scope.app.dev.is_empty() {
                p {
                    "Development accounts: "
                    @for dev in scope.app.dev.iter() {
                        a .chip href=(format!("/position?account={}", dev.address)) data-dev=(dev.address)
                            aria-current=[(account == Some(dev.address)).then_some("true")] { (dev.name) }
                        " "
                    }
                }
            }
            form method="get" action="/position" .row {
                label { "Account " input name="account" size="44" autocomplete="off" spellcheck="false" placeholder="0x…" value=[account]; }
                button { "Show" }
            }
            p #wallets .row hidden { "Wallets in this browser: " }
        }
    }
}

fn have(position: &PositionAnswer) -> Markup {
    let holder = &position.holder;
    let gain = if position.unrealised_loss > Amount::ZERO {
        format!("−{}", number(position.unrealised_loss, 6))
    } else {
        format!("+{}", number(position.unrealised_gain, 6))
    };
    html! {
        div .tiles {
            (tile("Shares", &number(holder.balance, 6), ""))
            (tile("Worth", &number(position.value, 6), "ETH"))
            (tile("Worth at the floor", &number(position.floor_value, 6), "ETH, if every undecided slash stands"))
            (tile("Cost", &number(holder.cost, 6), "ETH, by the average"))
            (tile("Gain", &gain, "ETH, not realised"))
            (tile("Taken out", &number(holder.withdrawn, 6), &format!("ETH, {} gained and {} lost by it", number(holder.gains, 6), number(holder.losses, 6))))
        }
    }
}

fn actions(position: &PositionAnswer, vault: &VaultAnswer) -> Markup {
    let choices =
        || html! { @for asset in &vault.assets { option value=(asset.symbol) { (asset.symbol) } } };
    html! {
        section #actions .actions {
            form data-tx="deposit" {
                h2 { "Deposit" }
                label { "Amount " input name="amount" inputmode="decimal" placeholder="1.0" required autocomplete="off"; }
                label { "Asset " select name="asset" { (choices()) } }
                button { "Look at it first" }
                p .faint {
                    "In the wallet: "
                    @for (asset, amount) in vault.assets.iter().zip(&position.wallet) { (number(*amount, 4)) " " (asset.symbol) "  " }
                }
            }
            form data-tx="request" {
                h2 { "Leave by the queue" }
                label { "Shares " input name="shares" inputmode="decimal" placeholder="1.0" required autocomplete="off"; }
                button { "Look at it first" }
                p .faint { "Paid in kind, in every asset, with no fee and no price. Shares earn and bear slashes until then." }
            }
            form data-tx="redeem" {
                h2 { "Leave at once" }
                label { "Shares " input name="shares" inputmode="decimal" placeholder="1.0" required autocomplete="off"; }
                label { "Paid in " select name="asset" { (choices()) } }
                button { "Look at it first" }
                p .faint { "Paid at the floor rate, less a fee, out of what is idle." }
            }
        }
        dialog #review aria-labelledby="review-title" {
            h2 #review-title { "Before you sign" }
            div #review-text {}
            div .row { button #review-send { "Send" } button #review-close { "Close" } }
            p #review-state role="status" {}
        }
        noscript { p .notice { "Sending needs scripts; everything else on these pages does not." } }
    }
}

fn tickets(scope: &Scope, position: &PositionAnswer, now_s: u64) -> Markup {
    let rows: Vec<Vec<Markup>> = position
        .tickets
        .iter()
        .map(|one| {
            let (ticket, site) = (&one.ticket, &scope.app.site);
            let has = one.claimable.iter().any(|amount| *amount > Amount::ZERO);
            vec![
                html! { (ticket.epoch) },
                html! { (number(ticket.shares, 6)) },
                html! { (when(one.expected_s, now_s)) },
                html! {
                    @for (amount, asset) in one.claimable.iter().zip(&site.assets) {
                        @if *amount > Amount::ZERO { (number(*amount, 6)) " " (asset.symbol) " " }
                    }
                    @if !has { "–" }
                },
                html! {
                    @if has { button data-claim=(ticket.epoch) { "Claim" } }
                    @if one.is_open { button data-cancel=(ticket.epoch) data-shares=(ticket.shares) { "Take back" } }
                },
            ]
        })
        .collect();
    table(
        "Tickets",
        &["Epoch", "Shares", "Paid", "Can be claimed", ""],
        &rows,
        "No ticket.",
    )
}

fn risk(position: &PositionAnswer, vault: &VaultAnswer, exposure: &ExposureAnswer) -> Markup {
    let rows: Vec<Vec<Markup>> = exposure
        .places
        .iter()
        .map(|place| {
            let mine = position
                .value
                .part_down(place.value_at_risk, vault.nav)
                .unwrap_or_default();
            vec![
                html! { (place.service_name) },
                html! { (place.operator_name) },
                html! { (number(place.value_at_risk, 2)) },
                html! { strong { (number(mine, 6)) } },
            ]
        })
        .collect();
    html! {
        (table("What a slash would cost", &["Service", "Operator", "Vault loses at most, ETH", "I lose at most, ETH"], &rows, "Nothing is at stake."))
        p .faint { "Before bonds and cover, which bear a loss first." }
    }
}

fn happened(scope: &Scope, activity: &[ActivityDoc]) -> Markup {
    let site = &scope.app.site;
    let rows: Vec<Vec<Markup>> = activity
        .iter()
        .map(|one| {
            vec![
                html! { (time(one.timestamp_s)) },
                html! { (one.kind) },
                html! { (number(one.shares, 6)) },
                html! {
                    @if let (Some(asset), Some(amount)) = (one.asset, one.amounts.first()) { (number(*amount, 6)) " " (site.symbol(asset)) }
                    @else {
                        @for (amount, asset) in one.amounts.iter().zip(&site.assets) {
                            @if *amount > Amount::ZERO { (number(*amount, 6)) " " (asset.symbol) " " }
                        }
                    }
                    @if let Some(with) = one.with { (short(with)) }
                },
                html! { @if let Some(value) = one.value { (number(value, 6)) } },
            ]
        })
        .collect();
    table(
        "Activity",
        &["When", "", "Shares", "Assets", "ETH"],
        &rows,
        "Nothing yet.",
    )
}
