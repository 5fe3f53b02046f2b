//! Countries, AS numbers and operators as vendors write them, and their ways to write nothing.

/// An ISO 3166-1 alpha-2 code. `None` inside is nothing, `None` outside is no code.
pub(crate) fn country(text: &str) -> Option<Option<&str>> {
    match text {
        "" | "-" | "--" | "ZZ" | "None" | "NULL" | "null" => Some(None),
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Some(Some(code))
        }
        _ => None,
    }
}

/// An AS number, with or without `AS` before it. Zero is nobody's (RFC 7607).
pub(crate) fn asn(text: &str) -> Option<Option<u32>> {
    if matches!(text, "" | "-" | "None" | "NULL" | "null") {
        return Some(None);
    }
    let digits = match text.get(..2) {
        Some(prefix) if prefix.eq_ignore_ascii_case("as") => &text[2..],
        _ => text,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().map(|number: u32| (number != 0).then_some(number))
}

/// Whoever runs a network.
pub(crate) fn operator(text: &str) -> Option<&str> {
    let name = text.trim();
    let nobody = matches!(name, "" | "-" | "None" | "NULL" | "null" | "Not routed");
    (!nobody).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_values_nothing_or_mistakes() {
        assert_eq!(asn("AS13335"), Some(Some(13335)));
        assert_eq!(asn("as13335"), Some(Some(13335)));
        assert_eq!(asn("13335"), Some(Some(13335)));
        assert_eq!(asn("0"), Some(None));
        assert_eq!(asn(""), Some(None));
        for text in ["AS", "+1", "4294967296", "Cloudflare", "ä"] {
            assert_eq!(asn(text), None, "{text}");
        }
        assert_eq!(country("DE"), Some(Some("DE")));
        assert_eq!(country("ZZ"), Some(None));
        assert_eq!(country("Germany"), None);
        assert_eq!(country("ä"), None);
        assert_eq!(operator(" One "), Some("One"));
        assert_eq!(operator("Not routed"), None);
    }
}
