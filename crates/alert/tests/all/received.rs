//! Messages that are, or pretend to be, from SNS. A key of our own signs as SNS does.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rolecall_alert::{Certificates, Invalid, Kind, Trust, Verifier};
use rolecall_model::Time;
use serde_json::{Value, json};

const TOPIC: &str = "arn:aws:sns:eu-west-1:111111111111:findings";
const URL: &str =
    "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";

fn now() -> Time {
    "2026-03-10T12:10:00Z".parse().unwrap()
}

/// Making a key takes a while: all tests share two.
struct Signer(RsaKeyPair);

impl Signer {
    fn new() -> Signer {
        Signer(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// A certificate from one year until another, with a common name and an alternative name.
    fn certificate(&self, common: &str, alternative: &str, from: u32, until: u32) -> String {
        const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 0x0b];
        const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
        let algorithm = |oid| der(0x30, &[der(6, &[oid]), der(5, &[[0_u8; 0]])]);
        let bits = |bytes: &[u8]| der(3, &[[&[0], bytes].concat()]);
        let name = |name: &str| {
            let pair = der(0x30, &[der(6, &[[0x55, 4, 3]]), der(0x0c, &[name])]);
            der(0x30, &[der(0x31, &[pair])])
        };
        let year = |year: u32| der(0x17, &[format!("{:02}0101000000Z", year % 100)]);
        let names = der(0x30, &[der(0x82, &[alternative])]);
        let extension = der(0x30, &[der(6, &[[0x55, 0x1d, 0x11]]), der(4, &[names])]);
        let contents = der(
            0x30,
            &[
                der(0xa0, &[der(2, &[[2]])]),
                der(2, &[[1]]),
                algorithm(SHA256_WITH_RSA),
                name("an authority"),
                der(0x30, &[year(from), year(until)]),
                name(common),
                der(0x30, &[algorithm(RSA), bits(self.0.public_key().as_ref())]),
                der(0xa3, &[der(0x30, &[extension])]),
            ],
        );
        let signature = STANDARD.decode(self.sign(&contents)).unwrap();
        let whole = der(0x30, &[contents, algorithm(SHA256_WITH_RSA), bits(&signature)]);
        let lines = STANDARD.encode(whole);
        let lines: Vec<&str> =
            lines.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    fn sign(&self, text: impl AsRef<[u8]>) -> String {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0.sign(&RSA_PKCS1_SHA256, &random, text.as_ref(), &mut signature).unwrap();
        STANDARD.encode(signature)
    }
}

/// One value in DER: its tag, its length, its parts.
fn der(tag: u8, parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let parts: Vec<u8> = parts.iter().flat_map(|part| part.as_ref()).copied().collect();
    let length = parts.len();
    let head = match length {
        0..128 => vec![tag, length as u8],
        128..256 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, parts].concat()
}

static SNS: LazyLock<Signer> = LazyLock::new(Signer::new);
static THIEF: LazyLock<Signer> = LazyLock::new(Signer::new);

/// A notification that is signed as AWS documents it: written here anew, not with the code under test.
fn notification(signer: &Signer, subject: Option<&str>) -> Value {
    let message = "{\"schema\": \"finding.v1\"}\nzweite Zeile: ä";
    let mut text = format!("Message\n{message}\nMessageId\nm-1\n");
    if let Some(subject) = subject {
        text.push_str(&format!("Subject\n{subject}\n"));
    }
    text.push_str(&format!(
        "Timestamp\n2026-03-10T12:00:00.000Z\nTopicArn\n{TOPIC}\nType\nNotification\n"
    ));
    let mut envelope = json!({
        "Type": "Notification", "MessageId": "m-1", "TopicArn": TOPIC, "Message": message,
        "Timestamp": "2026-03-10T12:00:00.000Z", "SignatureVersion": "2",
        "Signature": signer.sign(&text), "SigningCertURL": URL,
        "UnsubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe",
    });
    if let Some(subject) = subject {
        envelope["Subject"] = subject.into();
    }
    envelope
}

fn verifier(pem: &str) -> Verifier {
    Verifier::new(Trust::topics(vec![TOPIC.parse().unwrap()]), Certificates::given(pem.as_bytes()))
}

fn sns() -> Verifier {
    verifier(&SNS.certificate("sns.amazonaws.com", "sns.amazonaws.com", 2025, 2027))
}

async fn refused(verifier: &Verifier, envelope: &Value, now: Time) -> String {
    let refused = verifier.verify(envelope.to_string().as_bytes(), now).await;
    refused.expect_err("it was taken").to_string()
}

#[tokio::test]
async fn what_sns_signed_is_taken_once() {
    for subject in [None, Some("[high] ä")] {
        let verifier = sns();
        let body = notification(&SNS, subject).to_string();
        let received = verifier.verify(body.as_bytes(), now()).await.unwrap();
        assert_eq!((received.kind, received.id.as_str()), (Kind::Notification, "m-1"));
        assert_eq!(received.subject.as_deref(), subject);
        assert!(received.message.ends_with("\nzweite Zeile: ä"));
        let again = verifier.verify(body.as_bytes(), now()).await;
        assert!(matches!(again, Err(Invalid::Again)), "{again:?}");
    }
}

#[tokio::test]
async fn a_subscription_is_confirmed_with_its_token() {
    let text = format!(
        "Message\nconfirm\nMessageId\nm-2\nSubscribeURL\nhttps://sns.eu-west-1.amazonaws.com/?x\n\
         Timestamp\n2026-03-10T12:00:00.000Z\nToken\nt0ken\nTopicArn\n{TOPIC}\nType\nSubscriptionConfirmation\n"
    );
    let mut envelope = json!({
        "Type": "SubscriptionConfirmation", "MessageId": "m-2", "TopicArn": TOPIC, "Message": "confirm",
        "Timestamp": "2026-03-10T12:00:00.000Z", "SignatureVersion": "2", "Token": "t0ken",
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?x",
        "Signature": SNS.sign(&text), "SigningCertURL": URL,
    });
    let received = sns().verify(envelope.to_string().as_bytes(), now()).await.unwrap();
    assert_eq!(
        (received.kind, received.token.as_deref()),
        (Kind::SubscriptionConfirmation, Some("t0ken"))
    );
    envelope["SubscribeURL"] = "https://evil.example/".into();
    assert_eq!(refused(&sns(), &envelope, now()).await, "its signature is wrong");
}

#[tokio::test]
async fn every_change_is_noticed() {
    let good = notification(&SNS, Some("subject"));
    for (field, value) in [
        ("Message", "other"),
        ("MessageId", "m-9"),
        ("Subject", "other"),
        ("Timestamp", "2026-03-10T12:00:01.000Z"),
        ("Signature", "AAAA"),
        ("Signature", "no base64!"),
    ] {
        let mut changed = good.clone();
        changed[field] = value.into();
        assert_eq!(refused(&sns(), &changed, now()).await, "its signature is wrong", "{field}");
    }
    let mut without = good.clone();
    without.as_object_mut().unwrap().remove("Subject");
    assert_eq!(refused(&sns(), &without, now()).await, "its signature is wrong");
    // A newline moved from one field into another signs differently.
    let mut moved = notification(&SNS, None);
    moved["MessageId"] = "m-1\nSubject\nx".into();
    assert_eq!(refused(&sns(), &moved, now()).await, "its signature is wrong");
}

#[tokio::test]
async fn strangers_are_refused() {
    let good = notification(&SNS, None);
    let with = |field: &str, value: &str| {
        let mut changed = good.clone();
        changed[field] = value.into();
        changed
    };
    let other = "arn:aws:sns:eu-west-1:999999999999:findings";
    for (envelope, part) in [
        (with("TopicArn", other), "its topic is none"),
        (
            with("SigningCertURL", "https://evil.example/SimpleNotificationService-00.pem"),
            "not to be had from SNS",
        ),
        (with("SigningCertURL", &URL.replace("eu-west-1", "us-east-1")), "not to be had from SNS"),
        (with("SignatureVersion", "1"), "only version 2 is taken"),
        (with("SignatureVersion", "3"), "only version 2 is taken"),
        (with("Type", "Note"), "no message of SNS"),
        (notification(&THIEF, None), "its signature is wrong"),
    ] {
        let told = refused(&sns(), &envelope, now()).await;
        assert!(told.contains(part), "{told}");
    }
    let twice = good.to_string().replacen('{', "{\"Message\": \"other\",", 1);
    assert!(matches!(sns().verify(twice.as_bytes(), now()).await, Err(Invalid::Json { .. })));
    let long = with("Message", &"x".repeat(600_000)).to_string();
    assert!(matches!(sns().verify(long.as_bytes(), now()).await, Err(Invalid::Long)));
    for body in ["", "[]", "{}", "null"] {
        assert!(matches!(sns().verify(body.as_bytes(), now()).await, Err(Invalid::Json { .. })));
    }
}

#[tokio::test]
async fn certificates_are_looked_at() {
    let good = notification(&SNS, None);
    let name = "sns.amazonaws.com";
    for (common, alternative) in [(name, "x.example"), ("x", "sns.eu-west-1.amazonaws.com")] {
        let pem = SNS.certificate(common, alternative, 2025, 2027);
        verifier(&pem).verify(good.to_string().as_bytes(), now()).await.unwrap();
    }
    for (pem, part) in [
        (SNS.certificate("s3.amazonaws.com", "x.example", 2025, 2027), "its subject is not SNS"),
        (SNS.certificate(name, name, 2020, 2025), "it is not valid now"),
        (SNS.certificate(name, name, 2027, 2028), "it is not valid now"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".into(), "in PEM"),
        (String::new(), "in PEM"),
    ] {
        let told = refused(&verifier(&pem), &good, now()).await;
        assert!(told.contains(part), "{told}");
    }
}

#[tokio::test]
async fn what_is_old_or_early_is_refused() {
    let good = notification(&SNS, None);
    for (seconds, taken) in [(3599, true), (3601, false), (-3599, true), (-3601, false)] {
        let at: Time = "2026-03-10T12:00:00Z".parse().unwrap();
        let got = sns().verify(good.to_string().as_bytes(), at.plus_seconds(seconds)).await;
        assert_eq!(got.is_ok(), taken, "{seconds} s: {got:?}");
    }
}

/// What OpenSSL signed with SHA-1, and the certificate beside it: nothing here signs like that.
const VERSION_1: &str = include_str!("version_1.json");

#[tokio::test]
async fn version_1_is_taken_only_where_it_is_allowed() {
    let now: Time = "2027-03-10T12:00:00Z".parse().unwrap();
    let mut envelope: Value = serde_json::from_str(VERSION_1).unwrap();
    let pem = include_str!("version_1.pem");
    assert!(refused(&verifier(pem), &envelope, now).await.contains("only version 2"));
    let mut trust = Trust::topics(vec![TOPIC.parse().unwrap()]);
    trust.version_1 = true;
    let allowed = Verifier::new(trust, Certificates::given(pem.as_bytes()));
    allowed.verify(envelope.to_string().as_bytes(), now).await.unwrap();
    // The version is not for the sender to choose: the same signature is none of version 2.
    envelope["SignatureVersion"] = "2".into();
    assert_eq!(refused(&allowed, &envelope, now).await, "its signature is wrong");
}
