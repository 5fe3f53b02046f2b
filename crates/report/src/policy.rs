//! The page's own policy: nothing is fetched, and only its own styles and script are used.

use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

/// A Content-Security-Policy (<https://www.w3.org/TR/CSP3/>) that allows exactly this style and this script,
/// by their hashes, and pictures that are in the page.
pub(crate) fn policy(style: &str, script: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style),
        hash(script)
    )
}
