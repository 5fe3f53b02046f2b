//! One record's text, in the order and with the members that CloudTrail writes.

use chrono::DateTime;

use crate::dice::Dice;

/// What a record says beside its ids.
pub(crate) struct Told<'a> {
    pub(crate) identity: &'a str,
    pub(crate) time: i64,
    pub(crate) source: &'a str,
    pub(crate) name: &'a str,
    pub(crate) region: &'a str,
    pub(crate) ip: &'a str,
    pub(crate) agent: &'a str,
    /// Code and message.
    pub(crate) error: Option<(&'a str, &'a str)>,
    pub(crate) request: &'a str,
    pub(crate) response: &'a str,
    /// Further members, each with its leading comma.
    pub(crate) more: &'a str,
    pub(crate) reads: bool,
    pub(crate) account: u64,
    /// Whether it is the copy of a service or role owner: named event id, shared id.
    pub(crate) copy: bool,
}

/// The record as compact JSON.
pub(crate) fn text(told: &Told<'_>, dice: &mut Dice) -> String {
    let Told { identity, source, name, region, ip, agent, request, response, more, .. } = told;
    let error = told.error.map_or_else(String::new, |(code, message)| {
        format!(r#","errorCode":"{code}","errorMessage":"{message}""#)
    });
    let shared =
        if told.copy { format!(r#","sharedEventID":"{}""#, dice.uuid(4)) } else { String::new() };
    let tls = if ip.ends_with("amazonaws.com") {
        String::new()
    } else {
        format!(
            r#","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{source}.{region}.amazonaws.com"}}"#
        )
    };
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{identity},"eventTime":"{}","eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"{region}","sourceIPAddress":"{ip}","userAgent":"{agent}"{error},"requestParameters":{request},"responseElements":{response},"requestID":"{}","eventID":"{}","readOnly":{}{more},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{:012}"{shared},"eventCategory":"Management"{tls}}}"#,
        iso(told.time),
        dice.uuid(4),
        dice.uuid(if told.copy { 3 } else { 4 }),
        told.reads,
        told.account,
    )
}

/// Seconds since the epoch as CloudTrail writes times.
pub(crate) fn iso(seconds: i64) -> String {
    date(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

/// Seconds since the epoch, written by `form`; nothing for instants beyond the calendar.
pub(crate) fn date(seconds: i64, form: &str) -> String {
    DateTime::from_timestamp(seconds, 0).map_or_else(String::new, |at| at.format(form).to_string())
}
