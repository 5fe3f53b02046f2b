//! Adds up what the uses of a session tell, and writes it into its row.

use rolecall_model::arn;

use crate::forest::Forest;
use crate::name::Tie;
use crate::node::Slot;
use crate::usage::{Use, least};
use crate::{pack, row, words};

/// The sessions that share a session's name and second.
pub(crate) struct Siblings {
    ids: Option<String>,
    /// Whether any of them was used.
    called: bool,
}

impl Forest {
    /// The other issuances of this second that share the name of one.
    pub(crate) fn siblings(&self, slots: &[Slot], at: usize) -> Siblings {
        let slot = slots[at];
        let other =
            |other: &&Slot| other.node != slot.node && other.issued && other.name.agrees(slot.name);
        let mut ids: Vec<&str> = Vec::new();
        let mut called = false;
        if slot.issued {
            for other in slots.iter().filter(other) {
                ids.push(&self.node(other.node).row.session_id);
                called |= self.nodes[other.node as usize].called;
            }
            ids.sort_unstable();
            ids.truncate(words::MOST);
        }
        Siblings { ids: words::join(&ids), called }
    }

    /// Writes what the uses of a session tell into its row.
    pub(crate) fn total(
        &mut self,
        node: u32,
        uses: &[Use],
        ties: &[(u32, usize, Option<Tie>)],
        siblings: Siblings,
    ) {
        // One session can show other keys than the issued one, so a use that a sibling's key claims
        // does not prove that this one was idle.
        let idle = siblings.called.then_some(Tie::Ambiguous);
        let row = &self.node(node).row;
        let same = row.siblings == siblings.ids && row.use_link.as_deref() == idle.map(Tie::word);
        if ties.is_empty() && row.uses.is_empty() && same {
            return;
        }
        let node = self.change(node);
        let issued = node.issued;
        let row = &mut node.row;
        row::unlearn(row);
        row.siblings = siblings.ids;
        let mut all = Use::default();
        let mut keys: Vec<&str> = Vec::new();
        let (mut id, mut arn): (Option<String>, Option<String>) = (None, None);
        row.ambiguous_calls = 0;
        let mut link: Option<Tie> = None;
        for (_, at, tie) in ties {
            let one = &uses[*at];
            all.add(one.clone());
            keys.extend(one.key.as_deref());
            least(&mut id, one.principal_id.clone());
            least(&mut arn, one.arn.clone());
            if *tie == Some(Tie::Ambiguous) {
                row.ambiguous_calls += one.calls;
            }
            // The surest tie names the link; ambiguous_calls tells of the others.
            link = match (link, *tie) {
                (Some(Tie::Key), _) | (_, Some(Tie::Key)) => Some(Tie::Key),
                (Some(Tie::Name), _) | (_, Some(Tie::Name)) => Some(Tie::Name),
                (known, other) => known.or(other),
            };
        }
        keys.sort_unstable();
        keys.dedup();
        row.keys_seen = words::join(&keys);
        row.use_link = link.or(idle).map(|link| link.word().to_owned());
        row.uses = pack::pack(ties.iter().map(|(_, at, _)| &uses[*at]));
        row.first_used_at = all.first;
        row.last_used_at = all.last;
        row.calls = all.calls;
        row.failed_calls = all.failed;
        row.networks = words::join(&all.sets.networks);
        row.used_in_accounts = words::join(&all.sets.accounts);
        row.places = words::join(&all.sets.places);
        row.countries = words::join(&all.sets.countries);
        row.clients = words::join(&all.sets.clients);
        row.changed_services = words::join(&all.sets.changed);
        row.from_console = all.from_console;
        if issued {
            let mut learned: Vec<&str> = Vec::new();
            learn("mfa", &mut row.mfa, all.mfa, &mut learned);
            learn("principal_id", &mut row.principal_id, id, &mut learned);
            learn("source_identity", &mut row.source_identity, all.source_identity, &mut learned);
            row.learned = words::join(&learned);
        } else {
            row.session_arn = arn;
            row.mfa = all.mfa;
            row.source_identity = all.source_identity;
            row.kind = kind(all.caller_type.as_deref()).to_owned();
            row.role_arn = (row.kind == "role").then(|| all.principal.clone());
            row.session_name =
                row.session_arn.as_deref().and_then(arn::session_name).map(str::to_owned);
            row.account_id = all.account_id;
            row.principal = all.principal;
        }
    }
}

fn learn<'a, T>(name: &'a str, fact: &mut Option<T>, shown: Option<T>, learned: &mut Vec<&'a str>) {
    if fact.is_none() && shown.is_some() {
        *fact = shown;
        learned.push(name);
    }
}

fn kind(caller_type: Option<&str>) -> &'static str {
    match caller_type {
        Some("AssumedRole" | "Role") => "role",
        Some("IAMUser") => "user",
        Some("FederatedUser") => "federated",
        Some("Root") => "root",
        _ => "unknown",
    }
}
