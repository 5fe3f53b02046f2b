//! The commands: one file each, arguments and what they do.

mod alert;
mod athena;
mod check;
mod check_known;
mod completions;
mod demo;
mod detect;
mod detections;
mod doctor;
mod evaluate;
mod explain;
mod findings;
mod ingest;
mod lineage;
mod man;
mod new;
mod page;
mod poll;
mod report;
mod rows;
mod run;
mod serve;
mod sessions;
mod shell;
mod simulate;
mod sql;
mod status;
mod tables;
mod trace;
mod upkeep;
mod webhook_verify;

use anyhow::Result;
use clap::Subcommand;

use crate::args::Arguments;
use crate::desk::Desk;
use crate::exit::Exit;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(demo::Demo),
    Run(run::Run),
    Ingest(ingest::Ingest),
    Poll(poll::Poll),
    Trace(trace::Trace),
    Detect(detect::Detect),
    Findings(findings::Findings),
    Alert(alert::Alert),
    Sessions(sessions::Sessions),
    Lineage(lineage::Lineage),
    Sql(sql::Sql),
    Tables(tables::Tables),
    Status(status::Status),
    Detections(detections::Detections),
    Explain(explain::Explain),
    Report(report::Report),
    Serve(serve::Serve),
    New(new::New),
    Simulate(simulate::Simulate),
    Evaluate(evaluate::Evaluate),
    Check(check::Check),
    Upkeep(upkeep::Upkeep),
    Doctor(doctor::Doctor),
    WebhookVerify(webhook_verify::WebhookVerify),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Does what was asked.
pub(crate) async fn run(arguments: Arguments) -> Result<Exit> {
    let desk = Desk::new(arguments.global);
    match arguments.command {
        Command::Demo(demo) => demo.run(desk).await,
        Command::Run(run) => run.run(&desk).await,
        Command::Ingest(ingest) => ingest.run(&desk).await,
        Command::Poll(poll) => poll.run(&desk).await,
        Command::Trace(trace) => trace.run(&desk).await,
        Command::Detect(detect) => detect.run(&desk).await,
        Command::Findings(findings) => findings.run(&desk).await,
        Command::Alert(alert) => alert.run(&desk).await,
        Command::Sessions(sessions) => sessions.run(&desk).await,
        Command::Lineage(lineage) => lineage.run(&desk).await,
        Command::Sql(sql) => sql.run(&desk).await,
        Command::Tables(tables) => tables.run(&desk).await,
        Command::Status(status) => status.run(&desk).await,
        Command::Detections(detections) => detections.run(&desk).await,
        Command::Explain(explain) => explain.run(&desk).await,
        Command::Report(report) => report.run(&desk).await,
        Command::Serve(serve) => serve.run(&desk).await,
        Command::New(new) => new.run(&desk).await,
        Command::Simulate(simulate) => simulate.run(&desk).await,
        Command::Evaluate(evaluate) => evaluate.run(&desk).await,
        Command::Check(check) => check.run(&desk).await,
        Command::Upkeep(upkeep) => upkeep.run(&desk).await,
        Command::Doctor(doctor) => doctor.run(&desk).await,
        Command::WebhookVerify(verify) => verify.run(&desk).await,
        Command::Completions(completions) => completions.run(&desk),
        Command::Man(man) => man.run(&desk),
    }
}
