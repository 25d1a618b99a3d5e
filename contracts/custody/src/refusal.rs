//! Why the rules refuse, as the interface says it.

use weir_abi::{
    ICustody::{
        AnswerTooLate, BadLength, BadUntil, ChallengeUnknown, ChunkOutOfRange, HoldingLost,
        HoldingOver, HoldingUnknown, NotDue, NotOpen, NothingToWithdraw, StillSlashable,
        TooManyOpen, WrongBond, WrongChunk,
    },
    IShared::Overflow,
};
use weir_protocol::services::custody::CustodyError as Error;
use weir_shell::Revert;

pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::BadLength { length, max } => BadLength { length, max }.into(),
        Error::BadUntil { until_s, now_s } => BadUntil {
            until: until_s,
            nowTime: now_s,
        }
        .into(),
        Error::HoldingUnknown { id } => HoldingUnknown { id }.into(),
        Error::HoldingOver { id, until_s } => HoldingOver { id, until: until_s }.into(),
        Error::HoldingLost { id } => HoldingLost { id }.into(),
        Error::ChunkOutOfRange { chunk, count } => ChunkOutOfRange { chunk, count }.into(),
        Error::WrongBond { needed, sent } => WrongBond { needed, sent }.into(),
        Error::TooManyOpen { operator, max } => TooManyOpen { operator, max }.into(),
        Error::ChallengeUnknown { id } => ChallengeUnknown { id }.into(),
        Error::NotOpen { id } => NotOpen { id }.into(),
        Error::AnswerTooLate { id, deadline_s } => AnswerTooLate {
            id,
            deadline: deadline_s,
        }
        .into(),
        Error::WrongChunk { id } => WrongChunk { id }.into(),
        Error::NotDue { id, deadline_s } => NotDue {
            id,
            deadline: deadline_s,
        }
        .into(),
        Error::StillSlashable { id } => StillSlashable { id }.into(),
        Error::NothingToWithdraw { account } => NothingToWithdraw { account }.into(),
    }
}
