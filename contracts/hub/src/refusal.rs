//! Why the rules refuse, as the interface says it.

use alloy_primitives::U256;
use weir_abi::{
    IHub::{
        AboveSlashCap, ArmingOver, BadTerms, BadWad, CoolingDown, NotYetExecutable, NotYetLapsed,
        OffenceEpochOutOfRange, OperatorNotIn, RequestUnknown, ServiceUnknown, Suspended,
        TermsMismatch, TooManyUndecided, VaultNotIn, WindowOpen, WindowTooLong, WrongStatus,
    },
    IShared::{Overflow, Unauthorized},
};
use weir_protocol::hub::HubError as Error;
use weir_shell::Revert;

use crate::slashes;

pub fn refusal(error: Error) -> Revert {
    match error {
        Error::Overflow => Overflow {}.into(),
        Error::Unauthorized { caller } => Unauthorized { caller }.into(),
        Error::ServiceUnknown { service } => ServiceUnknown { service }.into(),
        Error::BadTerms => BadTerms {}.into(),
        Error::WindowTooLong {
            veto_window_s,
            epoch_s,
        } => WindowTooLong {
            vetoWindow: veto_window_s,
            epochLength: epoch_s,
        }
        .into(),
        Error::TermsMismatch { expected, got } => TermsMismatch { expected, got }.into(),
        Error::VaultNotIn { vault, service } => VaultNotIn { vault, service }.into(),
        Error::OperatorNotIn { operator, service } => OperatorNotIn { operator, service }.into(),
        Error::OffenceEpochOutOfRange {
            offence_epoch,
            current,
        } => OffenceEpochOutOfRange {
            offenceEpoch: offence_epoch,
            current,
        }
        .into(),
        Error::BadWad { wad } => BadWad { wad }.into(),
        Error::AboveSlashCap { max_wad, attempted } => AboveSlashCap {
            maxWad: max_wad,
            attempted,
        }
        .into(),
        Error::TooManyUndecided { service, max } => TooManyUndecided {
            service,
            max: U256::from(max),
        }
        .into(),
        Error::CoolingDown { until_s } => CoolingDown { until: until_s }.into(),
        Error::Suspended { service } => Suspended { service }.into(),
        Error::RequestUnknown { id } => RequestUnknown { id }.into(),
        Error::WrongStatus { id, status } => WrongStatus {
            id,
            status: slashes::status(status),
        }
        .into(),
        Error::WindowOpen { until_s } => WindowOpen { until: until_s }.into(),
        Error::ArmingOver { since_s } => ArmingOver { since: since_s }.into(),
        Error::NotYetExecutable { at_s } => NotYetExecutable { at: at_s }.into(),
        Error::NotYetLapsed { at_s } => NotYetLapsed { at: at_s }.into(),
    }
}
