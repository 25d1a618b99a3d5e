//! Shares that stand behind slashes: bonds of operators, cover, and the stakes of who files. One contract a vault.
//!
//! ```text
//!              bond, fund: count at once                enter: counts from the next epoch
//!  operator ──> bond ──┐          service ──> stake        anybody ──> joining ──> cover <── fees, vesting
//!                      │ first                  │ 1 %                                │
//!  a filing locks <────┴────────────────────────┴────────────────── then ────────────┘
//!      executed: bond and cover burn, the stake is free again
//!      vetoed, lapsed: bond and cover are free again, the stake goes to the vault's holders
//! ```
//!
//! First loss, not insurance: all of it is shares of the vault itself, and worthless in a total loss.
//!
//! Bond and cover leave as stake does: asked for in epoch e, paid from `maturity(e)` on (`unbond`, `leave`). What a request has locked
//! stays until it is decided. A request fixes what it locks when it is filed, so what is free of an operator's own
//! bond may go; members of cover bear losses together, so none of them leaves while a request filed by the maturity of his
//! notice is undecided. Later requests do not keep him: he is paid at the full price, out of what they left free.
//!
//! | symbol | code | meaning |
//! | --- | --- | --- |
//! | `b_o`, `lb_o` | [`Bond`] | shares bonded by operator o; locked of these |
//! | `P`, `lp`, `C` | [`Pool`] | shares of cover; locked of these; units of its members |
//! | `J` | [`Joining`] | shares that count from the next epoch on |
//! | `f_s`, `lf_s` | [`Stake`] | shares that service s may stake on filings; locked of these |

mod bonds;
mod error;
mod key;
mod locks;
mod members;
mod pool;
mod records;
mod stakes;
mod store;

pub use bonds::{bond, bond_needed, check_bond, collect_bond, unbond};
pub use error::CoverError;
pub use key::CoverKey;
pub use locks::{Decided, Quoted, decide, lock, quote};
pub use members::{Position, cancel_entry, collect, enter, leave, position};
pub use pool::{backing, earn, sync};
pub use records::{
    Bond, Drip, Joined, Joining, Leaving, Lock, Pool, PoolLock, Settings, Stake, Totals,
};
pub use stakes::{defund, fund, surrender};
pub use store::{CoverStore, MAX_BOND_BPS, MAX_STAKE_BPS, initialise};
