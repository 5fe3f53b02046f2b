//! `rolecall demo`: the whole pipeline over the trail of a small organisation.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use include_dir::{Dir, include_dir};

use super::detect::{self, SpanArguments, detect_lake};
use super::ingest::ingest_all;
use super::lineage::trees;
use super::trace::trace_lake;
use crate::args::DEFAULT_LAKE;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::Out;

/// The trail, as `demo/make.py` made it.
static TRAIL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../demo/trail");

/// What the organisation of the trail knows about itself.
const KNOWN: [(&str, &str); 3] = [
    ("rolecall.toml", include_str!("../../../../demo/rolecall.toml")),
    ("networks.csv", include_str!("../../../../demo/networks.csv")),
    ("ip-ranges.json", include_str!("../../../../demo/ip-ranges.json")),
];

/// From when on detections are asked.
const LAST_DAYS: &str = "2026-03-15";

/// The user whose leaked key walks on in the first story.
const LEAKED: &str = "arn:aws:iam::222222222222:user/mara.keller";

/// See it work: three stories in sixteen days of a small organisation
///
/// A leaked key, a build that walks on into another account, and a session that outlives its
/// ceiling, among quiet everyday traffic: read, linked and found as with any trail. `demo/README.md`
/// tells the stories event by event.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall demo\n  rolecall demo --keep ./demo-lake\n  rolecall --lake ./demo-lake sql"
)]
pub(crate) struct Demo {
    /// Keep the lake here, to look around in it [default: a folder that is removed again]
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
}

impl Demo {
    pub(crate) async fn run(self, desk: Desk) -> Result<Exit> {
        let folder = tempfile::tempdir().context("could not make a temporary folder")?;
        let trail = folder.path().join("trail");
        extract(&TRAIL, &trail).context("could not write the demo's trail")?;
        for (name, text) in KNOWN {
            std::fs::write(folder.path().join(name), text)
                .context("could not write what the demo knows")?;
        }
        let lake = self.keep.clone().unwrap_or_else(|| folder.path().join("lake"));
        let mut global = desk.global;
        if global.lake != DEFAULT_LAKE {
            desk.out.say("the demo makes a lake of its own: `--keep DIR` says where it stays")?;
        }
        global.lake = lake.to_string_lossy().into_owned();
        global.config = Some(folder.path().join(KNOWN[0].0));
        let desk = Desk { out: Out::new(&global), global };

        let (mut lake, _) = ingest_all(&desk, &[trail.to_string_lossy().into_owned()]).await?;
        trace_lake(&desk, &mut lake).await?;
        // The days before are the quiet past that the last ones are compared with.
        let span = SpanArguments { from: Some(LAST_DAYS.parse()?), until: None };
        let did = detect_lake(&desk, &mut lake, span).await?;
        desk.out.note("")?;
        let exit = detect::tell(&desk, &did)?;
        if desk.out.format == crate::args::Format::Text {
            self.show_lineage(&desk).await?;
        }
        Ok(exit)
    }

    async fn show_lineage(&self, desk: &Desk) -> Result<()> {
        let paint = desk.out.paint;
        // The newest of the largest: the quiet weeks before look like each other.
        let trees = trees(desk, LEAKED).await?;
        let title =
            format!("What grew from the leaked key: the largest of its {} trees", trees.len());
        desk.out.text(&format!("\n{}\n", paint.bold(&title)))?;
        if let Some(tree) = trees.iter().rev().max_by_key(|tree| tree.size()) {
            desk.out.text(&tree.node(&desk.out).render(&desk.out).join("\n"))?;
        }
        let lake = match &self.keep {
            Some(lake) => format!("--lake {} ", lake.display()),
            None => String::new(),
        };
        let again = match &self.keep {
            Some(_) => "",
            None => "  rolecall demo --keep ./rolecall-lake    keep this lake, then:\n",
        };
        let next = [
            (format!("{lake}status"), "what was read"),
            (format!("{lake}lineage ci-deploy"), "the build that walked on"),
            (format!("{lake}sessions --longer-than 4h"), "who holds credentials for long"),
            (format!("{lake}sql"), "ask anything"),
            (format!("{lake}serve"), "follow all of it in the browser"),
            ("run FOLDER".to_owned(), "the same with your own logs, or s3://bucket/prefix"),
        ];
        let wide = next.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
        let next = next.map(|(command, what)| format!("  rolecall {command:wide$}    {what}"));
        desk.out.text(&format!("\n{}\n{again}{}", paint.bold("Try next"), next.join("\n")))
    }
}

fn extract(dir: &Dir<'_>, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    dir.extract(to)
}
