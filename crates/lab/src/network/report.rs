//! What is found about a network, for people and for programs.

use num_rational::BigRational;
use num_traits::{One, Zero};
use serde::Serialize;

use super::attack::{Attack, Method, Model, best_attack, least_ratio};
use super::byzantine;
use super::certificate::certificate;
use super::model::{Network, float, shown};
use super::remedy::{Remedy, remedies};
use super::robust::{loss_bound, worst_cascade};
use super::scaled::TooFine;

/// A number, exactly and nearly.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Number {
    /// As a fraction in lowest terms.
    pub exact: String,
    /// The nearest floating-point number.
    pub value: f64,
    #[serde(skip)]
    pub(super) rational: BigRational,
}

impl From<BigRational> for Number {
    fn from(rational: BigRational) -> Self {
        Self {
            exact: rational.to_string(),
            value: float(&rational),
            rational,
        }
    }
}

/// An attack with its members named.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedAttack {
    /// Services that fall.
    pub services: Vec<String>,
    /// Who loses how much, ETH.
    pub losses: Vec<(String, Number)>,
    /// What the attacker gains, ETH.
    pub prize: Number,
    /// What it costs, ETH.
    pub cost: Number,
    /// Prize less cost, ETH.
    pub profit: Number,
    /// Whether it pays.
    pub succeeds: bool,
    /// How far "there is no better one" can be trusted.
    pub method: Method,
}

/// What a first loss becomes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NamedCascade {
    /// The part of all stake lost first, at most.
    pub psi: Number,
    /// R_ψ, the part of all stake lost in the end, if it was computed.
    pub loss: Option<Number>,
    /// The bound of Theorem 1 for the certified slack, if there is any.
    pub bound: Option<Number>,
    /// Who is lost first in the worst case.
    pub shock: Vec<String>,
    /// Who attacks then.
    pub attackers: Vec<String>,
    /// What falls then.
    pub services: Vec<String>,
}

/// After *Robust Restaking Networks*.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Robust {
    /// Whether Corollary 2 certifies that no attack pays.
    pub is_certified: bool,
    /// The slack γ* that it certifies; nothing if nobody's service has anything to gain.
    pub certified_gamma: Option<Number>,
    /// Who holds it down.
    pub weakest: Option<String>,
    /// The true slack: least cost over prize of any attack, less one.
    pub true_slack: Option<Number>,
    /// The most profitable attack, whether it pays or not.
    pub attack: Option<NamedAttack>,
    /// What first losses become.
    pub cascades: Vec<NamedCascade>,
    /// What would make it safe.
    pub remedies: Vec<String>,
}

/// After *Elastic Restaking Networks*.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Elastic {
    /// Whether every attack loses its attacker something.
    pub is_secure: bool,
    /// The slack that is certified without a search; nothing if nobody's service has anything to gain.
    pub certified_gamma: Option<Number>,
    /// If all are alike: the least stake of each validator above which the network is secure, ETH.
    pub least_stake_eth: Option<Number>,
    /// If all are alike: what every attack loses its attacker at least, ETH.
    pub budget_eth: Option<Number>,
    /// The most profitable attack, whether it pays or not.
    pub attack: Option<NamedAttack>,
    /// The weight of the lightest set of Byzantine services that lets an attack pay.
    pub byzantine_fraction: Number,
    /// That set; if nothing, no set up to that weight does, and heavier ones were not tried.
    pub byzantine_services: Option<Vec<String>>,
    /// What would make it safe.
    pub remedies: Vec<String>,
}

/// What is found about a network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Analysis {
    /// Its name.
    pub network: String,
    /// Whether it was made up.
    pub is_synthetic: bool,
    /// How many validators.
    pub validators: usize,
    /// How many services.
    pub services: usize,
    /// All stake, ETH.
    pub total_stake_eth: Number,
    /// How often a unit of stake is used: its stretch.
    pub degree: Number,
    /// Services that fall for nothing.
    pub free_attacks: Vec<String>,
    /// If every allocation is a whole stake.
    pub robust: Option<Robust>,
    /// If not: an allocation that is none.
    pub why_not_robust: Option<String>,
    /// For any network.
    pub elastic: Elastic,
}

/// Everything about `network`, with the worst cascades after losses of the parts `psis` of all stake.
///
/// # Errors
/// Amounts with too many digits.
pub fn analyse(network: &Network, psis: &[BigRational]) -> Result<Analysis, TooFine> {
    let free = super::free_attacks(network);
    let partial = network.partial();
    let robust = match partial {
        None => Some(robust(network, psis)?),
        Some(_) => None,
    };
    let why_not_robust = partial.map(|(validator, service)| {
        format!(
            "{} secures {} with a part of its stake, and these results are about whole stakes",
            network.validators[validator].name, network.services[service].name
        )
    });
    Ok(Analysis {
        network: network.name.clone(),
        is_synthetic: network.is_synthetic,
        validators: network.validators.len(),
        services: network.services.len(),
        total_stake_eth: network.total_stake().into(),
        degree: network.degree().into(),
        free_attacks: services(network, &free),
        robust,
        why_not_robust,
        elastic: elastic(network)?,
    })
}

fn robust(network: &Network, psis: &[BigRational]) -> Result<Robust, TooFine> {
    let certificate = certificate(network, Model::Rigid);
    let (attack, method) = best_attack(network, Model::Rigid)?;
    let slack = least_ratio(network, Model::Rigid)?.map(|(ratio, ..)| ratio - BigRational::one());
    let certified = certificate
        .gamma
        .clone()
        .filter(|_| certificate.is_certified());
    let mut cascades = Vec::new();
    for psi in psis {
        let worst = worst_cascade(network, psi).ok();
        let of = |pick: fn(&super::Cascade) -> &Vec<usize>| {
            worst.as_ref().map(pick).cloned().unwrap_or_default()
        };
        cascades.push(NamedCascade {
            psi: psi.clone().into(),
            bound: certified
                .as_ref()
                .and_then(|gamma| loss_bound(gamma, psi))
                .map(Number::from),
            shock: validators(network, &of(|cascade| &cascade.shock)),
            attackers: validators(network, &of(|cascade| &cascade.attackers)),
            services: services(network, &of(|cascade| &cascade.services)),
            loss: worst.map(|cascade| cascade.loss.into()),
        });
    }
    Ok(Robust {
        is_certified: certificate.is_certified(),
        certified_gamma: certificate.gamma.map(Number::from),
        weakest: certificate
            .weakest
            .map(|place| network.validators[place].name.clone()),
        true_slack: slack.map(Number::from),
        attack: attack.map(|attack| named(network, &attack, Model::Rigid, method)),
        cascades,
        remedies: told(network, &remedies(network, Model::Rigid)?, Model::Rigid),
    })
}

fn elastic(network: &Network) -> Result<Elastic, TooFine> {
    let (attack, method) = best_attack(network, Model::Elastic)?;
    let lightest = byzantine::lightest(network, &BigRational::zero())?;
    let certificate = certificate(network, Model::Elastic);
    let alike = network.symmetric.as_ref().zip(network.validators.first());
    let zero = BigRational::zero();
    Ok(Elastic {
        certified_gamma: certificate
            .gamma
            .filter(|_| certificate.free.is_empty())
            .map(Number::from),
        least_stake_eth: alike
            .and_then(|(alike, _)| alike.least_stake(0, &zero))
            .map(Number::from),
        budget_eth: alike
            .and_then(|(alike, one)| alike.budget(&one.stake, 0))
            .map(Number::from),
        is_secure: !attack
            .as_ref()
            .is_some_and(|attack| attack.succeeds(Model::Elastic)),
        attack: attack.map(|attack| named(network, &attack, Model::Elastic, method)),
        byzantine_fraction: lightest.fraction.into(),
        byzantine_services: lightest.set.map(|set| services(network, &set)),
        remedies: told(network, &remedies(network, Model::Elastic)?, Model::Elastic),
    })
}

fn validators(network: &Network, places: &[usize]) -> Vec<String> {
    places
        .iter()
        .map(|place| network.validators[*place].name.clone())
        .collect()
}

fn services(network: &Network, places: &[usize]) -> Vec<String> {
    places
        .iter()
        .map(|place| network.services[*place].name.clone())
        .collect()
}

fn named(network: &Network, attack: &Attack, model: Model, method: Method) -> NamedAttack {
    let loss = |(place, amount): &(usize, BigRational)| {
        (
            network.validators[*place].name.clone(),
            Number::from(amount.clone()),
        )
    };
    NamedAttack {
        services: services(network, &attack.services),
        losses: attack.losses.iter().map(loss).collect(),
        profit: attack.profit().into(),
        prize: attack.prize.clone().into(),
        cost: attack.cost.clone().into(),
        succeeds: attack.succeeds(model),
        method,
    }
}

fn told(network: &Network, remedies: &[Remedy], model: Model) -> Vec<String> {
    let strictly = match model {
        Model::Rigid => "",
        Model::Elastic => "anything more than ",
    };
    let tell = |remedy: &Remedy| match remedy {
        Remedy::ScaleStakes(factor) => format!("all stakes times {strictly}{}", shown(factor)),
        Remedy::CapProfit(service, cap) => {
            let most = if model == Model::Rigid {
                "at most"
            } else {
                "less than"
            };
            format!(
                "{} secures {most} {} ETH of profit",
                network.services[*service].name,
                shown(cap)
            )
        }
        Remedy::MoreStake(validator, stake) => {
            format!(
                "{} ETH more stake for {}",
                shown(stake),
                network.validators[*validator].name
            )
        }
        Remedy::NewStake(service, stake) => {
            format!(
                "{} ETH of new stake for {} alone",
                shown(stake),
                network.services[*service].name
            )
        }
        Remedy::ScaleAllocations(factor) => {
            format!(
                "all allocations times {}, none above its stake",
                shown(factor)
            )
        }
    };
    remedies.iter().map(tell).collect()
}
