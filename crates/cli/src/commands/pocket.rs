//! `weir pocket`: what became of an asset that failed: who held shares that day, and what each of them is paid.

use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, U256};
use clap::Subcommand;
use serde::Serialize;
use weir_abi::{IExits, IVault};

use crate::amount::{cell, exact, short};
use crate::connect::{ChainArgs, Client, Moment};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::pocket::{PocketFile, snapshot};
use crate::shell::{Shell, bold};
use crate::table::Sheet;
use crate::transact::{Call, Caller, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A delisted asset whose rate failed can leave the vault: it belongs to who held shares at that moment, by a Merkle tree that anyone \
computes from the events of the chain. The governor names its root once; then each is paid its part of all that ever comes in.

Examples, on a chain of `weir up`:
  weir pocket tree reth --out pocket.json
  weir governor propose open-pocket reth --tree pocket.json --from governor
  weir pocket status reth alice
  weir pocket claim reth --from alice")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Compute who held shares when an asset was pocketed, and check the root that the governor named
    #[command(after_help = "\
The file has the format of OpenZeppelin's StandardMerkleTree.dump(), which common tools load. Shares in exit tickets, in cover, bonds \
and stakes count for who could take them out. The exit code is 5 if the governor named another root.

Examples:
  weir pocket tree reth
  weir pocket tree reth --out pocket.json --json")]
    Tree {
        /// The asset, by symbol or address
        asset: String,
        /// File to write the tree to
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Show the shares of an account and what proves them, as other clients take it
    #[command(after_help = "\
Examples:
  weir pocket proof reth alice
  weir pocket proof reth alice --tree pocket.json --json")]
    Proof {
        /// The asset, by symbol or address
        asset: String,
        /// Name or address of the account
        account: String,
        /// File of the tree; computed from the chain if left out
        #[arg(long, value_name = "FILE")]
        tree: Option<PathBuf>,
        #[command(flatten)]
        chain: ChainArgs,
    },
    /// Get the part of an account of all that came into a pocket so far: anyone, for its holder
    #[command(after_help = "\
Examples:
  weir pocket claim reth --from alice
  weir pocket claim reth --of alice --tree pocket.json --from bob")]
    Claim {
        /// The asset, by symbol or address
        asset: String,
        /// Whose part; the sender's if left out
        #[arg(long, value_name = "ACCOUNT")]
        of: Option<String>,
        /// File of the tree; computed from the chain if left out
        #[arg(long, value_name = "FILE")]
        tree: Option<PathBuf>,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Show a pocket: what came in, what left it, and what accounts took
    #[command(after_help = "\
Examples:
  weir pocket status reth
  weir pocket status reth alice bob")]
    Status {
        /// The asset, by symbol or address
        asset: String,
        /// Accounts to show: addresses, or names on a chain of `weir up`
        accounts: Vec<String>,
        #[command(flatten)]
        chain: ChainArgs,
    },
}

#[derive(Debug, Serialize)]
struct Tree {
    asset: String,
    block: u64,
    root: B256,
    /// All shares of that moment.
    supply: Wei,
    /// Of these, shares that are nobody's.
    nobodys: Wei,
    holders: Vec<Holder>,
    /// What the governor named; none while the pocket is not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    named_root: Option<B256>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Holder {
    account: Address,
    shares: Wei,
}

#[derive(Debug, Serialize)]
struct Proof {
    account: Address,
    shares: Wei,
    root: B256,
    proof: Vec<B256>,
}

#[derive(Debug, Serialize)]
struct Claimed {
    asset: String,
    account: Address,
    shares: Wei,
    amount: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

#[derive(Debug, Serialize)]
struct Status {
    asset: String,
    /// Zero before it is opened.
    root: B256,
    shares: Wei,
    received: Wei,
    paid: Wei,
    /// What the vault still has for it: anyone may pull it.
    due: Wei,
    accounts: Vec<Taken>,
}

#[derive(Debug, Serialize)]
struct Taken {
    account: Address,
    taken: Wei,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Tree { asset, out, chain } => tree(&asset, out, &chain, shell).await,
        Action::Proof {
            asset,
            account,
            tree,
            chain,
        } => proof(&asset, &account, tree.as_deref(), &chain, shell).await,
        Action::Claim {
            asset,
            of,
            tree,
            send,
        } => claim(&asset, of.as_deref(), tree.as_deref(), &send, shell).await,
        Action::Status {
            asset,
            accounts,
            chain,
        } => status(&asset, &accounts, &chain, shell).await,
    }
}

async fn tree(asset: &str, out: Option<PathBuf>, chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let (symbol, asset) = client.asset(asset)?;
    let snapshot = snapshot(&client, asset).await?;
    let file = PocketFile::new(client.book.chain_id, &snapshot);
    let now = client.now().await?;
    let exits = client.address("exits")?;
    let named = now.ask(exits, IExits::pocketCall { asset }).await?;
    if let Some(path) = &out {
        file.write(path)?;
    }
    let tree = Tree {
        asset: symbol,
        block: snapshot.block,
        root: file.root(),
        supply: Wei(snapshot.supply),
        nobodys: Wei(snapshot.nobodys),
        holders: file
            .holdings()
            .map(|(account, shares)| Holder {
                account,
                shares: Wei(shares),
            })
            .collect(),
        named_root: Some(named.root).filter(|root| !root.is_zero()),
        file: out,
    };
    shell.result(&tree, |tree| text(&client, tree))?;
    match tree.named_root {
        Some(root) if root != tree.root || named.shares != tree.supply.0 => Err(Failure::new(
            Code::Mismatch,
            "the governor named another tree",
        )
        .because(format!(
            "its root is {root}, of {} shares",
            exact(named.shares)
        ))
        .next("ask the governor which tree that is; nobody can change it any more")),
        _ => Ok(()),
    }
}

fn text(client: &Client, tree: &Tree) -> String {
    let mut text = format!(
        "{}\n\n",
        bold(format!(
            "Holders when {} was pocketed, block {}",
            tree.asset, tree.block
        ))
    );
    let mut sheet = Sheet::new(1, &["", "shares"]);
    for holder in &tree.holders {
        sheet.row([client.label(holder.account), cell(holder.shares.0)]);
    }
    sheet.row(["nobody".to_owned(), cell(tree.nobodys.0)]);
    text += &sheet.text();
    text += &format!(
        "\n  root    {}\n  shares  {}\n",
        tree.root,
        exact(tree.supply.0)
    );
    text += match tree.named_root {
        None => "  the governor has not named it yet: weir governor propose open-pocket\n",
        Some(root) if root == tree.root => "  it is the root that the governor named\n",
        Some(_) => "",
    };
    if let Some(file) = &tree.file {
        text += &format!("  written to {}\n", file.display());
    }
    text
}

/// The tree of an asset: that of a file, else computed.
///
/// # Errors
/// The file is of another pocket, or the asset is in none.
pub async fn tree_of(client: &Client, asset: Address, file: Option<&Path>) -> Result<PocketFile> {
    let Some(path) = file else {
        let snapshot = snapshot(client, asset).await?;
        return Ok(PocketFile::new(client.book.chain_id, &snapshot));
    };
    let file = PocketFile::read(path)?;
    if file.asset == asset && file.chain_id == client.book.chain_id {
        return Ok(file);
    }
    Err(
        Failure::usage(format!("{} is of another pocket", path.display()))
            .because(format!(
                "it is of {} on chain {}",
                client.label(file.asset),
                file.chain_id
            ))
            .next("weir pocket tree ASSET --out FILE writes the right one"),
    )
}

/// The shares of an account in a tree, and what proves them.
fn part(client: &Client, tree: &PocketFile, account: Address) -> Result<(U256, Vec<B256>)> {
    tree.proof(account).ok_or_else(|| {
        let name = client.label(account);
        Failure::new(Code::Refused, format!("{name} has no part of this pocket"))
            .because(format!("it held no shares in block {}", tree.block))
            .next("weir pocket tree lists who did")
    })
}

async fn proof(
    asset: &str,
    account: &str,
    file: Option<&Path>,
    chain: &ChainArgs,
    shell: Shell,
) -> Result {
    let client = Client::open(chain).await?;
    let (_, asset) = client.asset(asset)?;
    let account = client.party(account)?;
    let tree = tree_of(&client, asset, file).await?;
    let (shares, proof) = part(&client, &tree, account)?;
    let proof = Proof {
        account,
        shares: Wei(shares),
        root: tree.root(),
        proof,
    };
    shell.result(&proof, |proof| {
        let name = client.label(account);
        let mut text = format!("{name} held {} shares\n", exact(shares));
        text += &format!("  root   {}\n", proof.root);
        for node in &proof.proof {
            text += &format!("  proof  {node}\n");
        }
        text
    })
}

async fn claim(
    asset: &str,
    of: Option<&str>,
    file: Option<&Path>,
    send: &SendArgs,
    shell: Shell,
) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (symbol, asset) = client.asset(asset)?;
    let account = match of {
        Some(text) => client.party(text)?,
        None => caller.address(),
    };
    let exits = client.address("exits")?;
    let now = client.now().await?;
    let pocket = now.ask(exits, IExits::pocketCall { asset }).await?;
    if pocket.root.is_zero() {
        return Err(
            Failure::new(Code::Refused, format!("the pocket of {symbol} is not open"))
                .because("the governor has not named its holders yet")
                .next(format!("weir pocket tree {symbol} computes what to name")),
        );
    }
    let tree = tree_of(client, asset, file).await?;
    let (shares, proof) = part(client, &tree, account)?;
    let name = client.label(account);
    let call = IExits::claimPocketCall {
        asset,
        account,
        shares,
        proof,
    };
    let call = Call::new(exits, call)
        .arg("asset", &symbol)
        .arg("account", &name)
        .arg("shares", exact(shares));
    let doing = format!("claiming the part of {name} in the pocket of {symbol}");
    let pulled = pull(&caller, &now, asset, &symbol).await?;
    if let (true, Some(pull)) = (caller.is_dry_run(), &pulled) {
        // The claim can only be tried once the asset is there.
        let outcome = claimed(symbol, account, shares, U256::ZERO);
        let calls = [pull.text(client), call.text(client)];
        let sentence = "  the vault would send what is in the pocket first";
        return caller.show_trial(&calls, &outcome, sentence, &[]);
    }
    if let Some(pull) = &pulled {
        caller
            .shell
            .note("the vault sends what is in the pocket first");
        caller.send(&format!("pulling {symbol}"), pull).await?;
    }
    let amount = caller.simulate(&doing, &call).await?;
    let mut outcome = claimed(symbol.clone(), account, shares, amount);
    if caller.is_dry_run() {
        let sentence = format!("  {name} would be paid {} {symbol}", exact(amount));
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &[]);
    }
    let receipt = caller.send(&doing, &call).await?;
    if let Some(event) = event::<IExits::PocketClaimed>(&receipt, exits) {
        outcome.amount = Wei(event.amount);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "{name} was paid {} {symbol} for {} shares\n{}",
            short(outcome.amount.0),
            short(shares),
            mined.line()
        )
    })
}

const fn claimed(asset: String, account: Address, shares: U256, amount: U256) -> Claimed {
    Claimed {
        asset,
        account,
        shares: Wei(shares),
        amount: Wei(amount),
        mined: None,
    }
}

/// The call that has the vault send what it still has for the pocket; none if that is nothing, or does not move.
async fn pull(
    caller: &Caller,
    now: &Moment<'_>,
    asset: Address,
    symbol: &str,
) -> Result<Option<Call<IVault::pullCall>>> {
    let client = &caller.client;
    let (vault, sink) = (client.address("vault")?, client.address("exits")?);
    let due = now.ask(vault, IVault::dueToCall { asset, sink }).await?;
    if due.is_zero() {
        return Ok(None);
    }
    let call = Call::new(vault, IVault::pullCall { asset, sink })
        .arg("asset", symbol)
        .arg("sink", "exits");
    match caller.simulate("pulling", &call).await {
        Ok(_) => Ok(Some(call)),
        Err(_) => {
            let text = format!("{} {symbol} of it cannot be moved now", short(due));
            caller.shell.note(text);
            Ok(None)
        }
    }
}

async fn status(asset: &str, accounts: &[String], chain: &ChainArgs, shell: Shell) -> Result {
    let client = Client::open(chain).await?;
    let (symbol, asset) = client.asset(asset)?;
    let now = client.now().await?;
    let (exits, vault) = (client.address("exits")?, client.address("vault")?);
    let pocket = now.ask(exits, IExits::pocketCall { asset }).await?;
    let due = IVault::dueToCall { asset, sink: exits };
    let mut status = Status {
        asset: symbol,
        root: pocket.root,
        shares: Wei(pocket.shares),
        received: Wei(pocket.received),
        paid: Wei(pocket.paid),
        due: Wei(now.ask(vault, due).await?),
        accounts: Vec::new(),
    };
    for text in accounts {
        let account = client.party(text)?;
        let call = IExits::pocketTakenCall { asset, account };
        status.accounts.push(Taken {
            account,
            taken: Wei(now.ask(exits, call).await?),
        });
    }
    shell.result(&status, |status| {
        let mut text = format!("{}\n\n", bold(format!("Pocket of {}", status.asset)));
        let root = if status.root.is_zero() {
            "not named yet".to_owned()
        } else {
            format!("{}, of {} shares", status.root, exact(status.shares.0))
        };
        for (name, value) in [
            ("root", root),
            ("in the vault", short(status.due.0)),
            ("came in", short(status.received.0)),
            ("was paid", short(status.paid.0)),
        ] {
            text += &format!("  {name:<13} {value}\n");
        }
        for taken in &status.accounts {
            let name = client.label(taken.account);
            text += &format!("  {name:<13} took {}\n", short(taken.taken.0));
        }
        text
    })
}
