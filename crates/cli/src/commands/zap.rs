//! `weir deposit` of ether and of rebasing stETH: the zap wraps them on the way in.

use alloy::primitives::{Address, U256};
use serde::Serialize;
use weir_abi::{IErc20, IVault, IWsteth, IZap};

use super::deposit::{Args, not_enough};
use super::redeem::less;
use crate::amount::{exact, rate, short};
use crate::connect::{Client, Moment};
use crate::failure::{Failure, Result};
use crate::json::Wei;
use crate::shell::Shell;
use crate::transact::{Call, Caller, Change, Mined, event};

/// Kept of somebody's last ether, to pay for gas.
const GAS_MONEY_WEI: u64 = 10_000_000_000_000_000;

/// What the zap wraps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw {
    /// Into WETH.
    Ether,
    /// Into wstETH.
    Steth,
}

impl Raw {
    /// What a text means, unless an asset of the vault has that name.
    pub fn find(text: &str, client: &Client) -> Option<Self> {
        if client.asset(text).is_ok() {
            return None;
        }
        match text.to_ascii_lowercase().as_str() {
            "eth" | "ether" => Some(Self::Ether),
            "steth" => Some(Self::Steth),
            _ => None,
        }
    }

    const fn symbol(self) -> &'static str {
        match self {
            Self::Ether => "ETH",
            Self::Steth => "stETH",
        }
    }
}

/// What a deposit through the zap did, or would do.
#[derive(Debug, Serialize)]
struct Zapped {
    asset: &'static str,
    wrapped_into: String,
    amount: Wei,
    receiver: Address,
    shares: Wei,
    rate_wad: Wei,
    #[serde(skip_serializing_if = "Option::is_none", flatten)]
    mined: Option<Mined>,
}

/// Runs the command for an amount of `raw`.
pub async fn run(args: &Args, raw: Raw, caller: &Caller, shell: Shell) -> Result {
    let client = &caller.client;
    let (vault, zap, account) = (
        client.address("vault")?,
        client.address("zap")?,
        caller.address(),
    );
    let receiver = match &args.receiver {
        Some(text) => client.account(text)?,
        None => account,
    };
    let now = client.now().await?;
    let wiring = now.ask(zap, IZap::wiringCall {}).await?;
    let wrapper = match raw {
        Raw::Ether => wiring.weth,
        Raw::Steth => wiring.wsteth,
    };
    let symbol = raw.symbol();
    if wrapper.is_zero() {
        return Err(Failure::usage(format!(
            "the vault takes no {symbol}, not even wrapped"
        )));
    }
    let balance = match raw {
        Raw::Ether => now.eth_balance(account).await?,
        Raw::Steth => {
            now.ask(wiring.steth, IErc20::balanceOfCall { account })
                .await?
        }
    };
    let spendable = match raw {
        Raw::Ether => balance.saturating_sub(U256::from(GAS_MONEY_WEI)),
        Raw::Steth => balance,
    };
    let amount = args.amount.of(spendable);
    if amount > spendable || amount.is_zero() {
        return Err(not_enough(caller, symbol, amount, spendable));
    }
    let expected = expected(&now, raw, vault, wrapper, amount).await?;
    let state = now.ask(vault, IVault::stateCall {}).await?;
    let min_shares = less(expected, args.slippage_bps);
    let min_floor_rate = less(state.floorRateWad, args.slippage_bps);
    let deadline = now.deadline();
    let mut outcome = Zapped {
        asset: symbol,
        wrapped_into: client.name_of(wrapper),
        amount: Wei(amount),
        receiver,
        shares: Wei(expected),
        rate_wad: Wei(state.rateWad),
        mined: None,
    };

    let doing = format!("depositing {} {symbol}", exact(amount));
    let receipt = match raw {
        Raw::Ether => {
            let call = IZap::depositEtherCall {
                receiver,
                minShares: min_shares,
                minFloorRate: min_floor_rate,
                deadline,
            };
            let call = Call::new(zap, call)
                .value(amount)
                .arg("receiver", client.name_of(receiver))
                .arg("minShares", exact(min_shares))
                .arg("minFloorRate", rate(min_floor_rate));
            outcome.shares = Wei(caller.simulate(&doing, &call).await?);
            if caller.is_dry_run() {
                let change = Change::down(format!("ETH of {}", caller.name()), balance, amount);
                return show(caller, vec![call.text(client)], &outcome, change);
            }
            caller.send(&doing, &call).await?
        }
        Raw::Steth => {
            let approve = IErc20::approveCall {
                spender: zap,
                value: amount,
            };
            let approve = Call::new(wiring.steth, approve)
                .arg("spender", "zap")
                .arg("value", exact(amount));
            let call = IZap::depositStethCall {
                amount,
                receiver,
                minShares: min_shares,
                minFloorRate: min_floor_rate,
                deadline,
            };
            let call = Call::new(zap, call)
                .arg("amount", exact(amount))
                .arg("receiver", client.name_of(receiver))
                .arg("minShares", exact(min_shares))
                .arg("minFloorRate", rate(min_floor_rate));
            if caller.is_dry_run() {
                caller.simulate("approving stETH", &approve).await?;
                let calls = vec![approve.text(client), call.text(client)];
                let change = Change::down(format!("stETH of {}", caller.name()), balance, amount);
                return show(caller, calls, &outcome, change);
            }
            shell.note(format!("approving the zap to take {} stETH", exact(amount)));
            caller.send("approving stETH", &approve).await?;
            caller.send(&doing, &call).await?
        }
    };
    if let Some(event) = event::<IZap::Zapped>(&receipt, zap) {
        outcome.shares = Wei(event.shares);
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

/// Shares that the wrapped amount would buy now.
async fn expected(
    now: &Moment<'_>,
    raw: Raw,
    vault: Address,
    wrapper: Address,
    amount: U256,
) -> Result<U256> {
    let amount = match raw {
        Raw::Ether => amount,
        Raw::Steth => {
            let call = IWsteth::getWstETHByStETHCall {
                stEthAmount: amount,
            };
            now.ask(wrapper, call).await?
        }
    };
    let preview = IVault::previewDepositCall {
        asset: wrapper,
        amount,
    };
    now.ask_for("quoting the deposit", vault, preview).await
}

fn show(
    caller: &Caller,
    calls: Vec<crate::transact::CallText>,
    outcome: &Zapped,
    change: Change,
) -> Result {
    let sentence = format!(
        "  {} {} would give {} shares, at {} ETH a share",
        exact(outcome.amount.0),
        outcome.asset,
        short(outcome.shares.0),
        rate(outcome.rate_wad.0)
    );
    caller.show_trial(&calls, outcome, &sentence, &[change])
}
