//! Reads single values out of the JSON that a walk has delimited.

use std::borrow::Cow;

use crate::scan::Cursor;

/// The text of a JSON string, its escapes resolved; `None` for anything else, for an empty text
/// (CloudTrail writes `""` for "none"), and for escapes that mean nothing. Half a character, which
/// remains where a text was cut off, becomes U+FFFD.
pub(crate) fn text(json: &str) -> Option<Cow<'_, str>> {
    let content = json.strip_prefix('"')?.strip_suffix('"')?;
    if content.is_empty() {
        return None;
    }
    // Asked of every byte, this needs no call and no branch: most texts are short.
    if !content.bytes().fold(false, |any, byte| any | (byte == b'\\')) {
        return Some(Cow::Borrowed(content));
    }
    let whole = serde_json::from_str::<String>(json);
    whole.or_else(|_| serde_json::from_str(&without_halves(json))).ok().map(Cow::Owned)
}

/// A JSON string in which U+FFFD stands for every escaped half of a surrogate pair.
fn without_halves(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let half = |from: usize, kinds: &[u8]| match escape.as_bytes().get(from..from + 6) {
            Some([b'\\', b'u', b'd' | b'D', kind, rest @ ..]) => {
                kinds.contains(kind) && rest.iter().all(u8::is_ascii_hexdigit)
            }
            _ => false,
        };
        let high = half(0, b"89abAB");
        let length = match escape.as_bytes().get(1) {
            _ if high && half(6, b"cdefCDEF") => 12,
            Some(b'u') => 6,
            _ => 2,
        };
        let lone = length == 6 && (high || half(0, b"cdefCDEF"));
        // Whatever is no escape at all stays, for the parser to refuse.
        let Some(whole) = escape.get(..length) else { break };
        out.push_str(if lone { "\u{fffd}" } else { whole });
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

/// A flag written as a JSON boolean or, as CloudTrail often does, as a string.
pub(crate) fn flag(json: &str) -> Option<bool> {
    match json {
        "true" | "\"true\"" => Some(true),
        "false" | "\"false\"" => Some(false),
        _ if json.eq_ignore_ascii_case("\"true\"") => Some(true),
        _ if json.eq_ignore_ascii_case("\"false\"") => Some(false),
        _ => None,
    }
}

/// A whole number written as a JSON number or as a string.
pub(crate) fn number(json: &str) -> Option<i64> {
    json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(json).parse().ok()
}

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
        if !json.starts_with('{') {
            return object;
        }
        let mut cursor = Cursor::new(json.as_bytes(), 1);
        // A fault ends the walk: the members up to it are what there is.
        while cursor.token().is_ok_and(|byte| byte != b'}') {
            let Ok((from, to)) = cursor.key() else { break };
            let value = cursor.at;
            if cursor.skip().is_err() {
                break;
            }
            object.add(&json[from - 1..=to], &json[value..cursor.at]);
            if cursor.token() == Ok(b',') {
                cursor.at += 1;
            }
        }
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

/// The elements of an array; anything else has none.
pub(crate) fn elements(json: &str) -> Vec<&str> {
    let mut elements = Vec::new();
    let mut cursor = Cursor::new(json.as_bytes(), 1);
    if json.starts_with('[') {
        while cursor.token().is_ok_and(|byte| byte != b']') {
            let from = cursor.at;
            if cursor.skip().is_err() {
                break;
            }
            elements.push(&json[from..cursor.at]);
            if cursor.token() == Ok(b',') {
                cursor.at += 1;
            }
        }
    }
    elements
}

/// Whether this is a number in JSON's grammar.
pub(crate) fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || (whole > 1 && text[0] == b'0') {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent =
            exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_types_are_no_values() {
        assert_eq!(text(r#""a\u0042\n""#).as_deref(), Some("aB\n"));
        for (half, read) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\uDE00x\\ud83d""#, "\u{fffd}x\\ud83d"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
        ] {
            assert_eq!(text(half).as_deref(), Some(read), "{half}");
        }
        for none in
            ["", "\"\"", "null", "{}", "1", r#""\q""#, r#""\ud8""#, r#""\ud83d\u""#, r#""\ud8é""#]
        {
            assert_eq!(text(none), None, "{none}");
        }
        assert_eq!((flag("true"), flag("\"False\""), flag("1")), (Some(true), Some(false), None));
        assert_eq!((number("900"), number("\"900\""), number("1.5")), (Some(900), Some(900), None));
    }

    #[test]
    fn members_are_found_by_their_resolved_names() {
        let object = Object::read(r#"{"a":1,"\u0062" : {"c":[1,{}]}, "a":2}"#);
        assert_eq!(
            (object.get("a"), object.object("b").get("c"), object.get("x")),
            ("2", "[1,{}]", "")
        );
        assert_eq!(elements(r#"[ 1, "x" ,{"a":[]}]"#), ["1", "\"x\"", r#"{"a":[]}"#]);
    }
}
