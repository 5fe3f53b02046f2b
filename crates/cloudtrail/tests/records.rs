//! What the columns of `event` and `usage` hold, action by action.

mod common;

use common::{assume_role, read, record, records};
use rolecall_model::{Event, Row, Sink, Time};
use serde_json::{Value, json};

/// Some columns of an event as text: `column=value` where it is not NULL.
struct Columns<'a>(&'a [&'a str], Vec<String>);

impl Columns<'_> {
    fn add(&mut self, at: usize, value: Option<String>) {
        let name = Event::TABLE.columns[at].name;
        if let (true, Some(value)) = (self.0.contains(&name), value) {
            self.1.push(format!("{name}={value}"));
        }
    }
}

impl Sink for Columns<'_> {
    fn text(&mut self, at: usize, value: Option<&str>) {
        self.add(at, value.map(str::to_owned));
    }
    fn long(&mut self, at: usize, value: Option<i64>) {
        self.add(at, value.map(|v| v.to_string()));
    }
    fn flag(&mut self, at: usize, value: Option<bool>) {
        self.add(at, value.map(|v| v.to_string()));
    }
    fn time(&mut self, at: usize, value: Option<Time>) {
        self.add(at, value.map(|v| v.to_string()));
    }
    fn bytes(&mut self, _: usize, _: Option<&[u8]>) {}
}

const ISSUANCE: [&str; 20] = [
    "succeeded",
    "role_arn",
    "role_session_name",
    "duration_seconds",
    "external_id",
    "provider_arn",
    "target_principal",
    "task_policy_arn",
    "has_session_policy",
    "issued_access_key_id",
    "expires_at",
    "issued_principal_id",
    "issued_arn",
    "subject",
    "issuer",
    "audience",
    "packed_policy_size",
    "switched_from",
    "mfa_used",
    "source_identity",
];

fn check(record: Value, columns: &[&str], expected: &str) {
    let (reading, batch) = read(&records(std::slice::from_ref(&record)));
    assert_eq!((reading.kept, batch.events.len()), (1, 1), "{reading:?} {:?}", batch.rejected);
    let mut seen = Columns(columns, Vec::new());
    batch.events[0].1.put(&mut seen);
    assert_eq!(seen.1.join(" "), expected, "{record}");
}

fn sts(name: &str, request: Value, response: Value) -> Value {
    record(
        json!({"eventSource": "sts.amazonaws.com", "eventName": name, "requestParameters": request, "responseElements": response}),
    )
}

#[test]
fn every_way_to_issue_a_credential() {
    let role = "arn:aws:iam::111111111111:role/team/build";
    let credentials = json!({"accessKeyId": "ASIAEXAMPLE", "expiration": "Mar 10, 2026 1:00:00 PM", "sessionToken": "x"});
    let issued = "issued_access_key_id=ASIAEXAMPLE expires_at=2026-03-10T13:00:00Z";
    let session = "issued_arn=arn:aws:sts::111111111111:assumed-role/build/run-7";
    check(
        assume_role(),
        &ISSUANCE,
        &format!(
            "succeeded=true role_arn={role} role_session_name=run-7 duration_seconds=900 external_id=x-1 has_session_policy=false issued_access_key_id=ASIAEXAMPLE expires_at=2026-03-10T12:15:00Z issued_principal_id=AROAEXAMPLE:run-7 {session} packed_policy_size=6"
        ),
    );
    // Services leave assumedRoleUser out: the ARN follows from the request, the id does not.
    check(
        sts(
            "AssumeRole",
            json!({"roleArn": role, "roleSessionName": "run-7"}),
            json!({"credentials": credentials}),
        ),
        &ISSUANCE,
        &format!(
            "succeeded=true role_arn={role} role_session_name=run-7 has_session_policy=false {issued} {session}"
        ),
    );
    let mut denied = sts("AssumeRole", json!(null), json!(null));
    denied["errorCode"] = "AccessDenied".into();
    denied["errorMessage"] = format!("User: arn:aws:iam::111111111111:user/ann is not authorized to perform: sts:AssumeRole on resource: {role} because no identity-based policy allows it").into();
    check(denied, &ISSUANCE, &format!("succeeded=false role_arn={role}"));
    check(
        sts(
            "AssumeRoleWithSAML",
            json!({"roleArn": role, "roleSessionName": "ann", "principalArn": "arn:aws:iam::111111111111:saml-provider/P", "sAMLAssertionID": "_1"}),
            json!({"credentials": credentials, "subject": "ann", "issuer": "https://idp.example", "audience": "https://signin.aws.amazon.com/saml"}),
        ),
        &ISSUANCE,
        &format!(
            "succeeded=true role_arn={role} role_session_name=ann provider_arn=arn:aws:iam::111111111111:saml-provider/P has_session_policy=false {issued} issued_arn=arn:aws:sts::111111111111:assumed-role/build/ann subject=ann issuer=https://idp.example audience=https://signin.aws.amazon.com/saml"
        ),
    );
    check(
        sts(
            "AssumeRoleWithWebIdentity",
            json!({"roleArn": role, "roleSessionName": "run-7", "policy": "{}"}),
            json!({"credentials": credentials, "subjectFromWebIdentityToken": "repo:o/r", "provider": "p", "audience": "a"}),
        ),
        &ISSUANCE,
        &format!(
            "succeeded=true role_arn={role} role_session_name=run-7 has_session_policy=true {issued} {session} subject=repo:o/r issuer=p audience=a"
        ),
    );
    check(
        sts(
            "AssumeRoot",
            json!({"targetPrincipal": "222222222222", "taskPolicyArn": {"arn": "arn:aws:iam::aws:policy/root-task/T"}}),
            json!({"credentials": credentials, "sourceIdentity": "ann"}),
        ),
        &ISSUANCE,
        &format!(
            "succeeded=true source_identity=ann target_principal=222222222222 task_policy_arn=arn:aws:iam::aws:policy/root-task/T has_session_policy=false {issued}"
        ),
    );
    check(
        sts(
            "GetFederationToken",
            json!({"name": "f"}),
            json!({"credentials": credentials, "federatedUser": {"federatedUserId": "111111111111:f", "arn": "arn:aws:sts::111111111111:federated-user/f"}}),
        ),
        &ISSUANCE,
        &format!(
            "succeeded=true has_session_policy=false {issued} issued_principal_id=111111111111:f issued_arn=arn:aws:sts::111111111111:federated-user/f"
        ),
    );
    check(
        sts("GetSessionToken", json!(null), json!({"credentials": credentials})),
        &ISSUANCE,
        &format!("succeeded=true {issued}"),
    );
    check(sts("GetCallerIdentity", json!(null), json!(null)), &ISSUANCE, "succeeded=true");
    check(
        record(
            json!({"eventSource": "iam.amazonaws.com", "eventName": "CreateAccessKey", "readOnly": false, "responseElements": {"accessKey": {"accessKeyId": "AKIANEW"}}}),
        ),
        &ISSUANCE,
        "succeeded=true issued_access_key_id=AKIANEW",
    );
    check(
        record(
            json!({"eventSource": "rolesanywhere.amazonaws.com", "eventName": "CreateSession", "readOnly": false, "responseElements": {"credentialSet": [{"credentials": credentials}]}}),
        ),
        &ISSUANCE,
        &format!("succeeded=true {issued}"),
    );
}

#[test]
fn sign_ins_say_themselves_whether_they_succeeded() {
    for (changes, expected) in [
        (
            json!({"responseElements": {"ConsoleLogin": "Success"}, "additionalEventData": {"MFAUsed": "Yes"}}),
            "succeeded=true mfa_used=true",
        ),
        (
            json!({"responseElements": {"ConsoleLogin": "Failure"}, "errorMessage": "Failed authentication"}),
            "succeeded=false",
        ),
        (
            json!({"responseElements": {"SwitchRole": "Success"}, "additionalEventData": {"SwitchFrom": "arn:aws:iam::111111111111:user/ann"}}),
            "succeeded=true switched_from=arn:aws:iam::111111111111:user/ann",
        ),
        (json!({"additionalEventData": {"success": "false"}}), "succeeded=false"),
        (json!({"serviceEventDetails": {"CredentialVerification": "Failure"}}), "succeeded=false"),
        (json!({"serviceEventDetails": {"UserAuthentication": "Success"}}), "succeeded=true"),
        (
            json!({"responseElements": {"GetSigninToken": "Success", "credentials": {"accessKeyId": "ASIAEXAMPLE"}}}),
            "succeeded=true issued_access_key_id=ASIAEXAMPLE",
        ),
    ] {
        let mut signin = record(
            json!({"eventSource": "signin.amazonaws.com", "eventName": "X", "eventType": "AwsConsoleSignIn"}),
        );
        signin.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        check(signin, &ISSUANCE, expected);
    }
}

#[test]
fn service_events_keep_their_details() {
    check(
        record(
            json!({"eventSource": "sso.amazonaws.com", "eventName": "GetRoleCredentials", "serviceEventDetails": {"role_name": "R", "account_id": "111111111111"}}),
        ),
        &["additional_event_data", "tls_host", "request_parameters"],
        r#"additional_event_data={"serviceEventDetails":{"role_name":"R","account_id":"111111111111"}}"#,
    );
}

#[test]
fn a_call_is_counted_once_per_record_by_what_makes_its_row() {
    let at = |minute: u8, id: &str, changes: Value| {
        let mut all = record(changes);
        all["eventTime"] = format!("2026-03-10T12:{minute:02}:00Z").into();
        all["eventID"] = id.into();
        all
    };
    let (_, batch) = read(&records(&[
        at(1, "a", json!({})),
        at(59, "b", json!({})),
        at(2, "c", json!({"errorCode": "AccessDenied"})),
        at(3, "d", json!({"sourceIPAddress": "192.0.2.2"})),
        at(4, "a", json!({})),
    ]));
    assert_eq!((batch.uses.len(), batch.uses.groups()), (5, 3));
    let keys: std::collections::HashSet<u64> =
        batch.uses.into_groups().flat_map(|group| group.events).map(|(key, _)| key).collect();
    assert_eq!(keys.len(), 5, "one id at two times is two events");
}

#[test]
fn a_failed_sign_in_is_no_call_that_succeeded() {
    let signin = |message: Value| {
        record(
            json!({"eventSource": "signin.amazonaws.com", "eventName": "ConsoleLogin", "errorMessage": message}),
        )
    };
    let (_, batch) = read(&records(&[signin(json!(null)), signin("Failed authentication".into())]));
    let errors: Vec<Option<String>> =
        batch.uses.into_groups().map(|group| group.row.error_code).collect();
    assert_eq!(errors, [None, Some("Failed authentication".to_owned())]);
}

#[test]
fn the_event_key_is_stable() {
    let (_, batch) = read(&records(&[assume_role()]));
    let parts = ["111111111111", "e-1", "2026-03-10T12:00:00Z", "sts.amazonaws.com", "AssumeRole"];
    assert_eq!(batch.events[0].0, rolecall_model::hash::of(parts.map(str::as_bytes)));
    // Old records do not name the receiving account: the caller's is taken, for key and column.
    let mut old = assume_role();
    old.as_object_mut().unwrap().remove("recipientAccountId");
    let (_, again) = read(&records(&[old]));
    assert_eq!(again.events[0].0, batch.events[0].0);
    assert_eq!(again.events[0].1.recipient_account_id.as_deref(), Some("111111111111"));
}
