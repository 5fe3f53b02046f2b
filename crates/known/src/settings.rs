//! How detections are turned, and where databases lie.

use std::collections::BTreeMap;

use rolecall_model::Severity;

use crate::fault::Fault;
use crate::flaw::{Flaw, Spot};

/// What `[detection.NAME]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectionSettings {
    /// Where it begins.
    pub spot: Spot,
    /// How bad its findings are; None leaves that to the detection.
    pub severity: Option<Severity>,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Parameters by name. Only the detection knows their types.
    pub params: BTreeMap<String, Setting>,
}

/// The value of a parameter, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Where.
    pub spot: Spot,
    /// The value.
    pub value: SettingValue,
}

/// A value before anybody knows its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingValue {
    /// A text, number or flag, as text.
    Text(String),
    /// Texts.
    List(Vec<String>),
}

impl Setting {
    /// The flaw that the value is not what its parameter needs: `why` as in "is `x`, which is no
    /// span of time", `help` says what to write.
    pub fn flaw(&self, why: impl Into<String>, help: impl Into<String>) -> Flaw {
        let found = match &self.value {
            SettingValue::Text(text) => text.clone(),
            SettingValue::List(texts) => texts.join(" "),
        };
        let fault = Fault::Value { found, why: why.into(), help: help.into() };
        Flaw { spot: self.spot, fault }
    }
}

/// Databases for place and country of an address: paths or `s3://` URLs, which whoever calls reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Databases {
    /// MaxMind databases.
    pub mmdb: Vec<String>,
    /// Tables of address ranges.
    pub csv: Vec<String>,
    /// AWS's `ip-ranges.json`.
    pub aws_ranges: Option<String>,
    /// Lists of addresses, each with the name of the place that it makes them.
    pub lists: BTreeMap<String, String>,
    /// Where the file names each path or URL.
    pub spots: BTreeMap<String, Spot>,
}
