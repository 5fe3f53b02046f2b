//! Cuts secrets out of text that cannot be walked as JSON.

use std::borrow::Cow;

use crate::redact::{CUT, SECRET, is_harmless, may_name_a_secret, secrets};
use crate::shapes::ends_in_arn;

/// So many bytes of an unreadable record are kept.
const EXCERPT: usize = 2048;

/// Cuts the values of secret names out of text that only resembles JSON (or a query string):
/// embedded documents, records that could not be read. Where it cannot tell the end of such a value,
/// it cuts all the rest.
pub(crate) fn pairs(text: &str) -> Cow<'_, str> {
    if !may_name_a_secret(text) {
        return Cow::Borrowed(text);
    }
    let lower = text.to_ascii_lowercase();
    let bytes = lower.as_bytes();
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    let find = |word: &str, from| memchr::memmem::find(&bytes[from..], word.as_bytes());
    // Where each word is met next: a text full of one word is not searched for the others each time.
    let mut hits = SECRET.map(|word| (find(word, 0), word));
    loop {
        for (hit, word) in &mut hits {
            if hit.is_some_and(|hit| hit < at) {
                *hit = find(word, at).map(|length| at + length);
            }
        }
        let met = hits.iter().filter_map(|(hit, word)| Some(((*hit)?, *word))).min();
        let Some((hit, word)) = met else { break };
        let is_name = |b: &&u8| b.is_ascii_alphanumeric() || matches!(**b, b'_' | b'-');
        let from = hit - bytes[..hit].iter().rev().take_while(is_name).count();
        let end = hit + word.len();
        let mut to = end + bytes[end..].iter().take_while(is_name).count();
        at = to;
        let in_arn = bytes.get(to) == Some(&b':') && ends_in_arn(&lower[..hit]);
        if in_arn || is_harmless(&lower[from..to]) {
            continue;
        }
        let skip =
            |to: usize, set: &[u8]| to + bytes[to..].iter().take_while(|b| set.contains(b)).count();
        to = skip(to, b"\\\"' \t\r\n");
        to += match &bytes[to..] {
            [b':' | b'=', ..] => 1,
            [b'%', b'3', b'a' | b'd', ..] => 3,
            _ => continue,
        };
        to = skip(to, b" \t\r\n");
        let slashes = skip(to, b"\\") - to;
        let end = match bytes.get(to + slashes) {
            Some(quote @ (b'"' | b'\'')) => {
                to += slashes + 1;
                let length = closing_quote(&bytes[to..], *quote, slashes);
                length.map_or(bytes.len(), |length| to + length)
            }
            Some(b'{' | b'[') | None => bytes.len(),
            // Headers name a scheme before the secret.
            Some(_) if word == "authorization" => {
                to + bytes[to..].iter().take_while(|b| !b"\"'\\\r\n".contains(b)).count()
            }
            Some(_) => {
                to + bytes[to..].iter().take_while(|b| !b",}]&;\"' \t\r\n".contains(b)).count()
            }
        };
        if !matches!(
            &text[to..end],
            "true" | "false" | "null" | "" | "HIDDEN_DUE_TO_SECURITY_REASONS"
        ) {
            out.push_str(&text[done..to]);
            out.push_str(CUT);
            done = end;
        }
        at = end.max(at);
    }
    if done == 0 && out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// The length of a string's content when its quotes carry so many backslashes.
fn closing_quote(bytes: &[u8], quote: u8, slashes: usize) -> Option<usize> {
    memchr::memchr_iter(quote, bytes).find_map(|at| {
        let before = bytes[..at].iter().rev().take_while(|b| **b == b'\\').count();
        // More backslashes than the opening quote had: a quote inside the text.
        (before <= slashes).then_some(at - before)
    })
}

/// The first bytes of something unreadable, without secrets.
pub(crate) fn excerpt(bytes: &[u8]) -> Vec<u8> {
    // One byte of a cut character would become three: the limit is on what is read.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(EXCERPT)]);
    let plain = plain_letters(&text);
    secrets(&plain).into_owned().into_bytes()
}

/// Resolves `\u00XX` where it stands for a letter, digit or sign, so that nothing hides behind it.
fn plain_letters(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u00") {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split("\\u00");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(code) if code.is_ascii_graphic() && !matches!(code, b'"' | b'\\') => {
                out.push(char::from(code));
                out.push_str(&part[2..]);
            }
            _ => {
                out.push_str("\\u00");
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}
