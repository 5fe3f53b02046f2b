//! Search: what has a page of its own is shown there; names give lists.

use std::net::IpAddr;

use futures::try_join;
use rolecall_model::{arn, key};
use rolecall_report::live::{Sheet, about_key, about_principal, encoded};

use super::Page;
use super::principal::DAYS;
use crate::asked::Asked;
use crate::look::text;
use crate::sight::Sight;
use crate::trouble::Trouble;

/// What a text can be, by its shape alone.
#[derive(Debug, PartialEq)]
enum Sought {
    Key,
    Account,
    Address,
    /// An ARN that is no session's.
    Principal,
    Name,
}

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let sought = asked.get("q").map(str::trim).unwrap_or_default();
    if sought.is_empty() {
        return Ok(Page::At("/".to_owned()));
    }
    let sought = asked.needed("q")?;
    if asked.get("as") == Some("name") {
        return named(sight, asked, &sought).await;
    }
    match shape(&sought) {
        Sought::Key => Ok(Page::At(about_key(&sought))),
        Sought::Account => Ok(Page::At(format!("/account?id={sought}"))),
        Sought::Address => Ok(Page::At(format!("/address?id={}", encoded(&sought)))),
        Sought::Principal => Ok(Page::At(about_principal(&sought))),
        Sought::Name => named(sight, asked, &sought).await,
    }
}

async fn named(sight: &Sight, asked: &Asked, sought: &str) -> Result<Page, Trouble> {
    let before = asked.instant("before")?;
    let what = [("what", text(sought))];
    let title = format!("Principals of the last {DAYS} days whose name holds it");
    let (own, sessions, principals) = try_join!(
        sight.session_of_id(sought),
        sight.newest(
            "sessions_named",
            "Sessions of this name, ARN, unique id, subject or source identity",
            before,
            &what
        ),
        sight.table("principals_named", &title, sight.last_days(DAYS), &what),
    )?;
    if let Some(own) = own {
        return Ok(Page::At(about_key(&own.session_id)));
    }
    let found = sessions.rows.rows.len() + principals.rows.len();
    if found == 0 && sessions.further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("session or principal named `{sought}`"),
            looked: format!(
                "the names and ids of {}, and the principals of {DAYS} days",
                sight.scope()
            ),
        });
    }
    let older = |at| {
        (
            "Look further back".to_owned(),
            format!("/search?as=name&q={}&before={at}", encoded(sought)),
        )
    };
    Ok(Sheet {
        kind: "Search".to_owned(),
        name: sought.to_owned(),
        about: match found {
            0 => "Nothing so far.".to_owned(),
            _ => String::new(),
        },
        tables: vec![principals, sessions.rows],
        more: sessions.further.map(older).into_iter().collect(),
        ..Sheet::default()
    }
    .into())
}

fn shape(sought: &str) -> Sought {
    let ip = sought.split_once('/').map_or(sought, |(ip, _)| ip);
    if (key::is_long_term(sought) || key::is_temporary(sought)) && key::is_whole(sought) {
        Sought::Key
    } else if arn::is_account(sought) {
        Sought::Account
    } else if ip.parse::<IpAddr>().is_ok() {
        Sought::Address
    } else if arn::Arn::parse(sought).is_some() && arn::session_name(sought).is_none() {
        Sought::Principal
    } else {
        Sought::Name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_shape() {
        for (text, expected) in [
            ("ASIAQAAAAAAAAAAAAAAA", Sought::Key),
            ("AKIAQAAAAAAAAAAAAAAA", Sought::Key),
            ("ASIAsession", Sought::Name),
            ("222222222222", Sought::Account),
            ("2222", Sought::Name),
            ("203.0.113.77", Sought::Address),
            ("2001:db8::1", Sought::Address),
            ("203.0.113.0/24", Sought::Address),
            ("arn:aws:iam::222222222222:role/build", Sought::Principal),
            ("arn:aws:sts::222222222222:assumed-role/build/run-7", Sought::Name),
            ("nightly-build", Sought::Name),
            ("<script>", Sought::Name),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
