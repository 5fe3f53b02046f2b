//! What `rolecall check` says about `rolecall.toml`: entries that are over, and that met nothing.

use anyhow::Result;
use rolecall_known::{Entry, Origin};
use rolecall_lake::{Access, Lake, LakeError, Location};
use rolecall_pipeline::Config;
use rolecall_query::Engine;

use super::check::lines;
use super::rows::ask;
use crate::clock;
use crate::config;
use crate::desk::Desk;
use crate::output::plain::plain;

/// What is wrong with the file: with its text, and with the databases of networks that it names.
pub(super) async fn flaws(desk: &Desk) -> Result<(Config, Vec<String>)> {
    let (config, mut flaws) = match config::sift(desk.global.config.as_deref()).await {
        Ok(sifted) => sifted,
        // The queries have flaws of their own, which a file that is not there shall not hide.
        Err(error) => (Config::read(None).await?, vec![format!("{error:#}")]),
    };
    let (networks, unfit) = config.sift_networks().await;
    config::warn(&networks, &desk.out)?;
    flaws.extend(unfit);
    Ok((config, flaws))
}

/// Reports on the entries of the file. Nothing of this is a flaw: the file can be used.
pub(super) async fn tell(desk: &Desk, config: &Config) -> Result<()> {
    let Some(file) = &config.place else { return Ok(()) };
    let out = &desk.out;
    for advice in config.known.advice() {
        out.text(&format!("advice  {}", lines(&advice.in_file(file).to_string(), "")))?;
    }
    let place = |entry: &Entry| {
        format!("{file}:{}: {} {}", entry.spot.line, entry.section, plain(&entry.about))
    };
    for entry in config.known.expired(clock::now()) {
        let end = entry.vouched.expires_at.map(|at| at.to_string()).unwrap_or_default();
        out.text(&format!("expired {} · since {end}: renew it, or delete it", place(entry)))?;
    }
    let Some(engine) = engine(desk).await? else {
        return out.say("there is no lake, so nothing tells which entries ever met anything");
    };
    let own = config.known.entries().filter(|entry| entry.origin == Origin::File);
    for entry in own.filter(|entry| !entry.is_expired(clock::now())) {
        for probe in &entry.probes {
            let (_, rows) = ask(&engine, &probe.sql()).await?;
            let met = rows.first().and_then(|row| row.values().next()?.as_i64());
            if met == Some(0) {
                let what = plain(&probe.about);
                out.text(&format!("unused  {} · {what} met nothing in the lake", place(entry)))?;
            }
        }
    }
    Ok(())
}

/// A session over the lake, if there is one.
async fn engine(desk: &Desk) -> Result<Option<Engine>> {
    let location = Location::find(&desk.global.lake).await?;
    match Lake::open(location, Access::Existing).await {
        Ok(lake) => Ok(Some(Engine::over(&lake, desk.limits()).await?)),
        Err(LakeError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
