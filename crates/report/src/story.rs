//! Stories and explanations, which are Markdown, in blocks that the templates escape.

/// A paragraph, heading, item of a list, or lines of code.
#[derive(Debug, PartialEq)]
pub(crate) enum Block {
    Heading(String),
    Item(Vec<Piece>),
    Text(Vec<Piece>),
}

/// A piece of a line.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) is_code: bool,
}

/// Reads the little Markdown that stories use: headings, lists, and code between backquotes. Everything else
/// is text as it stands.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut reading = Reading::default();
    for line in markdown.lines().map(str::trim) {
        if line.is_empty() {
            reading.close();
        } else if line.starts_with('#') {
            reading.close();
            reading.blocks.push(Block::Heading(line.trim_start_matches('#').trim().to_owned()));
        } else if let Some(item) = line.strip_prefix("- ") {
            reading.close();
            reading.is_item = true;
            reading.open.push(item);
        } else {
            reading.open.push(line);
        }
    }
    reading.close();
    reading.blocks
}

#[derive(Default)]
struct Reading<'a> {
    blocks: Vec<Block>,
    /// The lines of the block that is not ended.
    open: Vec<&'a str>,
    is_item: bool,
}

impl Reading<'_> {
    fn close(&mut self) {
        if !self.open.is_empty() {
            let pieces = pieces(&self.open.join(" "));
            self.blocks.push(if self.is_item { Block::Item(pieces) } else { Block::Text(pieces) });
        }
        self.open.clear();
        self.is_item = false;
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let parts = text.split('`').enumerate();
    let piece = |(at, text): (usize, &str)| Piece { text: text.to_owned(), is_code: at % 2 == 1 };
    parts.map(piece).filter(|piece| !piece.text.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lists_and_code_are_read() {
        let text = |text: &str| Piece { text: text.into(), is_code: false };
        let code = |text: &str| Piece { text: text.into(), is_code: true };
        assert_eq!(
            blocks("One\nline, `code`.\n\n## Why it matters\n\nYes.\n\n- a\n  b\n- c"),
            [
                Block::Text(vec![text("One line, "), code("code"), text(".")]),
                Block::Heading("Why it matters".into()),
                Block::Text(vec![text("Yes.")]),
                Block::Item(vec![text("a b")]),
                Block::Item(vec![text("c")]),
            ]
        );
        assert_eq!(
            blocks("# A\ntext"),
            [Block::Heading("A".into()), Block::Text(vec![text("text")])]
        );
    }
}
