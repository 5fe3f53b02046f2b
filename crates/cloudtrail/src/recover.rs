//! Where a walk goes on behind what it cannot take: past the brackets of a value too long or too deep,
//! or, when the JSON is broken, where the next record seems to begin.

use crate::Refusal;
use crate::envelope::{Place, Walk};
use crate::scan::{DEPTH, Fault};

impl Walk<'_, '_, '_> {
    /// Rejects a value that is too long or too deep to be taken, and passes it bracket by bracket.
    pub(crate) fn reject_long(&mut self, long: bool) -> Result<(), Refusal> {
        // Shown is what the window holds in any case, however it came here.
        let (reason, shown) = if long {
            (format!("longer than {} bytes", self.limits.record), self.limits.record)
        } else {
            (format!("nested deeper than {DEPTH}"), self.stopped - self.at)
        };
        let bytes = &self.window.bytes()[self.at..];
        let bytes = &bytes[..bytes.len().min(shown)];
        self.keeper.reject(reason, self.window.offset(self.at), bytes);
        self.values += 1;
        let (mut depth, mut in_string, mut escaped) = (0u64, false, false);
        loop {
            while let Some(&byte) = self.window.bytes().get(self.at) {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    b'{' | b'[' if !in_string => depth += 1,
                    // The bracket of the list itself: the value was a scalar.
                    b'}' | b']' | b',' if !in_string && depth == 0 => return Ok(()),
                    b'}' | b']' if !in_string => depth -= 1,
                    _ => {}
                }
                self.at += 1;
                if depth == 0 && !in_string && matches!(byte, b'}' | b']' | b'"') {
                    return Ok(());
                }
            }
            if !self.more()? {
                return Err(Refusal::EndsEarly);
            }
        }
    }

    /// Rejects what is broken and goes on where the next record seems to begin. False if there is none.
    pub(crate) fn reject_broken(
        &mut self,
        fault: Fault,
        place: &mut Place,
    ) -> Result<bool, Refusal> {
        let Fault::Broken(why) = fault else { return Err(Refusal::EndsEarly) };
        // Everything that can hold the next record must be in the window.
        while self.held() <= self.limits.record && self.more()? {}
        let bytes = &self.window.bytes()[self.at..];
        let lines = *place == Place::Top;
        let bytes = &bytes[..bytes.len().min(self.limits.record)];
        let found = next_record(bytes, &self.opening, lines);
        let piece = &bytes[..found.unwrap_or(bytes.len())];
        let reason = match found {
            Some(_) => format!("the JSON is broken: {why}"),
            None => format!("the JSON is broken: {why}; what follows could not be told apart"),
        };
        self.keeper.reject_foreign(reason, self.window.offset(self.at), piece);
        match found {
            Some(next) => {
                self.at += next;
                self.values += 1;
                if !lines {
                    *place = Place::Element;
                }
                Ok(true)
            }
            None => {
                // To the end all the same: a damaged archive shows only there.
                self.at = self.window.bytes().len();
                while self.more()? {
                    self.at = self.window.bytes().len();
                }
                Ok(false)
            }
        }
    }
}

/// Where, after its first byte, a broken stretch of bytes seems to go on with a new record: at an
/// object that begins with `eventVersion`, as CloudTrail's do, or as the list's first record did, or
/// among lines at a new line.
fn next_record(bytes: &[u8], opening: &[u8], lines: bool) -> Option<usize> {
    // Broken records may stand side by side by the thousand: each looks nearby first.
    const NEAR: usize = 16 << 10;
    let near = &bytes[..bytes.len().min(NEAR)];
    next_within(near, opening, lines).or_else(|| next_within(bytes, opening, lines))
}

fn next_within(bytes: &[u8], opening: &[u8], lines: bool) -> Option<usize> {
    let object = |key: &[u8]| {
        memchr::memmem::find_iter(bytes, key).find_map(|at| {
            let blanks = bytes[..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            let brace = at.checked_sub(blanks + 1)?;
            (brace > 0 && bytes[brace] == b'{').then_some(brace)
        })
    };
    let version = object(b"\"eventVersion\"");
    let alike = if opening.len() > 2 { object(opening) } else { None };
    let mut starts = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
    let line = lines.then(|| starts.find(|at| matches!(bytes.get(*at), Some(b'{' | b'['))));
    version.into_iter().chain(alike).chain(line.flatten()).min()
}
