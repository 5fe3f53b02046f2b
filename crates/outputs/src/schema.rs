//! `docs/finding.v1.schema.json` and the type say the same; a field that one of them lacks fails here.

use rolecall_model::{Confidence, Severity};
use serde::de::{Deserialize, Deserializer, Error, Visitor, value};
use serde_json::{Value, json};

use crate::FindingV1;
use crate::sample::{bare, finding, hostile};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../docs/finding.v1.schema.json")).unwrap()
}

fn names(of: &Value) -> Vec<String> {
    let mut names: Vec<String> = match of {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(items) => items.iter().map(|name| name.as_str().unwrap().to_owned()).collect(),
        other => panic!("{other} has no names"),
    };
    names.sort();
    names
}

/// Reads nothing, and keeps the names of the fields that the type would read.
struct Fields<'a>(&'a mut Vec<String>);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = value::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, value::Error> {
        self.0.extend(fields.iter().map(|name| (*name).to_owned()));
        Err(value::Error::custom("only the names are asked for"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, value::Error> {
        Err(value::Error::custom("it is no struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[test]
fn the_schema_has_each_field_of_the_type_and_no_other() {
    let mut fields = Vec::new();
    let _ = FindingV1::deserialize(Fields(&mut fields));
    fields.sort();
    assert_eq!(names(&schema()["properties"]), fields);
    assert!(fields.len() > 20, "{fields:?}");
}

#[test]
fn what_is_required_is_what_is_always_written() {
    let written = serde_json::to_value(bare()).unwrap();
    assert_eq!(names(&schema()["required"]), names(&written));
    let described = schema()["properties"].as_object().unwrap().clone();
    assert!(described.values().all(|property| property["description"].is_string()));
}

#[test]
fn the_words_are_those_of_the_levels() {
    let properties = &schema()["properties"];
    let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
    assert_eq!(properties["severity"]["enum"], json!(severities.map(Severity::as_str)));
    let confidences = [Confidence::Low, Confidence::Medium, Confidence::High];
    assert_eq!(properties["confidence"]["enum"], json!(confidences.map(Confidence::as_str)));
}

#[test]
fn values_are_of_the_types_that_the_schema_names() {
    let schema = schema();
    let mut cut = finding();
    cut.cut = vec!["evidence: it is left out".into()];
    for finding in [finding(), hostile(), bare(), cut] {
        let written = serde_json::to_value(&finding).unwrap();
        for (name, value) in written.as_object().unwrap() {
            let mut property = &schema["properties"][name];
            if let Some(name) = property["$ref"].as_str() {
                property = schema.pointer(name.trim_start_matches('#')).unwrap();
            }
            let types = match &property["type"] {
                Value::Null => continue, // a constant or one of some words
                Value::String(one) => vec![one.as_str()],
                many => many.as_array().unwrap().iter().filter_map(Value::as_str).collect(),
            };
            let found = match value {
                Value::Null => "null",
                Value::Bool(_) => "boolean",
                Value::Number(_) => "integer",
                Value::String(_) => "string",
                Value::Array(_) => "array",
                Value::Object(_) => "object",
            };
            assert!(types.contains(&found), "{name}: {found} is none of {types:?}");
        }
    }
}
