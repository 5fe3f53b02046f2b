//! The functions: what they give for what, and that no text upsets them.

use std::sync::Arc;

use arrow::array::{ArrayRef, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use proptest::prelude::*;
use rolecall_query::{Engine, documented, sql};
use serde_json::{Value, json};

use crate::{rows, value};

#[tokio::test]
async fn every_example_is_true() {
    let engine = Engine::empty().await.unwrap();
    for doc in documented() {
        let found = value(&engine, &format!("SELECT {}", doc.example)).await;
        assert_eq!(found, json!(true), "{}", doc.name);
        assert!(doc.about.ends_with('.'), "{}", doc.name);
        assert!(doc.signature.starts_with(doc.name), "{}", doc.name);
        let shown = "SELECT COUNT(*) FROM information_schema.routines WHERE routine_name = ";
        let listed = value(&engine, &format!("{shown}'{}'", doc.name)).await;
        assert_ne!(listed, json!(0), "{}", doc.name);
    }
}

#[tokio::test]
async fn values() {
    let engine = Engine::empty().await.unwrap();
    for (call, expected) in [
        ("account_of_arn('arn:aws:s3:::bucket')", Value::Null),
        ("account_of_arn('no arn')", Value::Null),
        ("account_of_arn(NULL)", Value::Null),
        ("account_of_key('AKIAIOSFODNN7EXAMPLE')", Value::Null),
        ("role_name('arn:aws:sts::111111111111:assumed-role/build/run-7')", json!("build")),
        ("session_name('arn:aws:sts::111111111111:federated-user/ann')", json!("ann")),
        ("session_name('arn:aws:iam::111111111111:role/build')", Value::Null),
        ("client_of('')", json!("unknown")),
        ("in_cidr('192.0.2.7', '192.0.2.0/24')", json!(true)),
        ("in_cidr('192.0.2.7', '192.0.2.7')", json!(true)),
        ("in_cidr('::ffff:192.0.2.7', '192.0.2.0/24')", json!(true)),
        ("in_cidr('192.0.3.7', '192.0.2.0/24')", json!(false)),
        ("in_cidr('2001:db8::1', '192.0.2.0/24, 2001:db8::/32')", json!(true)),
        ("in_cidr('192.0.2.7', '')", json!(false)),
        ("in_cidr('ec2.amazonaws.com', '0.0.0.0/0')", json!(false)),
        ("in_cidr(NULL, '0.0.0.0/0')", Value::Null),
        ("in_cidr('192.0.2.7', NULL)", Value::Null),
        ("network_of('2001:db8:1:2::3')", json!("2001:db8:1::/48")),
        ("network_of('203.0.113.77', 16, 32)", json!("203.0.0.0/16")),
        ("network_of('2001:db8:1:2::3', 16, 32)", json!("2001:db8::/32")),
        ("network_of('AWS Internal', 16, 32)", json!("AWS Internal")),
        ("network_of(NULL, 16, 32)", Value::Null),
        ("is_address('203.0.113')", json!(false)),
        ("is_address('::1')", json!(true)),
        ("is_private_address('100.64.0.1')", json!(true)),
        ("is_private_address('100.128.0.1')", json!(false)),
        ("is_private_address('fd00::1')", json!(true)),
        ("is_private_address('172.31.9.9')", json!(true)),
        ("is_private_address('172.32.9.9')", json!(false)),
        ("is_private_address('AWS Internal')", json!(false)),
        ("only_reads('AssumeRoleWithSAML')", json!(true)),
        ("only_reads('PutObject')", json!(false)),
        ("only_reads(NULL)", Value::Null),
        ("glob('abc', 'a*')", json!(true)),
        ("glob('abc', NULL)", Value::Null),
    ] {
        assert_eq!(value(&engine, &format!("SELECT {call}")).await, expected, "{call}");
    }
}

#[tokio::test]
async fn nonsense_is_an_error_and_not_an_answer() {
    let engine = Engine::empty().await.unwrap();
    for (call, part) in [
        ("in_cidr('192.0.2.7', '192.0.2.0/33')", "`192.0.2.0/33` is no network"),
        ("network_of('192.0.2.7', 33, 48)", "33 is no length"),
        ("network_of('192.0.2.7', -1, 48)", "-1 is no length"),
        ("is_address(7, 8)", "is_address"),
    ] {
        let answer = sql(&engine, &format!("SELECT {call}")).await;
        let error = match answer {
            Ok(answer) => answer.all().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().contains(part), "{call}: {error}");
    }
}

#[tokio::test]
async fn every_layout_of_text_will_do() {
    let texts = vec![Some("203.0.113.77"), None, Some("AWS Internal")];
    let layouts: [ArrayRef; 3] = [
        Arc::new(StringArray::from(texts.clone())),
        Arc::new(LargeStringArray::from(texts.clone())),
        Arc::new(StringViewArray::from(texts)),
    ];
    for layout in layouts {
        let kind = layout.data_type().clone();
        let batch = RecordBatch::try_from_iter([("address", layout)]).unwrap();
        let engine = Engine::empty().await.unwrap();
        engine.context().register_batch("given", batch).unwrap();
        let query = "SELECT network_of(address) AS a, in_cidr(address, '203.0.113.0/24') AS b,
            glob(address, '*.77') AS c, network_of(address, 8, 8) AS d FROM given";
        let found: Vec<Value> = rows(&engine, query).await.into_iter().map(Value::from).collect();
        let expected = [
            json!({"a": "203.0.113.0/24", "b": true, "c": true, "d": "203.0.0.0/8"}),
            json!({"a": null, "b": null, "c": null, "d": null}),
            json!({"a": "AWS Internal", "b": false, "c": false, "d": "AWS Internal"}),
        ];
        assert_eq!(found, expected, "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_upsets_a_function(text in any::<String>(), other in "[*?.:/a-z0-9ü]{0,12}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let engine = Engine::empty().await.unwrap();
            let columns = [&text, &other].map(|t| Arc::new(StringArray::from(vec![t.as_str()])) as _);
            let given = RecordBatch::try_from_iter(["a", "b"].into_iter().zip(columns)).unwrap();
            engine.context().register_batch("given", given).unwrap();
            let calls = "account_of_arn(a), account_of_key(a), role_name(a), session_name(a),
                client_of(a), network_of(a), is_address(a), is_private_address(a), only_reads(a),
                glob(a, b), glob(b, a), role_name('arn:aws:iam::1:' || b), in_cidr(a, '192.0.2.0/24')";
            assert_eq!(rows(&engine, &format!("SELECT {calls} FROM given")).await.len(), 1);
        });
    }
}
