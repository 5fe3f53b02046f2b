//! What the tests of the whole share: small trails, files and lakes in folders, their rows in an
//! order that can be compared, and on loopback an S3, a proxy with faults, and Lambda's interface.

#![allow(clippy::panic, clippy::unwrap_used)] // A test that cannot set up its world cannot go on.

pub mod files;
pub mod http;
pub mod lakes;
pub mod pages;
pub mod proxy;
pub mod runtime_api;
pub mod s3;
pub mod shared;
pub mod trails;
