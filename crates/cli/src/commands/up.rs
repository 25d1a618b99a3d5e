//! `weir up`: a chain with Weir on it, in this process, until Ctrl-C.

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alloy::primitives::{Address, B256};
use serde::Serialize;
use weir_chain::{Chain, Config, DevAccounts, Error as ChainError, Mining, TEST_MNEMONIC, Time};
use weir_deployment::amount::group_thousands;
use weir_deployment::devnet::NAMES;
use weir_node::api::DevAccount;
use weir_node::indexer::IndexConfig;
use weir_node::service::{Node, NodeConfig, record_metrics};
use weir_node::store::SqliteStore;

use crate::devchain::{self, StepTime};
use crate::failure::{Code, Failure, Result};
use crate::shell::{Shell, bold, faint};
use crate::site::{Dev, Site, default_path};

/// How often the chain is saved while it runs, if something happened.
const SAVE_EVERY: Duration = Duration::from_secs(10);

/// Where the node answers unless told otherwise.
const NODE_PORT: u16 = 8550;
/// How often the node looks for a new block. Asking in the process costs microseconds.
const NODE_POLL: Duration = Duration::from_millis(50);

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir up
  weir up --port 0                    on any free port
  weir up --state weir.state          keeps the chain over restarts
  weir up --epoch 3600 --interval 2   short epochs, a block every two seconds
  weir up --bare                      the chain alone, to deploy on")]
pub struct Args {
    /// Port to listen on; 0 for any that is free
    #[arg(long, default_value_t = 8545)]
    port: u16,
    /// Address to listen on. Whoever can reach it controls the chain
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// File that keeps the chain over restarts: loaded at the start if it exists, saved while running and at the end
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Derive the accounts from this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "mnemonic")]
    seed: Option<u64>,
    /// Derive the accounts from this BIP-39 phrase; the one that all development chains share if left out
    #[arg(long, value_name = "PHRASE")]
    mnemonic: Option<String>,
    /// Seconds between blocks; a block for each transaction if left out
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    interval: Option<u64>,
    /// Length of an epoch, seconds; grace and veto window keep their proportion to it
    #[arg(long, value_name = "SECONDS", default_value_t = 432_000)]
    epoch: u64,
    /// Start the chain alone, without the contracts
    #[arg(long)]
    bare: bool,
    /// Port of the node: history, API and pages; 0 for any that is free. 8550 if left out, or a free one with --port 0
    #[arg(long, value_name = "PORT", conflicts_with = "bare")]
    node_port: Option<u16>,
    /// Start no node beside the chain
    #[arg(long, conflicts_with = "node_port")]
    no_node: bool,
    /// Where to write the address book; the user's data folder if left out
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
}

/// What is up.
#[derive(Debug, Serialize)]
struct Up {
    rpc: String,
    websocket: String,
    chain_id: u64,
    /// Where the node answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<String>,
    /// The file with the addresses, for other commands.
    #[serde(skip_serializing_if = "Option::is_none")]
    book: Option<PathBuf>,
    contracts: Vec<Named>,
    assets: Vec<Named>,
    accounts: Vec<Account>,
}

#[derive(Debug, Serialize)]
struct Named {
    name: String,
    address: Address,
}

#[derive(Debug, Serialize)]
struct Account {
    name: &'static str,
    address: Address,
    private_key: B256,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let begun = Instant::now();
    let dev = match (args.seed, &args.mnemonic) {
        (Some(seed), _) => Dev::Seed(seed),
        (None, Some(phrase)) => Dev::Mnemonic(phrase.clone()),
        (None, None) => Dev::Mnemonic(TEST_MNEMONIC.to_owned()),
    };
    let loaded = args.state.as_deref().filter(|path| path.exists());
    let chain = devchain::start(Config {
        accounts: dev.accounts(),
        time: Time::System,
        mining: args.interval.map_or(Mining::Instant, |seconds| {
            Mining::Interval(Duration::from_secs(seconds))
        }),
        load: loaded.map(Path::to_owned),
        native_code_dir: devchain::native_code_dir(),
        ..Config::default()
    })?;
    let at = listen(&chain, SocketAddr::new(args.host, args.port))?;
    shell.note(faint_err(format!(
        "{:>7}  the chain answers at http://{at}",
        millis(begun.elapsed())
    )));

    let site = match (args.bare, loaded) {
        (true, _) => None,
        (false, Some(state)) => Some(restored(state, at, shell)?),
        (false, None) => Some(deploy(&chain, &args, &dev, at, shell).await?),
    };
    let book = match &site {
        Some(site) => write_site(site, &args, at, shell)?,
        None => None,
    };
    let node = match &site {
        Some(site) if !args.no_node => start_node(&chain, &args, site, at, shell).await?,
        _ => None,
    };
    let up = Up {
        node: node.as_ref().map(|node| format!("http://{}", node.addr)),
        ..Up::new(&chain, at, site.as_ref(), book)
    };
    shell.note(faint_err(format!("{:>7}  ready", millis(begun.elapsed()))));
    shell.note("");
    if shell.json {
        let line = serde_json::to_string(&up);
        let line = line.map_err(|error| {
            Failure::new(Code::Failed, "cannot write the result as JSON").because(error)
        })?;
        shell.print(&(line + "\n"))?;
    } else {
        shell.print(&text(&up))?;
    }
    stay(&chain, args.state.as_deref(), shell).await?;
    match node {
        Some(node) => node.stop().await.map_err(super::node::failure),
        None => Ok(()),
    }
}

/// Starts the node beside the chain; its history is as short-lived as this process, and read again in an instant.
async fn start_node(
    chain: &Chain,
    args: &Args,
    site: &Site,
    at: SocketAddr,
    shell: Shell,
) -> Result<Option<Node>> {
    let watched = weir_node::site::Site::new(&site.book);
    let Ok(watched) = watched else {
        shell.note("the deployment in the state file is not finished: no node follows it");
        return Ok(None);
    };
    let store = SqliteStore::in_memory().await;
    let store = store.map_err(|error| {
        Failure::new(Code::Failed, "cannot keep the node's history").because(error)
    })?;
    let usual = if args.port == 0 { 0 } else { NODE_PORT };
    let config = NodeConfig {
        provider: chain.provider(),
        site: watched,
        store: Arc::new(store),
        index: IndexConfig {
            poll: NODE_POLL,
            ..IndexConfig::default()
        },
        listen: SocketAddr::new(args.host, args.node_port.unwrap_or(usual)),
        dev: dev_accounts(&chain.config().accounts, true),
        rpc_url: Some(format!("http://{at}")),
        rate_limit: Default::default(),
        metrics: record_metrics(),
    };
    match Node::start(config).await {
        Ok(node) => Ok(Some(node)),
        // The chain is what was asked for; a port that nobody asked for may be taken.
        Err(error) if args.node_port.is_none() => {
            shell.note(format!(
                "no node: {error}; --node-port 0 takes any free port"
            ));
            Ok(None)
        }
        Err(error) => Err(super::node::failure(error)),
    }
}

/// The development accounts of a chain, with their names.
pub fn dev_accounts(accounts: &DevAccounts, is_dev: bool) -> Vec<DevAccount> {
    let signers = accounts.signers().unwrap_or_default();
    let named = NAMES.iter().zip(signers).filter(|_| is_dev);
    let named = named.map(|(name, signer)| DevAccount {
        name: (*name).to_owned(),
        address: signer.address(),
    });
    named.collect()
}

fn listen(chain: &Chain, addr: SocketAddr) -> Result<SocketAddr> {
    chain.serve(addr).map_err(|error| match error {
        ChainError::Listen { addr, source } if source.kind() == std::io::ErrorKind::AddrInUse => {
            Failure::new(Code::Failed, format!("port {} is in use", addr.port()))
                .because("another chain, perhaps an earlier `weir up`, listens on it")
                .next("stop that one, or weir up --port 0 for any free port")
        }
        ChainError::Listen { addr, source } => {
            Failure::new(Code::Failed, format!("cannot listen on {addr}"))
                .because(source)
                .next("another --host or --port")
        }
        other => Failure::new(Code::Failed, "cannot serve the chain").because(other),
    })
}

async fn deploy(
    chain: &Chain,
    args: &Args,
    dev: &Dev,
    at: SocketAddr,
    shell: Shell,
) -> Result<Site> {
    if args.interval.is_some() {
        // A step waits for its block: the deployment mines as it goes, and the interval begins after it.
        set_mining(chain, Mining::Instant).await?;
    }
    let book = devchain::deploy(chain, args.epoch, |step| {
        shell.note(faint_err(step_line(&step)))
    })
    .await?;
    if let Some(seconds) = args.interval {
        set_mining(chain, Mining::Interval(Duration::from_secs(seconds))).await?;
    }
    Ok(Site {
        book,
        rpc: Some(format!("http://{at}")),
        dev: Some(dev.clone()),
    })
}

async fn set_mining(chain: &Chain, mining: Mining) -> Result {
    chain
        .set_mining(mining)
        .await
        .map_err(|error| Failure::new(Code::Failed, "the chain stopped").because(error))
}

/// The address book of a chain that was loaded from a file.
fn restored(state: &Path, at: SocketAddr, shell: Shell) -> Result<Site> {
    let path = sidecar(state);
    if !path.exists() {
        return Err(Failure::new(
            Code::Failed,
            format!("the chain in {} has no address book", state.display()),
        )
        .because(format!("{} is not there", path.display()))
        .next("--bare, if it was saved by weir up --bare; else another --state FILE"));
    }
    let site = Site::read(&path)?;
    if let Some(name) = site.book.other_code() {
        shell.note(format!(
            "the {name} contract in {} is of another build of Weir, and stays as it is",
            state.display()
        ));
    }
    Ok(Site {
        rpc: Some(format!("http://{at}")),
        ..site
    })
}

/// Writes the address book where other commands look for it, and beside the state.
fn write_site(site: &Site, args: &Args, at: SocketAddr, shell: Shell) -> Result<Option<PathBuf>> {
    if let Some(state) = &args.state {
        site.write(&sidecar(state))?;
    }
    let path = args
        .book
        .clone()
        .or_else(|| default_path(&at.ip().to_string(), at.port()));
    match &path {
        Some(path) => site.write(path)?,
        None => shell
            .note("there is no data folder to keep the address book in: give one with --book FILE"),
    }
    Ok(path)
}

/// The address book that belongs to a state file.
fn sidecar(state: &Path) -> PathBuf {
    let mut name = state.file_name().unwrap_or_default().to_owned();
    name.push(".book.json");
    state.with_file_name(name)
}

/// Waits for Ctrl-C, saving the chain now and then.
async fn stay(chain: &Chain, state: Option<&Path>, shell: Shell) -> Result {
    let mut saved = None;
    let mut ticks = tokio::time::interval(SAVE_EVERY);
    let stop = stop_signal();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = ticks.tick() => save(chain, state, &mut saved).await?,
        }
    }
    save(chain, state, &mut saved).await?;
    match state {
        Some(path) => shell.note(format!("stopped; the chain is in {}", path.display())),
        None => shell.note("stopped"),
    }
    Ok(())
}

/// Saves the chain if its head is not the one that was saved last.
async fn save(chain: &Chain, state: Option<&Path>, saved: &mut Option<B256>) -> Result {
    let Some(path) = state else { return Ok(()) };
    let failed =
        |error: ChainError| Failure::new(Code::Failed, "cannot save the chain").because(error);
    let head = chain.head().await.map_err(failed)?.hash;
    if *saved != Some(head) {
        chain.dump(path).await.map_err(failed)?;
        *saved = Some(head);
    }
    Ok(())
}

/// Ctrl-C, or a polite end by the system.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

impl Up {
    fn new(chain: &Chain, at: SocketAddr, site: Option<&Site>, book: Option<PathBuf>) -> Self {
        let named = |name: &String, address: Address| Named {
            name: name.clone(),
            address,
        };
        let contracts = site.map(|site| {
            site.book
                .contracts
                .iter()
                .map(|(name, contract)| named(name, contract.address))
                .collect()
        });
        let assets = site.map(|site| {
            site.book
                .assets
                .iter()
                .map(|asset| named(&asset.symbol, asset.token))
                .collect()
        });
        let accounts = NAMES
            .iter()
            .zip(chain.accounts())
            .map(|(name, signer)| Account {
                name,
                address: signer.address(),
                private_key: signer.to_bytes(),
            });
        Self {
            rpc: format!("http://{at}"),
            websocket: format!("ws://{at}"),
            chain_id: chain.config().chain_id,
            node: None,
            book,
            contracts: contracts.unwrap_or_default(),
            assets: assets.unwrap_or_default(),
            accounts: accounts.collect(),
        }
    }
}

fn text(up: &Up) -> String {
    let mut text = format!(
        "{} at {} (chain {})\n",
        bold("Weir is up"),
        bold(&up.rpc),
        up.chain_id
    );
    if let Some(node) = &up.node {
        let _ = writeln!(text, "Its node at {}", bold(node));
    }
    if !up.contracts.is_empty() {
        let _ = writeln!(text, "\n{}", bold("Contracts"));
        let names = up.contracts.iter().map(|contract| contract.name.len());
        let widest = names.max().unwrap_or_default();
        for Named { name, address } in &up.contracts {
            let _ = writeln!(text, "  {name:<widest$}  {address}");
        }
        if let Some(book) = &up.book {
            let _ = writeln!(text, "  {}", faint(format!("also in {}", book.display())));
        }
    }
    let _ = writeln!(
        text,
        "\n{}  {}",
        bold("Accounts"),
        faint("their keys, below, are known to everyone: for development only")
    );
    // An address and its key together are wider than most terminals, and a broken key cannot be copied.
    for account in &up.accounts {
        let _ = writeln!(text, "  {:<8}  {}", account.name, account.address);
    }
    text.push('\n');
    for account in &up.accounts {
        let key = faint(account.private_key);
        let _ = writeln!(text, "  {:<8}  {key}", account.name);
    }
    let _ = writeln!(text, "\n{}", bold("Try, in another terminal"));
    let examples = examples(up);
    let explained = examples.iter().filter(|(_, about)| !about.is_empty());
    let widest = explained.map(|(command, _)| command.len()).max();
    let widest = widest.unwrap_or_default();
    for (command, about) in examples {
        let line = format!("  {command:<widest$}  {}", faint(about));
        let _ = writeln!(
            text,
            "{}",
            if about.is_empty() {
                line.trim_end()
            } else {
                &line
            }
        );
    }
    let _ = writeln!(text, "\nCtrl-C stops it.");
    text
}

fn examples(up: &Up) -> Vec<(String, &'static str)> {
    let mut examples = Vec::new();
    let mut add = |command: &str, about| examples.push((command.to_owned(), about));
    let is_default = up.rpc == crate::connect::DEFAULT_RPC;
    if !is_default {
        add(
            &format!("export WEIR_RPC={}", up.rpc),
            "for all that follow",
        );
    }
    let vault = up
        .contracts
        .iter()
        .find(|contract| contract.name == "vault");
    let ask = match vault {
        Some(vault) => {
            add(
                "weir deposit 10 wsteth --from alice",
                "an asset in, shares out",
            );
            add("weir accrue wsteth 0.5", "staking rewards: the rate rises");
            add("weir exit 4 --from alice", "into the queue");
            add(
                "weir slash file 10 --from slasher",
                "a slash: contested until decided",
            );
            add(
                "weir operator run --from operator",
                "signs for the services, until Ctrl-C",
            );
            add("weir time settle", "to the end of the queue");
            add("weir claim --from alice", "paid in kind");
            add("weir status alice", "where everything is");
            format!("cast call {} 'rate()(uint256)'", vault.address)
        }
        None => {
            add(
                "weir deploy --print-plan > plan.toml",
                "a plan to start from",
            );
            add(
                "weir deploy --plan plan.toml --from governor",
                "Weir, step by step",
            );
            "cast block-number".to_owned()
        }
    };
    // What `cast` asks unless told otherwise is the default here too.
    add(
        &if is_default {
            ask
        } else {
            format!("{ask} --rpc-url {}", up.rpc)
        },
        "",
    );
    examples
}

fn step_line(step: &StepTime) -> String {
    let mut line = format!("{:>7}  {}", millis(step.took), step.step);
    if let Some(gas) = step.gas_used {
        let _ = write!(line, ", {} gas", group_thousands(&gas.to_string()));
    }
    line
}

fn millis(took: Duration) -> String {
    format!("{} ms", took.as_millis())
}

fn faint_err(text: String) -> String {
    console::style(text).for_stderr().dim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_of_a_state_file_stands_beside_it() {
        assert_eq!(
            sidecar(Path::new("a/weir.state")),
            Path::new("a/weir.state.book.json")
        );
    }
}
