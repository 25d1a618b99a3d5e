//! The life of each slash request, and who bore it.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::parts::{number, ratio, short, time, when};
use super::{Shared, show};
use crate::amount::Amount;
use crate::api::{ApiError, Scope};
use crate::projections::{SlashDoc, SlashStatus};
use crate::store::{Kind, Range};

pub(super) async fn page(State(app): Shared) -> Response {
    show(app, "/slashes", body).await
}

async fn body(scope: &Scope) -> Result<Markup, ApiError> {
    let newest = Range::prefix(Kind::Slash, &[], 50).descending();
    let found = scope.view.scan::<SlashDoc>(newest).await?;
    let now_s = scope.view.block.timestamp_s;
    Ok(html! {
        h1 { "Slashes" }
        section #slashes data-live {
            @if found.is_empty() { p .empty { "No service has ever asked to slash this vault." } }
            @for (_, slash) in &found { (card(scope, slash, now_s)) }
        }
    })
}

const fn name(status: SlashStatus) -> &'static str {
    match status {
        SlashStatus::Filed => "filed",
        SlashStatus::Armed => "armed",
        SlashStatus::Vetoed => "vetoed",
        SlashStatus::Executed => "executed",
        SlashStatus::Lapsed => "lapsed",
    }
}

fn amounts(scope: &Scope, amounts: &[Amount]) -> String {
    let named = amounts.iter().zip(&scope.app.site.assets);
    let some = named.filter(|(amount, _)| **amount > Amount::ZERO);
    let some: Vec<String> = some
        .map(|(amount, asset)| format!("{} {}", number(*amount, 4), asset.symbol))
        .collect();
    if some.is_empty() {
        "nothing".to_owned()
    } else {
        some.join(", ")
    }
}

fn card(scope: &Scope, slash: &SlashDoc, now_s: u64) -> Markup {
    let site = &scope.app.site;
    html! {
        article .card {
            h2 {
                "Slash " (slash.id) " " span .tag .bad[slash.is_undecided() || slash.status == SlashStatus::Executed] { (name(slash.status)) }
            }
            p {
                strong { (site.service_name(slash.service)) } " asks for " strong { (ratio(slash.wad)) } " of the stake of "
                strong { (site.operator_name(slash.operator)) } " " (short(slash.operator)) " for an offence in epoch " (slash.offence_epoch) "."
            }
            ol .life {
                li { "Filed " (time(slash.filed_s)) }
                @if slash.armed_s > 0 { li { "Armed " (time(slash.armed_s)) "; can be executed from " (when(slash.executable_s, now_s)) } }
                @if slash.decided_s > 0 { li { (name(slash.status)) " " (time(slash.decided_s)) } }
                @else { li .faint { "not decided: what it would take is nobody's yet" } }
            }
            dl {
                dt { "Takes at most" } dd { (amounts(scope, &slash.most)) }
                @if slash.status == SlashStatus::Executed {
                    dt { "Took" } dd { (amounts(scope, &slash.taken)) }
                    dt { "Of it, left behind by exits" } dd { (amounts(scope, &slash.held_returned)) }
                }
                dt { "Bond and cover" }
                dd {
                    (number(slash.from_bond, 4)) " and " (number(slash.from_cover, 4)) " of " (number(slash.worth_shares, 4)) " shares that the loss was worth"
                    @if slash.status == SlashStatus::Executed { "; " (number(slash.burned, 4)) " burned, " (number(slash.given, 4)) " to those who had left" }
                }
                @if let (Some(before), Some(after)) = (slash.rate_before_wad, slash.rate_after_wad) {
                    dt { "Rate" } dd { (number(before, 6)) " → " (number(after, 6)) " ETH per share" }
                }
                @if slash.is_stake_forfeited { dt { "The service" } dd { "lost its stake of " (number(slash.stake, 4)) " shares" } }
                dt { "Evidence" } dd .address { (slash.evidence) }
            }
        }
    }
}
