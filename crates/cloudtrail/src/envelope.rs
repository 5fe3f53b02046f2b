//! Walks an object from record to record, whatever wraps them, without holding more than one record.
//!
//! The walk goes over a window. Where the window ends inside a value, more is read and the value
//! is walked again; objects held whole take the same path and never need more. So what is read
//! does not depend on how much of the object was in memory.

use crate::element::{element, envelope_of};
use crate::fields::{Field, Fields, Shape};
use crate::open::CONTROL;
use crate::record::Keeper;
use crate::scan::{Cursor, Fault};
use crate::window::Window;
use crate::{Limits, Refusal};

/// The walk over one object.
pub(crate) struct Walk<'a, 'b, 'c> {
    pub(crate) window: Window<'a>,
    pub(crate) limits: Limits,
    pub(crate) keeper: Keeper<'b, 'c>,
    pub(crate) fields: Fields,
    /// The place in the window up to which everything has been taken.
    pub(crate) at: usize,
    /// Where the last stretch stopped.
    pub(crate) stopped: usize,
    /// The first key of the first record of a list, in its quotes: how the others begin, too.
    pub(crate) opening: Vec<u8>,
    /// How the first value wraps its records.
    pub(crate) envelope: Option<&'static str>,
    /// Values at the top of the object so far.
    pub(crate) values: u64,
    /// Within a list whose messages are about the delivery itself.
    pub(crate) control: bool,
    /// The object turned out to be a digest.
    pub(crate) digest: bool,
}

/// Where the walk is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Between values at the top.
    Top,
    /// In a list of records, before an element.
    Element,
    /// In a list of records, after an element.
    AfterElement,
    /// In an object that holds such a list, after one of its members.
    AfterMember,
}

impl Walk<'_, '_, '_> {
    /// Takes everything.
    pub(crate) fn run(&mut self) -> Result<(), Refusal> {
        let mut place = Place::Top;
        // Whether the list that is walked is a member of an object, or stands alone.
        let mut in_object = false;
        loop {
            match self.stretch(&mut place, &mut in_object) {
                Ok(()) => {}
                Err(Fault::End) if place == Place::Top && self.is_blank() => {
                    if !self.more()? {
                        return Ok(());
                    }
                }
                Err(Fault::End) if self.held() <= self.limits.record => {
                    if !self.more()? {
                        return Err(Refusal::EndsEarly);
                    }
                }
                Err(fault) => {
                    // What lies beyond the longest record is not looked at, even if it is there.
                    let far = fault == Fault::End || self.stopped - self.at > self.limits.record;
                    if place == Place::AfterMember && (far || fault == Fault::Deep) {
                        let why =
                            Fault::Broken("what stands beside the records is too long or too deep");
                        if !self.reject_broken(why, &mut place)? {
                            return Ok(());
                        }
                    } else if far || fault == Fault::Deep {
                        self.reject_long(far)?;
                        place = after(place);
                    } else if !self.reject_broken(fault, &mut place)? {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Takes as much as the window holds whole. Always ends with a fault, if only [`Fault::End`].
    fn stretch(&mut self, place: &mut Place, in_object: &mut bool) -> Result<(), Fault> {
        let Walk { window, limits, keeper, fields, at, opening, .. } = self;
        let bytes = window.bytes();
        let mut cursor = Cursor::new(bytes, *at);
        let mut take = || loop {
            let token = cursor.token();
            // White space is taken even where nothing follows, so that it never piles up.
            *at = cursor.at;
            let byte = token?;
            match (*place, byte) {
                (Place::Element, b']') | (Place::AfterElement, b']') => {
                    cursor.at += 1;
                    *place = if *in_object { Place::AfterMember } else { Place::Top };
                }
                (Place::AfterElement, b',') => {
                    cursor.at += 1;
                    *place = Place::Element;
                }
                (Place::Element, b'{') => {
                    fields.read(bytes, &mut cursor, false, keeper.known)?;
                    let whole = &bytes[*at..cursor.at];
                    if whole.len() > limits.record {
                        return Err(Fault::End);
                    }
                    element(whole, window.offset(*at), fields, *limits, self.control, keeper);
                    if opening.is_empty() {
                        opening.extend(
                            whole[1..]
                                .trim_ascii_start()
                                .split_inclusive(|b| *b == b'"')
                                .take(2)
                                .flatten(),
                        );
                    }
                    *place = Place::AfterElement;
                }
                (Place::Element, _) => {
                    cursor.skip()?;
                    let whole = &bytes[*at..cursor.at];
                    if whole.len() > limits.record {
                        return Err(Fault::End);
                    }
                    *fields = Fields::new();
                    element(whole, window.offset(*at), fields, *limits, self.control, keeper);
                    *place = Place::AfterElement;
                }
                (Place::AfterElement, _) => return Err(Fault::Broken("expected a comma or ]")),
                (Place::AfterMember, b'}') => {
                    cursor.at += 1;
                    *place = Place::Top;
                }
                (Place::AfterMember, b',') => {
                    cursor.at += 1;
                    let (from, to) = cursor.key()?;
                    if matches!(&bytes[from..to], b"Records" | b"Events" | b"logEvents")
                        && cursor.peek()? == b'['
                    {
                        cursor.at += 1;
                        *place = Place::Element;
                    } else {
                        cursor.skip()?;
                        if cursor.at - *at > limits.record {
                            return Err(Fault::End);
                        }
                    }
                }
                (Place::AfterMember, _) => return Err(Fault::Broken("expected a comma or }")),
                (Place::Top, b'[') => {
                    cursor.at += 1;
                    self.values += 1;
                    self.envelope.get_or_insert("array");
                    (*place, *in_object) = (Place::Element, false);
                }
                (Place::Top, b'{') => match fields.read(bytes, &mut cursor, true, keeper.known)? {
                    Shape::List(list) => {
                        let head = std::str::from_utf8(&bytes[*at..cursor.at]).unwrap_or_default();
                        self.control = fields.get(head, Field::MessageType) == CONTROL;
                        cursor.at += 1;
                        self.values += 1;
                        self.envelope.get_or_insert(match list {
                            Field::Events => "lookup-events",
                            Field::LogEvents => "cloudwatch-logs",
                            _ => "records",
                        });
                        (*place, *in_object) = (Place::Element, true);
                    }
                    Shape::Whole => {
                        let whole = &bytes[*at..cursor.at];
                        if whole.len() > limits.record {
                            return Err(Fault::End);
                        }
                        self.values += 1;
                        if self.values > 1 {
                            self.envelope = Some("lines");
                        }
                        self.envelope.get_or_insert(envelope_of(fields));
                        if fields.has(Field::DigestStartTime) {
                            self.digest = true;
                        } else {
                            element(whole, window.offset(*at), fields, *limits, false, keeper);
                        }
                    }
                },
                (Place::Top, _) => return Err(Fault::Broken("expected { or [")),
            }
            *at = cursor.at;
        };
        let fault = take();
        self.stopped = cursor.at;
        fault
    }

    /// Skips a byte order mark.
    pub(crate) fn skip_mark(&mut self) -> Result<(), Refusal> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        while self.window.bytes().len() < MARK.len() && self.window.more(0)? {}
        if self.window.bytes().starts_with(MARK) {
            self.at = MARK.len();
        }
        Ok(())
    }

    pub(crate) fn more(&mut self) -> Result<bool, Refusal> {
        let more = self.window.more(self.at)?;
        if more {
            self.at = 0;
        }
        Ok(more)
    }

    /// How many bytes the window holds that are not taken yet.
    pub(crate) fn held(&self) -> usize {
        self.window.bytes().len() - self.at
    }

    fn is_blank(&self) -> bool {
        self.window.bytes()[self.at..].iter().all(u8::is_ascii_whitespace)
    }
}

/// Where the walk is after a value that began at a place.
fn after(place: Place) -> Place {
    match place {
        Place::Element | Place::AfterElement => Place::AfterElement,
        Place::AfterMember | Place::Top => place,
    }
}
