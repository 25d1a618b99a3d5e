//! One command for each file.

pub mod account;
pub mod accrue;
pub mod allow;
pub mod auction;
pub mod cancel;
pub mod check;
pub mod claim;
pub mod claim_into;
pub mod completions;
pub mod custody;
pub mod daemon;
pub mod demo;
pub mod deploy;
pub mod deposit;
pub mod exit;
pub mod operator;
pub mod redeem;
pub mod retire;
pub mod rewards;
pub mod service;
pub mod slash;
pub mod status;
pub mod time;
pub mod up;
pub mod what_if;
pub mod zap;
