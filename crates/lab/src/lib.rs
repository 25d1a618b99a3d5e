//! The lab: Monte Carlo and network analysis of slashing, peg and cascades, on the rules that run on chain.
