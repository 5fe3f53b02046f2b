//! What to make: how large an organisation, for how long, and what goes wrong in it.

use rolecall_model::Day;

use crate::attacks::Attack;
use crate::clock::{DAY, weekday};

/// Everything a trail follows from: the same plan gives the same bytes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Accounts of the organisation; fewer than 9 are taken as 9, which the cast needs.
    pub accounts: usize,
    /// Days that the trail covers; at least 1.
    pub days: u32,
    /// The same seed gives the same trail.
    pub seed: u64,
    /// Records a day on average, working days and weekends together. What the cast does of
    /// itself comes to some 130 for an account; a plan for less gets that.
    pub events_per_day: u64,
    /// The first day, UTC.
    pub first_day: Day,
    /// Days without attacks at the beginning.
    pub baseline_days: u32,
    /// The attacks, each once, spread over the days after the baseline.
    pub attacks: Vec<Attack>,
}

impl Default for Plan {
    /// Ten accounts, thirty days from Monday, 2 March 2026, 20,000 records a day, a fortnight's
    /// baseline, and no attack.
    fn default() -> Plan {
        Plan {
            accounts: 10,
            days: 30,
            seed: 1,
            events_per_day: 20_000,
            first_day: Day(20_514),
            baseline_days: 14,
            attacks: Vec::new(),
        }
    }
}

impl Plan {
    /// The plan with every attack there is.
    #[must_use]
    pub fn with_all_attacks(self) -> Plan {
        Plan { attacks: Attack::ALL.to_vec(), ..self }
    }

    pub(crate) fn start(&self) -> i64 {
        self.first_day.start().seconds()
    }

    pub(crate) fn end(&self) -> i64 {
        self.start() + i64::from(self.days.max(1)) * DAY
    }

    /// Midnight of the day that lies `permille` of the whole after the beginning.
    pub(crate) fn part(&self, permille: i64) -> i64 {
        self.start() + i64::from(self.days) * permille / 1000 * DAY
    }

    /// Calls that are due in the hour that begins then.
    pub(crate) fn budget(&self, hour: i64) -> f64 {
        let days = i64::from(self.days.max(1));
        let week: f64 = (0..days).map(|day| of_weekday(self.start() + day * DAY)).sum();
        let day: f64 = (0..24).map(of_hour).sum();
        let share = of_weekday(hour) * days as f64 / week;
        self.events_per_day as f64 * share * of_hour(hour.rem_euclid(DAY) / 3600) / day
    }

    /// Seconds between the files of one account and region: quiet places deliver less often.
    pub(crate) fn cadence(&self) -> i64 {
        match self.events_per_day / self.accounts.max(9) as u64 {
            0..=4000 => 900,
            4001..=8000 => 600,
            _ => 300,
        }
    }

    /// When the `at`th attack begins: after the baseline, spread over the days that are left, and
    /// on a working day if there is one.
    pub(crate) fn attack_at(&self, at: usize, hour: i64) -> i64 {
        let first = i64::from(self.baseline_days.min(self.days.saturating_sub(1)));
        // The last two days are left for what goes on for long.
        let left = (i64::from(self.days) - first - 2).max(1);
        let count = self.attacks.len().max(1) as i64;
        let mut day = first + at as i64 * left / count;
        for _ in 0..2 {
            let midnight = self.start() + day * DAY;
            if weekday(midnight) < 5 {
                break;
            }
            day = if day + 1 < i64::from(self.days) { day + 1 } else { first };
        }
        self.start() + day * DAY + hour * 3600
    }
}

/// How busy a day is: offices close at the weekend, machines do not.
fn of_weekday(at: i64) -> f64 {
    if weekday(at) < 5 { 1.14 } else { 0.65 }
}

fn of_hour(hour: i64) -> f64 {
    match hour {
        0..=5 => 0.75,
        6..=7 => 0.95,
        8..=11 => 1.5,
        12..=15 => 1.4,
        16..=17 => 1.15,
        _ => 0.85,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_add_up_and_attacks_lie_behind_the_baseline() {
        let plan = Plan { days: 9, baseline_days: 4, ..Plan::default() }.with_all_attacks();
        let hours = (0..9 * 24).map(|hour| plan.budget(plan.start() + hour * 3600));
        let all: f64 = hours.sum();
        assert!((all - 9.0 * 20_000.0).abs() < 1.0, "{all}");
        for at in 0..plan.attacks.len() {
            let begin = plan.attack_at(at, 9);
            assert!(begin >= plan.start() + 4 * DAY && begin < plan.end(), "{at}");
        }
    }
}
