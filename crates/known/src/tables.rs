//! The rows that entries give, one list for each table of [`rolecall_model::KNOWN_TABLES`].

use rolecall_model::{
    Automation, KnownEndpoint, KnownNetwork, MarkedClient, OwnAccount, Partner, Portal, QuietApi,
    Row, SessionCeiling, SpecialRole, Table, TrustedEdge, TrustedSubject,
};

use crate::Vouched;

/// Somebody who wants the rows of every table, one call per table.
pub trait Visit {
    /// Takes the rows of one table.
    fn rows<R: Row>(&mut self, rows: &[R]);
}

macro_rules! tables {
    ($( $(#[doc = $doc:literal])+ $field:ident: $Row:ident told apart by $($column:ident),+; )+) => {
        /// What one detection is told: the entries that are meant for it and have not expired.
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct Tables { $( $(#[doc = $doc])+ pub $field: Vec<$Row>, )+ }

        impl Tables {
            /// Hands over every table, empty ones too, in the order of
            /// [`rolecall_model::KNOWN_TABLES`].
            pub fn visit(&self, visitor: &mut impl Visit) {
                $( visitor.rows(&self.$field); )+
            }

            /// Adds what an entry says.
            pub(crate) fn add(&mut self, rows: &Rows) {
                match rows { $( Rows::$Row(rows) => self.$field.extend_from_slice(rows), )+ }
            }
        }

        /// The rows of one entry.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum Rows { $( $Row(Vec<$Row>), )+ }

        impl Rows {
            pub(crate) fn table(&self) -> Table {
                match self { $( Rows::$Row(_) => $Row::TABLE, )+ }
            }

            /// Writes into every row who vouches for it.
            pub(crate) fn vouch(&mut self, by: &Vouched) {
                match self { $( Rows::$Row(rows) => for row in rows {
                    row.owner.clone_from(&by.owner);
                    row.reason.clone_from(&by.reason);
                    row.expires_at = by.expires_at;
                } )+ }
            }

            /// What tells each row from others of its table: the columns, the first one foremost.
            pub(crate) fn keys(&self) -> Vec<Vec<String>> {
                match self { $( Rows::$Row(rows) => rows.iter().map(|row| vec![
                    $( word(&row.$column), )+
                ]).collect(), )+ }
            }

            /// The rows whose foremost column passes.
            pub(crate) fn filtered(&self, mut keep: impl FnMut(&str) -> bool) -> Rows {
                let mut keys = self.keys().into_iter();
                let mut next = || keys.next().is_none_or(|key| keep(&key[0]));
                match self { $( Rows::$Row(rows) => {
                    Rows::$Row(rows.iter().filter(|_| next()).cloned().collect())
                } )+ }
            }
        }
    };
}

tables! {
    /// The accounts of the own organisation.
    own_accounts: OwnAccount told apart by account_id;
    /// Partners with their external ids.
    partners: Partner told apart by account_id, external_id;
    /// Networks from which the own people and machines work.
    known_networks: KnownNetwork told apart by principal, cidr, place, country;
    /// VPC endpoints through which the own machines work.
    known_endpoints: KnownEndpoint told apart by vpc_endpoint_id;
    /// Principals that are programs.
    automations: Automation told apart by principal;
    /// Federated subjects that may take a role.
    trusted_subjects: TrustedSubject told apart by provider, subject, role;
    /// Sensitive, break-glass and decoy roles.
    special_roles: SpecialRole told apart by role, allowed_caller;
    /// How long sessions may be.
    session_ceilings: SessionCeiling told apart by role;
    /// Who may take what.
    trusted_edges: TrustedEdge told apart by from_principal, to_principal;
    /// Programs that open consoles for people.
    portals: Portal told apart by principal, user_agent;
    /// Clients that deserve attention, or none.
    marked_clients: MarkedClient told apart by user_agent;
    /// APIs whose calls tell nothing.
    quiet_apis: QuietApi told apart by api;
}

/// A column as a word; what is not there is the empty word, which no column holds.
fn word(column: &(impl Clone + Into<Option<String>>)) -> String {
    column.clone().into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rolecall_model::KNOWN_TABLES;

    use super::*;

    #[test]
    fn every_known_table_is_visited_in_order() {
        struct Names(Vec<&'static str>);
        impl Visit for Names {
            fn rows<R: Row>(&mut self, _: &[R]) {
                self.0.push(R::TABLE.name);
            }
        }
        let mut names = Names(Vec::new());
        Tables::default().visit(&mut names);
        assert_eq!(names.0, KNOWN_TABLES.map(|table| table.name));
    }
}
