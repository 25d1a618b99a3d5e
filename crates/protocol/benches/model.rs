//! How many calls a second the model does.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use weir_protocol::model::generate::{Story, opening};
use weir_protocol::model::{Model, Op};

const CALLS: u64 = 1_000;

/// The calls of a story, and the model that they start from.
fn story(seed: u64) -> (Model, Vec<Op>) {
    let mut story = Story::new(seed);
    let mut model = opening(story.config()).expect("a story's config is sound");
    let start = model.clone();
    let ops = (0..CALLS)
        .map(|_| {
            let op = story.next_op(&model);
            let _refused_or_not = model.apply(&op);
            op
        })
        .collect();
    (start, ops)
}

fn calls(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("model");
    group.throughput(Throughput::Elements(CALLS));
    let (start, ops) = story(3);
    group.bench_function("a story of adversarial calls", |bencher| {
        bencher.iter_batched(
            || start.clone(),
            |mut model| {
                for op in &ops {
                    let _refused_or_not = model.apply(op);
                }
                model
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, calls);
criterion_main!(benches);
