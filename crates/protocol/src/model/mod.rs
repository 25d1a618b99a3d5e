//! The whole protocol as one in-memory state machine.
