//! What of a catalogue can be asked, and everything that is wrong with it: for whoever looks for
//! flaws, whom one mistake shall not keep from the next.

use rolecall_catalog::{Detection, Folder, Question, Report};

use crate::contract::{contract, placed};
use crate::place::Found;
use crate::{Engine, Flaw, QueryError, Refused, report};

/// What could be read, and what is wrong.
#[derive(Clone, Debug)]
pub struct Sifted<T> {
    /// Detections or reports that can be asked, by name; they may still have flaws.
    pub asked: Vec<T>,
    /// Everything that is wrong with any.
    pub flaws: Vec<Flaw>,
    /// The name of each folder that gives nothing to ask, and the ids that it says it covers.
    pub lost: Vec<(String, Vec<String>)>,
}

impl<T> Sifted<T> {
    pub(crate) fn good(asked: Vec<T>) -> Sifted<T> {
        Sifted { asked, flaws: Vec::new(), lost: Vec::new() }
    }

    /// All of it, unless anything is wrong with any.
    pub fn whole(self) -> Result<Vec<T>, Refused> {
        if self.flaws.is_empty() { Ok(self.asked) } else { Err(Refused(self.flaws)) }
    }

    fn lose(&mut self, folder: &Folder) {
        self.lost.push((folder.name.clone(), folder.covers()));
    }

    fn broken(folders: &[Folder], error: &QueryError) -> Sifted<T> {
        let mut sifted = Sifted::good(Vec::new());
        sifted.flaws.push(Flaw { detection: "all".into(), why: error.to_string() });
        folders.iter().for_each(|folder| sifted.lose(folder));
        sifted
    }
}

/// Reads detections, and plans each of their queries.
pub async fn sift(folders: &[Folder]) -> Sifted<Detection> {
    sifted(folders, Detection::parse, Detection::question, async |engine, detection| {
        contract(engine, detection).await
    })
    .await
}

/// Reads reports, and plans each of their queries.
pub async fn sift_reports(folders: &[Folder]) -> Sifted<Report> {
    sifted(folders, Report::parse, Report::question, async |engine, asked| {
        report::contract(engine, asked).await
    })
    .await
}

/// Reads all folders as what they hold, by name; `contract` says whether a query can be planned, and in
/// what it does not keep its contract.
async fn sifted<T>(
    folders: &[Folder],
    parse: fn(&Folder) -> Result<T, Vec<rolecall_catalog::Flaw>>,
    question: fn(&T) -> Question<'_>,
    contract: impl AsyncFn(&Engine, &T) -> (bool, Vec<Found>),
) -> Sifted<T> {
    let engine = match Engine::empty().await {
        Ok(engine) => engine,
        Err(error) => return Sifted::broken(folders, &error),
    };
    let mut sifted = Sifted::good(Vec::new());
    for folder in folders {
        match parse(folder) {
            Ok(asked) => {
                let (plans, found) = contract(&engine, &asked).await;
                let flaws = found.into_iter().map(|f| f.flaw(question(&asked), Some(folder)));
                sifted.flaws.extend(flaws);
                if plans { sifted.asked.push(asked) } else { sifted.lose(folder) }
            }
            Err(flaws) => {
                sifted.flaws.extend(flaws.iter().map(|flaw| placed(folder, flaw)));
                sifted.lose(folder);
            }
        }
    }
    sifted.asked.sort_by(|a, b| question(a).id.cmp(question(b).id));
    sifted
}
