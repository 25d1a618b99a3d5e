//! Accounts, storage and code, with every past version readable.

pub(crate) mod cell;
mod parts;
mod root;
mod trie;
mod view;
mod world;

pub(crate) use cell::Cell;
pub(crate) use parts::WorldParts;
pub(crate) use root::StateTrie;
pub(crate) use view::View;
pub(crate) use world::{Account, Info, World, bytecode};
