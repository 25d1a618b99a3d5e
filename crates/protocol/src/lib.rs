//! The rules of Weir as pure arithmetic and state transitions: one source for contracts, node, lab and tests.
#![cfg_attr(not(feature = "std"), no_std)]
