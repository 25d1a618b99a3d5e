//! The vault, as commands print it.

use alloy::primitives::{Address, U256};
use serde::Serialize;

use crate::amount::{cell, rate};
use crate::connect::Client;
use crate::explain::status_word;
use crate::json::Wei;
use crate::read::{AssetView, RequestView, VaultView};
use crate::table::Sheet;
use crate::time::seen_from;

/// The vault at one block.
#[derive(Debug, Clone, Serialize)]
pub struct VaultReport {
    /// Block that everything was read at.
    pub block: u64,
    /// Its time, Unix seconds.
    pub time_s: u64,
    /// ETH per share, times 1e18.
    pub rate_wad: Wei,
    /// The same if every undecided slash is executed.
    pub floor_rate_wad: Wei,
    /// The rate as a part of its high-water mark, times 1e18.
    pub backing_wad: Wei,
    /// Bonds and cover, ETH wei.
    pub first_loss: Wei,
    /// What is lost if the worst operator fails everywhere, ETH wei.
    pub worst_loss: Wei,
    /// The vault has ended: exits alone go on.
    pub retired: bool,
    /// ETH wei.
    pub nav: Wei,
    /// Shares, those in exit batches included.
    pub supply: Wei,
    /// Shares of closed batches that are not paid yet.
    pub pending_shares: Wei,
    /// Part of a gain above the high-water mark that is taken as a performance fee.
    pub performance_fee_bps: Wei,
    /// The high-water mark of the rate, ETH per share times 1e18: below it there is no fee.
    pub hwm_wad: Wei,
    /// Fee shares that wait to be split.
    pub uncollected_fee: Wei,
    /// Rolling net outflow of instant exits, ETH wei of value.
    pub net_outflow: Wei,
    /// Number of the epoch.
    pub epoch: u64,
    /// When it ends, Unix seconds.
    pub epoch_ends_s: u64,
    /// When exits that are requested now settle, Unix seconds.
    pub exit_settles_s: u64,
    /// Deposits are paused until then, 0 if not.
    pub deposits_paused_until_s: Wei,
    /// Instant exits are paused until then, 0 if not.
    pub instant_paused_until_s: Wei,
    /// Assets in the vault's order.
    pub assets: Vec<LedgerReport>,
    /// Slash requests that wait for their decision.
    pub undecided: Vec<RequestReport>,
}

/// One asset: where each wei of it is.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerReport {
    /// What people call it.
    pub symbol: String,
    /// Its token.
    pub token: Address,
    /// ETH per token, times 1e18.
    pub rate_wad: Wei,
    /// `fresh`, `stale` or `suspicious`.
    pub rate_state: &'static str,
    /// Most that deposits may raise the total to.
    pub cap: Wei,
    /// In the vault, not slashable.
    pub idle: Wei,
    /// Secures services, slashable.
    pub staked: Wei,
    /// Unstaked, still slashable.
    pub unbonding: Wei,
    /// Set aside for exits under undecided slash requests.
    pub held: Wei,
    /// Belongs to settled exits.
    pub owed: Wei,
    /// Slashed, not yet pulled.
    pub due: Wei,
    /// Gains and fees that still drip into idle.
    pub unvested: Wei,
    /// Of idle, staked and unbonding, what undecided slash requests will take.
    pub contested: Wei,
    /// `idle + staked + unbonding`: what counts in the NAV.
    pub total: Wei,
    /// The total at the rate, ETH wei.
    pub value: Wei,
    /// What the vault has of the token.
    pub balance: Wei,
}

/// A slash request that waits for its decision.
#[derive(Debug, Clone, Serialize)]
pub struct RequestReport {
    /// Its number.
    pub id: u64,
    /// Number of the service.
    pub service: u32,
    /// The operator.
    pub operator: Address,
    /// Part of the operator's magnitude, times 1e18.
    pub wad: u64,
    /// Magnitude it takes, of the vault's capacity, times 1e18.
    pub delta: u64,
    /// `filed` or `armed`.
    pub status: &'static str,
    /// When it was filed, Unix seconds.
    pub filed_s: u64,
    /// When it was armed, Unix seconds, 0 if not.
    pub armed_s: u64,
    /// From when on it can be armed, or executed if it is armed, Unix seconds.
    pub next_s: u64,
}

impl VaultReport {
    /// Of what was read.
    pub fn new(view: &VaultView) -> Self {
        let state = &view.state;
        let epoch = view.epoch();
        Self {
            block: view.block,
            time_s: view.time_s,
            rate_wad: Wei(state.rateWad),
            floor_rate_wad: Wei(state.floorRateWad),
            backing_wad: Wei(view.backing_wad),
            first_loss: Wei(view.coverage.firstLoss),
            worst_loss: Wei(view.coverage.worstLoss),
            retired: state.retired,
            nav: Wei(state.nav),
            supply: Wei(state.supply),
            pending_shares: Wei(state.pendingShares),
            performance_fee_bps: Wei(view.fee.feeBps),
            hwm_wad: Wei(view.fee.hwmWad),
            uncollected_fee: Wei(view.fee.uncollected),
            net_outflow: Wei(state.netOutflow),
            epoch,
            epoch_ends_s: view.clock.start_s(epoch.saturating_add(1)),
            exit_settles_s: view.clock.maturity_s(epoch),
            deposits_paused_until_s: Wei(state.depositsPausedUntil),
            instant_paused_until_s: Wei(state.instantPausedUntil),
            assets: view.assets.iter().map(LedgerReport::new).collect(),
            undecided: view.undecided.iter().map(RequestReport::new).collect(),
        }
    }
}

impl LedgerReport {
    fn new(view: &AssetView) -> Self {
        let ledger = &view.vault.ledger;
        Self {
            symbol: view.symbol.clone(),
            token: view.token,
            rate_wad: Wei(view.quote.rateWad),
            rate_state: match view.quote.state {
                0 => "fresh",
                1 => "stale",
                _ => "suspicious",
            },
            cap: Wei(view.vault.cap),
            idle: Wei(ledger.idle),
            staked: Wei(ledger.staked),
            unbonding: Wei(ledger.unbondingEven.saturating_add(ledger.unbondingOdd)),
            held: Wei(ledger.held),
            owed: Wei(ledger.owed),
            due: Wei(ledger.due),
            unvested: Wei(ledger.unvested),
            contested: Wei(ledger.contested),
            total: Wei(view.total()),
            value: Wei(view.value(view.total())),
            balance: Wei(view.balance),
        }
    }
}

impl RequestReport {
    fn new(view: &RequestView) -> Self {
        let request = &view.request;
        let next_s = if request.armedAt == 0 {
            request.filedAt.saturating_add(view.terms.vetoWindow)
        } else {
            request
                .armedAt
                .saturating_add(weir_protocol::hub::EXECUTE_DELAY_S)
        };
        Self {
            id: view.id,
            service: request.service,
            operator: request.operator,
            wad: request.wad,
            delta: request.delta,
            status: status_word(request.status),
            filed_s: request.filedAt,
            armed_s: request.armedAt,
            next_s,
        }
    }

    /// What can happen to it next.
    pub fn next_sentence(&self, now_s: u64) -> String {
        let when = seen_from(now_s, self.next_s);
        match (self.armed_s == 0, self.next_s > now_s) {
            (true, true) => format!("can be armed from {when}"),
            (true, false) => "can be armed".to_owned(),
            (false, true) => format!("can be executed from {when}"),
            (false, false) => "can be executed".to_owned(),
        }
    }

    /// The part of the operator's stake it takes, and whose: `10 % of operator's stake in service 1`.
    pub fn what(&self, client: &Client) -> String {
        let part = crate::explain::share(self.wad);
        format!(
            "{part} of {}'s stake in service {}",
            client.name_of(self.operator),
            self.service
        )
    }
}

/// The vault's ledger: a row for each asset.
pub fn ledger_table(assets: &[LedgerReport]) -> String {
    let mut header = vec!["", "rate", "idle", "staked", "unbonding"];
    // Columns that are empty in every row only tire the eye.
    type Column = (&'static str, fn(&LedgerReport) -> Wei);
    let optional: [Column; 5] = [
        ("held", |row| row.held),
        ("owed", |row| row.owed),
        ("due", |row| row.due),
        ("dripping", |row| row.unvested),
        ("of it contested", |row| row.contested),
    ];
    let shown: Vec<_> = optional
        .into_iter()
        .filter(|(_, get)| assets.iter().any(|row| get(row).0 != U256::ZERO))
        .collect();
    header.extend(shown.iter().map(|(name, _)| *name));
    header.push("value in ETH");
    let mut sheet = Sheet::new(1, &header);
    for row in assets {
        let mut cells = vec![row.symbol.clone(), rate(row.rate_wad.0)];
        cells.extend([row.idle, row.staked, row.unbonding].map(|amount| cell(amount.0)));
        cells.extend(shown.iter().map(|(_, get)| cell(get(row).0)));
        cells.push(cell(row.value.0));
        sheet.row(cells);
    }
    sheet.text()
}
