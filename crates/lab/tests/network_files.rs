//! Networks from files: what is read, what is refused, and what is said of them.

use num_rational::BigRational;
use weir_lab::network::{Method, analyse, parse, shown};

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
