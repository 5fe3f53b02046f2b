//! The databases of networks that settings and `rolecall.toml` name, with a word about those that are old.

use rolecall_model::Day;
use rolecall_networks::{Networks, Source};
use rolecall_pipeline::{Config, ConfigError};
use serde_json::{Map, Value, json};

use crate::{Call, Level};

/// Loads the databases that the file and the settings name; without any, places are the first bits of addresses, and a line of the log says so.
pub(crate) async fn networks(
    config: &Config,
    named: &[String],
    call: &Call,
) -> Result<Networks, ConfigError> {
    let networks = config.networks(named).await?;
    if networks.is_empty() {
        let told = "no database of networks: places are told apart by the first bits of an address";
        call.log.say(Level::Info, told, &Map::new());
    }
    for old in networks.sources().iter().filter(|source| source.is_stale(call.now)) {
        call.log.say(Level::Warn, "a database of networks is old: get a newer one", &about(old));
    }
    Ok(networks)
}

fn about(source: &Source) -> Map<String, Value> {
    let as_of = source.as_of.map(|at| Day::from(at).to_string());
    [("database".to_owned(), json!(source.name)), ("asOf".to_owned(), json!(as_of))]
        .into_iter()
        .collect()
}
