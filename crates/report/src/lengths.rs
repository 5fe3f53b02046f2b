//! Lengths against ceilings: a table of kinds and steps, with a bar in each cell.

use crate::material::Length;
use crate::numbers::{counted, grouped, lasting, percent};
use crate::text::cut;

/// The ends of the steps in seconds, as `lengths.sql` has them; the last step has none.
const STEPS: [i64; 8] = [900, 3600, 7200, 14_400, 28_800, 43_200, 86_400, 129_600];

/// More kinds are not shown; there are five.
const MOST_KINDS: usize = 12;

#[derive(Debug, Default)]
pub(crate) struct Lengths {
    pub(crate) steps: Vec<String>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) note: String,
}

#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) ceiling: String,
    pub(crate) longest: String,
    pub(crate) sessions: String,
    pub(crate) above: i64,
    pub(crate) cells: Vec<Step>,
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) sessions: i64,
    pub(crate) shown: String,
    pub(crate) width: String,
    pub(crate) above: String,
    /// Whether the whole step lies above the kind's ceiling.
    pub(crate) is_beyond: bool,
    /// Whether the kind's ceiling is where this step ends.
    pub(crate) is_edge: bool,
}

pub(crate) fn lengths(lengths: &[Length]) -> Lengths {
    let mut names: Vec<&str> = lengths.iter().map(|length| length.kind.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut kinds: Vec<Kind> = names.into_iter().map(|name| kind(name, lengths)).collect();
    kinds.sort_by(|a, b| b.above.cmp(&a.above).then(a.name.cmp(&b.name)));
    kinds.truncate(MOST_KINDS);
    let own: i64 = lengths.iter().map(|length| length.with_own_ceiling).sum();
    let mut steps: Vec<String> = STEPS.iter().map(|step| format!("≤ {}", lasting(*step))).collect();
    steps.push("longer".to_owned());
    let note = format!(
        "A session is as long as it was granted or used, whichever is longer. Hatched steps lie above the ceiling of their kind. {} the ceiling that rolecall.toml gives their role instead.",
        counted(own, "session has", "sessions have")
    );
    Lengths { steps, kinds, note }
}

fn kind(name: &str, lengths: &[Length]) -> Kind {
    let of_it: Vec<&Length> = lengths.iter().filter(|length| length.kind == name).collect();
    let sum = |of: &dyn Fn(&Length) -> i64| {
        of_it.iter().map(|length| of(length)).fold(0, i64::saturating_add)
    };
    let ceiling = of_it.iter().filter_map(|length| length.ceiling_seconds).min();
    let most = of_it.iter().map(|length| length.sessions).max().unwrap_or(1).max(1);
    let cell = |at: usize| {
        let end = STEPS.get(at).copied();
        let here: Vec<&&Length> =
            of_it.iter().filter(|length| length.up_to_seconds == end).collect();
        let sessions = here.iter().map(|length| length.sessions).sum();
        let above: i64 = here.iter().map(|length| length.above).sum();
        let begins = at.checked_sub(1).map_or(0, |before| STEPS[before]);
        let share =
            if sessions > 0 { (sessions as f64 / most as f64).sqrt().max(0.04) } else { 0.0 };
        Step {
            sessions,
            shown: if sessions == 0 { "·".to_owned() } else { grouped(sessions) },
            width: percent(share),
            above: if above > 0 { format!("▲ {} above", grouped(above)) } else { String::new() },
            is_beyond: ceiling.is_some_and(|ceiling| begins >= ceiling),
            is_edge: end.is_some() && end == ceiling,
        }
    };
    let longest = of_it.iter().map(|length| length.longest_seconds).fold(0.0, f64::max);
    Kind {
        name: cut(name, 60),
        ceiling: ceiling.map_or_else(|| "each its own".to_owned(), lasting),
        longest: lasting(longest as i64),
        sessions: grouped(sum(&|length| length.sessions)),
        above: sum(&|length| length.above),
        cells: (0..=STEPS.len()).map(cell).collect(),
    }
}
