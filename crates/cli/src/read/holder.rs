//! What one account has: tokens, shares, and tickets of exit batches.

use alloy::eips::BlockId;
use alloy::primitives::{Address, U256};
use alloy::providers::Provider;
use futures::future::try_join_all;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use weir_abi::{IErc20, IExits, IHub, IVault};
use weir_protocol::vault::VaultKey;

use super::vault::{VaultView, is_undecided, sum};
use crate::connect::Moment;
use crate::failure::Result;

/// How many epochs are asked at a time for tickets.
const AT_ONCE: usize = 64;

/// What one account has.
#[derive(Debug, Clone)]
pub struct HolderView {
    /// The account.
    pub account: Address,
    /// ETH, wei.
    pub eth: U256,
    /// Its balance of each asset, in the vault's order, wei.
    pub wallet: Vec<U256>,
    /// Shares in its hands.
    pub shares: U256,
    /// Its tickets, oldest first.
    pub tickets: Vec<TicketView>,
}

/// A ticket of an exit batch.
#[derive(Debug, Clone)]
pub struct TicketView {
    /// Its number.
    pub id: U256,
    /// The epoch of its batch.
    pub epoch: u64,
    /// All its shares.
    pub shares: U256,
    /// Of these, shares that are not paid yet: they earn and bleed like any other. Rounded down.
    pub queued: U256,
    /// What a claim would pay now, by asset, wei.
    pub claimable: Vec<U256>,
    /// What it gets if the undecided slash requests are vetoed, by asset, wei.
    pub held: Vec<U256>,
    /// Whether the settlement that the views count is in storage; until a call puts it there, `held` is not known.
    pub is_synced: bool,
    /// Whether its epoch is still open, so that it can be cancelled.
    pub is_open: bool,
}

impl HolderView {
    /// Reads an account.
    ///
    /// # Errors
    /// The chain or a contract did not answer.
    pub async fn read(now: &Moment<'_>, vault: &VaultView, account: Address) -> Result<Self> {
        let lrt = now.client.address("lrt")?;
        let wallet = vault
            .assets
            .iter()
            .map(|asset| now.ask(asset.token, IErc20::balanceOfCall { account }));
        let (eth, shares, wallet, tickets) = futures::try_join!(
            now.eth_balance(account),
            now.ask(lrt, IErc20::balanceOfCall { account }),
            try_join_all(wallet),
            tickets(now, vault, account),
        )?;
        Ok(Self {
            account,
            eth,
            wallet,
            shares,
            tickets,
        })
    }

    /// Shares in tickets that are not paid yet.
    pub fn queued(&self) -> U256 {
        self.tickets
            .iter()
            .fold(U256::ZERO, |sum, ticket| sum.saturating_add(ticket.queued))
    }

    /// What all claims would pay now of one asset, wei.
    pub fn claimable(&self, asset: usize) -> U256 {
        let amounts = self
            .tickets
            .iter()
            .filter_map(|ticket| ticket.claimable.get(asset));
        amounts.fold(U256::ZERO, |sum, amount| sum.saturating_add(*amount))
    }

    /// What all tickets hold of one asset under undecided slash requests, wei.
    pub fn held(&self, asset: usize) -> U256 {
        let amounts = self
            .tickets
            .iter()
            .filter_map(|ticket| ticket.held.get(asset));
        amounts.fold(U256::ZERO, |sum, amount| sum.saturating_add(*amount))
    }

    /// Everything but ETH, at the vault's rates, ETH wei: wallet, shares, tickets, and what is held at full value.
    pub fn value(&self, vault: &VaultView) -> U256 {
        let assets = vault.assets.iter().enumerate().map(|(index, asset)| {
            let wallet = self.wallet.get(index).copied().unwrap_or_default();
            asset.value(sum(&[wallet, self.claimable(index), self.held(index)]))
        });
        let shares = vault.value_of_shares(self.shares.saturating_add(self.queued()));
        assets.fold(shares, U256::saturating_add)
    }
}

/// Number of the ticket that an owner has in the batch of an epoch.
pub fn ticket_id(epoch: u64, owner: Address) -> U256 {
    (U256::from(epoch) << 160) | U256::from_be_slice(owner.as_slice())
}

/// All tickets of an account. There is at most one for each epoch, so every epoch since the vault began is asked.
async fn tickets(now: &Moment<'_>, vault: &VaultView, owner: Address) -> Result<Vec<TicketView>> {
    let epochs = stream::iter(0..=vault.epoch());
    let found = epochs
        .map(|epoch| ticket(now, vault, owner, epoch))
        .buffered(AT_ONCE);
    found
        .try_filter_map(|ticket| async move { Ok(ticket) })
        .try_collect()
        .await
}

async fn ticket(
    now: &Moment<'_>,
    vault: &VaultView,
    owner: Address,
    epoch: u64,
) -> Result<Option<TicketView>> {
    let exits = now.client.address("exits")?;
    let id = ticket_id(epoch, owner);
    let Some(ticket) = now
        .ask_maybe(exits, IExits::ticketCall { ticketId: id })
        .await?
    else {
        return Ok(None);
    };
    let claimable = now
        .ask_maybe(exits, IExits::claimableCall { ticketId: id })
        .await?;
    let batch = now
        .ask(now.client.address("vault")?, IVault::batchCall { epoch })
        .await?;
    let part = |whole: U256| {
        if batch.shares.is_zero() {
            U256::ZERO
        } else {
            whole.saturating_mul(ticket.shares) / batch.shares
        }
    };
    let held = held(now, vault, epoch, &batch).await?;
    Ok(Some(TicketView {
        id,
        epoch,
        shares: ticket.shares,
        queued: part(batch.unfilled),
        claimable: claimable.unwrap_or_else(|| vec![U256::ZERO; vault.assets.len()]),
        is_synced: held.is_some(),
        held: held
            .unwrap_or_else(|| vec![U256::ZERO; vault.assets.len()])
            .into_iter()
            .map(part)
            .collect(),
        is_open: epoch == vault.epoch(),
    }))
}

/// What a batch gets if its undecided slash requests are vetoed, by asset, from the vault's storage: the views tell only
/// what can be claimed. None while the views already count a settlement that no call has put into storage yet.
async fn held(
    now: &Moment<'_>,
    vault: &VaultView,
    epoch: u64,
    batch: &IVault::Batch,
) -> Result<Option<Vec<U256>>> {
    let mut sums = vec![U256::ZERO; vault.assets.len()];
    let hub = now.client.address("hub")?;
    let count = usize::try_from(batch.helds).unwrap_or_default();
    for quad in 0..count.div_ceil(4) {
        let ids = word(now, VaultKey::HeldIds(epoch, quad as u8)).await?;
        for id in ids.into_limbs().into_iter().take(count - quad * 4) {
            // Requests are numbered from 1.
            if id == 0 {
                return Ok(None);
            }
            let request = now.ask(hub, IHub::requestCall { id }).await?;
            if is_undecided(request.status) {
                add_held(now, epoch, id, &mut sums).await?;
            }
        }
    }
    Ok(Some(sums))
}

/// Adds what a batch holds under one request: two assets share a word, 128 bits each.
async fn add_held(now: &Moment<'_>, epoch: u64, id: u64, sums: &mut [U256]) -> Result {
    for (pair, two) in sums.chunks_mut(2).enumerate() {
        let [a, b, c, d] = word(now, VaultKey::Held(epoch, id, pair as u8))
            .await?
            .into_limbs();
        for (sum, [low, high]) in two.iter_mut().zip([[a, b], [c, d]]) {
            *sum = sum.saturating_add(U256::from_limbs([low, high, 0, 0]));
        }
    }
    Ok(())
}

/// A storage word of the vault.
async fn word(now: &Moment<'_>, key: VaultKey) -> Result<U256> {
    let vault = now.client.address("vault")?;
    let read = now
        .client
        .provider
        .get_storage_at(vault, key.slot())
        .block_id(BlockId::number(now.number))
        .await;
    read.map_err(|error| now.client.failure("reading the vault's storage", &error))
}
