//! What a plan costs, before anything is sent.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};
use alloy::providers::Provider;

use crate::arb_wasm;
use crate::error::{DeployError, failed};
use crate::run::Deployment;
use crate::steps::{self, Context, Fact, Step};

/// Sent with an activation, over what the trial says: the fee moves with the chain's use. The rest comes back.
const DATA_FEE_MARGIN_PERCENT: u64 = 20;
/// Where an endpoint cannot try an activation before the code is there, this much is sent; the rest comes back. Well
/// above what activation of 24 KiB of code costs on Arbitrum One (about 0.0001 ETH).
pub(crate) const DATA_FEE_GUESS_WEI: u64 = 2_000_000_000_000_000;
/// Gas of an activation, where the endpoint cannot try it.
pub(crate) const ACTIVATION_GAS_BOUND: u64 = 15_000_000;
/// Gas of any other call of a plan, which cannot be tried before the contracts stand.
const CALL_GAS_BOUND: u64 = 500_000;
/// The account must hold this much more than the estimate: prices move while a deployment runs.
const RESERVE_PERCENT: u64 = 25;

/// What one step costs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StepCost {
    /// Its name.
    pub step: String,
    /// Who pays.
    pub sender: Address,
    /// Gas: found by a trial where one is possible before earlier steps are mined, else an upper bound.
    pub gas: u64,
    /// Fee of activation beside gas, wei.
    pub data_fee_wei: U256,
}

/// What the steps that are left cost.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Cost {
    /// Each step.
    pub steps: Vec<StepCost>,
    /// Price of gas now, wei.
    pub gas_price_wei: u128,
    /// What each account pays, wei.
    pub by_sender: BTreeMap<Address, U256>,
}

impl Cost {
    /// Gas of all steps.
    pub fn gas(&self) -> u64 {
        self.steps.iter().map(|step| step.gas).sum()
    }

    /// Fees of all activations, wei.
    pub fn data_fee_wei(&self) -> U256 {
        self.steps.iter().map(|step| step.data_fee_wei).sum()
    }

    /// Everything, wei.
    pub fn total_wei(&self) -> U256 {
        self.by_sender.values().copied().sum()
    }
}

impl Deployment {
    /// What the steps that are not in the book cost, at the present price of gas.
    ///
    /// # Errors
    /// The chain did not answer, or refuses to create a contract.
    pub async fn estimate(&self) -> Result<Cost, DeployError> {
        let ctx = self.context();
        let gas_price_wei = self
            .provider
            .get_gas_price()
            .await
            .map_err(failed("read the gas price"))?;
        let mut costs = Vec::new();
        let mut by_sender: BTreeMap<Address, U256> = BTreeMap::new();
        let pairs = steps::steps(&self.plan).into_iter().zip(self.steps());
        for (step, (id, done)) in pairs {
            if done {
                continue;
            }
            let sender = step.sender(&self.plan, self.signers.deployer());
            let (gas, data_fee_wei) = step_cost(&ctx, &step, sender).await?;
            let wei = U256::from(gas)
                .saturating_mul(U256::from(gas_price_wei))
                .saturating_add(data_fee_wei);
            let sum = by_sender.entry(sender).or_default();
            *sum = sum.saturating_add(wei);
            costs.push(StepCost {
                step: id,
                sender,
                gas,
                data_fee_wei,
            });
        }
        Ok(Cost {
            steps: costs,
            gas_price_wei,
            by_sender,
        })
    }

    /// Checks that every account whose key is here can pay its steps, with a reserve for moving prices.
    ///
    /// # Errors
    /// The first account that cannot, with what it lacks.
    pub async fn check_funds(&self, cost: &Cost) -> Result<(), DeployError> {
        for (account, wei) in &cost.by_sender {
            if !self.signers.has(*account) {
                continue;
            }
            let needed = with_percent(*wei, RESERVE_PERCENT);
            let balance = self
                .provider
                .get_balance(*account)
                .await
                .map_err(failed("read a balance"))?;
            if balance < needed {
                return Err(DeployError::InsufficientFunds {
                    account: *account,
                    balance,
                    needed,
                });
            }
        }
        Ok(())
    }
}

async fn step_cost(
    ctx: &Context<'_>,
    step: &Step,
    sender: Address,
) -> Result<(u64, U256), DeployError> {
    match step {
        Step::Create(name) => {
            let request = step.call(ctx, U256::ZERO)?.request(sender);
            let gas = ctx.provider.estimate_gas(request).await;
            Ok((
                gas.map_err(failed(format!("estimate the gas of creating `{name}`")))?,
                U256::ZERO,
            ))
        }
        Step::Activate(name) => {
            if step.facts(ctx).await?.iter().all(Fact::holds) {
                return Ok((0, U256::ZERO));
            }
            let code = steps::artifact(ctx.plan, name)?.code;
            let trying = || failed(format!("try the activation of `{name}`"));
            let fee = arb_wasm::activation_data_fee(ctx.provider, sender, code)
                .await
                .map_err(trying())?;
            let gas = arb_wasm::activation_gas(ctx.provider, sender, code)
                .await
                .map_err(trying())?;
            Ok((
                gas.unwrap_or(ACTIVATION_GAS_BOUND),
                fee.unwrap_or(U256::from(DATA_FEE_GUESS_WEI)),
            ))
        }
        _ => Ok((CALL_GAS_BOUND, U256::ZERO)),
    }
}

/// What to send with an activation for its data fee.
pub(crate) async fn data_fee_to_send(ctx: &Context<'_>, name: &str) -> Result<U256, DeployError> {
    let code = steps::artifact(ctx.plan, name)?.code;
    let fee = arb_wasm::activation_data_fee(ctx.provider, ctx.book.deployer, code).await;
    let fee = fee.map_err(failed(format!("try the activation of `{name}`")))?;
    Ok(fee.map_or(U256::from(DATA_FEE_GUESS_WEI), |fee| {
        with_percent(fee, DATA_FEE_MARGIN_PERCENT)
    }))
}

fn with_percent(amount: U256, percent: u64) -> U256 {
    let more = amount.saturating_mul(U256::from(percent)) / U256::from(100);
    amount.saturating_add(more)
}
