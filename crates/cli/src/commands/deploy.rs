//! `weir deploy`: a plan onto a chain, step by step, resumable, and checked at the end.

use std::path::PathBuf;
use std::{fs, io::IsTerminal as _};

use alloy::primitives::{Address, U256};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use weir_deployment::amount::group_thousands;
use weir_deployment::plan::EXAMPLE;
use weir_deployment::steps::Fact;
use weir_deployment::{
    BookStore, Cost, DeployError, Deployment, Outstanding, Plan, Progress, Signers, verify,
};

use crate::accounts::SignerArgs;
use crate::amount::{exact, short};
use crate::connect::{DEFAULT_RPC, connect};
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::shell::{Shell, bold, faint};
use crate::site::Dev;
use crate::table::Sheet;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A run that stops on the way is continued by the same command: the address book knows what was done and what was sent. \
At the end every parameter and code hash is read back from the chain and compared with the plan.

Examples:
  weir deploy --print-plan > plan.toml
  weir deploy --plan plan.toml --rpc https://… --keystore key.json --dry-run
  weir deploy --plan plan.toml --rpc https://… --keystore key.json
  weir deploy --plan plan.toml --from governor --yes   on `weir up --bare`")]
pub struct Args {
    /// Print a commented plan to start from, and do nothing else
    #[arg(long)]
    print_plan: bool,
    /// The plan (TOML)
    #[arg(long, value_name = "FILE", required_unless_present = "print_plan")]
    plan: Option<PathBuf>,
    /// RPC endpoint of the chain
    #[arg(long, value_name = "URL", env = "WEIR_RPC", default_value = DEFAULT_RPC)]
    rpc: String,
    /// Address book to keep; beside the plan if left out (plan.toml → plan.book.json)
    #[arg(long, value_name = "FILE", env = "WEIR_BOOK")]
    book: Option<PathBuf>,
    /// Send without asking
    #[arg(long, short)]
    yes: bool,
    /// Show the plan and its cost, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Further development accounts that sign their own steps (an operator, the governor)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    also: Vec<String>,
    #[command(flatten)]
    signer: SignerArgs,
}

/// What a deployment did, or would do.
#[derive(Debug, Serialize)]
struct Deployed {
    dry_run: bool,
    chain_id: u64,
    deployer: Address,
    book: PathBuf,
    complete: bool,
    cost: CostReport,
    contracts: Vec<Contract>,
    /// Steps that others must send.
    outstanding: Vec<Outstanding>,
    /// How many values were read back, and those that are not as the plan says.
    checked: usize,
    differences: Vec<Fact>,
}

#[derive(Debug, Serialize)]
struct Contract {
    name: String,
    address: Address,
}

#[derive(Debug, Serialize)]
struct CostReport {
    steps: usize,
    gas: u64,
    gas_price_wei: Wei,
    data_fee_wei: Wei,
    total_wei: Wei,
}

impl CostReport {
    fn new(cost: &Cost) -> Self {
        Self {
            steps: cost.steps.len(),
            gas: cost.gas(),
            gas_price_wei: Wei(U256::from(cost.gas_price_wei)),
            data_fee_wei: Wei(cost.data_fee_wei()),
            total_wei: Wei(cost.total_wei()),
        }
    }
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    if args.print_plan {
        return shell.print(EXAMPLE);
    }
    let path = args.plan.clone().unwrap_or_default();
    let plan = read_plan(&path)?;
    let (provider, chain_id) = connect(&args.rpc).await?;
    let signers = signers(&args)?;
    let deployer = signers.deployer();
    let book = args
        .book
        .clone()
        .unwrap_or_else(|| path.with_extension("book.json"));
    let opened = Deployment::open(
        provider.clone(),
        plan.clone(),
        signers,
        BookStore::file(&book),
    )
    .await;
    let mut deployment = opened.map_err(|error| failure(error, &book))?;

    shell.note(format!(
        "asking the chain at {} what it costs ...",
        args.rpc
    ));
    let cost = deployment
        .estimate()
        .await
        .map_err(|error| failure(error, &book))?;
    let asks = !args.yes && !args.dry_run && !deployment.book().complete;
    let plan_text = summary(&args, chain_id, deployer, &deployment, &cost);
    if asks {
        // A question without its subject is none, so this is shown however quiet the run.
        eprintln!("{plan_text}");
    } else {
        shell.note(plan_text);
    }
    deployment
        .check_funds(&cost)
        .await
        .map_err(|error| failure(error, &book))?;
    let mut outcome = Deployed {
        dry_run: args.dry_run,
        chain_id,
        deployer,
        book: book.clone(),
        complete: deployment.book().complete,
        cost: CostReport::new(&cost),
        contracts: Vec::new(),
        outstanding: Vec::new(),
        checked: 0,
        differences: Vec::new(),
    };
    if args.dry_run {
        return shell.result(&outcome, |_| faint("dry run: nothing was sent") + "\n");
    }
    if asks && !shell.confirm("Send these transactions?", "--yes")? {
        return Err(
            Failure::new(Code::Unfinished, "nothing was sent").because("the answer was not yes")
        );
    }
    let bar = Bar::new(shell);
    let run = deployment.run(|progress| bar.tell(&progress)).await;
    bar.end();
    outcome.outstanding = run.map_err(|error| failure(error, &book))?.outstanding;
    outcome.complete = deployment.book().complete;
    let contracts = deployment.book().contracts.iter();
    outcome.contracts = contracts
        .map(|(name, c)| Contract {
            name: name.clone(),
            address: c.address,
        })
        .collect();

    let facts = verify(&provider, &plan, deployment.book())
        .await
        .map_err(|error| failure(error, &book))?;
    outcome.checked = facts.len();
    outcome.differences = facts.into_iter().filter(|fact| !fact.holds()).collect();
    shell.result(&outcome, text)?;
    if !outcome.outstanding.is_empty() {
        return Err(Failure::new(
            Code::Unfinished,
            format!("{} steps wait for others", outcome.outstanding.len()),
        )
        .next("run the same command again once they are sent"));
    }
    if !outcome.differences.is_empty() {
        return Err(Failure::new(Code::Mismatch, "the chain is not as the plan says")
            .because("somebody with a role changed it since, or the plan is not the one it was deployed from"));
    }
    Ok(())
}

fn read_plan(path: &std::path::Path) -> Result<Plan> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::usage(format!("cannot read the plan {}", path.display()))
            .because(error)
            .next("weir deploy --print-plan > plan.toml writes one to start from")
    })?;
    Plan::from_toml(&text).map_err(|error| {
        Failure::usage(format!("the plan {} cannot be deployed", path.display())).because(error)
    })
}

/// The keys to sign with. Names of development accounts are taken as those of the phrase that all development chains share.
fn signers(args: &Args) -> Result<Signers> {
    let dev = Dev::Mnemonic(weir_chain::TEST_MNEMONIC.to_owned()).accounts();
    let mut signers = Signers::new(args.signer.signer(Some(&dev))?);
    for name in &args.also {
        let also = SignerArgs {
            from: Some(name.clone()),
            ..SignerArgs::default()
        };
        signers = signers.with(also.signer(Some(&dev))?);
    }
    Ok(signers)
}

fn summary(
    args: &Args,
    chain_id: u64,
    deployer: Address,
    deployment: &Deployment,
    cost: &Cost,
) -> String {
    let steps = deployment.steps();
    let done = steps.iter().filter(|(_, done)| *done).count();
    let mut text = format!(
        "{} on chain {chain_id} at {}, by {deployer}\n\n",
        bold_err("Plan"),
        args.rpc
    );
    if cost.steps.is_empty() {
        return text + &format!("  all {} steps are done\n", steps.len());
    }
    let mut sheet = Sheet::new(1, &["step", "gas", "activation fee in ETH"]);
    for step in &cost.steps {
        let fee = if step.data_fee_wei.is_zero() {
            "-".to_owned()
        } else {
            exact(step.data_fee_wei)
        };
        sheet.row([
            step.step.clone(),
            group_thousands(&step.gas.to_string()),
            fee,
        ]);
    }
    text += &sheet.text();
    if done > 0 {
        text += &format!("\n  {done} of {} steps are done already\n", steps.len());
    }
    let gwei = U256::from(cost.gas_price_wei).saturating_mul(U256::from(1_000_000_000));
    text += &format!(
        "\n  about {} gas at {} gwei and {} ETH for activation: {} ETH\n",
        group_thousands(&cost.gas().to_string()),
        exact(gwei),
        short(cost.data_fee_wei()),
        short(cost.total_wei()),
    );
    text
}

fn bold_err(text: &str) -> String {
    console::style(text).for_stderr().bold().to_string()
}

fn text(outcome: &Deployed) -> String {
    let mut text = format!("{}\n", bold("Contracts"));
    let names = outcome.contracts.iter().map(|contract| contract.name.len());
    let widest = names.max().unwrap_or_default();
    for contract in &outcome.contracts {
        text += &format!("  {:<widest$}  {}\n", contract.name, contract.address);
    }
    let book = outcome.book.display();
    text += &format!(
        "  {}\n",
        faint(format!("kept in {book}: weir status --book {book}"))
    );
    if !outcome.outstanding.is_empty() {
        text += &format!("\n{}\n", bold("Others must send"));
        for step in &outcome.outstanding {
            text += &format!(
                "  {}\n    from {}\n    to   {}\n    data {}\n",
                step.step, step.sender, step.to, step.data
            );
        }
    }
    let good = outcome.checked - outcome.differences.len();
    text += &format!(
        "\n{good} of {} values on the chain are as the plan says\n",
        outcome.checked
    );
    for fact in &outcome.differences {
        text += &format!(
            "  {}: expected {}, found {}\n",
            fact.name, fact.expected, fact.found
        );
    }
    text
}

fn failure(error: DeployError, book: &std::path::Path) -> Failure {
    let again = format!(
        "run the same command again: it continues from {}",
        book.display()
    );
    let code = match &error {
        DeployError::Plan(_) => Code::Usage,
        DeployError::Refused { .. }
        | DeployError::Reverted { .. }
        | DeployError::NoEffect { .. } => Code::Refused,
        DeployError::NotStylus { .. } | DeployError::OtherChain { .. } => Code::NoChain,
        DeployError::Rpc { .. } | DeployError::NotMined { .. } => Code::Unfinished,
        _ => Code::Failed,
    };
    let failure = Failure::new(code, "the deployment stopped").because(&error);
    match error {
        DeployError::Rpc { .. } | DeployError::NotMined { .. } | DeployError::Reverted { .. } => {
            failure.next(again)
        }
        _ => failure,
    }
}

/// Progress on stderr: a bar on a terminal, lines elsewhere.
struct Bar {
    bar: Option<ProgressBar>,
    shell: Shell,
}

impl Bar {
    fn new(shell: Shell) -> Self {
        let wanted = !shell.quiet && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = ProgressBar::new(0);
            let style = ProgressStyle::with_template("  {pos:>3}/{len} {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self { bar, shell }
    }

    fn tell(&self, progress: &Progress) {
        match (progress, &self.bar) {
            (
                Progress::Begin {
                    number,
                    count,
                    step,
                },
                Some(bar),
            ) => {
                bar.set_length(*count as u64);
                bar.set_position(*number as u64);
                bar.set_message(step.clone());
            }
            (
                Progress::Begin {
                    number,
                    count,
                    step,
                },
                None,
            ) => self.shell.note(format!("  {number:>3}/{count} {step}")),
            (Progress::Waiting { sender }, _) => {
                self.shell.note(format!("          waits for {sender}"))
            }
            (Progress::Sent { .. } | Progress::AlreadyDone, _) => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
