//! The whole vault at one moment.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};
use futures::future::try_join_all;
use weir_abi::{IErc20, IHub, IRates, IVault};
use weir_protocol::clock::Clock;

use crate::connect::Moment;
use crate::failure::Result;

/// The vault as one block has it.
#[derive(Debug, Clone)]
pub struct VaultView {
    /// Block that everything was read at.
    pub block: u64,
    /// Its time, Unix seconds.
    pub time_s: u64,
    /// How the vault measures time.
    pub clock: Clock,
    /// Rates, supply, queue.
    pub state: IVault::State,
    /// The rate as a part of its high-water mark, times 1e18.
    pub backing_wad: U256,
    /// Bonds and cover beside the failure of the worst operator.
    pub coverage: IVault::coverageRatioReturn,
    /// The performance fee and its mark.
    pub fee: IVault::Performance,
    /// Assets in the vault's order.
    pub assets: Vec<AssetView>,
    /// Slash requests that wait for their decision, newest first.
    pub undecided: Vec<RequestView>,
}

/// One asset of the vault.
#[derive(Debug, Clone)]
pub struct AssetView {
    /// What people call it.
    pub symbol: String,
    /// Its token.
    pub token: Address,
    /// Parameters and ledger.
    pub vault: IVault::Asset,
    /// What it is worth.
    pub quote: IRates::Quote,
    /// What the vault has of the token, wei.
    pub balance: U256,
}

/// A slash request.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// Its number.
    pub id: u64,
    /// What it asks for, and where it is in its life.
    pub request: IHub::Request,
    /// Terms of its service.
    pub terms: IHub::Terms,
}

impl AssetView {
    /// What counts in the NAV, wei.
    pub fn total(&self) -> U256 {
        let ledger = &self.vault.ledger;
        sum(&[
            ledger.idle,
            ledger.staked,
            ledger.unbondingEven,
            ledger.unbondingOdd,
        ])
    }

    /// Everything that the vault must have of the token, wei.
    pub fn liabilities(&self) -> U256 {
        let ledger = &self.vault.ledger;
        sum(&[
            self.total(),
            ledger.held,
            ledger.owed,
            ledger.due,
            ledger.unvested,
        ])
    }

    /// What an amount is worth, ETH wei, rounded down.
    pub fn value(&self, amount: U256) -> U256 {
        worth(amount, self.quote.rateWad)
    }
}

impl VaultView {
    /// Reads the vault.
    ///
    /// # Errors
    /// The chain or a contract did not answer.
    pub async fn read(now: &Moment<'_>) -> Result<Self> {
        let client = now.client;
        let vault = client.address("vault")?;
        let coverage = IVault::coverageRatioCall { operators: 1 };
        let (state, backing_wad, coverage, wiring, fee, tokens, quotes) = futures::try_join!(
            now.ask(vault, IVault::stateCall {}),
            now.ask(vault, IVault::backingRatioCall {}),
            now.ask(vault, coverage),
            now.ask(vault, IVault::wiringCall {}),
            now.ask(vault, IVault::performanceFeeCall {}),
            now.ask(vault, IVault::assetsCall {}),
            now.ask(client.address("rates")?, IRates::peekCall {}),
        )?;
        let assets = tokens
            .into_iter()
            .zip(quotes)
            .map(|(token, quote)| async move {
                let (asset, balance) = futures::try_join!(
                    now.ask(vault, IVault::assetCall { token }),
                    now.ask(token, IErc20::balanceOfCall { account: vault }),
                )?;
                Ok(AssetView {
                    symbol: client.name_of(token),
                    token,
                    vault: asset,
                    quote,
                    balance,
                })
            });
        let wanted = u64::try_from(state.undecided).unwrap_or_default();
        let (assets, undecided) =
            futures::try_join!(try_join_all(assets), undecided(now, vault, wanted))?;
        Ok(Self {
            block: now.number,
            time_s: now.time_s,
            clock: Clock {
                genesis_s: wiring.genesis,
                epoch_s: wiring.epochLength,
                grace_s: wiring.slashGrace,
            },
            state,
            backing_wad,
            coverage,
            fee,
            assets,
            undecided,
        })
    }

    /// Number of the epoch.
    pub fn epoch(&self) -> u64 {
        self.clock.epoch_at(self.time_s)
    }

    /// What shares are worth at the rate, ETH wei, rounded down.
    pub fn value_of_shares(&self, shares: U256) -> U256 {
        worth(shares, self.state.rateWad)
    }
}

/// Requests against this vault that wait for their decision. The hub numbers the requests of all vaults together, so it is
/// searched from the newest until all that the vault counts are found.
async fn undecided(now: &Moment<'_>, vault: Address, wanted: u64) -> Result<Vec<RequestView>> {
    let hub = now.client.address("hub")?;
    let mut terms: BTreeMap<u32, IHub::Terms> = BTreeMap::new();
    let mut found = Vec::new();
    let mut id = if wanted == 0 {
        0
    } else {
        now.ask(hub, IHub::requestCountCall {}).await?
    };
    while id > 0 && (found.len() as u64) < wanted {
        let request = now.ask(hub, IHub::requestCall { id }).await?;
        if request.vault == vault && is_undecided(request.status) {
            let service = request.service;
            let terms = match terms.get(&service) {
                Some(known) => known.clone(),
                None => {
                    let read = now.ask(hub, IHub::termsCall { service }).await?;
                    terms.entry(service).or_insert(read).clone()
                }
            };
            found.push(RequestView { id, request, terms });
        }
        id -= 1;
    }
    Ok(found)
}

/// Whether a request waits for its decision.
pub const fn is_undecided(status: IHub::Status) -> bool {
    matches!(status, IHub::Status::Filed | IHub::Status::Armed)
}

/// `floor(amount · rate / 1e18)`; amounts and rates are far below 2^128, so the product fits.
pub fn worth(amount: U256, rate_wad: U256) -> U256 {
    amount.saturating_mul(rate_wad) / weir_deployment::amount::WAD
}

/// A sum of amounts, each below 2^128.
pub fn sum(amounts: &[U256]) -> U256 {
    amounts
        .iter()
        .fold(U256::ZERO, |sum, amount| sum.saturating_add(*amount))
}
