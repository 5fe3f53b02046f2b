//! The databases of networks that `rolecall.toml` names: loaded whole, or each one's flaw told.

use std::error::Error;

use rolecall_networks::Networks;

use crate::config::{Config, ConfigError, beside, dated, dated_text, text};

impl Config {
    /// Loads the databases of networks that the file names, and `more`, whose endings tell what they
    /// are: `.mmdb`, `.csv`, `.json` (Amazon's ranges), and `.txt` for a list called like its file.
    pub async fn networks(&self, more: &[String]) -> Result<Networks, ConfigError> {
        let mut networks = Networks::default();
        for database in self.named().chain(more.iter().map(|place| Database::of(place))) {
            database.add_to(&mut networks).await?;
        }
        Ok(networks)
    }

    /// Those databases of the file that can be loaded, and what is wrong with each of the others.
    pub async fn sift_networks(&self) -> (Networks, Vec<String>) {
        let (mut networks, mut flaws) = (Networks::default(), Vec::new());
        for database in self.named() {
            let Err(error) = database.add_to(&mut networks).await else { continue };
            let file = self.place.as_deref().unwrap_or_default();
            let spot = self.known.databases().spots.get(&database.name).copied();
            let spot = spot.unwrap_or_default();
            let why = error.source().map(|why| format!(": {why}")).unwrap_or_default();
            flaws.push(format!(
                "{file}:{}:{}: {error}{why}\n  help: put a good one there, or take its name out of \
                 `[networks]`",
                spot.line, spot.column
            ));
        }
        (networks, flaws)
    }

    /// The databases that the file names.
    fn named(&self) -> impl Iterator<Item = Database> {
        let databases = self.known.databases();
        let kinds = databases.mmdb.iter().map(|name| (name, Kind::Mmdb));
        let kinds = kinds.chain(databases.csv.iter().map(|name| (name, Kind::Csv)));
        let kinds = kinds.chain(databases.aws_ranges.iter().map(|name| (name, Kind::AwsRanges)));
        let lists = databases.lists.iter();
        let kinds = kinds.chain(lists.map(|(list, name)| (name, Kind::List(list.clone()))));
        let file = self.place.as_deref().unwrap_or_default();
        kinds.map(|(name, kind)| Database { name: name.clone(), place: beside(file, name), kind })
    }
}

/// A database of networks: as it is named, where it is, and what it is.
struct Database {
    name: String,
    place: String,
    kind: Kind,
}

impl Database {
    /// The one at a path or URL, whose ending tells what it is.
    fn of(place: &str) -> Database {
        Database { name: place.to_owned(), place: place.to_owned(), kind: Kind::of(place) }
    }

    async fn add_to(&self, networks: &mut Networks) -> Result<(), ConfigError> {
        let Database { name, place, kind } = self;
        let added = match kind {
            Kind::Mmdb => networks.add_mmdb(name, dated(place, DATABASE).await?.0),
            Kind::AwsRanges => networks.add_aws_ranges(&text(place, DATABASE).await?),
            // These do not say themselves how old they are: their file does.
            Kind::Csv => {
                let (text, written_at) = dated_text(place, DATABASE).await?;
                networks.add_csv(name, &text, written_at)
            }
            Kind::List(list) => {
                let (text, written_at) = dated_text(place, DATABASE).await?;
                networks.add_list(list, &text, written_at)
            }
        };
        added.map_err(|source| ConfigError::Database { place: name.clone(), source })
    }
}

/// What is looked for where a database should be.
const DATABASE: &str = "the network database";

/// What a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Mmdb,
    Csv,
    AwsRanges,
    List(String),
}

impl Kind {
    fn of(place: &str) -> Kind {
        let file = place.rsplit('/').next().unwrap_or_default();
        match file.rsplit_once('.') {
            Some((_, "mmdb")) => Kind::Mmdb,
            Some((_, "json")) => Kind::AwsRanges,
            Some((list, "txt")) => Kind::List(list.to_owned()),
            _ => Kind::Csv,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use rolecall_model::Time;

    use super::*;

    #[tokio::test]
    async fn a_table_or_list_is_as_old_as_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("n.csv"), "start,end,asn\n198.51.100.0,198.51.100.255,64500\n")
            .unwrap();
        std::fs::write(path("tor.txt"), "198.51.100.7\n").unwrap();
        let april = SystemTime::UNIX_EPOCH + Duration::from_secs(1_775_001_600);
        let old = std::fs::File::options().write(true).open(path("tor.txt")).unwrap();
        old.set_modified(april).unwrap();
        let config = Config::read(None).await.unwrap();
        let networks = config.networks(&[path("n.csv"), path("tor.txt")]).await.unwrap();
        let may: Time = "2026-05-15".parse().unwrap();
        let stale: Vec<_> = networks.sources().iter().filter(|one| one.is_stale(may)).collect();
        assert_eq!(stale.len(), 1);
        assert_eq!(
            (stale[0].name.as_str(), stale[0].as_of),
            ("tor", Some("2026-04-01".parse().unwrap()))
        );
    }

    #[test]
    fn an_ending_tells_what_a_database_is() {
        assert_eq!(Kind::of("s3://b/GeoLite2-ASN.mmdb"), Kind::Mmdb);
        assert_eq!(Kind::of("s3://b/ip-ranges.json"), Kind::AwsRanges);
        assert_eq!(Kind::of("s3://b/tor-exits.txt"), Kind::List("tor-exits".into()));
    }
}
