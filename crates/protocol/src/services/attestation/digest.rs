//! What an operator signs, by EIP-712.
//!
//! ```text
//! separator = keccak(typehash(EIP712Domain) · keccak("Weir Attestation") · keccak("1") · chain id · contract)
//! digest    = keccak(0x1901 · separator · keccak(TYPE · operator · domain · height · payload))
//! ```

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256, b256, keccak256};

const DOMAIN_TYPE: &str =
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const TYPE: &str = "Attestation(address operator,bytes32 domain,uint64 height,bytes32 payload)";
const NAME: &str = "Weir Attestation";
const VERSION: &str = "1";

/// Half the order of secp256k1. Of the two s that sign the same digest, the one above it is refused.
const MAX_S: B256 = b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

/// What one operator signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// A value as 32 bytes, or a hash.
    pub payload: B256,
    /// The key that signed it; zero if the signature is nobody's.
    pub key: Address,
}

/// Binds signatures to one contract on one chain.
pub fn domain_separator(chain_id: u64, contract: Address) -> B256 {
    hash(&[
        keccak256(DOMAIN_TYPE),
        keccak256(NAME),
        keccak256(VERSION),
        number(chain_id),
        contract.into_word(),
    ])
}

/// What `operator` signs to say that it saw `payload` at `height` of `domain`.
pub fn digest(
    separator: B256,
    operator: Address,
    domain: B256,
    height: u64,
    payload: B256,
) -> B256 {
    let message = hash(&[
        keccak256(TYPE),
        operator.into_word(),
        domain,
        number(height),
        payload,
    ]);
    keccak256([&[0x19, 0x01], separator.as_slice(), message.as_slice()].concat())
}

/// Whether `s` is the lower of the two that sign the same digest.
pub fn is_low_s(s: B256) -> bool {
    s <= MAX_S
}

/// What the hub keeps of the evidence: a hash of both digests and signatures, in the order in which they were given.
pub fn evidence_hash(first: (B256, &[u8]), second: (B256, &[u8])) -> B256 {
    let parts: Vec<u8> = [first.0.as_slice(), first.1, second.0.as_slice(), second.1].concat();
    keccak256(parts)
}

fn hash(words: &[B256]) -> B256 {
    keccak256(words.concat())
}

fn number(number: u64) -> B256 {
    U256::from(number).into()
}
