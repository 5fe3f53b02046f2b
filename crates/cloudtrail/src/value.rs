//! Reads single values out of the JSON that a walk has delimited.

use std::borrow::Cow;

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
}
