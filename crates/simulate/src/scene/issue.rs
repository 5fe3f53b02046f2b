//! Credentials handed out by STS: AssumeRole by people and services, tokens for users.

use crate::account::{Account, Role};
use crate::answer::{denial, endpoint};
use crate::caller::{Caller, Of};
use crate::clock::java;
use crate::place::Place;
use crate::record::{Told, quote, region_of};
use crate::scene::Scene;

/// What an AssumeRole asks for beside role and name. Empty texts are left out.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ask<'a> {
    pub(crate) seconds: Option<i64>,
    pub(crate) external_id: &'a str,
    pub(crate) source_identity: &'a str,
    pub(crate) serial: &'a str,
    pub(crate) policy: &'a str,
    pub(crate) tags: &'a [(&'a str, &'a str)],
    /// Whether somebody keeps the caller's copy out of the trail.
    pub(crate) hides_caller: bool,
}

/// What an AWS service asks for when it takes a role for a workload.
#[derive(Clone, Copy, Default)]
pub(crate) struct HandOut<'a> {
    /// The lifetime asked for, in seconds.
    pub(crate) asked: Option<i64>,
    /// Whether the response leaves `assumedRoleUser` out.
    pub(crate) without_user: bool,
    pub(crate) tags: &'a [(&'a str, &'a str)],
    pub(crate) external_id: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) region: Option<&'static str>,
}

impl Scene<'_> {
    /// Text of `credentials` with a new key, which it returns.
    pub(crate) fn credentials(
        &mut self,
        account: &Account,
        until: i64,
        comma: bool,
    ) -> (String, String) {
        let key = self.new_key(account);
        // As long as tokens are, so that readers have as much to skip.
        let token = self.dice.letters(372);
        let expires = java(until, comma);
        let text = format!(
            r#""credentials":{{"accessKeyId":"{key}","sessionToken":"EXAMPLETOKEN{token}","expiration":"{expires}"}}"#
        );
        (key, text)
    }

    /// Takes a role. Into another account that leaves a copy there too, which does not say who called.
    pub(crate) fn assume(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        role: &Role,
        name: &str,
        ask: Ask<'_>,
    ) -> Caller {
        let until = at + ask.seconds.unwrap_or(3600);
        let (key, credentials) = self.credentials(&role.account, until, true);
        let source_identity =
            if ask.source_identity.is_empty() { &who.source_identity } else { ask.source_identity };
        let given = Caller::role(role, name, key, at, until).with(|session| {
            session.source_identity = source_identity.to_owned();
            session.mfa = !ask.serial.is_empty() || matches!(who.of, Of::UserSession(_)) && who.mfa;
        });
        let request = request(role, name, &ask);
        let source = member("sourceIdentity", source_identity);
        let packed = if ask.tags.is_empty() { "" } else { r#","packedPolicySize":12"# };
        let response = format!("{{{credentials},{}{source}{packed}}}", user_of(role, name));
        let (resource, region) = (role.resource(), region_of("sts", place));
        let (shared, request_id) = (self.dice.uuid(4), self.dice.uuid(4));
        let crosses = role.account.number != who.account.number;
        let mut told = Told::call(at, who, place, "sts", "AssumeRole");
        (told.request, told.response, told.resources) = (&request, &response, &resource);
        (told.additional, told.request_id) = (endpoint(place), &request_id);
        told.console = false;
        if crosses {
            told.shared = &shared;
        }
        if !ask.hides_caller {
            self.tell(&who.account, &told, region);
        }
        if crosses {
            let foreign = who.seen_from_outside();
            (told.identity, told.named_id) = (&foreign, true);
            told.account = &role.account.number;
            self.tell(&role.account, &told, region);
        }
        given
    }

    /// Is refused a role: the record is the caller's alone, and names the role only in its message.
    pub(crate) fn assume_denied(&mut self, at: i64, who: &Caller, place: &Place, role_arn: &str) {
        let (code, message) = denial(&who.arn, "sts", "AssumeRole", role_arn);
        let mut told = Told::call(at, who, place, "sts", "AssumeRole");
        (told.error, told.additional) = (Some((code, message.as_str())), endpoint(place));
        told.console = false;
        self.tell(&who.account, &told, region_of("sts", place));
    }

    /// An AWS service takes a role: named event id, and a shared id although there is one copy.
    pub(crate) fn hand_out(
        &mut self,
        at: i64,
        service: &str,
        role: &Role,
        name: &str,
        seconds: i64,
        how: HandOut<'_>,
    ) -> Caller {
        let host = format!("{service}.amazonaws.com");
        let (key, credentials) =
            self.credentials(&role.account, at + seconds, service != "cloudtrail");
        let given = Caller::role(role, name, key, at, at + seconds);
        let ask = Ask {
            seconds: how.asked,
            external_id: how.external_id,
            tags: how.tags,
            ..Ask::default()
        };
        let request = request(role, name, &ask);
        let response = if how.without_user {
            format!("{{{credentials}}}")
        } else {
            let packed = if how.tags.is_empty() { "" } else { r#","packedPolicySize":56"# };
            format!("{{{credentials},{}{packed}}}", user_of(role, name))
        };
        let (caller, mut place) = (Caller::service(&role.account, &host), Place::service(&host));
        place.region = how.region.unwrap_or(role.account.region);
        let (resource, shared) = (role.resource(), self.dice.uuid(4));
        let mut told = Told::call(at, &caller, &place, "sts", "AssumeRole");
        (told.request, told.response, told.resources) = (&request, &response, &resource);
        (told.shared, told.named_id, told.request_id) = (&shared, true, how.request_id);
        self.tell(&role.account, &told, place.region);
        given
    }
}

/// The text of the session that an issuance names.
pub(crate) fn user_of(role: &Role, name: &str) -> String {
    let (id, arn) = (&role.id, role.session_arn(name));
    format!(r#""assumedRoleUser":{{"assumedRoleId":"{id}:{name}","arn":"{arn}"}}"#)
}

fn member(name: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(r#","{name}":{}"#, quote(value)) }
}

fn request(role: &Role, name: &str, ask: &Ask<'_>) -> String {
    let mut text = format!(r#"{{"roleArn":"{}","roleSessionName":"{name}""#, role.arn);
    if let Some(seconds) = ask.seconds {
        text.push_str(&format!(r#","durationSeconds":{seconds}"#));
    }
    text.push_str(&member("externalId", ask.external_id));
    text.push_str(&member("sourceIdentity", ask.source_identity));
    text.push_str(&member("serialNumber", ask.serial));
    text.push_str(&member("policy", ask.policy));
    if !ask.tags.is_empty() {
        let tags =
            ask.tags.iter().map(|(key, value)| format!(r#"{{"key":"{key}","value":"{value}"}}"#));
        let keys = ask.tags.iter().map(|(key, _)| format!("\"{key}\""));
        let (tags, keys): (Vec<String>, Vec<String>) = (tags.collect(), keys.collect());
        let (tags, keys) = (tags.join(","), keys.join(","));
        text.push_str(&format!(r#","tags":[{tags}],"transitiveTagKeys":[{keys}]"#));
    }
    text.push('}');
    text
}
