//! Secrets by their shape: session tokens and secret access keys, wherever in a text they stand.

use std::borrow::Cow;

use crate::redact::CUT;

/// A secret access key has so many characters.
pub(crate) const KEY_LENGTH: usize = 40;

/// Cuts session tokens out of a text, wherever in it they begin. They are base64 of a structure
/// that starts with `origin_ec` (or, older, with `origin` or `er/aws`), so they all look alike.
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

/// Where a token begins: `IQoJb3JpZ2luX2Vj`, `AgoGb3JpZ2lu` or `FwoGZXIvYXdz`. The first byte behind
/// each differs, and with it the first two letters. What stands before them is no part of the token:
/// who names a session like a token must not hide its role.
fn token_start(text: &str, from: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[from..];
    memchr::memchr_iter(b'Z', bytes).find_map(|at| {
        let (before, rest) = bytes.split_at(at);
        let begins = |fixed: &[u8], tail: &[u8]| {
            let start = before.strip_suffix(fixed)?.len().checked_sub(2)?;
            let whole = before[start..].iter().all(|b| is_token_byte(*b));
            (whole && rest.starts_with(tail)).then_some(from + start)
        };
        begins(b"oJb3Jp", b"Z2luX2Vj")
            .or_else(|| begins(b"oGb3Jp", b"Z2lu"))
            .or_else(|| begins(b"oG", b"ZXIvYXdz"))
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

/// Whether what follows goes on an ARN: its paths may look like keys, its types like names of secrets.
pub(crate) fn ends_in_arn(before: &str) -> bool {
    // No ARN is longer.
    let near = &before.as_bytes()[before.len().saturating_sub(2048)..];
    let mut words = near.rsplit(|b| b" \t\r\n\"',".contains(b));
    words.next().is_some_and(|word| word.starts_with(b"arn:"))
}
