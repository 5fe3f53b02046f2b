//! A text as one word of a shell: event text in it must not run when somebody pastes the line.

/// The text in quotes, as one argument of a POSIX shell: in double quotes where that is safe, since SQL is full of single ones.
pub fn word(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '$', '`', '\\', '!']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::word;

    #[test]
    fn a_pasted_line_runs_nothing_of_an_event() {
        for (text, expected) in [
            ("select 1", r"'select 1'"),
            ("a = 'b'", r#""a = 'b'""#),
            ("a = '$(id)'", r"'a = '\''$(id)'\'''"),
            ("a = '`id`'", r"'a = '\''`id`'\'''"),
            (r#"a = '"!\'"#, r#"'a = '\''"!\'\'''"#),
        ] {
            assert_eq!(word(text), expected);
        }
    }
}
