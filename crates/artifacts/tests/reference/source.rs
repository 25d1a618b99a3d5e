//! The interfaces as they are written, with what they say about themselves. Parsed by the parser that `sol!` itself uses.

use std::fs;
use std::path::Path;

use syn_solidity::{FunctionKind, Item};

/// An interface.
pub struct Interface {
    pub name: String,
    pub docs: String,
    pub items: Vec<Entry>,
}

/// What an interface holds.
#[derive(Clone)]
pub struct Entry {
    pub kind: Kind,
    pub name: String,
    pub docs: String,
    /// As Solidity.
    pub text: String,
}

/// A kind of item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Call,
    View,
    Type,
    Event,
    Error,
}

/// Every interface of a crate's sources, in the order of files and lines.
pub fn interfaces(sources: &Path) -> Vec<Interface> {
    let entries = fs::read_dir(sources).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let file = syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap();
        for item in file.items {
            let syn::Item::Macro(item) = item else {
                continue;
            };
            if item.ident.is_none() && item.mac.path.is_ident("interface") {
                let solidity = syn_solidity::parse2(item.mac.tokens).unwrap();
                found.extend(solidity.items.into_iter().map(interface));
            }
        }
    }
    found
}

fn interface(item: Item) -> Interface {
    let Item::Contract(contract) = item else {
        panic!("{item} stands outside of an interface");
    };
    Interface {
        name: contract.name.to_string(),
        docs: docs(&contract.attrs),
        items: contract.body.iter().map(entry).collect(),
    }
}

fn entry(item: &Item) -> Entry {
    let (kind, name, attrs, text) = match item {
        Item::Function(function) => {
            let reads = function.attributes.to_string();
            let reads = reads
                .split_whitespace()
                .any(|word| word == "view" || word == "pure");
            assert!(matches!(function.kind, FunctionKind::Function(_)), "{item}");
            let kind = if reads { Kind::View } else { Kind::Call };
            (
                kind,
                function.name().to_string(),
                &function.attrs,
                item.to_string(),
            )
        }
        Item::Event(event) => (
            Kind::Event,
            event.name.to_string(),
            &event.attrs,
            item.to_string(),
        ),
        Item::Error(error) => (
            Kind::Error,
            error.name.to_string(),
            &error.attrs,
            item.to_string(),
        ),
        Item::Enum(item) => (
            Kind::Type,
            item.name.to_string(),
            &item.attrs,
            item.to_string(),
        ),
        Item::Struct(item) => {
            // Members say what they are and in which unit, so their documentation belongs to the text.
            let mut text = format!("struct {} {{\n", item.name);
            for member in &item.fields {
                for line in docs(&member.attrs).lines() {
                    text += &format!("    // {line}\n");
                }
                text += &format!("    {member};\n");
            }
            (Kind::Type, item.name.to_string(), &item.attrs, text + "}")
        }
        other => panic!("no place in the reference for {other}"),
    };
    let docs = docs(attrs);
    assert!(!docs.is_empty(), "`{name}` has no documentation");
    Entry {
        kind,
        docs,
        name,
        text,
    }
}

/// The documentation of an item, in lines.
fn docs(attrs: &[syn::Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| {
        let syn::Meta::NameValue(pair) = &attr.meta else {
            return None;
        };
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = &pair.value
        else {
            return None;
        };
        let text = text.value();
        let line = text.strip_prefix(' ').unwrap_or(&text).to_owned();
        pair.path.is_ident("doc").then_some(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}
