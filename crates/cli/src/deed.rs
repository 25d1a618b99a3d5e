//! A call that is told in a sentence, with an approval of the shares that the cover contract takes by it.

use alloy::primitives::U256;
use alloy::rpc::types::TransactionReceipt;
use alloy::sol_types::SolCall;
use serde::Serialize;
use serde_json::{Map, Value};
use weir_abi::IErc20;

use crate::amount::{Amount, exact};
use crate::commands::exit::too_few;
use crate::failure::Result;
use crate::transact::{Call, Caller, Mined};

/// What a call is about and did, by name.
pub type Facts = Map<String, Value>;

#[derive(Debug, Serialize)]
struct Outcome {
    #[serde(flatten)]
    facts: Facts,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// A call that is told in a sentence.
pub struct Deed<C> {
    /// What a refusal names.
    pub doing: String,
    /// The call.
    pub call: Call<C>,
    /// Shares of the caller that the cover contract takes by it.
    pub takes: U256,
    /// What is known before it is made.
    pub facts: Facts,
}

impl<C: SolCall> Deed<C> {
    /// A call that takes no shares.
    pub fn new(doing: impl Into<String>, call: Call<C>, facts: Facts) -> Self {
        Self {
            doing: doing.into(),
            call,
            takes: U256::ZERO,
            facts,
        }
    }

    /// Makes the call, after an approval if it takes shares and needs one. `would` says what a trial answered, which is none where the
    /// approval has to be mined first; `did` what the receipt tells. Both may add facts.
    ///
    /// # Errors
    /// The contract refuses, or the chain did not answer.
    pub async fn done(
        self,
        caller: &Caller,
        would: impl FnOnce(Option<C::Return>, &mut Facts) -> String,
        did: impl FnOnce(&TransactionReceipt, &mut Facts) -> String,
    ) -> Result {
        let Self {
            doing,
            call,
            takes,
            mut facts,
        } = self;
        let client = &caller.client;
        let approval = approval(caller, takes).await?;
        let answer = match &approval {
            None => Some(caller.simulate(&doing, &call).await?),
            Some(approval) => {
                caller.simulate("approving the shares", approval).await?;
                None
            }
        };
        if caller.is_dry_run() {
            let sentence = format!("  {}", would(answer, &mut facts));
            let approval = approval.map(|approval| approval.text(client));
            let calls: Vec<_> = approval.into_iter().chain([call.text(client)]).collect();
            let outcome = Outcome { facts, mined: None };
            return caller.show_trial(&calls, &outcome, &sentence, &[]);
        }
        if let Some(approval) = &approval {
            let text = format!("sending an approval of {} shares first", exact(takes));
            caller.shell.note(text);
            caller.send("approving the shares", approval).await?;
        }
        let receipt = caller.send(&doing, &call).await?;
        let sentence = did(&receipt, &mut facts);
        let mined = caller.mined(&receipt);
        let outcome = Outcome {
            facts,
            mined: Some(mined),
        };
        let line = mined.line();
        caller
            .shell
            .result(&outcome, |_| format!("{sentence}\n{line}"))
    }
}

/// The approval that the cover contract needs to take so many shares of the caller; none if it has one.
async fn approval(caller: &Caller, shares: U256) -> Result<Option<Call<IErc20::approveCall>>> {
    if shares.is_zero() {
        return Ok(None);
    }
    let client = &caller.client;
    let (lrt, spender) = (client.address("lrt")?, client.address("cover")?);
    let allowance = IErc20::allowanceCall {
        owner: caller.address(),
        spender,
    };
    if client.now().await?.ask(lrt, allowance).await? >= shares {
        return Ok(None);
    }
    let call = IErc20::approveCall {
        spender,
        value: shares,
    };
    Ok(Some(
        Call::new(lrt, call)
            .arg("spender", "cover")
            .arg("value", exact(shares)),
    ))
}

/// So many shares of the caller's own.
///
/// # Errors
/// It has fewer, or none were asked for.
pub async fn own_shares(caller: &Caller, wanted: Amount) -> Result<U256> {
    let account = caller.address();
    let lrt = caller.client.address("lrt")?;
    let balance = IErc20::balanceOfCall { account };
    let balance = caller.client.now().await?.ask(lrt, balance).await?;
    let shares = wanted.of(balance);
    if shares > balance || shares.is_zero() {
        return Err(too_few(caller, shares, balance));
    }
    Ok(shares)
}
