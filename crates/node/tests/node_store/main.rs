//! Both stores keep the same promises.

mod conformance;
