//! Runs the program and looks at what it says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder with the program in it.
pub(crate) struct Desk {
    pub(crate) folder: tempfile::TempDir,
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk whose lake holds the demo.
    pub(crate) fn with_demo() -> Desk {
        let desk = Desk::new();
        let said = desk.run(&["demo", "--keep", "rolecall-lake"]);
        assert_eq!(said.code, 0, "{}", said.err);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, with nothing of this machine's environment but where programs and home are.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    /// Runs what must succeed, and gives what it answers.
    pub(crate) fn answer(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said.out
    }

    /// Writes a file that is no gzip.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

pub(crate) fn said(output: Output) -> Said {
    Said {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// A record in which the session name can be anything.
pub(crate) fn assumed(id: &str, name: &str) -> String {
    let record = serde_json::json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "accountId": "111111111111",
            "arn": "arn:aws:iam::111111111111:user/ana", "accessKeyId": "AKIAEXAMPLE", "userName": "ana",
        },
        "eventTime": "2026-03-10T12:00:00Z",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15.0",
        "requestParameters": {"roleArn": "arn:aws:iam::111111111111:role/build", "roleSessionName": name, "durationSeconds": 43200},
        "responseElements": {
            "credentials": {"accessKeyId": format!("ASIA{id}"), "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLE", "expiration": "Mar 11, 2026, 12:00:00 AM"},
            "assumedRoleUser": {"assumedRoleId": format!("AROAEXAMPLE:{name}"), "arn": format!("arn:aws:sts::111111111111:assumed-role/build/{name}")},
        },
        "eventID": id, "readOnly": true, "eventType": "AwsApiCall", "recipientAccountId": "111111111111",
    });
    record.to_string()
}
