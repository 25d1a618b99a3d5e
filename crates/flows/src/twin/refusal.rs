//! The same refusals.

use weir_protocol::model::{Call, ModelError, Op};

use super::Twin;
use crate::refusal::Refusal;

/// Errors that the interface names otherwise than the rules. A token's own refusal of a transfer arrives as `TransferFailed`.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("AssetUnknown", "AssetNotListed"),
    ("AssetUnknown", "SourceUnknown"),
    ("DepositsPaused", "DepositsArePaused"),
    ("InstantPaused", "InstantIsPaused"),
    ("InsufficientBalance", "ERC20InsufficientBalance"),
    ("InsufficientBalance", "TransferFailed"),
    ("TicketTooSmall", "NotEnoughInTicket"),
];

impl Twin {
    /// Compares the names of the errors.
    pub(super) fn compare_refusal(&self, op: &Op, expected: &ModelError, refusal: &Refusal) {
        let (rules, contracts) = (
            name(&format!("{expected:?}")),
            name(&format!("{refusal:?}")),
        );
        let is_same = rules == contracts
            || OTHER_NAMES.contains(&(rules.as_str(), contracts.as_str()))
            // The contracts look a token up before anything else, the model knows assets by index.
            || (contracts == "AssetNotListed" && self.is_unlisted(op));
        assert!(
            is_same,
            "the model refused with {expected:?}, the contracts with {refusal:?}"
        );
    }

    fn is_unlisted(&self, op: &Op) -> bool {
        let (Call::Deposit { asset, .. }
        | Call::Redeem { asset, .. }
        | Call::Pull { asset, .. }
        | Call::SetCap { asset, .. }
        | Call::SetDepositFee { asset, .. }
        | Call::AcceptRate { asset, .. }) = op.call
        else {
            return false;
        };
        usize::from(asset) >= self.world.assets.len()
    }
}

/// The name of the error in `Outer(Name { member: 1 })`.
fn name(debug: &str) -> String {
    let inner = debug.split_once('{').map_or(debug, |(before, _)| before);
    let name = inner.trim_end_matches(|c: char| !c.is_alphanumeric());
    name.rsplit('(')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}
