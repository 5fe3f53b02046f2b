//! What the tests of the whole share: small trails, lakes in temporary folders, and their rows in
//! an order that can be compared.

#![allow(clippy::unwrap_used)] // A test that cannot set up its folder cannot go on.

pub mod lakes;
pub mod pages;
pub mod shared;
pub mod trails;
