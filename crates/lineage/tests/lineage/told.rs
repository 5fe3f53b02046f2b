//! The people, roles and keys of the stories, and how their ends are read.

use rolecall_model::Session;

use crate::common::*;

pub(crate) const K1: &str = "ASIAAAAAAAAAAAAAAAA1";
pub(crate) const K2: &str = "ASIAAAAAAAAAAAAAAAA2";
pub(crate) const K3: &str = "ASIAAAAAAAAAAAAAAAA3";
pub(crate) const K4: &str = "ASIAAAAAAAAAAAAAAAA4";
pub(crate) const BOB: By = By::User("BOB");
pub(crate) const EC2: By = By::Service("ec2.amazonaws.com");

pub(crate) fn a() -> String {
    role(1, "a")
}

pub(crate) fn b() -> String {
    role(2, "b")
}

/// A call of session `name` of `role` that was created at `second`, signed with `key`.
pub(crate) fn by(role: &str, name: &str, key: &str, second: i64) -> By {
    By::Session(role.to_owned(), name.to_owned(), text(key), second)
}

pub(crate) fn all(facts: impl IntoIterator<Item = Fact>) -> Vec<Session> {
    run(Vec::new(), &facts.into_iter().collect::<Vec<_>>())
}

pub(crate) fn keyed<'a>(rows: &'a [Session], key: &str) -> &'a Session {
    rows.iter().find(|row| row.issued_key.as_deref() == Some(key)).expect("the key has a row")
}

pub(crate) fn word(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("-")
}
