//! The plots of a report.

use plotly::common::{Fill, Line, Mode};
use plotly::layout::{Axis, AxisType, Layout, Margin};
use plotly::{Bar, Configuration, Plot, Scatter};

use super::Figures;
use crate::stress::{Moment, column};
use crate::table::{Paths, TableError};

/// Points of a distribution: enough for the eye, few enough for a file.
const POINTS: usize = 400;
const BLUE: &str = "#2f6f9f";
const RED: &str = "#b5483c";

/// A plot with its heading and what it shows.
pub(super) struct Drawn {
    pub heading: &'static str,
    pub about: String,
    pub plot: Plot,
}

fn plot(x: &str, y: &str, log_y: bool) -> Plot {
    let mut axis = Axis::new().title(y);
    if log_y {
        axis = axis.type_(AxisType::Log);
    }
    let layout = Layout::new()
        .x_axis(Axis::new().title(x))
        .y_axis(axis)
        .margin(Margin::new().left(70).right(16).top(16).bottom(56))
        .height(360)
        .show_legend(true)
        .legend(
            plotly::layout::Legend::new()
                .orientation(plotly::common::Orientation::Horizontal)
                .y(1.12),
        );
    let mut plot = Plot::new();
    plot.set_layout(layout);
    plot.set_configuration(Configuration::new().responsive(true).display_logo(false));
    plot
}

/// How often a column is at least (or at most) so much: the part of paths beyond each value.
fn exceedance(values: &[f64], weights: &[f64], is_at_most: bool) -> (Vec<f64>, Vec<f64>) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    if !is_at_most {
        order.reverse();
    }
    let sum: f64 = weights.iter().sum();
    let (mut x, mut y, mut beyond) = (Vec::new(), Vec::new(), 0.0);
    // Ranks spaced by their logarithm: a tail has as many points as the middle.
    let count = order.len() as f64;
    let mut next = 1.0;
    let ratio = count.powf(1.0 / POINTS as f64).max(1.0);
    for (rank, place) in order.iter().enumerate() {
        beyond += weights[*place] / sum;
        if rank as f64 + 1.0 >= next || rank + 1 == order.len() {
            x.push(values[*place]);
            y.push(beyond);
            next = (next * ratio).max(rank as f64 + 2.0);
        }
    }
    (x, y)
}

/// All plots of a run; `recorded` are a few paths step by step.
pub(super) fn plots(
    paths: &Paths,
    figures: &Figures,
    recorded: &[Vec<Moment>],
) -> Result<Vec<Drawn>, TableError> {
    let weights: Vec<f64> = paths
        .column("log_ratio")?
        .iter()
        .map(|log| log.exp())
        .collect();
    let tail =
        |name: &str, label: &str, is_at_most: bool, log_x_part: f64| -> Result<Plot, TableError> {
            let values: Vec<f64> = paths
                .column(name)?
                .iter()
                .map(|value| value * log_x_part)
                .collect();
            let (x, y) = exceedance(&values, &weights, is_at_most);
            let mut plot = plot(label, "part of paths", true);
            plot.add_trace(
                Scatter::new(x, y)
                    .mode(Mode::Lines)
                    .name(label)
                    .line(Line::new().color(BLUE))
                    .show_legend(false),
            );
            Ok(plot)
        };
    let mut drawn = vec![
        Drawn {
            heading: "Backing",
            about: "How often the rate falls to so much of the highest rate before it, or lower."
                .to_owned(),
            plot: tail("backing_min", "least backing, %", true, 100.0)?,
        },
        Drawn {
            heading: "Peg",
            about: "How often the pool's price falls so far under the rate, or further.".to_owned(),
            plot: tail("discount_max", "largest discount, %", false, 100.0)?,
        },
        Drawn {
            heading: "Length of a depeg",
            about:
                "How often the longest run of days with a discount over 1 % is so long, or longer."
                    .to_owned(),
            plot: tail("depeg_longest_days", "days", false, 1.0)?,
        },
        Drawn {
            heading: "Bad debt",
            about: "How often lenders are left with so much, or more.".to_owned(),
            plot: tail("bad_debt_eth", "bad debt, ETH", false, 1.0)?,
        },
        Drawn {
            heading: "Time to leave",
            about: "How often the longest exit of a path takes so long, or longer.".to_owned(),
            plot: tail("wait_max_days", "days, with Ethereum's queue", false, 1.0)?,
        },
    ];
    drawn.push(yields(figures));
    drawn.push(bearers(figures));
    if !recorded.is_empty() {
        drawn.push(prices(recorded));
    }
    debug_assert!(column("backing_min").is_some());
    Ok(drawn)
}

fn yields(figures: &Figures) -> Drawn {
    let parts = [
        ("assets", "apy_base_part"),
        ("services", "apy_service_part"),
        ("fees", "apy_fee_part"),
        ("slashes", "apy_slash_part"),
        ("net", "apy_net_part"),
    ];
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let of = |pick: &dyn Fn(&super::Figure) -> f64| -> Vec<f64> {
        parts
            .iter()
            .map(|(_, column)| {
                figures
                    .of(column)
                    .map_or(0.0, |figure| pick(figure) * 100.0)
            })
            .collect()
    };
    let mut plot = plot("source", "% a year", false);
    plot.add_trace(
        Bar::new(names.clone(), of(&|figure| figure.mean.value))
            .name("mean")
            .marker(plotly::common::Marker::new().color(BLUE)),
    );
    let bad: Vec<f64> = of(&|figure| figure.worst.value);
    plot.add_trace(
        Bar::new(names, bad)
            .name("in 1 of 400 paths as bad or worse")
            .marker(plotly::common::Marker::new().color(RED)),
    );
    Drawn {
        heading: "What a holder earns",
        about: "Yield a year by source; rewards of services are paid beside the vault. Each bar's bad case is its own: they do not add up.".to_owned(),
        plot,
    }
}

fn bearers(figures: &Figures) -> Drawn {
    let parts = [
        ("bonds and cover", "borne_first_loss_eth"),
        ("holders", "borne_holders_eth"),
        ("loopers", "borne_loopers_eth"),
        ("pools", "borne_pools_eth"),
        ("arbitrage", "borne_arbitrage_eth"),
        ("queued", "borne_queued_eth"),
        ("left before", "borne_left_eth"),
        ("fees, locked", "borne_others_eth"),
    ];
    let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
    let means: Vec<f64> = parts
        .iter()
        .map(|(_, column)| figures.of(column).map_or(0.0, |figure| figure.mean.value))
        .collect();
    let mut plot = plot("who", "mean of a path, ETH", false);
    plot.add_trace(
        Bar::new(names, means)
            .name("mean")
            .marker(plotly::common::Marker::new().color(BLUE))
            .show_legend(false),
    );
    Drawn {
        heading: "Who bears slashes",
        about: "Mean loss of a path by who bears it; together they are all that was slashed."
            .to_owned(),
        plot,
    }
}

fn prices(recorded: &[Vec<Moment>]) -> Drawn {
    let mut plot = plot("day", "ETH per share", false);
    for (place, moments) in recorded.iter().enumerate() {
        let days: Vec<f64> = moments.iter().map(|moment| moment.day).collect();
        let line = |values: Vec<f64>, color: &str, width: f64, name: &str| {
            Scatter::new(days.clone(), values)
                .mode(Mode::Lines)
                .line(Line::new().color(color.to_owned()).width(width))
                .fill(Fill::None)
                .name(name)
                .legend_group(name)
                .show_legend(place == 0)
        };
        plot.add_trace(line(
            moments.iter().map(|moment| moment.price).collect(),
            BLUE,
            1.0,
            "price in the pool",
        ));
        plot.add_trace(line(
            moments.iter().map(|moment| moment.floor).collect(),
            RED,
            1.5,
            "floor rate",
        ));
        plot.add_trace(line(
            moments.iter().map(|moment| moment.rate).collect(),
            "#444444",
            1.5,
            "rate",
        ));
    }
    Drawn {
        heading: "What a path looks like",
        about: format!(
            "Rate, floor and price over the first {} paths.",
            recorded.len()
        ),
        plot,
    }
}
