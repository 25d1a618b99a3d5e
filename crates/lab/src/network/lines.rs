//! An analysis in sentences, for a terminal and for a page.

use std::fmt::Write;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::attack::Method;
use super::model::shown;
use super::report::{Analysis, Elastic, NamedAttack, NamedCascade, Number, Robust};

impl Analysis {
    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (title, lines) in self.sections() {
            let _ = writeln!(out, "{title}");
            for line in lines {
                let _ = writeln!(out, "  {line}");
            }
            out.push('\n');
        }
        out
    }

    /// For a page: a `section` element, with everything escaped.
    pub fn html(&self) -> String {
        let mut out = String::from("<section class=\"network\">\n");
        for (title, lines) in self.sections() {
            let _ = writeln!(out, "<h2>{}</h2>\n<ul>", escaped(&title));
            for line in lines {
                let _ = writeln!(out, "<li>{}</li>", escaped(&line));
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</section>\n");
        out
    }

    fn sections(&self) -> Vec<(String, Vec<String>)> {
        let kind = if self.is_synthetic {
            " (synthetic: made up, no network that exists)"
        } else {
            ""
        };
        let mut general = vec![format!(
            "{} validators with {} ETH secure {} services; each ETH is used {} times",
            self.validators,
            show(&self.total_stake_eth),
            self.services,
            show(&self.degree)
        )];
        for service in &self.free_attacks {
            general.push(format!(
                "{service} has something to gain and no stake behind it: a FREE ATTACK"
            ));
        }
        let mut sections = vec![(format!("{}{kind}", self.network), general)];
        match (&self.robust, &self.why_not_robust) {
            (Some(robust), _) => sections.push((
                "Whole stakes (Robust Restaking Networks)".to_owned(),
                robust.lines(),
            )),
            (None, Some(why)) => sections.push((
                "Whole stakes (Robust Restaking Networks)".to_owned(),
                vec![format!("does not apply: {why}")],
            )),
            (None, None) => {}
        }
        sections.push((
            "As much as is used (Elastic Restaking Networks)".to_owned(),
            self.elastic.lines(),
        ));
        sections
    }
}

impl Robust {
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let gamma = self.certified_gamma.as_ref().map(show);
        lines.push(match (self.is_certified, gamma, &self.weakest) {
            (true, Some(gamma), Some(weakest)) => format!("certified: every attack costs more than {gamma} above its prize, relatively (γ* = {gamma}, held down by {weakest})"),
            (true, ..) => "certified: nothing can be gained".to_owned(),
            (false, Some(gamma), Some(weakest)) => format!("not certified (γ* = {gamma}, held down by {weakest}); this alone does not say that it can be attacked"),
            (false, ..) => "not certified: a service without stake falls for nothing".to_owned(),
        });
        if let Some(slack) = &self.true_slack {
            lines.push(format!(
                "true slack: the cheapest attack for its prize costs {} of it, so γ = {}",
                show(&(BigRational::one() + &slack.rational).into()),
                show(slack)
            ));
        }
        lines.extend(attack_lines(self.attack.as_ref()));
        for cascade in &self.cascades {
            lines.push(cascade.line());
        }
        lines.extend(remedy_lines(&self.remedies));
        lines
    }
}

impl NamedCascade {
    fn line(&self) -> String {
        let bound = self
            .bound
            .as_ref()
            .map(|bound| format!(", less than {} by Theorem 1", percent(bound)))
            .unwrap_or_default();
        let Some(loss) = &self.loss else {
            return format!(
                "after a loss of {}: too many validators to compute the worst cascade{bound}",
                percent(&self.psi)
            );
        };
        let then = if self.attackers.is_empty() {
            "no attack pays then".to_owned()
        } else {
            format!(
                "then {} corrupt {}",
                self.attackers.join(", "),
                self.services.join(", ")
            )
        };
        let who = if self.shock.is_empty() {
            "nobody".to_owned()
        } else {
            self.shock.join(", ")
        };
        format!(
            "after a loss of up to {}: {} in the end{bound} (lost first: {who}; {then})",
            percent(&self.psi),
            percent(loss)
        )
    }
}

impl Elastic {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![if self.is_secure {
            "secure: every attack loses its attacker something".to_owned()
        } else {
            "NOT secure: an attack pays or breaks even".to_owned()
        }];
        match &self.certified_gamma {
            Some(gamma) if gamma.rational.is_positive() => lines.push(format!(
                "certified without a search: every attack costs at least {} more than its prize, relatively",
                show(gamma)
            )),
            Some(gamma) => lines.push(format!(
                "not certified without a search (γ* = {}); this alone does not say that it can be attacked",
                show(gamma)
            )),
            None => {}
        }
        if let Some((stake, budget)) = self.least_stake_eth.as_ref().zip(self.budget_eth.as_ref()) {
            lines.push(format!(
                "all alike: secure with more than {} ETH each; now every attack loses its attacker at least {} ETH",
                show(stake),
                show(budget)
            ));
        }
        lines.extend(attack_lines(self.attack.as_ref()));
        let fraction = percent(&self.byzantine_fraction);
        lines.push(match &self.byzantine_services {
            Some(_) if self.byzantine_fraction.rational.is_zero() => "it withstands no Byzantine service: an attack pays without one".to_owned(),
            Some(set) if self.byzantine_fraction.rational >= BigRational::one() => format!("no set of Byzantine services lets an attack on the others pay (of {})", set.len()),
            Some(set) => format!("it withstands Byzantine services that weigh less than {fraction}: at that weight {} let an attack pay", set.join(", ")),
            None => format!("it withstands Byzantine services that weigh up to {fraction}; heavier sets were not tried"),
        });
        lines.extend(remedy_lines(&self.remedies));
        lines
    }
}

fn attack_lines(attack: Option<&NamedAttack>) -> Vec<String> {
    let Some(attack) = attack else {
        return vec!["no service has anything to gain".to_owned()];
    };
    let losses: Vec<String> = attack
        .losses
        .iter()
        .map(|(name, loss)| format!("{name} {}", show(loss)))
        .collect();
    let verdict = if attack.succeeds {
        "the best attack PAYS"
    } else {
        "the best attack does not pay"
    };
    let method = match attack.method {
        Method::Exact => "exact",
        Method::Solver => "by a solver",
        Method::BestFound => "the best found in time; there may be better ones",
    };
    vec![format!(
        "{verdict} ({method}): {} fall; gain {} ETH, cost {} ETH ({}), profit {} ETH",
        attack.services.join(", "),
        show(&attack.prize),
        show(&attack.cost),
        losses.join(", "),
        show(&attack.profit)
    )]
}

fn remedy_lines(remedies: &[String]) -> Vec<String> {
    remedies
        .iter()
        .map(|remedy| format!("safe with: {remedy}"))
        .collect()
}

fn show(number: &Number) -> String {
    shown(&number.rational)
}

fn percent(number: &Number) -> String {
    let sign = if number.rational.is_negative() {
        "-"
    } else {
        ""
    };
    let digits = format!("{:.4}", number.value.abs() * 100.0);
    format!(
        "{sign}{} %",
        digits.trim_end_matches('0').trim_end_matches('.')
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
