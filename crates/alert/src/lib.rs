//! Turns findings into messages, and delivers them.
//!
//! Pure: what each channel reads ([`message`]), signatures, when to try again, which addresses are
//! allowed, what an SNS message must look like. Effects: [`Courier`] over HTTP, [`Publisher`] to SNS.

pub mod message;

mod address;
mod channel;
mod courier;
mod notify;
mod outcome;
mod reach;
mod received;
mod retry;
mod secret;
mod signature;
mod sns;
mod text;
mod topic;

pub use address::{Inside, is_public};
pub use channel::{Channel, Endpoint, Receiver, WrongChannels};
pub use courier::{Courier, NoClient, Unreached};
pub use notify::{Notified, notify};
pub use outcome::{Outcome, Sink};
pub use reach::{Silent, Unseen};
pub use received::{Certificates, Invalid, Kind, Received, Trust, Verifier};
pub use retry::{Retry, Verdict, retry_after, verdict};
pub use secret::Secret;
pub use signature::{NotAKey, SigningKey};
pub use sns::{Form, Publisher};
pub use topic::{NotATopic, TopicArn};

#[cfg(test)]
use rolecall_outputs::sample;
pub use rolecall_outputs::{FindingV1, Malformed};
