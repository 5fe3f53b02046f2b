//! Detections that are planned once and asked of many small lakes, one after the other, in memory.
//!
//! Planning all detections takes a second, and asking them of a handful of rows next to nothing.

use arrow::array::RecordBatch;
use rolecall_catalog::Detection;
use rolecall_known::Known;
use rolecall_model::{Finding, Time, Window};

use crate::asked::Asked;
use crate::detect::{bound, found};
use crate::{Engine, QueryError, know};

/// A catalogue, planned, and the rows of one lake under it.
pub struct Planned {
    engine: Engine,
    asked: Vec<(Detection, Asked)>,
}

impl Planned {
    /// Plans the detections; there are no rows yet.
    pub async fn of(detections: &[Detection]) -> Result<Planned, QueryError> {
        let engine = Engine::empty().await?;
        let mut asked = Vec::with_capacity(detections.len());
        for detection in detections {
            let act = format!("ask `{}`", detection.id);
            let statement = engine.parse(&detection.sql, &act)?;
            let any = Window { from: Time(0), until: Time(0) };
            let types = bound(detection.question(), any, &[]);
            let open = Asked::open(&engine, statement, &types, &act).await?;
            asked.push((detection.clone(), open));
        }
        Ok(Planned { engine, asked })
    }

    /// Puts the rows of a lake, by the name of their table, in the place of those before.
    pub async fn stand_on(&self, rows: &[(&str, RecordBatch)]) -> Result<(), QueryError> {
        self.engine.stand_on(rows).await
    }

    /// What each detection finds in a window, as [`detect`](crate::detect()) does.
    pub async fn detect(
        &self,
        known: &Known,
        window: Window,
        history_from: Time,
        found_at: Time,
    ) -> Result<Vec<(&Detection, Vec<Finding>)>, QueryError> {
        let mut all = Vec::with_capacity(self.asked.len());
        for (detection, asked) in &self.asked {
            know(&self.engine, known, detection, window.from).await?;
            let rows = asked.rows_with(&bound(detection.question(), window, &[])).await?;
            all.push((detection, found(rows, detection, window, Some(history_from), found_at)));
        }
        Ok(all)
    }
}
