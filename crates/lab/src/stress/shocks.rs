//! Offences of a path: Marshall–Olkin shocks.
//!
//! Independent Poisson processes hit one operator, all operators of a service, of a client, or of a cloud; each member of a common
//! shock is hit with probability `reach`, all with one severity drawn from Beta(α, β). Two operators fail together exactly as often as
//! a shock that has both strikes (Marshall and Olkin, 1967).
//!
//! Importance sampling multiplies every intensity by a tilt m, which is exponential tilting of the Poisson counts: with N shocks
//! where Λ were expected, the likelihood ratio is `m^−N · exp((m − 1) · Λ)`.

use rand::RngExt as _;
use rand_distr::{Beta, Distribution as _};

use super::opening::{Graph, Place};
use super::random::{Streams, exponential};
use crate::math::shocks::{Shock, ShockError, Shocks};
use crate::scenario::{EventKind, Scenario};

/// An offence, and what will be filed about it.
#[derive(Clone, Copy, Debug)]
pub struct Offence {
    /// When it happened, days from the start of the path.
    pub day: f64,
    /// When there is evidence, days.
    pub evident_day: f64,
    /// The service, from 1.
    pub service: u32,
    /// The operator, from 0.
    pub operator: u32,
    /// Part of its magnitude that is asked for.
    pub severity: f64,
    /// Whether the resolver will veto it.
    pub vetoed: bool,
    /// When it thinks of it, as a part of the veto window.
    pub veto_at: f64,
}

/// Where shocks come from, laid out once for a scenario.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Members are the places of the graph; rates are per day.
    shocks: Shocks,
    rogues: Vec<usize>,
    severity: Option<Beta<f64>>,
}

impl Sources {
    /// The shocks of a scenario's graph.
    pub fn new(scenario: &Scenario, graph: &Graph) -> Result<Self, ShockError> {
        let slashing = &scenario.slashing;
        let members = |is_member: &dyn Fn(&Place) -> bool| -> Vec<usize> {
            let places = graph.places.iter().enumerate();
            places
                .filter(|(_, place)| is_member(place))
                .map(|(member, _)| member)
                .collect()
        };
        let client = |place: &Place| graph.clients[place.operator as usize];
        let cloud = |place: &Place| graph.clouds[place.operator as usize];
        let operators = 0..scenario.network.operators;
        let services = 1..=scenario.network.services;
        let clients = 0..scenario.network.client_parts.len();
        let clouds = 0..scenario.network.cloud_parts.len();
        let mut shocks: Vec<(f64, Vec<usize>)> = Vec::new();
        shocks.extend(operators.map(|operator| {
            let hit = members(&|place| place.operator == operator);
            (slashing.operator_per_year, hit)
        }));
        shocks.extend(services.map(|service| {
            let hit = members(&|place| place.service == service);
            (slashing.service_per_year, hit)
        }));
        shocks.extend(clients.map(|kind| {
            let hit = members(&|place| client(place) == kind);
            (slashing.client_per_year, hit)
        }));
        shocks.extend(clouds.map(|kind| {
            let hit = members(&|place| cloud(place) == kind);
            (slashing.cloud_per_year, hit)
        }));
        shocks.retain(|(per_year, members)| *per_year > 0.0 && !members.is_empty());
        let shocks = shocks.into_iter().map(|(per_year, members)| Shock {
            rate: per_year / 365.0,
            members,
        });
        Ok(Self {
            shocks: Shocks::new(shocks.collect(), graph.places.len())?,
            rogues: members(&|place| place.service <= slashing.rogue_services),
            severity: Beta::new(slashing.severity_alpha, slashing.severity_beta).ok(),
        })
    }

    /// Shocks that are expected per year.
    pub fn per_year(&self) -> f64 {
        self.shocks.total_rate() * 365.0
    }

    /// The offences of a path in the order of their evidence, and the logarithm of the likelihood ratio under `tilt`.
    pub fn draw(
        &self,
        scenario: &Scenario,
        graph: &Graph,
        tilt: f64,
        streams: &mut Streams,
    ) -> (Vec<Offence>, f64) {
        let random = &mut streams.shocks;
        let days = scenario.time.horizon_days;
        let (mut offences, mut events) = (Vec::new(), Vec::new());
        // Shocks that are m times as frequent are the same shocks on a clock that runs m times as fast.
        self.shocks.draw(days * tilt, random, &mut events);
        for event in &events {
            let severity = self.severity.map_or(0.0, |beta| beta.sample(random));
            for member in &self.shocks.list()[event.shock].members {
                if random.random::<f64>() < scenario.slashing.reach {
                    let place = &graph.places[*member];
                    let day = event.time / tilt;
                    offences.push(offence(scenario, random, day, place, severity));
                }
            }
        }
        let expected = self.shocks.total_rate() * days;
        let log_ratio = (tilt - 1.0) * expected - events.len() as f64 * tilt.ln();
        self.false_filings(scenario, graph, random, &mut offences);
        for event in &scenario.events {
            let is_hit = |place: &&Place| match event.kind {
                EventKind::ClientPart => {
                    graph.clients[place.operator as usize] == event.which as usize
                }
                EventKind::ServicePart => place.service == event.which + 1,
                _ => false,
            };
            for place in graph.places.iter().filter(is_hit) {
                offences.push(offence(scenario, random, event.day, place, event.amount));
            }
        }
        offences.retain(|offence| offence.severity > 0.0);
        offences.sort_by(|a, b| a.evident_day.total_cmp(&b.evident_day));
        (offences, log_ratio)
    }

    fn false_filings(
        &self,
        scenario: &Scenario,
        graph: &Graph,
        random: &mut rand::rngs::ChaCha8Rng,
        offences: &mut Vec<Offence>,
    ) {
        let slashing = &scenario.slashing;
        let expected_per_day = self.rogues.len() as f64 * slashing.rogue_filings_per_year / 365.0;
        if expected_per_day == 0.0 {
            return;
        }
        let mut day = exponential(random, 1.0 / expected_per_day);
        while day < scenario.time.horizon_days {
            let place = &graph.places[self.rogues[random.random_range(0..self.rogues.len())]];
            offences.push(Offence {
                day,
                evident_day: day,
                service: place.service,
                operator: place.operator,
                severity: slashing.max_part,
                vetoed: random.random::<f64>() < slashing.veto_of_rogue,
                veto_at: random.random(),
            });
            day += exponential(random, 1.0 / expected_per_day);
        }
    }
}

fn offence(
    scenario: &Scenario,
    random: &mut rand::rngs::ChaCha8Rng,
    day: f64,
    place: &Place,
    severity: f64,
) -> Offence {
    let slashing = &scenario.slashing;
    Offence {
        day,
        evident_day: day + exponential(random, slashing.evidence_hours / 24.0),
        service: place.service,
        operator: place.operator,
        severity: severity.min(slashing.max_part),
        vetoed: random.random::<f64>() < slashing.veto_of_just,
        veto_at: random.random(),
    }
}
