//! By what an issuance, a use or a caller can be recognised as one session.

use rolecall_model::{Session, hash};

/// The hash of a text that is known; 0 stands for one that is not.
pub(crate) fn of(text: Option<&str>) -> u64 {
    match text {
        Some(text) if !text.is_empty() => hash::of([text.as_bytes()]).max(1),
        _ => 0,
    }
}

/// Key, unique id and ARN as hashes: what is compared before any text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) key: u64,
    pub(crate) id: u64,
    pub(crate) arn: u64,
    /// The ARN of a role session without the session's name; of others all of it.
    role: u64,
}

impl Name {
    pub(crate) fn new(key: Option<&str>, id: Option<&str>, arn: Option<&str>) -> Name {
        let role = arn.map(|arn| match arn.split_once(":assumed-role/") {
            Some(_) => arn.rsplit_once('/').map_or(arn, |(role, _)| role),
            None => arn,
        });
        Name { key: of(key), id: of(id), arn: of(arn), role: of(role) }
    }

    /// What the issuance alone shows of a session, without what uses taught.
    pub(crate) fn of_session(row: &Session) -> Name {
        let id =
            row.principal_id.as_deref().filter(|_| !crate::row::has_learned(row, "principal_id"));
        Name::new(row.issued_key.as_deref(), id, row.session_arn.as_deref())
    }

    /// The same session by name: equal ids, or equal ARNs if one id is unknown (EC2 and Lambda
    /// issuances show none).
    pub(crate) fn agrees(self, other: Name) -> bool {
        if self.id != 0 && other.id != 0 {
            self.id == other.id
        } else {
            self.arn != 0 && self.arn == other.arn
        }
    }

    /// Surely not the same session, whatever their keys say: masked logs show one key for all.
    ///
    /// Without ids, only another role contradicts: Lambda's issuances have session names of their
    /// own (`awslambda_291_…`), while the function's calls show its name.
    pub(crate) fn contradicts(self, other: Name) -> bool {
        if self.id != 0 && other.id != 0 {
            self.id != other.id
        } else {
            self.role != 0 && other.role != 0 && self.role != other.role
        }
    }
}

/// How a use or a call was tied to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
    Key,
    Name,
    Ambiguous,
}

impl Tie {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Tie::Key => "key",
            Tie::Name => "name and time",
            Tie::Ambiguous => "ambiguous",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Tie> {
        [Tie::Key, Tie::Name, Tie::Ambiguous].into_iter().find(|tie| tie.word() == word)
    }
}
