//! `rolecall.toml`: what the organisation knows, and the databases that know where addresses are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rolecall_known::{Known, Scope, accounts_file};
use rolecall_lake::Location;
use rolecall_networks::Networks;
use rolecall_query::{Engine, know_as};

use crate::clock;
use crate::output::Out;

/// The file that is read if it is there and nobody names another.
const DEFAULT: &str = "rolecall.toml";

/// What a file says, and where it lies.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) known: Known,
    /// The file; none if there is none.
    pub(crate) file: Option<PathBuf>,
}

impl Config {
    /// Reads the file that somebody named, or `./rolecall.toml` if there is one.
    pub(crate) fn read(named: Option<&Path>) -> Result<Config> {
        let file = match named {
            Some(file) => file.to_owned(),
            None if Path::new(DEFAULT).is_file() => PathBuf::from(DEFAULT),
            None => return Ok(Config { known: Known::default().with_defaults(), file: None }),
        };
        let shown = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("could not read what the organisation knows in `{shown}`"))?;
        let accounts = accounts_file(&text).map(|name| beside(&file, &name));
        let accounts = accounts.map(|path| {
            std::fs::read_to_string(&path)
                .with_context(|| format!("could not read the accounts in `{}`", path.display()))
        });
        match Known::parse(&text, accounts.transpose()?.as_deref()) {
            Ok(known) => Ok(Config { known: known.with_defaults(), file: Some(file) }),
            Err(flaws) => {
                let flaws: Vec<String> =
                    flaws.iter().map(|flaw| flaw.in_file(&shown).to_string()).collect();
                bail!("`{shown}` cannot be used\n{}", flaws.join("\n"))
            }
        }
    }

    /// Lets an engine know what people may ask: every entry that has not expired and is not meant
    /// for one detection alone.
    pub(crate) async fn told(&self, engine: &Engine) -> Result<()> {
        let nobody = Scope { name: "", covers: &[] };
        Ok(know_as(engine, &self.known, nobody, clock::now()).await?)
    }

    /// What people call the file.
    pub(crate) fn shown(&self) -> String {
        self.file.as_deref().unwrap_or(Path::new(DEFAULT)).display().to_string()
    }

    /// Loads the databases of networks that the file names; warns of those that are old.
    pub(crate) async fn networks(&self, out: &Out) -> Result<Networks> {
        let databases = self.known.databases();
        let mut networks = Networks::default();
        for name in &databases.mmdb {
            let bytes = self.bytes(name).await?;
            networks.add_mmdb(name, bytes).with_context(|| cannot_use(name))?;
        }
        for name in &databases.csv {
            let text = self.text(name).await?;
            networks.add_csv(name, &text, None).with_context(|| cannot_use(name))?;
        }
        if let Some(name) = &databases.aws_ranges {
            let text = self.text(name).await?;
            networks.add_aws_ranges(&text).with_context(|| cannot_use(name))?;
        }
        for (list, name) in &databases.lists {
            let text = self.text(name).await?;
            networks.add_list(list, &text, None).with_context(|| cannot_use(name))?;
        }
        for source in networks.sources().iter().filter(|source| source.is_stale(clock::now())) {
            let date = source.as_of.map(rolecall_model::Day::from).unwrap_or_default();
            out.say(&format!(
                "warning: `{}` is of {date}: addresses change hands, get a newer one",
                source.name
            ))?;
        }
        Ok(networks)
    }

    async fn text(&self, name: &str) -> Result<String> {
        let bytes = self.bytes(name).await?;
        String::from_utf8(bytes).with_context(|| format!("`{name}` is no text in UTF-8"))
    }

    /// The bytes of a file beside this one, or of an object on S3.
    async fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let failed = || format!("could not read the network database `{name}`");
        if name.starts_with("s3://") {
            return Location::find(name).await?.read().await.with_context(failed);
        }
        let file = self.file.as_deref().unwrap_or(Path::new(DEFAULT));
        std::fs::read(beside(file, name)).with_context(failed)
    }
}

fn cannot_use(name: &str) -> String {
    format!("could not use the network database `{name}`")
}

/// A path as the file means it: from where the file lies.
fn beside(file: &Path, name: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(name)
}
