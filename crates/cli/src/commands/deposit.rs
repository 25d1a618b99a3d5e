//! `weir deposit`: an asset in, shares out.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IVault};

use crate::amount::{Amount, exact, rate, short};
use crate::commands::redeem::less;
use crate::commands::zap::{self, Raw};
use crate::connect::Moment;
use crate::failure::{Code, Failure, Result};
use crate::json::Wei;
use crate::permit::{self, Permit};
use crate::shell::Shell;
use crate::transact::{Call, Caller, Change, Mined, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  weir deposit 1.5 wsteth --from alice
  weir deposit all weth --from bob --dry-run
  weir deposit 2 eth --from carol
  weir deposit 10 reth --keystore key.json --rpc https://… --book weir.json")]
pub struct Args {
    /// How much: 1.5, 1500000000000000000wei, or all
    pub(super) amount: Amount,
    /// The asset, by symbol or address; eth and steth are wrapped on the way in
    asset: String,
    /// Who gets the shares; the sender if left out
    #[arg(long, value_name = "ACCOUNT")]
    pub(super) receiver: Option<String>,
    /// Least shares to accept, below what is expected now, in basis points
    #[arg(long, value_name = "BPS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=10_000))]
    pub(super) slippage_bps: u64,
    #[command(flatten)]
    send: SendArgs,
}

/// What a deposit did, or would do.
#[derive(Debug, Serialize)]
struct Deposited {
    asset: String,
    amount: Wei,
    receiver: Address,
    shares: Wei,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Wei>,
    rate_wad: Wei,
    /// `allowance` that was there, `permit` signed with the deposit, or `approval` sent before it.
    spending: &'static str,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// How the vault may take the tokens.
enum Spending {
    Allowance,
    Permit(Permit),
    Approval,
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    let caller = Caller::open(&args.send, shell).await?;
    let client = &caller.client;
    if let Some(raw) = Raw::find(&args.asset, client) {
        return zap::run(&args, raw, &caller, shell).await;
    }
    let (symbol, token) = client.asset(&args.asset)?;
    let (vault, account) = (client.address("vault")?, caller.address());
    let receiver = match &args.receiver {
        Some(text) => client.account(text)?,
        None => account,
    };

    let now = client.now().await?;
    let balance = now.ask(token, IErc20::balanceOfCall { account }).await?;
    let amount = args.amount.of(balance);
    if amount > balance || amount.is_zero() {
        return Err(not_enough(&caller, &symbol, amount, balance));
    }
    let doing = format!("depositing {} {symbol}", exact(amount));
    let expected = now
        .ask_for(
            &doing,
            vault,
            IVault::previewDepositCall {
                asset: token,
                amount,
            },
        )
        .await?;
    let state = now.ask(vault, IVault::stateCall {}).await?;
    let deadline = now.deadline();
    let spending = spending(&now, &caller, token, vault, amount, deadline).await?;

    let deposit = Call::new(
        vault,
        IVault::depositCall {
            asset: token,
            amount,
            receiver,
            minShares: less(expected, args.slippage_bps),
            minFloorRate: less(state.floorRateWad, args.slippage_bps),
            deadline,
        },
    )
    .arg("asset", &symbol)
    .arg("amount", exact(amount))
    .arg("receiver", client.name_of(receiver))
    .arg("minShares", exact(less(expected, args.slippage_bps)))
    .arg(
        "minFloorRate",
        rate(less(state.floorRateWad, args.slippage_bps)),
    );

    let mut outcome = Deposited {
        asset: symbol.clone(),
        amount: Wei(amount),
        receiver,
        shares: Wei(expected),
        value: None,
        rate_wad: Wei(state.rateWad),
        spending: match spending {
            Spending::Allowance => "allowance",
            Spending::Permit(_) => "permit",
            Spending::Approval => "approval",
        },
        mined: None,
    };

    if caller.is_dry_run() {
        return try_out(&caller, &now, &symbol, &spending, &deposit, &doing, outcome).await;
    }
    let receipt = match &spending {
        Spending::Allowance => caller.send(&doing, &deposit).await?,
        Spending::Permit(permit) => {
            shell.note(format!(
                "signing a permit for the vault to take {} {symbol}",
                exact(amount)
            ));
            caller.send(&doing, &permitted(&deposit, permit)).await?
        }
        Spending::Approval => {
            shell.note(format!(
                "{symbol} takes no permits: sending an approval of {} first",
                exact(amount)
            ));
            caller
                .send(
                    &format!("approving {symbol}"),
                    &approval(token, vault, amount),
                )
                .await?;
            caller.send(&doing, &deposit).await?
        }
    };
    if let Some(event) = event::<IVault::Deposited>(&receipt, vault) {
        outcome.shares = Wei(event.shares);
        outcome.value = Some(Wei(event.value));
    }
    let mined = caller.mined(&receipt);
    outcome.mined = Some(mined);
    shell.result(&outcome, |outcome| {
        let shares = short(outcome.shares.0);
        format!(
            "deposited {} {symbol} for {shares} shares\n{}",
            exact(amount),
            mined.line()
        )
    })
}

async fn spending(
    now: &Moment<'_>,
    caller: &Caller,
    token: Address,
    vault: Address,
    amount: U256,
    deadline: U256,
) -> Result<Spending> {
    let owner = caller.address();
    let allowance = now
        .ask(
            token,
            IErc20::allowanceCall {
                owner,
                spender: vault,
            },
        )
        .await?;
    if allowance >= amount {
        return Ok(Spending::Allowance);
    }
    let permit = permit::sign(now, caller.signer(), token, vault, amount, deadline).await?;
    Ok(permit.map_or(Spending::Approval, Spending::Permit))
}

fn permitted(
    deposit: &Call<IVault::depositCall>,
    permit: &Permit,
) -> Call<IVault::depositWithPermitCall> {
    deposit.clone().map(|call| IVault::depositWithPermitCall {
        asset: call.asset,
        amount: call.amount,
        receiver: call.receiver,
        minShares: call.minShares,
        minFloorRate: call.minFloorRate,
        deadline: call.deadline,
        v: permit.v,
        r: permit.r,
        s: permit.s,
    })
}

fn approval(token: Address, vault: Address, amount: U256) -> Call<IErc20::approveCall> {
    Call::new(
        token,
        IErc20::approveCall {
            spender: vault,
            value: amount,
        },
    )
    .arg("spender", "vault")
    .arg("value", exact(amount))
}

async fn try_out(
    caller: &Caller,
    now: &Moment<'_>,
    symbol: &str,
    spending: &Spending,
    deposit: &Call<IVault::depositCall>,
    doing: &str,
    mut outcome: Deposited,
) -> Result {
    let client = &caller.client;
    let (token, amount) = (client.asset(symbol)?.1, outcome.amount.0);
    let calls = match spending {
        Spending::Allowance => {
            outcome.shares = Wei(caller.simulate(doing, deposit).await?);
            vec![deposit.text(client)]
        }
        Spending::Permit(permit) => {
            let call = permitted(deposit, permit);
            outcome.shares = Wei(caller.simulate(doing, &call).await?);
            vec![call.text(client)]
        }
        // The deposit itself can only be tried once the approval is mined; the preview has told what it gives.
        Spending::Approval => {
            let approve = approval(token, client.address("vault")?, amount);
            caller
                .simulate(&format!("approving {symbol}"), &approve)
                .await?;
            vec![approve.text(client), deposit.text(client)]
        }
    };
    let account = outcome.receiver;
    let shares = now
        .ask(client.address("lrt")?, IErc20::balanceOfCall { account })
        .await?;
    let balance = now
        .ask(
            token,
            IErc20::balanceOfCall {
                account: caller.address(),
            },
        )
        .await?;
    let changes = [
        Change::down(format!("{symbol} of {}", caller.name()), balance, amount),
        Change::up(
            format!("shares of {}", client.name_of(account)),
            shares,
            outcome.shares.0,
        ),
    ];
    let sentence = format!(
        "  {} {symbol} would give {} shares, at {} ETH a share",
        exact(amount),
        short(outcome.shares.0),
        rate(outcome.rate_wad.0)
    );
    caller.show_trial(&calls, &outcome, &sentence, &changes)
}

pub(super) fn not_enough(caller: &Caller, symbol: &str, amount: U256, balance: U256) -> Failure {
    let name = caller.name();
    if amount.is_zero() && !balance.is_zero() {
        return Failure::usage("the amount is zero");
    }
    let failure = Failure::new(
        Code::Refused,
        format!("cannot deposit {} {symbol}", exact(amount)),
    );
    if balance.is_zero() {
        return failure
            .because(format!("{name} has no {symbol}"))
            .next(format!("weir status {name}"));
    }
    failure
        .because(format!("{name} has {} {symbol}", exact(balance)))
        .next(format!("weir deposit all {symbol}"))
}
