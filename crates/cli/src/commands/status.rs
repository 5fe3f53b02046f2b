//! `rolecall status`: what the lake covers, and what could not be read.

use anyhow::Result;
use clap::Args;

use super::rows::ask;
use crate::args::Format;
use crate::desk::Desk;
use crate::exit::Exit;

/// Show what the lake covers: by account, region and day; and what was rejected, and why
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall status\n  rolecall status --format json\n  rolecall sql 'select * from rejected'"
)]
pub(crate) struct Status {}

const SUMS: &str = "\
SELECT count(*) AS objects,
       coalesce(sum(CASE WHEN outcome = 'read' THEN 1 ELSE 0 END), 0) AS objects_read,
       coalesce(sum(CASE WHEN outcome = 'passed over' THEN 1 ELSE 0 END), 0) AS objects_passed_over,
       coalesce(sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END), 0) AS objects_refused,
       coalesce(sum(records), 0) AS records, coalesce(sum(kept), 0) AS kept,
       coalesce(sum(passed_over), 0) AS passed_over, coalesce(sum(rejected), 0) AS rejected,
       coalesce(sum(CASE WHEN records = kept + passed_over + rejected THEN 0 ELSE 1 END), 0) AS objects_that_do_not_add_up,
       min(first_event_at) AS first_event_at, max(last_event_at) AS last_event_at
FROM object";

const COVERAGE: &str = "\
SELECT coalesce(account, 'unnamed') AS account, coalesce(region, '-') AS region,
       CAST(coalesce(delivered_at, first_event_at) AS DATE) AS day,
       count(*) AS objects, sum(records) AS records, sum(passed_over) AS passed_over,
       sum(rejected) AS rejected
FROM object WHERE outcome = 'read'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 NULLS FIRST";

const REASONS: &str = "\
SELECT what, reason, count(*) AS times, min(object_key) AS first_object FROM (
    SELECT CASE WHEN record IS NULL THEN 'object' ELSE 'record' END AS what, reason, object_key FROM rejected
) AS met GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2";

const PASSED_OVER: &str = "\
SELECT reason, count(*) AS objects, min(key) AS first_object FROM object
WHERE outcome = 'passed over' GROUP BY 1 ORDER BY 2 DESC, 1";

impl Status {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let engine = desk.engine().await?;
        let (_, sums) = ask(&engine, SUMS).await?;
        if desk.out.format != Format::Text {
            // Programs get the coverage; the sums and reasons are a query away.
            let (columns, rows) = ask(&engine, COVERAGE).await?;
            desk.out.rows(&columns, &rows)?;
            return Ok(Exit::Done);
        }
        let paint = desk.out.paint;
        for (title, sql) in
            [("coverage", COVERAGE), ("passed over", PASSED_OVER), ("rejected", REASONS)]
        {
            let (columns, rows) = ask(&engine, sql).await?;
            if !rows.is_empty() {
                desk.out.text(&paint.bold(title))?;
                desk.out.rows(&columns, &rows)?;
                desk.out.text("")?;
            }
        }
        // Last, so that a long table does not scroll them away.
        let sum = &sums[0];
        let n = |name: &str| sum[name].as_i64().unwrap_or_default();
        desk.out.text(&paint.bold(&format!("lake {}", desk.global.lake)))?;
        desk.out.text(&format!(
            "{} objects: {} read, {} passed over, {} refused",
            n("objects"),
            n("objects_read"),
            n("objects_passed_over"),
            n("objects_refused")
        ))?;
        let adds_up = match n("objects_that_do_not_add_up") {
            0 => "every object adds up".to_owned(),
            many => format!("{many} OBJECTS DO NOT ADD UP"),
        };
        desk.out.text(&format!(
            "{} records = {} kept + {} passed over + {} rejected · {adds_up}",
            n("records"),
            n("kept"),
            n("passed_over"),
            n("rejected")
        ))?;
        let text = |name: &str| crate::output::plain::cell(&sum[name]);
        desk.out.text(&format!(
            "events from {} until {} (UTC)",
            text("first_event_at"),
            text("last_event_at")
        ))?;
        Ok(Exit::Done)
    }
}
