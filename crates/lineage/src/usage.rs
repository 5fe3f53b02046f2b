//! The uses of one key of one session, added up; and sign-ins, which are uses without calls.

use rolecall_model::{Event, Time, Usage, api, arn, client, network};

use crate::name::Name;
use crate::words;

/// What calls under one key of one session have in common, and how many there were.
///
/// `key`, `principal_id`, `arn` and `created_at` name it; all else adds up in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Use {
    pub(crate) key: Option<String>,
    pub(crate) principal_id: Option<String>,
    pub(crate) arn: Option<String>,
    /// When the session was issued; of a sign-in, when it happened.
    pub(crate) created_at: Time,
    /// Whether this is a sign-in and not calls.
    pub(crate) sign_in: bool,
    pub(crate) from_console: bool,
    pub(crate) mfa: Option<bool>,
    pub(crate) caller_type: Option<String>,
    pub(crate) principal: String,
    pub(crate) account_id: Option<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) first: Option<Time>,
    pub(crate) last: Option<Time>,
    pub(crate) calls: i64,
    pub(crate) failed: i64,
    pub(crate) sets: Sets,
}

/// What is not counted but listed: sorted words, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sets {
    pub(crate) networks: Vec<String>,
    pub(crate) accounts: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) countries: Vec<String>,
    pub(crate) clients: Vec<String>,
    /// The services in which calls changed something.
    pub(crate) changed: Vec<String>,
}

impl Sets {
    /// All of them, always in the same order.
    pub(crate) fn all(&self) -> [&Vec<String>; 6] {
        let Sets { networks, accounts, places, countries, clients, changed } = self;
        [networks, accounts, places, countries, clients, changed]
    }

    pub(crate) fn all_mut(&mut self) -> [&mut Vec<String>; 6] {
        let Sets { networks, accounts, places, countries, clients, changed } = self;
        [networks, accounts, places, countries, clients, changed]
    }

    fn add(&mut self, other: &Sets) {
        for (mine, others) in self.all_mut().into_iter().zip(other.all()) {
            others.iter().for_each(|word| words::add(mine, word));
        }
    }

    /// Where calls came from and which account recorded them.
    fn came_from(&mut self, address: Option<String>, account: Option<String>) {
        let network = known(address).map(|address| network::prefix(&address).replace(' ', "-"));
        self.networks.extend(network);
        self.accounts.extend(known(account));
    }
}

impl Use {
    /// The calls of one row of `usage`; none if they belong to no session. Every temporary key of a
    /// real trail comes with the creation time of its session.
    pub(crate) fn of_usage(row: Usage) -> Option<Use> {
        let created_at = Time::from_seconds(row.session_created_at?.seconds());
        let changes = !only_reads(&row) && row.error_code.is_none();
        let mut found = Use {
            account_id: account(row.account_id, &row.principal_arn),
            key: known(row.access_key_id),
            principal_id: known(row.principal_id),
            arn: known(row.principal_arn),
            created_at,
            from_console: row.session_from_console,
            mfa: row.session_mfa,
            caller_type: row.user_identity_type,
            principal: row.principal,
            source_identity: known(row.session_source_identity),
            first: Some(row.first_at),
            last: Some(row.last_at),
            calls: row.calls,
            failed: if row.error_code.is_some() { row.calls } else { 0 },
            ..Use::default()
        };
        if changes {
            let service = row.event_source.split('.').next().unwrap_or_default();
            found.sets.changed.push(service.to_owned());
        }
        // A service that calls on somebody's behalf has its own place and client.
        if row.invoked_by.is_none() {
            found.sets.places.extend(known(row.source_place));
            found.sets.countries.extend(known(row.source_country));
            found.sets.clients.extend(row.user_agent.as_deref().map(client::family));
        }
        found.sets.came_from(row.source_ip_address, row.recipient_account_id);
        Some(found)
    }

    /// The sign-in that opened or switched a console session, or gave one to `aws login`.
    pub(crate) fn of_sign_in(event: &Event) -> Option<Use> {
        let opens = event.event_source.starts_with("signin.")
            && matches!(
                event.event_name.as_str(),
                "ConsoleLogin" | "SwitchRole" | "CreateOAuth2Token"
            );
        if !opens || !event.succeeded {
            return None;
        }
        let principal_id = known(event.user_identity_principal_id.clone());
        let arn = known(event.user_identity_arn.clone());
        if principal_id.is_none() && arn.is_none() {
            return None;
        }
        let mut found = Use {
            principal_id,
            created_at: Time::from_seconds(event.event_time.seconds()),
            sign_in: true,
            from_console: true,
            mfa: event.mfa_used,
            caller_type: event.user_identity_type.clone(),
            principal: event.principal.clone(),
            account_id: account(event.user_identity_account_id.clone(), &arn),
            arn,
            ..Use::default()
        };
        found.sets.places.extend(known(event.source_place.clone()));
        found.sets.countries.extend(known(event.source_country.clone()));
        let (address, account) = (&event.source_ip_address, &event.recipient_account_id);
        found.sets.came_from(address.clone(), account.clone());
        Some(found)
    }

    /// The name by which it finds its session.
    pub(crate) fn name(&self) -> Name {
        Name::new(self.key.as_deref(), self.principal_id.as_deref(), self.arn.as_deref())
    }

    /// What tells it from other uses of the same second.
    pub(crate) fn identity(
        &self,
    ) -> (&Option<String>, &Option<String>, &Option<String>, Time, bool) {
        (&self.key, &self.principal_id, &self.arn, self.created_at, self.sign_in)
    }

    /// Adds the calls of another row with the same identity.
    pub(crate) fn add(&mut self, other: Use) {
        self.from_console |= other.from_console;
        self.mfa = self.mfa.max(other.mfa);
        least(&mut self.caller_type, other.caller_type);
        least(&mut self.account_id, other.account_id);
        least(&mut self.source_identity, other.source_identity);
        if self.principal.is_empty()
            || (other.principal < self.principal && !other.principal.is_empty())
        {
            self.principal = other.principal;
        }
        least(&mut self.first, other.first);
        self.last = self.last.max(other.last);
        self.calls += other.calls;
        self.failed += other.failed;
        self.sets.add(&other.sets);
    }
}

/// Adds a use to those of its identity, or as another.
pub(crate) fn add(uses: &mut Vec<Use>, one: Use) {
    match uses.iter_mut().find(|known| known.identity() == one.identity()) {
        Some(known) => known.add(one),
        None => uses.push(one),
    }
}

/// The smaller of two known values, or the one that is known.
pub(crate) fn least<T: Ord>(mine: &mut Option<T>, other: Option<T>) {
    if let Some(other) = other
        && mine.as_ref().is_none_or(|mine| other < *mine)
    {
        *mine = Some(other);
    }
}

/// A text that is there and not empty.
pub(crate) fn known(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn account(account: Option<String>, arn: &Option<String>) -> Option<String> {
    known(account).or_else(|| arn::account(arn.as_deref()?).map(str::to_owned))
}

/// Whether calls only look: as their records say, or else as their name does.
fn only_reads(usage: &Usage) -> bool {
    usage.read_only.unwrap_or_else(|| api::only_reads(&usage.event_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_is_believed_before_the_name() {
        for (event_name, read_only, expected) in [
            ("ListUsers", Some(true), true),
            ("Decrypt", Some(true), true),
            ("GetFederationToken", Some(false), false),
            ("CreateUser", Some(false), false),
            ("ListUsers", None, true),
            ("AssumeRoleWithSAML", None, true),
            ("CreateUser", None, false),
        ] {
            let usage = Usage { event_name: event_name.into(), read_only, ..Usage::default() };
            assert_eq!(only_reads(&usage), expected, "{event_name} {read_only:?}");
        }
    }
}
