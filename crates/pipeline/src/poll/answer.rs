//! What CloudTrail answers: a page of events, or trouble of some kind.

use std::collections::HashSet;
use std::error::Error;

use aws_sdk_cloudtrail::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsError;
use aws_sdk_cloudtrail::types::Event;
use rolecall_model::Time;

use super::Why;

/// The pages of one slice.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) count: u32,
    /// The oldest event so far.
    pub(super) oldest: Option<Time>,
    met: HashSet<String>,
    events: Vec<u8>,
}

impl Pages {
    /// Adds a page. While events arrive, one may stand on two pages; it is taken once.
    pub(super) fn add(&mut self, events: Vec<Event>) {
        self.count += 1;
        for event in events {
            if event.event_id.as_ref().is_some_and(|id| !self.met.insert(id.clone())) {
                continue;
            }
            let at = event.event_time.map(|at| Time::from_seconds(at.secs()));
            self.oldest = self.oldest.into_iter().chain(at).min();
            // Whatever has no record in it is rejected where records are read, and so not lost.
            let entry = serde_json::json!({
                "EventId": event.event_id,
                "EventName": event.event_name,
                "CloudTrailEvent": event.cloud_trail_event,
            });
            self.events.extend_from_slice(if self.events.is_empty() { b"" } else { b"," });
            self.events.extend_from_slice(entry.to_string().as_bytes());
        }
    }

    /// The whole as LookupEvents would have given it on one page.
    pub(super) fn json(self) -> Vec<u8> {
        [b"{\"Events\":[".as_slice(), &self.events, b"]}"].concat()
    }
}

/// What went wrong with a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Too many requests, by whomever.
    TooFast,
    /// The token for the next page is not accepted: the slice begins anew.
    Token,
    /// The credentials have run out.
    Expired,
    /// May be over soon.
    Passing(String),
    /// Will not pass by itself.
    Lasting(String),
    /// The time is up.
    OutOfTime,
}

impl Trouble {
    pub(super) fn of(error: &SdkError<LookupEventsError>) -> Trouble {
        let SdkError::ServiceError(answer) = error else { return Trouble::Passing(reason(error)) };
        let status = answer.raw().status().as_u16();
        // CloudTrail refuses with status 400 what comes too fast.
        match answer.err().code().unwrap_or_default() {
            "ThrottlingException"
            | "Throttling"
            | "ThrottledException"
            | "RequestLimitExceeded"
            | "TooManyRequestsException" => Trouble::TooFast,
            "InvalidNextTokenException" => Trouble::Token,
            "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Trouble::Expired,
            _ if status == 429 => Trouble::TooFast,
            _ if status >= 500 => Trouble::Passing(reason(error)),
            _ => Trouble::Lasting(reason(error)),
        }
    }
}

impl From<Trouble> for Why {
    fn from(trouble: Trouble) -> Why {
        Why::Failed(match trouble {
            Trouble::OutOfTime => return Why::OutOfTime,
            Trouble::Passing(why) | Trouble::Lasting(why) => why,
            Trouble::TooFast => "CloudTrail refused again and again: too many requests to this \
                                 account and region, also by others"
                .to_owned(),
            Trouble::Token => {
                "CloudTrail took none of the tokens that it gave for the next page".to_owned()
            }
            Trouble::Expired => "the credentials have expired".to_owned(),
        })
    }
}

/// Why a call failed, in one line: what AWS said, or what stood in the way. No request is in it.
pub(super) fn reason(error: &(dyn Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !said.iter().any(|known| known.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudtrail::primitives::DateTime;

    #[test]
    fn pages_are_one_wrapper_and_hold_each_event_once() {
        let event = |id: &str, at| {
            let record = format!("{{\"eventID\":\"{id}\",\"x\":\"\\\"\"}}");
            let event = Event::builder().event_id(id).event_time(DateTime::from_secs(at));
            event.cloud_trail_event(record).build()
        };
        let mut pages = Pages::default();
        pages.add(vec![event("c", 30), event("b", 20)]);
        pages.add(vec![event("b", 20), event("a", 10), Event::builder().build()]);
        assert_eq!((pages.count, pages.oldest), (2, Some(Time::from_seconds(10))));
        let json: serde_json::Value = serde_json::from_slice(&pages.json()).unwrap();
        let ids: Vec<_> =
            json["Events"].as_array().unwrap().iter().map(|e| &e["EventId"]).collect();
        assert_eq!(
            ids,
            ["c", "b", "a"]
                .map(serde_json::Value::from)
                .iter()
                .chain([&serde_json::Value::Null])
                .collect::<Vec<_>>()
        );
        let record = json["Events"][2]["CloudTrailEvent"].as_str().unwrap();
        assert_eq!(record, r#"{"eventID":"a","x":"\""}"#);
        assert_eq!(Pages::default().json(), b"{\"Events\":[]}");
    }
}
