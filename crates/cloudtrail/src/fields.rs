//! Where the top-level fields of one record lie.

use crate::known::Known;
use crate::scan::{Cursor, Fault};
use crate::value::text;

macro_rules! fields {
    ($($field:ident = $name:literal,)+) => {
        /// A top-level field that somebody looks at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Field { $($field,)+ }

        const COUNT: usize = [$(Field::$field),+].len();

        #[inline]
        fn field(key: &[u8]) -> Option<Field> {
            match key { $($name => Some(Field::$field),)+ _ => None }
        }
    };
}

fields! {
    EventVersion = b"eventVersion",
    UserIdentity = b"userIdentity",
    EventTime = b"eventTime",
    EventSource = b"eventSource",
    EventName = b"eventName",
    AwsRegion = b"awsRegion",
    SourceIpAddress = b"sourceIPAddress",
    UserAgent = b"userAgent",
    ErrorCode = b"errorCode",
    ErrorMessage = b"errorMessage",
    RequestParameters = b"requestParameters",
    ResponseElements = b"responseElements",
    AdditionalEventData = b"additionalEventData",
    ServiceEventDetails = b"serviceEventDetails",
    RequestId = b"requestID",
    EventId = b"eventID",
    ReadOnly = b"readOnly",
    Resources = b"resources",
    EventType = b"eventType",
    EventCategory = b"eventCategory",
    RecipientAccountId = b"recipientAccountId",
    SharedEventId = b"sharedEventID",
    VpcEndpointId = b"vpcEndpointId",
    VpcEndpointAccountId = b"vpcEndpointAccountId",
    SessionCredentialFromConsole = b"sessionCredentialFromConsole",
    TlsDetails = b"tlsDetails",
    // Logstash renames eventTime.
    Timestamp = b"@timestamp",
    // What wraps records.
    Records = b"Records",
    Events = b"Events",
    LogEvents = b"logEvents",
    MessageType = b"messageType",
    AwsLogs = b"awslogs",
    DetailType = b"detail-type",
    // What a digest has.
    DigestStartTime = b"digestStartTime",
}

/// The place of every field's value, relative to the record's first byte; (0, 0) if absent.
pub(crate) struct Fields {
    places: [(usize, usize); COUNT],
    /// Stands for the bytes of `userIdentity`.
    pub(crate) identity: u64,
}

/// What an object turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// It was walked to its end.
    Whole,
    /// It holds a list of records; the cursor is on the list's bracket.
    List(Field),
}

impl Fields {
    pub(crate) fn new() -> Fields {
        Fields { places: [(0, 0); COUNT], identity: 0 }
    }

    /// Walks an object from its opening bracket and notes where its fields lie. With `lists` it
    /// stops at the first list of records, so that a list of any length is never held at once.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        cursor: &mut Cursor<'_>,
        lists: bool,
        known: &mut Known,
    ) -> Result<Shape, Fault> {
        self.places = [(0, 0); COUNT];
        self.identity = 0;
        let start = cursor.at;
        cursor.at += 1;
        if cursor.token()? == b'}' {
            cursor.at += 1;
            return Ok(Shape::Whole);
        }
        loop {
            let (from, to) = cursor.key()?;
            let field = field(&bytes[from..to]).or_else(|| escaped(&bytes[from - 1..=to]));
            if lists
                && let Some(list @ (Field::Records | Field::Events | Field::LogEvents)) = field
                && cursor.peek()? == b'['
            {
                return Ok(Shape::List(list));
            }
            let value = cursor.at;
            match field {
                Some(Field::UserIdentity) => self.identity = skip_known(bytes, cursor, known)?,
                Some(Field::TlsDetails) => drop(skip_known(bytes, cursor, known)?),
                _ => cursor.skip()?,
            }
            if let Some(field) = field {
                self.places[field as usize] = (value - start, cursor.at - start);
            }
            match cursor.token()? {
                b',' => cursor.at += 1,
                b'}' => {
                    cursor.at += 1;
                    return Ok(Shape::Whole);
                }
                _ => return Err(Fault::Broken("expected a comma or }")),
            }
        }
    }

    /// The JSON of a field's value in the record it was read from; empty if absent.
    #[inline]
    pub(crate) fn get<'t>(&self, record: &'t str, field: Field) -> &'t str {
        let (from, to) = self.places[field as usize];
        record.get(from..to).unwrap_or_default()
    }

    /// Whether a field is there.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.places[field as usize] != (0, 0)
    }

    /// Whether the object is a CloudTrail record, and not something around one.
    pub(crate) fn are_a_record(&self) -> bool {
        [Field::EventName, Field::EventSource, Field::EventVersion]
            .into_iter()
            .any(|field| self.has(field))
    }
}

/// The field that a key in quotes means whose letters are written as escapes.
fn escaped(key: &[u8]) -> Option<Field> {
    if !key.contains(&b'\\') {
        return None;
    }
    field(text(std::str::from_utf8(key).ok()?)?.as_bytes())
}

/// Skips a value that probably was met before, and gives its id.
#[inline]
fn skip_known(bytes: &[u8], cursor: &mut Cursor<'_>, known: &mut Known) -> Result<u64, Fault> {
    let from = cursor.at;
    if let Some((length, id)) = known.find(&bytes[from..]) {
        cursor.at += length;
        return Ok(id);
    }
    cursor.skip()?;
    Ok(known.learn(&bytes[from..cursor.at]))
}
