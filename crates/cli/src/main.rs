//! rolecall: arguments in, answers out, exit code.
fn main() {}
