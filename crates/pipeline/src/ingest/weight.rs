//! What the rows of a batch weigh in memory, roughly: a chunk ends before it outgrows its share.

use rolecall_cloudtrail::Batch;
use rolecall_model::{Row, Sink, Time};

/// An event or a rejected record, with texts of the usual length, in bytes.
const EVENT: usize = 4096;
/// The texts that are counted in it.
const USUAL: usize = 2048;
/// A group of calls, without its texts.
const GROUP: usize = 1024;
/// A call.
const CALL: usize = 24;

/// How much of a growing batch is weighed already.
#[derive(Default)]
pub(super) struct Weight {
    events: usize,
    rejected: usize,
    others: usize,
}

impl Weight {
    /// What was added to the batch since, in bytes.
    pub(super) fn grow(&mut self, batch: &Batch) -> usize {
        let events = &batch.events[self.events..];
        let rejected = &batch.rejected[self.rejected..];
        let texts =
            events.iter().map(|(_, event)| texts(event.as_ref())).chain(rejected.iter().map(texts));
        let rows: usize = texts.map(|texts| EVENT + texts.saturating_sub(USUAL)).sum();
        (self.events, self.rejected) = (batch.events.len(), batch.rejected.len());

        let uses = &batch.uses;
        let others = uses.groups() * GROUP + uses.bytes() + uses.len() * CALL;
        let before = std::mem::replace(&mut self.others, others);
        rows + others.saturating_sub(before)
    }
}

fn texts<R: Row>(row: &R) -> usize {
    let mut texts = Texts(0);
    row.put(&mut texts);
    texts.0
}

/// Adds up the lengths of texts.
struct Texts(usize);

impl Sink for Texts {
    fn text(&mut self, _at: usize, value: Option<&str>) {
        self.0 += value.map_or(0, str::len);
    }
    fn bytes(&mut self, _at: usize, value: Option<&[u8]>) {
        self.0 += value.map_or(0, <[u8]>::len);
    }
    fn long(&mut self, _at: usize, _value: Option<i64>) {}
    fn flag(&mut self, _at: usize, _value: Option<bool>) {}
    fn time(&mut self, _at: usize, _value: Option<Time>) {}
}

#[cfg(test)]
mod tests {
    use rolecall_model::Event;

    use super::*;

    #[test]
    fn long_texts_weigh_what_they_are_and_nothing_twice() {
        let mut batch = Batch::default();
        let mut weight = Weight::default();
        assert_eq!(weight.grow(&batch), 0);
        batch.events.push((1, Box::default()));
        assert_eq!(weight.grow(&batch), EVENT);
        let long = Event { request_parameters: Some("x".repeat(USUAL + 7)), ..Event::default() };
        batch.events.push((2, Box::new(long)));
        assert_eq!(weight.grow(&batch), EVENT + 7);
        assert_eq!(weight.grow(&batch), 0);
    }
}
