//! `[detection.NAME]` and `[networks]`.

use std::collections::BTreeMap;

use rolecall_model::Severity;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table;
use crate::fault::Fault;
use crate::flaw::Flaws;
use crate::section::{Section, Text};
use crate::settings::{Databases, DetectionSettings, Setting, SettingValue};
use crate::{check, pattern};

/// `[detection.NAME]`, for every name.
pub(super) fn detections(
    top: &DeTable<'_>,
    settings: &mut BTreeMap<String, DetectionSettings>,
    flaws: &mut Flaws<'_>,
) {
    let help = "write `[detection.NAME]`; `[[suppress]]` keeps findings quiet";
    let Some((names, _)) = table(top, "detection", help, flaws) else { return };
    for (name, value) in names.iter() {
        let text = name.get_ref().to_string();
        let folder = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !text.chars().all(folder) {
            let why = "is no detection's name".into();
            let help = "write the name of its folder, such as `[detection.new-cross-account-edge]`";
            flaws.push(
                name.span().start,
                Fault::Value { found: text.clone(), why, help: help.into() },
            );
        }
        let help = "write `[detection.NAME]`, and its settings below";
        let Some((fields, _)) = table(names, &text, help, flaws) else { continue };
        let span = name.span().start..value.span().end;
        let section = Section::new("[detection.NAME]", fields, span, flaws);
        settings.insert(text, detection(section));
    }
}

fn detection(mut section: Section<'_, '_>) -> DetectionSettings {
    let spot = section.spot();
    let severity = section.text("severity").and_then(|text| {
        let severity = text.value.parse::<Severity>();
        if severity.is_err() {
            let why = "is no severity".into();
            let help = "write \"low\", \"medium\", \"high\" or \"critical\"".into();
            section.flaws.push(text.at, Fault::Value { found: text.value, why, help });
        }
        severity.ok()
    });
    let mut enabled = true;
    if let Some(value) = section.value("enabled") {
        match value.get_ref() {
            DeValue::Boolean(flag) => enabled = *flag,
            other => {
                let help = "write enabled = false, without quotes".into();
                section.wrong_type("enabled", value.span(), other, "true or false", help);
            }
        }
    }
    let mut params = BTreeMap::new();
    if let Some(value) = section.value("param") {
        match value.get_ref() {
            DeValue::Table(fields) => {
                for (name, value) in fields.iter() {
                    let setting = setting(name.get_ref(), value, &mut section);
                    params.extend(setting.map(|setting| (name.get_ref().to_string(), setting)));
                }
            }
            other => {
                let help = "write param.NAME = …, such as param.history = \"60 days\"".into();
                section.wrong_type("param", value.span(), other, "a table", help);
            }
        }
    }
    section.finish(&["severity", "enabled", "param"]);
    DetectionSettings { spot, severity, enabled, params }
}

/// A parameter's value as it is; its type is the detection's business.
fn setting(
    name: &str,
    value: &Spanned<DeValue<'_>>,
    section: &mut Section<'_, '_>,
) -> Option<Setting> {
    let text = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    };
    let found = match value.get_ref() {
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            texts.collect::<Option<Vec<String>>>().map(SettingValue::List)
        }
        other => text(other).map(SettingValue::Text),
    };
    if found.is_none() {
        let help = "write a text such as \"60 days\", a number, true or false, or a list of texts";
        let key = format!("param.{name}");
        section.wrong_type(&key, value.span(), value.get_ref(), "a parameter's value", help.into());
    }
    let spot = section.flaws.spot(value.span().start);
    found.map(|value| Setting { spot, value })
}

/// `[networks]`
pub(super) fn databases(top: &DeTable<'_>, databases: &mut Databases, flaws: &mut Flaws<'_>) {
    let help = "`[networks]` names databases; a network of yours is `[[network]]`";
    let Some((fields, span)) = table(top, "networks", help, flaws) else { return };
    let mut section = Section::new("[networks]", fields, span, flaws);
    let (mmdb, csv) = (section.list("mmdb", check::text), section.list("csv", check::text));
    let aws_ranges = section.text("aws_ranges");
    let mut spots = BTreeMap::new();
    for text in mmdb.iter().chain(&csv).chain(&aws_ranges) {
        spots.insert(text.value.clone(), section.flaws.spot(text.at));
    }
    let values = |texts: Vec<Text>| texts.into_iter().map(|text| text.value).collect();
    (databases.mmdb, databases.csv) = (values(mmdb), values(csv));
    databases.aws_ranges = aws_ranges.map(|text| text.value);
    if let Some(value) = section.value("lists") {
        match value.get_ref() {
            DeValue::Table(lists) => {
                for (name, value) in lists.iter() {
                    let path = section.one(name.get_ref(), value);
                    let Some(path) = section.checked(path, pattern::any) else { continue };
                    spots.insert(path.value.clone(), section.flaws.spot(path.at));
                    databases.lists.insert(name.get_ref().to_string(), path.value);
                }
            }
            other => {
                let help = "write lists = { tor = \"tor-exits.txt\" }".into();
                section.wrong_type("lists", value.span(), other, "a table", help);
            }
        }
    }
    databases.spots = spots;
    section.finish(&["mmdb", "csv", "aws_ranges", "lists"]);
}
