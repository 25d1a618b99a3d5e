//! Compares a deployment with its plan: every parameter and code hash, read back from the chain.

use alloy::providers::DynProvider;

use crate::book::AddressBook;
use crate::error::DeployError;
use crate::plan::Plan;
use crate::steps::{self, Context, Fact};

/// Everything that the plan promises, as found on the chain.
///
/// # Errors
/// The chain did not answer, or the book lacks a contract.
pub async fn verify(
    provider: &DynProvider,
    plan: &Plan,
    book: &AddressBook,
) -> Result<Vec<Fact>, DeployError> {
    let context = Context {
        provider,
        plan,
        book,
    };
    let mut facts = Vec::new();
    for step in steps::steps(plan) {
        facts.extend(step.facts(&context).await?);
    }
    Ok(facts)
}
