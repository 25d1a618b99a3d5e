//! The governor with the contracts that it governs: what is done at once, what waits, and for whom.

mod acts;
mod waits;
mod world;
