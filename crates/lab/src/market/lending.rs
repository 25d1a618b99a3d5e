//! Rules of lending markets and of loops in them.

/// Most that Morpho Blue gives a liquidator over the debt repaid.
const MORPHO_MAX_INCENTIVE: f64 = 1.15;
/// How Morpho Blue spreads the incentive between the threshold and the whole.
const MORPHO_CURSOR: f64 = 0.3;

/// Morpho Blue's liquidation incentive factor at a liquidation loan-to-value `lltv`: `min(1.15, 1/(1 − 0.3·(1 − lltv)))`.
pub fn morpho_incentive(lltv: f64) -> f64 {
    (1.0 / (1.0 - MORPHO_CURSOR * (1.0 - lltv))).min(MORPHO_MAX_INCENTIVE)
}

/// The price of collateral in debt that a liquidation went through at: `repaid · incentive / seized`.
pub fn implied_price(repaid: f64, incentive: f64, seized: f64) -> f64 {
    repaid * incentive / seized
}

/// Exposure over equity after `loops` rounds of borrowing the part `ltv` and depositing it again: `(1 − ltv^(n+1))/(1 − ltv)`;
/// without end for `None`: `1/(1 − ltv)`.
pub fn leverage(ltv: f64, loops: Option<u32>) -> f64 {
    if ltv >= 1.0 {
        return loops.map_or(f64::INFINITY, |loops| f64::from(loops) + 1.0);
    }
    let last = loops.map_or(0.0, |loops| ltv.powf(f64::from(loops) + 1.0));
    (1.0 - last) / (1.0 - ltv)
}

/// The price of collateral, as a part of what it was bought at, at which a loop of `leverage` reaches the liquidation threshold
/// `threshold`: `(Lev − 1)/(Lev · LT)`.
pub fn liquidation_peg(leverage: f64, threshold: f64) -> f64 {
    (leverage - 1.0) / (leverage * threshold)
}

/// The first repayment of the two-step liquidation of K. Qin et al. (2021), which leaves the position just liquidatable so that
/// the close factor applies again: `(D − LT·C)/(1 − LT·(1 + LS))` with debt D, collateral C, threshold LT and spread LS.
pub fn two_step_first_repayment(debt: f64, collateral: f64, threshold: f64, spread: f64) -> f64 {
    (debt - threshold * collateral) / (1.0 - threshold * (1.0 + spread))
}
