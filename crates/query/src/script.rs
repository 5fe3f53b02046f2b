//! Several statements in one text: where each begins and ends, as the engine's own reader tells it.

use std::ops::Range;

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer};

/// The statements of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// The bytes of each statement that a semicolon ends: from its first word, without the semicolon.
    pub statements: Vec<Range<usize>>,
    /// Where the first word stands of what no semicolon ends, in bytes. A quotation mark or comment
    /// without its end hides all semicolons after it.
    pub open: Option<usize>,
}

/// Finds the statements of a text. Empty ones, and comments between them, are none.
pub fn statements(text: &str) -> Script {
    let mut tokens: Vec<TokenWithSpan> = Vec::new();
    let mut reader = Tokenizer::new(&GenericDialect {}, text);
    let unreadable = reader.tokenize_with_location_into_buf(&mut tokens).err();
    let places = Places::of(text);
    let mut script = Script::default();
    for TokenWithSpan { token, span } in tokens {
        match token {
            Token::Whitespace(_) => {}
            Token::SemiColon => {
                let begun = script.open.take().map(|begun| begun..places.byte(span.start));
                script.statements.extend(begun);
            }
            _ if script.open.is_none() => script.open = Some(places.byte(span.start)),
            _ => {}
        }
    }
    if unreadable.is_some() && script.open.is_none() {
        let after = script.statements.last().map_or(0, |last| last.end + 1);
        let blank = text[after..].len() - text[after..].trim_start().len();
        script.open = Some(after + blank);
    }
    script
}

/// A part of a text, behind as many lines and blanks as stand before it: lines and columns in it are
/// those of the whole text.
pub fn in_place(text: &str, part: Range<usize>) -> String {
    let before = &text[..part.start];
    let lines = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    format!("{}{}{}", "\n".repeat(lines), " ".repeat(column), &text[part])
}

/// Lines and columns as bytes.
struct Places<'a> {
    text: &'a str,
    lines: Vec<usize>,
}

impl<'a> Places<'a> {
    fn of(text: &'a str) -> Places<'a> {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Places { text, lines: std::iter::once(0).chain(after).collect() }
    }

    /// Where a line and column are, both from 1; columns are characters.
    fn byte(&self, place: Location) -> usize {
        let line = place.line.saturating_sub(1) as usize;
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        let column = place.column.saturating_sub(1) as usize;
        let mut chars = self.text[start..].char_indices();
        chars.nth(column).map_or(self.text.len(), |(at, _)| start + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str], open: Option<&str>) {
        let script = statements(text);
        let found: Vec<&str> = script.statements.into_iter().map(|part| &text[part]).collect();
        assert_eq!(found, expected, "{text}");
        assert_eq!(script.open.map(|at| &text[at..]), open, "{text}");
    }

    #[test]
    fn semicolons_end_statements_but_not_in_texts_and_comments() {
        check("select 1; select 2;", &["select 1", "select 2"], None);
        check("select ';' -- ;\n;\n", &["select ';' -- ;\n"], None);
        check("select \"a;b\" /* ; */ from t;", &["select \"a;b\" /* ; */ from t"], None);
        check("select 'Ö;東', $$;$$; select", &["select 'Ö;東', $$;$$"], Some("select"));
        check("-- only a comment\n;;\n /* and another */", &[], None);
        check("", &[], None);
    }

    #[test]
    fn what_has_no_end_is_open() {
        check("select 1;\n select 'it", &["select 1"], Some("select 'it"));
        check("select 1;\n 'it;", &["select 1"], Some("'it;"));
        check("select /* 1;", &[], Some("select /* 1;"));
        check("-- first\n  \\d session\n", &[], Some("\\d session\n"));
    }

    #[test]
    fn a_part_keeps_its_place() {
        let text = "select 1;\nselect 2; select 3";
        assert_eq!(in_place(text, 20..28), "\n          select 3");
        assert_eq!(in_place(text, 0..8), "select 1");
    }
}
