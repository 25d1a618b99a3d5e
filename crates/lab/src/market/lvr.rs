//! What arbitrage costs liquidity providers: loss versus rebalancing.
//!
//! Source: J. Milionis et al., *Automated Market Making and Loss-Versus-Rebalancing*, 2022: a constant-product pool worth V
//! under volatility σ loses `σ²/8 · V` a unit of time, whatever its size; a pool of constant block time b with a fee γ lets
//! arbitrageurs have about `σ_b² / (2 + 1.7164·γ/σ_b)` of the pool's depth a block (arXiv:2505.05113).

/// Loss versus rebalancing of a constant-product pool, as a fraction of its value a unit of time; `volatility` is per square root
/// of the same unit.
pub fn constant_product_rate(volatility: f64) -> f64 {
    volatility * volatility / 8.0
}

/// What arbitrageurs take a block, as a fraction of the pool's value for each unit of its relative depth, at a volatility of
/// `block_volatility` a block and a fee of `fee`. At no fee it is `σ_b²/2`.
pub fn arbitrage_per_block(block_volatility: f64, fee: f64) -> f64 {
    if block_volatility == 0.0 {
        return 0.0;
    }
    block_volatility * block_volatility / (2.0 + 1.7164 * fee / block_volatility)
}

/// Impermanent loss of a constant-product position when the price has moved by the factor `ratio`: what it is worth over
/// what was put in, held, less one; never positive.
pub fn impermanent_loss(ratio: f64) -> f64 {
    2.0 * ratio.sqrt() / (1.0 + ratio) - 1.0
}
