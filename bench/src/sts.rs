//! Calls of STS: who takes which role, who asks who he is, and who is refused.

use crate::dice::Dice;
use crate::identity::{Account, Caller, Kind, Role};
use crate::record::{Told, date, iso, text};

/// One STS record of `account`; an issuance adds its session to the account's.
pub(crate) fn call(account: &mut Account, region: &str, time: i64, dice: &mut Dice) -> String {
    match dice.below(10) {
        0 => refused(account, region, time, dice),
        1 | 2 => who_am_i(account, region, time, dice),
        _ => issue(account, region, time, dice),
    }
}

/// A role is taken: by a service, a person or a build, as the role is made for.
pub(crate) fn issue(account: &mut Account, region: &str, time: i64, dice: &mut Dice) -> String {
    let role = dice.pick(&account.roles).clone();
    let number = account.number;
    let user = dice.pick(&account.users).clone();
    let (key, id) = (dice.unique_id("ASIA", number), dice.hex(17));
    let day = date(time, "%Y%m%d%H%M%S");
    let (name, seconds) = match role.kind {
        Kind::Instance => (format!("i-{id}"), 22_000),
        Kind::Function => (format!("awslambda_{}_{day}123", dice.below(900) + 100), 7_200),
        Kind::Service => ("AWSConfig-Describe".to_owned(), 3_600),
        Kind::Person => (format!("person-{}@example.com", dice.below(40)), 43_200),
        Kind::Build => ("GitHubActions".to_owned(), 3_600),
    };
    let record = issuance(&role, &user, number, region, time, &name, &key, seconds, dice);
    // Functions and people are seen later with a key that STS never showed; functions by their own name.
    let (used_name, used_key) = match role.kind {
        Kind::Function => ("orders".to_owned(), dice.unique_id("ASIA", number)),
        Kind::Person => (name, dice.unique_id("ASIA", number)),
        _ => (name, key),
    };
    let session = role.session(number, &used_name, &used_key, &iso(time), time + seconds, dice);
    if account.sessions.len() == 64 {
        account.sessions.remove(0);
    }
    account.sessions.push(session);
    record
}

#[expect(clippy::too_many_arguments, reason = "they are the members of one record")]
fn issuance(
    role: &Role,
    user: &Caller,
    account: u64,
    region: &str,
    time: i64,
    name: &str,
    key: &str,
    seconds: i64,
    dice: &mut Dice,
) -> String {
    let arn = role.arn(account);
    let expires = date(time + seconds, "%b %-d, %Y, %-I:%M:%S %p");
    // As long as a real token, so that parsers have as much to skip.
    let credentials = format!(
        r#""credentials":{{"accessKeyId":"{key}","sessionToken":"EXAMPLETOKEN{}","expiration":"{expires}"}}"#,
        dice.letters(600)
    );
    let taken = format!(
        r#","assumedRoleUser":{{"assumedRoleId":"{}:{name}","arn":"{}"}}"#,
        role.id,
        role.session_arn(account, name)
    );
    let resources = format!(
        r#","resources":[{{"accountId":"{account:012}","type":"AWS::IAM::Role","ARN":"{arn}"}}]"#
    );
    let mut request = format!(r#"{{"roleArn":"{arn}","roleSessionName":"{name}"}}"#);
    let mut response = format!("{{{credentials}{taken}}}");
    let mut told = Told {
        identity: "",
        time,
        source: "sts",
        name: "AssumeRole",
        region,
        ip: "",
        agent: "",
        error: None,
        request: "",
        response: "",
        more: &resources,
        reads: true,
        account,
        copy: false,
    };
    let identity;
    match role.kind {
        Kind::Instance | Kind::Function | Kind::Service => {
            let service = match role.kind {
                Kind::Instance => "ec2.amazonaws.com",
                Kind::Function => "lambda.amazonaws.com",
                _ => "config.amazonaws.com",
            };
            identity = format!(r#"{{"type":"AWSService","invokedBy":"{service}"}}"#);
            (told.ip, told.agent, told.copy) = (service, service, true);
            if role.kind != Kind::Service {
                response = format!("{{{credentials}}}");
            }
        }
        Kind::Person => {
            identity = format!(
                r#"{{"type":"SAMLUser","principalId":"RVhBTVBMRS1xdWFsaWZpZXI=:{name}","userName":"{name}","identityProvider":"RVhBTVBMRS1xdWFsaWZpZXI="}}"#
            );
            request = format!(
                r#"{{"sAMLAssertionID":"_{}","roleSessionName":"{name}","roleArn":"{arn}","principalArn":"arn:aws:iam::{account:012}:saml-provider/AWSSSO_1f3a5c7e9b2d4f60_DO_NOT_DELETE","durationSeconds":43200}}"#,
                dice.uuid(4)
            );
            response = format!(
                r#"{{{credentials}{taken},"subject":"{name}","subjectType":"persistent","issuer":"https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/RVhBTVBMRQ==","audience":"https://signin.aws.amazon.com/saml","nameQualifier":"RVhBTVBMRS1xdWFsaWZpZXI="}}"#
            );
            (told.name, told.ip) = ("AssumeRoleWithSAML", "192.0.2.20");
            told.agent = "aws-sdk-java/2.30.1 md/io#sync md/http#Apache ua/2.1 api/STS#2.30.x lang/java#17.0.14";
        }
        Kind::Build if dice.chance(50) => {
            // Taken from the build account: what reaches the role's owner does not say who called.
            identity = format!(
                r#"{{"type":"AWSAccount","principalId":"{}:GitHubActions","accountId":"222222222222"}}"#,
                dice.unique_id("AROA", 222_222_222_222)
            );
            (told.ip, told.agent, told.copy) = ("192.0.2.200", "aws-sdk-nodejs/3.744.0", true);
        }
        Kind::Build => {
            identity = user.json.clone();
            (told.ip, told.agent) = (&user.ip, user.agent);
        }
    }
    (told.identity, told.request, told.response) = (&identity, &request, &response);
    text(&told, dice)
}

fn who_am_i(account: &Account, region: &str, time: i64, dice: &mut Dice) -> String {
    let caller = if account.sessions.is_empty() {
        dice.pick(&account.users)
    } else {
        dice.pick(&account.sessions)
    };
    text(&plain(caller, account.number, region, time, "GetCallerIdentity", None), dice)
}

fn refused(account: &Account, region: &str, time: i64, dice: &mut Dice) -> String {
    let message = "User: arn:aws:iam::111111111111:user/person-1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::333333333333:role/admin because no identity-based policy allows the sts:AssumeRole action";
    let caller = dice.pick(&account.users);
    let error = Some(("AccessDenied", message));
    text(&plain(caller, account.number, region, time, "AssumeRole", error), dice)
}

fn plain<'a>(
    caller: &'a Caller,
    account: u64,
    region: &'a str,
    time: i64,
    name: &'a str,
    error: Option<(&'a str, &'a str)>,
) -> Told<'a> {
    Told {
        identity: &caller.json,
        time,
        source: "sts",
        name,
        region,
        ip: &caller.ip,
        agent: caller.agent,
        error,
        request: "null",
        response: "null",
        more: "",
        reads: true,
        account,
        copy: false,
    }
}
