//! A trail as its files give it: every record once, and whose each address is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

use libdeflater::Decompressor;
use rolecall_model::Time;
use rolecall_simulate::{File, Plan, files, support_files};
use serde_json::Value;

use crate::record::Record;

/// What was delivered.
pub(crate) struct Trail {
    pub(crate) files: Vec<File>,
    /// Every record once, by time.
    pub(crate) records: Vec<Record>,
    /// How many records the files hold together.
    pub(crate) delivered: usize,
    /// `networks.csv`: ranges and who runs them.
    networks: Vec<(IpAddr, IpAddr, String)>,
}

impl Trail {
    pub(crate) fn of(plan: &Plan) -> Trail {
        let files: Vec<File> = files(plan).collect();
        let (mut records, mut delivered, mut met) = (Vec::new(), 0, HashSet::new());
        let mut unpacker = Decompressor::new();
        for file in &files {
            for said in records_of(file, &mut unpacker) {
                let record = Record::new(said, delivered_at(file));
                let id = format!("{} {}", record.account, record.text("/eventID"));
                delivered += 1;
                if met.insert(id) {
                    records.push(record);
                }
            }
        }
        records.sort_by_key(|record| record.time);
        let beside: HashMap<String, String> = support_files(plan).into_iter().collect();
        let networks = beside["networks.csv"].lines().skip(1).map(network).collect();
        Trail { files, records, delivered, networks }
    }

    /// Records that fit.
    pub(crate) fn all<'a>(
        &'a self,
        fits: impl Fn(&Record) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |record| fits(record))
    }

    /// Records by what `group` says of them, each group by time; those of which it says nothing are left out.
    fn by(&self, group: impl Fn(&Record) -> String) -> Groups<'_> {
        let mut groups = Groups::new();
        for record in &self.records {
            let group = group(record);
            if !group.is_empty() {
                groups.entry(group).or_default().push(record);
            }
        }
        groups
    }

    pub(crate) fn by_account(&self) -> Groups<'_> {
        self.by(|record| record.account.clone())
    }

    /// The calls that each key signed.
    pub(crate) fn by_key(&self) -> Groups<'_> {
        self.by(|record| record.key.clone())
    }

    /// The calls of each session: the same principal, issued in the same second.
    pub(crate) fn sessions(&self) -> Groups<'_> {
        self.by(Record::session)
    }

    /// Every key that an answer of STS shows.
    pub(crate) fn issued(&self) -> HashSet<&str> {
        self.all(|record| record.is_of("sts")).map(Record::issued).collect()
    }

    /// Who runs the network of an address.
    pub(crate) fn operator(&self, address: &str) -> &str {
        let Ok(address) = address.parse::<IpAddr>() else { return "" };
        let within =
            |(first, last, _): &&(IpAddr, IpAddr, String)| (*first..=*last).contains(&address);
        self.networks.iter().find(within).map_or("", |(.., operator)| operator)
    }
}

/// Records that have something in common.
pub(crate) type Groups<'a> = BTreeMap<String, Vec<&'a Record>>;

/// How many different things there are.
pub(crate) fn distinct<T: Eq + std::hash::Hash>(things: impl Iterator<Item = T>) -> usize {
    things.collect::<HashSet<T>>().len()
}

fn records_of(file: &File, unpacker: &mut Decompressor) -> Vec<Value> {
    // gzip ends with the length of what was packed.
    let length = file.bytes.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    let mut text = vec![0; length as usize];
    unpacker.gzip_decompress(&file.bytes, &mut text).unwrap();
    let mut object: Value = serde_json::from_slice(&text).unwrap();
    let Value::Array(records) = object["Records"].take() else { panic!("{}", file.key) };
    records
}

/// The instant in a file's name: `…_20260302T0915Z_….json.gz`.
pub(crate) fn delivered_at(file: &File) -> i64 {
    let stamp = file.key.rsplit('_').nth(1).unwrap();
    let part = |from: usize, to: usize| &stamp[from..to];
    let (day, hour, minute) = (part(6, 8), part(9, 11), part(11, 13));
    let text = format!("{}-{}-{day}T{hour}:{minute}:00Z", part(0, 4), part(4, 6));
    text.parse::<Time>().unwrap().seconds()
}

fn network(line: &str) -> (IpAddr, IpAddr, String) {
    let cells: Vec<&str> = line.split(',').collect();
    (cells[0].parse().unwrap(), cells[1].parse().unwrap(), cells[3].to_owned())
}
