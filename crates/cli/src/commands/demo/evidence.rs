//! The act of the demo in which nobody asks for the slash: an operator's daemon is told to sign twice, and a watcher does
//! the rest.

use weir_abi::IHub;
use weir_operator::{Account, Attester, Event, Misbehaviour, Protection, Watcher, instances};

use super::stage::Stage;
use super::story::{listed, pull};
use crate::amount::rate;
use crate::explain::share;
use crate::failure::{Code, Failure, Result};

/// The service whose operators sign block hashes.
const SERVICE: &str = "blocks";

/// Plays the act.
///
/// # Errors
/// A daemon does not do what it is for.
pub async fn equivocation(stage: &mut Stage) -> Result {
    stage.open("An operator signs twice, and nobody has to ask")?;
    let (height, kept) = misbehave(stage).await?;
    stage.say(format!(
        "The operator's daemon signs the hash of a block at height {height} of service `{SERVICE}`, then, told to \
         misbehave, another hash at the same height."
    ))?;
    drop(kept);

    let hub = stage.client().address("hub")?;
    let vault = stage.client().address("vault")?;
    let account = account(stage, "erin")?;
    let mut watcher = Watcher::new(account, hub, vault).await.map_err(failed)?;
    let events = watcher.tick().await.map_err(failed)?;
    let id = events.iter().find_map(|event| match event {
        Event::Filed { id, .. } => Some(*id),
        _ => None,
    });
    let id = id.ok_or_else(|| nothing("file the slash"))?;
    let (request, terms) = request(stage, id).await?;
    let view = stage.vault().await?;
    let contested = view.assets.iter().map(|asset| asset.vault.ledger.contested);
    let losses: Vec<_> = contested.collect();
    stage.say(format!(
        "erin's watcher sees both signatures in the events and shows them to the contract, which files request {id}: \
         {} of the operator's stake there, {}.",
        share(request.wad),
        listed(stage, &losses).await?
    ))?;

    stage.go_to(request.filedAt + terms.vetoWindow).await?;
    expect(&mut watcher, &Event::Armed { id }).await?;
    stage.say("The resolver, who could have vetoed, did not; the watcher arms the request.")?;
    let armed_s = stage.vault().await?.time_s;
    stage
        .go_to(armed_s + weir_protocol::hub::EXECUTE_DELAY_S)
        .await?;
    let before = stage.vault().await?.state.rateWad;
    expect(&mut watcher, &Event::Executed { id }).await?;
    let after = stage.vault().await?.state.rateWad;
    stage.say(format!(
        "12 hours later it executes it: the rate falls from {} to {}. No person asked for any of this.",
        rate(before),
        rate(after)
    ))?;
    pull(stage, terms.sink).await?;
    stage.close().await
}

/// A request, and the terms of its service.
async fn request(stage: &Stage, id: u64) -> Result<(IHub::Request, IHub::Terms)> {
    let hub = stage.client().address("hub")?;
    let now = stage.client().now().await?;
    let request = now.ask(hub, IHub::requestCall { id }).await?;
    let service = request.service;
    Ok((request, now.ask(hub, IHub::termsCall { service }).await?))
}

/// Has the operator's daemon work once, misbehaving; answers the height, and the folder that its protection file is in.
async fn misbehave(stage: &Stage) -> Result<(u64, tempfile::TempDir)> {
    let folder = tempfile::tempdir().map_err(|error| {
        Failure::new(Code::Failed, "cannot make a folder for the protection file").because(error)
    })?;
    let mut protection = Protection::open(&folder.path().join("signed.json"))
        .map_err(|error| failed(error.into()))?;
    let hub = stage.client().address("hub")?;
    let provider = &stage.client().provider;
    let service = stage.client().book.services.get(SERVICE).copied();
    let instances_found = instances(provider, hub).await.map_err(failed)?;
    let mut of_service = instances_found.into_iter();
    let instance = of_service.find(|found| Some(found.terms.service) == service);
    let instance = instance.ok_or_else(|| nothing("find its service"))?;
    let attester = Attester::new(
        account(stage, "operator")?,
        provider.clone(),
        stage.address("operator")?,
        instance,
        Some(Misbehaviour::Equivocate),
    )
    .await
    .map_err(failed)?;
    let events = attester.tick(&mut protection).await.map_err(failed)?;
    let height = events.iter().find_map(|event| match event {
        Event::Equivocated { height, .. } => Some(*height),
        _ => None,
    });
    Ok((height.ok_or_else(|| nothing("sign twice"))?, folder))
}

/// One tick of the watcher, which must do this.
async fn expect(watcher: &mut Watcher, wanted: &Event) -> Result {
    let events = watcher.tick().await.map_err(failed)?;
    if events.contains(wanted) {
        return Ok(());
    }
    Err(Failure::new(
        Code::Failed,
        format!("the watcher did not do what was due: {wanted}"),
    ))
}

fn account(stage: &Stage, name: &str) -> Result<Account> {
    Ok(Account {
        provider: stage.client().provider.clone(),
        key: stage.key(name)?.clone(),
    })
}

fn failed(error: weir_operator::OperatorError) -> Failure {
    Failure::new(Code::Failed, "a daemon of the demo failed").because(error)
}

fn nothing(what: &str) -> Failure {
    Failure::new(Code::Failed, format!("a daemon of the demo did not {what}"))
}
