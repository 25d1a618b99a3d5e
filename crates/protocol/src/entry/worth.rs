//! What shares are worth in one asset, without fees, guards and limits.
//!
//! ```text
//! all    = floor(NAV · WAD / rate_i)                                   of everything the vault holds, in this asset
//! shares = floor(assets · rate_i · supply / (NAV · WAD))               without shares: floor(assets · rate_i / WAD)
//! assets = floor(shares · NAV · WAD / (rate_i · supply))               without shares: floor(shares · WAD / rate_i)
//! ```
//!
//! So `assets(supply) = all`. All shares of a worthless vault are worth nothing, and nothing buys one. Errors: less than a wei downwards each.

use alloy_primitives::U256;

use crate::math::{Overflow, product, ratio_down, scale};
use crate::units::WAD;

/// What the vault is worth and what one asset is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// ETH wei.
    pub nav: u128,
    /// Shares.
    pub supply: u128,
    /// ETH per asset.
    pub rate_wad: u128,
}

impl Worth {
    /// Everything that the vault holds, in wei of this asset.
    ///
    /// # Errors
    /// The rate is zero.
    pub fn all(&self) -> Result<u128, Overflow> {
        ratio_down(product(self.nav, WAD), U256::from(self.rate_wad))
    }

    /// Shares for so many wei of the asset.
    ///
    /// # Errors
    /// The result leaves 128 bits, or a product 256.
    pub fn shares_down(&self, assets: u128) -> Result<u128, Overflow> {
        let value_wad = product(assets, self.rate_wad);
        if self.supply == 0 {
            return ratio_down(value_wad, U256::from(WAD));
        }
        if self.nav == 0 {
            return Ok(0);
        }
        ratio_down(scale(value_wad, self.supply)?, product(self.nav, WAD))
    }

    /// Wei of the asset for so many shares.
    ///
    /// # Errors
    /// The rate is zero, or the result leaves 128 bits, or a product 256.
    pub fn assets_down(&self, shares: u128) -> Result<u128, Overflow> {
        if self.supply == 0 {
            return ratio_down(product(shares, WAD), U256::from(self.rate_wad));
        }
        let value = scale(product(shares, self.nav), WAD)?;
        ratio_down(value, product(self.rate_wad, self.supply))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The largest supply and ledger: 2^96 wei.
    const LIMIT: u128 = 1 << 96;

    fn worth() -> impl Strategy<Value = Worth> {
        let rate_wad = prop_oneof![1..=u128::from(u64::MAX), WAD / 2..=2 * WAD];
        let amount = || prop_oneof![1..=LIMIT, 1..=1_000_000 * WAD, 1..=1_000u128];
        (amount(), amount(), rate_wad).prop_map(|(nav, supply, rate_wad)| Worth {
            nav,
            supply,
            rate_wad,
        })
    }

    proptest! {
        #[test]
        fn all_shares_are_worth_all_assets(worth in worth()) {
            let all = worth.all();
            prop_assert_eq!(worth.assets_down(worth.supply), all);
        }

        #[test]
        fn there_and_back_never_gains(worth in worth(), amount in prop_oneof![0..=LIMIT, 0..=1_000u128]) {
            if let Ok(shares) = worth.shares_down(amount)
                && let Ok(back) = worth.assets_down(shares)
            {
                prop_assert!(back <= amount);
            }
            if let Ok(assets) = worth.assets_down(amount)
                && let Ok(back) = worth.shares_down(assets)
            {
                prop_assert!(back <= amount);
            }
        }
    }

    #[test]
    fn an_empty_vault_sells_at_one_and_a_worthless_one_nothing() {
        let rate_wad = WAD + WAD / 2;
        let empty = Worth {
            nav: 0,
            supply: 0,
            rate_wad,
        };
        assert_eq!(empty.shares_down(100), Ok(150));
        assert_eq!(empty.assets_down(150), Ok(100));
        assert_eq!(empty.all(), Ok(0));
        let worthless = Worth { supply: 7, ..empty };
        assert_eq!(worthless.shares_down(100), Ok(0));
        assert_eq!(worthless.assets_down(7), Ok(0));
    }
}
