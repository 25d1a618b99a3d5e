//! The entries of a vault as clients of ERC-4626, ERC-7540 and ERC-7575 meet them.
//!
//! What is checked is what public property suites check: a16z's for ERC-4626 (`prop_…`), Recon's for ERC-7540 (`7540-1` to `7540-7`), and
//! the sentences of the standards themselves. Where an entry departs from them, a test says so by name; docs/protocol/entry.md says why.

mod attacks;
mod desk;
mod maxima;
mod requests;
mod values;
