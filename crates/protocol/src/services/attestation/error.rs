//! Why an attestation service refuses.

use alloy_primitives::{Address, B256};

use crate::clock::Epoch;

/// Why an attestation service refuses. A refused operation leaves no trace once its caller has rolled the store back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttestationError {
    /// A result left its range: a bound elsewhere was broken.
    Overflow,
    /// The height has not begun.
    TooEarly {
        /// The height.
        height: u64,
        /// When it begins, Unix seconds.
        begins_s: u64,
    },
    /// An offence at that height can no longer be slashed, so a signature for it is worth nothing.
    TooLate {
        /// The height.
        height: u64,
        /// The epoch that an offence at it belongs to.
        offence_epoch: Epoch,
        /// This one.
        current: Epoch,
    },
    /// Zero and the highest word are no payload.
    BadPayload {
        /// What was signed.
        payload: B256,
    },
    /// Signed by another key than the operator's.
    BadSigner {
        /// Its key.
        expected: Address,
        /// Whose signature it is; zero if nobody's.
        recovered: Address,
    },
    /// The operator has no seat.
    NotEnrolled {
        /// The operator.
        operator: Address,
    },
    /// The operator has no stake that could be slashed.
    NoStake {
        /// The operator.
        operator: Address,
    },
    /// All seats are taken by operators with stake.
    RosterFull {
        /// How many there are.
        max: u8,
    },
    /// The operator reported this already.
    AlreadyAttested {
        /// The operator.
        operator: Address,
        /// The height.
        height: u64,
    },
    /// The operator signed two payloads at the height: nothing of it counts there any more.
    Equivocated {
        /// The operator.
        operator: Address,
        /// The height.
        height: u64,
    },
    /// Two signatures over the same payload prove nothing.
    SamePayload {
        /// It.
        payload: B256,
    },
    /// The key was never seen as the operator's.
    KeyUnknown {
        /// The operator.
        operator: Address,
        /// Whose signature it is; zero if nobody's.
        key: Address,
    },
    /// The operator had another key when the height began.
    KeyRetired {
        /// The operator.
        operator: Address,
        /// The old one.
        key: Address,
        /// Since when, Unix seconds.
        since_s: u64,
    },
    /// The equivocation was filed before.
    AlreadySlashed {
        /// The operator.
        operator: Address,
        /// The height.
        height: u64,
    },
}
