//! Interfaces, events and errors of the Weir contracts, written once.
#![cfg_attr(not(feature = "std"), no_std)]
