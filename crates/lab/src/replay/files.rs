//! Files of history that are known, and one's own.

use num_bigint::BigUint;
use num_traits::{ToPrimitive as _, Zero as _};
use serde::Deserialize;

use super::cascade::Loan;
use super::{HistoryError, Series, unix_of};

/// Refuses line `line` of `file`.
fn refuse(file: &str, line: usize, what: impl Into<String>, expected: &str) -> HistoryError {
    HistoryError {
        file: file.to_owned(),
        line: Some(line),
        what: what.into(),
        expected: expected.to_owned(),
    }
}

fn number(file: &str, line: usize, name: &str, text: Option<&str>) -> Result<f64, HistoryError> {
    let text = text.unwrap_or_default().trim();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err(refuse(
            file,
            line,
            format!("{name} is {text:?}"),
            "a finite number",
        )),
    }
}

/// rETH's rate from a file of balances: a JSON array of hexadecimal numbers a line, of which the third is all ETH, the fifth the supply
/// and the sixth the time (as in xrchz/rockettrack, `balances.jsonl`).
pub fn rates(file: &str, text: &str) -> Result<Series, HistoryError> {
    let shape = "a JSON array of six hexadecimal numbers: block, time of balances, ETH, staked ETH, supply, time";
    let mut points = Vec::new();
    for (line, row) in (1..).zip(text.lines()) {
        let fields: Vec<String> = serde_json::from_str(row)
            .map_err(|error| refuse(file, line, error.to_string(), shape))?;
        let hex = |place: usize| {
            let digits = fields.get(place).and_then(|field| field.strip_prefix("0x"));
            digits.and_then(|digits| BigUint::parse_bytes(digits.as_bytes(), 16))
        };
        let (Some(ether), Some(supply), Some(at_s)) = (hex(2), hex(4), hex(5)) else {
            return Err(refuse(
                file,
                line,
                "a field is no hexadecimal number",
                shape,
            ));
        };
        if !supply.is_zero() {
            let rate = rate_wad(&ether, &supply).to_f64().unwrap_or(f64::NAN) * 1e-18;
            points.push((at_s.to_f64().unwrap_or(f64::NAN), rate));
        }
    }
    enough(file, points)
}

/// ETH per share, in WAD, rounded down.
pub(super) fn rate_wad(ether: &BigUint, supply: &BigUint) -> BigUint {
    ether * BigUint::from(1_000_000_000_000_000_000u64) / supply
}

/// The part of a Curve pool that is staked ETH, from a CSV of Unix time, virtual price, stETH balance and ETH balance (as in
/// MiguelBits/curve-studies-depegs, `finished/stETH.csv`).
pub fn pool(file: &str, text: &str) -> Result<Series, HistoryError> {
    let mut points = Vec::new();
    for (line, row) in (1..)
        .zip(text.lines())
        .skip(1)
        .filter(|(_, row)| !row.trim().is_empty())
    {
        let fields: Vec<&str> = row.split(',').collect();
        let field = |place: usize, name: &str| number(file, line, name, fields.get(place).copied());
        let (at_s, staked, ether) = (
            field(0, "Unix time")?,
            field(2, "stETH balance")?,
            field(3, "ETH balance")?,
        );
        if staked <= 0.0 || ether <= 0.0 {
            return Err(refuse(
                file,
                line,
                "a balance is not positive",
                "balances in wei",
            ));
        }
        points.push((at_s, staked / (staked + ether)));
    }
    enough(file, points)
}

/// The wait in Ethereum's exit queue, days, from a JSON array of days (as in etheralpha/validatorqueue-com, `historical_data.json`).
pub fn queue(file: &str, text: &str) -> Result<Series, HistoryError> {
    #[derive(Deserialize)]
    struct Day {
        date: String,
        exit_wait: f64,
    }
    let days: Vec<Day> = serde_json::from_str(text).map_err(|error| {
        refuse(
            file,
            error.line(),
            error.to_string(),
            "a JSON array of objects with `date` and `exit_wait` in days",
        )
    })?;
    let mut points = Vec::new();
    for day in days {
        let at_s = unix_of(&day.date)
            .ok_or_else(|| refuse(file, 1, format!("date is {:?}", day.date), "YYYY-MM-DD"))?;
        points.push((at_s, day.exit_wait));
    }
    enough(file, points)
}

/// One column of a CSV with a header, whose first column is `day` (`YYYY-MM-DD`) or `unix_s`.
pub fn own(file: &str, text: &str, column: &str) -> Result<Series, HistoryError> {
    let mut lines = (1..).zip(text.lines());
    let header: Vec<&str> = lines
        .next()
        .map(|(_, header)| header.split(',').map(str::trim).collect())
        .unwrap_or_default();
    let is_day = match header.first() {
        Some(&"day") => true,
        Some(&"unix_s") => false,
        other => {
            return Err(refuse(
                file,
                1,
                format!("the first column is {:?}", other.unwrap_or(&"")),
                "day or unix_s",
            ));
        }
    };
    let Some(place) = header.iter().position(|name| *name == column) else {
        return Err(refuse(
            file,
            1,
            format!("there is no column {column} in {header:?}"),
            "a header that names it",
        ));
    };
    let mut points = Vec::new();
    for (line, row) in lines.filter(|(_, row)| !row.trim().is_empty()) {
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        if fields.len() != header.len() {
            let what = format!("{} fields", fields.len());
            return Err(refuse(
                file,
                line,
                what,
                &format!("{}, as in the header", header.len()),
            ));
        }
        let at_s = if is_day {
            unix_of(fields[0]).ok_or_else(|| {
                refuse(file, line, format!("day is {:?}", fields[0]), "YYYY-MM-DD")
            })?
        } else {
            number(file, line, "unix_s", Some(fields[0]))?
        };
        points.push((at_s, number(file, line, column, Some(fields[place]))?));
    }
    enough(file, points)
}

/// Loans of a lending market from a CSV with the columns `ethdebt` and `healthf` (as in lidofinance/aave-liquidation-model, `data/`); those
/// without debt are left out.
pub fn positions(file: &str, text: &str) -> Result<Vec<Loan>, HistoryError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| refuse(file, 1, error.to_string(), "CSV with a header"))?
        .clone();
    let place = |name: &str| {
        let found = header.iter().position(|column| column == name);
        found.ok_or_else(|| {
            refuse(
                file,
                1,
                format!("there is no column {name}"),
                "the columns ethdebt and healthf",
            )
        })
    };
    let (debt, health) = (place("ethdebt")?, place("healthf")?);
    let mut loans = Vec::new();
    for (line, row) in (2..).zip(reader.records()) {
        let row = row.map_err(|error| {
            refuse(
                file,
                line,
                error.to_string(),
                "as many fields as in the header",
            )
        })?;
        let loan = Loan {
            debt_eth: number(file, line, "ethdebt", row.get(debt))?,
            health: number(file, line, "healthf", row.get(health))?,
        };
        if loan.debt_eth > 0.0 {
            loans.push(loan);
        }
    }
    Ok(loans)
}

fn enough(file: &str, points: Vec<(f64, f64)>) -> Result<Series, HistoryError> {
    if points.len() < 2 {
        return Err(refuse(
            file,
            1,
            format!("{} points", points.len()),
            "at least two",
        ));
    }
    Ok(Series::new(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V45: rETH at block 18,011,520 (xrchz/rockettrack, balances.jsonl).
    #[test]
    fn reths_rate_is_floored_as_on_chain() {
        let hex = |text: &str| BigUint::parse_bytes(text.as_bytes(), 16).unwrap();
        let rate = rate_wad(&hex("75e2375c2c8796590b8e"), &hex("6cf772f8e9aa484dfd07"));
        assert_eq!(rate, BigUint::from(1_081_832_958_865_592_537u64));
        let line = r#"["0x112d580","0x0","0x75e2375c2c8796590b8e","0x6a0e872f43782789c623","0x6cf772f8e9aa484dfd07","0x64ec4a0f"]"#;
        let later = line.replace("0x64ec4a0f", "0x64ed4a0f");
        let series = rates("r", &format!("{line}\n{later}\n")).unwrap();
        assert!(
            (series.at(f64::from(0x64ec_4a0f)).unwrap() - 1.081_832_958_865_592_5).abs() < 1e-15
        );
    }

    #[test]
    fn files_are_refused_with_line_value_and_expectation() {
        let text = |error: HistoryError| error.to_string();
        let own = |csv: &str| own("mine.csv", csv, "growth").unwrap_err();
        assert_eq!(
            text(own("day,growth\n2022-05-01,1.0\n2022-05-02,NaN\n")),
            "mine.csv, line 3: growth is \"NaN\"; expected a finite number"
        );
        assert_eq!(
            text(own("day,growth\n2022-02-30,1\n")),
            "mine.csv, line 2: day is \"2022-02-30\"; expected YYYY-MM-DD"
        );
        assert!(text(own("day,rate\n2022-02-01,1\n")).contains("there is no column growth"));
        assert!(text(own("day,growth\n2022-02-01\n")).contains("line 2: 1 fields; expected 2"));
        assert!(text(pool("p", "a,b,c,d\n1,2,0,4\n")).contains("not positive"));
        assert!(text(rates("r", "[1]\n")).contains("line 1"));
        assert!(text(queue("q", "[{\"date\":\"x\",\"exit_wait\":1}]")).contains("YYYY-MM-DD"));
        fn pool(file: &str, csv: &str) -> HistoryError {
            super::pool(file, csv).unwrap_err()
        }
        fn rates(file: &str, csv: &str) -> HistoryError {
            super::rates(file, csv).unwrap_err()
        }
        fn queue(file: &str, csv: &str) -> HistoryError {
            super::queue(file, csv).unwrap_err()
        }
    }
}
