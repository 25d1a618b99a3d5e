use alloy::primitives::U256;

use super::*;
use crate::amount::WAD;

/// The example with one line replaced.
fn edited(from: &str, to: &str) -> String {
    assert!(EXAMPLE.contains(from), "the example has no `{from}`");
    EXAMPLE.replacen(from, to, 1)
}

/// The fault of a plan that must be refused.
fn fault_of(text: &str) -> PlanError {
    Plan::from_toml(text).expect_err("the plan should be refused")
}

fn line_of(text: &str, needle: &str) -> usize {
    text.lines().position(|line| line.contains(needle)).unwrap() + 1
}

#[test]
fn the_example_is_a_valid_plan() {
    let plan = Plan::from_toml(EXAMPLE).unwrap();
    assert_eq!(plan.assets.len(), 3);
    assert_eq!(plan.vault.epoch_s, 432_000);
    assert_eq!(plan.instant_exit.kink_outflow_eth.0, U256::from(100) * WAD);
    assert_eq!(
        plan.assets[0].rate.as_ref().unwrap().call.selector(),
        [0x03, 0x5f, 0xaf, 0x82]
    );
}

#[test]
fn the_hash_ignores_comments_and_sees_every_value() {
    let plan = Plan::from_toml(EXAMPLE).unwrap();
    let bare: String = EXAMPLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(Plan::from_toml(&bare).unwrap().hash(), plan.hash());
    let moved = edited("base_fee_bps = 5", "base_fee_bps = 6");
    assert_ne!(Plan::from_toml(&moved).unwrap().hash(), plan.hash());
}

#[test]
fn a_fault_names_the_line_the_value_and_what_was_expected() {
    let cases = [
        ("epoch_s = 432_000", "epoch_s = \"5 days\"", "u64"),
        (
            "grace_s = 172_800",
            "grace_s = 432_000",
            "shorter than an epoch (432000 s)",
        ),
        (
            "grace_s = 172_800",
            "grace = 172_800",
            "unknown field `grace`",
        ),
        (
            "base_fee_bps = 5",
            "base_fee_bps = 10_001",
            "over 1000 (10 %)",
        ),
        (
            "kink_fee_bps = 30",
            "kink_fee_bps = 4",
            "under base_fee_bps (5)",
        ),
        (
            "limit_outflow_eth = \"500\"",
            "limit_outflow_eth = \"99.5\"",
            "at least kink_outflow_eth (100)",
        ),
        (
            "kink_outflow_eth = \"100\"",
            "kink_outflow_eth = 100",
            "a decimal amount in quotes",
        ),
        (
            "kink_outflow_eth = \"100\"",
            "kink_outflow_eth = \"1e2\"",
            "`1e2` is not a decimal number",
        ),
        (
            "governor = \"deployer\"",
            "governor = \"me\"",
            "expected \"deployer\" or an address",
        ),
        (
            "token = \"deploy:wsteth\"",
            "token = \"deploy:cbeth\"",
            "not a devnet token",
        ),
        (
            "call = \"stEthPerToken()\"",
            "call = \"stEthPerToken\"",
            "is not a call",
        ),
        ("symbol = \"rETH\"", "symbol = \"WSTETH\"", "taken already"),
        (
            "veto_window_s = 172_800",
            "veto_window_s = 432_000",
            "shorter than an epoch",
        ),
        (
            "operator = \"north\"",
            "operator = \"south\"",
            "no operator of this plan is named `south`",
        ),
        ("share_bps = 4_000", "share_bps = 10_001", "over 10000"),
    ];
    for (from, to, expected) in cases {
        let text = edited(from, to);
        let fault = fault_of(&text);
        let shown = fault.to_string();
        assert!(shown.contains(expected), "{to}: {shown}");
        assert_eq!(fault.line, Some(line_of(&text, to)), "{to}: {shown}");
        assert!(
            fault.excerpt.as_deref().unwrap_or_default().contains(to),
            "{to}: {shown}"
        );
    }
}

#[test]
fn a_mistyped_address_is_caught_by_its_checksum() {
    let text = edited(
        "0x000000000000000000000000000000000000dEaD",
        "0x000000000000000000000000000000000000DEaD",
    );
    assert!(fault_of(&text).to_string().contains("checksum"));
}

#[test]
fn allocations_may_not_sum_to_more_than_all_stake() {
    let text = format!(
        "{}\n[[operators]]\nname = \"south\"\naccount = \"deployer\"\n\
         [[allocations]]\nservice = \"attestation\"\noperator = \"south\"\nshare_bps = 6_001\n",
        EXAMPLE
    );
    let fault = fault_of(&text);
    assert_eq!(fault.path, "allocations[1].share_bps");
    assert!(fault.to_string().contains("10001 bps"), "{fault}");
}

#[test]
fn text_that_is_not_toml_is_answered_with_its_line() {
    let text = edited("[vault]", "[vault");
    let fault = fault_of(&text);
    assert_eq!(fault.line, Some(line_of(&text, "[vault")));
}

#[test]
fn a_service_has_one_filer_with_sound_parameters() {
    const ATTESTATION: &str = "[services.attestation]\nperiod_s = 60\nslash_bps = 1_000\n";
    const CUSTODY: &str =
        "[services.custody]\nanswer_s = 3_600\nslash_bps = 1_000\nbond_eth = \"0.01\"\n";
    let with = |program: &str| {
        let text = edited("slasher = \"deployer\"\n", "");
        let text = text.replacen("name = \"attestation\"", "name = \"watched\"", 1);
        let text = text.replacen("service = \"attestation\"", "service = \"watched\"", 1);
        text.replacen("[[operators]]", &format!("{program}\n[[operators]]"), 1)
    };
    for program in [ATTESTATION, CUSTODY] {
        let plan = Plan::from_toml(&with(program)).unwrap();
        let name = plan.services[0].program().unwrap();
        assert_eq!(plan.program("watched"), name);
        assert_eq!(plan.program("hub"), "hub");
    }
    let attestation = with(ATTESTATION);
    let custody = with(CUSTODY);
    let both = with(&format!("{ATTESTATION}\n{CUSTODY}"));
    let named_like_another = attestation.replace("\"watched\"", "\"hub\"");
    let cases = [
        (with(""), "either a slasher"),
        (both, "either a slasher"),
        (named_like_another, "`hub` is the name of another contract"),
        (
            attestation.replace("period_s = 60", "period_s = 0"),
            "heights",
        ),
        (
            attestation.replace("slash_bps = 1_000", "slash_bps = 0"),
            "nobody",
        ),
        (
            attestation.replace("slash_bps = 1_000", "slash_bps = 5_001"),
            "5001 bps",
        ),
        (
            custody.replace("answer_s = 3_600", "answer_s = 432_000"),
            "shorter than an epoch",
        ),
        (custody.replace("\"0.01\"", "\"0\""), "more than 0"),
        (
            custody.replace("\"0.01\"", "\"2000000\""),
            "at most 1000000",
        ),
    ];
    for (text, expected) in cases {
        let fault = fault_of(&text).to_string();
        assert!(fault.contains(expected), "no `{expected}` in: {fault}");
    }
}
