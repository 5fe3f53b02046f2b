//! What becomes of one record: kept, passed over or rejected.

use rolecall_model::{Rejected, Time, Usage};

use crate::event::{self, Basics};
use crate::fields::{Field, Fields};
use crate::identity::Identity;
use crate::known::Known;
use crate::redact::{column, short};
use crate::relevance;
use crate::rough;
use crate::same::error;
use crate::scan::Fault;
use crate::shapes::tokens;
use crate::value::{flag, text};
use crate::{Batch, ObjectRef, when};

/// The counts of one object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) records: i64,
    pub(crate) kept: i64,
    pub(crate) passed_over: i64,
    pub(crate) rejected: i64,
    pub(crate) credential_events: i64,
    pub(crate) first_event_at: Option<Time>,
    pub(crate) last_event_at: Option<Time>,
    /// Rejected things that were no CloudTrail records at all, and the first reason.
    pub(crate) foreign: i64,
    pub(crate) foreign_reason: Option<String>,
    /// So much is unreadable that no more of it is written down: the object is refused.
    pub(crate) flooded: bool,
    /// What archives inside have inflated to, in bytes.
    pub(crate) unpacked: u64,
}

/// So many unreadable things are written down, and one more for every record that is kept: what
/// cannot be read takes a hundred times its size in memory.
const UNREADABLE: i64 = 10_000;

/// Puts the records of one object into a batch.
pub(crate) struct Keeper<'a, 'b> {
    pub(crate) object: &'a ObjectRef<'b>,
    pub(crate) batch: &'a mut Batch,
    pub(crate) scratch: &'a mut Vec<u8>,
    pub(crate) known: &'a mut Known,
    pub(crate) tally: Tally,
}

impl Keeper<'_, '_> {
    /// Takes a record whose fields have been found; `offset` is its place in the inflated object.
    pub(crate) fn record(&mut self, record: &str, fields: &Fields, offset: u64) {
        match self.keep(record, fields) {
            Ok(true) => self.tally.kept += 1,
            Ok(false) => self.tally.passed_over += 1,
            Err(reason) => return self.reject(reason.to_owned(), offset, record.as_bytes()),
        }
        self.tally.records += 1;
    }

    /// Counts a record that is looked at no further.
    pub(crate) fn pass_over(&mut self) {
        self.tally.records += 1;
        self.tally.passed_over += 1;
    }

    /// Writes down what could not be read.
    pub(crate) fn reject(&mut self, reason: String, offset: u64, bytes: &[u8]) {
        self.tally.flooded |= self.tally.rejected >= UNREADABLE + self.tally.kept;
        if !self.tally.flooded {
            self.batch.rejected.push(Rejected {
                object_key: self.object.key.to_owned(),
                object_etag: self.object.etag.to_owned(),
                record: Some(self.tally.records),
                byte_offset: i64::try_from(offset).ok(),
                rejected_at: self.object.read_at,
                reason,
                bytes: rough::excerpt(bytes),
            });
        }
        self.tally.records += 1;
        self.tally.rejected += 1;
    }

    /// As [`Keeper::reject`], for what is no CloudTrail record at all.
    pub(crate) fn reject_foreign(&mut self, reason: String, offset: u64, bytes: &[u8]) {
        self.tally.foreign += 1;
        self.tally.foreign_reason.get_or_insert_with(|| reason.clone());
        self.reject(reason, offset, bytes);
    }

    /// Counts a record, and stores it if it matters. `Ok(false)` passes it over.
    fn keep(&mut self, record: &str, fields: &Fields) -> Result<bool, &'static str> {
        let json = |field| fields.get(record, field);
        if is_no_call(json(Field::EventType), json(Field::EventCategory)) {
            return Ok(false);
        }
        let source = text(json(Field::EventSource)).ok_or("no eventSource")?;
        let name = text(json(Field::EventName)).ok_or("no eventName")?;
        if source.starts_with("aws:") {
            return Err("a notification by another service, not a CloudTrail record");
        }
        let time = text(json(Field::EventTime)).or_else(|| text(json(Field::Timestamp)));
        let time = time.ok_or("no eventTime")?;
        let at = when::read(&time).ok_or("eventTime is no instant")?;
        let console = flag(json(Field::SessionCredentialFromConsole)).unwrap_or(false);
        let read_only = flag(json(Field::ReadOnly));
        // Old records do not say who received them; then the caller's account did.
        let fallback = text(json(Field::RecipientAccountId))
            .is_none()
            .then(|| Identity::read(json(Field::UserIdentity)).account().map(str::to_owned));
        let recipient = || match &fallback {
            Some(account) => account.clone(),
            None => column(json(Field::RecipientAccountId)),
        };
        let key = self.event_key(
            record,
            fields,
            fallback.as_ref().and_then(Option::as_deref),
            [&source, &name],
        );

        let matters = relevance::matters(&source, &name, read_only);
        if matters {
            let basics = Basics {
                source: short(tokens(&source).into_owned()),
                name: short(tokens(&name).into_owned()),
                at,
                recipient: recipient(),
                identity: Identity::read(json(Field::UserIdentity)),
            };
            let event =
                event::row(record, fields, basics, self.object.key).map_err(
                    |fault| match fault {
                        Fault::Broken(why) => why,
                        Fault::End | Fault::Deep => "the record's values end early",
                    },
                )?;
            self.batch.events.push((key, Box::new(event)));
            self.tally.credential_events += 1;
        }
        let hour = at.hour();
        self.group_bytes(record, fields, hour);
        self.batch.uses.count(self.scratch, key, at, || {
            let identity = Identity::read(json(Field::UserIdentity));
            Usage {
                hour,
                recipient_account_id: recipient(),
                aws_region: column(json(Field::AwsRegion)),
                principal: identity.principal(),
                user_identity_type: identity.kind,
                principal_id: identity.principal_id,
                principal_arn: identity.arn,
                account_id: identity.account_id,
                access_key_id: identity.access_key_id,
                session_created_at: identity.created_at,
                session_mfa: identity.mfa,
                session_from_console: console,
                session_source_identity: identity.source_identity,
                session_ec2_role_delivery: identity.ec2_role_delivery,
                session_assumed_root: identity.assumed_root,
                invoked_by: identity.invoked_by,
                source_ip_address: column(json(Field::SourceIpAddress)),
                vpc_endpoint_id: column(json(Field::VpcEndpointId)),
                user_agent: column(json(Field::UserAgent)),
                event_source: short(tokens(&source).into_owned()),
                event_name: short(tokens(&name).into_owned()),
                error_code: event::error_text(error(record, fields)),
                read_only,
                ..Usage::default()
            }
        });
        let tally = &mut self.tally;
        tally.first_event_at = Some(tally.first_event_at.map_or(at, |first| first.min(at)));
        tally.last_event_at = Some(tally.last_event_at.map_or(at, |last| last.max(at)));
        Ok(true)
    }
}

/// Insights and events seen at VPC endpoints are no calls that CloudTrail recorded as made.
fn is_no_call(kind: &str, category: &str) -> bool {
    let is = |json: &str, names: &[&str]| {
        // Only the length of most texts has to be looked at.
        names.iter().any(|name| {
            json.len() == name.len() + 2 && json[1..].to_ascii_lowercase().starts_with(name)
        })
    };
    is(category, &["insight", "networkactivity"])
        || is(kind, &["awscloudtrailinsight", "awsvpceevents", "awsvpceevent"])
}
