//! The LRT and OpenZeppelin's ERC-20 with permit, call by call: the same answers, events and refusals, byte by byte.
//!
//! Both are at the same address of a chain of their own, so that even domains and signatures are the same.

use alloy::signers::{SignerSync, local::PrivateKeySigner};
use alloy_primitives::{Address, Bytes, U256, address};
use alloy_sol_types::{SolCall, SolError, SolStruct, eip712_domain, sol};
use weir_abi::{IErc20::*, IErc2612::*, ILrt};
use weir_flows::{DEPLOYER, Refusal, Stage};
use weir_protocol::model::Random;

use crate::artifacts::compiled;

sol! {
    /// What `Peers.sol` adds.
    interface IPeer {
        function mint(address to, uint256 value) external;
        function burn(address from, uint256 value) external;
        error ECDSAInvalidSignature();
    }

    struct Permit {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

const NAME: &str = "Weir Restaked Ether";
const SYMBOL: &str = "wrETH";
const VAULT: Address = address!("000000000000000000000000000000000000a017");
const STEPS: usize = 1_500;

/// The same token twice.
struct Pair {
    ours: Stage,
    theirs: Stage,
    token: Address,
    owner: PrivateKeySigner,
    accounts: [Address; 5],
}

/// What a call did: its answer and events, or how it was refused.
#[derive(Debug, PartialEq)]
enum Did {
    Answered(Bytes, Vec<alloy_primitives::Log>),
    Refused(Bytes),
}

fn did(stage: &Stage, from: Address, to: Address, data: &[u8]) -> Did {
    match stage.send_bytes(from, to, U256::ZERO, data.to_vec()) {
        Ok(receipt) => Did::Answered(receipt.value, receipt.logs),
        Err(Refusal { data, .. }) => Did::Refused(data),
    }
}

/// The one refusal that differs: of a signature that is nobody's, ours says whose it should be, as the ERC has an error for that.
fn told(theirs: Did, data: &[u8]) -> Did {
    let owner = permitCall::abi_decode(data)
        .map(|call| call.owner)
        .unwrap_or_default();
    match &theirs {
        Did::Refused(data) if IPeer::ECDSAInvalidSignature::abi_decode(data).is_ok() => {
            let error = ERC2612InvalidSigner {
                signer: Address::ZERO,
                owner,
            };
            Did::Refused(error.abi_encode().into())
        }
        _ => theirs,
    }
}

impl Pair {
    fn new() -> Self {
        let (ours, theirs) = (Stage::new(), Stage::new());
        let token = ours.deploy(&weir_artifacts::LRT);
        let init = ILrt::initCall {
            vault: VAULT,
            name: NAME.into(),
            symbol: SYMBOL.into(),
        };
        ours.send(DEPLOYER, token, &init).expect("init");
        let peer = compiled(&theirs, "Token", &(NAME.to_owned(), SYMBOL.to_owned()));
        assert_eq!(token, peer, "the first contract of the same account");
        let owner = PrivateKeySigner::from_slice(&[7; 32]).expect("a key");
        let accounts = [
            owner.address(),
            address!("00000000000000000000000000000000000a11ce"),
            address!("0000000000000000000000000000000000000b0b"),
            token,
            Address::ZERO,
        ];
        Self {
            ours,
            theirs,
            token,
            owner,
            accounts,
        }
    }

    /// Both do the same.
    fn same(&self, from: Address, call: &impl SolCall) -> Did {
        self.same_bytes(from, &call.abi_encode())
    }

    fn same_bytes(&self, from: Address, data: &[u8]) -> Did {
        let ours = did(&self.ours, from, self.token, data);
        let theirs = did(&self.theirs, from, self.token, data);
        assert_eq!(
            ours,
            told(theirs, data),
            "{from} calls {}",
            Bytes::from(data.to_vec())
        );
        ours
    }

    /// Both refuse what is no call; ours says what it does not know.
    fn refuse(&self, from: Address, data: &[u8]) {
        for stage in [&self.ours, &self.theirs] {
            let did = did(stage, from, self.token, data);
            assert!(matches!(did, Did::Refused(_)), "{data:?}: {did:?}");
        }
    }

    /// What the vault does to ours, anybody does to theirs. Neither answers anything.
    fn mint(&self, to: Address, value: U256) {
        let ours = did(
            &self.ours,
            VAULT,
            self.token,
            &ILrt::mintCall { to, value }.abi_encode(),
        );
        let theirs = did(
            &self.theirs,
            VAULT,
            self.token,
            &IPeer::mintCall { to, value }.abi_encode(),
        );
        assert_eq!(ours, theirs, "mint {value} to {to}");
    }

    fn burn(&self, from: Address, value: U256) {
        let ours = did(
            &self.ours,
            VAULT,
            self.token,
            &ILrt::burnCall { from, value }.abi_encode(),
        );
        let theirs = did(
            &self.theirs,
            VAULT,
            self.token,
            &IPeer::burnCall { from, value }.abi_encode(),
        );
        assert_eq!(ours, theirs, "burn {value} of {from}");
    }

    fn views(&self) {
        let nobody = Address::ZERO;
        self.same(nobody, &nameCall {});
        self.same(nobody, &symbolCall {});
        self.same(nobody, &decimalsCall {});
        self.same(nobody, &totalSupplyCall {});
        self.same(nobody, &DOMAIN_SEPARATORCall {});
        self.same(nobody, &eip712DomainCall {});
        for owner in self.accounts {
            self.same(nobody, &balanceOfCall { account: owner });
            self.same(nobody, &noncesCall { owner });
            for spender in self.accounts {
                self.same(nobody, &allowanceCall { owner, spender });
            }
        }
    }

    fn nonce(&self) -> U256 {
        let owner = self.owner.address();
        self.ours.view(self.token, &noncesCall { owner })
    }

    /// A permit, sometimes with something wrong about it.
    fn permit(&self, random: &mut Random) -> permitCall {
        let now_s = U256::from(self.ours.now_s());
        let deadline = random.pick(
            U256::MAX,
            &[U256::MAX, now_s, now_s - U256::ONE, U256::ZERO],
        );
        let spender = random.pick(self.accounts[1], &self.accounts[2..]);
        let permit = Permit {
            owner: self.owner.address(),
            spender,
            value: amount(random, U256::from(1_000)),
            nonce: self.nonce() + U256::from(u64::from(random.percent(10))),
            deadline,
        };
        let domain = eip712_domain! {
            name: NAME,
            version: "1",
            chain_id: self.ours.chain().config().chain_id,
            verifying_contract: self.token,
        };
        let hash = permit.eip712_signing_hash(&domain);
        let signature = self.owner.sign_hash_sync(&hash).expect("signed");
        let mut call = permitCall {
            owner: permit.owner,
            spender,
            value: permit.value,
            deadline,
            v: 27 + u8::from(signature.v()),
            r: signature.r().into(),
            s: signature.s().into(),
        };
        match random.below(16) {
            0 => call.v = random.bits() as u8,
            1 => call.r = U256::ZERO.into(),
            2 => call.s = U256::ZERO.into(),
            3 => call.s = U256::MAX.into(),
            4 => call.value += U256::ONE,
            5 => call.owner = random.pick(self.accounts[1], &[Address::ZERO]),
            6 => call.spender = Address::ZERO,
            _ => {}
        }
        call
    }
}

/// Around what somebody has, or far too much.
fn amount(random: &mut Random, balance: U256) -> U256 {
    match random.below(12) {
        0 => U256::MAX,
        1 => U256::MAX - U256::ONE,
        2 => U256::from(1_u128 << 96),
        3 => balance + U256::ONE,
        4 | 5 => balance,
        6 => U256::ZERO,
        _ => U256::from(random.up_to(balance.saturating_to::<u128>() / 2)),
    }
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn the_lrt_answers_as_openzeppelins_token_does() {
    let pair = Pair::new();
    let mut random = Random::new(1);
    pair.views();
    let (mut answered, mut refused) = (0, 0);
    for step in 0..STEPS {
        let [caller, from, to] =
            [(); 3].map(|()| random.pick(pair.accounts[0], &pair.accounts[1..]));
        let account = from;
        let balance = pair.ours.view(pair.token, &balanceOfCall { account });
        let value = amount(&mut random, balance);
        let did = match random.below(16) {
            0..4 => pair.same(from, &transferCall { to, value }),
            4..7 => {
                let value = random.pick(value, &[U256::MAX, U256::ZERO]);
                pair.same(caller, &approveCall { spender: to, value })
            }
            7..11 => pair.same(caller, &transferFromCall { from, to, value }),
            11..14 => pair.same(caller, &pair.permit(&mut random)),
            14 => {
                // More than 2^96 - 1 in all only ours refuses.
                pair.mint(to, U256::from(random.up_to(1 << 40)));
                continue;
            }
            _ => {
                pair.burn(from, value);
                continue;
            }
        };
        match did {
            Did::Answered(..) => answered += 1,
            Did::Refused(_) => refused += 1,
        }
        if step % 50 == 0 {
            pair.views();
        }
    }
    pair.views();
    assert!(
        answered > STEPS / 5 && refused > STEPS / 5,
        "{answered} {refused}"
    );
}

#[test]
#[ignore = "needs what `bash .ci/fetch-peers` fetches"]
fn the_lrt_refuses_what_is_no_call_as_openzeppelins_token_does() {
    let pair = Pair::new();
    let [alice, bob] = [pair.accounts[1], pair.accounts[2]];
    pair.mint(alice, U256::from(1_000));
    let call = transferCall {
        to: bob,
        value: U256::ONE,
    };
    let whole = call.abi_encode();
    // Cut short anywhere, or nothing at all.
    for length in 0..whole.len() {
        pair.refuse(alice, &whole[..length]);
    }
    // Bits over an address.
    let mut dirty = whole.clone();
    dirty[4] = 1;
    pair.refuse(alice, &dirty);
    // More than the parameters is ignored.
    let longer = [whole.clone(), vec![0xff; 7]].concat();
    assert!(matches!(pair.same_bytes(alice, &longer), Did::Answered(..)));
    // Ether for what takes none, and ether alone.
    for data in [whole, Vec::new()] {
        for stage in [&pair.ours, &pair.theirs] {
            stage.fund(alice, U256::from(10));
            let sent = stage.send_bytes(alice, pair.token, U256::ONE, data.clone());
            assert!(sent.is_err(), "not payable");
        }
    }
}
