//! Writes small MaxMind DB files: <https://maxmind.github.io/MaxMind-DB/>, with records of 24 bits.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use std::net::IpAddr;

/// A value of a record.
pub enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    Flag(bool),
    List(Vec<Value>),
    Map(Vec<(&'static str, Value)>),
}

/// A side of a node.
#[derive(Clone, Copy)]
enum Side {
    Empty,
    Node(usize),
    Data(usize),
}

/// A database in the making.
pub struct Writer {
    is_v6: bool,
    nodes: Vec<[Side; 2]>,
    data: Vec<u8>,
}

impl Writer {
    pub fn v4() -> Writer {
        Writer { is_v6: false, nodes: vec![[Side::Empty; 2]], data: Vec::new() }
    }

    pub fn v6() -> Writer {
        Writer { is_v6: true, ..Writer::v4() }
    }

    /// Adds a network; the wider of two that overlap goes first.
    pub fn add(&mut self, network: &str, value: &Value) {
        let (address, bits) = network.split_once('/').unwrap();
        let bits: u32 = bits.parse().unwrap();
        // IPv4 addresses are the last 32 bits of a tree of IPv6.
        let (number, bits) = match address.parse().unwrap() {
            IpAddr::V4(ip) if self.is_v6 => (u128::from(u32::from(ip)), bits + 96),
            IpAddr::V4(ip) => (u128::from(u32::from(ip)) << 96, bits),
            IpAddr::V6(ip) => (ip.into(), bits),
        };
        let offset = self.data.len();
        encode(value, &mut self.data);
        let mut node = 0;
        for depth in 0..bits {
            let side = (number >> (127 - depth) & 1) as usize;
            if depth + 1 == bits {
                self.nodes[node][side] = Side::Data(offset);
                break;
            }
            node = match self.nodes[node][side] {
                Side::Node(next) => next,
                wider => {
                    let next = self.nodes.len();
                    self.nodes.push([wider; 2]);
                    self.nodes[node][side] = Side::Node(next);
                    next
                }
            };
        }
    }

    /// The file, built at a time (seconds since 1970).
    pub fn finish(&self, built: u64) -> Vec<u8> {
        let count = self.nodes.len();
        let mut file = Vec::new();
        for side in self.nodes.iter().flatten() {
            let record = match side {
                Side::Empty => count,
                Side::Node(node) => *node,
                Side::Data(offset) => count + 16 + offset,
            };
            file.extend_from_slice(&(record as u32).to_be_bytes()[1..]);
        }
        file.extend_from_slice(&[0; 16]);
        file.extend_from_slice(&self.data);
        file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
        let metadata = Value::Map(vec![
            ("binary_format_major_version", Value::Short(2)),
            ("binary_format_minor_version", Value::Short(0)),
            ("build_epoch", Value::Long(built)),
            ("database_type", Value::Text("Test")),
            ("description", Value::Map(Vec::new())),
            ("ip_version", Value::Short(if self.is_v6 { 6 } else { 4 })),
            ("languages", Value::List(Vec::new())),
            ("node_count", Value::Number(count as u32)),
            ("record_size", Value::Short(24)),
        ]);
        encode(&metadata, &mut file);
        file
    }
}

/// Appends a value: a control byte with type and size, then the payload.
fn encode(value: &Value, to: &mut Vec<u8>) {
    let control = |kind: u8, size: usize, to: &mut Vec<u8>| {
        let (low, more) = if size < 29 { (size as u8, None) } else { (29, Some(size - 29)) };
        // Types above 7 stand in a byte of their own.
        to.push(if kind > 7 { low } else { kind << 5 | low });
        to.extend((kind > 7).then(|| kind - 7));
        to.extend(more.map(|more| u8::try_from(more).unwrap()));
    };
    match value {
        Value::Text(text) => {
            control(2, text.len(), to);
            to.extend_from_slice(text.as_bytes());
        }
        Value::Number(number) => {
            control(6, 4, to);
            to.extend_from_slice(&number.to_be_bytes());
        }
        Value::Short(number) => {
            control(5, 2, to);
            to.extend_from_slice(&number.to_be_bytes());
        }
        Value::Long(number) => {
            control(9, 8, to);
            to.extend_from_slice(&number.to_be_bytes());
        }
        Value::Flag(flag) => control(14, usize::from(*flag), to),
        Value::List(values) => {
            control(11, values.len(), to);
            values.iter().for_each(|value| encode(value, to));
        }
        Value::Map(fields) => {
            control(7, fields.len(), to);
            for (key, value) in fields {
                encode(&Value::Text(key), to);
                encode(value, to);
            }
        }
    }
}
