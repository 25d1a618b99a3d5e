//! EVM contracts of the world around the protocol: rate sources, tokens with manners of their own, a reader of views.

mod asm;
mod source;
mod token;
mod viewer;

pub use asm::{Asm, op};
pub use source::{ANSWER_SLOT, SILENT_SLOT, source};
pub use token::{Manner, token};
pub use viewer::viewer;
