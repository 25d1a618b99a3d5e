//! Why the rules refuse, as the interface says it.

use weir_abi::{
    IAttestation::{
        AlreadyAttested, AlreadySlashed, BadPayload, BadSigner, Equivocated, KeyRetired,
        KeyUnknown, NoStake, NotEnrolled, RosterFull, SamePayload, TooEarly, TooLate,
    },
    IShared::Overflow,
};
use weir_protocol::services::attestation::AttestationError as Error;
use weir_shell::Revert;

pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::TooEarly { height, begins_s } => TooEarly {
            height,
            begins: begins_s,
        }
        .into(),
        Error::TooLate {
            height,
            offence_epoch,
            current,
        } => TooLate {
            height,
            offenceEpoch: offence_epoch,
            current,
        }
        .into(),
        Error::BadPayload { payload } => BadPayload { payload }.into(),
        Error::BadSigner {
            expected,
            recovered,
        } => BadSigner {
            expected,
            recovered,
        }
        .into(),
        Error::NotEnrolled { operator } => NotEnrolled { operator }.into(),
        Error::NoStake { operator } => NoStake { operator }.into(),
        Error::RosterFull { max } => RosterFull { max }.into(),
        Error::AlreadyAttested { operator, height } => AlreadyAttested { operator, height }.into(),
        Error::Equivocated { operator, height } => Equivocated { operator, height }.into(),
        Error::SamePayload { payload } => SamePayload { payload }.into(),
        Error::KeyUnknown { operator, key } => KeyUnknown { operator, key }.into(),
        Error::KeyRetired {
            operator,
            key,
            since_s,
        } => KeyRetired {
            operator,
            key,
            since: since_s,
        }
        .into(),
        Error::AlreadySlashed { operator, height } => AlreadySlashed { operator, height }.into(),
    }
}
