//! What each step sends.

use alloy::network::TransactionBuilder;
use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::SolCall;
use weir_abi::{
    IAllocator, IAttestation, ICover, ICustody, IEntry, IExits, IFeed, IGovernor, IHub, ILrt, ILst,
    IRates, IRewards, IRouter, IShare, IVault, IWsteth,
};

use super::{Context, Step, values};
use crate::arb_wasm::{ARB_WASM, IArbWasm};
use crate::error::DeployError;
use crate::plan::{Account, bps_to_wad};

/// A transaction of a step, but for its sender, nonce and fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The contract called; none to create one.
    pub to: Option<Address>,
    /// Calldata or init code.
    pub data: Bytes,
    /// ETH sent along, wei.
    pub value: U256,
}

impl Call {
    fn new(to: Address, call: impl SolCall) -> Self {
        Self {
            to: Some(to),
            data: call.abi_encode().into(),
            value: U256::ZERO,
        }
    }

    /// What the governor contract does at once in a vault without shares, for the role that calls it.
    fn through(governor: Address, target: Address, call: impl SolCall) -> Self {
        let data = call.abi_encode().into();
        Self::new(governor, IGovernor::actCall { target, data })
    }

    /// As a request of an alloy provider.
    pub fn request(&self, from: Address) -> TransactionRequest {
        let request = TransactionRequest::default()
            .from(from)
            .input(self.data.clone().into())
            .value(self.value);
        match self.to {
            Some(to) => request.to(to),
            None => request.into_create(),
        }
    }
}

impl Step {
    /// The transaction of this step. `data_fee_wei` is what activation costs beside gas; what it does not need comes
    /// back.
    ///
    /// # Errors
    /// An earlier step is not done.
    pub fn call(&self, ctx: &Context<'_>, data_fee_wei: U256) -> Result<Call, DeployError> {
        let Context { plan, book, .. } = ctx;
        let at = |name: &str| book.address(name);
        Ok(match self {
            Self::Create(name) => Call {
                to: None,
                data: values::artifact(plan, name)?.init_code(),
                value: U256::ZERO,
            },
            Self::Activate(name) => {
                let mut call = Call::new(
                    ARB_WASM,
                    IArbWasm::activateProgramCall { program: at(name)? },
                );
                call.value = data_fee_wei;
                call
            }
            Self::InitToken(name) if name == "wsteth" => Call::new(
                at("wsteth")?,
                IWsteth::initCall {
                    steth: at("steth")?,
                },
            ),
            Self::InitToken(name) => Call::new(
                at(name)?,
                ILst::initCall {
                    owner: book.deployer,
                },
            ),
            Self::InitLrt => {
                let (name, symbol) = (plan.token.name.clone(), plan.token.symbol.clone());
                Call::new(
                    at("lrt")?,
                    ILrt::initCall {
                        vault: at("vault")?,
                        name,
                        symbol,
                    },
                )
            }
            Self::InitRates => Call::new(
                at("rates")?,
                IRates::initCall {
                    vault: at("vault")?,
                    governor: at("governor")?,
                },
            ),
            Self::InitExits => Call::new(
                at("exits")?,
                IExits::initCall {
                    vault: at("vault")?,
                    entryCode: values::entry_code()?,
                },
            ),
            Self::InitAllocator => {
                let call = IAllocator::initCall {
                    vault: at("vault")?,
                    hub: at("hub")?,
                    curator: at("governor")?,
                    increaseDelayS: plan.allocator.increase_delay_s,
                };
                Call::new(at("allocator")?, call)
            }
            Self::InitVault => Call::new(
                at("vault")?,
                IVault::initCall {
                    wiring: values::wiring(ctx)?,
                },
            ),
            Self::InitCover => Call::new(
                at("cover")?,
                ICover::initCall {
                    vault: at("vault")?,
                    stakeBps: plan.cover.filing_stake_bps,
                    bondBps: plan.cover.operator_bond_bps,
                },
            ),
            Self::InitRewards => Call::new(
                at("rewards")?,
                IRewards::initCall {
                    vault: at("vault")?,
                    governor: at("governor")?,
                },
            ),
            Self::InitFeed(name) => Call::new(
                at(name)?,
                IFeed::initCall {
                    vault: at("vault")?,
                    isFloor: values::is_floor(name),
                    description: values::description(ctx, name),
                },
            ),
            Self::InitZap => Call::new(at("zap")?, values::zap(ctx)?),
            Self::InitRouter => Call::new(
                at("router")?,
                IRouter::initCall {
                    vault: at("vault")?,
                },
            ),
            Self::InitEntry(i) => {
                let asset = &plan.assets[*i];
                let call = IEntry::initCall {
                    vault: at("vault")?,
                    asset: values::contract(ctx, &asset.token)?,
                };
                Call::new(at(&asset.entry())?, call)
            }
            Self::InitGovernor => {
                let role = |account: &Account| account.resolve(book.deployer);
                let call = IGovernor::initCall {
                    vault: at("vault")?,
                    governor: role(&plan.roles.governor),
                    curator: role(&plan.roles.curator),
                    guardian: role(&plan.roles.guardian),
                };
                Call::new(at("governor")?, call)
            }
            Self::RegisterService(i) => Call::new(
                at("hub")?,
                IHub::registerServiceCall {
                    terms: values::terms(ctx, *i)?,
                },
            ),
            Self::InitService(i) => {
                let service = &plan.services[*i];
                let to = at(&service.name)?;
                match (&service.attestation, &service.custody) {
                    (Some(attestation), _) => {
                        let instance = values::attestation(ctx, *i, attestation)?;
                        Call::new(to, IAttestation::initCall { instance })
                    }
                    (None, Some(custody)) => {
                        let instance = values::custody(ctx, *i, custody)?;
                        Call::new(to, ICustody::initCall { instance })
                    }
                    (None, None) => return Err(DeployError::NoArtifact(service.name.clone())),
                }
            }
            Self::RegisterOperator(i) => {
                let operator = &plan.operators[*i];
                let signer = operator
                    .signer
                    .unwrap_or(operator.account)
                    .resolve(book.deployer);
                Call::new(at("hub")?, IHub::registerOperatorCall { signer })
            }
            Self::OptInOperator(i) => {
                let index = values::service_index(plan, *i);
                let service = values::service_id(ctx, index)?;
                let call = IHub::optInOperatorCall {
                    service,
                    termsHash: values::terms_hash(ctx, index)?,
                };
                Call::new(at("hub")?, call)
            }
            Self::ListSource(i) => {
                let asset = values::contract(ctx, &plan.assets[*i].token)?;
                Call::through(
                    at("governor")?,
                    at("rates")?,
                    IRates::listSourceCall {
                        asset,
                        source: values::source(ctx, *i)?,
                    },
                )
            }
            Self::SetSecond(i) => {
                Call::through(at("governor")?, at("rates")?, values::second(ctx, *i)?)
            }
            Self::ListAsset(i) => {
                let asset = &plan.assets[*i];
                let call = IVault::listAssetCall {
                    token: values::contract(ctx, &asset.token)?,
                    cap: asset.cap_tokens.0,
                    depositFeeBps: U256::from(asset.deposit_fee_bps),
                };
                Call::through(at("governor")?, at("vault")?, call)
            }
            Self::SetEntry(i) => {
                let asset = &plan.assets[*i];
                let call = IShare::setVaultCall {
                    asset: values::contract(ctx, &asset.token)?,
                    entry: at(&asset.entry())?,
                };
                Call::through(at("governor")?, at("lrt")?, call)
            }
            Self::SetFeeCurve => Call::through(
                at("governor")?,
                at("vault")?,
                IVault::setFeeCurveCall {
                    curve: values::fee_curve(plan),
                },
            ),
            Self::SetFeeSplit => Call::through(
                at("governor")?,
                at("vault")?,
                IVault::setFeeSplitCall {
                    split: values::fee_split(ctx)?,
                },
            ),
            Self::SetIdleTarget => {
                let target = U256::from(plan.vault.idle_target_bps);
                Call::through(
                    at("governor")?,
                    at("vault")?,
                    IVault::setIdleTargetCall { targetBps: target },
                )
            }
            Self::OptInVault(i) => {
                let call = IHub::optInVaultCall {
                    vault: at("vault")?,
                    service: values::service_id(ctx, *i)?,
                    termsHash: values::terms_hash(ctx, *i)?,
                };
                Call::through(at("governor")?, at("hub")?, call)
            }
            Self::Allocate(i) => {
                let call = IAllocator::allocateCall {
                    service: values::service_id(ctx, values::service_index(plan, *i))?,
                    operator: values::operator(plan, *i).account.resolve(book.deployer),
                    magnitude: bps_to_wad(plan.allocations[*i].share_bps),
                };
                Call::through(at("governor")?, at("allocator")?, call)
            }
        })
    }
}
