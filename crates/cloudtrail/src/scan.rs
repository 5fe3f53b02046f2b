//! Walks JSON in one pass without building anything: finds where values begin and end.
//!
//! CloudTrail is dense in short strings, so the closing quote of a string is not searched byte by
//! byte: 64 bytes at a time become a bit mask of unescaped quotes, and the next one is a
//! trailing-zero count. What lies between strings is checked against JSON's grammar.

use crate::bits::{escaped_characters, masks};
use crate::value::is_number;

/// Objects and arrays may be nested this deep.
pub(crate) const DEPTH: u32 = 128;

/// Why a walk stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes end inside a value; more of them may help.
    End,
    /// The bytes are no JSON, and why.
    Broken(&'static str),
    /// Nested deeper than [`DEPTH`].
    Deep,
}

/// A place in a text of JSON.
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    /// The next byte to look at.
    pub(crate) at: usize,
    /// Which block of 64 bytes `quotes` describes.
    block: usize,
    /// Bit i is set where byte i of the block is a quote that no backslash escapes.
    quotes: u64,
    /// Whether the block ends in a backslash that escapes the first byte of the next.
    escapes_next: bool,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Cursor<'a> {
        Cursor { bytes, at, block: usize::MAX, quotes: 0, escapes_next: false }
    }

    /// The byte at the cursor.
    #[inline]
    pub(crate) fn peek(&self) -> Result<u8, Fault> {
        self.bytes.get(self.at).copied().ok_or(Fault::End)
    }

    /// Skips white space, and gives the byte after it.
    #[inline]
    pub(crate) fn token(&mut self) -> Result<u8, Fault> {
        loop {
            let byte = self.peek()?;
            if byte > b' ' {
                return Ok(byte);
            }
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Err(Fault::Broken("a control character between values"));
            }
            self.at += 1;
        }
    }

    /// Skips a string (the cursor is on its opening quote) and gives where its content lies.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<(usize, usize), Fault> {
        let start = self.at + 1;
        let end = self.quote(start)?;
        self.at = end + 1;
        Ok((start, end))
    }

    /// Skips a key and its colon, and gives where the key lies. The cursor then is on the value.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<(usize, usize), Fault> {
        if self.token()? != b'"' {
            return Err(Fault::Broken("expected a key in quotes"));
        }
        let key = self.string()?;
        if self.token()? != b':' {
            return Err(Fault::Broken("expected a colon after a key"));
        }
        self.at += 1;
        self.token()?;
        Ok(key)
    }

    /// Skips a whole value; the cursor is on its first byte.
    #[inline]
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.container(),
            _ => self.scalar(),
        }
    }

    /// Skips a whole value that may be the last of its text, where a number has no byte after it.
    pub(crate) fn skip_any(&mut self) -> Result<(), Fault> {
        match self.skip() {
            Err(Fault::End) if !matches!(self.peek()?, b'"' | b'{' | b'[') => {
                self.at = self.bytes.len();
                Ok(())
            }
            done => done,
        }
    }

    /// Skips an object or array; the cursor is on its opening bracket.
    fn container(&mut self) -> Result<(), Fault> {
        let (mut depth, mut objects) = (0, 0u128);
        loop {
            // On the first byte of a value.
            match self.peek()? {
                b'"' => drop(self.string()?),
                open @ (b'{' | b'[') => {
                    if depth == DEPTH {
                        return Err(Fault::Deep);
                    }
                    depth += 1;
                    objects = objects << 1 | u128::from(open == b'{');
                    self.at += 1;
                    let next = self.token()?;
                    // `}` and `]` follow their opening bracket two places later in ASCII.
                    if next != open + 2 {
                        if open == b'{' {
                            self.key()?;
                        }
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // After a value, or on the closing bracket of an empty container.
            loop {
                let in_object = objects & 1 == 1;
                match self.token()? {
                    b',' => {
                        self.at += 1;
                        if in_object {
                            self.key()?;
                        } else {
                            self.token()?;
                        }
                        break;
                    }
                    close @ (b'}' | b']') if (close == b'}') == in_object => {
                        self.at += 1;
                        depth -= 1;
                        objects >>= 1;
                        if depth == 0 {
                            return Ok(());
                        }
                    }
                    _ if in_object => return Err(Fault::Broken("expected a comma or }")),
                    _ => return Err(Fault::Broken("expected a comma or ]")),
                }
            }
        }
    }

    /// Skips a number, true, false or null.
    fn scalar(&mut self) -> Result<(), Fault> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.')))
            .ok_or(Fault::End)?;
        match &rest[..length] {
            b"true" | b"false" | b"null" => {}
            number if is_number(number) => {}
            _ => return Err(Fault::Broken("expected a value")),
        }
        self.at += length;
        Ok(())
    }

    /// The first unescaped quote at or after a place inside a string.
    #[inline]
    fn quote(&mut self, mut from: usize) -> Result<usize, Fault> {
        loop {
            let block = from / 64;
            if block != self.block {
                self.load(block)?;
            }
            let found = self.quotes & (u64::MAX << (from % 64));
            if found != 0 {
                return Ok(block * 64 + found.trailing_zeros() as usize);
            }
            from = (block + 1) * 64;
        }
    }

    /// Fills the mask for a block. A backslash just before the block counts only if the walk came
    /// through the block before: otherwise a string, and with it every escape, has ended already.
    #[inline]
    fn load(&mut self, block: usize) -> Result<(), Fault> {
        let escaped = self.block.wrapping_add(1) == block && self.escapes_next;
        let (blocks, tail) = self.bytes.as_chunks::<64>();
        let (quotes, backslashes) = match blocks.get(block) {
            Some(bytes) => masks(bytes),
            None if block == blocks.len() && !tail.is_empty() => {
                let mut bytes = [0; 64];
                bytes[..tail.len()].copy_from_slice(tail);
                masks(&bytes)
            }
            None => return Err(Fault::End),
        };
        self.block = block;
        if backslashes == 0 && !escaped {
            self.quotes = quotes;
            self.escapes_next = false;
        } else {
            let (characters, next) = escaped_characters(backslashes, escaped);
            self.quotes = quotes & !characters;
            self.escapes_next = next;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Result<usize, Fault> {
        let mut cursor = Cursor::new(text.as_bytes(), 0);
        cursor.token()?;
        cursor.skip()?;
        Ok(cursor.at)
    }

    #[test]
    fn tells_whole_values_from_broken_ones() {
        for whole in [
            r#"{}"#,
            r#"[]"#,
            r#"{"a":1}"#,
            r#"[1,-2.5e+3,true,false,null]"#,
            r#""\\""#,
            r#"{"a":{"b":[{},[],""]},"c":"\"}"}"#,
            " { \"a\" : [ 1 , 2 ] } ",
        ] {
            assert_eq!(walk(whole), Ok(whole.trim_end().len()), "{whole}");
        }
        for broken in [
            "{,}",
            "{\"a\"}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "[1 2]",
            "[1,]",
            "{\"a\":1,}",
            "[}",
            "{]",
            "{a:1}",
            "[tru]",
            "[01]",
            "[1.]",
            "[+1]",
            "{\"a\":\"b\"c\"}",
            "[\u{b}]",
        ] {
            assert!(matches!(walk(broken), Err(Fault::Broken(_))), "{broken}: {:?}", walk(broken));
        }
        for cut in ["{", "[1", "\"abc", "\"abc\\\"", "{\"a\"", "{\"a\":", "{\"a\":1", "[[]"] {
            assert_eq!(walk(cut), Err(Fault::End), "{cut}");
        }
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert_eq!(walk(&deep(128)), Ok(256));
        assert_eq!(walk(&deep(129)), Err(Fault::Deep));
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde_json(text in r#"([\[\]{},: \\"a01.e-]|"a":|"b",|\\u0041|true|null){0,24}"#, pad in 0usize..130) {
            // White space in front moves every byte over the borders of the blocks.
            let padded = format!("{}{text} ", " ".repeat(pad));
            let ours = walk(&padded).is_ok_and(|end| padded[end..].trim().is_empty());
            let theirs = serde_json::from_str::<serde_json::Value>(&padded);
            if theirs.is_ok() {
                proptest::prop_assert!(ours, "{text}");
            }
            // We do not look inside strings, so only texts without escapes must agree both ways.
            if ours && !text.contains('\\') {
                let range = theirs.as_ref().err().is_some_and(|e| e.to_string().contains("out of range"));
                proptest::prop_assert!(theirs.is_ok() || range, "{text}");
            }
        }

        #[test]
        fn long_strings_end_where_they_end(text in r#"([a"\\]|\\\\){0,300}"#) {
            let written = serde_json::to_string(&text).unwrap();
            proptest::prop_assert_eq!(walk(&written), Ok(written.len()));
        }
    }
}
