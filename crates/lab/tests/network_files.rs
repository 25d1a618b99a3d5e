//! Networks from files: what is read, what is refused, and what is said of them.

use num_rational::BigRational;
use weir_lab::network::{
    Method, Model, Recipe, Secured, analyse, byzantine, certificate, is_safe, least_ratio,
    of_running, parse, parse_services, shown, synthetic, with_allocations,
};

const FILE: &str = r#"
name = "three operators"
synthetic = true

[[validator]]
name = "ada"
stake_eth = 100

[[validator]]
name = "bo"
stake_eth = 60.5

[[validator]]
name = "cy"
stake_eth = 1e1

[[service]]
name = "oracle"
profit_eth = 30
threshold = "1/3"
validators = ["ada", "bo"]

[[service]]
name = "bridge"
profit_eth = 20
threshold = 0.5
validators = ["bo", "cy"]
"#;

fn r(above: i64, below: i64) -> BigRational {
    BigRational::new(above.into(), below.into())
}

/// Numbers are read as they are written: 0.5 is a half, "1/3" a third.
#[test]
fn a_file_is_read_exactly() {
    let network = parse("net.toml", FILE).unwrap();
    assert_eq!(network.total_stake(), r(341, 2));
    assert_eq!(network.services[0].threshold, r(1, 3));
    assert_eq!(network.services[1].threshold, r(1, 2));
    assert_eq!(network.secured_by(1), r(141, 2));
    assert!(network.is_rigid() && network.is_synthetic);
    let partial = FILE.replace(
        "validators = [\"bo\", \"cy\"]",
        "allocations_eth = { bo = 30, cy = 10 }",
    );
    let network = parse("net.toml", &partial).unwrap();
    assert_eq!(
        (network.secured_by(1), network.is_rigid()),
        (r(40, 1), false)
    );
}

/// Each mistake names its line, its value and what was expected.
#[test]
fn mistakes_are_refused_with_their_line() {
    let cases = [
        (
            "stake_eth = 100",
            "stake_eth = nan",
            "line 7: validator[1].stake_eth is nan; expected an amount of ETH that is finite",
        ),
        (
            "stake_eth = 100",
            "stake_eth = -1",
            "line 7: validator[1].stake_eth is -1; expected an amount of ETH",
        ),
        (
            "stake_eth = 100",
            "stake_eth = inf",
            "line 7: validator[1].stake_eth is inf; expected",
        ),
        (
            "stake_eth = 100",
            "stake_eth = \"100 gwei\"",
            "line 7: validator[1].stake_eth is \"100 gwei\"; expected an amount of ETH",
        ),
        (
            "stake_eth = 100",
            "stake_gwei = 100",
            "validator[1].stake_eth is missing; expected an amount of ETH",
        ),
        (
            "profit_eth = 30",
            "profit_eth = true",
            "line 19: service[1].profit_eth is true; expected",
        ),
        (
            "threshold = \"1/3\"",
            "threshold = 1.2",
            "line 20: service[1].threshold is 6/5; expected a part above 0",
        ),
        (
            "threshold = 0.5",
            "threshold = 0",
            "line 26: service[2].threshold is 0; expected a part above 0",
        ),
        (
            "threshold = \"1/3\"",
            "threshold = \"1/0\"",
            "line 20: service[1].threshold is \"1/0\"; expected a part above 0",
        ),
        (
            "\"bo\", \"cy\"",
            "\"bo\", \"eve\"",
            "line 27: a validator of a service is eve; expected a validator of this file: ada, bo, cy",
        ),
        (
            "\"bo\", \"cy\"",
            "\"bo\", \"bo\"",
            "line 27: a validator of a service is bo; expected each validator once",
        ),
        (
            "validators = [\"bo\", \"cy\"]",
            "allocations_eth = { bo = 61 }",
            "line 27: a validator of a service is 61; expected 0 to 121/2 ETH",
        ),
        (
            "validators = [\"bo\", \"cy\"]",
            "",
            "service[2].allocations_eth is missing; expected either `validators`",
        ),
        (
            "name = \"cy\"",
            "name = \"ada\"",
            "line 14: validator[3].name is \"ada\"; expected a name that no other has",
        ),
        (
            "synthetic = true",
            "synthetic = \"yes\"",
            "line 3: synthetic is \"yes\"; expected true or false",
        ),
        (
            "synthetic = true",
            "unit = \"gwei\"",
            "line 3: unit is not a key here; expected one of: name, synthetic",
        ),
        (
            "[[validator]]\nname = \"ada\"",
            "[[validator]\nname = \"ada\"",
            "line 5",
        ),
    ];
    for (from, to, expected) in cases {
        let text = FILE.replacen(from, to, 1);
        let error = parse("net.toml", &text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}\nexpected: {expected}");
        assert!(error.starts_with("net.toml, line "));
    }
    let empty = parse("net.toml", "").unwrap_err().to_string();
    assert_eq!(
        empty,
        "net.toml, line 1: name is missing; expected a name in quotes"
    );
}

/// What is not certified is not called attackable, a made-up network is called that, and members have names.
#[test]
fn an_analysis_says_no_more_than_it_knows() {
    let network = parse("net.toml", FILE).unwrap();
    let analysis = analyse(&network, &[r(1, 10), r(1, 2)]).unwrap();
    let robust = analysis.robust.as_ref().unwrap();
    // bo: 30·3/160.5 + 20·2/70.5 = 1.128, so γ* is about −0.114.
    assert!(!robust.is_certified);
    let attack = robust.attack.as_ref().unwrap();
    assert_eq!(attack.method, Method::Exact);
    assert!(!attack.succeeds);
    let text = analysis.text();
    assert!(text.contains("synthetic"));
    assert!(text.contains("not certified"), "{text}");
    assert!(text.contains("this alone does not say that it can be attacked"));
    assert!(text.contains("the best attack does not pay (exact)"));
    assert!(text.contains("after a loss of up to 50 %"));
    let json = serde_json::to_string(&analysis).unwrap();
    assert!(json.contains("\"certified_gamma\""));
    let html = analysis.html();
    assert!(html.starts_with("<section") && !html.contains("<script"));
    let named = FILE.replace("name = \"oracle\"", "name = \"<b>oracle\"");
    let page = analyse(&parse("net.toml", &named).unwrap(), &[])
        .unwrap()
        .html();
    assert!(page.contains("&lt;b&gt;oracle") && !page.contains("<b>"));
}

/// A whole number is shown as it is, a fraction with its digits.
#[test]
fn numbers_are_shown_for_people() {
    assert_eq!(shown(&r(12, 1)), "12");
    assert_eq!(shown(&r(1, 3)), "0.333333 (1/3)");
}

/// Figure 5 of *Elastic Restaking Networks* from a file of four lines: budget 4, and the same weight of Byzantine services as
/// the search over the network written out finds on a smaller one.
#[test]
fn networks_of_alike_members_use_closed_forms() {
    let file = "name = \"alike\"\n[symmetric]\nvalidators = 15\nservices = 15\nstake_eth = 10\ndegree = \"3/2\"\nprofit_eth = 1\nthreshold = \"1/3\"\n";
    let network = parse("alike.toml", file).unwrap();
    let analysis = analyse(&network, &[]).unwrap();
    assert_eq!(analysis.elastic.budget_eth.unwrap().exact, "4");
    assert_eq!(analysis.degree.exact, "3/2");
    let small = file
        .replace("15", "5")
        .replace("stake_eth = 10", "stake_eth = 4");
    let network = parse("alike.toml", &small).unwrap();
    let closed = byzantine::lightest(&network, &r(0, 1)).unwrap();
    let mut searched = network.clone();
    searched.symmetric = None;
    let searched = byzantine::lightest(&searched, &r(0, 1)).unwrap();
    assert_eq!(closed.fraction, searched.fraction);
    let wrong = parse("alike.toml", &file.replace("\"3/2\"", "16")).unwrap_err();
    assert!(
        wrong.to_string().contains(
            "line 6: symmetric.degree is 16; expected from 0 to the number of services, 15"
        )
    );
}

/// Stakes from a deployment: a vault gives a unit to one service, and a service nobody priced is refused by name.
#[test]
fn stakes_of_a_deployment_make_a_network() {
    let services = parse_services(
        "services.toml",
        "[[service]]\nname = \"oracle\"\nprofit_eth = 5\nthreshold = \"1/2\"\n",
    );
    let secured = |service: &str, operator: &str, eth: u128| Secured {
        service: service.to_owned(),
        operator: operator.to_owned(),
        stake_wei: eth * 10u128.pow(18),
    };
    let stakes = [
        secured("oracle", "ada", 3),
        secured("oracle", "ada", 1),
        secured("oracle", "bo", 8),
    ];
    let network = of_running("devnet", &stakes, services.clone().unwrap()).unwrap();
    assert_eq!(
        (network.total_stake(), network.degree()),
        (r(12, 1), r(1, 1))
    );
    assert!(is_safe(&network, Model::Elastic).unwrap());
    let error =
        of_running("devnet", &[secured("bridge", "ada", 1)], services.unwrap()).unwrap_err();
    assert!(error.to_string().starts_with("bridge has stake"));
}

/// What the elastic certificate says holds for the best attack, over made-up networks with partial allocations.
#[test]
fn certificates_never_say_more_than_the_search() {
    let mut certified = 0;
    for seed in 0..60 {
        let recipe = Recipe {
            validators: 5,
            services: 4,
            total_stake_eth: 100,
            mean_services: 2.0,
            profit_ratio: 0.1 + seed as f64 / 100.0,
            threshold_thousandths: 400,
        };
        let network = with_allocations(
            &synthetic(&recipe, seed).unwrap(),
            &r(seed as i64 % 3 + 1, 3),
        );
        let found = certificate(&network, Model::Elastic);
        if found.is_certified() {
            certified += 1;
            assert!(is_safe(&network, Model::Elastic).unwrap(), "seed {seed}");
            let (ratio, ..) = least_ratio(&network, Model::Elastic).unwrap().unwrap();
            assert!(found.gamma.unwrap() <= ratio - r(1, 1), "seed {seed}");
        }
    }
    assert!(certified > 5, "only {certified} were certified");
}
