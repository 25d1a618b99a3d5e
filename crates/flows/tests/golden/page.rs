//! The page on cost quotes the record.

use std::{env, fs};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol/cost.md");
const RECORD: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../contracts/golden/gas.txt"
);

/// Cached gas of a call, as it is recorded, with commas.
fn recorded(record: &str, call: &str) -> Option<String> {
    let row = record.lines().find_map(|line| {
        let rest = line.strip_prefix(call)?;
        rest.starts_with("  ").then_some(rest)
    });
    let gas: u64 = row?.split_whitespace().last()?.parse().ok()?;
    Some(format!("{},{:03}", gas / 1_000, gas % 1_000))
}

/// After a change that is meant to alter the record: `WEIR_BLESS=1 cargo test --workspace --test golden`, twice.
#[test]
fn the_page_on_cost_quotes_what_is_recorded() {
    let (page, record) = (fs::read_to_string(PAGE), fs::read_to_string(RECORD));
    let (page, record) = (page.expect("the page"), record.expect("the record"));
    let mut quoted = 0;
    let mut right = page.clone();
    for row in page.lines().filter(|line| line.starts_with("| ")).skip(2) {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (call, gas) = (cells.next().unwrap(), cells.next().unwrap());
        let now = recorded(&record, call).unwrap_or_else(|| panic!("{call} is not recorded"));
        right = right.replace(row, &row.replacen(gas, &now, 1));
        quoted += 1;
    }
    assert_eq!(quoted, 4);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::write(PAGE, &right).expect("the page");
    }
    let written = fs::read_to_string(PAGE).expect("the page");
    assert_eq!(
        written, right,
        "{PAGE} (left) quotes another record (right)"
    );
}
