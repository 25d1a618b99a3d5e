//! What the documents say is so: links lead somewhere, commands exist, and the reference is what the command line is.

mod commands;
mod links;
mod markdown;
mod reference;

use std::fs;
use std::path::{Path, PathBuf};

/// A Markdown file of the repository.
struct Document {
    /// Path from the root of the repository.
    path: PathBuf,
    text: String,
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every document: the README, all below `docs`, and the README of every crate and contract that has one.
fn all() -> Vec<Document> {
    let mut paths = vec![
        PathBuf::from("README.md"),
        PathBuf::from("contracts/README.md"),
    ];
    for parent in ["crates", "contracts"] {
        paths.extend(children(Path::new(parent)).map(|child| child.join("README.md")));
    }
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for path in children(&folder) {
            if root().join(&path).is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                paths.push(path);
            }
        }
    }
    paths.retain(|path| root().join(path).exists());
    paths.sort();
    let read = |path: PathBuf| Document {
        text: fs::read_to_string(root().join(&path)).unwrap(),
        path,
    };
    paths.into_iter().map(read).collect()
}

/// What a folder of the repository holds, as paths from the root.
fn children(folder: &Path) -> impl Iterator<Item = PathBuf> + use<'_> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    entries.map(move |entry| folder.join(entry.unwrap().file_name()))
}
