//! Services and what runs on them: credentials that AWS hands out, renews and goes on with.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::record::Record;
use crate::trail::{Trail, distinct};

/// A service calls with its caller's rights: the caller's session, a key that nobody issued, the service's name.
pub(crate) fn forwarded(trail: &Trail) -> usize {
    let issued = trail.issued();
    let goes_on = |calls: &&Vec<&Record>| {
        let own: Vec<_> = calls.iter().filter(|call| call.invoked_by.is_empty()).collect();
        calls.iter().any(|call| {
            call.invoked_by.ends_with(".amazonaws.com")
                && call.address == call.invoked_by
                && !issued.contains(call.key.as_str())
                && own.iter().any(|own| own.key != call.key)
        })
    };
    trail.sessions().values().filter(goes_on).count()
}

pub(crate) fn writers_of_logs(trail: &Trail) -> usize {
    let writes = |record: &Record| record.caller_type == "AWSService" && !record.is_of("sts");
    distinct(trail.all(writes).map(|record| (&record.account, &record.invoked_by)))
}

/// Taken by the service, and used from its name.
pub(crate) fn service_linked(trail: &Trail) -> usize {
    let used: HashSet<&str> = trail
        .all(|record| !record.invoked_by.is_empty() && record.address == record.invoked_by)
        .map(|record| record.key.as_str())
        .collect();
    let taken = |record: &Record| {
        record.caller_type == "AWSService"
            && record.asked_role().contains("/aws-service-role/")
            && used.contains(record.issued())
    };
    distinct(trail.all(taken).map(Record::asked_role))
}

pub(crate) fn advised_roots(trail: &Trail) -> usize {
    let advised = |record: &Record| {
        record.caller_type == "Root" && record.invoked_by == "trustedadvisor.amazonaws.com"
    };
    distinct(trail.all(advised).map(|record| &record.account))
}

pub(crate) fn behind_nat(trail: &Trail) -> usize {
    let mut roles: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let from_aws = |record: &Record| {
        !record.role.is_empty() && trail.operator(&record.address).contains("AWS")
    };
    for record in trail.all(from_aws) {
        roles.entry(&record.address).or_default().insert(&record.role);
    }
    roles.values().filter(|roles| roles.len() >= 3).count()
}

pub(crate) fn endpoints(trail: &Trail) -> usize {
    let through = |record: &Record| {
        record.address.starts_with("10.")
            && record.text("/vpcEndpointAccountId") == record.account
            && record.caller_type == "AssumedRole"
    };
    distinct(trail.all(through).map(|record| record.text("/vpcEndpointId")))
}

/// The node asks `eks-auth`, and within five seconds the service takes a role with the pod's tags, which is used.
pub(crate) fn pods(trail: &Trail) -> usize {
    let asked: Vec<&Record> = trail
        .all(|record| {
            record.is("eks-auth.AssumeRoleForPodIdentity")
                && record.session_name().starts_with("i-")
        })
        .collect();
    let used = trail.by_key();
    let given = |record: &Record| {
        let tags = record
            .said
            .pointer("/requestParameters/tags")
            .map(ToString::to_string)
            .unwrap_or_default();
        record.hands_out("pods.eks")
            && tags.contains("kubernetes-service-account")
            && used.contains_key(record.issued())
            && asked.iter().any(|node| {
                node.account == record.account && (0..=5).contains(&(record.time - node.time))
            })
    };
    trail.all(given).count()
}

pub(crate) fn pods_with_token(trail: &Trail) -> usize {
    let used = trail.by_key();
    let brought = |record: &Record| {
        record.is("sts.AssumeRoleWithWebIdentity")
            && record.text("/userIdentity/identityProvider").contains(":oidc-provider/oidc.eks.")
            && record.text("/userIdentity/userName").starts_with("system:serviceaccount:")
            && used.contains_key(record.issued())
    };
    trail.all(brought).count()
}

/// Named by 32 hex digits, no lifetime asked for, and still at work after two hours.
pub(crate) fn tasks(trail: &Trail) -> usize {
    let used = trail.by_key();
    let task = |record: &Record| {
        let name = record.asked_name();
        record.hands_out("ecs-tasks")
            && record.said.pointer("/requestParameters/durationSeconds").is_none()
            && name.len() == 32
            && name.chars().all(|letter| letter.is_ascii_hexdigit())
            && used
                .get(record.issued())
                .is_some_and(|calls| calls.iter().any(|call| call.time > record.time + 7200))
    };
    trail.all(task).count()
}

/// A function runs under a session named like it, which is another than the one that is handed out to its role.
pub(crate) fn functions(trail: &Trail) -> usize {
    let issued = trail.issued();
    let handed: HashSet<&str> = trail
        .all(|record| {
            record.hands_out("lambda")
                && record.asked_name().starts_with("awslambda_")
                && record.said.pointer("/responseElements/assumedRoleUser").is_none()
        })
        .map(Record::asked_role)
        .collect();
    let runs = |calls: &&Vec<&Record>| {
        let call = calls[0];
        call.text("/userIdentity/inScopeOf/issuerType") == "AWS::Lambda::Function"
            && call
                .text("/userIdentity/inScopeOf/credentialsIssuedTo")
                .ends_with(call.session_name())
            && handed.contains(call.role.as_str())
            && !issued.contains(call.key.as_str())
    };
    trail.sessions().values().filter(runs).count()
}

/// One request gives two keys, of which one is used.
pub(crate) fn instances(trail: &Trail) -> usize {
    let used = trail.by_key();
    let mut sets: HashMap<&str, Vec<&Record>> = HashMap::new();
    for record in
        trail.all(|record| record.hands_out("ec2") && record.asked_name().starts_with("i-"))
    {
        sets.entry(record.text("/requestID")).or_default().push(record);
    }
    let twice = sets.values().filter(|set| {
        set.len() == 2
            && set[0].issued() != set[1].issued()
            && set.iter().any(|record| used.contains_key(record.issued()))
    });
    distinct(twice.map(|set| set[0].asked_name()))
}

pub(crate) fn old_metadata(trail: &Trail) -> usize {
    let old =
        |record: &Record| record.text("/userIdentity/sessionContext/ec2RoleDelivery") == "1.0";
    distinct(trail.all(old).map(Record::session_name))
}

pub(crate) fn certified(trail: &Trail) -> usize {
    distinct(trail.all(|record| record.hands_out("rolesanywhere")).map(Record::asked_name))
}
