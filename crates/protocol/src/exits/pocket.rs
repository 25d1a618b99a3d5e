//! The side pocket of a failed asset: who held shares on the day it was pocketed has a part of it for ever.
//!
//! A Merkle root names these holders, with the owners of shares in tickets. With R all that ever came into the pocket, s an account's
//! shares and S those of all:
//!
//! ```text
//! leaf        = keccak(keccak(account ‖ shares))                 both as 32-byte words; a leaf cannot be an inner node
//! node        = keccak(min(a, b) ‖ max(a, b))
//! entitlement = floor(R · s / S)
//! amount      = entitlement − taken
//! ```
//!
//! More may come in later: what the asset's issuer pays back, for instance. Rounding: less than a wei an account stays.

use alloy_primitives::{Address, B256, U256};

use super::{ExitsError, TicketKey, TicketStore};
use crate::math::{add, mul_div_down, sub};
use crate::word::{halves, word};

/// A proof longer than this is of a tree with more leaves than accounts there will be.
pub const MAX_PROOF: usize = 48;

/// The pocket of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pocket {
    /// Who held what; zero before it is opened.
    pub root: B256,
    /// Shares of all leaves.
    pub shares: u128,
    /// Left it so far, wei.
    pub paid: u128,
}

/// The pocket of `asset`.
pub fn pocket<S: TicketStore + ?Sized>(store: &S, asset: u8) -> Pocket {
    let [shares, paid] = halves(store.load(TicketKey::PocketTotals(asset)));
    Pocket {
        root: store.load(TicketKey::PocketRoot(asset)).into(),
        shares,
        paid,
    }
}

/// What `account` has taken out of the pocket of `asset`, wei.
pub fn pocket_taken<S: TicketStore + ?Sized>(store: &S, asset: u8, account: Address) -> u128 {
    let [taken, _] = halves(store.load(TicketKey::PocketTaken(asset, account)));
    taken
}

/// Names the holders of the pocket of `asset`, once.
///
/// # Errors
/// `ZeroAmount` without a root or shares, `PocketOpen` if it is named already.
pub fn open_pocket<S: TicketStore + ?Sized>(
    store: &mut S,
    asset: u8,
    root: B256,
    shares: u128,
) -> Result<(), ExitsError> {
    if root.is_zero() || shares == 0 {
        return Err(ExitsError::ZeroAmount);
    }
    if !pocket(store, asset).root.is_zero() {
        return Err(ExitsError::PocketOpen { asset });
    }
    store.save(TicketKey::PocketRoot(asset), root.into());
    store.save(TicketKey::PocketTotals(asset), word(shares, 0));
    Ok(())
}

/// Takes what `account` with `shares` may have of the pocket of `asset`, which holds `balance` wei now; the caller has checked
/// its proof, and pays.
///
/// # Errors
/// `NothingInPocket` if there is nothing more for it now.
pub fn take_pocket<S: TicketStore + ?Sized>(
    store: &mut S,
    asset: u8,
    account: Address,
    shares: u128,
    balance: u128,
) -> Result<u128, ExitsError> {
    let pocket = pocket(store, asset);
    let received = add(balance, pocket.paid)?;
    let entitlement = match pocket.shares {
        0 => 0,
        all => mul_div_down(received, shares.min(all), all)?,
    };
    let taken = pocket_taken(store, asset, account);
    let amount = entitlement.saturating_sub(taken);
    if amount == 0 {
        return Err(ExitsError::NothingInPocket { asset, account });
    }
    // Leaves of a false root may add up to more than all shares: then the last to come are refused.
    sub(balance, amount)?;
    let paid = add(pocket.paid, amount)?;
    store.save(TicketKey::PocketTotals(asset), word(pocket.shares, paid));
    store.save(TicketKey::PocketTaken(asset, account), word(entitlement, 0));
    Ok(amount)
}

/// Whether `proof` leads from the leaf of `account` with `shares` to `root`. `keccak` hashes 64 bytes or 32.
pub fn proves(
    root: B256,
    account: Address,
    shares: U256,
    proof: &[B256],
    keccak: impl Fn(&[u8]) -> B256,
) -> bool {
    if root.is_zero() || proof.len() > MAX_PROOF {
        return false;
    }
    let pair = |a: B256, b: B256| {
        let mut both = [0; 64];
        for (to, from) in both.iter_mut().zip(a.iter().chain(b.iter())) {
            *to = *from;
        }
        keccak(&both)
    };
    let leaf = keccak(pair(account.into_word(), shares.into()).as_slice());
    let found = proof.iter().fold(leaf, |node, other| {
        if node <= *other {
            pair(node, *other)
        } else {
            pair(*other, node)
        }
    });
    found == root
}
