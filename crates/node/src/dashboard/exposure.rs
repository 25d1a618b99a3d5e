//! Where the stake is, and what could be lost at once.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::parts::{number, part_bps, percent, ratio, short, table, tile};
use super::{Shared, show};
use crate::amount::Amount;
use crate::api::{ApiError, ExposureAnswer, Scope, read_exposure};

pub(super) async fn page(State(app): Shared) -> Response {
    show(app, "/exposure", body).await
}

async fn body(scope: &Scope) -> Result<Markup, ApiError> {
    let exposure = read_exposure(scope).await?;
    Ok(html! {
        h1 { "Exposure" }
        section #worst data-live { (worst(&exposure)) }
        section #places data-live {
            h2 { "Stake by service and operator" }
            (places(&exposure))
        }
        section #limits data-live {
            h2 { "Limits" }
            (limits(&exposure))
        }
    })
}

fn worst(exposure: &ExposureAnswer) -> Markup {
    html! {
        div .tiles {
            (tile("Slashable", &number(exposure.slashable_value, 2), "ETH"))
            (tile("Allocated", &percent(part_bps(exposure.allocated, exposure.capacity)), "of the capacity"))
            @for one in &exposure.worst {
                (tile(
                    &match one.operators { 1 => "If one operator fails".to_owned(), k => format!("If {k} fail at once") },
                    &percent(one.loss_bps),
                    &format!("{} ETH lost, before bonds and cover", number(one.value, 2)),
                ))
            }
            (tile("Capacity", &ratio(exposure.capacity), "not slashed of what the vault began with"))
        }
    }
}

fn places(exposure: &ExposureAnswer) -> Markup {
    let rows: Vec<Vec<Markup>> = exposure
        .places
        .iter()
        .map(|place| {
            vec![
                html! { strong { (place.service_name) } " " span .faint { "#" (place.service) } },
                html! { (place.operator_name) " " (short(place.operator)) },
                html! { (percent(part_bps(place.magnitude, exposure.capacity))) },
                html! { (meter(part_bps(place.magnitude, exposure.capacity), part_bps(place.at_risk, exposure.capacity))) },
                html! { (number(place.value, 2)) },
                html! { (number(place.value_at_risk, 2)) },
                html! { @if place.pending > Amount::ZERO { span .tag { "pending" } } @if place.leaving > Amount::ZERO { span .tag { "leaving" } }
                    @if place.frozen > Amount::ZERO { span .tag .bad { "frozen by a slash" } } },
            ]
        })
        .collect();
    table(
        "Stake by service and operator",
        &[
            "Service",
            "Operator",
            "Part",
            "At risk of part",
            "ETH behind it",
            "ETH at risk",
            "",
        ],
        &rows,
        "Nothing is allocated: nothing can be slashed.",
    )
}

/// A part of the capacity, and how much of it can be lost.
fn meter(magnitude_bps: u64, risk_bps: u64) -> Markup {
    html! {
        svg .bar viewBox="0 0 10000 100" preserveAspectRatio="none" role="img"
            aria-label=(format!("{} allocated, {} at risk", percent(magnitude_bps), percent(risk_bps))) {
            rect .rest x="0" y="0" width="10000" height="100" {}
            rect .part1 x="0" y="0" width=(magnitude_bps) height="100" {}
            rect .risk x="0" y="0" width=(risk_bps) height="100" {}
        }
    }
}

fn limits(exposure: &ExposureAnswer) -> Markup {
    let Some(limits) = &exposure.limits else {
        return html! { p .empty { "Nothing is limited: the governor has set no limits." } };
    };
    let rows = [
        ("One service", limits.service_bps),
        ("One operator", limits.operator_bps),
        ("One group of operators", limits.group_bps),
        ("Any one operator failing everywhere", limits.worst_one_bps),
        ("Any two", limits.worst_two_bps),
        ("Any three", limits.worst_three_bps),
    ];
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|(name, bps)| vec![html! { (name) }, html! { (percent(u64::from(*bps))) }])
        .collect();
    table("Limits", &["Most at risk in", "Of the capacity"], &rows, "")
}
