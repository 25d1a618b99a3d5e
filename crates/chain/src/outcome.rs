//! What a transaction or a call did, in words.

use alloy::sol_types::{Revert, SolError};
use alloy_primitives::{Address, B256, Bytes, Log, U256};
use revm::context::result::{HaltReason, InvalidTransaction};

use crate::tx::TxError;

/// What a mined transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Transaction hash.
    pub hash: B256,
    /// Number of its block.
    pub block: u64,
    /// Whether it neither reverted nor ran out of gas.
    pub success: bool,
    /// Gas it paid for.
    pub gas_used: u64,
    /// The contract it created.
    pub contract: Option<Address>,
    /// Its logs in order.
    pub logs: Vec<Log>,
    /// Return data of a call, or revert data.
    pub output: Bytes,
    /// Why it ended without revert data, such as "out of gas".
    pub halt: Option<String>,
}

impl Outcome {
    /// Why the transaction failed, as a node words it. None if it succeeded.
    pub fn error(&self) -> Option<String> {
        if self.success {
            return None;
        }
        Some(
            self.halt
                .clone()
                .unwrap_or_else(|| revert_text(&self.output)),
        )
    }
}

/// "execution reverted", with the reason if the revert data carries one in Solidity's way.
pub(crate) fn revert_text(data: &[u8]) -> String {
    let error_string = Revert::abi_decode(data).ok().map(|revert| revert.reason);
    let panic_code = || {
        data.strip_prefix(&[0x4e, 0x48, 0x7b, 0x71])
            .filter(|code| code.len() == 32)
    };
    let reason =
        error_string.or_else(|| panic_code().map(|code| panic_text(U256::from_be_slice(code))));
    match reason {
        Some(reason) => format!("execution reverted: {reason}"),
        None => "execution reverted".to_owned(),
    }
}

/// What a Solidity panic code means, in geth's words.
fn panic_text(code: U256) -> String {
    let text = match u64::try_from(code).unwrap_or(u64::MAX) {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => return format!("unknown panic code: {code:#x}"),
    };
    text.to_owned()
}

/// Why execution stopped, in geth's words where geth has them.
pub(crate) fn halt_text(reason: &HaltReason) -> String {
    let text = match reason {
        HaltReason::OutOfGas(_) => "out of gas",
        HaltReason::InvalidFEOpcode => "invalid opcode: INVALID",
        HaltReason::OpcodeNotFound => "invalid opcode",
        HaltReason::InvalidJump => "invalid jump destination",
        HaltReason::StackUnderflow => "stack underflow",
        HaltReason::StackOverflow => "stack limit reached",
        HaltReason::OutOfOffset => "return data out of bounds",
        HaltReason::CreateCollision => "contract address collision",
        HaltReason::NonceOverflow => "nonce uint64 overflow",
        HaltReason::CreateContractSizeLimit => "max code size exceeded",
        HaltReason::CreateContractStartingWithEF => "invalid code: must not begin with 0xef",
        HaltReason::CreateInitCodeSizeLimit => "max initcode size exceeded",
        HaltReason::CallTooDeep => "max call depth exceeded",
        HaltReason::OutOfFunds => "insufficient balance for transfer",
        HaltReason::StateChangeDuringStaticCall | HaltReason::CallNotAllowedInsideStatic => {
            "write protection"
        }
        other => return other.to_string(),
    };
    text.to_owned()
}

impl TxError {
    /// The interpreter's refusal, in this crate's words.
    pub(crate) fn from_invalid(error: InvalidTransaction, from: Address) -> Self {
        match error {
            InvalidTransaction::NonceTooLow {
                tx: nonce,
                state: next,
            } => Self::NonceTooLow { next, nonce },
            InvalidTransaction::NonceTooHigh {
                tx: nonce,
                state: next,
            } => Self::NonceTooHigh { next, nonce },
            InvalidTransaction::LackOfFundForMaxFee { fee, balance } => Self::Funds {
                address: from,
                have: *balance,
                want: *fee,
            },
            InvalidTransaction::RejectCallerWithCode => Self::SenderHasCode(from),
            InvalidTransaction::CallGasCostMoreThanGasLimit {
                initial_gas,
                gas_limit,
            } => Self::IntrinsicGas {
                gas: gas_limit,
                needed: initial_gas,
            },
            other => Self::Invalid(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy_primitives::hex;

    use super::*;

    #[test]
    fn decodes_reasons_and_panics() {
        let reason = Revert::from("too late").abi_encode();
        let mut panic = hex!("4e487b71").to_vec();
        panic.extend(U256::from(0x11).to_be_bytes::<32>());
        assert_eq!(revert_text(&reason), "execution reverted: too late");
        assert_eq!(
            revert_text(&panic),
            "execution reverted: arithmetic underflow or overflow"
        );
        assert_eq!(revert_text(&panic[..20]), "execution reverted");
        assert_eq!(revert_text(&hex!("deadbeef")), "execution reverted");
    }
}
