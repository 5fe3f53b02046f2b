//! How quickly objects are read on one core, beside what inflating alone takes.
//!
//! `cargo run --release -p rolecall-cloudtrail --example throughput [files] [rounds] [percent] [folder]`
//!
//! Objects are made from a seed; so many percent of their records (8) are AssumeRole. With a folder,
//! its `.json.gz` files are read instead, over and over, as many as are asked for.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::time::Instant;

use libdeflater::{CompressionLvl, Compressor, Decompressor};
use rolecall_cloudtrail::{Batch, Limits, ObjectKind, ObjectRef, Reader};
use rolecall_model::Time;

const RECORDS: usize = 1000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual| arguments.get(at).map_or(usual, |a| a.parse().unwrap());
    let (files, rounds, percent) = (number(0, 500), number(1, 5), number(2, 8));
    let mut dice = Dice(7);
    let mut plain = 0;
    let real = arguments.get(3).map(|folder| real(folder.as_ref()));
    let objects: Vec<Vec<u8>> = (0..files)
        .map(|file| {
            if let Some(real) = &real {
                let bytes = real[file % real.len()].clone();
                plain += u32::from_le_bytes(*bytes.last_chunk().unwrap()) as usize;
                return bytes;
            }
            let text = object(file, percent as u64, &mut dice);
            plain += text.len();
            gzip(text.as_bytes())
        })
        .collect();
    let packed: usize = objects.iter().map(Vec::len).sum();
    println!(
        "{files} files, {:.0} MB of JSON, {:.0} MB of gzip",
        plain as f64 / 1e6,
        packed as f64 / 1e6
    );
    let (mut best_inflate, mut best_read) = (f64::MAX, f64::MAX);
    for _ in 0..rounds {
        let inflate = seconds(|| inflate(&objects));
        let mut held = Held::default();
        let read = seconds(|| held = read(&objects));
        println!(
            "inflate {inflate:.3} s, read {read:.3} s (of which dropping the rows {:.3} s), ratio {:.2}; \
             {} events, {} calls in {} groups",
            held.dropping,
            read / inflate,
            held.events,
            held.calls,
            held.groups
        );
        best_inflate = best_inflate.min(inflate);
        best_read = best_read.min(read);
    }
    println!(
        "best: inflate {best_inflate:.3} s ({:.0} MB/s), read {best_read:.3} s ({:.0} MB/s), ratio {:.2}",
        plain as f64 / 1e6 / best_inflate,
        plain as f64 / 1e6 / best_read,
        best_read / best_inflate
    );
}

/// Every `.json.gz` below a folder.
fn real(folder: &std::path::Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(real(&path));
        } else if path.to_string_lossy().ends_with(".json.gz") {
            found.push(std::fs::read(path).unwrap());
        }
    }
    found
}

fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn inflate(objects: &[Vec<u8>]) {
    let mut inflater = Decompressor::new();
    let mut buffer = vec![0; 4 << 20];
    for object in objects {
        std::hint::black_box(inflater.gzip_decompress(object, &mut buffer).unwrap());
    }
}

/// What all batches held, and how long it took to give them back.
#[derive(Default)]
struct Held {
    events: usize,
    calls: usize,
    groups: usize,
    dropping: f64,
}

/// Batches of 50 objects, as a caller with bounded memory would make them.
fn read(objects: &[Vec<u8>]) -> Held {
    let mut reader = Reader::new(Limits::default());
    let mut held = Held::default();
    for some in objects.chunks(50) {
        let mut batch = Batch::default();
        for bytes in some {
            let object = ObjectRef { key: "k", etag: "e", kind: ObjectKind::Log, read_at: Time(0) };
            let reading = reader.read(&object, bytes, &mut batch);
            assert_eq!(reading.kept, reading.records, "{reading:?}");
        }
        held.events += batch.events.len();
        held.calls += batch.uses.len();
        held.groups += batch.uses.groups();
        held.dropping += seconds(|| drop(std::hint::black_box(batch)));
    }
    held
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = Compressor::new(CompressionLvl::new(6).unwrap());
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let length = compressor.gzip_compress(bytes, &mut out).unwrap();
    out.truncate(length);
    out
}

/// A small generator of numbers that are random enough.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }
    fn letters(&mut self, n: usize) -> String {
        const BASE: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        (0..n).map(|_| char::from(BASE[self.below(32) as usize])).collect()
    }
    fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
            a >> 32,
            a >> 16 & 0xffff,
            a & 0xfff,
            b >> 52,
            b & 0xffff_ffff_ffff
        )
    }
}

/// A log file of five minutes: records of some dozens of principals.
fn object(file: usize, percent: u64, dice: &mut Dice) -> String {
    let mut out = String::with_capacity(RECORDS * 1400);
    out.push_str("{\"Records\":[");
    for record in 0..RECORDS {
        if record > 0 {
            out.push(',');
        }
        if dice.below(100) < percent {
            sts(&mut out, file, record, dice);
        } else {
            other(&mut out, file, record, dice);
        }
    }
    out.push_str("]}");
    out
}

fn time(file: usize, record: usize) -> String {
    let minute = file * 5 + record * 5 / RECORDS;
    format!(
        "2026-03-{:02}T{:02}:{:02}:{:02}Z",
        1 + minute / 1440 % 28,
        minute / 60 % 24,
        minute % 60,
        record % 60
    )
}

/// Some 40 principals, busy ones and idle ones.
fn caller(dice: &mut Dice) -> u64 {
    dice.below(40).min(dice.below(40))
}

fn identity(file: usize, who: u64, dice: &mut Dice) -> String {
    // A session lasts an hour, and two of each are alive.
    let hour = file / 12 + dice.below(2) as usize;
    let account = 111_111_111_111u64 * (1 + who % 4);
    let created = format!("2026-03-{:02}T{:02}:00:{:02}Z", 1 + hour / 24 % 28, hour % 24, who);
    let mut own = Dice(who * 7919 + hour as u64 * 31 + 1);
    let (role, key) = (Dice(who + 99).letters(17), own.letters(16));
    match who % 8 {
        0 => format!(
            r#"{{"type":"IAMUser","principalId":"AIDA{role}","arn":"arn:aws:iam::{account}:user/svc/user-{who}","accountId":"{account}","accessKeyId":"AKIA{}","userName":"user-{who}"}}"#,
            &role[..16]
        ),
        1 => format!(
            r#"{{"type":"AWSService","invokedBy":"{}.amazonaws.com"}}"#,
            ["config", "autoscaling", "ec2", "delivery.logs"][who as usize / 8 % 4]
        ),
        _ => format!(
            r#"{{"type":"AssumedRole","principalId":"AROA{role}:session-{who}","arn":"arn:aws:sts::{account}:assumed-role/role-{who}/session-{who}","accountId":"{account}","accessKeyId":"ASIA{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{role}","arn":"arn:aws:iam::{account}:role/team/role-{who}","accountId":"{account}","userName":"role-{who}"}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}}}}}"#
        ),
    }
}

const AGENTS: [&str; 4] = [
    "Boto3/1.34.51 md/Botocore#1.34.51 ua/2.0 os/linux#5.10.209-198.858.amzn2.x86_64 md/arch#x86_64 lang/python#3.11.6 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.34.51",
    "aws-sdk-go-v2/1.24.1 os/linux lang/go#1.21.6 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.142.1",
    "aws-cli/2.15.10 Python/3.11.6 Linux/6.1.66-91.160.amzn2023.x86_64 exe/x86_64.amzn.2023 prompt/off command/s3.cp",
    "APN/1.0 HashiCorp/1.0 Terraform/1.6.6 (+https://www.terraform.io) terraform-provider-aws/5.31.0 aws-sdk-go-v2/1.24.0",
];

fn other(out: &mut String, file: usize, record: usize, dice: &mut Dice) {
    const CALLS: [(&str, &str, bool); 10] = [
        ("ec2", "DescribeInstances", true),
        ("ec2", "DescribeNetworkInterfaces", true),
        ("s3", "GetBucketAcl", true),
        ("kms", "Decrypt", true),
        ("kms", "GenerateDataKey", true),
        ("logs", "CreateLogStream", false),
        ("ssm", "UpdateInstanceInformation", false),
        ("dynamodb", "DescribeTable", true),
        ("lambda", "GetFunction20150331v2", true),
        ("iam", "ListRolePolicies", true),
    ];
    let caller = caller(dice);
    // A program does few things, from one place, with one client.
    let (service, name, read_only) = CALLS[((caller + dice.below(3)) % 10) as usize];
    let who = identity(file, caller, dice);
    let (agent, address) = (AGENTS[(caller % 4) as usize], caller * 2 + dice.below(2));
    let error = if dice.below(20) == 0 {
        r#""errorCode":"AccessDenied","errorMessage":"User: arn:aws:sts::111111111111:assumed-role/role-3/session-3 is not authorized to perform this action because no identity-based policy allows it","#
    } else {
        ""
    };
    let request = match service {
        "ec2" => format!(
            r#"{{"instancesSet":{{"items":[{{"instanceId":"i-{:017x}"}},{{"instanceId":"i-{:017x}"}}]}},"filterSet":{{"items":[{{"name":"tag:Name","valueSet":{{"items":[{{"value":"web-{}"}}]}}}}]}}}}"#,
            dice.below(1 << 40),
            dice.below(1 << 40),
            dice.below(99)
        ),
        "kms" => format!(
            r#"{{"keyId":"arn:aws:kms:eu-west-1:111111111111:key/{}","encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{{"aws:s3:arn":"arn:aws:s3:::bucket-{}/data/part-{:05}.parquet","quoted":"say \"{}\""}}}}"#,
            dice.uuid(),
            dice.below(9),
            dice.below(99999),
            dice.below(9)
        ),
        "s3" => format!(
            r#"{{"bucketName":"bucket-{}","Host":"bucket-{}.s3.eu-west-1.amazonaws.com","acl":""}}"#,
            dice.below(50),
            dice.below(50)
        ),
        _ => format!(
            r#"{{"name":"thing-{}","maxResults":100,"nested":{{"enabled":true,"labels":["a","b","c"]}}}}"#,
            dice.below(1000)
        ),
    };
    let at = time(file, record);
    let (request_id, event_id, connection) = (dice.uuid(), dice.uuid(), dice.uuid());
    out.push_str(&format!(
        r#"{{"eventVersion":"1.09","userIdentity":{who},"eventTime":"{at}","eventSource":"{service}.amazonaws.com","eventName":"{name}","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.{address}","userAgent":"{agent}",{error}"requestParameters":{request},"responseElements":null,"additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"x-amz-id-2":"{connection}","bytesTransferredOut":{record}}},"requestID":"{request_id}","eventID":"{event_id}","readOnly":{read_only},"resources":[{{"accountId":"111111111111","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::bucket-7"}}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111111111111","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{service}.eu-west-1.amazonaws.com"}}}}"#
    ));
}

fn sts(out: &mut String, file: usize, record: usize, dice: &mut Dice) {
    let caller = caller(dice);
    let who = identity(file, caller, dice);
    let role = (caller + dice.below(2)) % 40;
    let (at, agent) = (time(file, record), AGENTS[(caller % 4) as usize]);
    let (request_id, event_id, key, id) =
        (dice.uuid(), dice.uuid(), dice.letters(16), Dice(role + 99).letters(17));
    let token: String = (0..20).map(|_| dice.letters(32)).collect();
    out.push_str(&format!(
        r#"{{"eventVersion":"1.08","userIdentity":{who},"eventTime":"{at}","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.9","userAgent":"{agent}","requestParameters":{{"roleArn":"arn:aws:iam::111111111111:role/team/role-{role}","roleSessionName":"session-{role}","durationSeconds":3600}},"responseElements":{{"credentials":{{"accessKeyId":"ASIA{key}","sessionToken":"IQoJb3JpZ2luX2Vj{token}","expiration":"Mar 3, 2026, 7:01:26 AM"}},"assumedRoleUser":{{"assumedRoleId":"AROA{id}:session-{role}","arn":"arn:aws:sts::111111111111:assumed-role/role-{role}/session-{role}"}}}},"requestID":"{request_id}","eventID":"{event_id}","readOnly":true,"resources":[{{"accountId":"111111111111","type":"AWS::IAM::Role","ARN":"arn:aws:iam::111111111111:role/team/role-{role}"}}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111111111111","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"sts.eu-west-1.amazonaws.com"}}}}"#
    ));
}
