//! What the rules are set to, who may change them, and what waits.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::parts::{number, percent, short, span, table, time, when};
use super::{Shared, show};
use crate::api::{ApiError, ParametersAnswer, Scope, read_parameters};
use crate::projections::ChangeDoc;
use crate::store::{Kind, Range};

pub(super) async fn page(State(app): Shared) -> Response {
    show(app, "/parameters", body).await
}

async fn body(scope: &Scope) -> Result<Markup, ApiError> {
    let parameters = read_parameters(scope).await?;
    let newest = Range::prefix(Kind::Change, &[], 50).descending();
    let changes = scope.view.scan::<ChangeDoc>(newest).await?;
    let changes: Vec<ChangeDoc> = changes.into_iter().map(|(_, doc)| doc).collect();
    Ok(html! {
        h1 { "Parameters" }
        section #waiting data-live {
            h2 { "Waiting in the timelock" }
            (waiting(&parameters, scope.view.block.timestamp_s))
        }
        section #current data-live {
            h2 { "Now" }
            (current(&parameters))
            h3 { "Assets" }
            (assets(scope, &parameters))
        }
        section #changes data-live {
            h2 { "Changes" }
            (changed(scope, &changes))
        }
    })
}

fn waiting(parameters: &ParametersAnswer, now_s: u64) -> Markup {
    let rows: Vec<Vec<Markup>> = parameters
        .scheduled
        .iter()
        .map(|call| {
            let proposal = &call.proposal;
            vec![
                html! { (proposal.id) },
                html! { span .tag { (call.stage) } },
                html! { (call.contract) },
                html! { code { (call.meaning) } },
                html! { (time(proposal.scheduled_s)) },
                html! { (when(proposal.ripe_s, now_s)) },
            ]
        })
        .collect();
    table(
        "Waiting calls",
        &["", "", "Contract", "Call", "Scheduled", "Ripe"],
        &rows,
        "Nothing waits.",
    )
}

fn current(parameters: &ParametersAnswer) -> Markup {
    let (vault, roles) = (&parameters.vault, &parameters.roles);
    let curve = &vault.fee_curve;
    html! {
        dl .wide {
            dt { "Epoch" } dd { (span(vault.epoch_s)) }
            dt { "Grace" } dd { (span(vault.grace_s)) }
            dt { "Kept idle" } dd { (percent(vault.idle_target_bps)) }
            dt { "Performance fee" } dd { (percent(vault.fee_bps)) " of gains above " (number(vault.hwm_wad, 6)) " ETH per share" }
            dt { "Instant exit fee" }
            dd {
                (percent(curve.base_bps)) " to " (percent(curve.kink_bps)) " at " (number(curve.kink_value, 2)) " ETH, "
                (percent(curve.limit_bps)) " at the limit of " (number(curve.limit_value, 2)) " ETH in " (span(curve.window_s))
            }
            dt { "Increases of allocations wait" } dd { (span(parameters.allocator.increase_delay_s)) }
            dt { "Long wait of the timelock" } dd { (span(roles.long_wait_s)) }
            dt { "Governor" } dd { (short(roles.governor)) }
            dt { "Curator" } dd { (short(roles.curator)) }
            dt { "Guardian" } dd { (short(roles.guardian)) }
        }
    }
}

fn assets(scope: &Scope, parameters: &ParametersAnswer) -> Markup {
    let rows: Vec<Vec<Markup>> = parameters
        .assets
        .iter()
        .map(|asset| {
            vec![
                html! { strong { (scope.app.site.symbol(asset.token)) } " " (short(asset.token)) },
                html! { (number(asset.cap, 0)) },
                html! { (percent(asset.deposit_fee_bps)) },
                html! { (number(asset.rate_wad, 6)) },
                html! { (time(asset.rate_at_s)) },
                html! { @if asset.delisted { span .tag .bad { "delisted" } } },
            ]
        })
        .collect();
    table(
        "Assets",
        &["Asset", "Cap", "Deposit fee", "Rate", "Accepted", ""],
        &rows,
        "No asset is listed.",
    )
}

fn changed(scope: &Scope, changes: &[ChangeDoc]) -> Markup {
    let rows: Vec<Vec<Markup>> = changes
        .iter()
        .map(|change| {
            vec![
                html! { (time(change.timestamp_s)) },
                html! { (change.parameter) },
                html! { @if let Some(of) = change.of { (scope.app.site.symbol(of)) } },
                html! { code { (change.old) } },
                html! { code { (change.new) } },
            ]
        })
        .collect();
    table(
        "Changes",
        &["When", "Parameter", "Of", "Old", "New"],
        &rows,
        "Nothing was ever changed.",
    )
}
