//! The page of a credential: a session by its key or id, or a key that was seen in use.

use futures::try_join;
use rolecall_model::{Time, Window, key};
use rolecall_report::live::{Listed, Sheet};
use serde::Deserialize;
use serde_json::Value;

use super::uses::{grown, uses};
use super::{Page, facts, line, long_term};
use crate::asked::Asked;
use crate::look::{list, text};
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Who used a key, as the lookup `key_use` has it.
#[derive(Deserialize)]
struct Use {
    principal: String,
    principal_id: Option<String>,
    session_created_at: Option<String>,
}

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let id = asked.needed("id")?;
    if key::is_long_term(&id) {
        return long_term::page(sight, &id).await.map(Page::from);
    }
    let own = match sight.sessions("session_by_key", sight.all(), &id).await?.pop() {
        Some(own) => Some(own),
        None => sight.session_of_id(&id).await?,
    };
    match own {
        Some(own) => session(sight, own, &id).await.map(Page::from),
        None => seen_in_use(sight, &id).await.map(Page::from),
    }
}

/// The page of a session. `id` is what was asked for: its key, one of the keys seen in it, or its id.
async fn session(sight: &Sight, own: Listed, id: &str) -> Result<Sheet, Trouble> {
    let created = Window { from: own.created_at, until: own.created_at.plus_seconds(1) };
    let last =
        [own.last_used_at, own.expires_at].into_iter().flatten().max().unwrap_or(own.created_at);
    let used = Window { from: own.created_at.hour(), until: last.plus_seconds(3601) };
    let mut keys: Vec<String> =
        own.keys_seen.iter().flat_map(|keys| keys.split_whitespace()).map(str::to_owned).collect();
    keys.extend(own.issued_key.clone().filter(|key| !keys.contains(key)));
    if id != own.session_id && !keys.iter().any(|key| key == id) {
        keys.push(id.to_owned());
    }
    let given = list(keys.iter().map(String::as_str));
    let what = [("what", text(&own.session_id))];
    let key =
        own.issued_key.as_deref().or(keys.first().map(String::as_str)).unwrap_or(&own.session_id);
    let issued = own.issue_event_ids.as_deref().and_then(|ids| ids.split_whitespace().next());
    let also: Vec<&str> = own.session_arn.as_deref().into_iter().collect();
    let (known, lineage, findings, hours, tables) = try_join!(
        sight.table("session_facts", "", created, &what),
        line::of_session(sight, own.clone()),
        sight.findings(key, &own.session_id, &also, issued),
        sight.hours(used, &given),
        uses(sight, used, &given),
    )?;
    let mut notes = Vec::new();
    if keys.is_empty() {
        notes.push(
            "No key of this session is in the lake, so that its uses cannot be told apart."
                .to_owned(),
        );
    } else if id != own.session_id && own.issued_key.as_deref() != Some(id) {
        notes.push(
            "The lake does not hold the issuance of this key; it was seen in this session."
                .to_owned(),
        );
    }
    let name = own.session_name.as_deref().map(|name| format!(" as {name}")).unwrap_or_default();
    Ok(Sheet {
        kind: "Credential".to_owned(),
        name: key.to_owned(),
        about: format!("A session of {}{name}.", own.principal),
        facts: facts(&known),
        lineage: Some(lineage),
        findings: Some(findings),
        hours,
        tables,
        more: vec![grown(key)],
        notes,
    })
}

/// A key that no issuance tells of: by the session that used it.
async fn seen_in_use(sight: &Sight, id: &str) -> Result<Sheet, Trouble> {
    let unknown = || Trouble::Unknown {
        what: format!("credential or session `{id}`"),
        looked: format!("the keys and ids of {}", sight.scope()),
    };
    let users: Vec<Use> = sight.values("key_use", sight.all(), &[("what", text(id))]).await?;
    for user in &users {
        let (Some(principal_id), Some(at)) = (&user.principal_id, &user.session_created_at) else {
            continue;
        };
        let Ok(at) = at.parse::<Time>() else { continue };
        let second = Window { from: at, until: at.plus_seconds(1) };
        let found = sight.sessions("session_by_principal_id", second, principal_id).await?;
        let holds = |session: &&Listed| {
            session.keys_seen.iter().any(|keys| keys.split_whitespace().any(|key| key == id))
        };
        // Of several that began in the same second and do not show it, none is the one.
        let only = if found.len() == 1 { found.first() } else { None };
        if let Some(own) = found.iter().find(holds).or(only).cloned() {
            return session(sight, own, id).await;
        }
    }
    let user = users.first().ok_or_else(unknown)?;
    let given = list([id]);
    let span = sight.all();
    let (findings, hours, tables) = try_join!(
        sight.findings(id, id, &[], None),
        sight.hours(span, &given),
        uses(sight, span, &given)
    )?;
    Ok(Sheet {
        kind: "Credential".to_owned(),
        name: id.to_owned(),
        about: format!("A key that {} used, of a session that is not in the lake.", user.principal),
        facts: vec![("principal".to_owned(), Value::from(user.principal.as_str()))],
        findings: Some(findings),
        hours,
        tables,
        ..Sheet::default()
    })
}
