//! What the organisation knows: `rolecall.toml`, the queries beside it, and the databases of networks.

use anyhow::Result;
use rolecall_networks::{MAX_AGE_DAYS, Source};
use rolecall_pipeline::Config;

use super::check::{Check, count, length};
use crate::clock;
use crate::desk::Desk;
use crate::output::error::causes;

/// What is wrong may be long; `rolecall check` has all of it.
const MEND: &str = "`rolecall check` lists everything that is wrong, and how to mend it";

pub(super) async fn look(desk: &Desk, sifted: Result<(Config, Vec<String>)>) -> Vec<Check> {
    let (config, flaws) = match sifted {
        Ok(sifted) => sifted,
        Err(error) => {
            let check = Check::problem("config", causes(&error).join(": "));
            return vec![check.help(
                "`--config` or ROLECALL_CONFIG names the file; the usual one is ./rolecall.toml",
            )];
        }
    };
    let mut checks = vec![file(&config, &flaws)];
    checks.push(queries(desk, &config).await);
    checks.extend(networks(&config).await);
    checks
}

fn file(config: &Config, flaws: &[String]) -> Check {
    let Some(place) = &config.place else {
        return Check::ok(
            "config",
            "no rolecall.toml here: only what is usual everywhere is known",
        )
        .help(
            "write own accounts, partners and networks into one: docs/reference/configuration.md",
        );
    };
    if let Some(first) = flaws.first() {
        let first = first.lines().next().unwrap_or_default();
        let told = format!("{} in {place}, such as {first}", count(flaws.len(), "flaw", "flaws"));
        return Check::problem("config", told).help(MEND);
    }
    let entries = config.known.entries().count();
    let expired: Vec<_> = config.known.expired(clock::now()).collect();
    if let Some(first) = expired.first() {
        let over = count(expired.len(), "entry is over", "entries are over");
        let told = format!(
            "{place}: {over}, such as line {}: {} {}",
            first.spot.line, first.section, first.about
        );
        return Check::warning("config", told)
            .help("renew them or delete them: `rolecall check` lists them");
    }
    Check::ok("config", format!("{place} · {}", count(entries, "entry", "entries")))
}

async fn queries(desk: &Desk, config: &Config) -> Check {
    let sifted = async {
        let detections = desk.sifted_detections(config).await?;
        Ok::<_, anyhow::Error>((detections, desk.sifted_reports().await?))
    };
    let (detections, reports) = match sifted.await {
        Ok(sifted) => sifted,
        Err(error) => {
            let check = Check::problem("queries", causes(&error).join(": "));
            return check.help("`--queries` names a folder of detections and reports");
        }
    };
    let flaws: Vec<String> =
        detections.flaws.iter().chain(&reports.flaws).map(ToString::to_string).collect();
    if let Some(first) = flaws.first() {
        let first = first.lines().next().unwrap_or_default();
        let told = format!("{}, such as {first}", count(flaws.len(), "flaw", "flaws"));
        return Check::problem("queries", told).help(MEND);
    }
    let told = format!("{} detections, {} reports", detections.asked.len(), reports.asked.len());
    Check::ok("queries", told)
}

async fn networks(config: &Config) -> Vec<Check> {
    let (networks, unfit) = config.sift_networks().await;
    if let Some(first) = unfit.first() {
        let first = first.lines().next().unwrap_or_default();
        return vec![Check::problem("networks", first).help(MEND)];
    }
    if networks.is_empty() {
        let told = "no database: places are told apart by the first 16 bits of an address";
        let help = "`[networks]` of rolecall.toml names databases of countries and AS numbers";
        return vec![Check::ok("networks", told).help(help)];
    }
    networks.sources().iter().map(database).collect()
}

fn database(source: &Source) -> Check {
    let now = clock::now();
    let age = match source.as_of {
        Some(as_of) => format!("{} old", length(now.seconds() - as_of.seconds())),
        None => "of unknown age".to_owned(),
    };
    let told = format!("{} ({}), {age}", source.name, source.kind);
    if source.is_stale(now) {
        let help =
            format!("addresses change hands: get one that is younger than {MAX_AGE_DAYS} days");
        return Check::warning("networks", told).help(help);
    }
    Check::ok("networks", told)
}
