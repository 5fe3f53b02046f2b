//! Federation: new providers, new subjects, minted tokens, consoles, and sessions that change IAM.

use crate::attacks::Attack;
use crate::attacks::tools::{at_work, lair, look_around, person, stolen};
use crate::caller::Caller;
use crate::clock::HOUR;
use crate::everyday::builds;
use crate::network::Net;
use crate::person::Team;
use crate::place::{Agent, browser};
use crate::scene::{Ask, Subject, Vouched};
use crate::world::{BUILD, PRODUCTION};

pub(super) const FD_1: Attack = Attack {
    id: "FD-1",
    about: "Somebody of operations brings identity providers of their own: SAML, OpenID Connect and certificates.",
    hour: 11,
    run: |scene, at| {
        let Some(operator) = person(scene, Team::Operations, 2) else { return };
        let (held, place) = at_work(scene, &operator, at + 60, 0);
        let number = held.account.number.clone();
        scene.touches_caller(&held);
        scene.may_fire(&["B15", "B12"]);
        let saml = format!("arn:aws:iam::{number}:saml-provider/backup-login");
        let steps = [
            ("iam.CreateSAMLProvider", r#"{"sAMLMetadataDocument":"<EntityDescriptor/>","name":"backup-login"}"#.to_owned(), format!(r#"{{"sAMLProviderArn":"{saml}"}}"#)),
            ("iam.CreateOpenIDConnectProvider", r#"{"url":"https://login.example.net","clientIDList":["sts.amazonaws.com"],"thumbprintList":[]}"#.to_owned(), format!(r#"{{"openIDConnectProviderArn":"arn:aws:iam::{number}:oidc-provider/login.example.net"}}"#)),
            ("rolesanywhere.CreateTrustAnchor", r#"{"name":"spare","enabled":true,"source":{"sourceType":"CERTIFICATE_BUNDLE","sourceData":{"x509CertificateData":"EXAMPLE"}}}"#.to_owned(), "null".to_owned()),
            ("rolesanywhere.CreateProfile", format!(r#"{{"name":"spare","enabled":true,"durationSeconds":3600,"roleArns":["arn:aws:iam::{number}:role/ops-readonly"]}}"#), "null".to_owned()),
        ];
        for (order, (api, request, response)) in steps.iter().enumerate() {
            scene.call_with(at + 700 + 80 * order as i64, &held, &place, api, request, response);
        }
        scene.touches(&[&saml]);
        let lair = lair(Net::HostingBucharest, 41);
        let role = scene.world.account(PRODUCTION).role("/", "ops-readonly");
        let vouched = Vouched {
            user: "service@login.example.net",
            provider: &saml,
            issuer: "https://login.example.net/saml",
            seconds: 3600,
        };
        let taken = scene.saml(at + HOUR, &role, &lair, vouched);
        scene.touches_caller(&taken);
        scene.may_fire(&["FD-2", "LK-1"]);
        look_around(
            scene,
            at + HOUR + 4,
            &taken,
            &lair,
            &["ec2.DescribeInstances", "s3.ListBuckets"],
            20,
        );
    },
};

pub(super) const FD_2: Attack = Attack {
    id: "FD-2",
    about: "A build role trusts more than it should: a fork of the repository takes it.",
    hour: 9,
    run: |scene, at| {
        let place = builds::runner(scene);
        let provider = scene.world.code_host();
        let subject = "repo:example-org-fork/search:ref:refs/heads/main";
        let who = Subject {
            provider: &provider,
            subject,
            audience: "sts.amazonaws.com",
            seconds: Some(3600),
        };
        let role = scene.world.account(BUILD).role("/", "ci-search");
        let held = scene.web_identity(at + 800, &role, "GitHubActions", &place, who);
        scene.touches_caller(&held);
        scene.touches(&[subject]);
        scene.may_fire(&["RC-1"]);
        let calls = [
            "sts.GetCallerIdentity",
            "ecr.DescribeRepositories",
            "secretsmanager.ListSecrets",
            "ssm.GetParametersByPath",
        ];
        look_around(scene, at + 803, &held, &place, &calls, 9);
    },
};

pub(super) const FD_3: Attack = Attack {
    id: "FD-3",
    about: "A stolen key mints a federated session with every right, for thirty-six hours.",
    hour: 13,
    run: |scene, at| {
        let user = scene.world.developer(5, at);
        let place = lair(Net::HomeHanoi, 43);
        scene.touches_caller(&Caller::user(&user));
        scene.call(at + 300, &Caller::user(&user), &place, "sts.GetCallerIdentity");
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
        let held =
            scene.federation_token(at + 360, &user, &place, "support", policy, Some(129_600));
        scene.touches_caller(&held);
        scene.may_fire(&["LS-1", "LK-1", "LK-2", "B13"]);
        look_around(
            scene,
            at + 366,
            &held,
            &place,
            &["s3.ListBuckets", "ecr.DescribeRepositories", "ec2.DescribeInstances"],
            40,
        );
        scene.call(at + 20 * HOUR, &held, &place, "s3.ListBuckets");
    },
};

pub(super) const FD_4: Attack = Attack {
    id: "FD-4",
    about: "A container's credentials become a console, which is opened from a third place.",
    hour: 17,
    run: |scene, at| {
        let Some((held, when)) = stolen(scene, "task/0", at + 300) else { return };
        scene.touches_caller(&held);
        scene.may_fire(&["LK-1", "LK-2", "LK-3", "LS-2", "B1", "B13"]);
        let lair = lair(Net::VpnStockholm, 44).by(Agent::Fixed("Python-urllib/3.11".into()));
        scene.call(when, &held, &lair, "sts.GetCallerIdentity");
        scene.signin_token(when + 20, &held, &lair.in_region("us-east-1"));
        let home = lair.by(browser(5)).from(Net::HomeSaoPaulo.ip(945)).in_region("us-east-1");
        scene.console_login(when + 60, &held, &home, "Success", "No");
        let key = scene.new_key(&held.account);
        let console = held.with(|session| {
            session.key = key;
            session.console = true;
        });
        scene.touches_caller(&console);
        look_around(
            scene,
            when + 70,
            &console,
            &home,
            &["s3.ListBuckets", "secretsmanager.ListSecrets", "rds.DescribeDBInstances"],
            25,
        );
    },
};

pub(super) const FD_5: Attack = Attack {
    id: "FD-5",
    about: "A session of a user's stolen key registers an MFA device, sets a password, and takes a role with it.",
    hour: 20,
    run: |scene, at| {
        let user = scene.world.developer(6, at);
        let (place, name) = (lair(Net::HomeKyiv, 45), user.name.clone());
        let token = scene.session_token(at + 300, &user, &place, None, "");
        scene.touches_caller(&token);
        scene.touches_caller(&Caller::user(&user));
        scene.may_fire(&["LK-1", "B12", "B13"]);
        let device = format!("arn:aws:iam::{}:mfa/{name}-2", user.account.number);
        let steps = [
            (
                "iam.CreateVirtualMFADevice",
                format!(r#"{{"virtualMFADeviceName":"{name}-2"}}"#),
                format!(r#"{{"virtualMFADevice":{{"serialNumber":"{device}"}}}}"#),
            ),
            (
                "iam.EnableMFADevice",
                format!(r#"{{"userName":"{name}","serialNumber":"{device}"}}"#),
                "null".to_owned(),
            ),
            ("iam.UpdateLoginProfile", format!(r#"{{"userName":"{name}"}}"#), "null".to_owned()),
        ];
        for (order, (api, request, response)) in steps.iter().enumerate() {
            scene.call_with(at + 360 + 30 * order as i64, &token, &place, api, request, response);
        }
        let ask = Ask { serial: &device, ..Ask::default() };
        let role = scene.world.role_of(6);
        let held =
            scene.assume(at + 600, &Caller::user(&user), &place, &role, "botocore-session-9", ask);
        scene.touches_caller(&held);
        look_around(scene, at + 605, &held, &place, &["glue.GetDatabases", "s3.ListBuckets"], 20);
    },
};
