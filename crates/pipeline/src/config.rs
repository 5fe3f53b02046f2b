//! `rolecall.toml`, a file or an object, with the accounts and databases of networks that it names.

use std::error::Error;
use std::path::Path;

use rolecall_known::{Known, accounts_file};
use rolecall_lake::Location;
use rolecall_networks::{Networks, NetworksError};

/// What an organisation says about itself, and where it says so.
#[derive(Clone, Debug)]
pub struct Config {
    /// What it knows, with what is true everywhere.
    pub known: Known,
    /// The path or `s3://` URL of the file; none if there is none.
    pub place: Option<String>,
}

/// Why what an organisation says cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file could not be read.
    #[error("could not read {what} `{place}`")]
    Unreadable {
        /// The path or URL.
        place: String,
        /// What is looked for there.
        what: &'static str,
        /// Why not.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A file is no text.
    #[error("`{place}` is no text in UTF-8")]
    NoText {
        /// The path or URL.
        place: String,
    },
    /// The file has mistakes.
    #[error("`{place}` cannot be used\n{flaws}")]
    Flawed {
        /// The path or URL.
        place: String,
        /// All of them, one a line.
        flaws: String,
    },
    /// A database of networks has mistakes.
    #[error("could not use the network database `{place}`")]
    Database {
        /// The path or URL.
        place: String,
        /// Why not.
        source: NetworksError,
    },
}

impl Config {
    /// Reads the file at a path or `s3://` URL, and the list of accounts that it may name.
    pub async fn read(place: Option<&str>) -> Result<Config, ConfigError> {
        let Some(place) = place else {
            return Ok(Config { known: Known::default().with_defaults(), place: None });
        };
        let text = text(place, "what the organisation knows in").await?;
        let accounts = match accounts_file(&text) {
            Some(name) => Some(self::text(&beside(place, &name), "the accounts in").await?),
            None => None,
        };
        let known = Known::parse(&text, accounts.as_deref()).map_err(|flaws| {
            let flaws: Vec<String> =
                flaws.iter().map(|flaw| flaw.in_file(place).to_string()).collect();
            ConfigError::Flawed { place: place.to_owned(), flaws: flaws.join("\n") }
        })?;
        Ok(Config { known: known.with_defaults(), place: Some(place.to_owned()) })
    }

    /// Loads the databases of networks that the file names, and `more`, whose endings tell what they
    /// are: `.mmdb`, `.csv`, `.json` (Amazon's ranges), and `.txt` for a list called like its file.
    pub async fn networks(&self, more: &[String]) -> Result<Networks, ConfigError> {
        let databases = self.known.databases();
        let kinds = databases.mmdb.iter().map(|name| (name, Kind::Mmdb));
        let kinds = kinds.chain(databases.csv.iter().map(|name| (name, Kind::Csv)));
        let kinds = kinds.chain(databases.aws_ranges.iter().map(|name| (name, Kind::AwsRanges)));
        let lists = databases.lists.iter();
        let kinds = kinds.chain(lists.map(|(list, name)| (name, Kind::List(list.clone()))));
        let file = self.place.as_deref().unwrap_or_default();
        let named = kinds.map(|(name, kind)| (name, beside(file, name), kind));
        let more = more.iter().map(|place| (place, place.clone(), Kind::of(place)));

        let mut networks = Networks::default();
        for (name, place, kind) in named.chain(more) {
            let added = match kind {
                Kind::Mmdb => networks.add_mmdb(name, bytes(&place, DATABASE).await?),
                Kind::Csv => networks.add_csv(name, &text(&place, DATABASE).await?, None),
                Kind::AwsRanges => networks.add_aws_ranges(&text(&place, DATABASE).await?),
                Kind::List(list) => networks.add_list(&list, &text(&place, DATABASE).await?, None),
            };
            let failed = |source| ConfigError::Database { place: name.clone(), source };
            added.map_err(failed)?;
        }
        Ok(networks)
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

async fn text(place: &str, what: &'static str) -> Result<String, ConfigError> {
    let bytes = bytes(place, what).await?;
    String::from_utf8(bytes).map_err(|_| ConfigError::NoText { place: place.to_owned() })
}

/// The bytes of an object, or of a file, which may be a pipe.
async fn bytes(place: &str, what: &'static str) -> Result<Vec<u8>, ConfigError> {
    let read = async {
        if place.starts_with("s3://") {
            return Ok(Location::find(place).await?.read().await?);
        }
        Ok(tokio::fs::read(place).await?)
    };
    read.await.map_err(|source| ConfigError::Unreadable { place: place.to_owned(), what, source })
}

/// A name as a file means it: from where the file lies.
fn beside(file: &str, name: &str) -> String {
    if name.starts_with("s3://") {
        return name.to_owned();
    }
    if file.starts_with("s3://") && !name.starts_with('/') {
        let folder = file.rsplit_once('/').map_or(file, |(folder, _)| folder);
        return format!("{folder}/{name}");
    }
    let folder = Path::new(file).parent().unwrap_or(Path::new(""));
    folder.join(name).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_meant_from_where_the_file_lies() {
        for (file, name, expected) in [
            ("s3://b/x/rolecall.toml", "networks.csv", "s3://b/x/networks.csv"),
            ("s3://b/rolecall.toml", "s3://c/n.mmdb", "s3://c/n.mmdb"),
            ("/etc/rolecall.toml", "/n.csv", "/n.csv"),
            ("rolecall.toml", "n.csv", "n.csv"),
            ("", "n.csv", "n.csv"),
        ] {
            assert_eq!(beside(file, name), expected);
        }
        assert_eq!(Kind::of("s3://b/GeoLite2-ASN.mmdb"), Kind::Mmdb);
        assert_eq!(Kind::of("s3://b/ip-ranges.json"), Kind::AwsRanges);
        assert_eq!(Kind::of("s3://b/tor-exits.txt"), Kind::List("tor-exits".into()));
    }

    #[tokio::test]
    async fn a_file_brings_its_databases_and_all_its_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(path("n.csv"), "start,end,asn\n198.51.100.0,198.51.100.255,64500\n")
            .unwrap();
        std::fs::write(path("tor.txt"), "198.51.100.7\n").unwrap();
        std::fs::write(path("good.toml"), "[networks]\ncsv = [\"n.csv\"]\n").unwrap();
        let config = Config::read(Some(&path("good.toml"))).await.unwrap();
        let networks = config.networks(&[path("tor.txt")]).await.unwrap();
        let spot = networks.look_up("198.51.100.7", None);
        assert_eq!((spot.asn, spot.lists.as_deref()), (Some(64500), Some("tor")));

        std::fs::write(path("bad.toml"), "[[partner]]\nacount = \"1\"\n[[nothing]]\n").unwrap();
        let error = Config::read(Some(&path("bad.toml"))).await.unwrap_err().to_string();
        assert!(error.contains("acount") && error.contains("nothing"), "{error}");
        let error = Config::read(Some(&path("none.toml"))).await.unwrap_err().to_string();
        assert!(error.contains("none.toml"), "{error}");
    }
}
