//! A number over time.

use super::HistoryError;

/// Points in the order of time: Unix seconds, value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    points: Vec<(f64, f64)>,
}

impl Series {
    /// A series of these points, in any order.
    pub fn new(mut points: Vec<(f64, f64)>) -> Self {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { points }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// The value at a time: between two points on the line between them; none outside.
    pub fn at(&self, unix_s: f64) -> Option<f64> {
        let after = self.points.partition_point(|(at, _)| *at < unix_s);
        let (to_s, to) = *self.points.get(after)?;
        if to_s == unix_s {
            return Some(to);
        }
        let (from_s, from) = *self.points.get(after.checked_sub(1)?)?;
        Some(from + (to - from) * (unix_s - from_s) / (to_s - from_s))
    }

    /// Values at `from_s`, `from_s + step_s`, …: `steps + 1` of them. `file` is what an error calls it.
    pub fn grid(
        &self,
        file: &str,
        from_s: f64,
        step_s: f64,
        steps: usize,
    ) -> Result<Vec<f64>, HistoryError> {
        let value = |step: usize| {
            let at_s = from_s + step as f64 * step_s;
            self.at(at_s).ok_or_else(|| self.outside(file, at_s))
        };
        (0..=steps).map(value).collect()
    }

    fn outside(&self, file: &str, at_s: f64) -> HistoryError {
        let days =
            |point: Option<&(f64, f64)>| point.map_or_else(String::new, |(at_s, _)| day_of(*at_s));
        HistoryError {
            file: file.to_owned(),
            line: None,
            what: format!("it says nothing about {}", day_of(at_s)),
            expected: format!(
                "days from {} to {}",
                days(self.points.first()),
                days(self.points.last())
            ),
        }
    }
}

/// The day of a time, `YYYY-MM-DD` (Howard Hinnant, chrono-compatible low-level date algorithms, 2013).
pub fn day_of(unix_s: f64) -> String {
    let z = (unix_s / 86_400.0).floor() as i64 + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, leap) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    format!("{:04}-{month:02}-{day:02}", year_of_era + era * 400 + leap)
}

/// When a day begins, Unix seconds; none if it is not `YYYY-MM-DD`.
pub fn unix_of(day: &str) -> Option<f64> {
    let mut parts = day.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, of_month) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let year_from_march = if month <= 2 { year - 1 } else { year };
    let era = year_from_march.div_euclid(400);
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + of_month - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let unix_s = (era * 146_097 + day_of_era - 719_468) as f64 * 86_400.0;
    // Days that do not exist do not come back as themselves.
    (day_of(unix_s) == day).then_some(unix_s)
}
