//! Links lead somewhere, and the map names every part.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Document, all, children, markdown, root};

/// What is wrong with a document's links, a sentence each.
fn dead_links(document: &Document) -> Vec<String> {
    let folder = root().join(document.path.parent().unwrap());
    let mut wrong = Vec::new();
    for link in markdown::links(&document.text) {
        if link.target.contains("://") {
            continue;
        }
        let place = format!("{}:{}", document.path.display(), link.line);
        let (file, anchor) = match link.target.split_once('#') {
            Some((file, anchor)) => (file, Some(anchor)),
            None => (link.target.as_str(), None),
        };
        let path = folder.join(file);
        if !file.is_empty() && !path.exists() {
            wrong.push(format!("{place}: there is no {file}"));
            continue;
        }
        let Some(anchor) = anchor else { continue };
        let text = if file.is_empty() {
            document.text.clone()
        } else {
            fs::read_to_string(&path).unwrap_or_default()
        };
        if !markdown::anchors(&text).iter().any(|known| known == anchor) {
            wrong.push(format!("{place}: {} has no heading #{anchor}", link.target));
        }
    }
    wrong
}

#[test]
fn every_link_leads_somewhere() {
    let wrong: Vec<String> = all().iter().flat_map(dead_links).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_dead_link_is_found() {
    let document = Document {
        path: PathBuf::from("docs/start-here.md"),
        text: "# A\n[a](#a) [b](#b) [c](../README.md#map)\n[d](../nowhere.md) [e](../README.md#nowhere)".to_owned(),
    };
    let wrong = dead_links(&document);
    assert_eq!(wrong.len(), 3, "{wrong:?}");
}

/// The paths that a text in code names: those from the root of the repository, `{a,b}` taken apart.
fn paths(code: &str) -> Vec<String> {
    let is_path = ["crates/", "contracts/", "docs/", ".ci/", ".config/"]
        .iter()
        .any(|start| code.starts_with(start));
    if !is_path || code.contains([' ', '<', '*', '…']) {
        return Vec::new();
    }
    match (code.split_once('{'), code.split_once('}')) {
        (Some((start, _)), Some((inner, end))) => inner[start.len() + 1..]
            .split(',')
            .map(|part| format!("{start}{part}{end}"))
            .collect(),
        _ => vec![code.to_owned()],
    }
}

#[test]
fn every_path_in_code_exists() {
    assert_eq!(
        paths("crates/a/{b,c}.rs"),
        ["crates/a/b.rs", "crates/a/c.rs"]
    );
    let mut wrong = Vec::new();
    for document in all() {
        for code in markdown::code(&document.text) {
            let missing = paths(code.text)
                .into_iter()
                .filter(|path| !root().join(path).exists());
            let place = format!("{}:{}", document.path.display(), code.line);
            wrong.extend(missing.map(|path| format!("{place}: there is no {path}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first column of the map in the README.
fn map() -> Vec<PathBuf> {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, map) = text.split_once("\n## Map\n").expect("the README has a map");
    let rows = map.lines().take_while(|line| !line.starts_with("## "));
    let paths = rows.filter_map(|row| row.strip_prefix("| [`")?.split('`').next());
    paths.map(PathBuf::from).collect()
}

#[test]
fn the_map_names_every_part_and_nothing_else() {
    let map = map();
    for path in &map {
        assert!(
            root().join(path).exists(),
            "the map names {}",
            path.display()
        );
    }
    let mut parts: Vec<PathBuf> = children(Path::new("crates")).collect();
    // What begins with a dot is for tools, and `target` is what they leave behind.
    parts.extend(children(Path::new("")).filter(|path| {
        let name = path.to_string_lossy();
        root().join(path).is_dir()
            && !name.starts_with('.')
            && !["crates", "target"].contains(&&*name)
    }));
    for part in parts {
        assert!(
            map.contains(&part),
            "the map does not name {}",
            part.display()
        );
    }
}
