//! Secrets by their shape: session tokens and secret access keys, wherever in a text they stand.

use std::borrow::Cow;

use crate::redact::CUT;

/// A secret access key has so many characters.
pub(crate) const KEY_LENGTH: usize = 40;

/// Cuts session tokens out of a text, wherever in it they begin. They are base64 of a structure
/// that starts with `origin_ec` (or, older, with a fixed prefix), so they all look alike.
pub(crate) fn tokens(text: &str) -> Cow<'_, str> {
    let Some(mut at) = token_start(text, 0) else { return Cow::Borrowed(text) };
    let (mut out, mut done) = (String::new(), 0);
    loop {
        let length = text.as_bytes()[at..].iter().take_while(|b| is_token_byte(**b)).count();
        out.push_str(&text[done..at]);
        out.push_str(CUT);
        done = at + length;
        match token_start(text, done) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Where a token begins: `IQoJb3JpZ2luX2Vj`, `FwoGZXIvYXdz` or `FQoGZXIvYXdz`. The first bytes of
/// each vary with the length of what follows, so the tail of the prefix decides.
fn token_start(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'Z', &bytes[from..]).map(|at| from + at).find_map(|at| {
        let rest = &bytes[at..];
        if !rest.starts_with(b"Z2luX2Vj") && !rest.starts_with(b"ZXIvYXdz") {
            return None;
        }
        let before = bytes[from..at].iter().rev().take_while(|b| is_token_byte(**b)).count();
        Some(at - before)
    })
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'%' | b'_' | b'-' | b'\\')
}

/// Cuts what has the shape of a secret access key.
pub(crate) fn keys(text: &str) -> Cow<'_, str> {
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    for run in text.as_bytes().split(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))) {
        let end = at + run.len();
        if is_secret_key(run) && !ends_in_arn(&text[..at]) {
            out.push_str(&text[done..at]);
            out.push_str(CUT);
            done = end;
        }
        at = end + 1;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// 40 characters of base64, mixed, and no hexadecimal digest.
fn is_secret_key(run: &[u8]) -> bool {
    run.len() == KEY_LENGTH
        && run.iter().any(u8::is_ascii_uppercase)
        && run.iter().any(u8::is_ascii_lowercase)
        && run.iter().any(u8::is_ascii_digit)
}

/// Whether what follows is the path of a resource, which may be as long.
fn ends_in_arn(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ','));
    word.into_iter().next().is_some_and(|word| word.starts_with("arn:"))
}
