//! Holders: balances, what they cost, what came of it, and what each did.
//!
//! Cost is kept by the average: what leaves takes a proportional part of the cost along, rounded down, so that no wei of cost is
//! made or lost. Shares that come without a deposit (fees, released bonds) cost nothing; shares that another holder sends bring
//! their part of the sender's cost along: a gift is not a gain. The zero address and the queue's escrow are not holders.

use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_abi::IErc20::IErc20Events;
use weir_abi::IExits::IExitsEvents;
use weir_abi::IVault::IVaultEvents;

use super::queue::{TicketDoc, ticket_key};
use super::vault::VaultDoc;
use super::{Context, Doc, ProjectError, Workspace, amounts, assets};
use crate::amount::{Amount, OutOfRange};
use crate::store::Kind;

/// An account that has or had shares.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HolderDoc {
    /// The account.
    #[schema(value_type = String)]
    pub account: Address,
    /// Shares in its hands.
    #[schema(value_type = String)]
    pub balance: Amount,
    /// What these cost, ETH wei.
    #[schema(value_type = String)]
    pub cost: Amount,
    /// Value of all its deposits, ETH wei.
    #[schema(value_type = String)]
    pub deposited: Amount,
    /// Value of all that instant exits and finished tickets paid it, at the rates of those moments, ETH wei.
    #[schema(value_type = String)]
    pub withdrawn: Amount,
    /// Of exits: what they paid above their cost, ETH wei.
    #[schema(value_type = String)]
    pub gains: Amount,
    /// Of exits: what they paid below their cost, ETH wei.
    #[schema(value_type = String)]
    pub losses: Amount,
    /// Block of its first share.
    pub since_block: u64,
}

impl Doc for HolderDoc {
    const KIND: Kind = Kind::Holder;

    fn rank(&self) -> Option<[u8; 32]> {
        Some(self.balance.0.to_be_bytes())
    }
}

impl HolderDoc {
    /// Takes `shares` out of `held` with their part of the cost, which is returned.
    fn take_cost(&mut self, shares: Amount, held: Amount) -> Result<Amount, OutOfRange> {
        let part = if shares >= held {
            self.cost
        } else {
            self.cost.part_down(shares, held)?
        };
        self.cost = self.cost.minus(part)?;
        Ok(part)
    }

    /// Counts an exit that cost `cost` and paid `paid`.
    fn realise(&mut self, cost: Amount, paid: Amount) -> Result<(), OutOfRange> {
        self.withdrawn = self.withdrawn.plus(paid)?;
        match paid.minus(cost) {
            Ok(gain) => self.gains = self.gains.plus(gain)?,
            Err(OutOfRange) => self.losses = self.losses.plus(cost.minus(paid)?)?,
        }
        Ok(())
    }
}

/// Something that an account did, or that happened to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ActivityDoc {
    /// `deposit`, `redeem`, `request`, `cancel`, `claim`, `sent`, `received`.
    pub kind: String,
    /// Shares.
    #[schema(value_type = String)]
    pub shares: Amount,
    /// Of the asset, or of each asset in the vault's order.
    #[schema(value_type = Vec<String>)]
    pub amounts: Vec<Amount>,
    /// The asset of a deposit or an instant exit.
    #[schema(value_type = Option<String>)]
    pub asset: Option<Address>,
    /// What it was worth, ETH wei; none where no rate plays a part.
    #[schema(value_type = Option<String>)]
    pub value: Option<Amount>,
    /// The other account of a transfer.
    #[schema(value_type = Option<String>)]
    pub with: Option<Address>,
    /// Epoch of the ticket.
    pub epoch: Option<u64>,
    /// Block.
    pub block: u64,
    /// Unix seconds.
    pub timestamp_s: u64,
    /// Transaction.
    #[schema(value_type = String)]
    pub tx: B256,
}

impl Doc for ActivityDoc {
    const KIND: Kind = Kind::Activity;
}

async fn edit(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    account: Address,
    change: impl FnOnce(&mut HolderDoc) -> Result<(), ProjectError>,
) -> Result<(), ProjectError> {
    let block = ctx.block.number;
    ws.edit::<HolderDoc>(account.as_slice(), |holder| {
        if holder.since_block == 0 {
            (holder.account, holder.since_block) = (account, block);
        }
        change(holder)
    })
    .await
}

async fn note(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    account: Address,
    doc: ActivityDoc,
) -> Result<(), ProjectError> {
    let doc = ActivityDoc {
        block: ctx.block.number,
        timestamp_s: ctx.block.timestamp_s,
        tx: ctx.tx,
        ..doc
    };
    let key = [account.as_slice(), &ctx.place()].concat();
    ws.put(&key, &doc).await
}

pub(super) async fn lrt(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IErc20Events,
) -> Result<(), ProjectError> {
    let IErc20Events::Transfer(e) = event else {
        return Ok(());
    };
    let value = Amount(e.value);
    if value == Amount::ZERO || e.from == e.to {
        return Ok(());
    }
    let escrow = ctx.site.exits;
    let is_holder = |account: Address| !account.is_zero() && account != escrow;
    let between_holders = is_holder(e.from) && is_holder(e.to);
    let (mut cost, mut change) = (Amount::ZERO, 0i64);
    if is_holder(e.from) {
        edit(ws, ctx, e.from, |holder| {
            let held = holder.balance;
            holder.balance = held.minus(value)?;
            change -= i64::from(holder.balance == Amount::ZERO);
            if between_holders {
                cost = holder.take_cost(value, held)?;
            }
            Ok(())
        })
        .await?;
    }
    if is_holder(e.to) {
        edit(ws, ctx, e.to, |holder| {
            change += i64::from(holder.balance == Amount::ZERO);
            holder.balance = holder.balance.plus(value)?;
            holder.cost = holder.cost.plus(cost)?;
            Ok(())
        })
        .await?;
    }
    if change != 0 {
        ws.edit::<VaultDoc>(VaultDoc::KEY, |vault| {
            vault.holders = vault.holders.saturating_add_signed(change);
            Ok(())
        })
        .await?;
    }
    if between_holders {
        for (account, with, kind) in [(e.from, e.to, "sent"), (e.to, e.from, "received")] {
            let doc = ActivityDoc {
                kind: kind.to_owned(),
                shares: value,
                with: Some(with),
                ..ActivityDoc::default()
            };
            note(ws, ctx, account, doc).await?;
        }
    }
    Ok(())
}

pub(super) async fn vault(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IVaultEvents,
) -> Result<(), ProjectError> {
    match event {
        IVaultEvents::Deposited(e) => {
            edit(ws, ctx, e.receiver, |holder| {
                holder.cost = holder.cost.plus(e.value.into())?;
                holder.deposited = holder.deposited.plus(e.value.into())?;
                Ok(())
            })
            .await?;
            let doc = ActivityDoc {
                kind: "deposit".to_owned(),
                shares: e.shares.into(),
                amounts: amounts(&[e.amount]),
                asset: Some(e.asset),
                value: Some(e.value.into()),
                ..ActivityDoc::default()
            };
            note(ws, ctx, e.receiver, doc).await
        }
        IVaultEvents::Redeemed(e) => {
            let asset = assets::by_token(ws, e.asset).await?.unwrap_or_default();
            let paid = Amount(e.amount).at_rate(asset.rate_wad)?;
            edit(ws, ctx, e.owner, |holder| {
                // The shares were burned before this event.
                let held = holder.balance.plus(e.shares.into())?;
                let cost = holder.take_cost(e.shares.into(), held)?;
                Ok(holder.realise(cost, paid)?)
            })
            .await?;
            let doc = ActivityDoc {
                kind: "redeem".to_owned(),
                shares: e.shares.into(),
                amounts: amounts(&[e.amount]),
                asset: Some(e.asset),
                value: Some(paid),
                ..ActivityDoc::default()
            };
            note(ws, ctx, e.owner, doc).await
        }
        _ => Ok(()),
    }
}

pub(super) async fn exits(
    ws: &mut Workspace,
    ctx: &Context<'_>,
    event: &IExitsEvents,
) -> Result<(), ProjectError> {
    match event {
        IExitsEvents::Requested(e) => {
            let mut cost = Amount::ZERO;
            edit(ws, ctx, e.owner, |holder| {
                // The shares went into escrow before this event.
                let held = holder.balance.plus(e.shares.into())?;
                cost = holder.take_cost(e.shares.into(), held)?;
                Ok(())
            })
            .await?;
            ws.edit::<TicketDoc>(&ticket_key(e.ticketId), |ticket| {
                ticket.cost = ticket.cost.plus(cost)?;
                Ok(())
            })
            .await?;
            let doc = moved("request", e.shares, e.epoch);
            note(ws, ctx, e.owner, doc).await
        }
        IExitsEvents::Cancelled(e) => {
            let key = ticket_key(e.ticketId);
            let mut ticket = ws.load::<TicketDoc>(&key).await?.unwrap_or_default();
            // `left` is what remains after the shares went back.
            let before = Amount(e.left).plus(e.shares.into())?;
            let cost = ticket.cost.part_down(e.shares.into(), before)?;
            ticket.cost = ticket.cost.minus(cost)?;
            let epoch = ticket.epoch;
            ws.put(&key, &ticket).await?;
            edit(ws, ctx, e.owner, |holder| {
                holder.cost = holder.cost.plus(cost)?;
                Ok(())
            })
            .await?;
            note(ws, ctx, e.owner, moved("cancel", e.shares, epoch)).await
        }
        IExitsEvents::Claimed(e) => {
            let key = ticket_key(e.ticketId);
            let mut value = Amount::ZERO;
            for (index, amount) in (0u8..).zip(&e.amounts) {
                let asset = ws.load::<assets::AssetDoc>(&[index]).await?;
                let rate = asset.unwrap_or_default().rate_wad;
                value = value.plus(Amount(*amount).at_rate(rate)?)?;
            }
            let mut ticket = ws.load::<TicketDoc>(&key).await?.unwrap_or_default();
            ticket.claimed_value = ticket.claimed_value.plus(value)?;
            let (cost, paid, epoch) = (ticket.cost, ticket.claimed_value, ticket.epoch);
            if e.finished {
                ticket.cost = Amount::ZERO;
            }
            ws.put(&key, &ticket).await?;
            if e.finished {
                edit(ws, ctx, e.owner, |holder| Ok(holder.realise(cost, paid)?)).await?;
            }
            let doc = ActivityDoc {
                amounts: amounts(&e.amounts),
                value: Some(value),
                ..moved("claim", e.shares, epoch)
            };
            note(ws, ctx, e.owner, doc).await
        }
        _ => Ok(()),
    }
}

fn moved(kind: &str, shares: U256, epoch: u64) -> ActivityDoc {
    ActivityDoc {
        kind: kind.to_owned(),
        shares: shares.into(),
        epoch: Some(epoch),
        ..ActivityDoc::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milli(count: u64) -> Amount {
        Amount(U256::from(count) * U256::from(10u64.pow(15)))
    }

    /// The example of docs/node/history.md.
    #[test]
    fn an_exit_gains_what_it_paid_above_the_average_cost() {
        let mut alice = HolderDoc {
            balance: milli(20_000),
            cost: milli(21_000),
            ..HolderDoc::default()
        };
        let cost = alice.take_cost(milli(5_000), milli(20_000)).unwrap();
        assert_eq!(cost, milli(5_250));
        alice.realise(cost, milli(5_400)).unwrap();
        assert_eq!((alice.gains, alice.losses), (milli(150), Amount::ZERO));
        assert_eq!(alice.cost, milli(15_750));
        alice.realise(milli(10), milli(7)).unwrap();
        assert_eq!(alice.losses, milli(3));
        // All shares take all the cost, whatever was rounded before.
        assert_eq!(
            alice.take_cost(milli(15_000), milli(15_000)).unwrap(),
            milli(15_750)
        );
    }
}
