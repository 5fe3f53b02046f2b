//! `rolecall doctor`: what is configured, reachable and missing, and how to mend it.

mod aws;
mod check;
mod known;
mod lake;
mod machine;
mod receivers;

use anyhow::Result;
use clap::Args;
use rolecall_alert::TopicArn;
use serde_json::json;

use crate::args::Format;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::{plain, wrapped};
use crate::output::{Out, Row};
use check::{Check, State};

/// Say what is configured, reachable and missing, and how to mend it
///
/// Looks at the program, the lake, rolecall.toml, the databases of networks, this machine, the receivers of
/// alerts, and AWS where the lake or rolecall.toml lie in S3. A webhook in ROLECALL_WEBHOOK is asked whether it is
/// there, and told nothing. Nothing of the lake is changed, and no secret is shown.
///
/// Ends with 0 if there is no problem, also where there are warnings, and with 1 if there is one.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall doctor\n  rolecall doctor --aws --lake s3://rolecall-lake/lake\n  rolecall doctor --sns arn:aws:sns:eu-west-1:111111111111:findings\n  rolecall doctor --format json | jq -c 'select(.state != \"ok\")'"
)]
pub(crate) struct Doctor {
    /// Look for AWS credentials and ask STS whose they are, wherever the lake is
    #[arg(long)]
    aws: bool,
    /// The topic that alerts go to: say whether it is there, and how many are subscribed
    #[arg(long, value_name = "ARN")]
    sns: Option<TopicArn>,
    /// The webhook may have a private address, and be without TLS
    #[arg(long)]
    allow_private: bool,
}

impl Doctor {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let sifted = config::sift(desk.global.config.as_deref()).await;
        let mut checks = machine::program(desk);
        checks.extend(lake::look(desk).await);
        checks.extend(known::look(desk, sifted).await);
        if self.aws || in_s3(desk) {
            checks.push(aws::look().await);
        }
        checks.extend(receivers::look(self.sns.as_ref(), self.allow_private).await);
        checks.extend(machine::look(&desk.out));
        write(&desk.out, &checks)?;
        let worst = checks.iter().map(|check| check.state).max();
        Ok(if worst == Some(State::Problem) { Exit::Found } else { Exit::Done })
    }
}

/// Whether something that every command reads lies in S3.
fn in_s3(desk: &Desk) -> bool {
    let config = desk.global.config.as_deref().and_then(|file| file.to_str());
    [Some(desk.global.lake.as_str()), config]
        .into_iter()
        .flatten()
        .any(|at| at.starts_with("s3://"))
}

/// Writes what was found, in the order in which it was looked at.
fn write(out: &Out, checks: &[Check]) -> Result<()> {
    if out.format != Format::Text {
        let columns = ["check", "state", "told", "help"].map(str::to_owned);
        let rows: Vec<Row> = checks.iter().map(row).collect();
        return out.rows(&columns, &rows);
    }
    for check in checks.iter().filter(|check| !out.quiet || check.state != State::Ok) {
        out.text(&lines(out, check))?;
    }
    let of = |state| checks.iter().filter(|check| check.state == state).count();
    let problems = check::count(of(State::Problem), "problem", "problems");
    let warnings = check::count(of(State::Warning), "warning", "warnings");
    out.say(&format!("{problems}, {warnings}"))
}

fn row(check: &Check) -> Row {
    let cells = [
        ("check", json!(check.subject)),
        ("state", json!(check.state.word())),
        ("told", json!(check.told)),
        ("help", json!(check.help)),
    ];
    cells.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Where the text of a check begins.
const INDENT: usize = 20;

fn lines(out: &Out, check: &Check) -> String {
    let fitted = |text: &str| {
        let text = plain(text);
        out.width.map_or_else(|| text.clone(), |width| wrapped(&text, width, INDENT))
    };
    let state = out.paint.state(&format!("{:<8}", check.state.word()));
    let head = format!("{state} {:<11}{}", check.subject, fitted(&check.told));
    match &check.help {
        Some(help) => {
            let blanks = " ".repeat(INDENT);
            format!("{head}\n{blanks}{}", fitted(&format!("help: {help}")))
        }
        None => head,
    }
}
