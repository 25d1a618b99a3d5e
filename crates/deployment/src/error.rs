//! Why a deployment stopped, and what to do about it.

use alloy::primitives::{Address, B256, U256};
use alloy::transports::TransportError;

use crate::amount::format_wad;
use crate::book::BookError;
use crate::plan::PlanError;
use crate::steps::Fact;

/// Why a deployment stopped. Whatever it had done is in the address book, and the same command continues from there.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// The plan is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The address book is wrong, or cannot be kept.
    #[error(transparent)]
    Book(#[from] BookError),
    /// This build has no such contract.
    #[error("this build of Weir has no contract named `{0}`")]
    NoArtifact(String),
    /// The endpoint serves another chain than the plan is for.
    #[error("the plan is for chain {plan}, but the RPC endpoint serves chain {chain}")]
    OtherChain {
        /// Chain id in the plan.
        plan: u64,
        /// Chain id of the endpoint.
        chain: u64,
    },
    /// The chain cannot run the contracts.
    #[error(
        "chain {chain} is not a Stylus chain: its ArbWasm precompile (0x71) does not answer, so it cannot run these \
         contracts. Deploy on an Arbitrum chain with Stylus, or on `weir up --bare`"
    )]
    NotStylus {
        /// Chain id of the endpoint.
        chain: u64,
    },
    /// The deployer cannot pay.
    #[error(
        "{account} has {have} ETH and the deployment needs about {need} ETH: send it {missing} ETH more",
        have = format_wad(*.balance), need = format_wad(*.needed), missing = format_wad(needed.saturating_sub(*balance))
    )]
    InsufficientFunds {
        /// Who must pay.
        account: Address,
        /// What it has, wei.
        balance: U256,
        /// What it needs, wei.
        needed: U256,
    },
    /// The chain refused a step before it was sent.
    #[error("`{step}` was refused before it was sent: {reason}")]
    Refused {
        /// The step.
        step: String,
        /// What the chain said.
        reason: String,
    },
    /// A step was mined and reverted.
    #[error("`{step}` was mined in {tx} and reverted: {reason}")]
    Reverted {
        /// The step.
        step: String,
        /// Its transaction.
        tx: B256,
        /// Why, as far as it can be found.
        reason: String,
    },
    /// A step was sent and not mined in time.
    #[error(
        "`{step}` was sent in {tx} but not mined within {waited_s} s; run the same command again: it waits for this \
         transaction before it does anything else"
    )]
    NotMined {
        /// The step.
        step: String,
        /// Its transaction.
        tx: B256,
        /// How long the run waited.
        waited_s: u64,
    },
    /// A step was mined, but the chain is not as it should be after it.
    #[error("`{step}` was mined, but {name} is {found} instead of {expected}", name = fact.name, found = fact.found, expected = fact.expected)]
    NoEffect {
        /// The step.
        step: String,
        /// The first thing that differs.
        fact: Box<Fact>,
    },
    /// The endpoint failed.
    #[error("could not {doing}: {reason}")]
    Rpc {
        /// What was tried.
        doing: String,
        /// What the endpoint or the connection said.
        reason: String,
    },
}

/// Turns an error of the transport into one that says what was tried: `.map_err(failed("read the balance"))`.
pub(crate) fn failed(doing: impl Into<String>) -> impl FnOnce(TransportError) -> DeployError {
    move |error| DeployError::Rpc {
        doing: doing.into(),
        reason: error.to_string(),
    }
}
