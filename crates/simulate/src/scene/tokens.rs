//! Credentials that are no role's: tokens for users, and the root of members.

use std::sync::Arc;

use crate::account::{Account, User};
use crate::answer::endpoint;
use crate::caller::Caller;
use crate::place::Place;
use crate::record::{Told, quote, region_of};
use crate::scene::Scene;

impl Scene<'_> {
    /// A user exchanges the long-term key for a session, with MFA if a device is given.
    pub(crate) fn session_token(
        &mut self,
        at: i64,
        user: &User,
        place: &Place,
        seconds: Option<i64>,
        serial: &str,
    ) -> Caller {
        let until = at + seconds.unwrap_or(43_200);
        let (key, credentials) = self.credentials(&user.account, until, true);
        let asked = seconds.map(|seconds| format!(r#""durationSeconds":{seconds}"#));
        let device = (!serial.is_empty()).then(|| format!(r#""serialNumber":"{serial}""#));
        let members: Vec<String> = asked.into_iter().chain(device).collect();
        let request = if members.is_empty() {
            "null".to_owned()
        } else {
            format!("{{{}}}", members.join(","))
        };
        let response = format!("{{{credentials}}}");
        let caller = Caller::user(user);
        let mut told = Told::call(at, &caller, place, "sts", "GetSessionToken");
        (told.request, told.response, told.reads) = (&request, &response, false);
        told.additional = endpoint(place);
        self.tell(&user.account, &told, region_of("sts", place));
        Caller::user_session(user, key, at, until, !serial.is_empty())
    }

    /// A user makes a federated session, whose rights a policy narrows.
    pub(crate) fn federation_token(
        &mut self,
        at: i64,
        user: &User,
        place: &Place,
        name: &str,
        policy: &str,
        seconds: Option<i64>,
    ) -> Caller {
        let until = at + seconds.unwrap_or(43_200);
        let (key, credentials) = self.credentials(&user.account, until, true);
        let asked =
            seconds.map_or_else(String::new, |seconds| format!(r#","durationSeconds":{seconds}"#));
        let policy = quote(policy);
        let request = format!(r#"{{"name":"{name}","policy":{policy}{asked}}}"#);
        let number = &user.account.number;
        let response = format!(
            r#"{{{credentials},"federatedUser":{{"federatedUserId":"{number}:{name}","arn":"arn:aws:sts::{number}:federated-user/{name}"}},"packedPolicySize":5}}"#
        );
        let caller = Caller::user(user);
        let mut told = Told::call(at, &caller, place, "sts", "GetFederationToken");
        (told.request, told.response, told.reads) = (&request, &response, false);
        told.additional = endpoint(place);
        self.tell(&user.account, &told, region_of("sts", place));
        Caller::federated(user, name, key, at, until)
    }

    /// Takes a member account's root for one task; later calls are told by the member account.
    pub(crate) fn assume_root(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        member: &Arc<Account>,
        task: &str,
    ) -> Caller {
        let (key, credentials) = self.credentials(member, at + 900, true);
        let target = &member.number;
        let request = format!(
            r#"{{"targetPrincipal":"{target}","taskPolicyArn":{{"arn":"arn:aws:iam::aws:policy/root-task/{task}"}},"durationSeconds":900}}"#
        );
        let response = format!("{{{credentials}}}");
        let mut told = Told::call(at, who, place, "sts", "AssumeRoot");
        (told.request, told.response, told.reads) = (&request, &response, false);
        told.additional = endpoint(place);
        self.tell(&who.account, &told, region_of("sts", place));
        Caller::root(member, key, at, false).with(|root| {
            root.until = at + 900;
            root.context = r#","assumedRoot":"true""#.to_owned();
        })
    }
}
