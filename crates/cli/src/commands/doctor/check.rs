//! One thing that was looked at: how it is, and what helps.

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// Everything can be asked, and some answers are less than they could be.
    Warning,
    /// Something cannot be asked.
    Problem,
}

impl State {
    pub(super) fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Problem => "problem",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Check {
    /// What was looked at, in a word.
    pub(super) subject: &'static str,
    pub(super) state: State,
    /// How it is.
    pub(super) told: String,
    /// What helps, if something can be done.
    pub(super) help: Option<String>,
}

impl Check {
    pub(super) fn ok(subject: &'static str, told: impl Into<String>) -> Check {
        Check { subject, state: State::Ok, told: told.into(), help: None }
    }

    pub(super) fn warning(subject: &'static str, told: impl Into<String>) -> Check {
        Check { state: State::Warning, ..Check::ok(subject, told) }
    }

    pub(super) fn problem(subject: &'static str, told: impl Into<String>) -> Check {
        Check { state: State::Problem, ..Check::ok(subject, told) }
    }

    /// The same, with what helps.
    pub(super) fn help(self, help: impl Into<String>) -> Check {
        Check { help: Some(help.into()), ..self }
    }
}

/// A number of things: `1 file`, `2 files`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A length of time in one unit, rounded down.
pub(super) fn length(seconds: i64) -> String {
    let (number, one, many) = match seconds {
        ..60 => (seconds.max(0), "second", "seconds"),
        60..3600 => (seconds / 60, "minute", "minutes"),
        3600..172_800 => (seconds / 3600, "hour", "hours"),
        _ => (seconds / 86_400, "day", "days"),
    };
    count(number as usize, one, many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_one_unit() {
        for (seconds, expected) in [
            (-5, "0 seconds"),
            (1, "1 second"),
            (119, "1 minute"),
            (86_400, "24 hours"),
            (172_800, "2 days"),
            (31_536_000, "365 days"),
        ] {
            assert_eq!(length(seconds), expected);
        }
    }
}
