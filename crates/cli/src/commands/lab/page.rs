//! A page around a section that the lab has drawn.

use std::path::Path;

use weir_lab::report::page;

use super::failed;
use crate::failure::Result;

/// Writes `section` as a page of its own to `file`.
pub fn write(file: &Path, title: &str, section: &str) -> Result {
    std::fs::write(file, page(title, section))
        .map_err(|error| failed(&format!("cannot write {}", file.display()), error))
}
