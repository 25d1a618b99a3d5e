//! The exit queue: 256 ETH an epoch since Electra (EIP-7251), 225 epochs a day.

/// ETH that may leave an epoch, `MAX_PER_EPOCH_ACTIVATION_EXIT_CHURN_LIMIT`.
pub const EXIT_CHURN_ETH: f64 = 256.0;
/// Epochs of 384 seconds a day.
pub const EPOCHS_A_DAY: f64 = 225.0;
/// Epochs from leaving the queue to being withdrawable.
pub const WITHDRAWABILITY_DELAY_EPOCHS: f64 = 256.0;

/// Days that an exit waits behind `queue_eth` at the full churn: `queue / 57,600`.
pub fn exit_wait_days(queue_eth: f64) -> f64 {
    queue_eth / (EXIT_CHURN_ETH * EPOCHS_A_DAY)
}
