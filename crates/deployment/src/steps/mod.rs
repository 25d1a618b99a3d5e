//! The steps of a deployment, in order. Each one knows who must send it, what it sends, and how to see on the chain
//! whether it is done.

mod facts;
mod request;
mod values;

use alloy::primitives::Address;
use alloy::providers::DynProvider;

pub use facts::Fact;
pub use request::Call;
pub(crate) use values::{artifact, contract as contract_address, find_service};

use crate::book::AddressBook;
use crate::plan::{AssetPlan, ContractRef, Plan};

/// Contracts of the protocol, in the order they are created.
pub const PROTOCOL: [&str; 17] = [
    "lrt",
    "rates",
    "exits",
    "allocator",
    "hub",
    "governor",
    "vault-control",
    "vault-views",
    "vault-instant",
    "vault-slash",
    "vault",
    "cover",
    "rewards",
    "feed",
    "feed-floor",
    "zap",
    "router",
];

/// One step: at most one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Puts the code of a contract on the chain.
    Create(String),
    /// Has the chain compile it.
    Activate(String),
    /// Initialises a devnet token.
    InitToken(String),
    /// Wires the share token to its vault.
    InitLrt,
    /// Wires the rates to the vault and the governor.
    InitRates,
    /// Wires the exits to the vault.
    InitExits,
    /// Wires the allocator to the vault, the hub and the governor, which the curator acts through.
    InitAllocator,
    /// Wires the vault to everything.
    InitVault,
    /// Wires the governor to the vault and names its roles.
    InitGovernor,
    /// Wires bonds and cover to the vault.
    InitCover,
    /// Wires the rewards to the vault and the governor.
    InitRewards,
    /// Wires a feed, by its name, to the vault.
    InitFeed(&'static str),
    /// Wires the zap to the vault and what it wraps.
    InitZap,
    /// Wires the router to the vault.
    InitRouter,
    /// Wires the entry of the asset of this index to the vault.
    InitEntry(usize),
    /// Registers the service of this index in the plan.
    RegisterService(usize),
    /// Sets up the contract that files for the service of this index.
    InitService(usize),
    /// Registers the operator of this index in the plan; sent by itself.
    RegisterOperator(usize),
    /// Opts the operator of this allocation in to its service; sent by itself.
    OptInOperator(usize),
    /// Tells `rates` where the value of the asset of this index comes from.
    ListSource(usize),
    /// Names the second source of the asset of this index.
    SetSecond(usize),
    /// Lists the asset of this index in the vault.
    ListAsset(usize),
    /// Names the entry of the asset of this index at the share token.
    SetEntry(usize),
    /// Sets the fee on instant exits.
    SetFeeCurve,
    /// Sets who has the performance fee.
    SetFeeSplit,
    /// Sets how much of each asset stays idle.
    SetIdleTarget,
    /// Opts the vault in to the service of this index.
    OptInVault(usize),
    /// Allocates stake as the allocation of this index says.
    Allocate(usize),
}

/// What a step looks at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The chain.
    pub provider: &'a DynProvider,
    /// What is wanted.
    pub plan: &'a Plan,
    /// What stands where.
    pub book: &'a AddressBook,
}

/// Steps of a plan, in the order in which they are sent: those of the deployer first, then those of the operators, the
/// governor and the curator, which may need other keys.
pub fn steps(plan: &Plan) -> Vec<Step> {
    let programs = || (0..plan.services.len()).filter(|i| plan.services[*i].program().is_some());
    let names: Vec<String> = tokens(plan)
        .into_iter()
        .chain(PROTOCOL.map(str::to_owned))
        .chain(plan.assets.iter().map(AssetPlan::entry))
        .chain(programs().map(|i| plan.services[i].name.clone()))
        .collect();
    let mut steps: Vec<Step> = names.iter().cloned().map(Step::Create).collect();
    steps.extend(names.into_iter().map(Step::Activate));
    steps.extend(tokens(plan).into_iter().map(Step::InitToken));
    steps.extend([
        Step::InitLrt,
        Step::InitRates,
        Step::InitExits,
        Step::InitVault,
        // These read the vault's clock, so the vault comes first.
        Step::InitAllocator,
        Step::InitGovernor,
        Step::InitCover,
        Step::InitRewards,
        Step::InitFeed("feed"),
        Step::InitFeed("feed-floor"),
        Step::InitZap,
        Step::InitRouter,
    ]);
    steps.extend((0..plan.assets.len()).map(Step::InitEntry));
    steps.extend((0..plan.services.len()).map(Step::RegisterService));
    steps.extend(programs().map(Step::InitService));
    steps.extend((0..plan.operators.len()).map(Step::RegisterOperator));
    steps.extend((0..plan.allocations.len()).map(Step::OptInOperator));
    for asset in 0..plan.assets.len() {
        // `rates` takes an asset only when it is the vault's next.
        steps.extend([Step::ListAsset(asset), Step::ListSource(asset)]);
        if plan.assets[asset].second.is_some() {
            steps.push(Step::SetSecond(asset));
        }
        steps.push(Step::SetEntry(asset));
    }
    steps.extend([Step::SetFeeCurve, Step::SetFeeSplit, Step::SetIdleTarget]);
    steps.extend((0..plan.services.len()).map(Step::OptInVault));
    steps.extend((0..plan.allocations.len()).map(Step::Allocate));
    steps
}

/// Devnet tokens that a plan deploys, a wrapper after what it wraps.
fn tokens(plan: &Plan) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !tokens.iter().any(|known| known == name) {
            tokens.push(name.to_owned());
        }
    };
    for asset in &plan.assets {
        let sources = [
            Some(&asset.token),
            asset.rate.as_ref().map(|r| &r.source),
            asset.guard.as_ref().map(|g| &g.source),
            asset.second.as_ref().map(|s| &s.source),
        ];
        for contract in sources.into_iter().flatten() {
            if let ContractRef::Deploy(name) = contract {
                if name == "wsteth" {
                    add("steth");
                }
                add(name);
            }
        }
    }
    tokens
}

/// The contract that the step of this name creates, if it creates one.
pub(crate) fn created_by(id: &str) -> Option<&str> {
    id.strip_prefix(CREATE)
}

const CREATE: &str = "create ";

impl Step {
    /// Name of the step, unique in its plan, kept in the address book.
    pub fn id(&self, plan: &Plan) -> String {
        match self {
            Self::Create(name) => format!("{CREATE}{name}"),
            Self::Activate(name) => format!("activate {name}"),
            Self::InitToken(name) => format!("init {name}"),
            Self::InitLrt => "init lrt".to_owned(),
            Self::InitRates => "init rates".to_owned(),
            Self::InitExits => "init exits".to_owned(),
            Self::InitAllocator => "init allocator".to_owned(),
            Self::InitVault => "init vault".to_owned(),
            Self::InitGovernor => "init governor".to_owned(),
            Self::InitCover => "init cover".to_owned(),
            Self::InitRewards => "init rewards".to_owned(),
            Self::RegisterService(i) => format!("register service {}", plan.services[*i].name),
            Self::InitService(i) => format!("init {}", plan.services[*i].name),
            Self::RegisterOperator(i) => format!("register operator {}", plan.operators[*i].name),
            Self::OptInOperator(i) => {
                let allocation = &plan.allocations[*i];
                format!(
                    "opt operator {} in to {}",
                    allocation.operator, allocation.service
                )
            }
            Self::ListSource(i) => format!("list rate of {}", plan.assets[*i].symbol),
            Self::SetSecond(i) => format!("set second rate of {}", plan.assets[*i].symbol),
            Self::InitFeed(name) => format!("init {name}"),
            Self::InitZap => "init zap".to_owned(),
            Self::InitRouter => "init router".to_owned(),
            Self::InitEntry(i) => format!("init {}", plan.assets[*i].entry()),
            Self::SetEntry(i) => format!("name {}", plan.assets[*i].entry()),
            Self::ListAsset(i) => format!("list {}", plan.assets[*i].symbol),
            Self::SetFeeCurve => "set fee curve".to_owned(),
            Self::SetFeeSplit => "set fee split".to_owned(),
            Self::SetIdleTarget => "set idle target".to_owned(),
            Self::OptInVault(i) => format!("opt vault in to {}", plan.services[*i].name),
            Self::Allocate(i) => {
                let allocation = &plan.allocations[*i];
                format!("allocate {} by {}", allocation.service, allocation.operator)
            }
        }
    }

    /// The account that must send the step.
    pub fn sender(&self, plan: &Plan, deployer: Address) -> Address {
        match self {
            Self::RegisterOperator(i) => plan.operators[*i].account.resolve(deployer),
            Self::OptInOperator(i) => values::operator(plan, *i).account.resolve(deployer),
            Self::ListSource(_)
            | Self::SetSecond(_)
            | Self::ListAsset(_)
            | Self::SetEntry(_)
            | Self::SetFeeCurve
            | Self::SetFeeSplit
            | Self::SetIdleTarget
            | Self::OptInVault(_) => plan.roles.governor.resolve(deployer),
            Self::Allocate(_) => plan.roles.curator.resolve(deployer),
            _ => deployer,
        }
    }
}
