//! One record's text, with the members that CloudTrail writes, in its order.

use crate::caller::Caller;
use crate::clock::push_iso;
use crate::dice::Dice;
use crate::place::Place;

/// What a record says beside its ids.
#[derive(Clone)]
pub(crate) struct Told<'a> {
    /// Seconds since 1970.
    pub(crate) time: i64,
    /// The account that receives it.
    pub(crate) account: &'a str,
    pub(crate) source: &'a str,
    pub(crate) name: &'a str,
    pub(crate) region: &'a str,
    /// The text of `userIdentity`.
    pub(crate) identity: &'a str,
    pub(crate) place: &'a Place,
    /// Whether a console made the call.
    pub(crate) console: bool,
    /// Code and message; no code for a failed sign-in.
    pub(crate) error: Option<(&'a str, &'a str)>,
    pub(crate) request: &'a str,
    pub(crate) response: &'a str,
    /// The text of `additionalEventData`, if any.
    pub(crate) additional: &'a str,
    /// The entries of `resources`, if any.
    pub(crate) resources: &'a str,
    pub(crate) reads: bool,
    pub(crate) kind: Kind<'a>,
    /// The id that both accounts' copies share.
    pub(crate) shared: &'a str,
    /// Whether it is the copy of a service or role owner, whose ids are made from names.
    pub(crate) named_id: bool,
    /// The request id, if several records share it.
    pub(crate) request_id: &'a str,
}

/// The type of the event, and what only that type has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    ApiCall,
    SignIn,
    /// With the text of `serviceEventDetails`.
    Service(&'a str),
}

impl<'a> Told<'a> {
    /// A call that only reads, says nothing and succeeds.
    pub(crate) fn call(
        time: i64,
        caller: &'a Caller,
        place: &'a Place,
        source: &'a str,
        name: &'a str,
    ) -> Self {
        Told {
            time,
            account: &caller.account.number,
            source,
            name,
            region: region_of(source, place),
            identity: &caller.json,
            place,
            console: caller.console,
            error: None,
            request: "null",
            response: "null",
            additional: "",
            resources: "",
            reads: true,
            kind: Kind::ApiCall,
            shared: "",
            named_id: false,
            request_id: "",
        }
    }

    /// Writes the record; returns its event id.
    pub(crate) fn push(&self, into: &mut String, dice: &mut Dice) -> String {
        into.push_str(r#"{"eventVersion":""#);
        into.push_str(version(self.source));
        into.push_str(r#"","userIdentity":"#);
        into.push_str(self.identity);
        into.push_str(r#","eventTime":""#);
        push_iso(into, self.time);
        into.push_str(r#"","eventSource":""#);
        into.push_str(self.source);
        into.push_str(r#".amazonaws.com","eventName":""#);
        into.push_str(self.name);
        into.push_str(r#"","awsRegion":""#);
        into.push_str(self.region);
        into.push_str(r#"","sourceIPAddress":""#);
        into.push_str(&self.place.ip);
        into.push_str(r#"","userAgent":""#);
        self.place.agent.push(into, self.source, self.name);
        into.push('"');
        if let Some((code, message)) = self.error {
            if !code.is_empty() {
                member(into, "errorCode", code);
            }
            if !message.is_empty() {
                member(into, "errorMessage", message);
            }
        }
        into.push_str(r#","requestParameters":"#);
        into.push_str(self.request);
        into.push_str(r#","responseElements":"#);
        into.push_str(self.response);
        if !self.additional.is_empty() {
            into.push_str(r#","additionalEventData":"#);
            into.push_str(self.additional);
        }
        if self.kind != Kind::SignIn {
            into.push_str(r#","requestID":""#);
            if self.request_id.is_empty() {
                dice.push_uuid(into, 4);
            } else {
                into.push_str(self.request_id);
            }
            into.push('"');
        }
        let id = dice.uuid(if self.named_id { 3 } else { 4 });
        member(into, "eventID", &id);
        into.push_str(if self.reads { r#","readOnly":true"# } else { r#","readOnly":false"# });
        if !self.resources.is_empty() {
            into.push_str(r#","resources":["#);
            into.push_str(self.resources);
            into.push(']');
        }
        self.push_end(into);
        id
    }

    fn push_end(&self, into: &mut String) {
        let kind = match self.kind {
            Kind::ApiCall => "AwsApiCall",
            Kind::SignIn => "AwsConsoleSignIn",
            Kind::Service(_) => "AwsServiceEvent",
        };
        member(into, "eventType", kind);
        into.push_str(r#","managementEvent":true"#);
        member(into, "recipientAccountId", self.account);
        if let Kind::Service(details) = self.kind
            && !details.is_empty()
        {
            into.push_str(r#","serviceEventDetails":"#);
            into.push_str(details);
        }
        if !self.shared.is_empty() {
            member(into, "sharedEventID", self.shared);
        }
        if let Some((endpoint, owner)) = &self.place.endpoint {
            member(into, "vpcEndpointId", endpoint);
            member(into, "vpcEndpointAccountId", owner);
        }
        into.push_str(r#","eventCategory":"Management""#);
        if self.console {
            into.push_str(r#","sessionCredentialFromConsole":"true""#);
        } else if !self.place.is_service() && !matches!(self.kind, Kind::Service(_)) {
            into.push_str(r#","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":""#);
            self.push_host(into);
            into.push_str(r#""}"#);
        }
        into.push('}');
    }

    /// The host that the client asked for.
    fn push_host(&self, into: &mut String) {
        let region = self.region;
        match self.source {
            "iam" | "organizations" => {
                into.push_str(self.source);
                into.push_str(".amazonaws.com");
            }
            "signin" => {
                into.push_str(region);
                into.push_str(".signin.aws.amazon.com");
            }
            "sts" if self.place.global_sts => into.push_str("sts.amazonaws.com"),
            source => {
                into.push_str(source);
                into.push('.');
                into.push_str(region);
                // Only the dual-stack hosts have IPv6 addresses.
                let six = self.place.ip.contains(':') || source == "eks-auth";
                into.push_str(if six { ".api.aws" } else { ".amazonaws.com" });
            }
        }
    }
}

fn member(into: &mut String, name: &str, value: &str) {
    into.push_str(",\"");
    into.push_str(name);
    into.push_str("\":\"");
    into.push_str(value);
    into.push('"');
}

/// The region a call is recorded for: services without regions are in us-east-1.
pub(crate) fn region_of(source: &str, place: &Place) -> &'static str {
    match source {
        "iam" | "organizations" | "route53" | "cloudfront" | "support" => "us-east-1",
        "sts" if place.global_sts => "us-east-1",
        _ => place.region,
    }
}

/// The version that a service's records say; they differ within one file.
fn version(source: &str) -> &'static str {
    match source {
        "ec2" => "1.10",
        "eks-auth" => "1.09",
        "signin" => "1.08",
        _ => "1.11",
    }
}

/// A text as a JSON string, with quotes.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
