//! Why the rules refuse, as the interface says it.

use weir_abi::{
    IAllocator::{AboveCapacity, BadWad, ChangePending, NothingSlashable, RequestUnknown},
    IShared::{AlreadyInitialized, Overflow},
};
use weir_protocol::allocator::AllocatorError as Error;
use weir_shell::Revert;

pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::AlreadyInitialized => AlreadyInitialized {}.into(),
        Error::AboveCapacity {
            capacity,
            attempted,
        } => AboveCapacity {
            capacity,
            attempted,
        }
        .into(),
        Error::ChangePending { effective_s } => ChangePending {
            effectiveAt: effective_s,
        }
        .into(),
        Error::BadWad { wad } => BadWad { wad }.into(),
        Error::NothingSlashable {
            service,
            operator,
            offence_epoch,
        } => NothingSlashable {
            service,
            operator,
            offenceEpoch: offence_epoch,
        }
        .into(),
        Error::RequestUnknown { id } => RequestUnknown { id }.into(),
    }
}
