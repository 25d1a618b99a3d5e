//! Each operation by itself: what it does with plain numbers, and every way it refuses.

mod admin;
mod allocator;
mod caps;
mod delist;
mod deposit;
mod exposure;
mod hub;
mod performance;
mod redeem;
mod retire;
mod rewards;
mod setting;
mod settle;
mod slots;
mod streams;
mod tickets;
