//! Weir for development: a plan with the devnet tokens, its actors, and something in their hands.

use alloy::primitives::{Address, U256};
use alloy::providers::DynProvider;
use alloy::rpc::types::TransactionRequest;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use weir_abi::IReth;

use crate::amount::WAD;
use crate::book::AddressBook;
use crate::error::DeployError;
use crate::plan::{Account, Plan, PlanError};
use crate::run::Signers;
use crate::tx;

/// The plan that a development chain starts from.
const PLAN: &str = include_str!("plan/devnet.toml");

/// Names of the accounts of a development chain, in order.
pub const NAMES: [&str; 10] = [
    "alice", "bob", "carol", "dave", "erin", "operator", "slasher", "resolver", "curator",
    "governor",
];

/// How many of them, from the first, get tokens to deposit.
pub const HOLDERS: usize = 5;

/// Of each asset, what every holder gets, whole tokens at a rate of one.
const TOKENS_EACH: u64 = 500;

/// A development account by its name in [`NAMES`].
fn actor(signers: &[PrivateKeySigner], name: &str) -> Option<PrivateKeySigner> {
    let index = NAMES.iter().position(|known| *known == name)?;
    signers.get(index).cloned()
}

/// The plan of a development chain: roles are held by the accounts of their names, epochs have this length, and all
/// other times shrink with it.
///
/// # Errors
/// The length does not fit.
pub fn plan(signers: &[PrivateKeySigner], epoch_s: u64) -> Result<Plan, PlanError> {
    let mut plan = Plan::from_toml(PLAN)?;
    let account = |name: &str| {
        let signer = actor(signers, name);
        signer.map_or(Account::Deployer, |signer| {
            Account::Address(signer.address())
        })
    };
    plan.roles.governor = account("governor");
    plan.roles.curator = account("curator");
    plan.roles.guardian = account("curator");
    for operator in &mut plan.operators {
        operator.account = account("operator");
    }
    for service in &mut plan.services {
        service.slasher = service.slasher.map(|_| account("slasher"));
        if let Some(custody) = &mut service.custody {
            custody.answer_s = scaled(custody.answer_s, epoch_s, plan.vault.epoch_s);
        }
        service.resolver = account("resolver");
        service.veto_window_s = scaled(service.veto_window_s, epoch_s, plan.vault.epoch_s);
    }
    plan.vault.grace_s = scaled(plan.vault.grace_s, epoch_s, plan.vault.epoch_s);
    plan.vault.epoch_s = epoch_s;
    plan.check()?;
    Ok(plan)
}

/// `length · to / from`, at least one second.
fn scaled(length_s: u64, to_s: u64, from_s: u64) -> u64 {
    let scaled = u128::from(length_s) * u128::from(to_s) / u128::from(from_s.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX).max(1)
}

/// The keys that a development deployment signs with; the governor deploys.
pub fn signers(accounts: &[PrivateKeySigner]) -> Option<Signers> {
    let mut signers = Signers::new(actor(accounts, "governor")?);
    for name in ["curator", "operator"] {
        signers = signers.with(actor(accounts, name)?);
    }
    Some(signers)
}

/// Gives every holder some of each devnet token in the book.
///
/// # Errors
/// The chain did not answer or refused.
pub async fn fund(
    provider: &DynProvider,
    book: &AddressBook,
    accounts: &[PrivateKeySigner],
) -> Result<(), DeployError> {
    let value = U256::from(TOKENS_EACH).saturating_mul(WAD);
    for holder in accounts.iter().take(HOLDERS) {
        for request in purchases(book, value) {
            tx::send(provider, holder, request, "buy a devnet token").await?;
        }
    }
    Ok(())
}

/// What buys devnet tokens for ether: plain ether to WETH and wstETH, a call to rETH.
fn purchases(book: &AddressBook, value: U256) -> Vec<TransactionRequest> {
    let plain = |to: Address| TransactionRequest::default().to(to).value(value);
    let at = |name: &str| book.contracts.get(name).map(|contract| contract.address);
    let reth = at("reth").map(|to| plain(to).input(IReth::depositCall {}.abi_encode().into()));
    [at("weth").map(plain), at("wsteth").map(plain), reth]
        .into_iter()
        .flatten()
        .collect()
}
