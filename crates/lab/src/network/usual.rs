//! Which first losses an analysis looks at unless it is asked for others.

use num_rational::BigRational;

/// A thousandth, a hundredth, a twentieth, a tenth and a third of all stake.
pub fn usual_losses() -> Vec<BigRational> {
    [1_000, 100, 20, 10, 3]
        .into_iter()
        .map(|part| BigRational::new(1.into(), part.into()))
        .collect()
}
