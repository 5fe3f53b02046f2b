//! A record of an MMDB, wherever its vendor puts country, AS number and operator.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::cells;

/// What a record says, whatever else it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) country: Option<&'a str>,
    pub(crate) asn: Option<u32>,
    pub(crate) operator: Option<&'a str>,
}

impl Record<'_> {
    pub(crate) fn says_nothing(&self) -> bool {
        *self == Record::default()
    }
}

/// A value, as far as it matters.
enum Value<'a> {
    Text(&'a str),
    Number(u64),
    Fields(Record<'a>),
    Other,
}

impl<'a> Record<'a> {
    /// Takes a field.
    ///
    /// - MaxMind and DB-IP: `country.iso_code`, `autonomous_system_number`,
    ///   `autonomous_system_organization`, which Enterprise has below `traits`.
    /// - IPinfo: `country_code` beside the name in `country`, or the code in `country`; `asn` as
    ///   `AS13335`, or a map with `asn` and `name`; `as_name`.
    ///
    /// `registered_country` is left out: it says where the owner of the block is, not the address.
    fn take(&mut self, key: &str, value: Value<'a>) {
        match (key, value) {
            ("country_code" | "iso_code", Value::Text(text)) => {
                self.country = cells::country(text).flatten().or(self.country);
            }
            ("country", Value::Text(text)) => {
                self.country = self.country.or(cells::country(text).flatten());
            }
            ("autonomous_system_number" | "asn" | "as_number", Value::Text(text)) => {
                self.asn = self.asn.or(cells::asn(text).flatten());
            }
            ("autonomous_system_number" | "asn" | "as_number", Value::Number(number)) => {
                let number = u32::try_from(number).ok().filter(|number| *number != 0);
                self.asn = self.asn.or(number);
            }
            (
                "autonomous_system_organization" | "as_name" | "as_organization" | "name",
                Value::Text(text),
            ) => self.operator = self.operator.or(cells::operator(text)),
            ("country" | "traits" | "asn" | "as", Value::Fields(below)) => {
                self.country = self.country.or(below.country.filter(|_| key == "country"));
                self.asn = self.asn.or(below.asn);
                self.operator = self.operator.or(below.operator.filter(|_| key != "country"));
            }
            _ => {}
        }
    }
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match (Reading { depth: 0 }).deserialize(deserializer)? {
            Value::Fields(record) => Ok(record),
            _ => Ok(Record::default()),
        }
    }
}

/// Reads a value at a depth; what lies deeper than a map in a map is passed over, which bounds the
/// recursion that a hostile file could ask for.
#[derive(Clone, Copy)]
struct Reading {
    depth: u8,
}

const DEEPEST: u8 = 2;

/// Every field that is looked at; `names` of places in eight languages are not.
const FIELDS: [&str; 12] = [
    "as",
    "as_name",
    "as_number",
    "as_organization",
    "asn",
    "autonomous_system_number",
    "autonomous_system_organization",
    "country",
    "country_code",
    "iso_code",
    "name",
    "traits",
];

impl<'de> DeserializeSeed<'de> for Reading {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let mut record = Record::default();
        while let Some(key) = map.next_key::<&str>()? {
            if self.depth < DEEPEST && FIELDS.contains(&key) {
                let value = map.next_value_seed(Reading { depth: self.depth + 1 })?;
                record.take(key, value);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Value::Fields(record))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(text))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(u64::try_from(number).map_or(Value::Other, Value::Number))
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }

    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<Value<'de>, E> {
        Ok(Value::Other)
    }
}
