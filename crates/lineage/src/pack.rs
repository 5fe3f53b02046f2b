//! The `uses` column: uses as bytes, and back.
//!
//! Lengths and counts are LEB128 numbers, instants 8 bytes little-endian; a NULL text has length 0,
//! any other its length plus one.

use rolecall_model::Time;

use crate::usage::{Sets, Use};

/// Packs uses in the order given.
pub(crate) fn pack<'a>(uses: impl IntoIterator<Item = &'a Use>) -> Vec<u8> {
    let mut out = Vec::new();
    for one in uses {
        let mfa = one.mfa.map_or(0, |mfa| 1 + u8::from(mfa));
        out.push(u8::from(one.sign_in) | u8::from(one.from_console) << 1 | mfa << 2);
        out.extend_from_slice(&one.created_at.0.to_le_bytes());
        for text in [
            &one.key,
            &one.principal_id,
            &one.arn,
            &one.caller_type,
            &one.account_id,
            &one.source_identity,
        ] {
            put_text(&mut out, text.as_deref());
        }
        put_text(&mut out, Some(&one.principal));
        for time in [one.first, one.last] {
            // i64::MIN lies outside every calendar, so it can stand for no instant.
            out.extend_from_slice(&time.map_or(i64::MIN, |time| time.0).to_le_bytes());
        }
        put_number(&mut out, one.calls.max(0) as u64);
        put_number(&mut out, one.failed.max(0) as u64);
        for words in one.sets.all() {
            put_number(&mut out, words.len() as u64);
            words.iter().for_each(|word| put_text(&mut out, Some(word)));
        }
    }
    out
}

/// Unpacks what [`pack`] wrote; stops at the first byte that it did not.
pub(crate) fn unpack(mut bytes: &[u8]) -> Vec<Use> {
    let mut uses = Vec::new();
    while let Some(one) = take_use(&mut bytes) {
        uses.push(one);
    }
    uses
}

fn take_use(bytes: &mut &[u8]) -> Option<Use> {
    let (&flags, rest) = bytes.split_first()?;
    *bytes = rest;
    let created_at = Time(take_i64(bytes)?);
    let mut text = || take_text(bytes);
    let (key, principal_id, arn) = (text()?, text()?, text()?);
    let (caller_type, account_id, source_identity) = (text()?, text()?, text()?);
    let principal = text()?.unwrap_or_default();
    let mut instant = || take_i64(bytes).map(|at| (at != i64::MIN).then_some(Time(at)));
    let (first, last) = (instant()?, instant()?);
    let (calls, failed) = (take_number(bytes)? as i64, take_number(bytes)? as i64);
    let mut sets = Sets::default();
    for words in sets.all_mut() {
        let count = take_number(bytes)?;
        *words = (0..count).map(|_| take_text(bytes).flatten()).collect::<Option<_>>()?;
    }
    Some(Use {
        key,
        principal_id,
        arn,
        created_at,
        sign_in: flags & 1 != 0,
        from_console: flags & 2 != 0,
        mfa: (flags >> 2 != 0).then_some(flags >> 2 == 2),
        caller_type,
        principal,
        account_id,
        source_identity,
        first,
        last,
        calls,
        failed,
        sets,
    })
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    put_number(out, text.map_or(0, |text| text.len() as u64 + 1));
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn take_text(bytes: &mut &[u8]) -> Option<Option<String>> {
    let Some(length) = take_number(bytes)?.checked_sub(1) else { return Some(None) };
    let (text, rest) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    *bytes = rest;
    Some(Some(std::str::from_utf8(text).ok()?.to_owned()))
}

fn take_i64(bytes: &mut &[u8]) -> Option<i64> {
    let (number, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    Some(i64::from_le_bytes(*number))
}
