//! A plan for people.

use std::fmt::Write;

use super::plan::{Plan, Point};

impl Plan {
    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for line in self.summary() {
            let _ = writeln!(out, "{line}");
        }
        out.push_str(
            "\nallocation                                part    expected return of a unit\n",
        );
        for each in &self.allocations {
            let pair = format!("{} through {}", each.service, each.operator);
            let _ = writeln!(
                out,
                "{pair:<38} {:>9}    {}",
                percent(each.part),
                percent(each.expected_return)
            );
        }
        out.push_str("\nwhat binds\n");
        for price in &self.prices {
            let _ = writeln!(out, "  {}", price.meaning);
        }
        out.push_str("\nfrontier\n  expected return       CVaR   allocated\n");
        for point in &self.frontier {
            let _ = writeln!(
                out,
                "  {:>15} {:>10} {:>11}",
                percent(point.expected_return),
                percent(point.shortfall),
                percent(point.allocated)
            );
        }
        out.push_str("\nthe curator's transactions (each accepted by the allocator's rules)\n");
        for line in self.call_lines() {
            let _ = writeln!(out, "  {line}");
        }
        out
    }

    /// For a page: a `section` element with the frontier drawn, everything escaped.
    pub fn html(&self) -> String {
        let mut out = String::from("<section class=\"optimize\">\n<h2>Allocation</h2>\n");
        for line in self.summary() {
            let _ = writeln!(out, "<p>{}</p>", escaped(&line));
        }
        out.push_str("<table><tr><th>service</th><th>operator</th><th>part</th><th>expected return of a unit</th></tr>\n");
        for each in &self.allocations {
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(&each.service),
                escaped(&each.operator),
                percent(each.part),
                percent(each.expected_return)
            );
        }
        out.push_str("</table>\n<h3>What binds</h3>\n<ul>\n");
        for price in &self.prices {
            let _ = writeln!(out, "<li>{}</li>", escaped(&price.meaning));
        }
        let _ = writeln!(
            out,
            "</ul>\n<h3>Efficient frontier</h3>\n{}",
            drawn(&self.frontier, (self.shortfall, self.expected_return))
        );
        out.push_str("<h3>The curator's transactions</h3>\n<ol>\n");
        for line in self.call_lines() {
            let _ = writeln!(out, "<li><code>{}</code></li>", escaped(&line));
        }
        out.push_str("</ol>\n</section>\n");
        out
    }

    fn summary(&self) -> Vec<String> {
        let kind = if self.is_synthetic {
            " (synthetic: made up, no network that exists)"
        } else {
            ""
        };
        let years = self.horizon_years;
        let fresh = &self.fresh;
        vec![
            format!("{}{kind}", self.scenario),
            format!(
                "expected return over {years} years, after slashing: {} of the capacity (the limits allow {})",
                percent(self.expected_return),
                percent(self.most_return)
            ),
            format!(
                "mean net loss of the worst {}: {} over the {} draws that found it, {} ± {} over {} fresh ones",
                percent(1.0 - self.level),
                percent(self.shortfall),
                self.draws,
                percent(fresh.expected_shortfall),
                percent(1.96 * fresh.standard_error),
                fresh.effective_samples.round()
            ),
        ]
    }

    fn call_lines(&self) -> Vec<String> {
        let lines = self.calls.iter().map(|call| {
            let when = match call.step {
                1 => "now",
                _ => "three epochs after the decreases",
            };
            format!(
                "{when}: allocate({}, {}, {}) — {} through {}, was {}",
                call.service_id,
                call.operator_address,
                call.magnitude_wad,
                call.service,
                call.operator,
                call.was_wad
            )
        });
        lines.collect()
    }
}

/// CVaR to the right, return upwards.
fn drawn(frontier: &[Point], chosen: (f64, f64)) -> String {
    let (width, height, margin) = (560.0, 320.0, 56.0);
    let xs = || {
        frontier
            .iter()
            .map(|point| point.shortfall)
            .chain([chosen.0])
    };
    let ys = || {
        frontier
            .iter()
            .map(|point| point.expected_return)
            .chain([chosen.1])
    };
    let span = |values: &dyn Fn() -> Vec<f64>| {
        let (low, high) = values()
            .iter()
            .fold((f64::MAX, f64::MIN), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        (low, (high - low).max(1e-12))
    };
    let (x0, dx) = span(&|| xs().collect());
    let (y0, dy) = span(&|| ys().collect());
    let at = |x: f64, y: f64| {
        let right = margin + (x - x0) / dx * (width - 2.0 * margin);
        let down = height - margin - (y - y0) / dy * (height - 2.0 * margin);
        (right, down)
    };
    let points: Vec<String> = frontier
        .iter()
        .map(|point| {
            let (x, y) = at(point.shortfall, point.expected_return);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let mut dots = String::new();
    for point in frontier {
        let (x, y) = at(point.shortfall, point.expected_return);
        let title = format!(
            "return {}, CVaR {}",
            percent(point.expected_return),
            percent(point.shortfall)
        );
        let _ = write!(
            dots,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{title}</title></circle>"
        );
    }
    let (x, y) = at(chosen.0, chosen.1);
    let _ = write!(
        dots,
        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\" fill=\"none\" stroke=\"currentColor\"><title>chosen</title></circle>"
    );
    let (low_x, low_y) = at(x0, y0);
    format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"efficient frontier\">\
         <polyline points=\"{}\" fill=\"none\" stroke=\"currentColor\"/>{dots}\
         <text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\">CVaR {} to {}</text>\
         <text x=\"4\" y=\"{:.1}\" font-size=\"12\">return {} to {}</text></svg>",
        points.join(" "),
        low_x,
        low_y + 36.0,
        percent(x0),
        percent(x0 + dx),
        margin / 2.0,
        percent(y0),
        percent(y0 + dy)
    )
}

fn percent(part: f64) -> String {
    format!("{:.3} %", part * 100.0)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
