//! Parameters: what a detection lets people turn, each with a type, a default and a reason.

use std::fmt;

use serde::Deserialize;

use crate::Flaw;

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its name in the query, without the `$`.
    pub name: String,
    /// Its value unless somebody says otherwise.
    pub default: ParamValue,
    /// What it does.
    pub about: String,
}

/// The value of a parameter; it is bound, never pasted.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// Text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A span of time.
    Interval {
        /// Calendar months.
        months: i32,
        /// Days.
        days: i32,
        /// Seconds beyond the days.
        seconds: i64,
    },
    /// Texts, of which one may be meant.
    List(Vec<String>),
}

/// A parameter as it stands in the metadata.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Raw {
    #[serde(rename = "type")]
    kind: String,
    default: toml::Value,
    about: String,
}

impl Raw {
    pub(crate) fn checked(self, name: &str) -> Result<Param, Flaw> {
        let key = format!("param.{name}");
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit())
        {
            return Err(Flaw::Value {
                key,
                why: "is no name: use lower-case words joined by `_`".into(),
            });
        }
        if name == "from" || name == "until" {
            return Err(Flaw::Value { key, why: "is the window's own name".into() });
        }
        let text = match &self.default {
            toml::Value::String(text) => text.clone(),
            toml::Value::Array(items) => {
                let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
                let texts: Option<Vec<String>> = texts.collect();
                return match (self.kind.as_str(), texts) {
                    ("list", Some(texts)) => Ok(Param {
                        name: name.to_owned(),
                        default: ParamValue::List(texts),
                        about: self.about,
                    }),
                    _ => Err(Flaw::Value {
                        key,
                        why: "is a list: its type is `list`, of texts".into(),
                    }),
                };
            }
            other => other.to_string(),
        };
        let default =
            ParamValue::parse(&self.kind, &text).map_err(|why| Flaw::Value { key, why })?;
        Ok(Param { name: name.to_owned(), default, about: self.about })
    }
}

impl ParamValue {
    /// Reads a value of a type: integer, number, text, flag, interval or list.
    pub(crate) fn parse(kind: &str, text: &str) -> Result<ParamValue, String> {
        let wrong = |what: &str| format!("is `{text}`, which is no {what}");
        match kind {
            "integer" => text.parse().map(ParamValue::Integer).map_err(|_| wrong("whole number")),
            "number" => text.parse().map(ParamValue::Number).map_err(|_| wrong("number")),
            "flag" => text.parse().map(ParamValue::Flag).map_err(|_| wrong("true or false")),
            "text" => Ok(ParamValue::Text(text.to_owned())),
            "interval" => interval(text).ok_or_else(|| {
                format!("is `{text}`, which is no span of time: write `30 days`, `2 hours` or `90 minutes`")
            }),
            "list" => Ok(ParamValue::List(text.split_whitespace().map(str::to_owned).collect())),
            _ => Err(format!(
                "has the type `{kind}`: choose integer, number, text, flag, interval or list"
            )),
        }
    }

    /// The same type as another value, from a text: how cases and people give values.
    pub fn like(&self, text: &str) -> Result<ParamValue, String> {
        ParamValue::parse(self.kind(), text)
    }

    /// The word for its type.
    pub fn kind(&self) -> &'static str {
        match self {
            ParamValue::Integer(_) => "integer",
            ParamValue::Number(_) => "number",
            ParamValue::Text(_) => "text",
            ParamValue::Flag(_) => "flag",
            ParamValue::Interval { .. } => "interval",
            ParamValue::List(_) => "list",
        }
    }
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParamValue::Integer(number) => write!(f, "{number}"),
            ParamValue::Number(number) => write!(f, "{number}"),
            ParamValue::Text(text) => f.write_str(text),
            ParamValue::Flag(flag) => write!(f, "{flag}"),
            ParamValue::List(texts) => f.write_str(&texts.join(" ")),
            ParamValue::Interval { months, days, seconds } => {
                let parts = [
                    (i64::from(*months), "months"),
                    (i64::from(*days), "days"),
                    (*seconds, "seconds"),
                ];
                let parts: Vec<String> = parts
                    .iter()
                    .filter(|(number, _)| *number != 0)
                    .map(|(number, unit)| format!("{number} {unit}"))
                    .collect();
                f.write_str(if parts.is_empty() { "0 seconds" } else { "" })?;
                f.write_str(&parts.join(" "))
            }
        }
    }
}

/// Reads `30 days`, `1 day 12 hours`, `2 months`.
fn interval(text: &str) -> Option<ParamValue> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() % 2 == 1 {
        return None;
    }
    let (mut months, mut days, mut seconds) = (0i32, 0i32, 0i64);
    for pair in words.chunks(2) {
        let number: i32 = pair[0].parse().ok()?;
        let long = i64::from(number);
        match pair[1].strip_suffix('s').unwrap_or(pair[1]) {
            "month" => months = months.checked_add(number)?,
            "week" => days = days.checked_add(number.checked_mul(7)?)?,
            "day" => days = days.checked_add(number)?,
            "hour" => seconds = seconds.checked_add(long * 3600)?,
            "minute" => seconds = seconds.checked_add(long * 60)?,
            "second" => seconds = seconds.checked_add(long)?,
            _ => return None,
        }
    }
    Some(ParamValue::Interval { months, days, seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_types_and_mistakes_have_reasons() {
        let span = |months, days, seconds| ParamValue::Interval { months, days, seconds };
        for (kind, text, expected) in [
            ("integer", "7", Some(ParamValue::Integer(7))),
            ("integer", "seven", None),
            ("interval", "30 days", Some(span(0, 30, 0))),
            ("interval", "1 day 2 hours 1 minute", Some(span(0, 1, 7260))),
            ("interval", "2 weeks", Some(span(0, 14, 0))),
            ("interval", "days 30", None),
            ("interval", "", None),
            ("flag", "true", Some(ParamValue::Flag(true))),
            ("list", "a b", Some(ParamValue::List(vec!["a".into(), "b".into()]))),
            ("colour", "red", None),
        ] {
            assert_eq!(ParamValue::parse(kind, text).ok(), expected, "{kind} {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_interval_survives_its_text(months in 0i32..99, days in 0i32..999, seconds in 0i64..99_999) {
            let value = ParamValue::Interval { months, days, seconds };
            proptest::prop_assert_eq!(value.like(&value.to_string()), Ok(value));
        }

        #[test]
        fn any_text_is_a_value_or_a_reason(kind in "[a-z]{0,8}", text in ".{0,30}") {
            let _ = ParamValue::parse(&kind, &text);
        }
    }
}
