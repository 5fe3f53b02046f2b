//! Reads material as JSON, and writes the page: `cargo run -p rolecall-report --example page < material.json`.

use std::error::Error;
use std::io::{Read, Write};

fn main() -> Result<(), Box<dyn Error>> {
    let mut json = String::new();
    std::io::stdin().read_to_string(&mut json)?;
    let material = serde_json::from_str(&json)?;
    std::io::stdout().write_all(rolecall_report::page(&material)?.as_bytes())?;
    Ok(())
}
