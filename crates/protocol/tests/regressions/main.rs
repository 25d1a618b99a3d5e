//! What went wrong elsewhere, played against these rules. Each test is named after the event or the audit finding that it repeats and
//! opens with what happened there.

mod exits;
mod fees;
mod ledger;
mod rates;
mod rewards;
mod world;
