//! Takes objects and lists of JSON apart.

use std::borrow::Cow;

use crate::scan::Cursor;
use crate::value::text;

/// So many members of an object are kept without allocating.
const INLINE: usize = 12;

/// The members of an object, taken apart.
#[derive(Default)]
pub(crate) struct Object<'a> {
    first: [(&'a str, &'a str); INLINE],
    count: usize,
    /// Members beyond the first, and those whose names have escapes.
    more: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Object<'a> {
    /// Takes an object apart; anything else has no members.
    pub(crate) fn read(json: &'a str) -> Object<'a> {
        let mut object = Object::default();
        members(json).for_each(|(name, value)| object.add(name, value));
        object
    }

    fn add(&mut self, quoted: &'a str, value: &'a str) {
        match text(quoted).unwrap_or_default() {
            Cow::Borrowed(key) if self.count < INLINE => {
                self.first[self.count] = (key, value);
                self.count += 1;
            }
            key => self.more.push((key, value)),
        }
    }

    /// The JSON of a member; empty if absent. Of several with one name it is the last, as in every
    /// JSON library.
    pub(crate) fn get(&self, name: &str) -> &'a str {
        self.members().rfind(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// A member that is an object, taken apart.
    pub(crate) fn object(&self, name: &str) -> Object<'a> {
        Object::read(self.get(name))
    }

    /// The members.
    pub(crate) fn members(&self) -> impl DoubleEndedIterator<Item = (&str, &'a str)> {
        let more = self.more.iter().map(|(key, value)| (key.as_ref(), *value));
        self.first[..self.count].iter().copied().chain(more)
    }

    /// Whether there is a member that says anything.
    pub(crate) fn has(&self, name: &str) -> bool {
        !matches!(self.get(name), "" | "null" | "\"\"" | "[]" | "{}")
    }
}

/// The members of an object, one after the other: names in their quotes, and values. Anything else
/// has none. A fault ends them: those up to it are what there is.
#[inline]
pub(crate) fn members(json: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut cursor = Cursor::new(json.as_bytes(), usize::from(json.starts_with('{')));
    std::iter::from_fn(move || {
        if cursor.at == 0 || cursor.token().ok()? == b'}' {
            return None;
        }
        let (from, to) = cursor.key().ok()?;
        let value = cursor.at;
        cursor.skip().ok()?;
        let member = (&json[from - 1..=to], &json[value..cursor.at]);
        if cursor.token() == Ok(b',') {
            cursor.at += 1;
        }
        Some(member)
    })
    .fuse()
}

/// The elements of a list, one after the other; anything else has none.
pub(crate) fn elements(json: &str) -> impl Iterator<Item = &str> {
    let mut cursor = Cursor::new(json.as_bytes(), usize::from(json.starts_with('[')));
    std::iter::from_fn(move || {
        if cursor.at == 0 || cursor.token().ok()? == b']' {
            return None;
        }
        let from = cursor.at;
        cursor.skip().ok()?;
        let element = &json[from..cursor.at];
        if cursor.token() == Ok(b',') {
            cursor.at += 1;
        }
        Some(element)
    })
    .fuse()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_by_their_resolved_names() {
        let object = Object::read(r#"{"a":1,"\u0062" : {"c":[1,{}]}, "a":2}"#);
        assert_eq!(
            (object.get("a"), object.object("b").get("c"), object.get("x")),
            ("2", "[1,{}]", "")
        );
        let list = r#"[ 1, "x" ,{"a":[]}]"#;
        assert_eq!(elements(list).collect::<Vec<_>>(), ["1", "\"x\"", r#"{"a":[]}"#]);
        for none in ["", "{}", "[]", "1", "\"[1]\""] {
            assert_eq!((elements(none).next(), members(none).next()), (None, None), "{none}");
        }
    }
}
