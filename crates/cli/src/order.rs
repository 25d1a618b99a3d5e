//! Orders: calls that roles make through the governor contract, at once or after a wait.

use alloy::primitives::{Address, Bytes};
use alloy::providers::Provider;
use alloy::rpc::types::{TransactionReceipt, TransactionRequest};
use alloy::sol_types::SolCall;
use serde::Serialize;
use weir_abi::IGovernor;
use weir_deployment::revert::Refusal;

use crate::connect::{Client, Moment};
use crate::decode::Decoded;
use crate::explain::explain;
use crate::failure::{Code, Failure, Result};
use crate::governed::{self, Changed};
use crate::time::{seen_from, span};
use crate::transact::{Call, Caller, Mined, event};

/// A call that the governor contract is to make.
#[derive(Debug, Clone)]
pub struct Order {
    /// Whom it calls.
    pub target: Address,
    /// With what.
    pub data: Bytes,
}

impl Order {
    /// An order to call a function.
    pub fn new<C: SolCall>(target: Address, call: &C) -> Self {
        Self {
            target,
            data: call.abi_encode().into(),
        }
    }
}

/// What became of an order.
#[derive(Debug, Serialize)]
struct Outcome {
    call: Decoded,
    changes: Vec<Changed>,
    /// How long such a call waits, seconds; 0 is made at once.
    wait_s: u64,
    /// Number of the scheduled call; none if it was made at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    /// From when on it can be executed, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    ripe_s: Option<u64>,
    /// From when on it cannot, Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_s: Option<u64>,
    /// Why it would be refused if it were made now.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_now: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Makes the call at once where its rule asks for no wait, and schedules it otherwise. `tell` adds to what is said of one that was
/// made.
///
/// # Errors
/// The caller may not, the contract refuses, or the chain did not answer.
pub async fn carry_out(
    caller: &Caller,
    order: Order,
    tell: impl FnOnce(&Client, &TransactionReceipt) -> Option<String>,
) -> Result {
    let client = &caller.client;
    let now = client.now().await?;
    let governor = client.address("governor")?;
    let Order { target, data } = order;
    let call = Decoded::new(client, target, &data);
    let words = call.text(client);
    let rule = IGovernor::ruleCall {
        target,
        data: data.clone(),
    };
    let rule = now
        .ask_for(&format!("finding the rule of {words}"), governor, rule)
        .await?;
    permit(caller, &now, &words, &rule).await?;
    let mut outcome = Outcome {
        changes: governed::changes(&now, target, &data).await?,
        call,
        wait_s: rule.waitS,
        id: None,
        ripe_s: None,
        expires_s: None,
        refused_now: None,
        mined: None,
    };
    if rule.waitS > 0 {
        return schedule(caller, &now, outcome).await;
    }
    let call = Call::new(governor, IGovernor::actCall { target, data })
        .arg("target", client.label(target))
        .arg("data", &words);
    caller.simulate(&words, &call).await?;
    if caller.is_dry_run() {
        let sentence = format!("  it would count at once\n{}", table(client, &outcome));
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(&words, &call).await?;
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    let more = tell(client, &receipt).unwrap_or_default();
    caller.shell.result(&outcome, |outcome| {
        let changes = table(client, outcome);
        format!("done: {words}\n{changes}{more}{}", mined.line())
    })
}

async fn schedule(caller: &Caller, now: &Moment<'_>, mut outcome: Outcome) -> Result {
    let client = &caller.client;
    let governor = client.address("governor")?;
    let (target, data) = (outcome.call.address, outcome.call.data.clone());
    outcome.refused_now = refusal(client, governor, target, &data).await?;
    let words = outcome.call.text(client);
    let call = Call::new(governor, IGovernor::scheduleCall { target, data })
        .arg("target", client.label(target))
        .arg("data", &words);
    let doing = format!("scheduling {words}");
    outcome.id = Some(caller.simulate(&doing, &call).await?);
    let terms = now.ask(governor, IGovernor::termsCall {}).await?;
    let ripe_s = now.time_s.saturating_add(outcome.wait_s);
    outcome.ripe_s = Some(ripe_s);
    outcome.expires_s = Some(ripe_s.saturating_add(terms.graceS));
    let refused = match &outcome.refused_now {
        Some(why) => format!("  made now, it would be refused: {why}\n"),
        None => String::new(),
    };
    if caller.is_dry_run() {
        let sentence = format!(
            "  it would wait {}, until {}\n{refused}{}",
            span(outcome.wait_s),
            seen_from(now.time_s, ripe_s),
            table(client, &outcome)
        );
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(&doing, &call).await?;
    if let Some(event) = event::<IGovernor::Scheduled>(&receipt, governor) {
        outcome.id = Some(event.id);
        outcome.ripe_s = Some(event.ripeAt);
        outcome.expires_s = Some(event.expiresAt);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    caller.shell.result(&outcome, |outcome| {
        let id = outcome.id.unwrap_or_default();
        let at = |time_s: Option<u64>| seen_from(now.time_s, time_s.unwrap_or_default());
        format!(
            "scheduled as {id}: {words}\n{}{refused}  anyone can execute it from {}\n  until {}: weir governor execute {id}\n{}",
            table(client, outcome),
            at(outcome.ripe_s),
            at(outcome.expires_s),
            mined.line()
        )
    })
}

fn table(client: &Client, outcome: &Outcome) -> String {
    if outcome.changes.is_empty() {
        return String::new();
    }
    format!("\n{}\n", governed::table(client, &outcome.changes))
}

/// Refuses in words what the governor contract would refuse by its role.
async fn permit(
    caller: &Caller,
    now: &Moment<'_>,
    words: &str,
    rule: &IGovernor::ruleReturn,
) -> Result {
    let client = &caller.client;
    let roles = now
        .ask(client.address("governor")?, IGovernor::rolesCall {})
        .await?;
    let holders = [
        ("governor", rule.governor, roles.governor),
        ("curator", rule.curator, roles.curator),
        ("guardian", rule.guardian, roles.guardian),
    ];
    // What waits is scheduled by the governor alone.
    let may: Vec<_> = holders
        .into_iter()
        .filter(|(role, may, _)| *may && (rule.waitS == 0 || *role == "governor"))
        .collect();
    if may.iter().any(|(_, _, holder)| *holder == caller.address()) {
        return Ok(());
    }
    let who: Vec<String> = may
        .iter()
        .map(|(role, _, holder)| format!("the {role} ({})", client.label(*holder)))
        .collect();
    Err(Failure::new(
        Code::Refused,
        format!("{words} is not for {}", caller.name()),
    )
    .because(format!("it is for {}", who.join(" or ")))
    .next("--from or --keystore with the account of that role"))
}

/// Why the governor contract would be refused if it made a call now; none if it would not.
///
/// # Errors
/// The chain did not answer.
pub async fn refusal(
    client: &Client,
    governor: Address,
    target: Address,
    data: &Bytes,
) -> Result<Option<String>> {
    let request = TransactionRequest::default()
        .from(governor)
        .to(target)
        .input(data.clone().into());
    match client.provider.call(request).await {
        Ok(_) => Ok(None),
        Err(error) => match Refusal::of(&error) {
            Some(refusal) => Ok(Some(explain(client, &refusal).why)),
            None => Err(client.failure("trying the call", &error)),
        },
    }
}
