//! What to deploy: contracts, roles, assets, services, operators and every parameter, read from TOML.
//!
//! A plan says everything that ends up on the chain, so that two people who run the same plan get the same protocol
//! and `verify` can compare the chain with it afterwards. [`EXAMPLE`] is a commented plan to start from.

mod check;
mod error;
mod locate;
mod values;

use alloy::primitives::{B256, keccak256};
use serde::{Deserialize, Serialize};

pub use error::PlanError;
pub use values::{Account, Amount, ContractRef, ViewCall};

/// A plan with comments that deploys Weir with the devnet tokens on a test chain.
pub const EXAMPLE: &str = include_str!("example.toml");

/// 100 %, in basis points.
pub const MAX_BPS: u64 = 10_000;

/// Everything that a deployment creates and sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The chain this plan is meant for; any if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_id: Option<u64>,
    /// The share token.
    pub token: TokenPlan,
    /// Who may do what.
    pub roles: RolesPlan,
    /// Epochs and idle target.
    pub vault: VaultPlan,
    /// The performance fee.
    pub fees: FeesPlan,
    /// Fee and limit of instant redemption.
    pub instant_exit: InstantExitPlan,
    /// How long an increase of an allocation waits.
    pub allocator: AllocatorPlan,
    /// What the zap wraps; it takes nothing if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zap: Option<ZapPlan>,
    /// What stands behind slashes.
    #[serde(default)]
    pub cover: CoverPlan,
    /// Assets in the vault's order.
    pub assets: Vec<AssetPlan>,
    /// Services that the vault secures.
    #[serde(default)]
    pub services: Vec<ServicePlan>,
    /// Operators that run them.
    #[serde(default)]
    pub operators: Vec<OperatorPlan>,
    /// Which part of the stake secures which service through which operator.
    #[serde(default)]
    pub allocations: Vec<AllocationPlan>,
}

/// Name and symbol of the share token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPlan {
    /// ERC-20 name.
    pub name: String,
    /// ERC-20 symbol.
    pub symbol: String,
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesPlan {
    /// Lists assets and sets parameters.
    pub governor: Account,
    /// Allocates stake to services and operators.
    pub curator: Account,
    /// Pauses deposits and instant exits for a time.
    pub guardian: Account,
}

/// Epochs and idle target of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultPlan {
    /// Start of epoch 0, Unix seconds; the time of the first run of the deployment if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub genesis_s: Option<u64>,
    /// Length of an epoch.
    pub epoch_s: u64,
    /// How long after the start of epoch e+2 stake unstaked in epoch e stays slashable; shorter than an epoch.
    pub grace_s: u64,
    /// Part of each asset kept idle for instant exits.
    pub idle_target_bps: u64,
}

/// The performance fee and who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeesPlan {
    /// Part of a gain above the high-water mark of the rate; it rises slowly after the deployment.
    pub performance_bps: u64,
    /// Has the fee shares that nobody below has.
    pub treasury: Account,
    /// Part of them that the members of cover have.
    #[serde(default)]
    pub cover_bps: u64,
    /// Part of them that operators have, by their stake.
    #[serde(default)]
    pub operators_bps: u64,
}

/// Marginal fee of instant redemption over the rolling net outflow: straight lines through three points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstantExitPlan {
    /// An outflow is forgotten linearly over this long.
    pub window_s: u64,
    /// Fee on the first wei of outflow.
    pub base_fee_bps: u64,
    /// Outflow at the kink of the curve, ETH of value.
    pub kink_outflow_eth: Amount,
    /// Marginal fee at the kink.
    pub kink_fee_bps: u64,
    /// Most net outflow, ETH of value.
    pub limit_outflow_eth: Amount,
    /// Marginal fee at the limit.
    pub limit_fee_bps: u64,
}

/// Delays of the allocator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocatorPlan {
    /// How long an increase waits before it counts.
    pub increase_delay_s: u64,
}

/// What the zap wraps: ether and rebasing stETH. Each must be an asset of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZapPlan {
    /// Wraps ether.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weth: Option<ContractRef>,
    /// Wraps stETH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wsteth: Option<ContractRef>,
}

/// What services stake on filings, and operators on their work; fixed for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoverPlan {
    /// What a filing stakes, as a part of the loss that it asks for.
    #[serde(default = "default_filing_stake_bps")]
    pub filing_stake_bps: u64,
    /// What an operator must have bonded, as a part of what it puts at risk.
    #[serde(default)]
    pub operator_bond_bps: u64,
}

/// A hundredth: it costs an honest service nothing, and one that files without reason something each time.
const fn default_filing_stake_bps() -> u64 {
    100
}

impl Default for CoverPlan {
    fn default() -> Self {
        Self {
            filing_stake_bps: default_filing_stake_bps(),
            operator_bond_bps: 0,
        }
    }
}

/// One asset of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetPlan {
    /// What people call it; names it in commands and in the address book.
    pub symbol: String,
    /// Its ERC-20 contract.
    pub token: ContractRef,
    /// Most that deposits may raise the vault's holding to, whole tokens.
    pub cap_tokens: Amount,
    /// Part of a deposit that buys no shares.
    #[serde(default)]
    pub deposit_fee_bps: u64,
    /// Where its value in ETH comes from; absent for an asset that is worth one ETH (WETH).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<RatePlan>,
    /// Market price below which deposits are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<GuardPlan>,
    /// Who may confirm a value out of bounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondPlan>,
}

impl AssetPlan {
    /// The name of its entry: of the contract that standard clients deposit it through.
    pub fn entry(&self) -> String {
        format!("entry-{}", self.symbol.to_lowercase())
    }
}

/// A rate source and how far its answer may move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatePlan {
    /// Contract that is asked.
    pub source: ContractRef,
    /// View without arguments that answers ETH per token, scaled by 1e18.
    pub call: ViewCall,
    /// Most that an accepted value may be under the last one.
    pub max_drop_bps: u64,
    /// Most that an accepted value may grow in a day.
    pub max_growth_per_day_bps: u64,
}

/// A market price source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardPlan {
    /// Contract that is asked.
    pub source: ContractRef,
    /// View without arguments that answers ETH per token, scaled by 1e18.
    pub call: ViewCall,
    /// How far under its rate an asset may trade before deposits are refused.
    pub margin_bps: u64,
}

/// A second source of a rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondPlan {
    /// Contract that is asked when the first source answers out of bounds.
    pub source: ContractRef,
    /// View without arguments that answers ETH per token, scaled by 1e18.
    pub call: ViewCall,
    /// How far the two may differ and still agree; at most 1,000.
    pub margin_bps: u64,
}

/// A service and the terms under which it may slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServicePlan {
    /// What people call it; names it in commands and in the address book.
    pub name: String,
    /// May file slash requests; absent where a contract does that the plan deploys for the service, under its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slasher: Option<Account>,
    /// May veto them.
    pub resolver: Account,
    /// Speaks for the service about its rewards; nobody if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward_manager: Option<Account>,
    /// To whom slashed assets go where a vault approves the resolver; they burn elsewhere.
    pub sink: Account,
    /// How long the resolver has before a request can be armed; shorter than an epoch.
    pub veto_window_s: u64,
    /// Most that may be slashed of one operator for one epoch of offence.
    pub max_slash_bps: u64,
    /// An attestation service: who signs two payloads at one height is slashed by whoever shows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attestation: Option<AttestationPlan>,
    /// A custody service: who does not answer for a chunk in time is slashed by whoever asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<CustodyPlan>,
}

impl ServicePlan {
    /// The program of the contract that files for the service; none if an account does.
    pub const fn program(&self) -> Option<&'static str> {
        match (&self.attestation, &self.custody) {
            (Some(_), _) => Some("attestation"),
            (None, Some(_)) => Some("custody"),
            (None, None) => None,
        }
    }
}

/// An attestation service. Heights begin with the vault's epochs, and its domain is the hash of its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttestationPlan {
    /// How long a height lasts.
    pub period_s: u64,
    /// Part of its stake that an equivocation costs an operator.
    pub slash_bps: u64,
    /// The view whose answer is reported; block hashes if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ValuesPlan>,
}

/// What the operators of an oracle report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValuesPlan {
    /// Contract that is asked.
    pub source: ContractRef,
    /// View without arguments that answers a number.
    pub call: ViewCall,
}

/// A custody service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustodyPlan {
    /// How long an operator has to answer; shorter than an epoch.
    pub answer_s: u64,
    /// Part of its stake that a lost blob costs an operator.
    pub slash_bps: u64,
    /// What the first open challenge of an operator costs.
    pub bond_eth: Amount,
}

/// An operator. It registers and opts in itself: its own key must sign these steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorPlan {
    /// What people call it; names it in commands and in the address book.
    pub name: String,
    /// The account that registers.
    pub account: Account,
    /// Address of the secp256k1 key it signs its work with; its account if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signer: Option<Account>,
}

/// A part of the vault's stake that secures one service through one operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllocationPlan {
    /// Name of the service.
    pub service: String,
    /// Name of the operator.
    pub operator: String,
    /// Part of the vault's stake.
    pub share_bps: u64,
}

impl Plan {
    /// Reads and checks a plan.
    ///
    /// # Errors
    /// The line, the value and what was expected, for the first thing that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let plan: Self =
            toml::from_str(text).map_err(|error| PlanError::from_toml(text, &error))?;
        plan.check().map_err(|fault| fault.locate(text))?;
        Ok(plan)
    }

    /// Checks what the types cannot: ranges, order and references between parts.
    ///
    /// # Errors
    /// The path of the first value that is wrong, the value, and what was expected.
    pub fn check(&self) -> Result<(), PlanError> {
        check::check(self)
    }

    /// The program of the contract of this name: that of the service or of an asset's entry of the name, else the name.
    pub fn program<'a>(&self, contract: &'a str) -> &'a str {
        if self.assets.iter().any(|asset| asset.entry() == contract) {
            return "entry";
        }
        let mut services = self.services.iter();
        let service = services.find(|service| service.name == contract);
        service.and_then(ServicePlan::program).unwrap_or(contract)
    }

    /// Identity of the plan: a hash of its content without comments and layout.
    pub fn hash(&self) -> B256 {
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        keccak256(canonical)
    }
}

/// Basis points, at most [`MAX_BPS`], as a fraction of 1e18.
pub const fn bps_to_wad(bps: u64) -> u64 {
    const WAD_PER_BPS: u64 = 1_000_000_000_000_000_000 / MAX_BPS;
    // The plan's check bounds `bps`, so this never saturates.
    bps.saturating_mul(WAD_PER_BPS)
}

#[cfg(test)]
mod tests;
