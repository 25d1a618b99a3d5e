//! ArbSys (0x64): the chain's own figures. Messages to a parent chain are not among them: there is none.

use alloy::{sol, sol_types::SolCall};
use alloy_primitives::{Bytes, U256};
use revm::Database;

use super::{Answer, Call, Failure, Mutability::View, encode};

/// The ArbOS version whose rules the chain keeps. ArbSys counts it from 55, past the versions of Arbitrum's first chain.
pub(super) const ARBOS_VERSION: u64 = 60;

sol! {
    function arbBlockNumber() external view returns (uint256);
    function arbBlockHash(uint256 arbBlockNum) external view returns (bytes32);
    function arbChainID() external view returns (uint256);
    function arbOSVersion() external view returns (uint256);
}

/// Block hashes reach this far back.
const BLOCK_HASHES: u64 = 256;

pub(super) fn call<DB: Database>(
    call: &mut Call<'_, DB>,
    selector: [u8; 4],
    args: &[u8],
) -> Answer<Bytes, DB::Error> {
    match selector {
        arbBlockNumberCall::SELECTOR => {
            call.enter::<arbBlockNumberCall>(View, args)?;
            Ok(encode(call.ctx.block.number))
        }
        arbBlockHashCall::SELECTOR => {
            let asked = call
                .enter::<arbBlockHashCall>(View, args)?
                .arbBlockNum
                .saturating_to::<u64>();
            let current = call.ctx.block.number.saturating_to::<u64>();
            if asked >= current || asked.saturating_add(BLOCK_HASHES) < current {
                return Err(Failure::Revert(Bytes::new()));
            }
            Ok(encode(
                call.ctx
                    .journaled_state
                    .database
                    .block_hash(asked)
                    .map_err(Failure::Database)?,
            ))
        }
        arbChainIDCall::SELECTOR => {
            call.enter::<arbChainIDCall>(View, args)?;
            Ok(encode(U256::from(call.ctx.cfg.chain_id)))
        }
        arbOSVersionCall::SELECTOR => {
            call.enter::<arbOSVersionCall>(View, args)?;
            Ok(encode(U256::from(55 + ARBOS_VERSION)))
        }
        _ => Err(Failure::TakesAllGas),
    }
}
