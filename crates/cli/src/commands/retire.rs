//! `weir retire`: ends a vault that has lost nearly all.

use serde::Serialize;
use weir_abi::IVault;

use crate::amount::rate;
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Mined, SendArgs};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A vault whose rate is under a millionth of its high-water mark may be ended by anybody, for good: it takes no more deposits and no more \
allocations, and pays exits as before.

Examples:
  weir retire --from bob --dry-run
  weir retire --from bob")]
pub struct Args {
    #[command(flatten)]
    send: SendArgs,
}

#[derive(Debug, Serialize)]
struct Ended {
    rate_wad: Wei,
    hwm_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let vault = client.address("vault")?;
    let now = client.now().await?;
    let (rate_wad, fees) = futures::try_join!(
        now.ask(vault, IVault::rateCall {}),
        now.ask(vault, IVault::performanceFeeCall {}),
    )?;
    let call = Call::new(vault, IVault::retireCall {});
    let doing = "ending the vault";
    caller.simulate(doing, &call).await?;
    let mut outcome = Ended {
        rate_wad: Wei(rate_wad),
        hwm_wad: Wei(fees.hwmWad),
        mined: None,
    };
    if caller.is_dry_run() {
        let sentence = "  the vault would end: exits alone go on";
        return caller.show_trial(&[call.text(client)], &outcome, sentence, &[]);
    }
    let receipt = caller.send(doing, &call).await?;
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "the vault has ended at a rate of {}, after {} at best: exits alone go on\n{}",
            rate(outcome.rate_wad.0),
            rate(outcome.hwm_wad.0),
            mined.line()
        )
    })
}
