//! Shows a lake as live pages on 127.0.0.1: search, credentials, principals, accounts, edges, addresses, and SQL.
//!
//! Read-only by construction: only GET is answered, the engine refuses whatever changes anything, and the lake is
//! opened with [`Access::Read`](rolecall_lake::Access::Read). [`Server`]
//! binds to loopback only; `guard` refuses requests that a page of somebody else could have made; `statement`
//! limits what SQL may use. A page looks up its one thing by a key, or looks back from the newest day until it
//! has enough, so that most of its cost does not grow with the lake.

mod asked;
mod connections;
mod guard;
mod look;
mod pages;
mod server;
mod sight;
mod statement;
mod trouble;

pub use server::{ServeError, Server};
pub use sight::{Allowed, Serving};
