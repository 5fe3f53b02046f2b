//! The crate seen from outside: its rules case by case, and its laws.

mod callers;
mod common;
mod issuances;
mod laws;
mod rollups;
mod told;
mod uses;
