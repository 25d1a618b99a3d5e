//! `weir node`: the history of a deployment, over HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;
use serde::Serialize;
use weir_node::indexer::{IndexConfig, compare, rebuild};
use weir_node::service::{Node, NodeConfig, NodeError, record_metrics};
use weir_node::site::Site;
use weir_node::store::{self, StoreError};

use crate::commands::up;
use crate::connect::{ChainArgs, Client};
use crate::failure::{Code, Failure, Result};
use crate::shell::Shell;
use crate::site::data_folder;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read every event of a deployment, keep its history, and answer over HTTP, until Ctrl-C
    Run(RunArgs),
    /// Make all documents again from the raw logs that are kept
    Rebuild(RebuildArgs),
}

/// Where the history is kept.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Store")]
struct StoreArgs {
    /// Database: sqlite:FILE, or postgres://USER@HOST/NAME; a file in the user's data folder if left out
    #[arg(long, value_name = "URL", env = "WEIR_STORE")]
    store: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir node run
  weir node run --rpc https://… --book plan.book.json
  weir node run --store postgres://weir@db/weir
  curl http://127.0.0.1:8550/v1/vault")]
struct RunArgs {
    /// Where the API and the pages answer; port 0 for any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8550")]
    listen: SocketAddr,
    /// How often to look for a new block
    #[arg(long, value_name = "SPAN", default_value = "500ms", value_parser = humantime::parse_duration)]
    poll: Duration,
    /// Most blocks in one request for logs
    #[arg(long, value_name = "BLOCKS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    max_range: u64,
    /// Blocks near the head that are read one by one and can be taken back, whatever the chain calls final
    #[arg(long, value_name = "BLOCKS", default_value_t = 128)]
    undo_blocks: u64,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    chain: ChainArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir node rebuild --check      compares, and changes nothing
  weir node rebuild              replaces what is kept; stop the node first")]
struct RebuildArgs {
    /// Compare byte for byte with what is kept, and change nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    chain: ChainArgs,
}

/// What is up.
#[derive(Debug, Serialize)]
struct Running {
    node: String,
    store: String,
}

/// What a rebuild found.
#[derive(Debug, Serialize)]
struct Rebuilt {
    store: String,
    documents: usize,
    differences: usize,
    replaced: bool,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.command {
        Command::Run(args) => serve(args, shell).await,
        Command::Rebuild(args) => remake(args, shell).await,
    }
}

/// The store of a deployment, if none is named.
fn url(args: &StoreArgs, client: &Client) -> Result<String> {
    if let Some(url) = &args.store {
        return Ok(url.clone());
    }
    let folder = data_folder().ok_or_else(|| {
        Failure::usage("there is no data folder to keep the history in").next("--store sqlite:FILE")
    })?;
    let made = std::fs::create_dir_all(&folder);
    made.map_err(|error| {
        Failure::new(Code::Failed, format!("cannot make {}", folder.display())).because(error)
    })?;
    let name = format!(
        "node-{}-{}.db",
        client.book.chain_id,
        client.address("vault")?
    );
    let path: PathBuf = folder.join(name);
    Ok(format!("sqlite:{}", path.display()))
}

async fn open(url: &str) -> Result<std::sync::Arc<dyn store::Store>> {
    store::open(url).await.map_err(|error| {
        let failure = Failure::new(Code::Failed, "cannot open the store");
        match error {
            StoreError::Url(_) => Failure::usage(error),
            other => failure.because(other).next("check --store (or WEIR_STORE)"),
        }
    })
}

fn site(client: &Client) -> Result<Site> {
    Site::new(&client.book).map_err(|error| {
        Failure::new(Code::Unfinished, "the deployment cannot be followed")
            .because(error)
            .next("weir deploy, to finish it")
    })
}

async fn serve(args: RunArgs, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let url = url(&args.store, &client)?;
    let config = NodeConfig {
        provider: client.provider.clone(),
        site: site(&client)?,
        store: open(&url).await?,
        index: IndexConfig {
            undo_blocks: args.undo_blocks,
            max_range: args.max_range,
            poll: args.poll.max(Duration::from_millis(10)),
            ..IndexConfig::default()
        },
        listen: args.listen,
        dev: up::dev_accounts(
            &client.dev_accounts().unwrap_or_default(),
            client.dev.is_some(),
        ),
        rpc_url: client.dev.is_some().then(|| args.chain.rpc.clone()),
        rate_limit: Default::default(),
        metrics: record_metrics(),
    };
    let mut node = Node::start(config).await.map_err(failure)?;
    let running = Running {
        node: format!("http://{}", node.addr),
        store: url,
    };
    if shell.json {
        let line = serde_json::to_string(&running).map_err(|error| {
            Failure::new(Code::Failed, "cannot write the result as JSON").because(error)
        })?;
        shell.print(&(line + "\n"))?;
    } else {
        shell.print(&format!("{}\n", running.node))?;
        shell.note(format!(
            "the history is kept in {}; Ctrl-C stops the node",
            running.store
        ));
    }
    tokio::select! {
        () = up::stop_signal() => {}
        error = node.failed() => return Err(failure(error)),
    }
    node.stop().await.map_err(failure)?;
    shell.note("stopped");
    Ok(())
}

async fn remake(args: RebuildArgs, shell: Shell) -> Result {
    let client = Client::open(&args.chain).await?;
    let url = url(&args.store, &client)?;
    let (store, site) = (open(&url).await?, site(&client)?);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(Code::Failed, "cannot rebuild the history").because(error)
    };
    let made = rebuild(&*store, &site)
        .await
        .map_err(|error| failed(&error))?;
    let differences = compare(&*store, &made)
        .await
        .map_err(|error| failed(&error))?;
    if !args.check {
        store
            .replace_entries(&made)
            .await
            .map_err(|error| failed(&error))?;
    }
    let rebuilt = Rebuilt {
        store: url,
        documents: made.len(),
        differences: differences.len(),
        replaced: !args.check,
    };
    shell.result(&rebuilt, |rebuilt| {
        format!(
            "{} documents from the raw logs; {} of those kept differ{}\n",
            rebuilt.documents,
            rebuilt.differences,
            if rebuilt.replaced {
                ", and were replaced"
            } else {
                ""
            }
        )
    })?;
    for difference in differences.iter().take(10) {
        let (kind, key) = &difference.key;
        shell.note(format!("differs: {kind:?} {}", alloy::hex::encode(key)));
    }
    if args.check && !differences.is_empty() {
        return Err(
            Failure::new(Code::Mismatch, "the history is not what its logs come to")
                .next("weir node rebuild replaces it"),
        );
    }
    Ok(())
}

/// What people read of a node's trouble.
pub fn failure(error: NodeError) -> Failure {
    let is_taken = matches!(&error, NodeError::Listen { source, .. }
        if source.kind() == std::io::ErrorKind::AddrInUse);
    let code = match &error {
        NodeError::Index(_) => Code::NoChain,
        _ => Code::Failed,
    };
    let failure = Failure::new(code, error);
    if is_taken {
        failure.next("another --listen (of `weir up`: --node-port), or port 0 for any that is free")
    } else {
        failure
    }
}
