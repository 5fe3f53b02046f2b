//! One section of the file: hands out its values by key, and notes everything that is wrong.

use std::ops::Range;

use rolecall_model::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::Checked;
use crate::fault::Fault;
use crate::flaw::{Flaws, Spot};

/// A text, and the byte at which it begins.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) value: String,
    pub(crate) at: usize,
}

/// A section, such as one `[[partner]]`.
pub(crate) struct Section<'a, 't> {
    /// How people write it.
    pub(crate) name: &'static str,
    pub(crate) fields: &'a DeTable<'a>,
    at: usize,
    asked: Vec<&'static str>,
    pub(crate) flaws: &'a mut Flaws<'t>,
}

impl<'a, 't> Section<'a, 't> {
    pub(crate) fn new(
        name: &'static str,
        fields: &'a DeTable<'a>,
        span: Range<usize>,
        flaws: &'a mut Flaws<'t>,
    ) -> Section<'a, 't> {
        Section { name, fields, at: span.start, asked: Vec::new(), flaws }
    }

    /// Where the section begins.
    pub(crate) fn spot(&self) -> Spot {
        self.flaws.spot(self.at)
    }

    /// The value of a key.
    pub(crate) fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.fields.get(key)
    }

    /// A text that may be missing.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<Text> {
        let value = self.value(key)?;
        self.one(key, value)
    }

    /// A text without which the section says nothing; `help` shows one.
    pub(crate) fn needed(&mut self, key: &'static str, help: &'static str) -> Option<Text> {
        if !self.fields.contains_key(key) {
            self.missing(key, help);
        }
        self.text(key)
    }

    /// A text that passes a check.
    pub(crate) fn checked(
        &mut self,
        text: Option<Text>,
        check: fn(&str) -> Checked,
    ) -> Option<Text> {
        let Text { value, at } = text?;
        match check(&value) {
            Ok(value) => Some(Text { value, at }),
            Err(wrong) => {
                self.flaws
                    .push(at, Fault::Value { found: value, why: wrong.why, help: wrong.help });
                None
            }
        }
    }

    /// Notes that a key is missing.
    pub(crate) fn missing(&mut self, what: &str, help: &'static str) {
        let what = if what.contains('`') { what.to_owned() } else { format!("`{what}`") };
        self.flaws.push(self.at, Fault::Missing { section: self.name, what, help });
    }

    /// Notes a value of another type.
    pub(crate) fn wrong_type(
        &mut self,
        key: &str,
        span: Range<usize>,
        found: &DeValue<'_>,
        wanted: &'static str,
        help: String,
    ) {
        let found = type_of(found);
        self.flaws.push(span.start, Fault::Type { key: key.into(), found, wanted, help });
    }

    /// Notes every key that nobody asked for.
    pub(crate) fn finish(self, choices: &'static [&'static str]) {
        debug_assert!(self.asked.iter().all(|key| choices.contains(key)), "{:?}", self.asked);
        for key in self.fields.keys() {
            let found = key.get_ref().to_string();
            if !choices.contains(&found.as_str()) {
                let nearest = nearest(&found, choices.iter().copied());
                let fault = Fault::Unknown { found, section: self.name, nearest, choices };
                self.flaws.push(key.span().start, fault);
            }
        }
    }

    /// A text that a value is.
    pub(crate) fn one(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Text> {
        let at = value.span().start;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.flaws.push(at, Fault::Empty { key: key.into() });
                None
            }
            DeValue::String(text) => Some(Text { value: text.trim().to_owned(), at }),
            other => {
                let help = match other {
                    DeValue::Integer(number) => format!("put it into quotes: \"{number}\""),
                    _ => "write a text in quotes".into(),
                };
                self.wrong_type(key, value.span(), other, "a text", help);
                None
            }
        }
    }
}

/// The type of a value in words.
pub(crate) fn type_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
