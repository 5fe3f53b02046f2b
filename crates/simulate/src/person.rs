//! The people of Identity Center: names, teams, homes and hours.

use crate::clock::DAY;
use crate::dice::{Dice, hash, mix};
use crate::network::Net;
use crate::plan::Plan;
use crate::world::{BUILD, DATA, IDENTITY, MANAGEMENT, PRODUCTION, SANDBOX, SECURITY, STAGING};

/// One person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) at: u64,
    /// The name at Identity Center, which sessions bear.
    pub(crate) user: String,
    pub(crate) team: Team,
    pub(crate) office: Net,
    pub(crate) home: Net,
    pub(crate) mobile: Net,
    /// When the working day begins: minutes after midnight, UTC.
    pub(crate) begins: i64,
    /// Weekdays at home, Monday in the lowest bit.
    pub(crate) at_home: u8,
    /// How the line at home is used.
    pub(crate) line: Line,
    /// When the person was hired; seconds since 1970.
    pub(crate) since: i64,
    /// Away from home, half-open, and where.
    pub(crate) trip: Option<(i64, i64, Net)>,
}

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Team {
    Developers,
    Operations,
    Data,
    Security,
    Finance,
    Administrators,
}

/// How somebody's calls reach AWS from home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Plain,
    /// Through the company's VPN after a while.
    Vpn,
    /// IPv4 and IPv6 at once.
    Dual,
    /// Now and then by telephone.
    Mobile,
}

const FIRST: [&str; 40] = [
    "anna", "lena", "tomas", "mila", "oskar", "ines", "pavel", "greta", "luis", "nora", "emil",
    "zoe", "ivan", "maya", "hugo", "elsa", "samir", "clara", "felix", "ada", "bruno", "iris",
    "marek", "lucy", "theo", "vera", "noah", "julia", "adam", "sofia", "leon", "alma", "nils",
    "rosa", "max", "edith", "karl", "wanda", "otto", "yara",
];
const LAST: [&str; 25] = [
    "okafor", "vogt", "silva", "keller", "brandt", "meier", "novak", "lindt", "costa", "byrne",
    "fischer", "moreau", "rossi", "jansen", "kowal", "haas", "dubois", "larsen", "weiss", "nagy",
    "frei", "murphy", "ziegler", "marti", "santos",
];

/// Everybody: two for each account and more where more happens.
pub(crate) fn people(plan: &Plan) -> Vec<Person> {
    let count = (plan.accounts.max(9) as u64 * 2).max(plan.events_per_day / 1200).min(1000);
    (0..count).map(|at| person(plan, at, count)).collect()
}

fn person(plan: &Plan, at: u64, count: u64) -> Person {
    let mut dice = Dice::new(mix(&[plan.seed, hash("person"), at]));
    let name =
        format!("{}.{}", FIRST[(at % 40) as usize], LAST[((at / 40 + at % 40 * 3) % 25) as usize]);
    let name = if at < 1000 { name } else { format!("{name}{at}") };
    let team = match at % 12 {
        0 => Team::Administrators,
        1 | 2 => Team::Operations,
        3 | 4 => Team::Data,
        5 => Team::Security,
        6 if at < 12 => Team::Finance,
        _ => Team::Developers,
    };
    let irish = at % 3 == 2;
    // Who works by telephone lives where the telephone does.
    let homes = [Net::HomeZurich, Net::HomeBasel, Net::HomeBerlin];
    let line = [Line::Plain, Line::Vpn, Line::Dual, Line::Mobile, Line::Plain][(at % 5) as usize];
    // The last is new; the one before last travels once, the one before that twice as far.
    let new = at + 1 == count;
    let trip = (at + 2 == count || at + 3 == count).then(|| {
        let begin = plan.part(if at + 2 == count { 550 } else { 620 });
        let net = if at + 2 == count { Net::HotelLisbon } else { Net::HotelTokyo };
        (begin, begin + 4 * DAY, net)
    });
    Person {
        at,
        user: format!("{name}@example.com"),
        team,
        office: if irish { Net::OfficeDublin } else { Net::OfficeZurich },
        home: if irish {
            Net::HomeDublin
        } else {
            homes[(at / 3 % if line == Line::Mobile { 2 } else { 3 }) as usize]
        },
        mobile: if irish { Net::MobileIrish } else { Net::MobileSwiss },
        begins: dice.between(6 * 60 + 30, 8 * 60 + 50) + if irish { 60 } else { 0 },
        at_home: (dice.below(31) as u8 & 0b11001)
            | if at.is_multiple_of(2) { 0b10000 } else { 0b00001 },
        line,
        since: if new { plan.part(450) } else { i64::MIN },
        trip,
    }
}

impl Team {
    /// The permission sets of the team, each with the account in which it is taken.
    pub(crate) fn sets(self) -> &'static [(&'static str, usize)] {
        match self {
            Team::Developers => &[
                ("DeveloperAccess", STAGING),
                ("ReadOnlyAccess", PRODUCTION),
                ("PowerUserAccess", SANDBOX),
            ],
            Team::Operations => &[
                ("OperationsAccess", PRODUCTION),
                ("OperationsAccess", STAGING),
                ("ReadOnlyAccess", BUILD),
            ],
            Team::Data => &[("DataEngineer", DATA)],
            Team::Security => &[("SecurityAudit", SECURITY), ("SecurityAudit", PRODUCTION)],
            Team::Finance => &[("Billing", MANAGEMENT)],
            Team::Administrators => {
                &[("AdministratorAccess", IDENTITY), ("AdministratorAccess", BUILD)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_shares_a_name() {
        let plan = Plan { events_per_day: 2_000_000, ..Plan::default() };
        let all = people(&plan);
        let names: std::collections::HashSet<&str> = all.iter().map(|p| p.user.as_str()).collect();
        assert_eq!((all.len(), names.len()), (1000, 1000));
    }
}
