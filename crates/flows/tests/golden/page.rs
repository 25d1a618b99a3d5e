//! The page on cost quotes the record.

const PAGE: &str = include_str!("../../../../docs/protocol/cost.md");
const RECORD: &str = include_str!("../../../../contracts/golden/gas.txt");

/// Cached gas of a call, as it is recorded.
fn recorded(call: &str) -> Option<&'static str> {
    let row = RECORD.lines().find_map(|line| {
        let rest = line.strip_prefix(call)?;
        rest.starts_with("  ").then_some(rest)
    });
    row?.split_whitespace().last()
}

#[test]
fn the_page_on_cost_quotes_what_is_recorded() {
    let mut quoted = 0;
    for row in PAGE.lines().filter(|line| line.starts_with("| ")).skip(2) {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let (call, gas) = (cells.next().unwrap(), cells.next().unwrap());
        assert_eq!(
            recorded(call),
            Some(gas.replace(',', "").as_str()),
            "{call}"
        );
        quoted += 1;
    }
    assert_eq!(quoted, 4);
}
