//! Builds the contracts to deployable Stylus code and hands out their bytes.
