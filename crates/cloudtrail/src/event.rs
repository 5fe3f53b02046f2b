//! A record that matters to credentials, as a row of `event`.

use rolecall_model::{Event, Time, arn};

use crate::fields::{Field, Fields};
use crate::identity::Identity;
use crate::issued::Issued;
use crate::object::{Object, elements};
use crate::redact::{self, column};
use crate::relevance::service;
use crate::scan::Fault;
use crate::trust::Trust;
use crate::value::{flag, number, text};
use crate::when;

/// What every row needs of a record, read already.
pub(crate) struct Basics {
    pub(crate) source: String,
    pub(crate) name: String,
    pub(crate) at: Time,
    pub(crate) recipient: Option<String>,
    pub(crate) identity: Identity,
}

/// Builds the row.
///
/// # Errors
///
/// Request, response or additional data hold what JSON does not know.
pub(crate) fn row(
    record: &str,
    fields: &Fields,
    basics: Basics,
    key: &str,
) -> Result<Event, Fault> {
    let json = |field| fields.get(record, field);
    let col = |field| column(json(field));
    let Basics { source, name, at, recipient, identity } = basics;
    let request = Object::read(json(Field::RequestParameters));
    let response = Object::read(json(Field::ResponseElements));
    let more = Object::read(json(Field::AdditionalEventData));
    let role_session_name = column(request.get("roleSessionName"));
    let is_sts_request = service(&source) == "sts" && request.members().next().is_some();
    let error_code = col(Field::ErrorCode);
    let error_message = error_text(json(Field::ErrorMessage));
    let denied = error_message.as_deref().and_then(denied_resource);
    let role_arn = column(request.get("roleArn")).or_else(|| {
        denied.filter(|resource| arn::role_name(resource).is_some()).map(str::to_owned)
    });
    let failed = error_code.is_some();
    let succeeded = !failed
        && (service(&source) != "signin" || {
            let details = Object::read(json(Field::ServiceEventDetails));
            signed_in(&response, &details, &more).unwrap_or(error_message.is_none())
        });
    let trust =
        if is_sts_request { Trust::default() } else { Trust::read(json(Field::RequestParameters)) };
    // Cognito's own flow names identity and pool where STS names subject and audience.
    let is_cognito = service(&source) == "cognito-identity";
    let cognito = |name: &str| {
        let asked = column(request.get(name)).or_else(|| column(response.get(name)));
        asked.filter(|_| is_cognito)
    };
    let issued = Issued::read(&response);
    let session = arn::assumed_role(
        role_arn.as_deref().unwrap_or_default(),
        role_session_name.as_deref().unwrap_or_default(),
    );
    let issued_arn = issued.arn.or_else(|| {
        let hands_out = issued.access_key_id.is_some() && role_session_name.is_some();
        session.filter(|_| hands_out)
    });
    Ok(Event {
        event_id: col(Field::EventId).unwrap_or_default(),
        event_time: at,
        event_source: source,
        event_name: name,
        event_version: col(Field::EventVersion),
        event_type: col(Field::EventType),
        aws_region: col(Field::AwsRegion),
        recipient_account_id: recipient,
        source_ip_address: col(Field::SourceIpAddress),
        user_agent: col(Field::UserAgent),
        error_code,
        error_message,
        succeeded,
        request_id: col(Field::RequestId),
        shared_event_id: col(Field::SharedEventId),
        read_only: flag(json(Field::ReadOnly)),
        vpc_endpoint_id: col(Field::VpcEndpointId),
        vpc_endpoint_account_id: col(Field::VpcEndpointAccountId),
        tls_host: column(Object::read(json(Field::TlsDetails)).get("clientProvidedHostHeader")),
        principal: identity.principal(),
        user_identity_type: identity.kind,
        user_identity_principal_id: identity.principal_id,
        user_identity_arn: identity.arn,
        user_identity_account_id: identity.account_id,
        user_identity_access_key_id: identity.access_key_id,
        user_identity_user_name: identity.user_name,
        user_identity_invoked_by: identity.invoked_by,
        user_identity_identity_provider: identity.identity_provider,
        session_created_at: identity.created_at,
        session_mfa: identity.mfa,
        session_issuer_type: identity.issuer_type,
        session_issuer_principal_id: identity.issuer_principal_id,
        session_issuer_arn: identity.issuer_arn,
        session_issuer_account_id: identity.issuer_account_id,
        session_source_identity: identity.source_identity,
        session_ec2_role_delivery: identity.ec2_role_delivery,
        session_assumed_root: identity.assumed_root,
        session_federated_provider: identity.federated_provider,
        session_sign_in_arn: identity.sign_in_arn,
        session_from_console: flag(json(Field::SessionCredentialFromConsole)).unwrap_or(false),
        on_behalf_of_user_id: identity.on_behalf_of_user_id,
        on_behalf_of_identity_store_arn: identity.on_behalf_of_identity_store_arn,
        credentials_issued_to: identity.credentials_issued_to,
        invoked_by_delegate_account_id: identity.delegate_account_id,
        role_arn,
        role_session_name,
        duration_seconds: number(request.get("durationSeconds")),
        external_id: column(request.get("externalId")),
        source_identity: column(request.get("sourceIdentity"))
            .or_else(|| column(response.get("sourceIdentity"))),
        serial_number: column(request.get("serialNumber")),
        provider_arn: provider(&request, &response, &more),
        target_principal: column(request.get("targetPrincipal")),
        task_policy_arn: column(request.object("taskPolicyArn").get("arn"))
            .or_else(|| column(request.get("taskPolicyArn"))),
        has_session_policy: is_sts_request
            .then(|| request.has("policy") || request.has("policyArns")),
        issued_access_key_id: issued.access_key_id,
        expires_at: issued.expiration_text.as_deref().and_then(when::read),
        expiration_text: issued.expiration_text,
        issued_principal_id: issued.principal_id,
        issued_arn,
        subject: column(response.get("subject"))
            .or_else(|| column(response.get("subjectFromWebIdentityToken")))
            .or_else(|| cognito("identityId")),
        issuer: column(response.get("issuer")).or_else(|| column(response.get("provider"))),
        audience: column(response.get("audience")).or_else(|| cognito("identityPoolId")),
        packed_policy_size: number(response.get("packedPolicySize")),
        explicit_trust_grant: flag(more.get("explicitTrustGrant")),
        target_user_name: column(request.get("userName")),
        target_role_name: column(request.get("roleName")),
        target_access_key_id: column(request.get("accessKeyId")),
        policy: column(request.get("policyArn")).or_else(|| column(request.get("policyName"))),
        trusted_principals: trust.principals,
        trusts_everybody: trust.everybody,
        trust_needs_external_id: trust.needs_external_id,
        mfa_used: match text(more.get("MFAUsed")).as_deref() {
            Some("Yes") => Some(true),
            Some("No") => Some(false),
            _ => None,
        },
        switched_from: column(more.get("SwitchFrom")),
        resource_arns: resource_arns(json(Field::Resources)),
        request_parameters: redact::json(json(Field::RequestParameters))?,
        response_elements: redact::json(json(Field::ResponseElements))?,
        additional_event_data: additional(record, fields)?,
        object_key: key.to_owned(),
        // Whoever counts the record knows its hash, and whoever has databases where its source is.
        ..Event::default()
    })
}

/// An error's text, which may quote what was asked for.
pub(crate) fn error_text(json: &str) -> Option<String> {
    text(json).map(|text| redact::short(redact::secrets(&text).into_owned()))
}

/// Whether a sign-in says that it succeeded. It may fail without an error code, and answers
/// `{"ConsoleLogin": "Failure"}`; Identity Center says so in the details of a service event, and the
/// newer sign-in calls in additional data.
fn signed_in(response: &Object<'_>, details: &Object<'_>, more: &Object<'_>) -> Option<bool> {
    let said = |(_, value)| match text(value).as_deref() {
        Some("Success") => Some(true),
        Some("Failure") => Some(false),
        _ => None,
    };
    response.members().chain(details.members()).find_map(said).or_else(|| flag(more.get("success")))
}

/// The identity provider that a call names: the one that vouches, or the one that is changed.
fn provider(request: &Object<'_>, response: &Object<'_>, more: &Object<'_>) -> Option<String> {
    const IN_REQUEST: [&str; 6] = [
        "principalArn",
        "sAMLProviderArn",
        "openIDConnectProviderArn",
        "trustAnchorId",
        "profileId",
        "identityPoolId",
    ];
    let answers = ["sAMLProviderArn", "openIDConnectProviderArn"];
    let asked = IN_REQUEST.into_iter().find_map(|name| column(request.get(name)));
    // The URL of an OIDC provider has no query; another URL may have secrets in its.
    let url = || Some(column(request.get("url"))?.split('?').next()?.to_owned());
    asked
        .or_else(url)
        .or_else(|| answers.into_iter().find_map(|name| column(response.get(name))))
        .or_else(|| column(more.get("SamlProviderArn")))
}

/// The resource in `User: … is not authorized to perform: … on resource: <ARN> because …`.
/// A denied call has no request: its target is only in the message.
fn denied_resource(message: &str) -> Option<&str> {
    if !message.contains("is not authorized to perform: ") {
        return None;
    }
    message.split_once(" on resource: ")?.1.split_whitespace().next()
}

fn resource_arns(json: &str) -> Option<String> {
    let arns: Vec<String> = elements(json)
        .filter_map(|resource| {
            let resource = Object::read(resource);
            ["ARN", "arn", "ARNPrefix"].into_iter().find_map(|name| column(resource.get(name)))
        })
        .collect();
    (!arns.is_empty()).then(|| arns.join(" "))
}

/// Additional data; service events keep theirs elsewhere, and it is put beside it.
fn additional(record: &str, fields: &Fields) -> Result<Option<String>, Fault> {
    let more = redact::json(fields.get(record, Field::AdditionalEventData))?;
    let details = redact::json(fields.get(record, Field::ServiceEventDetails))?;
    Ok(match (more, details) {
        (more, None) => more,
        (None, Some(details)) => Some(format!(r#"{{"serviceEventDetails":{details}}}"#)),
        (Some(more), Some(details)) => {
            Some(format!(r#"{{"additionalEventData":{more},"serviceEventDetails":{details}}}"#))
        }
    })
}
