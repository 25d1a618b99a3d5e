//! Accounts, storage and code, with every past version readable.

mod cell;
mod file;
mod root;
mod trie;
mod view;
mod world;

pub(crate) use root::StateTrie;
pub(crate) use view::View;
pub(crate) use world::{Info, World};
