//! Values of a section that are several texts, or one of a few.

use std::collections::HashMap;

use rolecall_model::nearest;
use toml::de::DeValue;

use crate::check::Checked;
use crate::fault::{Fault, words};
use crate::section::{Section, Text};

impl Section<'_, '_> {
    /// Texts, or one alone, that pass a check; none if the key is missing.
    pub(crate) fn list(&mut self, key: &'static str, check: fn(&str) -> Checked) -> Vec<Text> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            DeValue::String(_) => vec![value],
            other => {
                let help = format!("write {key} = [\"…\"]");
                self.wrong_type(key, value.span(), other, "a list of texts", help);
                return Vec::new();
            }
        };
        if items.is_empty() {
            self.flaws.push(value.span().start, Fault::Empty { key: key.into() });
        }
        let mut texts = Vec::new();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for item in items {
            let text = self.one(key, item);
            let Some(text) = self.checked(text, check) else { continue };
            let line = self.flaws.spot(text.at).line;
            match seen.get(&text.value) {
                Some(line) => {
                    let what = format!("`{}`", text.value);
                    self.flaws.push(text.at, Fault::Duplicate { what, line: *line });
                }
                None => {
                    seen.insert(text.value.clone(), line);
                    texts.push(text);
                }
            }
        }
        texts
    }

    /// Texts without which the section says nothing.
    pub(crate) fn needed_list(
        &mut self,
        key: &'static str,
        help: &'static str,
        check: fn(&str) -> Checked,
    ) -> Vec<Text> {
        if !self.fields.contains_key(key) {
            self.missing(key, help);
        }
        self.list(key, check)
    }

    /// One of a few words, without which the section says nothing.
    pub(crate) fn choice(
        &mut self,
        key: &'static str,
        help: &'static str,
        choices: &[&str],
    ) -> Option<String> {
        let found = self.needed(key, help)?;
        if choices.contains(&found.value.as_str()) {
            return Some(found.value);
        }
        let help = match nearest(&found.value, choices.iter().copied()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("choose one of {}", words(choices)),
        };
        let why = format!("is no `{key}`");
        self.flaws.push(found.at, Fault::Value { found: found.value, why, help });
        None
    }
}
