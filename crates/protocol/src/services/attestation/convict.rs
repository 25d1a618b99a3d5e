//! Somebody proves that an operator signed two payloads at one height.

use alloy_primitives::{Address, U256};

use super::{AttestationError as Error, AttestationKey, AttestationStore, Rules, Signed};
use crate::clock::Epoch;

/// Two signatures of one operator at one height, their keys recovered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Whose.
    pub operator: Address,
    /// At which height.
    pub height: u64,
    /// One.
    pub first: Signed,
    /// The other.
    pub second: Signed,
}

/// Accepts evidence, once for an operator and a height; answers the epoch of the offence, which the height fixes.
///
/// # Errors
/// [`Error::SamePayload`], [`Error::KeyUnknown`], [`Error::KeyRetired`], [`Error::AlreadySlashed`].
pub fn convict<S: AttestationStore + ?Sized>(
    store: &mut S,
    rules: &Rules,
    evidence: &Evidence,
) -> Result<Epoch, Error> {
    let &Evidence {
        operator,
        height,
        first,
        second,
    } = evidence;
    if first.payload == second.payload {
        let payload = first.payload;
        return Err(Error::SamePayload { payload });
    }
    for signed in [first, second] {
        was_key(store, rules, operator, height, signed.key)?;
    }
    let filed = AttestationKey::Filed(height, operator);
    if !store.load(filed).is_zero() {
        return Err(Error::AlreadySlashed { operator, height });
    }
    store.save(filed, U256::ONE);
    Ok(rules.offence_epoch(height))
}

/// Passes if `key` was the operator's when the height began, or became it later.
fn was_key<S: AttestationStore + ?Sized>(
    store: &S,
    rules: &Rules,
    operator: Address,
    height: u64,
    key: Address,
) -> Result<(), Error> {
    let (number, _) = store.operator(operator);
    let record = match number {
        0 => None,
        number => store.key(number, key),
    };
    let record = record
        .filter(|_| !key.is_zero())
        .ok_or(Error::KeyUnknown { operator, key })?;
    if record.until_s > 0 && rules.begins_s(height) > record.until_s {
        return Err(Error::KeyRetired {
            operator,
            key,
            since_s: record.until_s,
        });
    }
    Ok(())
}
