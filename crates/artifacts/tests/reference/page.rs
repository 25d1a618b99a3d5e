//! A page of the reference, and the list of all errors.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use alloy_json_abi::JsonAbi;

use crate::source::{Entry, Interface, Kind};

/// How an interface says who may make a call: a sentence of its own.
const CALLERS: &[(&str, &str)] = &[
    ("Anyone", "anyone"),
    ("Anyone, of what is theirs", "anyone, of what is theirs"),
    ("The owner of the ticket", "the ticket's owner"),
    (
        "The owner of the ticket or its operator",
        "the ticket's owner, or an operator that it named",
    ),
    (
        "The owner or its operator",
        "the owner of the shares, or an operator that it named",
    ),
    (
        "The controller or its operator",
        "the controller, or an operator that it named",
    ),
    ("The pool of that swap", "the pool of the router's swap"),
    ("The router", "the router contract"),
    ("Nobody", "nobody"),
    (
        "A registered operator, for itself",
        "an operator, for itself",
    ),
    ("The slasher of the service", "the service's slasher"),
    ("The resolver of the service", "the service's resolver"),
    ("Governor", "the governor"),
    ("Governor of the vault", "the vault's governor"),
    ("Guardian", "the guardian"),
    ("Curator", "the curator"),
    ("Hub", "the hub contract"),
    ("The vault", "the vault contract"),
    ("The exits contract", "the exits contract"),
    ("The cover contract", "the cover contract"),
    ("An operator, for itself", "an operator, for itself"),
    ("A member, for itself", "a member of cover, for itself"),
    ("The owner", "the token's owner"),
    (
        "The role that the rule names",
        "the role that the rule names",
    ),
    (
        "The governor contract itself",
        "the governor contract itself",
    ),
    ("Once, by its deployer", "the deployer, once"),
];

/// The page of a contract.
pub struct Page {
    head: String,
    items: Vec<(Entry, String)>,
}

impl Page {
    /// A page without an interface yet.
    pub fn new(title: &str, opening: &str, file: &str) -> Self {
        let mut head = format!("# {title}\n");
        if !opening.is_empty() {
            let _ = write!(head, "\n{opening}\n");
        }
        if file != "tokens" {
            let _ = write!(
                head,
                "\nThe same for programs: [`{file}.json`](../../../contracts/golden/abi/{file}.json).\n"
            );
        }
        Self {
            head,
            items: Vec::new(),
        }
    }

    /// Adds an interface, whose selectors and topics `abi` has.
    pub fn add(&mut self, interface: &Interface, abi: &JsonAbi) {
        let _ = write!(self.head, "\n{}\n", interface.docs);
        for entry in &interface.items {
            let id = id(entry, abi);
            self.items.push((entry.clone(), id));
        }
    }

    /// The page.
    pub fn text(&self) -> String {
        let (mut contents, mut body) = (String::new(), String::new());
        let mut anchors: BTreeMap<String, usize> = BTreeMap::new();
        for (kind, title) in [
            (Kind::Call, "Calls"),
            (Kind::View, "Views"),
            (Kind::Event, "Events"),
            (Kind::Error, "Errors"),
            (Kind::Type, "Types"),
        ] {
            let items: Vec<_> = self
                .items
                .iter()
                .filter(|(entry, _)| entry.kind == kind)
                .collect();
            if items.is_empty() {
                continue;
            }
            let mut anchor = |heading: &str| {
                let anchor = heading.to_lowercase();
                let seen = anchors.entry(anchor.clone()).or_default();
                *seen += 1;
                if *seen == 1 {
                    anchor
                } else {
                    format!("{anchor}-{}", *seen - 1)
                }
            };
            let _ = write!(contents, "\n- [{title}](#{}): ", anchor(title));
            let _ = write!(body, "\n## {title}\n");
            if kind == Kind::Error {
                body += "\nThose that [every contract may answer](errors.md) come on top.\n\n| error | selector | what it means |\n| --- | --- | --- |\n";
            }
            // Calls by who may make them, everything else in one list.
            let mut links: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
            for (entry, id) in items {
                if kind == Kind::Error {
                    let _ = writeln!(
                        body,
                        "| {} | `{id}` | {} |",
                        code(entry),
                        one_line(&entry.docs)
                    );
                    continue;
                }
                let caller = (kind == Kind::Call).then(|| caller(entry));
                let link = format!("[`{}`](#{})", entry.name, anchor(&entry.name));
                links.entry(caller).or_default().push(link);
                let _ = write!(
                    body,
                    "\n### `{}`\n\n{}\n\n```solidity\n{}\n```\n",
                    entry.name, entry.docs, entry.text
                );
                match (kind, caller) {
                    (_, Some(caller)) => {
                        let _ = write!(body, "\nWho: {}. Selector: `{id}`.\n", CALLERS[caller].1);
                    }
                    (Kind::View, _) => {
                        let _ = write!(body, "\nSelector: `{id}`.\n");
                    }
                    (Kind::Event, _) => {
                        let _ = write!(body, "\nTopic: `{id}`.\n");
                    }
                    _ => {}
                }
            }
            if kind == Kind::Error {
                contents += "a table";
            }
            for (caller, links) in links {
                let links = links.join(", ");
                contents += &match caller {
                    Some(caller) => format!("\n  - {}: {links}", CALLERS[caller].1),
                    None => links,
                };
            }
        }
        format!("{}\n## Contents\n{contents}\n{body}", self.head)
    }
}

/// Who may make a call: a place in the list of callers.
fn caller(entry: &Entry) -> usize {
    let docs = one_line(&entry.docs);
    let mut sentences = docs.split(['.', ';']).map(str::trim);
    let known = sentences.find_map(|sentence| {
        let same = |(written, _): &&(&str, &str)| {
            *written == sentence
                || (written.starts_with("Once") && sentence.starts_with("Once, by the deployer"))
        };
        CALLERS.iter().position(|known| same(&known))
    });
    known.unwrap_or_else(|| {
        panic!(
            "`{}` does not say in a sentence who may call it",
            entry.name
        )
    })
}

/// All errors of all contracts.
#[derive(Default)]
pub struct Errors {
    rows: BTreeMap<(String, String), (String, Vec<String>, String)>,
}

impl Errors {
    /// Adds those of an interface, which the contracts on the page `file` have, or all contracts.
    pub fn add(&mut self, file: &str, interface: &Interface, abi: &JsonAbi) {
        for entry in interface
            .items
            .iter()
            .filter(|entry| entry.kind == Kind::Error)
        {
            let place = if file == "all" {
                "every contract".to_owned()
            } else {
                format!("[{file}]({file}.md#errors)")
            };
            let key = (entry.name.clone(), id(entry, abi));
            let row = self.rows.entry(key);
            let row = row.or_insert_with(|| (code(entry), Vec::new(), one_line(&entry.docs)));
            if !row.1.contains(&place) {
                row.1.push(place);
            }
        }
    }

    /// The page.
    pub fn text(&self) -> String {
        let mut page = "# Errors\n\nA call that is refused leaves no trace, and its revert data says why: four bytes that name the error, \
            then its values, ABI-encoded. A selector means the same whichever contract answers it. Errors of nested calls arrive \
            unchanged, so a client of one contract may meet those of another.\n\n\
            | error | selector | of | what it means, and what to do |\n| --- | --- | --- | --- |\n".to_owned();
        for ((_, id), (code, places, docs)) in &self.rows {
            let _ = writeln!(page, "| {code} | `{id}` | {} | {docs} |", places.join(", "));
        }
        page
    }
}

/// Selector of a function or an error, topic of an event.
fn id(entry: &Entry, abi: &JsonAbi) -> String {
    let name = &entry.name;
    match entry.kind {
        Kind::Call | Kind::View => one(abi.function(name), name).selector().to_string(),
        Kind::Error => one(abi.error(name), name).selector().to_string(),
        Kind::Event => one(abi.event(name), name).selector().to_string(),
        Kind::Type => String::new(),
    }
}

/// The one item of a name.
fn one<'a, T>(found: Option<&'a Vec<T>>, name: &str) -> &'a T {
    match found.map(Vec::as_slice) {
        Some([item]) => item,
        _ => panic!("{name} is missing in the JSON interface, or overloaded"),
    }
}

/// An error as it is written, without the keyword.
fn code(entry: &Entry) -> String {
    let text = entry
        .text
        .trim_start_matches("error ")
        .trim_end_matches(';');
    format!("`{text}`")
}

fn one_line(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<_>>().join(" ")
}
