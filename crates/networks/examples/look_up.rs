//! How long a look-up takes, in databases of the size of real ones.
//!
//! `cargo run --release -p rolecall-networks --example look_up`

#![allow(clippy::print_stdout, reason = "an example that prints its result")]

use std::fmt::Write;
use std::net::Ipv4Addr;
use std::time::Instant;

use rolecall_networks::Networks;

#[path = "../tests/writer/mod.rs"]
mod writer;

const ROWS: u32 = 400_000;
const OPERATORS: u32 = 80_000;
const LOOK_UPS: u32 = 1_000_000;

fn main() {
    let block = |row: u32| Ipv4Addr::from(0x0100_0000 + row * 4096);
    let mut table = String::new();
    for row in 0..ROWS {
        let (first, last) = (block(row), Ipv4Addr::from(u32::from(block(row)) + 4095));
        let operator = row * 7919 % OPERATORS;
        let _ = writeln!(table, "{first},{last},{operator},Operator number {operator} of many");
    }
    let mut json = String::from(r#"{"createDate":"2026-03-01-12-00-00","prefixes":["#);
    for row in 0..10_000 {
        let comma = if row == 0 { "" } else { "," };
        let _ = write!(json, r#"{comma}{{"ip_prefix":"{}/20"}}"#, block(row * 7));
    }
    json.push_str("]}");
    let list: String = (0..5_000).map(|row| format!("{}\n", block(row * 11))).collect();
    let countries = ["DE", "FR", "US", "JP"].map(|code| {
        writer::Value::Map(vec![(
            "country",
            writer::Value::Map(vec![("iso_code", writer::Value::Text(code))]),
        )])
    });
    let mut mmdb = writer::Writer::v6();
    for row in 0..100_000 {
        mmdb.add(&format!("{}/20", block(row)), &countries[row as usize % 4]);
    }
    let mmdb = mmdb.finish(1_772_366_400);

    let mut networks = Networks::default();
    let mut timed = |what: &str, add: &mut dyn FnMut(&mut Networks)| {
        let start = Instant::now();
        add(&mut networks);
        println!("{what}: read in {:.0?}", start.elapsed());
    };
    timed("MMDB, 100k networks", &mut |n| n.add_mmdb("mmdb", mmdb.clone()).expect("an MMDB"));
    timed("CSV, 400k rows", &mut |n| n.add_csv("csv", &table, None).expect("a CSV"));
    timed("AWS ranges, 10k", &mut |n| n.add_aws_ranges(&json).expect("ranges"));
    timed("list, 5k", &mut |n| n.add_list("list", &list, None).expect("a list"));

    let sources: Vec<String> =
        (0..LOOK_UPS).map(|n| Ipv4Addr::from(n.wrapping_mul(2_654_435_761)).to_string()).collect();
    let start = Instant::now();
    let known =
        sources.iter().filter(|source| networks.look_up(source, None).asn.is_some()).count();
    let each = start.elapsed().as_nanos() / u128::from(LOOK_UPS);
    println!("{LOOK_UPS} look-ups, {known} with an AS number: {each} ns each");
}
