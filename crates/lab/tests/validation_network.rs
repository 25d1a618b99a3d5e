//! Restaking networks against the papers and their authors' code. Each test names its source and its tolerance.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use weir_lab::network::byzantine::{self, without};
use weir_lab::network::split::split;
use weir_lab::network::{
    Model, Network, Recipe, Service, Symmetric, Validator, best_attack, certificate, float,
    free_attacks, is_safe, least_ratio, loss_bound, remedies, synthetic, worst_cascade,
};

fn r(above: i64, below: i64) -> BigRational {
    BigRational::new(above.into(), below.into())
}

fn whole(number: i64) -> BigRational {
    r(number, 1)
}

fn validators(stakes: &[i64]) -> Vec<Validator> {
    let named = stakes.iter().enumerate();
    named
        .map(|(place, stake)| Validator {
            name: format!("v{place}"),
            stake: whole(*stake),
        })
        .collect()
}

fn service(name: &str, profit: i64, threshold: BigRational) -> Service {
    Service {
        name: name.to_owned(),
        profit: whole(profit),
        threshold,
    }
}

fn rigid(stakes: &[i64], services: Vec<Service>, members: &[&[usize]]) -> Network {
    let members: Vec<Vec<usize>> = members.iter().map(|set| set.to_vec()).collect();
    Network::rigid("test", validators(stakes), services, &members).unwrap()
}

fn gamma(network: &Network) -> BigRational {
    certificate(network, Model::Rigid).gamma.unwrap()
}

fn loss(network: &Network, psi: BigRational) -> BigRational {
    worst_cascade(network, &psi).unwrap().loss
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!(
        (value - expected).abs() <= tolerance,
        "{value} is not within {tolerance} of {expected}"
    );
}

/// Durvasula and Roughgarden, abstract: a slack of 10 % turns a loss of 0.1 % into 1.1 % at most. Exact.
#[test]
fn v06_v01_bound_of_the_abstract() {
    assert_eq!(loss_bound(&r(1, 10), &r(1, 1000)), Some(r(11, 1000)));
    assert_eq!(loss_bound(&whole(0), &r(1, 1000)), None);
}

/// Theorem 2's construction: no slack, and a loss of 1 % becomes everything. Exact.
#[test]
fn v06_v02_no_slack_loses_everything() {
    let network = rigid(&[1, 99], vec![service("s", 100, whole(1))], &[&[0, 1]]);
    assert_eq!(gamma(&network), whole(0));
    assert_eq!(loss(&network, r(1, 200)), whole(0));
    assert_eq!(loss(&network, r(1, 100)), whole(1));
    assert!(is_safe(&network, Model::Rigid).unwrap());
}

/// Figure 4: a service that can be attacked beside one that cannot. Exact.
#[test]
fn v06_v04_one_of_two_services_can_be_attacked() {
    let services = vec![
        service("blue", 101, whole(1)),
        service("green", 1, whole(1)),
    ];
    let network = rigid(&[1, 99, 100], services, &[&[0, 1], &[2]]);
    assert_eq!(gamma(&network), r(-1, 101));
    let green = rigid(&[100], vec![service("green", 1, whole(1))], &[&[0]]);
    assert_eq!(gamma(&green), whole(99));
    assert_eq!(loss(&network, whole(0)), r(1, 2));
    let (attack, _) = best_attack(&network, Model::Rigid).unwrap();
    let attack = attack.unwrap();
    assert_eq!(
        (attack.services, attack.prize, attack.cost),
        (vec![0], whole(101), whole(100))
    );
}

/// Section 3's overcollateralisation with a threshold of a third. Exact.
#[test]
fn v06_v05_thresholds_and_stakes() {
    for (stake, expected) in [(300, whole(0)), (330, r(1, 10)), (329, r(29, 300))] {
        let network = rigid(&[stake], vec![service("s", 100, r(1, 3))], &[&[0]]);
        assert_eq!(gamma(&network), expected);
    }
}

fn six() -> Network {
    let services = vec![
        service("a", 30, r(1, 3)),
        service("b", 25, r(1, 2)),
        service("c", 20, r(1, 3)),
        service("d", 15, r(1, 2)),
    ];
    rigid(
        &[100, 80, 60, 50, 40, 30],
        services,
        &[&[0, 1, 2], &[1, 2, 3], &[0, 2, 4, 5], &[3, 4, 5]],
    )
}

/// A network of six, computed once by brute force elsewhere. Exact.
#[test]
fn v06_v06_a_network_of_six() {
    let network = six();
    assert_eq!(gamma(&network), r(353, 3143));
    let (ratio, ..) = least_ratio(&network, Model::Rigid).unwrap().unwrap();
    assert_eq!(ratio, whole(2));
    for psi in [r(1, 12), r(1, 6), r(1, 4), r(1, 3)] {
        assert_eq!(loss(&network, psi.clone()), psi);
    }
    assert_eq!(loss(&network, r(1, 2)), r(2, 3));
}

/// A validator without stake imposes nothing; a service without stake and with something to gain is a free attack. Exact.
#[test]
fn v06_v08_nothing_at_stake() {
    let pair = || vec![service("a", 1, whole(1)), service("b", 1, whole(1))];
    let network = rigid(&[100, 100], pair(), &[&[0], &[1]]);
    assert_eq!(gamma(&network), whole(99));
    let network = rigid(&[100, 100, 0], pair(), &[&[0, 2], &[1, 2]]);
    assert_eq!(gamma(&network), whole(99));
    assert!(certificate(&network, Model::Rigid).is_certified());
    let mut three = pair();
    three.push(service("c", 50, whole(1)));
    let network = rigid(&[100, 100, 0], three, &[&[0, 2], &[1, 2], &[]]);
    let found = certificate(&network, Model::Rigid);
    assert_eq!((found.free.clone(), found.is_certified()), (vec![2], false));
    assert_eq!(free_attacks(&network), vec![2]);
    let attack = best_attack(&network, Model::Rigid).unwrap().0.unwrap();
    assert_eq!((attack.cost, attack.prize), (whole(0), whole(50)));
}

fn symmetric(n: u32, threshold: BigRational, degree: BigRational) -> Symmetric {
    Symmetric {
        validators: n,
        services: n,
        degree,
        threshold,
        profit: whole(1),
    }
}

/// *Elastic Restaking Networks*, Figure 3, from its authors' code. 1e-5.
#[test]
fn v06_v09_least_stake_of_symmetric_networks() {
    let degrees = [r(1, 1), r(3, 2), r(2, 1), r(3, 1)];
    let ten = [3.0, 2.85714, 2.72727, 2.5];
    for (degree, expected) in degrees.iter().zip(ten) {
        let stake = symmetric(10, r(1, 3), degree.clone())
            .least_stake(0, &whole(0))
            .unwrap();
        near(float(&stake), expected, 1e-5);
    }
    for (degree, expected) in degrees.iter().zip([2.0, 1.91304, 1.83333]) {
        let stake = symmetric(11, r(1, 2), degree.clone())
            .least_stake(0, &whole(0))
            .unwrap();
        near(float(&stake), expected, 1e-5);
    }
}

/// The same, Figure 5: the attacker's budget that the network withstands. 1e-5.
#[test]
fn v06_v10_budget_of_symmetric_networks() {
    for (degree, expected) in [
        (r(1, 1), r(7, 3)),
        (r(3, 2), whole(4)),
        (r(2, 1), r(17, 3)),
        (r(3, 1), whole(9)),
    ] {
        let network = symmetric(15, r(1, 3), degree);
        assert_eq!(network.budget(&whole(10), 0), Some(expected));
    }
    let network = symmetric(15, r(1, 3), whole(3));
    assert_eq!(network.budget(&whole(10), 3), Some(whole(8)));
}

/// The closed form against the search on the same network written out, for several sizes, degrees and Byzantine sets. Exact.
#[test]
fn symmetric_networks_agree_with_the_search() {
    for (n, m, threshold, degree, byzantine) in [
        (6, 6, r(1, 3), r(3, 2), 0),
        (5, 7, r(1, 2), r(2, 1), 1),
        (7, 5, r(2, 5), r(5, 2), 2),
        (4, 4, r(3, 4), r(1, 1), 1),
        (5, 4, r(1, 3), r(4, 1), 1),
    ] {
        let stake = whole(10);
        let closed = Symmetric {
            validators: n,
            services: m,
            degree: degree.clone(),
            threshold: threshold.clone(),
            profit: whole(1),
        };
        let allocation = &degree * &stake / whole(m.into());
        let services: Vec<Service> = (0..m)
            .map(|place| service(&format!("s{place}"), 1, threshold.clone()))
            .collect();
        let rows = vec![vec![allocation; m as usize]; n as usize];
        let network = Network::new(
            "written out",
            validators(&vec![10; n as usize]),
            services,
            rows,
        )
        .unwrap();
        let set: Vec<usize> = (0..byzantine as usize).collect();
        let left = without(&network, &set);
        let attack = best_attack(&left, Model::Elastic).unwrap().0.unwrap();
        assert_eq!(
            closed.budget(&stake, byzantine),
            Some(-attack.profit()),
            "{n} {m} {degree}"
        );
    }
}

fn three_by_three() -> Network {
    let services = vec![
        service("a", 3, r(1, 3)),
        service("b", 2, r(1, 2)),
        service("c", 1, r(1, 3)),
    ];
    let rows = [[6, 6, 3], [6, 0, 4], [0, 4, 4]]
        .map(|row| row.map(whole).to_vec())
        .to_vec();
    Network::new("three", validators(&[10, 6, 4]), services, rows).unwrap()
}

/// The authors' MILPs, run with scipy. 1e-6 (here exact).
#[test]
fn v06_v12_elastic_attack_and_byzantine_services() {
    let network = three_by_three();
    let attack = best_attack(&network, Model::Elastic).unwrap().0.unwrap();
    assert_eq!(attack.profit(), whole(-1));
    let lightest = byzantine::lightest(&network, &whole(0)).unwrap();
    assert_eq!(lightest.fraction, r(3, 16));
    assert_eq!(lightest.set, Some(vec![2]));
    assert!(is_safe(&network, Model::Elastic).unwrap());
}

/// *Risk-Aware Restaking*, the authors' simulation. 1e-6.
#[test]
fn v06_v13_risk_aware_split() {
    let groups = split(
        &[1.0, 1.0, 2.0, 2.0, 2.0, 2.0],
        &[1.2, 1.8, 1.5, 1.1, 1.9, 1.3],
    )
    .unwrap();
    assert_eq!(groups.len(), 2);
    near(groups[0].part, 0.340909, 1e-6);
    near(groups[1].part, 0.659091, 1e-6);
    for group in &groups {
        near(group.uses.iter().sum::<f64>(), group.degree, 1e-9);
        assert!(group.uses.iter().all(|part| (0.0..=1.0).contains(part)));
    }
}

/// Brute force in the plainest way, against the search, its ratio and the cascade, over fifty made-up networks.
#[test]
fn searches_agree_with_brute_force() {
    for seed in 0..50 {
        let recipe = Recipe {
            validators: 3 + seed as u32 % 4,
            services: 1 + seed as u32 % 5,
            total_stake_eth: 100,
            mean_services: 1.5,
            profit_ratio: 0.2 + (seed % 7) as f64 / 5.0,
            threshold_thousandths: [333, 500, 667, 1000][seed as usize % 4],
        };
        let network = synthetic(&recipe, seed).unwrap();
        let all = 1usize << network.validators.len();
        let sum = |set: usize| -> BigRational {
            let inside = network
                .validators
                .iter()
                .enumerate()
                .filter(|(place, _)| set >> place & 1 == 1);
            inside.map(|(_, validator)| &validator.stake).sum()
        };
        let prize = |gone: usize, set: usize| -> BigRational {
            let mut prize = BigRational::zero();
            for (place, service) in network.services.iter().enumerate() {
                let secured = |chosen: usize| -> BigRational {
                    let rows = network.allocations.iter().enumerate();
                    rows.filter(|(row, _)| chosen >> row & 1 == 1)
                        .map(|(_, row)| &row[place])
                        .sum()
                };
                if secured(set) >= &service.threshold * secured(all - 1 - gone) {
                    prize += &service.profit;
                }
            }
            prize
        };
        let mut best: Option<BigRational> = None;
        let mut ratio: Option<BigRational> = None;
        for set in 1..all {
            let prize = prize(0, set);
            if prize.is_positive() {
                let profit = &prize - sum(set);
                best = Some(best.map_or(profit.clone(), |known: BigRational| known.max(profit)));
                let cost = sum(set) / prize;
                ratio = Some(ratio.map_or(cost.clone(), |known: BigRational| known.min(cost)));
            }
        }
        if free_attacks(&network).is_empty() {
            let attack = best_attack(&network, Model::Rigid).unwrap().0.unwrap();
            assert_eq!(Some(attack.profit()), best, "seed {seed}");
            let found = least_ratio(&network, Model::Rigid).unwrap().unwrap();
            assert_eq!(Some(found.0.clone()), ratio, "seed {seed}");
            assert!(
                gamma(&network) <= found.0 - BigRational::one(),
                "certified more than true, seed {seed}"
            );
        }
        // Cascades one attack after another, as they are defined, with every service falling once.
        let total = sum(all - 1);
        let psi = r(seed as i64 % 4, 8);
        let mut worst = BigRational::zero();
        for shock in (0..all).filter(|shock| sum(*shock) <= &psi * &total) {
            let mut reached = vec![shock];
            let mut seen = std::collections::BTreeSet::new();
            while let Some(lost) = reached.pop() {
                if !seen.insert(lost) {
                    continue;
                }
                worst = worst.max(sum(lost) / &total);
                for set in (1..all).filter(|set| set & lost == 0) {
                    // From the shock at once: sequences are covered by their unions.
                    if lost == shock && prize(shock, set) > sum(set) {
                        reached.push(lost | set);
                    }
                }
            }
        }
        assert_eq!(loss(&network, psi), worst, "seed {seed}");
        if let Some(bound) = loss_bound(&gamma(&network), &r(1, 8))
            .filter(|_| certificate(&network, Model::Rigid).is_certified())
        {
            let found = loss(&network, r(1, 8));
            assert!(found.is_zero() || found < bound, "Theorem 1, seed {seed}");
        }
    }
}

/// Every remedy, applied to what it is for, leaves no attack; and a network that can be attacked has one.
#[test]
fn remedies_make_networks_safe() {
    let services = vec![
        service("blue", 101, whole(1)),
        service("green", 1, whole(1)),
    ];
    let network = rigid(&[1, 99, 100], services, &[&[0, 1], &[2]]);
    let found = remedies(&network, Model::Rigid).unwrap();
    assert!(found.contains(&weir_lab::network::Remedy::ScaleStakes(r(101, 100))));
    assert!(found.contains(&weir_lab::network::Remedy::CapProfit(0, whole(100))));
    for model in [Model::Rigid, Model::Elastic] {
        for seed in 0..12 {
            let recipe = Recipe {
                validators: 5,
                services: 4,
                total_stake_eth: 100,
                mean_services: 2.0,
                profit_ratio: 1.5,
                threshold_thousandths: 500,
            };
            let network = synthetic(&recipe, seed).unwrap();
            if is_safe(&network, model).unwrap() {
                continue;
            }
            let found = remedies(&network, model).unwrap();
            assert!(!found.is_empty(), "nothing makes seed {seed} safe");
            for remedy in found {
                use weir_lab::network::Remedy::*;
                let a_bit = r(1_000_001, 1_000_000);
                let fixed = match &remedy {
                    ScaleStakes(factor) => network.scaled(&(factor * &a_bit)),
                    CapProfit(service, cap) => network.with_profit(*service, &(cap / &a_bit)),
                    MoreStake(validator, stake) => network.with_more_stake(*validator, stake),
                    NewStake(service, stake) => network.with_new_stake(*service, stake),
                    ScaleAllocations(factor) => {
                        weir_lab::network::with_allocations(&network, factor)
                    }
                };
                assert!(is_safe(&fixed, model).unwrap(), "seed {seed}: {remedy:?}");
            }
        }
    }
}

/// The mixed-integer programme takes over for many validators, and an attack that is there is found.
#[test]
fn large_networks_are_solved() {
    let stakes: Vec<i64> = (0..40).map(|place| 10 + place % 7).collect();
    let members: Vec<usize> = (0..40).collect();
    let total: i64 = stakes.iter().sum();
    let services = vec![
        service("big", total / 3 + 2, r(1, 3)),
        service("small", 5, r(1, 2)),
    ];
    let network = rigid(&stakes, services, &[&members, &members[..4]]);
    let (attack, _) = best_attack(&network, Model::Rigid).unwrap();
    assert!(attack.unwrap().profit().is_positive());
    let recipe = Recipe {
        validators: 60,
        services: 12,
        total_stake_eth: 10_000,
        mean_services: 2.0,
        profit_ratio: 0.05,
        threshold_thousandths: 333,
    };
    assert_eq!(
        synthetic(&recipe, 3).unwrap(),
        synthetic(&recipe, 3).unwrap()
    );
}
