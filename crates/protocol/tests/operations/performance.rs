use weir_protocol::units::{AMOUNT_LIMIT, WAD};
use weir_protocol::vault::{
    Collected, DepositLimits, Fee, FeeSplit, Quote, Quotes, VaultError, VaultStore, accrue,
    collect_fees, deposit, preview_deposit, preview_redeem, set_fee, set_fee_split, valuation,
};

use crate::setting::{START_S, quotes, vault};

/// A hundred of asset 0, with this fee.
fn with_fee(fee_bps: u16) -> impl VaultStore {
    let mut vault = vault();
    let mut settings = vault.settings();
    settings.fee_bps = fee_bps;
    vault.set_settings(settings).expect("fits");
    vault
}

fn at(rate_wad: u128) -> Quotes {
    let mut quotes = quotes();
    quotes[0] = Quote::fresh(rate_wad);
    quotes
}

#[test]
fn a_fifth_of_a_gain_of_a_tenth_is_worth_two_hundredths() {
    let mut vault = with_fee(2_000);
    let quotes = at(WAD + WAD / 10);
    let fee = accrue(&mut vault, &quotes).expect("fresh");
    // 2 of 110 ETH: 100 · 2 / 108 shares.
    assert_eq!(fee.shares, 100 * WAD * 2 / 108);
    // 108 of 110 ETH are for the 100 shares; the mark rounds up.
    assert_eq!(fee.hwm_wad, 1_080_000_000_000_000_001);
    assert_eq!(vault.head().supply, 100 * WAD + fee.shares);
    assert_eq!(vault.performance().uncollected, fee.shares);
    assert_eq!(accrue(&mut vault, &quotes), Ok(Fee::default()));
}

#[test]
fn no_fee_at_the_mark_under_it_or_at_a_rate_that_is_not_fresh() {
    let mut vault = with_fee(2_000);
    assert_eq!(accrue(&mut vault, &at(WAD)), Ok(Fee::default()));
    assert_eq!(accrue(&mut vault, &at(WAD - 1)), Ok(Fee::default()));
    let mut stale = at(2 * WAD);
    stale[0].state = weir_protocol::vault::RateState::Stale;
    assert!(matches!(
        accrue(&mut vault, &stale),
        Err(VaultError::RateNotFresh { asset: 0, .. })
    ));
    assert_eq!(valuation(&vault, &stale).expect("fits").fee, Fee::default());
}

#[test]
fn a_gain_too_small_for_a_share_is_forgone_and_nobody_pays_it_later() {
    let mut vault = with_fee(1);
    // 100 wei of a gain, of which a ten-thousandth is less than a wei.
    let mut settings = vault.settings();
    settings.hwm_wad = WAD as u64 - 1;
    vault.set_settings(settings).expect("fits");
    let moved = Fee {
        shares: 0,
        hwm_wad: WAD as u64,
    };
    assert_eq!(accrue(&mut vault, &at(WAD)), Ok(moved));
    assert_eq!(vault.settings().hwm_wad, WAD as u64);
    assert_eq!(vault.performance().uncollected, 0);
}

#[test]
fn beyond_the_marks_bits_no_fee_is_taken() {
    let mut vault = with_fee(2_000);
    let mut settings = vault.settings();
    settings.hwm_wad = u64::MAX - 1;
    vault.set_settings(settings).expect("fits");
    let mut head = vault.head();
    head.supply = WAD;
    vault.set_head(head).expect("fits");
    // 100 ETH for a share.
    assert_eq!(accrue(&mut vault, &at(WAD)), Ok(Fee::default()));
}

#[test]
fn who_deposits_or_redeems_pays_and_gets_what_is_left_after_the_fee() {
    let quotes = at(WAD + WAD / 10);
    let mut taken = with_fee(2_000);
    accrue(&mut taken, &quotes).expect("fresh");
    let mut due = with_fee(2_000);
    let limits = DepositLimits::NONE;
    let asked = preview_deposit(&due, START_S, 0, WAD, &quotes).expect("priced");
    let after = preview_deposit(&taken, START_S, 0, WAD, &quotes).expect("priced");
    assert_eq!(asked.shares, after.shares);
    let paid = |vault: &dyn VaultStore| {
        preview_redeem(vault, START_S, 0, WAD, &quotes)
            .expect("priced")
            .amount
    };
    assert_eq!(paid(&due), paid(&taken));
    let done = deposit(&mut due, START_S, 0, WAD, &quotes, &limits).expect("priced");
    assert_eq!(done.shares, asked.shares);
    assert_eq!(due.performance(), taken.performance());
    assert_eq!(due.settings().hwm_wad, taken.settings().hwm_wad);
    assert_eq!(due.head().supply, taken.head().supply + done.shares);
}

#[test]
fn a_fee_of_nothing_only_moves_the_mark_and_only_when_asked() {
    let mut vault = with_fee(0);
    let quotes = at(WAD + 7);
    let limits = DepositLimits::NONE;
    deposit(&mut vault, START_S, 0, WAD, &quotes, &limits).expect("priced");
    assert_eq!(vault.settings().hwm_wad, WAD as u64);
    assert_eq!(accrue(&mut vault, &quotes), Ok(Fee::default()));
    assert!(vault.settings().hwm_wad >= WAD as u64 + 7);
}

#[test]
fn a_fee_is_set_within_its_limits() {
    let quotes = quotes();
    let mut vault = with_fee(0);
    let steep = set_fee(&mut vault, &quotes, 11);
    let refused = VaultError::FeeRiseTooSteep {
        bps: 11,
        max_bps: 10,
    };
    assert_eq!(steep.map(|_| ()), Err(refused));
    assert_eq!(set_fee(&mut vault, &quotes, 10).map(|(_, old)| old), Ok(0));
    let mut vault = with_fee(2_000);
    let most = set_fee(&mut vault, &quotes, 2_001);
    let refused = VaultError::BpsTooHigh {
        bps: 2_001,
        max_bps: 2_000,
    };
    assert_eq!(most.map(|_| ()), Err(refused));
    assert_eq!(
        set_fee(&mut vault, &quotes, 0).map(|(_, old)| old),
        Ok(2_000)
    );
}

#[test]
fn fee_shares_are_split_to_the_last_and_the_treasury_has_the_roundings() {
    let mut vault = with_fee(2_000);
    assert_eq!(collect_fees(&mut vault), Err(VaultError::NoFees));
    let split = FeeSplit {
        cover_bps: 3_333,
        operators_bps: 3_333,
    };
    assert_eq!(set_fee_split(&mut vault, split), Ok(FeeSplit::default()));
    let above = FeeSplit {
        cover_bps: 9_000,
        operators_bps: 1_001,
    };
    let refused = VaultError::BpsTooHigh {
        bps: 10_001,
        max_bps: 10_000,
    };
    assert_eq!(set_fee_split(&mut vault, above), Err(refused));
    let mut performance = vault.performance();
    performance.uncollected = 1_000;
    vault.set_performance(performance).expect("fits");
    let collected = Collected {
        treasury: 334,
        cover: 333,
        operators: 333,
    };
    assert_eq!(collect_fees(&mut vault), Ok(collected));
    assert_eq!(collect_fees(&mut vault), Err(VaultError::NoFees));
}

#[test]
fn a_fee_never_lifts_the_supply_out_of_its_range() {
    let mut vault = with_fee(2_000);
    let mut head = vault.head();
    head.supply = AMOUNT_LIMIT - 2;
    vault.set_head(head).expect("fits");
    let mut settings = vault.settings();
    settings.hwm_wad = 0;
    vault.set_settings(settings).expect("fits");
    let fee = accrue(&mut vault, &at(2 * WAD)).expect("fresh");
    assert_eq!(fee.shares, 1);
}
