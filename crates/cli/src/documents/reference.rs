//! The reference of the command line, from its own definition.
//!
//! After a change that is meant to alter it: `WEIR_BLESS=1 cargo test --workspace --bin weir`.

use std::fmt::Write as _;
use std::{env, fs};

use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::markdown::anchor;
use super::root;
use crate::cli::{AFTER_HELP, Cli};

const FILE: &str = "docs/reference/cli.md";

#[test]
fn the_reference_is_what_the_command_line_is() {
    let actual = page();
    let path = root().join(FILE);
    if env::var_os("WEIR_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &actual).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        recorded == actual,
        "{FILE} is not what the command line is. If the change is meant, run \
         `WEIR_BLESS=1 cargo test --workspace --bin weir` and commit the file"
    );
}

fn page() -> String {
    let mut root = Cli::command();
    root.build();
    let mut page = format!(
        "# The command `weir`\n\n{}.\n\nThis page is written by a test from the definition of the command line, and \
         checked by it to be what the command line is. The [README of the crate](../../crates/cli/README.md) says how \
         chains, contracts and keys are found.\n\n## Commands\n\n| command | what it does |\n| --- | --- |\n",
        root.get_about()
            .map(ToString::to_string)
            .unwrap_or_default()
    );
    let mut sections = String::new();
    for command in commands_of(&root) {
        section(command, "weir", 2, &mut page, &mut sections);
    }
    page += "\n## Options of every command\n\n";
    let global: Vec<&Arg> = root.get_arguments().collect();
    table("option", &global, &mut page);
    for list in AFTER_HELP.split("\n\n").filter(|part| part.contains(":\n")) {
        heading_and_list(list, &mut page);
    }
    page + &sections
}

fn commands_of(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
}

/// A row in the list of commands, and a section, for a command and those below it.
fn section(command: &Command, parent: &str, level: usize, list: &mut String, out: &mut String) {
    let name = format!("{parent} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    let _ = writeln!(list, "| [`{name}`](#{}) | {about} |", anchor(&name));
    let _ = write!(out, "\n{} `{name}`\n\n{about}.\n", "#".repeat(level));
    let help = command.get_after_help().map(ToString::to_string);
    let help = help.unwrap_or_default();
    let (notes, examples) = match help.find("Examples") {
        Some(at) => help.split_at(at),
        None => (help.as_str(), ""),
    };
    if !notes.trim().is_empty() {
        let _ = write!(out, "\n{}\n", notes.trim());
    }
    let own: Vec<&Arg> = command
        .get_arguments()
        .filter(|arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help")
        .collect();
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        own.into_iter().partition(|arg| arg.is_positional());
    for (title, args) in [("argument", positional), ("option", options)] {
        if !args.is_empty() {
            out.push('\n');
            table(title, &args, out);
        }
    }
    if let Some((title, lines)) = examples.split_once('\n') {
        let lines: Vec<String> = lines.lines().map(example).collect();
        let _ = write!(out, "\n{title}\n\n```sh\n{}\n```\n", lines.join("\n"));
    }
    for below in commands_of(command) {
        section(below, &name, level + 1, list, out);
    }
}

/// A line of the examples, with what it says about the command as a comment.
fn example(line: &str) -> String {
    match line.trim().split_once("  ") {
        Some((command, about)) => format!("{command}  # {}", about.trim()),
        None => line.trim().to_owned(),
    }
}

fn table(title: &str, args: &[&Arg], out: &mut String) {
    let _ = writeln!(out, "| {title} | |\n| --- | --- |");
    for arg in args {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        let mut meaning = help.replace('|', "\\|");
        let takes_value = !matches!(
            arg.get_action(),
            ArgAction::SetTrue | ArgAction::Help | ArgAction::Version
        );
        let code = |text: &std::ffi::OsStr| format!("`{}`", text.to_string_lossy());
        let defaults = arg.get_default_values().iter();
        let defaults: Vec<String> = defaults.map(|value| code(value)).collect();
        if takes_value {
            let values = arg.get_possible_values();
            let names: Vec<String> = values
                .iter()
                .map(|value| format!("`{}`", value.get_name()))
                .collect();
            if !names.is_empty() {
                let _ = write!(meaning, ": {}", names.join(", "));
            }
            if !defaults.is_empty() && defaults != ["``"] {
                let _ = write!(meaning, ". Default: {}", defaults.join(", "));
            }
        }
        if let Some(variable) = arg.get_env() {
            let _ = write!(meaning, ". Variable: {}", code(variable));
        }
        let _ = writeln!(out, "| `{}` | {meaning} |", spelled(arg, takes_value));
    }
}

/// An argument as it is typed: `<AMOUNT>`, `-q, --quiet`, `--rpc <URL>`.
fn spelled(arg: &Arg, takes_value: bool) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let value = names
        .iter()
        .map(|name| format!("<{name}>"))
        .collect::<Vec<_>>()
        .join(" ");
    let Some(long) = arg.get_long() else {
        return if arg.is_required_set() {
            value
        } else {
            format!("[{}]", value.trim_matches(['<', '>']))
        };
    };
    let short = arg
        .get_short()
        .map(|short| format!("-{short}, "))
        .unwrap_or_default();
    let value = if takes_value {
        format!(" {value}")
    } else {
        String::new()
    };
    format!("{short}--{long}{value}")
}

/// A list of the help (a title, then `  NAME  meaning` a line) as a heading and a table.
fn heading_and_list(list: &str, out: &mut String) {
    let (title, lines) = list.split_once(":\n").unwrap();
    let _ = write!(out, "\n## {title}\n\n| | |\n| --- | --- |\n");
    for line in lines.lines() {
        let (name, meaning) = line.trim().split_once("  ").unwrap();
        let _ = writeln!(out, "| `{name}` | {} |", meaning.trim());
    }
}
