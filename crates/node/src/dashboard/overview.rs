//! What the vault is worth, what backs it, and how it went.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::parts::{bar, number, part_bps, percent, ratio, signed_percent, table, tile, time};
use super::{Shared, chart, show};
use crate::amount::Amount;
use crate::api::{ApiError, Growth, Scope, VaultAnswer, read_vault};
use crate::projections::HistoryDoc;
use crate::store::{Kind, Range};

pub(super) async fn page(State(app): Shared) -> Response {
    show(app, "/", body).await
}

async fn body(scope: &Scope) -> Result<Markup, ApiError> {
    let vault = read_vault(scope).await?;
    let newest = Range {
        kind: Kind::History,
        from: Vec::new(),
        to: Some(HistoryDoc::LAST.to_vec()),
        descending: true,
        limit: 400,
    };
    let mut points: Vec<HistoryDoc> = scope
        .view
        .scan(newest)
        .await?
        .into_iter()
        .map(|(_, doc)| doc)
        .collect();
    points.reverse();
    points.retain(|point| point.supply > Amount::ZERO);
    let now_s = scope.view.block.timestamp_s;
    Ok(html! {
        h1 .visually-hidden { "Overview" }
        (notices(&vault, now_s))
        section #figures data-live { (figures(&vault)) }
        section #rate data-live {
            h2 { "Rate" }
            (chart::rate(&points, now_s))
        }
        section #backing data-live {
            h2 { "Backing" }
            (backing(&vault))
        }
    })
}

/// What a holder must know before anything else.
fn notices(vault: &VaultAnswer, now_s: u64) -> Markup {
    html! {
        div #notices data-live {
            @if vault.undecided > 0 {
                p .notice {
                    strong { (vault.undecided) " slash " @if vault.undecided == 1 { "request is" } @else { "requests are" } " undecided. " }
                    "If executed, a share is worth " (number(vault.floor_rate_wad, 6)) " ETH. " a href="/slashes" { "Slashes" }
                }
            }
            @if vault.rate_state != "fresh" {
                p .notice { strong { "A rate is " (vault.rate_state) ". " } "Deposits and instant exits wait; the queue goes on." }
            }
            @if vault.deposits_paused_until_s > now_s {
                p .notice { strong { "Deposits are paused" } " until " (time(vault.deposits_paused_until_s)) "." }
            }
            @if vault.instant_paused_until_s > now_s {
                p .notice { strong { "Instant exits are paused" } " until " (time(vault.instant_paused_until_s)) ". The queue goes on." }
            }
        }
    }
}

fn pace(growth: Option<&Growth>) -> (String, String) {
    let Some(growth) = growth else {
        return ("–".to_owned(), "no history yet".to_owned());
    };
    let shown = growth
        .apy_bps
        .map_or_else(|| "–".to_owned(), signed_percent);
    let note = format!("{} over the time", signed_percent(growth.change_bps));
    let young = if growth.is_partial {
        ", history is younger"
    } else {
        ""
    };
    (shown, format!("{note}{young}"))
}

fn figures(vault: &VaultAnswer) -> Markup {
    let (week, week_note) = pace(vault.growth_7d.as_ref());
    let (month, month_note) = pace(vault.growth_30d.as_ref());
    let coverage = vault
        .coverage_ratio_wad
        .map_or_else(|| "–".to_owned(), ratio);
    html! {
        div .tiles {
            (tile("Rate", &number(vault.rate_wad, 6), "ETH per share"))
            (tile("Floor", &number(vault.floor_rate_wad, 6), "if every undecided slash stands"))
            (tile("APY, 7 days", &week, &week_note))
            (tile("APY, 30 days", &month, &month_note))
            (tile("Value", &number(vault.nav, 2), "ETH"))
            (tile("Shares", &number(vault.supply, 2), &format!("{} holders", vault.holders)))
            (tile("Backing", &ratio(vault.backing_ratio_wad), "of the high-water mark"))
            (tile("Coverage", &coverage, "bonds and cover, of the worst single failure"))
        }
    }
}

fn backing(vault: &VaultAnswer) -> Markup {
    let shares: Vec<(&str, u64)> = vault
        .assets
        .iter()
        .map(|asset| (asset.symbol.as_str(), asset.share_bps))
        .collect();
    let rows: Vec<Vec<Markup>> = vault
        .assets
        .iter()
        .map(|asset| {
            vec![
                html! { strong { (asset.symbol) } },
                html! { (number(asset.rate_wad, 6)) @if asset.rate_state != "fresh" { " " span .tag { (asset.rate_state) } } },
                html! { (number(asset.total, 4)) },
                html! { (number(asset.value, 2)) },
                html! { (percent(asset.share_bps)) },
                html! {
                    (bar(&[
                        ("idle", part_bps(asset.idle, asset.total)),
                        ("staked", part_bps(asset.staked, asset.total)),
                        ("unbonding", part_bps(asset.unbonding, asset.total)),
                    ]))
                },
                html! { (number(asset.idle, 4)) },
                html! { (number(asset.staked, 4)) },
                html! { (number(asset.unbonding, 4)) },
                html! { (number(asset.contested, 4)) },
                html! { (number(asset.owed, 4)) },
                html! { @if asset.is_backed { "whole" } @else { strong .bad { "short" } } },
            ]
        })
        .collect();
    html! {
        @if vault.nav > Amount::ZERO { (bar(&shares)) }
        (table(
            "Backing by asset",
            &["Asset", "Rate", "Total", "ETH", "Part", "Where", "Idle", "Staked", "Unbonding", "Contested", "Owed to exits", "Reserves"],
            &rows,
            "The vault has no asset yet.",
        ))
        p .faint {
            span .key .part0 {} " idle  " span .key .part1 {} " staked  " span .key .part2 {} " unbonding. "
            "Epoch " (vault.epoch) " ends " (time(vault.epoch_ends_s)) ". What is requested now is paid " (time(vault.exit_at_s)) "."
        }
    }
}
