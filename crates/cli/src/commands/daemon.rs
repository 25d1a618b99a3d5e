//! `weir operator run` and `weir service watch`: what runs until Ctrl-C.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alloy::primitives::Address;
use alloy::providers::DynProvider;
use clap::ValueEnum;
use weir_abi::IHub;
use weir_operator::{
    Account, Attester, Event, Keeper, Misbehaviour, OperatorError, Protection, ProtectionError,
    Watcher, custodies, instances,
};

use crate::accounts::SignerArgs;
use crate::commands::{slash, up};
use crate::connect::{ChainArgs, Client, connect};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;
use crate::site::data_folder;
use crate::time::at;

/// For `--help`.
pub const OPERATOR_HELP: &str = "\
Signs what it sees at each height of each attestation service, once, and answers for what it holds. What it is about to sign is written to a protection \
file first, so that no crash or restart makes it sign a second payload. One key, one daemon, one folder.

Examples:
  weir operator run --from operator
  weir operator run --service oracle --once --from operator
  weir operator run --misbehave equivocate --from operator   to be slashed";

/// For `--help`.
pub const WATCH_HELP: &str = "\
Reads the events of every service whose contract files on evidence; files what they prove, arms and executes it. Anyone may \
run one; what it must remember is on the chain, so that it can be stopped and started at will.

Examples:
  weir service watch --from dave
  weir service watch --poll 10s --keystore key.json";

/// What `weir operator run` takes.
#[derive(Debug, clap::Args)]
pub struct OperatorArgs {
    /// Service to work for, by number or name; may be given several times. All that the operator takes part in if left out
    #[arg(long, value_name = "SERVICE")]
    service: Vec<String>,
    /// Name or address of the operator, whose key signs; the account of the key if left out
    #[arg(long, value_name = "ACCOUNT")]
    operator: Option<String>,
    /// Folder of the protection file and of blobs; one in the user's data folder if left out
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// RPC endpoint of the chain whose values and blocks are reported; that of the services if left out
    #[arg(long, value_name = "URL")]
    source_rpc: Option<String>,
    /// Do wrong, to see what becomes of it: sign a second payload at each height, or nothing
    #[arg(long, value_name = "HOW")]
    misbehave: Option<Wrong>,
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    chain: ChainArgs,
    #[command(flatten)]
    signer: SignerArgs,
}

/// What `weir service watch` takes.
#[derive(Debug, clap::Args)]
pub struct WatchArgs {
    #[command(flatten)]
    pace: Pace,
    #[command(flatten)]
    chain: ChainArgs,
    #[command(flatten)]
    signer: SignerArgs,
}

#[derive(Debug, Clone, Copy, clap::Args)]
struct Pace {
    /// How often to look at the chain
    #[arg(long, value_name = "SPAN", default_value = "2s", value_parser = humantime::parse_duration)]
    poll: Duration,
    /// Look once, do what is to be done, and end
    #[arg(long)]
    once: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Wrong {
    Equivocate,
    Withhold,
}

/// Runs `weir operator run`.
pub async fn operate(args: &OperatorArgs, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let key = args.signer.signer(client.dev_accounts().as_ref())?;
    let account = Account {
        provider: client.provider.clone(),
        key,
    };
    let operator = match &args.operator {
        Some(text) => super::operator::named(&client, Some(text))?,
        None => account.key.address(),
    };
    let source = match &args.source_rpc {
        Some(url) => connect(url).await?.0,
        None => client.provider.clone(),
    };
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => default_folder(operator)?,
    };
    let file = folder.join("signed.json");
    let mut protection = Protection::open(&file).map_err(|error| failure(error.into()))?;
    let work = Work {
        account,
        source,
        operator,
    };
    let (attesters, mut keepers) = work.all(&client, args, &folder).await?;
    let services = attesters.iter().map(Attester::service);
    let services: Vec<u32> = services
        .chain(keepers.iter().map(Keeper::service))
        .collect();
    shell.note(format!(
        "{} works for {}; what it signs is in {}",
        client.name_of(operator),
        names(&client, &services),
        file.display()
    ));
    if let Some(wrong) = args.misbehave {
        let what = match wrong {
            Wrong::Equivocate => "signs two payloads at each height, and will be slashed for it",
            Wrong::Withhold => "signs and answers nothing",
        };
        let line = format!("MISBEHAVIOUR IS ON: the operator {what}");
        shell.note(console::style(line).for_stderr().red().bold());
    }
    let mut last_trouble = None;
    run(args.pace, shell, async || {
        let mut events = Vec::new();
        for attester in &attesters {
            let done = attester.tick(&mut protection).await;
            events.extend(kept(done, shell, &mut last_trouble)?);
        }
        for keeper in &mut keepers {
            let done = keeper.tick().await;
            events.extend(kept(done, shell, &mut last_trouble)?);
        }
        Ok(events)
    })
    .await
}

/// Runs `weir service watch`.
pub async fn watch(args: &WatchArgs, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let account = Account {
        provider: client.provider.clone(),
        key: args.signer.signer(client.dev_accounts().as_ref())?,
    };
    let (hub, vault) = (client.address("hub")?, client.address("vault")?);
    let name = client.name_of(account.key.address());
    let mut watcher = Watcher::new(account, hub, vault).await.map_err(failure)?;
    shell.note(format!("{name} watches every service of the hub at {hub}"));
    let mut last_trouble = None;
    run(args.pace, shell, async || {
        let done = watcher.tick().await;
        kept(done, shell, &mut last_trouble)
    })
    .await
}

struct Work {
    account: Account,
    source: DynProvider,
    operator: Address,
}

impl Work {
    /// The services to work for.
    async fn all(
        &self,
        client: &Client,
        args: &OperatorArgs,
        folder: &Path,
    ) -> Result<(Vec<Attester>, Vec<Keeper>)> {
        let (hub, operator) = (client.address("hub")?, self.operator);
        let mut wanted = Vec::new();
        for text in &args.service {
            wanted.push(slash::service(client, text)?);
        }
        let misbehaviour = args.misbehave.map(|wrong| match wrong {
            Wrong::Equivocate => Misbehaviour::Equivocate,
            Wrong::Withhold => Misbehaviour::Withhold,
        });
        let now = client.now().await?;
        let is_ours = async |service| -> Result<bool> {
            let call = IHub::isOperatorInCall { operator, service };
            Ok((wanted.is_empty() || wanted.contains(&service)) && now.ask(hub, call).await?)
        };
        let (mut attesters, mut keepers) = (Vec::new(), Vec::new());
        for instance in instances(&client.provider, hub).await.map_err(failure)? {
            if is_ours(instance.terms.service).await? {
                let (account, source) = (self.account.clone(), self.source.clone());
                let attester =
                    Attester::new(account, source, operator, instance, misbehaviour).await;
                attesters.push(attester.map_err(failure)?);
            }
        }
        for custody in custodies(&client.provider, hub).await.map_err(failure)? {
            if is_ours(custody.terms.service).await? {
                let account = self.account.clone();
                keepers.push(Keeper::new(
                    account,
                    operator,
                    custody,
                    folder,
                    misbehaviour,
                ));
            }
        }
        if attesters.is_empty() && keepers.is_empty() {
            let what = format!(
                "{} takes part in no service of those asked for that this can work for",
                client.name_of(operator)
            );
            return Err(Failure::usage(what)
                .next("weir service list; weir operator opt-in SERVICE takes part in one"));
        }
        Ok((attesters, keepers))
    }
}

fn names(client: &Client, services: &[u32]) -> String {
    let name = |service: &u32| match slash::service_name(client, *service) {
        Some(name) => name.to_owned(),
        None => service.to_string(),
    };
    services.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Ticks until Ctrl-C, and tells what was done.
async fn run(
    pace: Pace,
    shell: Shell,
    mut tick: impl AsyncFnMut() -> Result<Vec<Event>>,
) -> Result {
    let mut ticks = tokio::time::interval(pace.poll.max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let stop = up::stop_signal();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => {
                shell.note("stopped");
                return Ok(());
            }
            _ = ticks.tick() => {}
        }
        // A tick is not broken off: what it began to send it sees through.
        for event in tick().await? {
            tell(&event, shell)?;
        }
        if pace.once {
            return Ok(());
        }
    }
}

fn tell(event: &Event, shell: Shell) -> Result {
    if shell.json {
        let line = serde_json::to_string(event).map_err(|error| {
            Failure::new(Code::Failed, "cannot write an event as JSON").because(error)
        })?;
        return shell.print(&(line + "\n"));
    }
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH);
    let now_s = now_s.map(|now| now.as_secs()).unwrap_or_default();
    shell.note(format!("{}  {event}", at(now_s)));
    Ok(())
}

/// What a tick did; trouble that passes is told once, and the next tick tries again.
fn kept(
    done: std::result::Result<Vec<Event>, OperatorError>,
    shell: Shell,
    last: &mut Option<String>,
) -> Result<Vec<Event>> {
    match done {
        Ok(events) => {
            *last = None;
            Ok(events)
        }
        Err(error) if passes(&error) => {
            let text = error.to_string();
            if last.as_ref() != Some(&text) {
                shell.note(format!("{text}; trying again"));
                *last = Some(text);
            }
            Ok(Vec::new())
        }
        Err(error) => Err(failure(error)),
    }
}

/// Whether the next tick may do better: the chain answers again, or the next height comes.
const fn passes(error: &OperatorError) -> bool {
    matches!(
        error,
        OperatorError::Chain { .. }
            | OperatorError::Refused { .. }
            | OperatorError::Protection(
                ProtectionError::Conflict { .. } | ProtectionError::Past { .. }
            )
    )
}

/// What people read of a daemon's trouble.
pub fn failure(error: OperatorError) -> Failure {
    let code = match &error {
        OperatorError::Refused { .. } => Code::Refused,
        OperatorError::Chain { .. } => Code::NoChain,
        OperatorError::OtherKey { .. } => Code::Usage,
        OperatorError::Protection(_) => Code::Failed,
    };
    Failure::new(code, error)
}

/// Where an operator's protection file and blobs are unless it says otherwise.
pub fn default_folder(operator: Address) -> Result<PathBuf> {
    let folder = data_folder().ok_or_else(|| {
        Failure::usage("there is no data folder to keep the protection file in")
            .next("--folder FOLDER")
    })?;
    Ok(folder.join(format!("operator-{operator}")))
}
