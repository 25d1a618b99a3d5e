//! The contracts do what the model does, to the wei, whatever is called.

use weir_flows::Twin;
use weir_protocol::model::generate::Story;

/// Plays stories of random calls on model and contracts. `WEIR_DEPTH` multiplies their number; `WEIR_SEED` chooses the first.
#[test]
fn contracts_and_model_agree_after_every_call() {
    let first = number("WEIR_SEED", 1);
    for seed in first..first + 20 * number("WEIR_DEPTH", 1) {
        play(seed, number("WEIR_STEPS", 150));
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect(name))
}

fn play(seed: u64, steps: u64) {
    let mut story = Story::new(seed);
    let mut twin = Twin::new(story.config());
    for step in 0..steps {
        let op = story.next_op(&twin.model);
        let _place = Place(format!("seed {seed}, step {step}: {op:?}"));
        twin.step(&op);
    }
}

/// Says where a story went wrong.
struct Place(String);

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.0);
        }
    }
}
