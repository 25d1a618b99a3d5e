//! A chain in this process with Weir on it, for `weir up` and `weir demo`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use alloy::providers::{DynProvider, Provider as _};
use alloy::signers::local::PrivateKeySigner;
use weir_chain::{Chain, Config};
use weir_deployment::{AddressBook, BookStore, DeployError, Deployment, Progress, devnet};

use crate::failure::{Code, Failure, Result};
use crate::site::cache_folder;

/// One step that a deployment took, and how long it took.
#[derive(Debug)]
pub struct StepTime {
    /// Its name.
    pub step: String,
    /// Gas it used; none if nothing had to be sent.
    pub gas_used: Option<u64>,
    /// How long it took.
    pub took: Duration,
}

/// Starts a chain.
///
/// # Errors
/// The phrase of the accounts is wrong, a state file cannot be read, or the system refuses a thread.
pub fn start(config: Config) -> Result<Chain> {
    Chain::start(config)
        .map_err(|error| Failure::new(Code::Failed, "cannot start the chain").because(error))
}

/// Where compiled contracts are kept between runs, so that the next start does not compile them again.
pub fn native_code_dir() -> Option<PathBuf> {
    Some(cache_folder()?.join("native"))
}

/// Deploys Weir with the devnet tokens, and gives the holders some, all at one moment: an increase of an allocation counts
/// for offences of the epochs that begin with it or later, so that a slash could not be filed in epoch 0 if time passed
/// between the start of the epochs and the allocation.
///
/// # Errors
/// A step failed.
pub async fn deploy(
    chain: &Chain,
    epoch_s: u64,
    mut tell: impl FnMut(StepTime),
) -> Result<AddressBook> {
    let accounts: &[PrivateKeySigner] = chain.accounts();
    let failed = |error: DeployError| {
        Failure::new(Code::Failed, "cannot deploy the contracts").because(error)
    };
    let plan = devnet::plan(accounts, epoch_s)
        .map_err(|error| Failure::usage("these lengths do not fit").because(error))?;
    let Some(signers) = devnet::signers(accounts) else {
        return Err(Failure::new(Code::Failed, "the chain has too few accounts"));
    };
    let provider = chain.provider();
    stop_time(&provider, true).await?;
    let opened = Deployment::open(provider.clone(), plan, signers, BookStore::memory()).await;
    let mut deployment = opened.map_err(failed)?.without_trials();
    let (mut begun, mut name) = (Instant::now(), String::new());
    let run = deployment.run(|progress| match progress {
        Progress::Begin { step, .. } => (begun, name) = (Instant::now(), step),
        Progress::Sent { gas_used, .. } => {
            let step = std::mem::take(&mut name);
            tell(StepTime {
                step,
                gas_used: Some(gas_used),
                took: begun.elapsed(),
            });
        }
        Progress::AlreadyDone | Progress::Waiting { .. } => {}
    });
    let _outcome = run.await.map_err(failed)?;
    let begun = Instant::now();
    devnet::fund(&provider, deployment.book(), accounts)
        .await
        .map_err(failed)?;
    tell(StepTime {
        step: format!("fund {}", devnet::NAMES[..devnet::HOLDERS].join(", ")),
        gas_used: None,
        took: begun.elapsed(),
    });
    stop_time(&provider, false).await?;
    Ok(deployment.book().clone())
}

/// Lets all blocks have the time of the last one, or lets time go on.
async fn stop_time(provider: &DynProvider, stops: bool) -> Result {
    let (method, interval_s) = if stops {
        ("anvil_setBlockTimestampInterval", &[0][..])
    } else {
        ("anvil_removeBlockTimestampInterval", &[][..])
    };
    let answer = provider.raw_request::<_, serde_json::Value>(method.into(), interval_s);
    answer.await.map(drop).map_err(|error| {
        Failure::new(Code::Failed, "cannot set the clock of the chain").because(error)
    })
}
