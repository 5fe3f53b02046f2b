//! `rolecall.toml`, a file or an object, with the accounts and databases of networks that it names.

use std::error::Error;
use std::path::Path;
use std::str::Utf8Error;
use std::time::SystemTime;

use rolecall_known::{Known, accounts_file};
use rolecall_lake::Location;
use rolecall_model::Time;
use rolecall_networks::NetworksError;

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
    #[error("{place}:{line}: this is no text in UTF-8: save the file in that encoding")]
    NoText {
        /// The path or URL.
        place: String,
        /// The first line that is none, from 1.
        line: usize,
    },
    /// The file has mistakes.
    #[error("`{place}` cannot be used\n{}", .flaws.join("\n"))]
    Flawed {
        /// The path or URL.
        place: String,
        /// All of them, each with file, line and remedy.
        flaws: Vec<String>,
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
        let (config, flaws) = Config::sift(place).await?;
        if flaws.is_empty() {
            return Ok(config);
        }
        Err(ConfigError::Flawed { place: place.unwrap_or_default().to_owned(), flaws })
    }

    /// What can be read of the file, and everything that is wrong with the rest, for whoever looks
    /// for flaws.
    pub async fn sift(place: Option<&str>) -> Result<(Config, Vec<String>), ConfigError> {
        let Some(place) = place else {
            let known = Known::default().with_defaults();
            return Ok((Config { known, place: None }, Vec::new()));
        };
        let (bytes, _) = dated(place, "what the organisation knows in").await?;
        let mut flaws = Vec::new();
        if let Err(error) = std::str::from_utf8(&bytes) {
            flaws.push(no_text(place, &bytes, error).to_string());
        }
        let text = String::from_utf8_lossy(&bytes);
        let accounts = match accounts_file(&text) {
            Some(name) => self::text(&beside(place, &name), "the accounts in").await.map_err(|e| {
                let why = e.source().map_or_else(|| e.to_string(), ToString::to_string);
                format!("`{name}` cannot be read: {why}")
            }),
            None => Err("was not read".to_owned()),
        };
        let accounts = accounts.as_deref().map_err(String::as_str);
        let (known, found) = Known::sift(&text, accounts);
        flaws.extend(found.iter().map(|flaw| flaw.in_file(place).to_string()));
        Ok((Config { known: known.with_defaults(), place: Some(place.to_owned()) }, flaws))
    }
}

pub(crate) async fn text(place: &str, what: &'static str) -> Result<String, ConfigError> {
    dated_text(place, what).await.map(|(text, _)| text)
}

/// A text, and when it was written if that is known.
pub(crate) async fn dated_text(
    place: &str,
    what: &'static str,
) -> Result<(String, Option<Time>), ConfigError> {
    let (bytes, written_at) = dated(place, what).await?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|e| no_text(place, e.as_bytes(), e.utf8_error()))?;
    Ok((text, written_at))
}

fn no_text(place: &str, bytes: &[u8], error: Utf8Error) -> ConfigError {
    let before = &bytes[..error.valid_up_to()];
    let line = before.split(|byte| *byte == b'\n').count();
    ConfigError::NoText { place: place.to_owned(), line }
}

/// The bytes of an object, or of a file, which may be a pipe, and when they were written if that is known.
pub(crate) async fn dated(
    place: &str,
    what: &'static str,
) -> Result<(Vec<u8>, Option<Time>), ConfigError> {
    let read = async {
        if place.starts_with("s3://") {
            let (bytes, written_at) = Location::find(place).await?.read().await?;
            return Ok((bytes, Some(written_at)));
        }
        let bytes = tokio::fs::read(place).await?;
        let file = tokio::fs::metadata(place).await?;
        let written = if file.is_file() { file.modified().ok() } else { None };
        let since = written.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        let micros = since.and_then(|since| i64::try_from(since.as_micros()).ok());
        Ok((bytes, micros.map(Time)))
    };
    read.await.map_err(|source| ConfigError::Unreadable { place: place.to_owned(), what, source })
}

/// A name as a file means it: from where the file lies.
pub(crate) fn beside(file: &str, name: &str) -> String {
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

    #[tokio::test]
    async fn one_mistake_hides_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.toml").to_str().unwrap().to_owned();
        let text = b"[organization]\naccounts_file = \"none.json\"\n[[account]]\nid = \"1\"\n\
            # \xe9\n[networks]\ncsv = [\"none.csv\"]\nmmdb = [\"none.mmdb\"]\n";
        std::fs::write(&path, text).unwrap();
        let (config, flaws) = Config::sift(Some(&path)).await.unwrap();
        assert_eq!(flaws.len(), 3, "{flaws:#?}");
        assert!(flaws[0].starts_with(&format!("{path}:5: this is no text in UTF-8: save")));
        assert!(flaws[1].starts_with(&format!("{path}:2:17: ")), "{}", flaws[1]);
        assert!(flaws[1].contains("`none.json` cannot be read: ") && flaws[1].contains("help: "));
        assert!(flaws[2].starts_with(&format!("{path}:4:6: ")), "{}", flaws[2]);
        let (_, flaws) = config.sift_networks().await;
        assert_eq!(flaws.len(), 2, "{flaws:#?}");
        assert!(flaws[0].starts_with(&format!("{path}:8:9: ")), "{}", flaws[0]);
        assert!(flaws[1].starts_with(&format!("{path}:7:8: ")), "{}", flaws[1]);
        assert!(flaws.iter().all(|flaw| flaw.contains("help: put")), "{flaws:#?}");
        let error = Config::read(Some(&path)).await.unwrap_err().to_string();
        assert!(error.contains("no text") && error.contains(":4:6"), "{error}");
    }
}
