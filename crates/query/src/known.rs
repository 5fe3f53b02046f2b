//! What the organisation knows, brought to a detection: tables to ask, and values to turn.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use rolecall_catalog::{Detection, ParamValue};
use rolecall_known::{Known, Scope, Setting, SettingValue, Tables, Visit};
use rolecall_model::{Row, Time};

use crate::{Engine, Flaw, QueryError, Refused};

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
    mut detections: Vec<Detection>,
    known: &Known,
    file: &str,
) -> Result<Vec<Detection>, Refused> {
    let scopes: Vec<Scope> = detections
        .iter()
        .map(|detection| Scope { name: &detection.id, covers: &detection.meta.covers })
        .collect();
    let unknown = known.unknown_detections(&scopes);
    let mut flaws: Vec<Flaw> = unknown
        .into_iter()
        .map(|flaw| Flaw { detection: file.to_owned(), why: flaw.in_file(file).to_string() })
        .collect();
    for detection in &mut detections {
        let Some(settings) = known.settings(&detection.id) else { continue };
        detection.severity = settings.severity;
        for (name, setting) in &settings.params {
            let wrong = |why: String, help: String| Flaw {
                detection: detection.id.clone(),
                why: setting.flaw(why, help).in_file(file).to_string(),
            };
            let known: Vec<&str> = detection.params.iter().map(|p| p.name.as_str()).collect();
            let help = format!("its parameters are {}", known.join(", "));
            match detection.params.iter_mut().find(|param| param.name == *name) {
                None => flaws.push(wrong(format!("turns `{name}`, which is no parameter"), help)),
                Some(param) => match value(&param.default, setting) {
                    Ok(value) => param.default = value,
                    Err(why) => {
                        let kind = param.default.kind();
                        let help = format!("write it as in `{}` ({kind})", param.default);
                        flaws.push(wrong(why, help));
                    }
                },
            }
        }
    }
    detections.retain(|detection| known.settings(&detection.id).is_none_or(|s| s.enabled));
    if flaws.is_empty() { Ok(detections) } else { Err(Refused(flaws)) }
}

fn value(default: &ParamValue, setting: &Setting) -> Result<ParamValue, String> {
    match (&setting.value, default) {
        (SettingValue::List(texts), ParamValue::List(_)) => Ok(ParamValue::List(texts.clone())),
        (SettingValue::List(_), _) => Err("is a list where one value is needed".to_owned()),
        (SettingValue::Text(text), _) => default.like(text),
    }
}
