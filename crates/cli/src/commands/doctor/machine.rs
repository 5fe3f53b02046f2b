//! The program and this machine: version, environment, clock, temporary files, terminal.

use clap::CommandFactory;
use rolecall_lake::SCHEMA_VERSION;
use rolecall_model::{Time, nearest};

use super::check::Check;
use crate::args::Arguments;
use crate::clock;
use crate::desk::Desk;
use crate::output::{Out, console_height};

/// How the names of rolecall's variables begin.
const OURS: &str = "ROLECALL_";

pub(super) fn program(desk: &Desk) -> Vec<Check> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = desk.global.threads.unwrap_or(cores);
    let told = format!(
        "{} · lakes up to schema version {SCHEMA_VERSION} · {threads} threads",
        env!("CARGO_PKG_VERSION")
    );
    let set = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let set: Vec<String> = set.filter(|name| name.starts_with(OURS)).collect();
    let mut checks = vec![Check::ok("rolecall", told)];
    checks.extend(variables(&set, &known()));
    checks
}

pub(super) fn look(out: &Out) -> Vec<Check> {
    vec![
        Check::ok("clock", Time::from_seconds(clock::now().seconds()).to_string()),
        temporary(),
        terminal(out),
    ]
}

/// The variables that the help tells of, and those that stand for an option.
fn known() -> Vec<String> {
    let top = Arguments::command();
    let help = top.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let told = help.split_whitespace().map(str::to_owned);
    let own = top.get_arguments();
    let all = own.chain(top.get_subcommands().flat_map(|command| command.get_arguments()));
    let options = all.filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned));
    let mut names: Vec<String> =
        told.chain(options).filter(|name| name.starts_with(OURS)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Which variables are set, never to what; a name that is read by nobody is a slip.
fn variables(set: &[String], known: &[String]) -> Vec<Check> {
    let (read, unread): (Vec<&String>, Vec<&String>) =
        set.iter().partition(|name| known.contains(name));
    let mut checks = Vec::new();
    if !read.is_empty() {
        let names: Vec<&str> = read.iter().map(|name| name.as_str()).collect();
        checks.push(Check::ok("variables", format!("{} in the environment", names.join(", "))));
    }
    for name in unread {
        let near = nearest(name, known.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the commands read {}", known.join(", ")),
        };
        let told = format!("{name} is set, and no command reads it");
        checks.push(Check::warning("variables", told).help(help));
    }
    checks
}

/// What is larger than memory goes to temporary files.
fn temporary() -> Check {
    let folder = std::env::temp_dir();
    match tempfile::tempfile() {
        Ok(_) => Check::ok("temporary", folder.display().to_string()),
        Err(error) => Check::problem("temporary", format!("`{}`: {error}", folder.display()))
            .help("large questions need it: set TMPDIR to a folder that you may write to"),
    }
}

fn terminal(out: &Out) -> Check {
    let Some(width) = out.width else {
        return Check::ok("terminal", "none: no colours, and tables as wide as they like");
    };
    let lines = console_height().map(|lines| format!(" and {lines} lines")).unwrap_or_default();
    let colours = if out.paint.on { "colours" } else { "no colours" };
    let check = Check::ok("terminal", format!("{width} columns{lines}, {colours}"));
    if width < 80 {
        let told = check.told;
        return Check::warning("terminal", format!("{told}: tables leave columns out"))
            .help("make it wider, or ask for `--format csv`");
    }
    check
}

#[cfg(test)]
mod tests {
    use super::super::check::State;
    use super::*;

    #[test]
    fn a_slip_in_the_name_of_a_variable_is_told_and_no_value_is() {
        let known = known();
        assert!(known.iter().any(|name| name == "ROLECALL_LAKE"), "{known:?}");
        let set = ["ROLECALL_WEBHOOK", "ROLECALL_LAKES"].map(str::to_owned);
        let checks = variables(&set, &known);
        assert_eq!(checks[0], Check::ok("variables", "ROLECALL_WEBHOOK in the environment"));
        assert_eq!(checks[1].state, State::Warning);
        assert_eq!(checks[1].help.as_deref(), Some("did you mean ROLECALL_LAKE?"));
    }
}
