//! Allowances by signature: ERC-2612, with the domain that ERC-5267 describes.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, U256, address, b256, fixed_bytes};
use stylus_sdk::{
    keccak_const::Keccak256,
    prelude::*,
    storage::{StorageMap, StorageU256},
};
use weir_abi::IErc2612::{
    ECDSAInvalidSignatureS, ERC2612ExpiredSignature, ERC2612InvalidSigner, eip712DomainReturn,
    permitCall,
};

use crate::{Outcome, call};

const VERSION: &str = "1";
const VERSION_HASH: B256 = keccak(VERSION);
const DOMAIN_TYPEHASH: B256 =
    keccak("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
const PERMIT_TYPEHASH: B256 =
    keccak("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

/// Half the order of secp256k1. Of the two s that sign the same message, the one above it is refused.
const MAX_S: B256 = b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// Gas for `ecrecover`, which takes 3,000.
const ECRECOVER_GAS: u64 = 10_000;

/// `isValidSignature(bytes32,bytes)` of ERC-1271, and what it answers to accept.
const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];

/// Gas for the check of a signature by a contract, enough for a wallet of several keys.
const IS_VALID_SIGNATURE_GAS: u64 = 1_000_000;

/// The nonces of those who sign permits of a token.
#[storage]
pub struct Permits {
    nonces: StorageMap<Address, StorageU256>,
}

impl Permits {
    /// The nonce that the next permit of `owner` signs.
    pub fn nonce(&self, owner: Address) -> U256 {
        self.nonces.get(owner)
    }

    /// Passes, and uses up the owner's nonce, if the permit of the token `name` is signed and not late. The allowance is for
    /// the caller to set.
    ///
    /// # Errors
    /// `ERC2612ExpiredSignature`, `ECDSAInvalidSignatureS`, `ERC2612InvalidSigner`.
    pub fn redeem(&mut self, name: &str, permit: &permitCall) -> Outcome<()> {
        let &permitCall {
            owner,
            spender,
            value,
            deadline,
            ..
        } = permit;
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(ERC2612ExpiredSignature { deadline }.into());
        }
        let nonce = self.nonces.get(owner);
        self.nonces.insert(owner, nonce.wrapping_add(U256::ONE));
        let words = [
            PERMIT_TYPEHASH,
            owner.into_word(),
            spender.into_word(),
            value.into(),
            nonce.into(),
            deadline.into(),
        ];
        let message = [
            &[0x19, 0x01],
            self.domain_separator(name).as_slice(),
            self.hash(&words).as_slice(),
        ]
        .concat();
        self.check_signature(self.vm().native_keccak256(&message), permit)
    }

    /// The EIP-712 domain separator of the token `name` on this chain.
    pub fn domain_separator(&self, name: &str) -> B256 {
        let vm = self.vm();
        let name_hash = vm.native_keccak256(name.as_bytes());
        let chain = U256::from(vm.chain_id()).into();
        self.hash(&[
            DOMAIN_TYPEHASH,
            name_hash,
            VERSION_HASH,
            chain,
            vm.contract_address().into_word(),
        ])
    }

    /// The domain in parts, as ERC-5267 answers.
    pub fn domain(&self, name: String) -> eip712DomainReturn {
        eip712DomainReturn {
            // Name, version, chain and contract are used, a salt and extensions are not.
            fields: fixed_bytes!("0f"),
            name,
            version: String::from(VERSION),
            chainId: U256::from(self.vm().chain_id()),
            verifyingContract: self.vm().contract_address(),
            salt: B256::ZERO,
            extensions: Vec::new(),
        }
    }

    fn hash(&self, words: &[B256]) -> B256 {
        self.vm().native_keccak256(&words.concat())
    }

    /// Passes if the owner's key signed `digest`, or if the owner is a contract that accepts the signature. The key is
    /// asked first, because an account may have both.
    fn check_signature(&self, digest: B256, permit: &permitCall) -> Outcome<()> {
        let &permitCall { owner, v, r, s, .. } = permit;
        let vm = self.vm();
        let is_canonical = s <= MAX_S;
        let mut signer = Address::ZERO;
        if is_canonical {
            let question = [digest, U256::from(v).into(), r, s].concat();
            let answer = call::word(vm, ECRECOVER, ECRECOVER_GAS, &question);
            signer = Address::from_word(answer.unwrap_or_default().into());
        }
        if !signer.is_zero() && signer == owner {
            return Ok(());
        }
        if vm.code_size(owner) > 0 {
            let (offset, length) = (U256::from(64), U256::from(65));
            let v = B256::right_padding_from(&[v]);
            let arguments = [digest, offset.into(), length.into(), r, s, v].concat();
            let question = [&IS_VALID_SIGNATURE, arguments.as_slice()].concat();
            let accepts = B256::right_padding_from(&IS_VALID_SIGNATURE);
            if call::word(vm, owner, IS_VALID_SIGNATURE_GAS, &question) == Some(accepts.into()) {
                return Ok(());
            }
        }
        if !is_canonical {
            return Err(ECDSAInvalidSignatureS { s }.into());
        }
        Err(ERC2612InvalidSigner { signer, owner }.into())
    }
}

const fn keccak(text: &str) -> B256 {
    B256::new(Keccak256::new().update(text.as_bytes()).finalize())
}
