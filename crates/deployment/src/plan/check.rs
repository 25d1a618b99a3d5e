//! What a plan must hold beyond its types: ranges, order, and references between its parts.

use std::collections::HashSet;

use alloy::primitives::{Address, U256};
use weir_protocol::cover::{MAX_BOND_BPS, MAX_STAKE_BPS};
use weir_protocol::units::{
    AMOUNT_LIMIT, MAX_ASSETS, MAX_DEPOSIT_FEE_BPS, MAX_IDLE_TARGET_BPS, MAX_INSTANT_FEE_BPS,
    MAX_PERFORMANCE_FEE_BPS, MIN_EPOCH_S,
};

use super::locate::Segment::{self, Index, Key};
use super::{Account, Amount, ContractRef, MAX_BPS, Plan, PlanError, ServicePlan};

/// Longest epoch the plan accepts: far above any sensible one, so that a slip of the unit is caught.
const MAX_EPOCH_S: u64 = 365 * 86_400;
/// Names that the address book keeps for the contracts of the protocol.
const DEVNET_TOKENS: [&str; 4] = ["weth", "steth", "wsteth", "reth"];

pub fn check(plan: &Plan) -> Result<(), PlanError> {
    check_token(plan)?;
    check_vault(plan)?;
    check_instant_exit(plan)?;
    check_fees(plan)?;
    let cover = &plan.cover;
    let at = |key| [Key("cover"), Key(key)];
    bps(
        at("filing_stake_bps"),
        cover.filing_stake_bps,
        MAX_STAKE_BPS.into(),
    )?;
    bps(
        at("operator_bond_bps"),
        cover.operator_bond_bps,
        MAX_BOND_BPS.into(),
    )?;
    check_assets(plan)?;
    check_zap(plan)?;
    check_services(plan)?;
    check_operators(plan)?;
    check_allocations(plan)
}

fn check_token(plan: &Plan) -> Result<(), PlanError> {
    // The token keeps each in one storage word.
    const LONGEST: usize = 31;
    for (key, text) in [("name", &plan.token.name), ("symbol", &plan.token.symbol)] {
        if text.is_empty() || text.len() > LONGEST {
            return fault(
                [Key("token"), Key(key)],
                format!("`{text}` must have 1 to {LONGEST} bytes"),
            );
        }
    }
    Ok(())
}

fn check_fees(plan: &Plan) -> Result<(), PlanError> {
    let fees = &plan.fees;
    let at = |key| [Key("fees"), Key(key)];
    bps(at("cover_bps"), fees.cover_bps, MAX_BPS)?;
    // The treasury has the rest.
    let most = MAX_BPS.saturating_sub(fees.cover_bps);
    bps(at("operators_bps"), fees.operators_bps, most)
}

fn check_vault(plan: &Plan) -> Result<(), PlanError> {
    let vault = &plan.vault;
    if !(MIN_EPOCH_S..=MAX_EPOCH_S).contains(&vault.epoch_s) {
        return fault(
            [Key("vault"), Key("epoch_s")],
            format!(
                "{} s is not a length of an epoch: expected {MIN_EPOCH_S} to {MAX_EPOCH_S} seconds",
                vault.epoch_s
            ),
        );
    }
    if vault.grace_s == 0 || vault.grace_s >= vault.epoch_s {
        return fault(
            [Key("vault"), Key("grace_s")],
            format!(
                "{} s of grace must be more than 0 and shorter than an epoch ({} s), or batches would settle out of order",
                vault.grace_s, vault.epoch_s
            ),
        );
    }
    bps(
        [Key("vault"), Key("idle_target_bps")],
        vault.idle_target_bps,
        MAX_IDLE_TARGET_BPS.into(),
    )?;
    bps(
        [Key("fees"), Key("performance_bps")],
        plan.fees.performance_bps,
        MAX_PERFORMANCE_FEE_BPS.into(),
    )
}

fn check_instant_exit(plan: &Plan) -> Result<(), PlanError> {
    let exit = &plan.instant_exit;
    let at = |key| [Key("instant_exit"), Key(key)];
    if exit.window_s == 0 {
        return fault(
            at("window_s"),
            "0 s: an outflow must be remembered for some time",
        );
    }
    bps(
        at("base_fee_bps"),
        exit.base_fee_bps,
        MAX_INSTANT_FEE_BPS.into(),
    )?;
    bps(
        at("kink_fee_bps"),
        exit.kink_fee_bps,
        MAX_INSTANT_FEE_BPS.into(),
    )?;
    bps(
        at("limit_fee_bps"),
        exit.limit_fee_bps,
        MAX_INSTANT_FEE_BPS.into(),
    )?;
    if exit.kink_fee_bps < exit.base_fee_bps {
        let message = format!(
            "{} bps is under base_fee_bps ({}): the fee may not fall",
            exit.kink_fee_bps, exit.base_fee_bps
        );
        return fault(at("kink_fee_bps"), message);
    }
    if exit.limit_fee_bps < exit.kink_fee_bps {
        let message = format!(
            "{} bps is under kink_fee_bps ({}): the fee may not fall",
            exit.limit_fee_bps, exit.kink_fee_bps
        );
        return fault(at("limit_fee_bps"), message);
    }
    amount(at("limit_outflow_eth"), exit.limit_outflow_eth)?;
    if exit.limit_outflow_eth < exit.kink_outflow_eth {
        let message = format!(
            "{} ETH must be at least kink_outflow_eth ({})",
            exit.limit_outflow_eth, exit.kink_outflow_eth
        );
        return fault(at("limit_outflow_eth"), message);
    }
    Ok(())
}

fn check_assets(plan: &Plan) -> Result<(), PlanError> {
    if plan.assets.is_empty() || plan.assets.len() > MAX_ASSETS {
        let message = format!(
            "{} assets: a vault holds 1 to {MAX_ASSETS}",
            plan.assets.len()
        );
        return fault([Key("assets")], message);
    }
    let mut tokens = HashSet::new();
    unique(
        "assets",
        "symbol",
        plan.assets.iter().map(|asset| asset.symbol.to_lowercase()),
    )?;
    for (i, asset) in plan.assets.iter().enumerate() {
        let at = |key| [Key("assets"), Index(i), Key(key)];
        name(at("symbol"), &asset.symbol)?;
        amount(at("cap_tokens"), asset.cap_tokens)?;
        bps(
            at("deposit_fee_bps"),
            asset.deposit_fee_bps,
            MAX_DEPOSIT_FEE_BPS.into(),
        )?;
        deployable(&at("token"), &asset.token)?;
        if !tokens.insert(asset.token.to_string()) {
            return fault(at("token"), format!("{} is listed twice", asset.token));
        }
        if let Some(rate) = &asset.rate {
            let at = |key| [Key("assets"), Index(i), Key("rate"), Key(key)];
            deployable(&at("source"), &rate.source)?;
            bps(at("max_drop_bps"), rate.max_drop_bps, MAX_BPS - 1)?;
            bps(
                at("max_growth_per_day_bps"),
                rate.max_growth_per_day_bps,
                MAX_BPS,
            )?;
        }
        if let (Some(_), None) = (&asset.guard, &asset.rate) {
            return fault(
                at("guard"),
                "a market price needs a rate to be held against, and this asset has none",
            );
        }
        if let Some(guard) = &asset.guard {
            let at = |key| [Key("assets"), Index(i), Key("guard"), Key(key)];
            deployable(&at("source"), &guard.source)?;
            bps(at("margin_bps"), guard.margin_bps, MAX_BPS)?;
        }
        if let (Some(_), None) = (&asset.second, &asset.rate) {
            return fault(
                at("second"),
                "a second source confirms a rate, and this asset has none",
            );
        }
        if let Some(second) = &asset.second {
            let at = |key| [Key("assets"), Index(i), Key("second"), Key(key)];
            deployable(&at("source"), &second.source)?;
            bps(at("margin_bps"), second.margin_bps, MAX_BPS / 10)?;
        }
    }
    Ok(())
}

fn check_zap(plan: &Plan) -> Result<(), PlanError> {
    let Some(zap) = &plan.zap else {
        return Ok(());
    };
    for (key, wrapper) in [("weth", &zap.weth), ("wsteth", &zap.wsteth)] {
        if let Some(wrapper) = wrapper
            && !plan.assets.iter().any(|asset| asset.token == *wrapper)
        {
            return fault(
                [Key("zap"), Key(key)],
                format!("{wrapper} is not the token of an asset, so the vault would not take it"),
            );
        }
    }
    Ok(())
}

fn check_services(plan: &Plan) -> Result<(), PlanError> {
    unique(
        "services",
        "name",
        plan.services.iter().map(|service| service.name.clone()),
    )?;
    for (i, service) in plan.services.iter().enumerate() {
        let at = |key| [Key("services"), Index(i), Key(key)];
        name(at("name"), &service.name)?;
        let same_terms = |other: &&ServicePlan| {
            ServicePlan {
                name: service.name.clone(),
                ..(*other).clone()
            } == *service
        };
        filer(plan, i)?;
        if let Some(other) = plan.services[..i].iter().find(same_terms) {
            let message = format!(
                "`{}` has the same terms as `{}`, so the chain could not tell them apart",
                service.name, other.name
            );
            return fault(at("name"), message);
        }
        if service.veto_window_s == 0 || service.veto_window_s >= plan.vault.epoch_s {
            let message = format!(
                "{} s must be more than 0 and shorter than an epoch ({} s)",
                service.veto_window_s, plan.vault.epoch_s
            );
            return fault(at("veto_window_s"), message);
        }
        if let Some(slasher) = service.slasher {
            somebody(at("slasher"), slasher)?;
        }
        somebody(at("resolver"), service.resolver)?;
        if let Some(manager) = service.reward_manager {
            somebody(at("reward_manager"), manager)?;
        }
        somebody(at("sink"), service.sink)?;
        bps(at("max_slash_bps"), service.max_slash_bps, MAX_BPS)?;
        if service.max_slash_bps == 0 {
            return fault(at("max_slash_bps"), "0 bps: the service could never slash");
        }
    }
    Ok(())
}

/// Who files for a service: an account, or one contract with sound parameters.
fn filer(plan: &Plan, index: usize) -> Result<(), PlanError> {
    let service = &plan.services[index];
    let at = |key| [Key("services"), Index(index), Key(key)];
    let within = |table, key| [Key("services"), Index(index), Key(table), Key(key)];
    let filers = [
        service.slasher.is_some(),
        service.attestation.is_some(),
        service.custody.is_some(),
    ];
    if filers.into_iter().filter(|given| *given).count() != 1 {
        return fault(
            at("name"),
            "a service has either a slasher, or the contract of one of `attestation` and `custody`",
        );
    }
    if let Some(program) = service.program() {
        let taken = weir_artifacts::by_name(&service.name);
        let is_entry = plan
            .assets
            .iter()
            .any(|asset| asset.entry() == service.name);
        if is_entry || taken.is_some_and(|artifact| artifact.name != program) {
            let message = format!("`{}` is the name of another contract", service.name);
            return fault(at("name"), message);
        }
    }
    let slash = |table, slash_bps| {
        bps(within(table, "slash_bps"), slash_bps, service.max_slash_bps)?;
        if slash_bps == 0 {
            return fault(within(table, "slash_bps"), "0 bps: nobody would be slashed");
        }
        Ok(())
    };
    if let Some(attestation) = &service.attestation {
        slash("attestation", attestation.slash_bps)?;
        if attestation.period_s == 0 {
            return fault(within("attestation", "period_s"), "heights need a length");
        }
        if let Some(values) = &attestation.values {
            deployable(&within("attestation", "values"), &values.source)?;
        }
    }
    if let Some(custody) = &service.custody {
        slash("custody", custody.slash_bps)?;
        if custody.answer_s == 0 || custody.answer_s >= plan.vault.epoch_s {
            let message = format!(
                "{} s must be more than 0 and shorter than an epoch ({} s)",
                custody.answer_s, plan.vault.epoch_s
            );
            return fault(within("custody", "answer_s"), message);
        }
        if custody.bond_eth.0.is_zero() || custody.bond_eth.0.bit_len() > 80 {
            let message = format!(
                "{} ETH must be more than 0 and at most 1000000",
                custody.bond_eth
            );
            return fault(within("custody", "bond_eth"), message);
        }
    }
    Ok(())
}

fn check_operators(plan: &Plan) -> Result<(), PlanError> {
    unique(
        "operators",
        "name",
        plan.operators.iter().map(|operator| operator.name.clone()),
    )?;
    for (i, operator) in plan.operators.iter().enumerate() {
        name([Key("operators"), Index(i), Key("name")], &operator.name)?;
    }
    Ok(())
}

fn check_allocations(plan: &Plan) -> Result<(), PlanError> {
    let mut pairs = HashSet::new();
    let mut sum_bps = 0u64;
    for (i, allocation) in plan.allocations.iter().enumerate() {
        let at = |key| [Key("allocations"), Index(i), Key(key)];
        if !plan
            .services
            .iter()
            .any(|service| service.name == allocation.service)
        {
            return fault(
                at("service"),
                format!("no service of this plan is named `{}`", allocation.service),
            );
        }
        if !plan
            .operators
            .iter()
            .any(|operator| operator.name == allocation.operator)
        {
            return fault(
                at("operator"),
                format!(
                    "no operator of this plan is named `{}`",
                    allocation.operator
                ),
            );
        }
        if !pairs.insert((&allocation.service, &allocation.operator)) {
            return fault(
                at("operator"),
                "this service and operator have an allocation already",
            );
        }
        bps(at("share_bps"), allocation.share_bps, MAX_BPS)?;
        sum_bps = sum_bps.saturating_add(allocation.share_bps);
        if sum_bps > MAX_BPS {
            let message = format!(
                "allocations up to here sum to {sum_bps} bps: every unit of stake secures one thing, so at most {MAX_BPS}"
            );
            return fault(at("share_bps"), message);
        }
    }
    Ok(())
}

fn unique(
    table: &'static str,
    key: &'static str,
    names: impl Iterator<Item = String>,
) -> Result<(), PlanError> {
    let mut seen = HashSet::new();
    for (i, name) in names.enumerate() {
        if seen.contains(&name) {
            return fault(
                [Key(table), Index(i), Key(key)],
                format!("`{name}` is taken already"),
            );
        }
        seen.insert(name);
    }
    Ok(())
}

/// A name that is typed on a command line: no spaces, nothing that could pass for an address or a number.
fn name<const N: usize>(at: [Segment; N], text: &str) -> Result<(), PlanError> {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts_well
        && text.len() <= 32
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    {
        return Ok(());
    }
    fault(
        at,
        format!(
            "`{text}` must start with a letter and have at most 32 letters, digits, `-`, `_` or `.`"
        ),
    )
}

/// A part of 10,000, at most `most`.
fn bps<const N: usize>(at: [Segment; N], value: u64, most: u64) -> Result<(), PlanError> {
    if value <= most {
        return Ok(());
    }
    fault(at, format!("{value} bps is over {most} ({} %)", most / 100))
}

/// Less than the ledger can hold.
fn amount<const N: usize>(at: [Segment; N], amount: Amount) -> Result<(), PlanError> {
    if amount.0 < U256::from(AMOUNT_LIMIT) {
        return Ok(());
    }
    fault(
        at,
        format!(
            "{amount} is more than a vault can hold: expected less than {}",
            Amount(U256::from(AMOUNT_LIMIT))
        ),
    )
}

/// Somebody: the zero address has no key.
fn somebody<const N: usize>(at: [Segment; N], account: Account) -> Result<(), PlanError> {
    if account != Account::Address(Address::ZERO) {
        return Ok(());
    }
    fault(at, "the zero address: nobody has its key")
}

fn deployable(at: &[Segment], contract: &ContractRef) -> Result<(), PlanError> {
    match contract {
        ContractRef::Deploy(name) if !DEVNET_TOKENS.contains(&name.as_str()) => Err(PlanError::at(
            at.to_vec(),
            format!(
                "`deploy:{name}` is not a devnet token; expected one of {}",
                DEVNET_TOKENS.join(", ")
            ),
        )),
        _ => Ok(()),
    }
}

fn fault<const N: usize>(at: [Segment; N], message: impl Into<String>) -> Result<(), PlanError> {
    Err(PlanError::at(at.to_vec(), message))
}
