#![doc = include_str!("../README.md")]

mod attester;
mod chain;
mod error;
mod keeper;
mod protection;
mod watcher;

pub use attester::{Attester, Misbehaviour};
pub use chain::{Account, Custody, Instance, block_at, custodies, instances};
pub use error::OperatorError;
pub use keeper::{Keeper, keep};
pub use protection::{Protection, ProtectionError};
pub use watcher::Watcher;

use std::fmt;

use alloy::primitives::{Address, B256};
use serde::Serialize;

/// Something that a daemon did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The operator took its seat in a service.
    Enrolled {
        /// The service.
        service: u32,
    },
    /// It reported.
    Attested {
        /// The service.
        service: u32,
        /// The height.
        height: u64,
        /// What it saw.
        payload: B256,
    },
    /// It reported something else at the same height, as it was told to.
    Equivocated {
        /// The service.
        service: u32,
        /// The height.
        height: u64,
        /// What it did not see.
        payload: B256,
    },
    /// It could have reported and did not, as it was told to.
    Withheld {
        /// The service.
        service: u32,
        /// The height.
        height: u64,
    },
    /// The watcher filed the slash of who signed twice.
    Filed {
        /// The service.
        service: u32,
        /// The offender.
        operator: Address,
        /// At which height.
        height: u64,
        /// Number of the request.
        id: u64,
    },
    /// Somebody else had filed it before.
    AlreadyFiled {
        /// The service.
        service: u32,
        /// The offender.
        operator: Address,
        /// At which height.
        height: u64,
    },
    /// The hub does not take the evidence now; it is tried again.
    NotNow {
        /// The service.
        service: u32,
        /// The offender.
        operator: Address,
        /// At which height.
        height: u64,
        /// What the hub said.
        why: String,
    },
    /// The operator answered for a chunk.
    Answered {
        /// The service.
        service: u32,
        /// Number of the challenge.
        challenge: u64,
        /// Number of the chunk.
        chunk: u64,
    },
    /// It does not answer.
    Unanswered {
        /// The service.
        service: u32,
        /// Number of the challenge.
        challenge: u64,
        /// Why.
        why: String,
    },
    /// The watcher filed the slash of who did not answer.
    FiledLost {
        /// The service.
        service: u32,
        /// Number of the challenge.
        challenge: u64,
        /// Number of the request.
        id: u64,
    },
    /// The watcher armed a request.
    Armed {
        /// Its number.
        id: u64,
    },
    /// The watcher executed a request.
    Executed {
        /// Its number.
        id: u64,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Enrolled { service } => write!(f, "took a seat in service {service}"),
            Self::Attested {
                service,
                height,
                payload,
            } => write!(f, "service {service}, height {height}: signed {payload}"),
            Self::Equivocated {
                service,
                height,
                payload,
            } => write!(
                f,
                "service {service}, height {height}: MISBEHAVED, signed {payload} too"
            ),
            Self::Withheld { service, height } => {
                write!(
                    f,
                    "service {service}, height {height}: MISBEHAVED, signed nothing"
                )
            }
            Self::Filed {
                service,
                operator,
                height,
                id,
            } => write!(
                f,
                "service {service}, height {height}: {operator} signed twice; filed slash request {id}"
            ),
            Self::AlreadyFiled {
                service,
                operator,
                height,
            } => write!(
                f,
                "service {service}, height {height}: {operator} signed twice, as was filed before"
            ),
            Self::NotNow {
                service,
                operator,
                height,
                why,
            } => write!(
                f,
                "service {service}, height {height}: {operator} signed twice, but not now: {why}"
            ),
            Self::Answered {
                service,
                challenge,
                chunk,
            } => write!(
                f,
                "service {service}, challenge {challenge}: answered with chunk {chunk}"
            ),
            Self::Unanswered {
                service,
                challenge,
                why,
            } => write!(
                f,
                "service {service}, challenge {challenge}: NOT ANSWERED, {why}"
            ),
            Self::FiledLost {
                service,
                challenge,
                id,
            } => write!(
                f,
                "service {service}, challenge {challenge}: nobody answered; filed slash request {id}"
            ),
            Self::Armed { id } => write!(f, "armed slash request {id}"),
            Self::Executed { id } => write!(f, "executed slash request {id}"),
        }
    }
}
