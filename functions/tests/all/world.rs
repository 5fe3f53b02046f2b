//! A bucket with a trail, a lake, and what should be in it in the end.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, Weak};
use std::time::{SystemTime, UNIX_EPOCH};

use rolecall_model::{Day, Object, Time};
use rolecall_tests::lakes::{content, lake_of, open, rows};
use rolecall_tests::proxy::Proxy;
use rolecall_tests::s3::S3;
use rolecall_tests::trails::{Caller, Held, account, assume, call, write};

use crate::lambda::Lambda;

/// One S3 for all tests of this program, which ends with the last of them.
fn s3() -> Arc<S3> {
    static SHARED: Mutex<Weak<S3>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap();
    shared.upgrade().unwrap_or_else(|| {
        let s3 = Arc::new(S3::start());
        *shared = Arc::downgrade(&s3);
        s3
    })
}

/// What a test plays with. Its buckets bear its name.
pub(crate) struct World {
    pub(crate) s3: Arc<S3>,
    pub(crate) proxy: Proxy,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) name: String,
    /// The keys of the trail.
    pub(crate) keys: Vec<String>,
}

impl World {
    /// A trail of so many objects, delivered today.
    pub(crate) fn new(name: &str, objects: u32) -> World {
        let s3 = s3();
        let proxy = Proxy::start(s3.port);
        let folder = tempfile::tempdir().unwrap();
        let mut world = World { s3, proxy, folder, name: name.into(), keys: Vec::new() };
        world.s3.put(&format!("/{}", world.trail()), b"");
        world.s3.put(&format!("/{}", world.bucket()), b"");
        for n in 0..objects {
            world.add(today(), &format!("{n:016}"), &records(n));
        }
        world
    }

    /// One more object of the trail, delivered on a day.
    pub(crate) fn add(&mut self, day: Day, name: &str, records: &[serde_json::Value]) {
        let key = key(day, name);
        let folder = self.folder.path().join("trail");
        write(&folder, key.trim_end_matches(".json.gz"), records);
        self.put(&key, &std::fs::read(folder.join(&key)).unwrap());
        self.keys.push(key);
    }

    /// The bucket of the trail.
    pub(crate) fn trail(&self) -> String {
        format!("{}-trail", self.name)
    }

    pub(crate) fn bucket(&self) -> String {
        format!("{}-lake", self.name)
    }

    /// Puts an object into the trail.
    pub(crate) fn put(&self, key: &str, body: &[u8]) {
        self.s3.put(&format!("/{}/{key}", self.trail()), body);
    }

    /// What a function over the lake on S3 needs to know.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.proxy.port)),
            ("ROLECALL_LAKE", format!("s3://{}/tables", self.bucket())),
            ("ROLECALL_TRAIL", format!("s3://{}", self.trail())),
        ]
    }

    /// The same over a lake in a folder.
    pub(crate) fn settings_of_folder(&self) -> Vec<(&'static str, String)> {
        let mut settings = self.settings();
        settings[1].1 = self.folder.path().join("lake").to_str().unwrap().to_owned();
        settings
    }

    pub(crate) fn ingest(&self) -> Lambda {
        Lambda::start("ingest", &self.settings())
    }

    /// The entries in the logs of the lake's tables on S3.
    pub(crate) fn commits(&self) -> BTreeMap<String, usize> {
        let mut commits = BTreeMap::new();
        for key in self.s3.keys(&self.bucket(), "tables/") {
            if let Some((table, entry)) = key.split_once("/_delta_log/")
                && entry.ends_with(".json")
            {
                *commits.entry(table.trim_start_matches("tables/").to_owned()).or_insert(0) += 1;
            }
        }
        commits
    }

    /// Asserts that the lake on S3 has all rows of the trail, each once.
    pub(crate) fn is_whole(&self) {
        let copy = tempfile::tempdir().unwrap();
        self.s3.download(&self.bucket(), "tables", copy.path());
        self.is_whole_in(copy.path());
    }

    /// The same for a lake in a folder.
    pub(crate) fn is_whole_in(&self, lake: &Path) {
        let expected = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let lake = open(lake).await;
            let plain = lake_of(expected.path(), &[&self.folder.path().join("trail")]).await;
            let (expected, found) = (content(&plain).await, content(&lake).await);
            for table in ["event", "usage"] {
                assert!(!found[table].is_empty());
                assert_eq!(found[table], expected[table], "{table}");
            }
            let mut times = BTreeMap::new();
            for row in rows::<Object>(&lake).await {
                assert_eq!(row.records, row.kept + row.passed_over + row.rejected, "{}", row.key);
                *times.entry(row.key).or_insert(0) += 1;
            }
            for key in &self.keys {
                let url = format!("s3://{}/{key}", self.trail());
                assert_eq!(times.get(&url), Some(&1), "{url} is in the ledger once");
            }
        });
    }
}

/// The key of an object that was delivered on a day.
pub(crate) fn key(day: Day, name: &str) -> String {
    let (account, day) = (account(1), day.to_string());
    let (folder, stamp) = (day.replace('-', "/"), day.replace('-', ""));
    format!(
        "AWSLogs/o-example/{account}/CloudTrail/us-east-1/{folder}/{account}_CloudTrail_us-east-1_{stamp}T0005Z_{name}.json.gz"
    )
}

pub(crate) fn today() -> Day {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Day::from(Time::from_seconds(now.as_secs() as i64))
}

/// What an object holds: an issuance into another account, and a call.
fn records(n: u32) -> Vec<serde_json::Value> {
    let user = Caller::User(account(1), "ana".into(), "AKIAQAAAAAAAAAAAAAAA".into());
    let held = Held {
        account: account(2),
        role: "deploy".into(),
        name: format!("walk-{n}"),
        key: format!("ASIAAAAAAAAAAAAA{n:04}"),
        created: 36_000 + n,
    };
    let mut records = assume(&format!("a{n}"), &user, &held);
    let session = Caller::Session(held);
    records.push(call(&format!("c{n}"), 36_010 + n, &session, "s3.amazonaws.com", "ListBuckets"));
    records
}
