//! Values met before: the records of a file share few callers and endpoints, so most of their JSON
//! need not be walked again. Comparing bytes is ten times quicker than walking them.

use std::hash::{BuildHasher, Hasher, RandomState};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// So many values are remembered; a newer one takes the place of an older one.
const PLACES: usize = 1024;
/// The bytes of a value that choose its place: where caller and host differ from others.
const PROBE: std::ops::Range<usize> = 32..96;
/// Longer values are not remembered.
const LONGEST: usize = 4096;

/// Values that have been walked and found whole.
pub(crate) struct Known {
    seed: u64,
    places: Vec<Value>,
}

#[derive(Clone, Default)]
struct Value {
    json: Vec<u8>,
    id: u64,
}

impl Known {
    pub(crate) fn new() -> Known {
        // Seeded at random, so that nobody can choose values with one id.
        Known {
            seed: RandomState::new().build_hasher().finish(),
            places: vec![Value::default(); PLACES],
        }
    }

    /// If the bytes begin with a known value: its length and its id.
    #[inline]
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<(usize, u64)> {
        let value = &self.places[place(bytes)?];
        (!value.json.is_empty() && bytes.starts_with(&value.json))
            .then_some((value.json.len(), value.id))
    }

    /// Remembers a whole object, and gives its id: the same for the same bytes.
    pub(crate) fn learn(&mut self, json: &[u8]) -> u64 {
        let id = xxh3_64_with_seed(json, self.seed);
        // What is shorter than the probe would be looked for with the bytes behind it.
        if json.len() <= LONGEST
            && json.starts_with(b"{")
            && let Some(place) = place(json)
        {
            let value = &mut self.places[place];
            value.json.clear();
            value.json.extend_from_slice(json);
            value.id = id;
        }
        id
    }
}

#[inline]
fn place(bytes: &[u8]) -> Option<usize> {
    Some(xxh3_64(bytes.get(PROBE)?) as usize % PLACES)
}
