//! The organisation: its accounts, its neighbours, its people, and how much of everything there is.

use std::sync::Arc;

use crate::account::Account;
use crate::dice::{Dice, hash, mix};
use crate::habit::Habits;
use crate::person::{Person, people};
use crate::plan::Plan;

/// Places of the accounts that have a part in the play; further ones are applications' own.
pub(crate) const MANAGEMENT: usize = 0;
pub(crate) const IDENTITY: usize = 1;
pub(crate) const SECURITY: usize = 2;
pub(crate) const BUILD: usize = 3;
pub(crate) const PRODUCTION: usize = 4;
pub(crate) const STAGING: usize = 5;
pub(crate) const DATA: usize = 6;
pub(crate) const SANDBOX: usize = 7;
/// Joins the organisation in the middle of the trail.
pub(crate) const ACQUIRED: usize = 8;

/// The organisation's id, as keys of trail objects have it.
pub(crate) const ORGANISATION: &str = "o-exampleorg1";
/// What the metrics vendor is asked to say.
pub(crate) const METRICS_ID: &str = "example-customer-4711";
/// What the backup vendor is asked to say.
pub(crate) const BACKUP_ID: &str = "example-customer-0815";

/// Everything that stands when the trail begins.
pub(crate) struct World {
    pub(crate) plan: Plan,
    pub(crate) accounts: Vec<Arc<Account>>,
    /// A partner from the beginning, a partner from the middle on, and somebody nobody invited.
    pub(crate) vendor: Arc<Account>,
    pub(crate) new_vendor: Arc<Account>,
    pub(crate) stranger: Arc<Account>,
    pub(crate) people: Vec<Person>,
    pub(crate) habits: Habits,
}

const NAMES: [(&str, &str); 9] = [
    ("111111111111", "management"),
    ("121212121212", "identity"),
    ("777777777777", "security"),
    ("222222222222", "build"),
    ("333333333333", "production"),
    ("444444444444", "staging"),
    ("555555555555", "data"),
    ("888888888888", "sandbox"),
    ("313131313131", "acquired"),
];

impl World {
    pub(crate) fn new(plan: &Plan) -> World {
        let seed = mix(&[plan.seed, hash("account")]);
        let account = |number: &str, name: &str, place: Option<usize>| {
            Arc::new(Account {
                number: number.to_owned(),
                name: name.to_owned(),
                place,
                region: if place == Some(DATA) { "eu-central-1" } else { "eu-west-1" },
                joined: if place == Some(ACQUIRED) {
                    plan.part(350) + 8 * crate::clock::HOUR
                } else {
                    i64::MIN
                },
                seed,
            })
        };
        let accounts = (0..plan.accounts.max(NAMES.len()))
            .map(|place| match NAMES.get(place) {
                Some((number, name)) => account(number, name, Some(place)),
                None => {
                    let app = place - NAMES.len() + 1;
                    account(
                        &format!("{:012}", 200_000_000_000 + app),
                        &format!("app-{app}"),
                        Some(place),
                    )
                }
            })
            .collect();
        World {
            accounts,
            vendor: account("666666666666", "metrics vendor", None),
            new_vendor: account("999999999999", "backup vendor", None),
            stranger: account("123412341234", "stranger", None),
            people: people(plan),
            habits: Habits::new(),
            plan: plan.clone(),
        }
    }

    pub(crate) fn account(&self, place: usize) -> &Arc<Account> {
        &self.accounts[place % self.accounts.len()]
    }

    pub(crate) fn identity(&self) -> &Arc<Account> {
        self.account(IDENTITY)
    }

    /// The accounts that belong to the organisation at that instant.
    pub(crate) fn members(&self, at: i64) -> impl Iterator<Item = &Arc<Account>> {
        self.accounts.iter().filter(move |account| account.joined <= at)
    }

    /// The accounts of applications, and what stands for them in a small organisation.
    pub(crate) fn workplaces(&self) -> Vec<usize> {
        [PRODUCTION, STAGING, DATA].into_iter().chain(ACQUIRED + 1..self.accounts.len()).collect()
    }

    /// So many workloads of a kind that is `share` times as common as functions are.
    pub(crate) fn workloads(&self, share: f64) -> u64 {
        let busy = self.plan.events_per_day as f64 / 2500.0;
        ((busy * share) as u64).max(2)
    }

    /// Chance that depends on a label and a number, and on nothing that happened before.
    pub(crate) fn dice(&self, label: &str, at: u64) -> Dice {
        Dice::new(mix(&[self.plan.seed, hash(label), at]))
    }

    /// The person of Identity Center, as sessions name them.
    pub(crate) fn on_behalf_of(&self, user: &str) -> String {
        let mut dice = self.dice(user, 0);
        format!(
            r#"{{"userId":"996700-{}","identityStoreArn":"arn:aws:identitystore::{}:identitystore/d-9967000001"}}"#,
            dice.uuid(4),
            self.identity().number
        )
    }
}
