//! CloudTrail records that matter to credentials.

use crate::Time;

crate::table! {
    /// One row per credential-relevant CloudTrail record: every STS and sign-in call, failed ones too, and calls that hand out, create or change credentials and trust.
    Event is "event" by event_time, sorted ["event_time"],
    bloom ["event_id", "user_identity_access_key_id", "issued_access_key_id"];
    /// CloudTrail's id of this copy of the event; unique with recipient_account_id. Empty in records of version 1.0.
    event_id: String,
    /// When the call completed (whole seconds, UTC).
    event_time: Time,
    /// The service that was called, such as sts.amazonaws.com.
    event_source: String,
    /// The API, such as AssumeRole.
    event_name: String,
    /// The version of the record's format.
    event_version: Option<String>,
    /// AwsApiCall, AwsServiceEvent, AwsConsoleAction or AwsConsoleSignIn.
    event_type: Option<String>,
    /// The region the call was recorded for.
    aws_region: Option<String>,
    /// The account that received this copy.
    recipient_account_id: Option<String>,
    /// An IP address, a service name or `AWS Internal`.
    source_ip_address: Option<String>,
    /// What to compare when asking whether a call came from somewhere else: the AS (AS64500), the VPC endpoint of a private address, a service name, or the first 16 bits (32 of IPv6) where no database knows the address.
    source_place: Option<String>,
    /// The country of the address (ISO 3166), if a database knows it.
    source_country: Option<String>,
    /// The number of the autonomous system, if a database knows it.
    source_asn: Option<i64>,
    /// Who runs that network.
    source_operator: Option<String>,
    /// Whether the address is AWS's own or rented from it; NULL if no database tells.
    source_is_aws: Option<bool>,
    /// The lists that the address is on, such as tor, separated by blanks.
    source_lists: Option<String>,
    /// The date of the oldest database that was asked; NULL if none was.
    networks_as_of: Option<Time>,
    /// What the client calls itself; chosen by the caller.
    user_agent: Option<String>,
    /// The error; a failed sign-in may have only a message.
    error_code: Option<String>,
    /// The error's text.
    error_message: Option<String>,
    /// Whether the call succeeded; for sign-in events this is what the response says.
    succeeded: bool,
    /// The request id; several events may share it.
    request_id: Option<String>,
    /// The same in every account's copy of one call.
    shared_event_id: Option<String>,
    /// Whether the call only reads; AssumeRole counts as reading.
    read_only: Option<bool>,
    /// The VPC endpoint the call went through, which may be AWS's own.
    vpc_endpoint_id: Option<String>,
    /// The account that owns that endpoint.
    vpc_endpoint_account_id: Option<String>,
    /// The host the client asked for: tells the STS endpoint.
    tls_host: Option<String>,
    /// The caller's type: Root, IAMUser, AssumedRole, FederatedUser, AWSAccount, AWSService, SAMLUser, WebIdentityUser, IdentityCenterUser, Unknown.
    user_identity_type: Option<String>,
    /// The caller's unique id; for role sessions with the session name.
    user_identity_principal_id: Option<String>,
    /// The caller's ARN; sessions have theirs, without the role's path.
    user_identity_arn: Option<String>,
    /// The caller's account.
    user_identity_account_id: Option<String>,
    /// The key that signed the call.
    user_identity_access_key_id: Option<String>,
    /// The caller's user name.
    user_identity_user_name: Option<String>,
    /// The service that called on the caller's behalf.
    user_identity_invoked_by: Option<String>,
    /// The SAML or web identity provider of a federated caller.
    user_identity_identity_provider: Option<String>,
    /// The caller in one word for all types: role, user or root ARN, service name, provider and subject, or account and unique id.
    principal: String,
    /// When the caller's session was issued (sessionContext creationDate).
    session_created_at: Option<Time>,
    /// Whether the caller's session was opened with MFA; federated people always show false.
    session_mfa: Option<bool>,
    /// What issued the caller's session: Role, IAMUser or Root.
    session_issuer_type: Option<String>,
    /// The unique id of that role or user.
    session_issuer_principal_id: Option<String>,
    /// The ARN of that role or user, with its path.
    session_issuer_arn: Option<String>,
    /// The account of that role or user.
    session_issuer_account_id: Option<String>,
    /// The source identity of the caller's session, which survives chaining.
    session_source_identity: Option<String>,
    /// The IMDS version that handed the caller's key to an EC2 instance.
    session_ec2_role_delivery: Option<String>,
    /// Whether the caller's session came from AssumeRoot.
    session_assumed_root: Option<bool>,
    /// The web identity provider behind the caller's session.
    session_federated_provider: Option<String>,
    /// The sign-in session behind the caller's session.
    session_sign_in_arn: Option<String>,
    /// Whether the key belongs to a console session.
    session_from_console: bool,
    /// The Identity Center user behind the caller.
    on_behalf_of_user_id: Option<String>,
    /// The identity store of that user.
    on_behalf_of_identity_store_arn: Option<String>,
    /// The workload that holds the caller's credentials, such as a Lambda function's ARN.
    credentials_issued_to: Option<String>,
    /// The product provider that acts by IAM temporary delegation.
    invoked_by_delegate_account_id: Option<String>,
    /// The role asked for; of denied calls it is read from the error message.
    role_arn: Option<String>,
    /// The session name asked for.
    role_session_name: Option<String>,
    /// The lifetime asked for, in seconds.
    duration_seconds: Option<i64>,
    /// The external id given.
    external_id: Option<String>,
    /// The source identity asked for.
    source_identity: Option<String>,
    /// The MFA device given.
    serial_number: Option<String>,
    /// The identity provider that a call names: the one that vouches, or the one that is changed (ARN, URL, pool, trust anchor or profile).
    provider_arn: Option<String>,
    /// The member account whose root was asked for (AssumeRoot).
    target_principal: Option<String>,
    /// The task policy of AssumeRoot.
    task_policy_arn: Option<String>,
    /// Whether a session policy narrows the session.
    has_session_policy: Option<bool>,
    /// The access key that the call handed out or created.
    issued_access_key_id: Option<String>,
    /// Until when the handed-out key is valid.
    expires_at: Option<Time>,
    /// That instant as CloudTrail wrote it.
    expiration_text: Option<String>,
    /// The unique id of the new session: role id, colon, session name.
    issued_principal_id: Option<String>,
    /// The ARN of the new session.
    issued_arn: Option<String>,
    /// The federated subject that the identity provider vouched for.
    subject: Option<String>,
    /// The SAML issuer, or the web identity provider.
    issuer: Option<String>,
    /// The audience of the SAML assertion or token.
    audience: Option<String>,
    /// How full the packed session policies and tags are, in percent.
    packed_policy_size: Option<i64>,
    /// Whether a self-assumption was allowed by the role's written trust.
    explicit_trust_grant: Option<bool>,
    /// The user that an IAM call is about.
    target_user_name: Option<String>,
    /// The role that an IAM call is about.
    target_role_name: Option<String>,
    /// The access key that a call is about: switched off, deleted.
    target_access_key_id: Option<String>,
    /// The policy that a call is about: its ARN, or its name if it is an inline one.
    policy: Option<String>,
    /// Whom a policy document in the request lets in, separated by blanks: accounts, `*`, services, identity providers.
    trusted_principals: Option<String>,
    /// Whether some statement of it lets everybody (`*`) in without a condition that limits them to an organisation, an account or a source; NULL if none lets `*` in.
    trusts_everybody: Option<bool>,
    /// Whether every statement of it that lets accounts in asks for an external id.
    trust_needs_external_id: Option<bool>,
    /// Whether MFA was used at a sign-in.
    mfa_used: Option<bool>,
    /// The session from which the console switched roles.
    switched_from: Option<String>,
    /// The ARNs of the resources named, separated by blanks.
    resource_arns: Option<String>,
    /// The request as JSON, without secrets.
    request_parameters: Option<String>,
    /// The response as JSON, without secrets.
    response_elements: Option<String>,
    /// Additional data as JSON, without secrets.
    additional_event_data: Option<String>,
    /// The object it was first read from.
    object_key: String,
    /// A 64-bit hash that tells when the same event was delivered twice.
    event_hash: i64,
}
