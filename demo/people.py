"""What people do, partners and guests of the app included."""

import cast
from cast import IDENTITY, OFFICE, PRODUCTION, cli
from ids import after, iso, pick, seed, uid, unique_id
from shapes import Session, endpoint, resource


def person(trail, start, name, role):
    held = signed_in(trail, after(start, name), name, role)
    for api in (
        "sts.GetCallerIdentity",
        "ec2.DescribeInstances",
        "logs.DescribeLogGroups",
        "rds.DescribeDBInstances",
    ):
        trail.call(after(held.created, api), held, api, OFFICE, cli(api))


def signed_in(trail, time, name, role):
    """Identity Center: portal call, then SAML; what is used afterwards is another key than the one logged."""
    user = f"{name}@example.com"
    behalf = {"userId": f"996700-{uid('person', name)}", "identityStoreArn": cast.STORE_ARN}
    permission = role.name.split("_")[1]
    trail.record(
        IDENTITY,
        time,
        "sso",
        "GetRoleCredentials",
        {
            "type": "IdentityCenterUser",
            "accountId": IDENTITY,
            "onBehalfOf": behalf,
            "credentialId": f"EXAMPLE{uid('bearer', name, iso(time))}",
        },
        OFFICE,
        cli("sts.GetCallerIdentity"),
        eventType="AwsServiceEvent",
        serviceEventDetails={"role_name": permission, "account_id": role.account},
    )
    given, response = trail.issue(time, role, user, 43199)
    qualifier = "RVhBTVBMRS1xdWFsaWZpZXI="
    instance = seed("sso", role.account).hex()[:16]
    provider = f"arn:aws:iam::{role.account}:saml-provider/AWSSSO_{instance}_DO_NOT_DELETE"
    trail.record(
        role.account,
        time,
        "sts",
        "AssumeRoleWithSAML",
        {
            "type": "SAMLUser",
            "principalId": f"{qualifier}:{user}",
            "userName": user,
            "identityProvider": qualifier,
        },
        cast.IDENTITY_CENTER,
        "aws-sdk-java/2.30.1 md/io#sync md/http#Apache ua/2.1 api/STS#2.30.x lang/java#17.0.14",
        request={
            "sAMLAssertionID": f"_{uid('assertion', iso(time), name)}",
            "roleSessionName": user,
            "roleArn": role.arn,
            "principalArn": provider,
            "durationSeconds": 43200,
        },
        response={
            **response,
            "subject": user,
            "subjectType": "persistent",
            "audience": "https://signin.aws.amazon.com/saml",
            "issuer": "https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/RVhBTVBMRQ==",
            "nameQualifier": qualifier,
        },
        additionalEventData=endpoint("eu-west-1"),
        resources=[
            resource(role),
            {"accountId": role.account, "type": "AWS::IAM::SAMLProvider", "ARN": provider},
        ],
    )
    return given.shown_as(onBehalfOf=behalf)


def administrator(trail, start):
    """Lena looks after the build account's users on Mondays."""
    held = signed_in(
        trail,
        after(start, "admin"),
        "lena.vogt",
        cast.permission_set(cast.BUILD, "AdministratorAccess", "3c5e7a9b1d2f4061"),
    )
    trail.call(
        after(held.created, "keys"),
        held,
        "iam.ListAccessKeys",
        OFFICE,
        cli("iam.ListAccessKeys"),
        region="us-east-1",
        request={"userName": cast.MARA.name},
    )
    return held


def developer(trail, start, story=None):
    """Mara has a long-term key, and takes the readers' role of the data account for an hour."""
    first = after(start, "mara", most=20)
    trail.call(first, cast.MARA, "ecr.DescribeRepositories", OFFICE, cli("ecr.DescribeRepositories"))
    trail.call(after(first, "build"), cast.MARA, "codebuild.ListBuilds", OFFICE, cli("codebuild.ListBuilds"))
    held = trail.assume(
        after(first, "assume"),
        cast.MARA,
        cast.READERS,
        "mara.keller",
        OFFICE,
        cli("sts.AssumeRole"),
        seconds=3600,
        story=story,
    )
    trail.call(after(held.created, "tables"), held, "glue.GetDatabases", OFFICE, cli("glue.GetDatabases"))
    trail.call(
        after(held.created, "athena"), held, "athena.ListWorkGroups", OFFICE, cli("athena.ListWorkGroups")
    )
    return held


def support(trail, start):
    """Jonas takes the support role of production for one hour, never more."""
    held = trail.assume(
        after(start, "jonas"),
        cast.JONAS,
        cast.SUPPORT,
        "jonas.brandt",
        OFFICE,
        cli("sts.AssumeRole"),
        seconds=3600,
    )
    for api in ("ec2.DescribeInstances", "logs.DescribeLogGroups"):
        trail.call(after(held.created, api), held, api, OFFICE, cli(api))


def console(trail, start):
    """Anna signs in to the console with MFA and switches her role: the key she uses was never logged."""
    time, where = after(start, "login"), dict(region="us-east-1")
    login = {key: value for key, value in cast.ANNA.identity().items() if key != "accessKeyId"}
    trail.record(
        IDENTITY,
        time,
        "signin",
        "ConsoleLogin",
        login,
        OFFICE,
        cast.BROWSER,
        **where,
        read=False,
        eventType="AwsConsoleSignIn",
        response={"ConsoleLogin": "Success"},
        additionalEventData={
            "LoginTo": "https://console.aws.amazon.com/console/home",
            "MobileVersion": "No",
            "MFAUsed": "Yes",
        },
    )
    own = Session(
        cast.ANNA,
        "",
        unique_id("ASIA", IDENTITY, "console", iso(time)),
        time,
        mfa="true",
        beside={"invokedBy": "AWS Internal"},
    )
    switched = after(time, "switch", least=60, most=120)
    given = trail.assume(switched, own, cast.OPS, "anna.okafor", "AWS Internal", "AWS Internal", **where)
    held = given.shown_as()
    entered = {
        key: value
        for key, value in held.identity().items()
        if key in ("type", "principalId", "arn", "accountId")
    }
    trail.record(
        PRODUCTION,
        switched,
        "signin",
        "SwitchRole",
        entered,
        OFFICE,
        cast.BROWSER,
        **where,
        read=False,
        eventType="AwsConsoleSignIn",
        response={"SwitchRole": "Success"},
        additionalEventData={
            "SwitchFrom": cast.ANNA.arn,
            "RedirectTo": "https://console.aws.amazon.com/console/home",
        },
    )
    for api in ("health.DescribeEventAggregates", "iam.ListAccountAliases"):
        trail.call(
            after(switched, api),
            held,
            api,
            OFFICE,
            cast.BROWSER,
            **where,
            sessionCredentialFromConsole="true",
        )


def vendor(trail, start):
    """A partner enters from an account that is not ours: only the role owner's copy reaches us."""
    time = after(start, "vendor")
    given, response = trail.issue(time, cast.VENDOR_ROLE, "metrics-poller", 3600)
    caller = {
        "type": "AWSAccount",
        "principalId": f"{cast.VENDOR_CALLER.id}:poller",
        "accountId": cast.VENDOR,
    }
    trail.record(
        PRODUCTION,
        time,
        "sts",
        "AssumeRole",
        caller,
        cast.VENDOR_POLLER,
        "aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6 api/sts#1.33.1",
        request={
            "roleArn": cast.VENDOR_ROLE.arn,
            "roleSessionName": "metrics-poller",
            "durationSeconds": 3600,
            "externalId": "example-customer-4711",
        },
        response=response,
        resources=[resource(cast.VENDOR_ROLE)],
        shared=uid("shared", given.key),
        version=3,
        additionalEventData=endpoint("eu-west-1"),
    )
    trail.call(
        after(time, "metrics"),
        given,
        "monitoring.ListMetrics",
        cast.VENDOR_POLLER,
        "aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6",
    )


def phone(trail, start):
    """The mobile app's guests come through Cognito: every one is a new subject and a new address."""
    time = after(start, "phone")
    guest, issuer = f"eu-west-1:{uid('guest', iso(time))}", "cognito-identity.amazonaws.com"
    ip, agent = (
        cast.PHONE.format(pick(1, 65535, iso(time))),
        "aws-sdk-js/3.744.0 ua/2.1 os/other lang/js md/rn",
    )
    given, response = trail.issue(
        time,
        cast.MOBILE,
        "CognitoIdentityCredentials",
        3600,
        guest,
        context={
            "webIdFederationData": {
                "federatedProvider": issuer,
                "attributes": {f"{issuer}:aud": cast.POOL, f"{issuer}:sub": guest},
            }
        },
    )
    trail.record(
        PRODUCTION,
        time,
        "sts",
        "AssumeRoleWithWebIdentity",
        {
            "type": "WebIdentityUser",
            "principalId": f"{issuer}:{cast.POOL}:{guest}",
            "userName": guest,
            "identityProvider": issuer,
        },
        ip,
        agent,
        request={"roleArn": cast.MOBILE.arn, "roleSessionName": given.name},
        response={
            **response,
            "subjectFromWebIdentityToken": guest,
            "provider": issuer,
            "audience": cast.POOL,
        },
        resources=[resource(cast.MOBILE)],
        additionalEventData=endpoint("eu-west-1"),
    )
    trail.call(
        after(time, "voices"), given, "polly.DescribeVoices", ip, agent, request={"languageCode": "en-GB"}
    )
