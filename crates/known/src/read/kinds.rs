//! The kinds of entries, with their keys and readers.

use super::{access, client, network, organization, role};
use crate::Probe;
use crate::entry::{Entry, Meant, Origin, Vouched};
use crate::section::Section;
use crate::tables::Rows;

/// What one entry says, before anybody vouches for it.
pub(super) struct Said {
    pub(super) about: String,
    pub(super) rows: Rows,
    pub(super) probes: Vec<Probe>,
}

/// A kind of entry that fills a table: its key, how people write it, its own keys and all that
/// vouch for it, and its reader.
pub(super) struct Kind {
    pub(super) key: &'static str,
    pub(super) shown: &'static str,
    pub(super) keys: &'static [&'static str],
    pub(super) read: fn(&mut Section<'_, '_>) -> Option<Said>,
}

macro_rules! kind {
    ($key:literal, $read:path, $($own:literal),+) => {
        Kind {
            key: $key,
            shown: concat!("[[", $key, "]]"),
            keys: &[$($own,)+ "owner", "reason", "expires", "detections"],
            read: $read,
        }
    };
}

/// Every kind.
pub(super) const KINDS: [Kind; 12] = [
    kind!("account", organization::account, "id", "name"),
    kind!("partner", access::partner, "account", "name", "external_ids"),
    kind!("network", network::network, "name", "cidrs", "places", "countries", "principals"),
    kind!("vpc_endpoint", network::endpoint, "id", "name"),
    kind!("automation", access::automation, "name", "principals"),
    kind!("federated_subject", access::subject, "provider", "subjects", "roles"),
    kind!("role", role::role, "roles", "kind", "allowed_callers"),
    kind!("ceiling", role::ceiling, "roles", "duration"),
    kind!("trusted_edge", access::edge, "from", "to"),
    kind!("portal", client::portal, "name", "principals", "user_agents"),
    kind!("client", client::client, "user_agents", "kind"),
    kind!("quiet_api", client::quiet_api, "apis"),
];

/// All that may stand at the top of the file.
pub(super) const TOP: [&str; 16] = [
    "organization",
    "account",
    "partner",
    "network",
    "vpc_endpoint",
    "automation",
    "federated_subject",
    "role",
    "ceiling",
    "trusted_edge",
    "portal",
    "client",
    "quiet_api",
    "suppress",
    "detection",
    "networks",
];

impl Said {
    pub(super) fn entry(self, section: &Section<'_, '_>, by: (Vouched, Vec<Meant>)) -> Entry {
        let Said { about, mut rows, probes } = self;
        let (vouched, meant) = by;
        rows.vouch(&vouched);
        Entry {
            section: section.name,
            spot: section.spot(),
            about,
            vouched,
            origin: Origin::File,
            probes,
            meant,
            rows: Some(rows),
        }
    }
}
