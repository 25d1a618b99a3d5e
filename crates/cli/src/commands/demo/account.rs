//! Whether every wei is where the contracts say it is, from balances and supplies on the chain.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IVault};

use crate::amount::{cell, exact};
use crate::connect::Moment;
use crate::failure::Result;
use crate::json::Wei;
use crate::read::{HolderView, VaultView, sum};
use crate::table::Sheet;

/// Where the vault keeps shares that nobody ever owns, so that the supply never returns to zero.
const LOCK: Address = alloy::primitives::address!("000000000000000000000000000000000000dEaD");

/// Every wei of every asset and of the shares.
#[derive(Debug, Clone, Serialize)]
pub struct Conservation {
    /// Each asset.
    pub assets: Vec<AssetSum>,
    /// The shares.
    pub shares: ShareSum,
}

/// All of one asset.
#[derive(Debug, Clone, Serialize)]
pub struct AssetSum {
    /// What people call it.
    pub symbol: String,
    /// In the hands of the actors.
    pub wallets: Wei,
    /// What the vault has of the token.
    pub vault: Wei,
    /// What the vault's ledger says it has: idle, staked, unbonding, held, owed, due and dripping.
    pub ledger: Wei,
    /// Slashed and gone to the sink.
    pub slashed: Wei,
    /// The token's total supply.
    pub supply: Wei,
    /// Of what is owed to exits, what no ticket can claim: rounding, less than a wei for each ticket.
    pub dust: Wei,
    /// Whether wallets, vault and sink are the supply, and the vault has what its ledger says.
    pub adds_up: bool,
}

/// All shares.
#[derive(Debug, Clone, Serialize)]
pub struct ShareSum {
    /// In the hands of the actors.
    pub wallets: Wei,
    /// In exit batches, unpaid.
    pub queued: Wei,
    /// Locked for ever by the first deposit.
    pub locked: Wei,
    /// Fee shares that the vault holds until they are collected.
    pub fees: Wei,
    /// Fee shares that are due and not yet minted: in the vault's books alone.
    pub fees_due: Wei,
    /// The token's total supply.
    pub supply: Wei,
    /// The supply in the vault's own books.
    pub vault_supply: Wei,
    /// Whether these are the supply, and the vault's books agree.
    pub adds_up: bool,
}

impl Conservation {
    /// Adds everything up at one block. `actors` must be everybody who ever held a token, and `sink` where slashed assets go.
    ///
    /// # Errors
    /// The chain did not answer.
    pub async fn read(
        now: &Moment<'_>,
        vault: &VaultView,
        actors: &[HolderView],
        sink: Address,
    ) -> Result<Self> {
        let mut assets = Vec::new();
        for (index, asset) in vault.assets.iter().enumerate() {
            let wallets = total(
                actors
                    .iter()
                    .filter_map(|actor| actor.wallet.get(index).copied()),
            );
            let slashed = now
                .ask(asset.token, IErc20::balanceOfCall { account: sink })
                .await?;
            let supply = now.ask(asset.token, IErc20::totalSupplyCall {}).await?;
            let claimable = total(actors.iter().map(|actor| actor.claimable(index)));
            let ledger = asset.liabilities();
            assets.push(AssetSum {
                symbol: asset.symbol.clone(),
                wallets: Wei(wallets),
                vault: Wei(asset.balance),
                ledger: Wei(ledger),
                slashed: Wei(slashed),
                supply: Wei(supply),
                dust: Wei(asset.vault.ledger.owed.saturating_sub(claimable)),
                adds_up: sum(&[wallets, asset.balance, slashed]) == supply
                    && asset.balance == ledger
                    && claimable <= asset.vault.ledger.owed,
            });
        }
        let client = now.client;
        let (lrt, exits) = (client.address("lrt")?, client.address("exits")?);
        let wallets = total(actors.iter().map(|actor| actor.shares));
        let queued = now
            .ask(lrt, IErc20::balanceOfCall { account: exits })
            .await?;
        let locked = now
            .ask(lrt, IErc20::balanceOfCall { account: LOCK })
            .await?;
        let supply = now.ask(lrt, IErc20::totalSupplyCall {}).await?;
        let vault_supply = vault.state.supply;
        let at = client.address("vault")?;
        let fees = now.ask(lrt, IErc20::balanceOfCall { account: at }).await?;
        let books = now.ask(at, IVault::performanceFeeCall {}).await?;
        let fees_due = books.uncollected.saturating_sub(fees);
        let shares = ShareSum {
            wallets: Wei(wallets),
            queued: Wei(queued),
            locked: Wei(locked),
            fees: Wei(fees),
            fees_due: Wei(fees_due),
            supply: Wei(supply),
            vault_supply: Wei(vault_supply),
            adds_up: sum(&[wallets, queued, locked, fees]) == supply
                && sum(&[supply, fees_due]) == vault_supply,
        };
        Ok(Self { assets, shares })
    }

    /// Whether everything adds up.
    pub fn holds(&self) -> bool {
        self.shares.adds_up && self.assets.iter().all(|asset| asset.adds_up)
    }

    /// As a table, with a verdict.
    pub fn text(&self) -> String {
        let mut sheet = Sheet::new(
            1,
            &[
                "",
                "in wallets",
                "in the vault",
                "in the queue",
                "slashed",
                "locked",
                "supply",
                "adds up",
            ],
        );
        let verdict = |holds: bool| if holds { "to the wei" } else { "NO" }.to_owned();
        for row in &self.assets {
            let cells = [
                row.wallets.0,
                row.vault.0,
                U256::ZERO,
                row.slashed.0,
                U256::ZERO,
                row.supply.0,
            ]
            .map(cell);
            sheet.row(
                [row.symbol.clone()]
                    .into_iter()
                    .chain(cells)
                    .chain([verdict(row.adds_up)]),
            );
        }
        let row = &self.shares;
        let cells = [
            row.wallets.0,
            row.fees.0,
            row.queued.0,
            U256::ZERO,
            row.locked.0,
            row.supply.0,
        ]
        .map(cell);
        sheet.row(
            ["shares".to_owned()]
                .into_iter()
                .chain(cells)
                .chain([verdict(row.adds_up)]),
        );
        let mut text = sheet.text();
        for row in self.assets.iter().filter(|row| !row.adds_up) {
            let found = sum(&[row.wallets.0, row.vault.0, row.slashed.0]);
            text += &format!(
                "  {}: wallets, vault and sink are {}, the supply {}, the ledger {}\n",
                row.symbol,
                exact(found),
                exact(row.supply.0),
                exact(row.ledger.0)
            );
        }
        text
    }
}

fn total(amounts: impl Iterator<Item = U256>) -> U256 {
    amounts.fold(U256::ZERO, U256::saturating_add)
}
