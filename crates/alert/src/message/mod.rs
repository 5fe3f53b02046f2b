//! A finding as each channel wants to read it. Pure: values in, JSON out.

mod amazon_q;
mod facts;
mod pagerduty;
mod slack;
mod teams;

pub use amazon_q::amazon_q;
pub use pagerduty::pagerduty;
pub use slack::slack;
pub use teams::teams;

#[cfg(test)]
mod hostile;
