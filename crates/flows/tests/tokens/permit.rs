//! Allowances by signature, against alloy's own EIP-712 hashing and signing.

use alloy::signers::{Signature, SignerSync, local::PrivateKeySigner};
use alloy_primitives::{Address, B256, U256, uint};
use alloy_sol_types::{Eip712Domain, SolStruct, sol};
use weir_abi::{IErc20::Approval, IErc2612::*};
use weir_flows::{
    Refusal, Sent, Stage,
    evm::{self, Source},
};

use crate::world::*;

sol! {
    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// The order of secp256k1.
const ORDER: U256 = uint!(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141_U256);

/// A signer, and a token that takes permits under this name.
struct Case {
    stage: Stage,
    token: Address,
    name: &'static str,
    signer: PrivateKeySigner,
}

impl Case {
    fn lrt() -> Self {
        let stage = stage();
        let token = lrt(&stage);
        Self {
            stage,
            token,
            name: NAME,
            signer: PrivateKeySigner::from_slice(&[7; 32]).unwrap(),
        }
    }

    fn wsteth() -> Self {
        let stage = stage();
        let (token, _) = wsteth(&stage);
        let name = "Wrapped liquid staked Ether 2.0 (devnet)";
        Self {
            stage,
            token,
            name,
            signer: PrivateKeySigner::from_slice(&[9; 32]).unwrap(),
        }
    }

    fn owner(&self) -> Address {
        self.signer.address()
    }

    fn domain(&self) -> Eip712Domain {
        let chain = U256::from(self.stage.chain().config().chain_id);
        Eip712Domain::new(
            Some(self.name.into()),
            Some("1".into()),
            Some(chain),
            Some(self.token),
            None,
        )
    }

    /// What the owner signs to let Bob take 3, until `deadline`.
    fn permit(&self, nonce: u64, deadline: U256) -> Permit {
        Permit {
            owner: self.owner(),
            spender: BOB,
            value: milli(3_000),
            nonce: U256::from(nonce),
            deadline,
        }
    }

    fn sign(&self, permit: &Permit) -> Signature {
        self.signer
            .sign_hash_sync(&permit.eip712_signing_hash(&self.domain()))
            .unwrap()
    }

    /// Carol brings the permit, as anyone may.
    fn send(
        &self,
        permit: &Permit,
        v: u8,
        r: U256,
        s: U256,
    ) -> Result<Sent<permitReturn>, Refusal> {
        let &Permit {
            owner,
            spender,
            value,
            deadline,
            ..
        } = permit;
        let call = permitCall {
            owner,
            spender,
            value,
            deadline,
            v,
            r: r.into(),
            s: s.into(),
        };
        self.stage.send(CAROL, self.token, &call)
    }

    fn send_signed(
        &self,
        permit: &Permit,
        signature: &Signature,
    ) -> Result<Sent<permitReturn>, Refusal> {
        self.send(
            permit,
            27 + u8::from(signature.v()),
            signature.r(),
            signature.s(),
        )
    }

    fn nonce(&self, owner: Address) -> U256 {
        self.stage.view(self.token, &noncesCall { owner })
    }
}

#[test]
fn a_signed_permit_is_an_allowance_once() {
    for case in [Case::lrt(), Case::wsteth()] {
        let permit = case.permit(0, U256::MAX);
        let signature = case.sign(&permit);
        let sent = case.send_signed(&permit, &signature).unwrap();
        let event = Approval {
            owner: case.owner(),
            spender: BOB,
            value: milli(3_000),
        };
        assert_eq!(sent.events::<Approval>(case.token), [event]);
        assert_eq!(
            allowance(&case.stage, case.token, case.owner(), BOB),
            milli(3_000)
        );
        assert_eq!(case.nonce(case.owner()), U256::ONE);

        let refused = case.send_signed(&permit, &signature).unwrap_err();
        assert_eq!(refused.error::<ERC2612InvalidSigner>().owner, case.owner());
        let next = case.permit(1, U256::MAX);
        case.send_signed(&next, &case.sign(&next)).unwrap();
    }
}

#[test]
fn the_domain_is_that_of_the_standards() {
    for case in [Case::lrt(), Case::wsteth()] {
        let separator = case.stage.view(case.token, &DOMAIN_SEPARATORCall {});
        assert_eq!(separator, case.domain().separator());
        let domain = case.stage.view(case.token, &eip712DomainCall {});
        assert_eq!(domain.fields, [0x0f]);
        assert_eq!(domain.name, case.name);
        assert_eq!(domain.version, "1");
        assert_eq!(
            domain.chainId,
            U256::from(case.stage.chain().config().chain_id)
        );
        assert_eq!(domain.verifyingContract, case.token);
        assert_eq!(domain.salt, B256::ZERO);
        assert!(domain.extensions.is_empty());
    }
}

#[test]
fn a_permit_ends_after_its_deadline() {
    let case = Case::lrt();
    let deadline = U256::from(case.stage.now_s());
    let late = case.permit(0, deadline);
    case.stage.advance(1);
    let refused = case.send_signed(&late, &case.sign(&late)).unwrap_err();
    assert_eq!(
        refused.error::<ERC2612ExpiredSignature>().deadline,
        deadline
    );
    let in_time = case.permit(0, U256::from(case.stage.now_s() + 1_000));
    case.send_signed(&in_time, &case.sign(&in_time)).unwrap();
}

#[test]
fn a_signature_of_anything_else_is_refused() {
    let case = Case::lrt();
    let permit = case.permit(0, U256::MAX);
    let signature = case.sign(&permit);
    let changed = [
        Permit {
            value: milli(3_001),
            ..case.permit(0, U256::MAX)
        },
        Permit {
            spender: ALICE,
            ..case.permit(0, U256::MAX)
        },
        Permit {
            deadline: U256::MAX - U256::ONE,
            ..case.permit(0, U256::MAX)
        },
        Permit {
            owner: ALICE,
            ..case.permit(0, U256::MAX)
        },
    ];
    for changed in changed {
        let refused = case
            .send_signed(&changed, &signature)
            .unwrap_err()
            .error::<ERC2612InvalidSigner>();
        assert_eq!(refused.owner, changed.owner);
        assert_ne!(refused.signer, changed.owner);
    }
    assert_eq!(case.nonce(case.owner()), U256::ZERO);
}

#[test]
fn malformed_signatures_recover_nobody() {
    let case = Case::lrt();
    let permit = case.permit(0, U256::MAX);
    let signature = case.sign(&permit);
    for (v, r, s) in [
        (0, signature.r(), signature.s()),
        (29, signature.r(), signature.s()),
        (27, U256::ZERO, U256::ONE),
    ] {
        let refused = case
            .send(&permit, v, r, s)
            .unwrap_err()
            .error::<ERC2612InvalidSigner>();
        assert_eq!(
            refused,
            ERC2612InvalidSigner {
                signer: Address::ZERO,
                owner: case.owner()
            }
        );
    }
    // Nobody is not an owner either.
    let of_nobody = Permit {
        owner: Address::ZERO,
        ..case.permit(0, U256::MAX)
    };
    let refused = case
        .send(&of_nobody, 29, U256::ONE, U256::ONE)
        .unwrap_err()
        .error::<ERC2612InvalidSigner>();
    assert_eq!(
        refused,
        ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: Address::ZERO
        }
    );
}

#[test]
fn the_second_form_of_a_signature_is_refused() {
    let case = Case::lrt();
    let permit = case.permit(0, U256::MAX);
    let signature = case.sign(&permit);
    let s = ORDER - signature.s();
    let refused = case
        .send(&permit, 28 - u8::from(signature.v()), signature.r(), s)
        .unwrap_err();
    assert_eq!(refused.error::<ECDSAInvalidSignatureS>().s, B256::from(s));
}

#[test]
fn a_contract_signs_by_its_own_rules() {
    const IS_VALID_SIGNATURE: [u8; 4] = [0x16, 0x26, 0xba, 0x7e];
    let case = Case::lrt();
    let answering = |word: B256| {
        case.stage
            .place(evm::answering(&[(IS_VALID_SIGNATURE, word.to_vec())], &[]))
    };
    let accepts = answering(B256::right_padding_from(&IS_VALID_SIGNATURE));
    let permit = Permit {
        owner: accepts,
        ..case.permit(0, U256::MAX)
    };
    case.send(&permit, 27, U256::ONE, U256::ONE).unwrap();
    assert_eq!(
        allowance(&case.stage, case.token, accepts, BOB),
        milli(3_000)
    );
    assert_eq!(case.nonce(accepts), U256::ONE);

    let rejects = answering(B256::right_padding_from(&[0xff; 4]));
    let mut word = B256::repeat_byte(1);
    word[..4].copy_from_slice(&IS_VALID_SIGNATURE);
    let dirty = answering(word);
    for owner in [
        rejects,
        dirty,
        case.stage.place(evm::source(&Source::Reverts)),
        case.stage.place(evm::source(&Source::AnswersBytes(0))),
    ] {
        let permit = Permit {
            owner,
            ..case.permit(0, U256::MAX)
        };
        let refused = case.send(&permit, 27, U256::ONE, U256::ONE).unwrap_err();
        assert_eq!(refused.error::<ERC2612InvalidSigner>().owner, owner);
    }
}
