//! Cuts secrets out of everything that becomes a row.
//!
//! CloudTrail logs session tokens in full; a token names account and region, and belongs to a live
//! session. Passwords and secret keys turn up where people put them. A value is cut by the name it
//! has or by its shape, and names and shapes err on the side of cutting.

use std::borrow::Cow;

use crate::object::Object;
use crate::rough;
use crate::scan::{Cursor, Fault};
use crate::shapes::{KEY_LENGTH, keys, tokens};
use crate::value;

/// What stands where a secret was.
pub(crate) const CUT: &str = "[cut]";
/// No JSON text in a row is longer, in bytes; CloudTrail has the same limit.
const JSON_LIMIT: usize = 100 * 1024;
/// No other text in a row is much longer, in bytes. ARNs end at 2,048 characters, and CloudTrail cuts
/// user agents and messages at 1 KB.
const TEXT_LIMIT: usize = 4096;
/// A name that holds one of these names a secret.
pub(crate) const SECRET: [&str; 7] =
    ["token", "password", "passwd", "secret", "privatekey", "private_key", "authorization"];
/// Names that hold such a word and name no secret.
const HARMLESS: [&str; 14] = [
    "secretsmanager",
    "getsignintoken",
    "subjectfromwebidentitytoken",
    "createtoken",
    "tokentype",
    "tokentypes",
    "httptokens",
    "tokenissuetime",
    "globalendpointtokenversion",
    "passwordresetrequired",
    "passwordlastused",
    "passwordreuseprevention",
    "minimumpasswordlength",
    "maxpasswordage",
];

/// The text of a string value for a column, as [`value::text`], without session tokens.
pub(crate) fn column(json: &str) -> Option<String> {
    whole_column(json).map(short)
}

/// A text that fits into a column; what is longer is cut, and says so.
pub(crate) fn short(mut text: String) -> String {
    if text.len() > TEXT_LIMIT {
        text.truncate(text.floor_char_boundary(TEXT_LIMIT));
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

fn whole_column(json: &str) -> Option<String> {
    // Nearly all texts have neither an escape nor the letter that every token has.
    if let Some(content) = json.strip_prefix('"').and_then(|text| text.strip_suffix('"'))
        && !content.bytes().fold(false, |any, byte| any | matches!(byte, b'\\' | b'Z'))
    {
        return (!content.is_empty()).then(|| content.to_owned());
    }
    value::text(json).map(|text| tokens(&text).into_owned())
}

/// Cuts everything secret out of a text: by shape, and in embedded documents by name.
pub(crate) fn secrets(text: &str) -> Cow<'_, str> {
    [tokens, keys, rough::pairs].into_iter().fold(Cow::Borrowed(text), |text, cut| {
        let changed = match cut(&text) {
            Cow::Owned(changed) => Some(changed),
            Cow::Borrowed(_) => None,
        };
        changed.map_or(text, Cow::Owned)
    })
}

/// A JSON value, compact and without secrets. `Ok(None)` if it is absent or null.
///
/// # Errors
///
/// The value has an escape or a control character that JSON does not know.
pub(crate) fn json(value: &str) -> Result<Option<String>, Fault> {
    if matches!(value, "" | "null") {
        return Ok(None);
    }
    // Most of a response is the token that is cut: room for all of it would be wasted in every row.
    let mut out = String::with_capacity(value.len().min(384));
    copy(&mut Cursor::new(value.as_bytes(), 0), value, &mut out)?;
    if out.len() > JSON_LIMIT {
        // CloudTrail's own word for content that it dropped.
        return Ok(Some(r#"{"omitted":true}"#.to_owned()));
    }
    Ok(Some(out))
}

/// Copies the value at the cursor, whose nesting the walk before has bounded.
fn copy(cursor: &mut Cursor<'_>, json: &str, out: &mut String) -> Result<(), Fault> {
    let open = cursor.token()?;
    let from = cursor.at;
    if open != b'{' && open != b'[' {
        cursor.skip_any()?;
        return string(&json[from..cursor.at], out);
    }
    out.push(char::from(open));
    cursor.at += 1;
    let (mut first, mut pair) = (true, None);
    loop {
        match cursor.token()? {
            b'}' | b']' => break,
            b',' => cursor.at += 1,
            _ => {
                let comma = if first { "" } else { "," };
                if open == b'{' {
                    let (begin, end) = cursor.key()?;
                    let key = &json[begin - 1..=end];
                    let value = cursor.at;
                    let is_secret = match key {
                        "\"value\"" | "\"Value\"" => {
                            *pair.get_or_insert_with(|| is_secret_pair(&json[from..]))
                        }
                        _ => names_a_secret(value::text(key).as_deref().unwrap_or_default()),
                    };
                    if is_secret {
                        cursor.skip_any()?;
                        if !is_harmless_value(&json[value..cursor.at]) {
                            continue;
                        }
                        cursor.at = value;
                    }
                    out.push_str(comma);
                    string(key, out)?;
                    out.push(':');
                } else {
                    out.push_str(comma);
                }
                first = false;
                copy(cursor, json, out)?;
            }
        }
    }
    out.push(char::from(json.as_bytes()[cursor.at]));
    cursor.at += 1;
    Ok(())
}

/// Copies a scalar; a string without its secrets.
fn string(json: &str, out: &mut String) -> Result<(), Fault> {
    if !json.starts_with('"') {
        out.push_str(json);
        return Ok(());
    }
    let content = &json[1..json.len() - 1];
    if content.bytes().fold(false, |any, byte| any | (byte < b' ')) {
        return Err(Fault::Broken("a control character in a text"));
    }
    // Without any of these bytes there is no escape, no token, and no name with a value.
    let plain =
        !content.bytes().fold(false, |any, byte| any | matches!(byte, b'\\' | b'Z' | b'=' | b':'));
    if plain && content.len() < KEY_LENGTH {
        out.push_str(json);
        return Ok(());
    }
    let text: Cow<'_, str> = match value::text(json) {
        Some(text) => text,
        None if content.is_empty() => Cow::Borrowed(""),
        None => return Err(Fault::Broken("an escape that JSON does not know")),
    };
    let clean = secrets(&text);
    if clean == content {
        out.push_str(json);
    } else {
        out.push_str(&serde_json::Value::from(clean.as_ref()).to_string());
    }
    Ok(())
}

/// Whether an object is a tag or the like whose key or name names a secret.
fn is_secret_pair(json: &str) -> bool {
    let object = Object::read(json);
    ["key", "Key", "name", "Name"]
        .into_iter()
        .filter_map(|name| value::text(object.get(name)))
        .any(|name| names_a_secret(&name))
}

fn names_a_secret(name: &str) -> bool {
    if !may_name_a_secret(name) {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    SECRET.iter().any(|word| lower.contains(word)) && !is_harmless(&lower)
}

/// Whether a name, or the last part of one like `aws:TokenIssueTime`, only sounds like a secret's.
pub(crate) fn is_harmless(lower: &str) -> bool {
    lower.rsplit(':').next().is_some_and(|last| HARMLESS.contains(&last))
}

/// Three letters rule out most texts without a copy.
pub(crate) fn may_name_a_secret(text: &str) -> bool {
    text.as_bytes().windows(3).any(|w| {
        matches!(
            [w[0] | 32, w[1] | 32, w[2] | 32],
            [b't', b'o', b'k']
                | [b'p', b'a', b's']
                | [b's', b'e', b'c']
                | [b'p', b'r', b'i']
                | [b'a', b'u', b't']
        )
    })
}

/// Values that tell nothing even under a secret's name.
fn is_harmless_value(json: &str) -> bool {
    matches!(json, "true" | "false" | "null" | "\"\"" | "\"HIDDEN_DUE_TO_SECURITY_REASONS\"")
}
