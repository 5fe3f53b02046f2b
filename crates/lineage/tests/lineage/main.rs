//! The crate seen from outside: its rules case by case, and its laws.

mod asking;
mod callers;
mod common;
mod issuances;
mod laws;
mod rollups;
mod sign_ins;
mod told;
mod uses;
