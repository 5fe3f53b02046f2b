//! How much fits into the page: rows are taken while there is room, and what is left out is counted.

/// No page is larger than this: 3 MB, which every mail system takes.
pub const MOST_BYTES: usize = 3_000_000;

/// Room for a part of the page, in bytes of text as it will stand there.
#[derive(Clone, Debug)]
pub(crate) struct Room(usize);

impl Room {
    pub(crate) fn of(bytes: usize) -> Room {
        Room(bytes)
    }

    /// Takes room for texts and so much markup around each; false, and nothing taken, if it is not there.
    pub(crate) fn take<'a>(
        &mut self,
        texts: impl IntoIterator<Item = &'a str>,
        markup: usize,
    ) -> bool {
        let needed: usize = texts.into_iter().map(|text| escaped(text) + markup).sum();
        let left = self.0.checked_sub(needed);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// An upper bound of the bytes that a text has when its marks are escaped and what steers is written out.
fn escaped(text: &str) -> usize {
    let bytes = |c: char| match c {
        '<' | '>' | '&' | '"' | '\'' => 5,
        ' '..='~' | '\n' => 1,
        // A letter of another script has up to four bytes; written out, up to ten.
        _ => 10,
    };
    text.chars().map(bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_ends() {
        let mut room = Room::of(20);
        assert!(room.take(["<a>"], 5));
        assert!(!room.take(["abc"], 5));
        assert!(room.take(["a"], 3));
    }
}
