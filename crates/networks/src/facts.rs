//! What a database says about a network, each text held once.

use std::collections::HashMap;
use std::sync::Arc;

/// What is known about the network of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    pub(crate) country: Option<Arc<str>>,
    pub(crate) asn: Option<u32>,
    pub(crate) operator: Option<Arc<str>>,
}

impl Facts {
    /// Takes from another database what is not known yet.
    ///
    /// An operator belongs to its AS number: that of another AS says nothing about this one.
    pub(crate) fn fill(&mut self, other: &Facts) {
        if self.country.is_none() {
            self.country.clone_from(&other.country);
        }
        let same = self.asn.is_none() || other.asn.is_none() || self.asn == other.asn;
        if same && self.operator.is_none() {
            self.operator.clone_from(&other.operator);
        }
        self.asn = self.asn.or(other.asn);
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.country.is_some() && self.asn.is_some() && self.operator.is_some()
    }
}

/// Gives numbers to facts while a database is read: hundreds of thousands of networks share some
/// ten thousand operators and two hundred countries.
#[derive(Default)]
pub(crate) struct Interner {
    texts: HashMap<Arc<str>, u32>,
    numbers: HashMap<[Option<u32>; 3], u32>,
    facts: Vec<Facts>,
}

impl Interner {
    /// The number of these facts.
    pub(crate) fn number(
        &mut self,
        country: Option<&str>,
        asn: Option<u32>,
        operator: Option<&str>,
    ) -> u32 {
        let country = country.map(|code| match code.bytes().any(|b| b.is_ascii_lowercase()) {
            true => self.text(&code.to_ascii_uppercase()),
            false => self.text(code),
        });
        let operator = operator.map(|name| self.text(name));
        let key = [country.as_ref().map(|text| text.1), asn, operator.as_ref().map(|text| text.1)];
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = next(self.facts.len());
        let (country, operator) = (country.map(|text| text.0), operator.map(|text| text.0));
        self.facts.push(Facts { country, asn, operator });
        self.numbers.insert(key, number);
        number
    }

    /// The one copy of a text, and its number.
    fn text(&mut self, text: &str) -> (Arc<str>, u32) {
        if let Some((known, number)) = self.texts.get_key_value(text) {
            return (known.clone(), *number);
        }
        let (new, number): (Arc<str>, u32) = (text.into(), next(self.texts.len()));
        self.texts.insert(new.clone(), number);
        (new, number)
    }

    /// All facts, each at its number.
    pub(crate) fn finish(self) -> Vec<Facts> {
        self.facts
    }
}

/// The number that follows so many. There are fewer than four milliards: each has taken some bytes
/// of a file that is in memory.
fn next(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wins_and_an_operator_stays_with_its_as() {
        let facts = |country: &str, asn: u32, operator: &str| Facts {
            country: (!country.is_empty()).then(|| country.into()),
            asn: (asn != 0).then_some(asn),
            operator: (!operator.is_empty()).then(|| operator.into()),
        };
        for (first, second, expected) in [
            (facts("DE", 64500, "One"), facts("FR", 64501, "Two"), facts("DE", 64500, "One")),
            (facts("DE", 0, ""), facts("", 64501, "Two"), facts("DE", 64501, "Two")),
            (facts("", 64500, ""), facts("FR", 64501, "Two"), facts("FR", 64500, "")),
            (facts("", 64500, ""), facts("", 64500, "One"), facts("", 64500, "One")),
            (facts("", 0, "Ours"), facts("", 64501, "Two"), facts("", 64501, "Ours")),
        ] {
            let mut all = first;
            all.fill(&second);
            assert_eq!(all, expected);
        }
    }

    #[test]
    fn equal_facts_have_one_number_and_one_text() {
        let mut interner = Interner::default();
        let a = interner.number(Some("de"), Some(64500), Some("One"));
        let b = interner.number(Some("FR"), Some(64500), Some("One"));
        assert_eq!(interner.number(Some("DE"), Some(64500), Some("One")), a);
        let facts = interner.finish();
        let operator = |number: u32| facts[number as usize].operator.clone().unwrap();
        assert!(Arc::ptr_eq(&operator(a), &operator(b)));
        assert_eq!(facts.len(), 2);
    }
}
