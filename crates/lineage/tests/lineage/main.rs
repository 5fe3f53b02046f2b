//! The crate seen from outside: its rules case by case, and its laws.

mod cases;
mod common;
mod laws;
mod rollups;
