//! The whole row of an asset in one answer.

use super::{Aside, Balance, Debt, Head, Loss, Stream, VaultStore};
use crate::math::{Overflow, add, sub};

/// Where each wei of one asset is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Not slashable.
    pub idle: u128,
    /// Secures services, slashable.
    pub staked: u128,
    /// Unstaked in even and in odd epochs, still slashable.
    pub unbonding: [u128; 2],
    /// Set aside for exits under undecided requests.
    pub held: u128,
    /// Belongs to settled exits.
    pub owed: u128,
    /// Slashed, belongs to the sinks of services.
    pub due: u128,
    /// Drips into `idle` until the start of the next even and of the next odd epoch.
    pub unvested: [u128; 2],
    /// Streams into `idle` until the last of its streams ends.
    pub stream: Stream,
    /// What undecided requests will take and is not yet held: a part of the total, not beside it.
    pub contested: u128,
}

impl Ledger {
    /// `T = idle + staked + u[0] + u[1]`: what counts in the NAV.
    pub fn total(&self) -> Result<u128, Overflow> {
        let [even, odd] = self.unbonding;
        sum(&[self.idle, self.staked, even, odd])
    }

    /// Everything that the vault must have of the asset: `T + held + owed + due + unvested`, with what streams.
    pub fn liabilities(&self) -> Result<u128, Overflow> {
        let [even, odd] = self.unvested;
        let streams = self.stream.left;
        sum(&[
            self.total()?,
            self.held,
            self.owed,
            self.due,
            even,
            odd,
            streams,
        ])
    }
}

/// The row of `asset`, zero if it is not listed.
pub fn ledger<S: VaultStore + ?Sized>(store: &S, asset: u8) -> Ledger {
    let Balance { idle, staked } = store.balance(asset);
    let Aside { held, contested } = store.aside(asset);
    let Debt { owed, due } = store.debt(asset);
    Ledger {
        idle,
        staked,
        unbonding: store.unbonding(asset),
        held,
        owed,
        due,
        unvested: store.drip(asset),
        stream: store.stream(asset),
        contested,
    }
}

/// The part of a row that counts in the NAV, and its slashable part, loaded from as few words as `head` allows.
#[derive(Clone, Copy, Default)]
pub(crate) struct Holding {
    pub balance: Balance,
    pub unbonding: [u128; 2],
    /// `B = staked + u[0] + u[1]`.
    pub slashable: u128,
    /// `T = idle + B`.
    pub total: u128,
}

impl Holding {
    pub fn load<S: VaultStore + ?Sized>(
        store: &S,
        head: &Head,
        asset: u8,
    ) -> Result<Self, Overflow> {
        let balance = store.balance(asset);
        let unbonding = if head.unbonding == [false, false] {
            [0, 0]
        } else {
            store.unbonding(asset)
        };
        let [even, odd] = unbonding;
        let slashable = sum(&[balance.staked, even, odd])?;
        Ok(Self {
            balance,
            unbonding,
            slashable,
            total: add(slashable, balance.idle)?,
        })
    }
}

/// `c_i`, loaded only if a request is undecided.
pub(crate) fn contested<S: VaultStore + ?Sized>(store: &S, head: &Head, asset: u8) -> u128 {
    if head.undecided == 0 {
        0
    } else {
        store.aside(asset).contested
    }
}

/// Adds `more` to what is owed to settled exits and takes `less` out.
pub(crate) fn owe<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    more: u128,
    less: u128,
) -> Result<(), Overflow> {
    let Debt { owed, due } = store.debt(asset);
    let owed = sub(add(owed, more)?, less)?;
    store.set_debt(asset, Debt { owed, due });
    Ok(())
}

/// Moves `amount` from what is contested to what is held.
pub(crate) fn set_aside<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    amount: u128,
) -> Result<(), Overflow> {
    let Aside { held, contested } = store.aside(asset);
    let aside = Aside {
        held: add(held, amount)?,
        contested: sub(contested, amount)?,
    };
    store.set_aside(asset, aside);
    Ok(())
}

/// Takes a request's `loss` out of what is held and contested: it is decided.
pub(crate) fn drop_loss<S: VaultStore + ?Sized>(
    store: &mut S,
    asset: u8,
    loss: &Loss,
) -> Result<(), Overflow> {
    let Aside { held, contested } = store.aside(asset);
    let open = sub(loss.loss, loss.held)?;
    let aside = Aside {
        held: sub(held, loss.held)?,
        contested: sub(contested, open)?,
    };
    store.set_aside(asset, aside);
    Ok(())
}

fn sum(parts: &[u128]) -> Result<u128, Overflow> {
    parts.iter().try_fold(0u128, |sum, part| add(sum, *part))
}
