//! Paths a second on one core, at the size of `scenarios/bench.toml`, and radCAD's two-state model on the same machine.
//!
//! `cargo bench -p weir-lab --bench paths` prints them; `crates/lab/peers/radcad_model.py` is the peer.

use std::hint::black_box;

use weir_lab::scenario::Scenario;
use weir_lab::stress::Plan;

fn main() {
    for name in ["bench", "calm"] {
        let plan = Plan::new(Scenario::named(name).expect("in the gallery")).expect("it opens");
        let steps = plan.scenario.time.steps();
        for path in 0..50 {
            black_box(plan.path(1, path, 1.0).expect("it runs"));
        }
        let (begun, paths) = (cpu_s(), 2_000u32);
        for path in 0..u64::from(paths) {
            black_box(plan.path(2, path, 1.0).expect("it runs"));
        }
        let per_s = f64::from(paths) / (cpu_s() - begun);
        println!(
            "{name}: {per_s:.0} paths a CPU-second, {:.2} million steps",
            per_s * steps as f64 / 1e6
        );
    }
    let (begun, runs, steps) = (cpu_s(), 500u64, 20_000u64);
    let mut last = (0.0, 0.0);
    for _ in 0..runs {
        last = two_states(black_box(steps));
    }
    let per_s = (runs * steps) as f64 / (cpu_s() - begun);
    println!(
        "radCAD's two-state model: {:.1} million steps a CPU-second; a = {:?}, b = {:?}",
        per_s / 1e6,
        last.0,
        last.1
    );
}

/// Two states, five policies of 1 that are summed: `a' = a·|cos a|`, `b' = b + 5`.
fn two_states(steps: u64) -> (f64, f64) {
    let (mut a, mut b) = (1.0_f64, 2.0_f64);
    let policies: [fn() -> f64; 5] = [|| 1.0; 5];
    for _ in 0..steps {
        a *= a.cos().abs();
        b += policies.iter().map(|policy| policy()).sum::<f64>();
    }
    (a, b)
}

/// CPU time of this thread, seconds, so that what else the machine does is not counted (Linux).
fn cpu_s() -> f64 {
    let text =
        std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts CPU time");
    let ns: f64 = text
        .split(' ')
        .next()
        .and_then(|ns| ns.parse().ok())
        .expect("nanoseconds");
    ns / 1e9
}
