//! The node: indexer, API, keeper, alarms and dashboard over any chain that runs Weir.
