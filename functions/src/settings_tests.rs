//! Environments that are right, and one in which everything is wrong.

use super::*;

fn read(function: Function, variables: &[(&str, &str)]) -> Result<Settings, BadSettings> {
    Settings::read(function, |name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn little_is_needed() {
    let settings =
        read(Function::Ingest, &[("ROLECALL_LAKE", " s3://lake/x "), ("ROLECALL_TRAIL", "")]);
    let settings = settings.unwrap();
    assert_eq!((settings.lake.as_str(), settings.trail), ("s3://lake/x", None));
    assert_eq!((settings.metrics_namespace.as_str(), settings.log), ("Rolecall", Level::Info));
    assert_eq!((settings.memory, settings.minimum_severity), (512, Severity::Low));
    assert_eq!((settings.retention_days, settings.poll_accounts), (None, vec![]));
    for (function, missing) in [
        (Function::Ingest, "ROLECALL_LAKE"),
        (Function::Poll, "ROLECALL_LAKE"),
        (Function::Detect, "ROLECALL_TOPIC_ARN"),
        (Function::Notify, "ROLECALL_CHANNELS_SECRET"),
    ] {
        let error = read(function, &[]).unwrap_err();
        assert!(error.0.contains(&format!("{missing} is missing")), "{error}");
    }
}

#[test]
fn everything_can_be_set() {
    let settings = read(
        Function::Poll,
        &[
            ("ROLECALL_LAKE", "/var/lake"),
            ("ROLECALL_TRAIL", "s3://trail/AWSLogs"),
            ("ROLECALL_CONFIG", "s3://lake/rolecall.toml"),
            ("ROLECALL_NETWORKS", "s3://lake/a.mmdb, b.csv,"),
            ("ROLECALL_TOPIC_ARN", "arn:aws-cn:sns:cn-north-1:111111111111:findings"),
            (
                "ROLECALL_CHANNELS_SECRET",
                "arn:aws:secretsmanager:eu-west-1:111111111111:secret:channels-AbCdEf",
            ),
            ("ROLECALL_MINIMUM_SEVERITY", "high"),
            ("ROLECALL_POLL_ACCOUNTS", "own,arn:aws:iam::222222222222:role/audit"),
            ("ROLECALL_POLL_REGIONS", "eu-west-1,us-gov-west-1"),
            ("ROLECALL_RETENTION_DAYS", "400"),
            ("ROLECALL_VACUUM_DAYS", "3"),
            ("ROLECALL_METRICS_NAMESPACE", "Acme/Rolecall"),
            ("ROLECALL_LOG", "debug"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"),
        ],
    );
    let settings = settings.unwrap();
    assert_eq!(settings.networks, ["s3://lake/a.mmdb", "b.csv"]);
    assert_eq!((settings.retention_days, settings.memory), (Some(400), 1024));
    assert_eq!(settings.vacuum_days, Some(3));
    assert_eq!((settings.poll_accounts.len(), settings.poll_regions.len()), (2, 2));
    assert_eq!((settings.minimum_severity, settings.log), (Severity::High, Level::Debug));
}

#[test]
fn one_error_lists_all_that_is_wrong_and_repeats_no_value() {
    const SECRET: &str = "https://hooks.example.com/planted";
    let names = [
        "ROLECALL_LAKE",
        "ROLECALL_TRAIL",
        "ROLECALL_CONFIG",
        "ROLECALL_NETWORKS",
        "ROLECALL_TOPIC_ARN",
        "ROLECALL_CHANNELS_SECRET",
        "ROLECALL_MINIMUM_SEVERITY",
        "ROLECALL_POLL_ACCOUNTS",
        "ROLECALL_POLL_REGIONS",
        "ROLECALL_RETENTION_DAYS",
        "ROLECALL_VACUUM_DAYS",
        "ROLECALL_METRICS_NAMESPACE",
        "ROLECALL_LOG",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    ];
    let all: Vec<(&str, &str)> = names
        .iter()
        .map(|name| {
            (*name, if *name == "ROLECALL_METRICS_NAMESPACE" { "AWS/planted" } else { SECRET })
        })
        .collect();
    let error = read(Function::Detect, &all).unwrap_err();
    assert_eq!(error.0.len(), names.len(), "{error}");
    for name in names {
        assert!(error.to_string().contains(name), "{name} is not told: {error}");
    }
    assert!(!error.to_string().contains("planted"), "{error}");
    for (name, value) in [
        ("ROLECALL_RETENTION_DAYS", "34"),
        ("ROLECALL_VACUUM_DAYS", "0"),
        ("ROLECALL_VACUUM_DAYS", "8"),
        ("ROLECALL_TRAIL", "s3://"),
        ("ROLECALL_LAKE", "s3://UP/x"),
    ] {
        let error = read(
            Function::Ingest,
            &[("ROLECALL_LAKE", "lake"), (name, value)][usize::from(name == "ROLECALL_LAKE")..],
        );
        assert_eq!(error.unwrap_err().0.len(), 1, "{name}");
    }
}
