//! The HTML file of a report: styles, script and data in it; it opens without a network.

use std::fmt::Write as _;

use super::figures::Figure;
use super::summary::percent;
use super::{Figures, plots, summary};
use crate::estimate::Estimate;
use crate::stress::Moment;
use crate::table::{Paths, TableError};

const STYLE: &str = include_str!("report.css");

/// The report of a run as HTML; `recorded` are a few paths step by step.
pub fn html(
    paths: &Paths,
    figures: &Figures,
    recorded: &[Vec<Moment>],
) -> Result<String, TableError> {
    let mut page = String::new();
    let title = escape(&figures.title);
    let sentences: String = summary(figures)
        .iter()
        .map(|line| format!("<li>{}</li>\n", escape(line)))
        .collect();
    let effective = if figures.tilt == 1.0 {
        String::new()
    } else {
        format!(
            ", worth {:.0} of equal weight (importance sampling, tilt {})",
            figures.effective, figures.tilt
        )
    };
    let _ = write!(
        page,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<script>{}</script></head><body><main>\n\
         <header><p class=\"kind\">Weir lab, stress</p><h1>{title}</h1>\n<p class=\"source\">{}</p></header>\n\
         <section><h2>In short</h2><ul class=\"short\">{sentences}</ul>\n\
         <p class=\"note\">{} paths of {} days{effective}; seed {}. Everything here follows from the assumptions below: it is no forecast.</p></section>\n",
        script(),
        escape(&figures.source),
        figures.paths,
        figures.horizon_days,
        figures.seed,
    );
    page.push_str("<section><h2>How likely</h2><div class=\"wide\"><table><thead><tr><th>over a path</th><th>probability</th><th>95 % interval</th><th>effective hits</th></tr></thead><tbody>\n");
    for chance in &figures.chances {
        let Estimate {
            value,
            low,
            high,
            effective,
        } = chance.probability;
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{} to {}</td><td>{effective:.0}</td></tr>",
            escape(chance.what),
            percent(value, 3),
            percent(low, 3),
            percent(high, 3),
        );
    }
    page.push_str("</tbody></table></div></section>\n");
    for (place, drawn) in plots::plots(paths, figures, recorded)?.iter().enumerate() {
        let _ = writeln!(
            page,
            "<section><h2>{}</h2><p>{}</p><div class=\"plot\">{}</div></section>",
            drawn.heading,
            escape(&drawn.about),
            drawn.plot.to_inline_html(Some(&format!("plot-{place}"))),
        );
    }
    page.push_str("<section><h2>Every figure</h2><div class=\"wide\"><table><thead><tr><th>figure</th><th>mean, 95 % interval</th><th>5 %</th><th>median</th><th>95 %</th><th>1 of 400</th></tr></thead><tbody>\n");
    for figure in &figures.columns {
        row(&mut page, figure);
    }
    let _ = write!(
        page,
        "</tbody></table></div><p class=\"note\">The last column is the bad side. Largest gap of the books of any path: {:.1e} ETH.</p></section>\n\
         <section><h2>What was assumed</h2><details><summary>The whole scenario</summary><pre>{}</pre></details></section>\n\
         </main></body></html>\n",
        figures.largest_gap_eth,
        escape(&paths.about.scenario),
    );
    Ok(page)
}

/// A page of its own around a section that some other part of the lab has drawn.
pub fn page(title: &str, section: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n<script>{}</script></head><body><main>\n\
         <header><p class=\"kind\">Weir lab</p><h1>{title}</h1></header>\n{section}\n</main></body></html>\n",
        script(),
    )
}

fn row(page: &mut String, figure: &Figure) {
    let text = |value: f64| number(value, figure.unit);
    let _ = writeln!(
        page,
        "<tr><td><b>{}</b><br><span>{}</span></td><td>{}<br><span>{} to {}</span></td><td>{}</td><td>{}</td><td>{}</td><td>{}<br><span>{} to {}</span></td></tr>",
        figure.name,
        escape(figure.about),
        text(figure.mean.value),
        text(figure.mean.low),
        text(figure.mean.high),
        text(figure.low.value),
        text(figure.median.value),
        text(figure.high.value),
        text(figure.worst.value),
        text(figure.worst.low),
        text(figure.worst.high),
    );
}

fn number(value: f64, unit: &str) -> String {
    match unit {
        "part" | "part/yr" => percent(value, 3),
        "days" | "count" => format!("{value:.2}"),
        _ if value != 0.0 && value.abs() < 0.01 => format!("{value:.1e}"),
        _ => format!("{value:.3}"),
    }
}

/// Plotly's script alone; what else the crate embeds is for formulas, of which there are none.
fn script() -> String {
    let all = plotly::Plot::offline_js_sources();
    let inner = all.split_once('>').map_or("", |(_, rest)| rest);
    inner
        .split_once("</script>")
        .map_or("", |(script, _)| script)
        .to_owned()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
