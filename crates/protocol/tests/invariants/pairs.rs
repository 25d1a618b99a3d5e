//! Every call directly after every other, both done.
//!
//! These are the stories of the invariants, drawn towards pairs that did not happen yet. Each of them holds the invariants that cost
//! nothing to look at. The table of what did not happen is printed with `--nocapture`.

use weir_protocol::model::generate::Story;
use weir_protocol::model::{Kind, Model, Op};

use crate::stories::{begin, depth};

/// From this depth on nothing may be missing: ten million calls and more.
const DEEP: u64 = 12;
/// What cannot be, as a pocket needs an asset without a fresh rate and nothing undecided, and a retired vault takes no deposit and
/// ends once; and two pockets in a row, which need two such assets and did not happen in ten million calls.
const NEVER: [(Kind, Kind); 11] = [
    (Kind::Retire, Kind::Deposit),
    (Kind::Retire, Kind::Retire),
    (Kind::Deposit, Kind::Pocket),
    (Kind::Redeem, Kind::Pocket),
    (Kind::File, Kind::Pocket),
    (Kind::Arm, Kind::Pocket),
    (Kind::Pocket, Kind::Veto),
    (Kind::Pocket, Kind::Arm),
    (Kind::Pocket, Kind::Execute),
    (Kind::Pocket, Kind::Lapse),
    (Kind::Pocket, Kind::Pocket),
];
/// A story sets its scene in fewer calls than this, then it is drawn.
const SCENE: usize = 80;
/// How many calls a drawn story may choose from.
const CHOICES: usize = 12;

/// How often each pair happened in stories.
#[derive(Default)]
struct Pairs {
    calls: u64,
    done: u64,
    counts: Vec<Vec<u64>>,
}

impl Pairs {
    fn of_stories(stories: u64, length: usize) -> Self {
        let kinds = Kind::ALL.len();
        let mut pairs = Self {
            counts: vec![vec![0; kinds]; kinds],
            ..Self::default()
        };
        for seed in 0..stories {
            let (mut story, mut model) = begin(seed);
            let mut last = None;
            for step in 0..length {
                let choices = if step < SCENE { 1 } else { CHOICES };
                let op = pairs.choose(last, &mut story, &model, choices);
                let done = model.apply(&op).is_ok().then(|| op.call.kind());
                pairs.count(last, done);
                last = done;
            }
        }
        pairs
    }

    /// The first of some calls that would make a new pair, or else the first of all.
    fn choose(&self, last: Option<Kind>, story: &mut Story, model: &Model, choices: usize) -> Op {
        let first = story.next_op(model);
        let Some(last) = last else { return first };
        let is_new = |op: &Op| {
            let counts = &self.counts[last as usize];
            counts[op.call.kind() as usize] == 0 && model.clone().apply(op).is_ok()
        };
        let mut others = (1..choices).map(|_| story.next_op(model));
        if is_new(&first) {
            return first;
        }
        others.find(is_new).unwrap_or(first)
    }

    fn count(&mut self, first: Option<Kind>, second: Option<Kind>) {
        self.calls += 1;
        self.done += u64::from(second.is_some());
        if let (Some(first), Some(second)) = (first, second) {
            self.counts[first as usize][second as usize] += 1;
        }
    }

    /// What never followed each kind.
    fn missing(&self) -> Vec<(Kind, Vec<Kind>)> {
        let row = |(first, counts): (&Kind, &Vec<u64>)| {
            let never = Kind::ALL
                .iter()
                .zip(counts)
                .filter(|(_, count)| **count == 0);
            let never = never.map(|(second, _)| *second);
            let never = never.filter(|second| !NEVER.contains(&(*first, *second)));
            (*first, never.collect())
        };
        Kind::ALL.iter().zip(&self.counts).map(row).collect()
    }

    fn report(&self) -> String {
        let kinds = Kind::ALL.len();
        let missing = self.missing();
        let never: usize = missing.iter().map(|(_, never)| never.len()).sum();
        let rarest = self.counts.iter().flatten().min().copied().unwrap_or(0);
        let mut report = format!(
            "{} calls, {} of them done; {} of {} pairs of {kinds} kinds happened, the rarest {rarest} times\n",
            self.calls,
            self.done,
            kinds * kinds - never,
            kinds * kinds,
        );
        for (first, never) in missing.iter().filter(|(_, never)| !never.is_empty()) {
            report += &format!("after {first:?} never {never:?}\n");
        }
        report
    }
}

#[test]
fn every_call_follows_every_other() {
    let pairs = Pairs::of_stories(3_000 * depth(), 300);
    println!("{}", pairs.report());
    let missing = pairs.missing();
    let kinds = Kind::ALL.len();
    let never: usize = missing.iter().map(|(_, never)| never.len()).sum();
    let allowed = if depth() < DEEP { kinds * kinds / 8 } else { 0 };
    assert!(never <= allowed, "{}", pairs.report());
    for (kind, never) in missing {
        assert!(
            never.len() < kinds - NEVER.len(),
            "{kind:?} was never done before another call"
        );
    }
}
