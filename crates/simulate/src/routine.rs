//! The many calls that only their caller and API tell apart.

use crate::answer::{denial, endpoint};
use crate::api::{Api, fill};
use crate::caller::Caller;
use crate::dice::Dice;
use crate::place::Place;
use crate::record::{Told, region_of};

/// Writes one of the many calls that only their caller and API tell apart.
pub(crate) fn push_call(
    into: &mut String,
    time: i64,
    caller: &Caller,
    place: &Place,
    api: &Api,
    denied: bool,
    seed: u64,
) {
    let mut dice = Dice::new(seed);
    let (account, region) = (&caller.account.number, region_of(api.source, place));
    let mut filled = |template: &str| {
        let mut text = String::with_capacity(template.len() + 64);
        fill(&mut text, template, account, region, &mut dice);
        text
    };
    let request = filled(api.request);
    let (response, additional, resources) =
        (filled(api.response), filled(api.additional), filled(api.resources));
    let mut told = Told::call(time, caller, place, api.source, api.name);
    told.reads = api.reads;
    let message;
    if denied {
        let (code, text) = denial(&caller.arn, api.source, api.name, "*");
        message = text;
        told.error = Some((code, &message));
        told.request = if api.source == "ec2" || api.source == "s3" { &request } else { "null" };
    } else {
        (told.request, told.response, told.resources) = (&request, &response, &resources);
        told.additional = &additional;
        if api.source == "sts" {
            told.additional = endpoint(place);
        }
    }
    told.push(into, &mut dice);
}
