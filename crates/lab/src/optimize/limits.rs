//! The allocator's exposure limits as rows of a linear programme.
//!
//! With f = min(1, 3·cap) the part of a magnitude that is at risk, x the magnitudes and r_o = Σ f·x over the pairs of operator o:
//!
//! ```text
//! Σ f·x in a service, through an operator, through a group   <= its limit
//! k·t + Σ_o u_o <= limit of k failures,   u_o >= r_o − t     the k largest r_o together, for k = 1, 2, 3
//! ```

use super::lp::Row;
use super::scenario::{Allocations, Pair};

/// How many epochs' caps count against a limit; see [`weir_protocol::allocator::EPOCHS_AT_RISK`].
const EPOCHS: f64 = weir_protocol::allocator::EPOCHS_AT_RISK as f64;

/// The rows, and how many variables they speak of: the pairs first.
pub(super) fn rows(scenario: &Allocations, pairs: &[Pair]) -> (Vec<Row>, usize) {
    let risk = |place: usize| (EPOCHS * scenario.services[pairs[place].0].max_slash).min(1.0);
    let at_risk = |is_counted: &dyn Fn(&Pair) -> bool| -> Vec<(usize, f64)> {
        let counted = (0..pairs.len()).filter(|place| is_counted(&pairs[*place]));
        counted.map(|place| (place, risk(place))).collect()
    };
    let limits = &scenario.limits;
    let all: Vec<(usize, f64)> = (0..pairs.len()).map(|place| (place, 1.0)).collect();
    let mut rows = vec![Row::at_most(
        "the capacity that may be allocated",
        all,
        scenario.allocated,
    )];
    for (place, service) in scenario.services.iter().enumerate() {
        let name = format!("the limit of a service, at {}", service.name);
        rows.push(Row::at_most(
            &name,
            at_risk(&|pair| pair.0 == place),
            limits.service,
        ));
    }
    for (place, operator) in scenario.operators.iter().enumerate() {
        let name = format!("the limit of an operator, at {}", operator.name);
        rows.push(Row::at_most(
            &name,
            at_risk(&|pair| pair.1 == place),
            limits.operator,
        ));
    }
    for (place, group) in scenario.groups.iter().enumerate() {
        let name = format!("the limit of a group, at {}", group.name);
        let is_in = |pair: &Pair| scenario.operators[pair.1].groups.contains(&place);
        rows.push(Row::at_most(&name, at_risk(&is_in), limits.group));
    }
    let mut variables = pairs.len();
    for (failures, limit) in (1u8..).zip(limits.worst) {
        if limit >= 1.0 {
            continue;
        }
        let (threshold, first) = (variables, variables + 1);
        let above = (0..scenario.operators.len()).map(|operator| (first + operator, 1.0));
        let mut together = vec![(threshold, f64::from(failures))];
        together.extend(above);
        let name = format!("the limit of {failures} operators failing at once");
        rows.push(Row::at_most(&name, together, limit));
        for operator in 0..scenario.operators.len() {
            let mut excess = at_risk(&|pair| pair.1 == operator);
            excess.extend([(threshold, -1.0), (first + operator, -1.0)]);
            rows.push(Row::at_most("", excess, 0.0));
        }
        variables = first + scenario.operators.len();
    }
    (rows, variables)
}
