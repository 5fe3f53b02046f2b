//! Calls of ordinary APIs: made, refused, and made on somebody's behalf.

use crate::answer::{denial, endpoint};
use crate::api::{Api, fill, find, only_reads, split};
use crate::caller::Caller;
use crate::place::Place;
use crate::record::{Told, region_of};
use crate::scene::Scene;

impl Scene<'_> {
    /// Calls `service.Name` with the request that is usual for it.
    pub(crate) fn call(&mut self, at: i64, who: &Caller, place: &Place, api: &str) {
        const PLAIN: Api = Api {
            source: "",
            name: "",
            reads: true,
            request: "null",
            response: "null",
            additional: "",
            resources: "",
        };
        let (source, name) = split(api);
        let known = find(api).unwrap_or(&PLAIN);
        let region = region_of(source, place);
        let [mut request, mut response, mut additional, mut resources] =
            [const { String::new() }; 4];
        for (template, text) in [
            (known.request, &mut request),
            (known.response, &mut response),
            (known.additional, &mut additional),
            (known.resources, &mut resources),
        ] {
            fill(text, template, &who.account.number, region, &mut self.dice);
        }
        let mut told = Told::call(at, who, place, source, name);
        told.reads = if known.source.is_empty() { only_reads(name) } else { known.reads };
        (told.request, told.response, told.resources) = (&request, &response, &resources);
        told.additional = if source == "sts" { endpoint(place) } else { &additional };
        self.tell(&who.account, &told, region);
    }

    /// Calls `service.Name` with this request and response.
    pub(crate) fn call_with(
        &mut self,
        at: i64,
        who: &Caller,
        place: &Place,
        api: &str,
        request: &str,
        response: &str,
    ) {
        let (source, name) = split(api);
        let mut told = Told::call(at, who, place, source, name);
        told.reads = only_reads(name);
        (told.request, told.response) = (request, response);
        self.tell(&who.account, &told, region_of(source, place));
    }

    /// Is refused `service.Name`, on `target`; most services then leave the request out.
    pub(crate) fn denied(&mut self, at: i64, who: &Caller, place: &Place, api: &str, target: &str) {
        let (source, name) = split(api);
        let (code, message) = denial(&who.arn, source, name, target);
        let mut told = Told::call(at, who, place, source, name);
        told.reads = only_reads(name) || name == "AssumeRole";
        told.error = Some((code, &message));
        if source == "ec2" || source == "s3" {
            told.request = "{}";
        }
        self.tell(&who.account, &told, region_of(source, place));
    }

    /// An AWS service goes on with the caller's rights, under a key that no response ever showed.
    pub(crate) fn forwarded(&mut self, at: i64, who: &Caller, service: &str, api: &str) {
        let host = format!("{service}.amazonaws.com");
        let key = self.new_key(&who.account);
        let derived = who.with(|caller| {
            caller.key = key;
            caller.console = false;
            caller.beside.push_str(&format!(r#","invokedBy":"{host}""#));
        });
        let place = Place::service(&host);
        self.call(at, &derived, &place, api);
    }
}
