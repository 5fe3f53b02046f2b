//! What a command works with: the lake, the engine over it, the catalogue, and a way to answer.

use anyhow::Result;
use rolecall_catalog::{Detection, Report};
use rolecall_lake::{Access, Lake, Location};
use rolecall_model::nearest;
use rolecall_pipeline::Config;
use rolecall_query::{Engine, Limits, Sifted, bundled, bundled_reports, sift, sift_reports};

use crate::args::Global;
use crate::config;
use crate::output::Out;
use crate::queries::{self, Queries};

/// Everything a command needs, opened when it asks for it.
pub(crate) struct Desk {
    pub(crate) global: Global,
    pub(crate) out: Out,
}

impl Desk {
    pub(crate) fn new(global: Global) -> Desk {
        let out = Out::new(&global);
        Desk { global, out }
    }

    /// Opens the lake.
    pub(crate) async fn lake(&self, access: Access) -> Result<Lake> {
        let location = Location::find(&self.global.lake).await?;
        Ok(Lake::open(location, access).await?)
    }

    /// A session over the lake, which must be there, and over what the organisation knows.
    pub(crate) async fn engine(&self) -> Result<Engine> {
        let lake = self.lake(Access::Existing).await?;
        let engine = Engine::over(&lake, self.limits()).await?;
        config::tell(&self.config().await?, &engine).await?;
        Ok(engine)
    }

    /// What a query may use.
    pub(crate) fn limits(&self) -> Limits {
        Limits { parallel: self.global.threads, ..Limits::default() }
    }

    /// What the organisation knows.
    pub(crate) async fn config(&self) -> Result<Config> {
        config::read(self.global.config.as_deref()).await
    }

    /// The catalogue, whole or refused: read, checked, planned, and turned as the organisation says.
    pub(crate) async fn catalogue(&self, config: &Config) -> Result<Vec<Detection>> {
        let sifted = self.sifted_detections(config).await?;
        Ok(sifted.whole()?)
    }

    /// The reports, whole or refused.
    pub(crate) async fn reports(&self) -> Result<Vec<Report>> {
        Ok(self.sifted_reports().await?.whole()?)
    }

    /// What of the catalogue can be asked, turned as the organisation says, and all that is wrong.
    pub(crate) async fn sifted_detections(&self, config: &Config) -> Result<Sifted<Detection>> {
        let own = self.queries()?.detections;
        let flaws = own.flaws.clone();
        let mut sifted = sift(&own.over(bundled())).await;
        sifted.flaws.splice(0..0, flaws);
        Ok(sifted.turned(&config.known, config::shown(config)))
    }

    /// What of the reports can be asked, and all that is wrong.
    pub(crate) async fn sifted_reports(&self) -> Result<Sifted<Report>> {
        let own = self.queries()?.reports;
        let flaws = own.flaws.clone();
        let mut sifted = sift_reports(&own.over(bundled_reports())).await;
        sifted.flaws.splice(0..0, flaws);
        Ok(sifted)
    }

    /// What somebody keeps beside what comes with the program.
    fn queries(&self) -> Result<Queries> {
        self.global.queries.as_deref().map_or_else(|| Ok(Queries::default()), queries::read)
    }

    /// What may help who names a question that is not there: the nearest of the names, where all are
    /// listed, and how own ones are found.
    pub(crate) fn hint<'a>(&self, name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
        let near = nearest(name, names).map(|near| format!("did you mean `{near}`? "));
        let own = match self.global.queries {
            Some(_) => "",
            None => "; `--queries DIR` adds your own",
        };
        format!(
            "{}`rolecall detections` and `rolecall report` list them{own}",
            near.unwrap_or_default()
        )
    }
}
