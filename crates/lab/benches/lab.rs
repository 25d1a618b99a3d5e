//! Integer and floating-point exchanges, and the grid of *Elastic Restaking Networks*' Figure 3 (6,000 least stakes: its authors'
//! code searches each, here they are exact).

use std::hint::black_box;

use alloy_primitives::U256;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use num_rational::BigRational;
use num_traits::Zero;
use weir_lab::market::stableswap::{FloatPool, Form, Pool};
use weir_lab::network::Symmetric;

fn exchanges(c: &mut Criterion) {
    let mut group = c.benchmark_group("stableswap");
    group.throughput(Throughput::Elements(1));
    let one = U256::from(1_000_000_000_000_000_000u64);
    let balances = vec![U256::from(1_000_000) * one, U256::from(1_100_000) * one];
    let pool = Pool::new(
        balances,
        vec![one; 2],
        200,
        4_000_000,
        5_000_000_000,
        Form::PLAIN,
    );
    let mut pool = pool.expect("a pool");
    let mut from = 0;
    group.bench_function("integer exchange", |b| {
        b.iter(|| {
            from = 1 - from;
            pool.exchange(from, 1 - from, black_box(one))
                .map(|paid| paid.amount_out)
        })
    });
    let float = FloatPool::new([1e6, 1.1e6], 200.0, 0.0004, 0.5);
    let mut float = float.expect("a pool");
    group.bench_function("floating-point exchange", |b| {
        b.iter(|| {
            from = 1 - from;
            float.exchange(from, 1 - from, black_box(1.0))
        })
    });
    group.bench_function("floating-point arbitrage to a price", |b| {
        b.iter(|| float.amount_to_price(1, 0, black_box(0.99)))
    });
    group.finish();
}

fn figure_3(c: &mut Criterion) {
    let mut group = c.benchmark_group("elastic");
    group.sample_size(10);
    group.bench_function("figure 3", |b| {
        b.iter(|| {
            let mut sum = BigRational::zero();
            for n in [10u32, 11, 12] {
                for below in [3, 2] {
                    for hundredths in 100..n * 100 {
                        let network = Symmetric {
                            validators: n,
                            services: n,
                            degree: BigRational::new(hundredths.into(), 100.into()),
                            threshold: BigRational::new(1.into(), below.into()),
                            profit: BigRational::new(1.into(), 1.into()),
                        };
                        let stake = network.least_stake(0, &BigRational::zero());
                        sum = stake.unwrap_or_default().max(sum);
                    }
                }
            }
            sum
        })
    });
    group.finish();
}

criterion_group!(benches, exchanges, figure_3);
criterion_main!(benches);
