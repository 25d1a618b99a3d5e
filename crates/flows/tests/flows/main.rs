//! Flows with actors on the deployed contracts. Each gives the balance of everybody: who is not in a table has nothing.

mod contested;
mod doors;
mod feed;
mod hostile;
mod instant;
mod life;
mod overdue;
mod pocket;
mod reentry;
mod router;
mod slashed;
mod zap;
