//! `weir redeem`: shares out at once, for one asset, at a fee.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IVault};

use crate::amount::{Amount, exact, rate, short};
use crate::commands::exit::too_few;
use crate::failure::Result;
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Change, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Priced at the floor rate, as if every undecided slash were executed, less a fee that grows with what left today.

Examples:
  weir redeem 1.5 wsteth --from alice
  weir redeem all weth --from bob --dry-run")]
pub struct Args {
    /// How many shares: 1.5, 1500000000000000000wei, or all
    shares: Amount,
    /// The asset to be paid in, by symbol or address
    asset: String,
    /// Who is paid; the sender if left out
    #[arg(long, value_name = "ACCOUNT")]
    receiver: Option<String>,
    /// Least amount to accept, below what is expected now, in basis points
    #[arg(long, value_name = "BPS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=10_000))]
    slippage_bps: u64,
    #[command(flatten)]
    send: SendArgs,
}

#[derive(Debug, Serialize)]
struct Redeemed {
    asset: String,
    shares: Wei,
    receiver: Address,
    amount: Wei,
    fee: Wei,
    set_aside: Wei,
    floor_rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    let (symbol, token) = client.asset(&args.asset)?;
    let (vault, account) = (client.address("vault")?, caller.address());
    let receiver = match &args.receiver {
        Some(text) => client.account(text)?,
        None => account,
    };
    let now = client.now().await?;
    let balance = now
        .ask(client.address("lrt")?, IErc20::balanceOfCall { account })
        .await?;
    let shares = args.shares.of(balance);
    if shares > balance || shares.is_zero() {
        return Err(too_few(&caller, shares, balance));
    }
    let state = now.ask(vault, IVault::stateCall {}).await?;
    let doing = format!("redeeming {} shares for {symbol}", exact(shares));
    let preview = now
        .ask_for(
            &doing,
            vault,
            IVault::previewRedeemCall {
                asset: token,
                shares,
            },
        )
        .await?;
    let least = less(preview.amount, args.slippage_bps);
    let deadline = now.deadline();
    let call = Call::new(
        vault,
        IVault::redeemCall {
            asset: token,
            shares,
            receiver,
            minAmount: least,
            deadline,
        },
    )
    .arg("asset", &symbol)
    .arg("shares", exact(shares))
    .arg("receiver", client.name_of(receiver))
    .arg("minAmount", exact(least));
    let amount = caller.simulate(&doing, &call).await?;
    let mut outcome = Redeemed {
        asset: symbol.clone(),
        shares: Wei(shares),
        receiver,
        amount: Wei(amount),
        fee: Wei(preview.fee),
        set_aside: Wei(U256::ZERO),
        floor_rate_wad: Wei(state.floorRateWad),
        mined: None,
    };
    if caller.is_dry_run() {
        let had = now
            .ask(token, IErc20::balanceOfCall { account: receiver })
            .await?;
        let changes = [
            Change::down(format!("shares of {}", caller.name()), balance, shares),
            Change::up(
                format!("{symbol} of {}", client.name_of(receiver)),
                had,
                amount,
            ),
        ];
        let sentence = format!(
            "  it would pay {} {symbol}, after a fee of {}, at a floor rate of {} ETH a share",
            short(amount),
            short(preview.fee),
            rate(state.floorRateWad)
        );
        return caller.show_trial(&[call.text(client)], &outcome, &sentence, &changes);
    }
    let receipt = caller.send(&doing, &call).await?;
    if let Some(event) = event::<IVault::Redeemed>(&receipt, vault) {
        outcome.amount = Wei(event.amount);
        outcome.fee = Wei(event.fee);
        outcome.set_aside = Wei(event.setAside);
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        format!(
            "redeemed {} shares for {} {symbol}, after a fee of {}\n{}",
            exact(shares),
            short(outcome.amount.0),
            short(outcome.fee.0),
            mined.line()
        )
    })
}

/// `amount` less so many basis points, rounded down.
pub fn less(amount: U256, bps: u64) -> U256 {
    const BPS: u64 = 10_000;
    amount.saturating_mul(U256::from(BPS.saturating_sub(bps))) / U256::from(BPS)
}
