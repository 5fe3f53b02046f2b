//! What the organisation knows, brought to a detection: tables to ask, and values to turn.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use rolecall_catalog::{Detection, ParamValue};
use rolecall_known::{Known, Scope, Setting, SettingValue, Tables, Visit};
use rolecall_model::{Row, Time};

use crate::{Engine, Flaw, QueryError, Refused, Sifted};

/// Lets an engine know what a detection is told at an instant.
pub async fn know(
    engine: &Engine,
    known: &Known,
    detection: &Detection,
    at: Time,
) -> Result<(), QueryError> {
    know_as(engine, known, Scope { name: &detection.id, covers: &detection.meta.covers }, at).await
}

/// Lets an engine know what whoever has this name is told at an instant.
pub async fn know_as(
    engine: &Engine,
    known: &Known,
    scope: Scope<'_>,
    at: Time,
) -> Result<(), QueryError> {
    let tables = batches(&known.tables(scope, at))
        .map_err(|error| QueryError::setup("what the organisation knows")(error.into()))?;
    engine.know(&tables).await
}

fn batches(tables: &Tables) -> Result<Vec<(&'static str, RecordBatch)>, ArrowError> {
    struct Batches(Vec<Result<(&'static str, RecordBatch), ArrowError>>);
    impl Visit for Batches {
        fn rows<R: Row>(&mut self, rows: &[R]) {
            let batch = rolecall_lake::batch(rows);
            self.0.push(batch.map(|batch| (R::TABLE.name, batch)));
        }
    }
    let mut batches = Batches(Vec::new());
    tables.visit(&mut batches);
    batches.0.into_iter().collect()
}

/// Turns detections as the organisation says: parameters, severities, and which are asked at all;
/// or says everything that does not fit. `file` is what people call the file.
pub fn turn(
    detections: Vec<Detection>,
    known: &Known,
    file: &str,
) -> Result<Vec<Detection>, Refused> {
    Sifted::good(detections).turned(known, file).whole()
}

impl Sifted<Detection> {
    /// Turns what can be asked as the organisation says, and adds everything that does not fit.
    /// `file` is what people call the file.
    pub fn turned(mut self, known: &Known, file: &str) -> Sifted<Detection> {
        let asked = self.asked.iter().map(|one| Scope { name: &one.id, covers: &one.meta.covers });
        let lost = self.lost.iter().map(|(name, covers)| Scope { name, covers });
        let scopes: Vec<Scope> = asked.chain(lost).collect();
        let unknown = known.unknown_detections(&scopes);
        self.flaws.extend(
            unknown.into_iter().map(|flaw| Flaw {
                detection: file.to_owned(),
                why: flaw.in_file(file).to_string(),
            }),
        );
        for detection in &mut self.asked {
            let Some(settings) = known.settings(&detection.id) else { continue };
            detection.severity = settings.severity;
            let wrong = turn_one(detection, &settings.params);
            self.flaws.extend(wrong.into_iter().map(|flaw| Flaw {
                detection: detection.id.clone(),
                why: flaw.in_file(file).to_string(),
            }));
        }
        self.asked.retain(|detection| known.settings(&detection.id).is_none_or(|s| s.enabled));
        self
    }
}

/// Turns one detection's parameters, and gives what does not fit.
fn turn_one(
    detection: &mut Detection,
    settings: &BTreeMap<String, Setting>,
) -> Vec<rolecall_known::Flaw> {
    let mut flaws = Vec::new();
    for (name, setting) in settings {
        let known: Vec<&str> = detection.params.iter().map(|p| p.name.as_str()).collect();
        let help = match known.is_empty() {
            true => "it has no parameters: delete the line".to_owned(),
            false => format!("its parameters are {}", known.join(", ")),
        };
        match detection.params.iter_mut().find(|param| param.name == *name) {
            None => {
                flaws.push(setting.flaw(format!("turns `{name}`, which is no parameter"), help));
            }
            Some(param) => match value(&param.default, setting) {
                Ok(value) => param.default = value,
                Err(why) => {
                    let kind = param.default.kind();
                    let help = format!("write it as in `{}` ({kind})", param.default);
                    flaws.push(setting.flaw(why, help));
                }
            },
        }
    }
    flaws
}

fn value(default: &ParamValue, setting: &Setting) -> Result<ParamValue, String> {
    match (&setting.value, default) {
        (SettingValue::List(texts), ParamValue::List(_)) => Ok(ParamValue::List(texts.clone())),
        (SettingValue::List(_), _) => Err("is a list where one value is needed".to_owned()),
        (SettingValue::Text(text), _) => default.like(text),
    }
}
