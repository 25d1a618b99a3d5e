//! What a path comes to: one number for each column, in an order that files keep.

/// What a column is.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in files.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it says.
    pub about: &'static str,
}

macro_rules! outcome {
    ($($name:ident $unit:literal $about:literal;)*) => {
        /// What a path came to.
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct Outcome {
            $(#[doc = $about] #[doc = concat!("Unit: ", $unit, ".")] pub $name: f64,)*
        }

        /// Every column, in the order of files.
        pub const COLUMNS: &[Column] = &[
            $(Column { name: stringify!($name), unit: $unit, about: $about },)*
        ];

        impl Outcome {
            /// The numbers in the order of [`COLUMNS`].
            pub fn row(&self) -> [f64; COLUMNS.len()] {
                [$(self.$name),*]
            }
        }
    };
}

outcome! {
    log_ratio "nat" "Logarithm of the likelihood ratio that weighs this path; 0 without importance sampling.";
    end_rate "ETH" "Rate at the end: ETH per share.";
    backing_min "part" "Least backing: rate over the highest rate before it.";
    backing_end "part" "Backing at the end.";
    floor_min "part" "Least floor rate over the highest rate before it: what a holder could count on at the worst moment.";
    discount_max "part" "Largest discount of the pool's price under the rate.";
    depeg_days "days" "Days with a discount over 1 %.";
    depeg_longest_days "days" "Longest run of such days.";
    bad_debt_eth "ETH" "Loans that nothing covers: written off, or under water at the floor rate at the end.";
    liquidated_part "part" "Loans repaid by liquidators, as a part of the loans at the start.";
    cascade_part "part" "The most of it within three days.";
    liquidations "count" "Number of liquidations.";
    wait_mean_days "days" "From the middle of the batch's epoch to its payment, mean over batches.";
    wait_max_days "days" "The longest, with Ethereum's own queue.";
    queue_max_part "part" "Most shares in unpaid batches, as a part of the supply.";
    run_part "part" "Exits of holders over the path, as a part of the supply at the start.";
    lp_stable_il_part "part" "What liquidity in the StableSwap pool came to beyond holding the same, fees included.";
    lp_range_il_part "part" "The same of the concentrated position.";
    apy_net_part "part/yr" "What a holder that stays earns a year, rewards of services included.";
    apy_base_part "part/yr" "Of this, yield of the assets.";
    apy_service_part "part/yr" "Rewards of services, after commission, paid beside the vault.";
    apy_fee_part "part/yr" "Performance fees; negative.";
    apy_slash_part "part/yr" "Slashes borne by shares; negative.";
    slashed_eth "ETH" "Executed slashes.";
    borne_first_loss_eth "ETH" "Of these, borne by bonds and cover.";
    borne_holders_eth "ETH" "By holders that stay.";
    borne_loopers_eth "ETH" "By loopers, through their collateral.";
    borne_pools_eth "ETH" "By liquidity in the pools.";
    borne_arbitrage_eth "ETH" "By the arbitrageur.";
    borne_queued_eth "ETH" "By shares in batches that were not paid yet.";
    borne_left_eth "ETH" "By those who had left under the request.";
    borne_others_eth "ETH" "By shares of fees and the locked ones.";
    filed "count" "Slash requests filed.";
    executed "count" "Executed.";
    vetoed "count" "Vetoed.";
    escaped "count" "Offences that could not be filed in time, or found nothing to slash.";
    arbitrage_gain_eth "ETH" "What the arbitrageur gained.";
    instant_paid_eth "ETH" "Paid by instant exits.";
    entered_eth "ETH" "Value deposited, the first deposits included.";
    paid_eth "ETH" "Value paid out.";
    yielded_eth "ETH" "Yield of what the vault had.";
    held_eth "ETH" "Value in the vault at the end.";
    gap_eth "ETH" "entered + yielded - paid - slashed - held: what the books do not explain; rounding of floating point.";
}

/// Where a column is.
pub fn column(name: &str) -> Option<usize> {
    COLUMNS.iter().position(|column| column.name == name)
}
