//! Makes up an organisation's CloudTrail: real shapes, everyday habits, labelled attacks.
//!
//! A [`Plan`] says how large, how long and what goes wrong. [`files`] gives the trail's objects in
//! the order of their delivery, [`labels`] what is true about them, [`support_files`] what the
//! organisation knows about itself and about the networks it is called from. The same plan gives
//! the same bytes; an attack adds its records and changes no other.
//!
//! Accounts, names, keys and addresses belong to nobody. Everything here is a value: no files, no
//! network, no clock, no environment.

#![warn(clippy::disallowed_methods)]

mod account;
mod answer;
mod api;
mod attacks;
mod caller;
mod clock;
mod delivery;
mod dice;
mod everyday;
mod habit;
mod label;
mod network;
mod person;
mod place;
mod plan;
mod record;
mod routine;
mod scene;
mod stage;
mod support;
mod trail;
mod world;

pub use attacks::Attack;
pub use delivery::File;
pub use label::Label;
pub use plan::Plan;
pub use support::support_files;
pub use trail::{Trail, files, labels};
