//! Allowances by signature: ERC-2612, with the domain that ERC-5267 describes.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, B256, FixedBytes, U256, address, b256, fixed_bytes};
use alloy_sol_types::{SolCall, SolValue, sol};
use stylus_sdk::{keccak_const::Keccak256, prelude::*};
use weir_abi::ILrt::{
    ECDSAInvalidSignatureS, ERC2612ExpiredSignature, ERC2612InvalidSigner, eip712DomainReturn,
    permitCall,
};
use weir_shell::{Outcome, call, text};

use crate::Lrt;

const VERSION: &str = "1";
const VERSION_HASH: B256 = B256::new(Keccak256::new().update(VERSION.as_bytes()).finalize());
const DOMAIN_TYPEHASH: B256 = B256::new(
    Keccak256::new()
        .update(
            b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)",
        )
        .finalize(),
);
const PERMIT_TYPEHASH: B256 = B256::new(
    Keccak256::new()
        .update(
            b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
        )
        .finalize(),
);

/// Half the order of secp256k1. Of the two s that sign the same message, the one above it is refused.
const MAX_S: B256 = b256!("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

const ECRECOVER: Address = address!("0000000000000000000000000000000000000001");

/// Gas for `ecrecover`, which takes 3,000.
const ECRECOVER_GAS: u64 = 10_000;

/// Gas for the check of a signature by a contract, enough for a wallet of several keys.
const ERC1271_GAS: u64 = 1_000_000;

sol! {
    /// ERC-1271.
    function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
}

impl Lrt {
    pub(crate) fn permit(&mut self, call: permitCall) -> Outcome<()> {
        let permitCall {
            owner,
            spender,
            value,
            deadline,
            ..
        } = call;
        if U256::from(self.vm().block_timestamp()) > deadline {
            return Err(ERC2612ExpiredSignature { deadline }.into());
        }
        let nonce = self.nonces.get(owner);
        self.nonces.insert(owner, nonce.wrapping_add(U256::ONE));
        let intent = (PERMIT_TYPEHASH, owner, spender, value, nonce, deadline).abi_encode();
        let digest = self.digest(self.vm().native_keccak256(&intent));
        self.check_signature(digest, &call)?;
        self.erc20.approve(owner, spender, value)
    }

    pub(crate) fn domain_separator(&self) -> B256 {
        let name = text::unpack(self.name.get());
        let vm = self.vm();
        let name_hash = vm.native_keccak256(name.as_bytes());
        let domain = (
            DOMAIN_TYPEHASH,
            name_hash,
            VERSION_HASH,
            U256::from(vm.chain_id()),
            vm.contract_address(),
        )
            .abi_encode();
        vm.native_keccak256(&domain)
    }

    pub(crate) fn domain(&self) -> eip712DomainReturn {
        eip712DomainReturn {
            // Name, version, chain and contract are used, a salt and extensions are not.
            fields: fixed_bytes!("0f"),
            name: text::unpack(self.name.get()),
            version: String::from(VERSION),
            chainId: U256::from(self.vm().chain_id()),
            verifyingContract: self.vm().contract_address(),
            salt: B256::ZERO,
            extensions: Vec::new(),
        }
    }

    fn digest(&self, struct_hash: B256) -> B256 {
        let prefix: FixedBytes<2> = fixed_bytes!("1901");
        let message: FixedBytes<66> = prefix
            .concat_const::<32, 34>(self.domain_separator())
            .concat_const(struct_hash);
        self.vm().native_keccak256(message.as_slice())
    }

    /// Passes if the owner's key signed `digest`, or if the owner is a contract that accepts the signature.
    fn check_signature(&self, digest: B256, call: &permitCall) -> Outcome<()> {
        let &permitCall { owner, v, r, s, .. } = call;
        let vm = self.vm();
        let signer = if s > MAX_S {
            Address::ZERO
        } else {
            call::word(
                vm,
                ECRECOVER,
                ECRECOVER_GAS,
                &(digest, U256::from(v), r, s).abi_encode(),
            )
            .map(|word| Address::from_word(word.into()))
            .unwrap_or_default()
        };
        if !signer.is_zero() && signer == owner {
            return Ok(());
        }
        if vm.code_size(owner) > 0 {
            let signature = [r.as_slice(), s.as_slice(), &[v]].concat();
            let question = isValidSignatureCall {
                hash: digest,
                signature: signature.into(),
            }
            .abi_encode();
            let magic = FixedBytes::<4>::new(isValidSignatureCall::SELECTOR);
            let expected =
                U256::from_be_bytes(FixedBytes::<32>::right_padding_from(magic.as_slice()).0);
            if call::word(vm, owner, ERC1271_GAS, &question) == Some(expected) {
                return Ok(());
            }
        }
        if s > MAX_S {
            return Err(ECDSAInvalidSignatureS { s }.into());
        }
        Err(ERC2612InvalidSigner { signer, owner }.into())
    }
}
