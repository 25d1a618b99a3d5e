//! What a slash would cost: the operations of a filing and its execution, on a copy of the vault that is thrown away.
//!
//! With NAV, supply and rate as of now, k the shares of bond and cover that the filing would lock, of the bond `k_b`, of cover `k_c`:
//!
//! ```text
//! loss        = floor(Σ ℓ_i · rate_i)                            ETH wei
//! by bond     = min(floor(k_b · NAV / supply), loss)
//! by cover    = min(floor(k_c · NAV / supply), loss − by bond)
//! by holders  = loss − by bond − by cover                        = (supply − k) · (rate − rate after), but for roundings
//! ```
//!
//! What executes later takes the same `ℓ_i` and burns the same k: only rates that move, what vests and what leaves in between
//! change the rate that is then reached. Rounding: the parts of bond and cover less than a wei down, that of holders up.

use alloy_primitives::{Address, U256};

use super::valuation::valuation;
use super::{Quotes, Valuation, VaultError, VaultStore, contest, cushion, execute, worth};
use crate::allocator::Part;
use crate::math::{add, add_wide, product, ratio_down, sub};
use crate::units::{Amounts, WAD, get};

/// The number of a request that is not filed: no hub gets so far.
const SUPPOSED: u64 = u64::MAX;

/// A filing that is only supposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supposed {
    /// What the vault is worth before it.
    pub before: Valuation,
    /// What it would take of the capacity.
    pub part: Part,
    /// What it would take, by asset.
    pub losses: Amounts,
    /// Shares worth that, at the rates accepted last: what bonds and cover would be asked to lock.
    pub worth: u128,
}

/// What a slash would cost, and whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// ETH per share now.
    pub rate_wad: u128,
    /// ETH per share if every undecided slash is executed, with this one among them.
    pub floor_rate_wad: u128,
    /// ETH per share once this one alone is executed.
    pub rate_after_wad: u128,
    /// What is lost, ETH wei at the rates of now.
    pub loss: u128,
    /// Of it, by the operator's bond.
    pub by_bond: u128,
    /// Of it, by cover.
    pub by_cover: u128,
    /// Of it, by everybody who holds shares.
    pub by_holders: u128,
}

/// Contests on `store`, a copy, what a slash of this part of the capacity would take.
pub fn suppose<S: VaultStore + ?Sized>(
    store: &mut S,
    part: Part,
    quotes: &Quotes,
    accepted_wad: &Amounts,
) -> Result<Supposed, VaultError> {
    let before = valuation(store, quotes)?;
    let losses = contest(store, SUPPOSED, part)?.losses;
    Ok(Supposed {
        before,
        part,
        losses,
        worth: worth(store, &losses, accepted_wad)?,
    })
}

/// What the slash that `store`, a copy, was told to suppose costs, of whose worth the bond would bear `from_bond` shares and cover
/// `from_cover`. The copy is of no more use.
pub fn what_if<S: VaultStore + ?Sized>(
    store: &mut S,
    supposed: &Supposed,
    quotes: &Quotes,
    from_bond: u128,
    from_cover: u128,
) -> Result<WhatIf, VaultError> {
    cushion(store, SUPPOSED, add(from_bond, from_cover)?)?;
    let floor_rate_wad = valuation(store, quotes)?.floor_rate_wad()?;
    let Supposed {
        before,
        part,
        losses,
        ..
    } = supposed;
    execute(store, SUPPOSED, *part, Address::ZERO)?;
    let rate_after_wad = valuation(store, quotes)?.rate_wad()?;

    let mut loss_wad = U256::ZERO;
    for (asset, quote) in (0..store.settings().assets).zip(quotes) {
        let amount = get(losses, asset);
        loss_wad = add_wide(loss_wad, product(amount, quote.rate_wad))?;
    }
    let loss = ratio_down(loss_wad, U256::from(WAD))?;
    let by_bond = before.value_of(from_bond)?.min(loss);
    let by_cover = before.value_of(from_cover)?.min(sub(loss, by_bond)?);
    Ok(WhatIf {
        rate_wad: before.rate_wad()?,
        floor_rate_wad,
        rate_after_wad,
        loss,
        by_bond,
        by_cover,
        by_holders: sub(loss, add(by_bond, by_cover)?)?,
    })
}
