//! `rolecall.toml` on the command line: which file it is, and what is said of it.

use std::path::Path;

use anyhow::Result;
use rolecall_known::Scope;
use rolecall_networks::Networks;
use rolecall_pipeline::Config;
use rolecall_query::{Engine, know_as};

use crate::clock;
use crate::output::Out;

/// The file that is read if it is there and nobody names another.
const DEFAULT: &str = "rolecall.toml";

/// Reads the file that somebody named, or `./rolecall.toml` if there is one.
pub(crate) async fn read(named: Option<&Path>) -> Result<Config> {
    Ok(Config::read(place(named).as_deref()).await?)
}

/// What can be read of that file, and everything that is wrong with the rest.
pub(crate) async fn sift(named: Option<&Path>) -> Result<(Config, Vec<String>)> {
    Ok(Config::sift(place(named).as_deref()).await?)
}

fn place(named: Option<&Path>) -> Option<String> {
    let usual = Path::new(DEFAULT);
    let file = named.or_else(|| usual.is_file().then_some(usual));
    file.map(|file| file.to_string_lossy().into_owned())
}

/// Lets an engine know what people may ask: every entry that has not expired and is not meant
/// for one detection alone.
pub(crate) async fn tell(config: &Config, engine: &Engine) -> Result<()> {
    let nobody = Scope { name: "", covers: &[] };
    Ok(know_as(engine, &config.known, nobody, clock::now()).await?)
}

/// What people call the file.
pub(crate) fn shown(config: &Config) -> &str {
    config.place.as_deref().unwrap_or(DEFAULT)
}

/// Loads the databases of networks that the file names; warns of those that are old.
pub(crate) async fn networks(config: &Config, out: &Out) -> Result<Networks> {
    let networks = config.networks(&[]).await?;
    warn(&networks, out)?;
    Ok(networks)
}

/// Says what it means that there is no database of networks, if that is so.
pub(crate) fn tell_if_none(networks: &Networks, out: &Out) -> Result<()> {
    if !networks.is_empty() {
        return Ok(());
    }
    out.say(
        "no database of networks: places are told apart by the first bits of an address; `[networks]` of \
         rolecall.toml names databases",
    )
}

/// Warns of databases of networks that are old.
pub(crate) fn warn(networks: &Networks, out: &Out) -> Result<()> {
    for source in networks.sources().iter().filter(|source| source.is_stale(clock::now())) {
        let date = source.as_of.map(rolecall_model::Day::from).unwrap_or_default();
        out.say(&format!(
            "warning: `{}` is of {date}: addresses change hands, get a newer one",
            source.name
        ))?;
    }
    Ok(())
}
