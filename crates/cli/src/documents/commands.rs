//! Command lines in documents and in the help are ones that work.

use std::fs;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Command, CommandFactory as _};

use super::{all, children, markdown, root};
use crate::cli::Cli;

/// The commands of a line of a document, each as its words; what a table of commands says beside them is left out.
fn commands(line: &str) -> Vec<Vec<String>> {
    let line = line.trim().trim_start_matches("$ ");
    let command_ends = line.find("  ").unwrap_or(line.len());
    let mut commands = vec![Vec::new()];
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for c in line[..command_ends].chars().chain([' ']) {
        match (c, quote) {
            ('\'' | '"', None) => (quote, begun) = (Some(c), true),
            (c, Some(open)) if c == open => quote = None,
            (' ', None) if begun => {
                commands.last_mut().unwrap().push(std::mem::take(&mut word));
                begun = false;
            }
            (' ', None) => {}
            (c, _) => {
                word.push(c);
                begun = true;
            }
        }
        let Some(last) = commands.last_mut().unwrap().last() else {
            continue;
        };
        match last.as_str() {
            "&&" => {
                commands.last_mut().unwrap().pop();
                commands.push(Vec::new());
            }
            "|" | "#" | ">" | "<" | "&" => {
                commands.last_mut().unwrap().pop();
                break;
            }
            _ => {}
        }
    }
    for words in &mut commands {
        let assignments = words.iter().take_while(|word| {
            word.split_once('=')
                .is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        });
        words.drain(..assignments.count());
    }
    commands.retain(|words| !words.is_empty());
    commands
}

/// What is wrong with a command, if something is. In a sentence a command may be named without its arguments.
fn wrong(words: &[String], in_sentence: bool) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["weir", arguments @ ..] => unknown(arguments, in_sentence),
        ["cargo", "run", "--", arguments @ ..] => unknown(arguments, in_sentence),
        ["cargo", arguments @ ..] => no_target(arguments),
        ["bash", script, ..] if !script.starts_with('-') => {
            (!root().join(script).exists()).then(|| format!("there is no {script}"))
        }
        _ => None,
    }
}

/// Whether `weir` takes these arguments.
fn unknown(arguments: &[&str], in_sentence: bool) -> Option<String> {
    let words = ["weir"].iter().chain(arguments);
    let error = Cli::command().try_get_matches_from(words).err()?;
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => None,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
            if in_sentence =>
        {
            None
        }
        _ => Some(error.to_string()),
    }
}

/// Whether the packages, tests, benches and examples that a `cargo` command names exist.
fn no_target(arguments: &[&str]) -> Option<String> {
    let after = |flags: &[&str]| {
        let at = arguments.iter().position(|word| flags.contains(word))?;
        arguments.get(at + 1).copied()
    };
    let packages: Vec<PathBuf> = ["crates", "contracts"]
        .iter()
        .flat_map(|parent| children(Path::new(parent)).collect::<Vec<_>>())
        .filter(|path| root().join(path).join("Cargo.toml").exists())
        .collect();
    let package = after(&["-p", "--package"]);
    let named: Vec<&PathBuf> = match package {
        None => packages.iter().collect(),
        Some(package) => packages
            .iter()
            .filter(|path| {
                let manifest = fs::read_to_string(root().join(path).join("Cargo.toml"));
                let name = format!("name = \"{package}\"");
                manifest.unwrap().lines().any(|line| line == name)
            })
            .collect(),
    };
    if named.is_empty() {
        return Some(format!(
            "there is no package {}",
            package.unwrap_or_default()
        ));
    }
    for (flag, folder) in [
        ("--test", "tests"),
        ("--bench", "benches"),
        ("--example", "examples"),
    ] {
        let Some(target) = after(&[flag]) else {
            continue;
        };
        let exists = named.iter().any(|path| {
            let folder = root().join(path).join(folder);
            folder.join(format!("{target}.rs")).exists()
                || folder.join(target).join("main.rs").exists()
        });
        if !exists {
            return Some(format!("there is no {flag} {target}"));
        }
    }
    let manifest = after(&["--manifest-path"])?;
    (!root().join(manifest).exists()).then(|| format!("there is no {manifest}"))
}

#[test]
fn every_command_in_the_documents_works() {
    let mut failures = Vec::new();
    let mut checked = 0;
    for document in all() {
        for code in markdown::code(&document.text) {
            for words in commands(code.text) {
                checked += 1;
                if let Some(why) = wrong(&words, !code.fenced) {
                    let place = format!("{}:{}", document.path.display(), code.line);
                    failures.push(format!("{place}: {}\n{why}", words.join(" ")));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(checked > 50, "only {checked} commands were found");
}

#[test]
fn a_command_that_does_not_work_is_found() {
    let check = |line: &str| {
        let commands = commands(line);
        commands.iter().any(|words| wrong(words, false).is_some())
    };
    for line in [
        "weir demo --json | jq '.acts[].conservation'",
        "weir time warp 2d && weir slash arm 1 --from bob",
        "cargo run -- deposit 10 wsteth --from alice   an asset in",
        "X=1 cargo test --workspace --test golden # sizes",
        "bash .ci/run",
    ] {
        assert!(!check(line), "{line}");
    }
    for line in [
        "weir nothing",
        "weir time warp 2d && weir slash arm",
        "cargo run -- time epoch --count 3",
        "cargo test -p weir-nothing",
        "cargo test --workspace --test nothing",
        "bash .ci/nothing",
    ] {
        assert!(check(line), "{line}");
    }
}

/// Every command that takes no further command, by its full name.
fn leaves(command: &Command, name: &str, found: &mut Vec<(String, String)>) {
    if !command.has_subcommands() {
        let help = command.get_after_help().map(ToString::to_string);
        found.push((name.to_owned(), help.unwrap_or_default()));
    }
    for sub in command.get_subcommands() {
        leaves(sub, &format!("{name} {}", sub.get_name()), found);
    }
}

#[test]
fn every_command_has_examples_of_itself_that_work() {
    let mut found = Vec::new();
    leaves(&Cli::command(), "weir", &mut found);
    for (name, help) in found {
        let (_, examples) = help
            .split_once("Examples:")
            .unwrap_or_else(|| panic!("the help of `{name}` has no examples"));
        let wide = examples.lines().find(|line| line.chars().count() > 80);
        assert_eq!(
            wide, None,
            "an example of `{name}` is wider than a terminal"
        );
        let examples: Vec<_> = examples.lines().flat_map(commands).collect();
        assert!(
            examples
                .iter()
                .any(|words| words.join(" ").starts_with(&name)),
            "no example of `{name}` in its help"
        );
        for words in examples {
            let why = wrong(&words, false);
            assert!(
                why.is_none(),
                "{}: {}",
                words.join(" "),
                why.unwrap_or_default()
            );
        }
    }
}
