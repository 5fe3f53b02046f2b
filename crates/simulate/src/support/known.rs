//! What the organisation knows of itself, as `rolecall.toml`.

use crate::everyday::machines::endpoint;
use crate::network::Net;
use crate::world::{
    BACKUP_ID, BUILD, DATA, MANAGEMENT, METRICS_ID, ORGANISATION, PRODUCTION, SECURITY, World,
};

/// The file, whole.
pub(super) fn toml(world: &World) -> String {
    let mut text = format!(
        "# What a simulated organisation knows of itself.\n\n[organization]\nid = \"{ORGANISATION}\"\n\n"
    );
    for account in &world.accounts {
        text.push_str(&format!(
            "[[account]]\nid = \"{}\"\nname = \"{}\"\n\n",
            account.number, account.name
        ));
    }
    partners(world, &mut text);
    networks(world, &mut text);
    programs(world, &mut text);
    roles(world, &mut text);
    text
}

fn partners(world: &World, text: &mut String) {
    for (account, id) in [(&world.vendor, METRICS_ID), (&world.new_vendor, BACKUP_ID)] {
        text.push_str(&format!(
            "[[partner]]\naccount = \"{}\"\nname = \"{}\"\nexternal_ids = [\"{id}\"]\nowner = \"secops@example.com\"\n\n",
            account.number, account.name
        ));
    }
}

fn networks(world: &World, text: &mut String) {
    let own = [Net::OfficeZurich, Net::OfficeDublin, Net::CompanyVpn, Net::DataCentre];
    for net in own {
        let network = net.network();
        let ranges: Vec<String> = std::iter::once(network.cidr())
            .chain(network.cidr6())
            .map(|range| format!("\"{range}\""))
            .collect();
        text.push_str(&format!(
            "[[network]]\nname = \"{}\"\ncidrs = [{}]\nowner = \"it@example.com\"\n\n",
            network.operator,
            ranges.join(", ")
        ));
    }
    let homes = [
        Net::HomeZurich,
        Net::HomeBasel,
        Net::HomeDublin,
        Net::HomeBerlin,
        Net::MobileSwiss,
        Net::MobileIrish,
    ];
    let places: Vec<String> = homes.map(|net| format!("\"AS{}\"", net.network().asn)).into();
    text.push_str(&format!(
        "[[network]]\nname = \"home and mobile\"\nplaces = [{}]\nprincipals = [\"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*\", \"arn:aws:iam::*:user/nadia.roth\", \"arn:aws:iam::*:user/ivo.marin\"]\nowner = \"it@example.com\"\n\n",
        places.join(", ")
    ));
    let runners = Net::CodeHostRunners.network();
    text.push_str(&format!(
        "[[network]]\nname = \"{}\"\ncidrs = [\"{}\"]\nprincipals = [\"arn:aws:iam::{}:role/ci-*\", \"arn:aws:iam::*:role/deploy-target\", \"arn:aws:iam::*:role/platform/terraform\"]\nowner = \"platform@example.com\"\n\n",
        runners.operator,
        runners.cidr(),
        world.account(BUILD).number
    ));
    for place in world.workplaces() {
        let account = world.account(place);
        text.push_str(&format!(
            "[[vpc_endpoint]]\nid = \"{}\"\nname = \"machines of {}\"\n\n",
            endpoint(account),
            account.name
        ));
    }
    text.push_str("[networks]\ncsv = [\"networks.csv\"]\naws_ranges = \"ip-ranges.json\"\nlists = { tor = \"tor-exits.txt\" }\n\n");
}

fn programs(world: &World, text: &mut String) {
    let build = &world.account(BUILD).number;
    let security = &world.account(SECURITY).number;
    let production = &world.account(PRODUCTION).number;
    let (code_host, cluster) = (world.code_host(), world.cluster_provider());
    text.push_str(&format!(
        r#"[[automation]]
name = "builds and infrastructure as code"
principals = ["arn:aws:iam::{build}:role/ci-*", "arn:aws:iam::*:role/deploy-target", "arn:aws:iam::*:role/platform/terraform"]
owner = "platform@example.com"

[[automation]]
name = "posture scanner"
principals = ["arn:aws:iam::{security}:role/posture-scanner", "arn:aws:iam::*:role/security-audit"]
owner = "secops@example.com"

[[automation]]
name = "audit of roots"
principals = ["arn:aws:iam::{security}:role/root-auditor"]
owner = "secops@example.com"

[[federated_subject]]
provider = "{code_host}"
subjects = ["repo:example-org/*:ref:refs/heads/main", "repo:example-org/*:pull_request", "repo:example-org/platform-infra:environment:production"]
roles = ["arn:aws:iam::{build}:role/ci-*"]
owner = "platform@example.com"

[[federated_subject]]
provider = "{cluster}"
subjects = ["system:serviceaccount:platform:*"]
roles = ["arn:aws:iam::{production}:role/*-irsa"]
owner = "platform@example.com"

[[federated_subject]]
provider = "cognito-identity.amazonaws.com"
subjects = ["eu-west-1:*"]
roles = ["arn:aws:iam::{production}:role/mobile-app-guest"]
owner = "mobile@example.com"

[[trusted_edge]]
from = ["arn:aws:iam::{security}:role/posture-scanner"]
to = ["arn:aws:iam::*:role/security-audit"]
owner = "secops@example.com"
reason = "every account is looked at every day"

[[trusted_edge]]
from = ["arn:aws:iam::{build}:role/ci-platform-infra"]
to = ["arn:aws:iam::*:role/platform/terraform"]
owner = "platform@example.com"
reason = "every account is built from one repository"

[[portal]]
name = "Identity Center"
principals = ["arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"]
user_agents = ["Jersey/*", "AWS Signin*"]

[[portal]]
name = "dashboards"
principals = ["arn:aws:iam::{production}:user/svc-dashboards", "arn:aws:sts::{production}:federated-user/dashboards"]
user_agents = ["python-requests/*"]

"#
    ));
}

fn roles(world: &World, text: &mut String) {
    let management = &world.account(MANAGEMENT).number;
    let (production, data) = (&world.account(PRODUCTION).number, &world.account(DATA).number);
    text.push_str(&format!(
        r#"[[role]]
roles = ["arn:aws:iam::*:role/OrganizationAccountAccessRole"]
kind = "sensitive"
allowed_callers = ["arn:aws:iam::{management}:role/account-factory"]

[[role]]
roles = ["arn:aws:iam::{data}:role/warehouse-admin", "arn:aws:iam::*:role/payroll-admin"]
kind = "sensitive"
allowed_callers = ["arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_DataEngineer_*"]

[[role]]
roles = ["arn:aws:iam::*:role/break-glass-admin"]
kind = "break-glass"
allowed_callers = ["arn:aws:iam::{management}:user/anna.weber"]

[[role]]
roles = ["arn:aws:iam::{production}:role/legacy-admin"]
kind = "decoy"
owner = "secops@example.com"

[[ceiling]]
roles = ["arn:aws:iam::{data}:role/etl-nightly"]
duration = "12 hours"
owner = "data@example.com"
reason = "the nightly load takes until morning"

[[ceiling]]
roles = ["arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*"]
duration = "12 hours"
owner = "iam@example.com"

"#
    ));
}
