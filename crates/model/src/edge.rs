//! Who enters what: the baseline for "never seen before".

use crate::Time;

crate::table! {
    /// One row per day, root principal and pair of principals between which a session was issued.
    Edge is "edge" by first_at, sorted ["root_principal", "to_principal"], bloom [];
    /// Who is at the start of the lineage.
    root_principal: String,
    /// The account of the root.
    root_account_id: Option<String>,
    /// Who asked for the session.
    from_principal: String,
    /// The account of who asked.
    from_account_id: Option<String>,
    /// Whose session was issued.
    to_principal: String,
    /// The account of that session.
    to_account_id: Option<String>,
    /// How it was issued, such as AssumeRole.
    issued_by: String,
    /// Sessions issued that day.
    sessions: i64,
    /// The smallest depth among them.
    min_depth: i64,
    /// The largest depth among them.
    max_depth: i64,
    /// How many of them came with an external id.
    with_external_id: i64,
    /// The longest lifetime granted among them, in seconds.
    longest_seconds: Option<i64>,
    /// The longest time from an issuance to the first call, in seconds.
    slowest_first_use_seconds: Option<i64>,
    /// The services in which they changed something, such as iam, separated by blanks; at most 32.
    changed_services: Option<String>,
    /// The first of them.
    first_at: Time,
    /// The last of them.
    last_at: Time,
}
