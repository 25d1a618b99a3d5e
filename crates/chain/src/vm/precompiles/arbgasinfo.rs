//! ArbGasInfo (0x6c): prices. The parent chain's are zero, as this chain posts nothing.

use alloy::{sol, sol_types::SolCall};
use alloy_primitives::{Bytes, U256};
use revm::Database;

use super::{Answer, Call, Failure, Mutability::View, STATE_WRITE_GAS, encode};

sol! {
    function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256);
    function getMinimumGasPrice() external view returns (uint256);
    function getL1BaseFeeEstimate() external view returns (uint256);
    function getCurrentTxL1GasFees() external view returns (uint256);
}

pub(super) fn call<DB: Database>(
    call: &mut Call<'_, DB>,
    selector: [u8; 4],
    args: &[u8],
) -> Answer<Bytes, DB::Error> {
    let basefee_wei = U256::from(call.ctx.block.basefee);
    let storage_wei = basefee_wei.saturating_mul(U256::from(STATE_WRITE_GAS));
    match selector {
        getPricesInWeiCall::SELECTOR => {
            call.enter::<getPricesInWeiCall>(View, args)?;
            // Per transaction, per unit of calldata, per new slot, least gas price, congestion, whole gas price.
            Ok(encode((
                U256::ZERO,
                U256::ZERO,
                storage_wei,
                basefee_wei,
                U256::ZERO,
                basefee_wei,
            )))
        }
        getMinimumGasPriceCall::SELECTOR => {
            call.enter::<getMinimumGasPriceCall>(View, args)?;
            Ok(encode(basefee_wei))
        }
        getL1BaseFeeEstimateCall::SELECTOR => {
            call.enter::<getL1BaseFeeEstimateCall>(View, args)?;
            Ok(encode(U256::ZERO))
        }
        getCurrentTxL1GasFeesCall::SELECTOR => {
            call.enter::<getCurrentTxL1GasFeesCall>(View, args)?;
            Ok(encode(U256::ZERO))
        }
        _ => Err(Failure::TakesAllGas),
    }
}
