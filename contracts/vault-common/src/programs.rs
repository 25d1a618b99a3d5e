//! Which program answers what; `vault` answers the rest.

use alloy_sol_types::SolCall;
use weir_abi::IVault::*;

/// The functions that `vault-control` answers for the vault.
#[derive(Debug)]
pub struct Control;

impl Control {
    /// Their selectors.
    pub const SELECTORS: &[[u8; 4]] = &[
        initCall::SELECTOR,
        listAssetCall::SELECTOR,
        setCapCall::SELECTOR,
        delistCall::SELECTOR,
        pocketCall::SELECTOR,
        setDepositFeeCall::SELECTOR,
        setFeeCurveCall::SELECTOR,
        setIdleTargetCall::SELECTOR,
        pauseDepositsCall::SELECTOR,
        pauseInstantCall::SELECTOR,
        streamCall::SELECTOR,
    ];
}

/// The functions that `vault-slash` answers for the vault.
#[derive(Debug)]
pub struct Slash;

impl Slash {
    /// Their selectors.
    pub const SELECTORS: &[[u8; 4]] = &[
        contestCall::SELECTOR,
        executeCall::SELECTOR,
        liftCall::SELECTOR,
        pullCall::SELECTOR,
        setBurnableCall::SELECTOR,
        whatIfCall::SELECTOR,
        retireCall::SELECTOR,
    ];
}

/// The functions that `vault-instant` answers for the vault.
#[derive(Debug)]
pub struct Instant;

impl Instant {
    /// Their selectors.
    pub const SELECTORS: &[[u8; 4]] = &[
        redeemCall::SELECTOR,
        previewRedeemCall::SELECTOR,
        accrueFeeCall::SELECTOR,
        collectFeesCall::SELECTOR,
        setPerformanceFeeCall::SELECTOR,
        setFeeSplitCall::SELECTOR,
    ];
}

/// The functions that `vault-views` answers for the vault.
#[derive(Debug)]
pub struct Views;

impl Views {
    /// Their selectors.
    pub const SELECTORS: &[[u8; 4]] = &[
        rateCall::SELECTOR,
        floorRateCall::SELECTOR,
        stateCall::SELECTOR,
        healthCall::SELECTOR,
        assetsCall::SELECTOR,
        assetCall::SELECTOR,
        batchCall::SELECTOR,
        releasableCall::SELECTOR,
        dueToCall::SELECTOR,
        wiringCall::SELECTOR,
        feeCurveCall::SELECTOR,
        performanceFeeCall::SELECTOR,
        previewDepositCall::SELECTOR,
        backingRatioCall::SELECTOR,
        coverageRatioCall::SELECTOR,
        streamsCall::SELECTOR,
    ];
}
