//! `rolecall findings`: what was found, in the form that somebody else reads.

use anyhow::Result;
use clap::{Args, ValueEnum};
use rolecall_lake::{Access, Lake, span_of};
use rolecall_model::{Day, Finding, Severity, Time};
use rolecall_outputs::text::json;
use rolecall_outputs::{FindingV1, Importer, batches, markdown, ocsf};
use rolecall_pipeline::told;

use super::detect::{SpanArguments, exit};
use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::finding;

/// Show what was found, or write it for a SIEM, for Security Hub, or for a ticket
///
/// These are the findings that the lake holds; `rolecall detect` looks for new ones. Without --as they
/// are written as `detect` writes them. Those in dry run and suppressed ones are left out, unless --all
/// is said.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall findings --from 7d --minimum high\n  rolecall findings --since 1h --as ocsf >> ocsf.jsonl\n  rolecall findings --as asff --account 111111111111 --region eu-west-1 > batches.jsonl\n  rolecall findings --from 1d --as markdown > ticket.md"
)]
pub(crate) struct Findings {
    #[command(flatten)]
    span: SpanArguments,
    /// Only what was found from here on, however long ago it happened
    #[arg(long, value_name = "TIME", value_parser = clock::instant, allow_hyphen_values = true)]
    since: Option<Time>,
    /// The least severe finding: low, medium, high or critical
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    minimum: Severity,
    /// Also those that nobody is told of: in dry run, or suppressed
    #[arg(long)]
    all: bool,
    /// The form of somebody else
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<Form>,
    /// For asff: the account that imports the findings
    #[arg(long, value_name = "ID", required_if_eq("form", "asff"))]
    account: Option<String>,
    /// For asff: the region of its Security Hub
    #[arg(
        long,
        value_name = "REGION",
        env = "AWS_REGION",
        hide_env_values = true,
        required_if_eq("form", "asff")
    )]
    region: Option<String>,
}

/// The forms of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// OCSF: a Detection Finding a line
    Ocsf,
    /// Security Hub: up to 100 findings a line, as an array that one call imports
    Asff,
    /// A ticket, for people
    Markdown,
}

impl Findings {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let lake = desk.lake(Access::Existing).await?;
        let found = self.read(&lake).await?;
        if found.is_empty()
            && let Some(data) = span_of(&lake)
            && (self.span.from.is_some() || self.span.until.is_some())
        {
            self.span.of(data)?;
        }
        match self.form {
            None => finding::write(&desk.out, &found)?,
            Some(form) => {
                let detections = desk.catalogue(&desk.config().await?).await?;
                let findings: Vec<FindingV1> =
                    found.iter().map(|finding| told(finding, &detections)).collect();
                for line in self.lines(form, &findings)? {
                    desk.out.text(&line)?;
                }
            }
        }
        desk.out.say(&match found.len() {
            0 => "no findings".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings"),
        })?;
        Ok(exit(desk, &found))
    }

    /// The findings that are asked for, the most severe first.
    async fn read(&self, lake: &Lake) -> Result<Vec<Finding>> {
        let span = self.span;
        let severity = |finding: &Finding| finding.severity.parse::<Severity>().ok();
        let is_asked = |finding: &Finding| {
            span.from.is_none_or(|from| finding.last_at >= from)
                && span.until.is_none_or(|until| finding.first_at < until)
                && self.since.is_none_or(|since| finding.found_at >= since)
                && severity(finding).is_none_or(|severity| severity >= self.minimum)
                && (self.all || finding.is_told())
        };
        let table = lake.table::<Finding>();
        // A finding lies on the day of its first evidence, and may go on after that.
        let last_day = span.until.map(Day::from);
        let files = table.files().iter().filter(|file| last_day.is_none_or(|day| file.day <= day));
        let files: Vec<_> = files.cloned().collect();
        let mut found: Vec<Finding> = Vec::new();
        table
            .read::<Finding>(&files, &[], |finding| {
                if is_asked(&finding) {
                    found.push(finding);
                }
            })
            .await?;
        found.sort_by(|a, b| {
            let order = severity(b).cmp(&severity(a)).then(a.first_at.cmp(&b.first_at));
            order.then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
        Ok(found)
    }

    /// The findings in a form of others.
    fn lines(&self, form: Form, findings: &[FindingV1]) -> Result<Vec<String>> {
        Ok(match form {
            Form::Ocsf => {
                let event = |finding: &FindingV1| -> Result<String> { Ok(json(&ocsf(finding)?)) };
                findings.iter().map(event).collect::<Result<_>>()?
            }
            Form::Asff => {
                // Both are there: the command line asks for them.
                let account = self.account.as_deref().unwrap_or_default();
                let importer = Importer::new(account, self.region.as_deref().unwrap_or_default())?;
                batches(findings, &importer, clock::now())?.iter().map(json).collect()
            }
            Form::Markdown => vec![markdown(findings)],
        })
    }
}
