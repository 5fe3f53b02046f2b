"""What works by itself: builds, instances, functions, containers, batches."""

from dataclasses import replace
from datetime import timedelta

import cast
from cast import BOTO, DATA, PRODUCTION, STAGING, WORKLOADS
from ids import after, iso, pick, seed, uid, unique_id
from shapes import Session, endpoint, resource

POD_TAGS = (
    "eks-cluster-arn",
    "eks-cluster-name",
    "kubernetes-namespace",
    "kubernetes-service-account",
    "kubernetes-pod-name",
    "kubernetes-pod-uid",
)


def nightly_build(trail, start, late=0, story=None):
    """Code host → build role → the deploy roles of staging and production; returns the last session
    and the runner's address."""

    def tell(what):
        return story and (story, what)

    ip = cast.RUNNERS.format(pick(130, 250, iso(start)))
    build = web_identity(trail, after(start, "web"), ip, tell("the build proves itself, as always"))
    trail.call(after(build.created, "who"), build, "sts.GetCallerIdentity", ip, cast.ACTIONS)
    trail.call(
        after(build.created, "image"),
        build,
        "ecr.DescribeImages",
        ip,
        cast.ACTIONS,
        request={"registryId": cast.BUILD, "repositoryName": "shop"},
    )
    for minute, (account, role) in enumerate(cast.TARGETS.items(), 1):
        target = trail.assume(
            after(start + timedelta(minutes=minute), account),
            build,
            role,
            "GitHubActions",
            ip,
            cast.ACTIONS,
            seconds=900,
            late=late,
            story=tell("and takes its deploy role, as always"),
        )
        name = {"stackName": "shop"}
        trail.call(
            after(target.created, "stack"),
            target,
            "cloudformation.DescribeStacks",
            ip,
            cast.ACTIONS,
            request=name,
        )
        trail.call(
            after(target.created, "update"),
            target,
            "cloudformation.UpdateStack",
            ip,
            cast.ACTIONS,
            request=name,
            read=False,
            response={"stackId": f"arn:aws:cloudformation:eu-west-1:{account}:stack/shop/{uid(account)}"},
        )
        # CloudFormation goes on with the caller's rights, under a key of its own.
        forwarded = target.shown_as(invokedBy="cloudformation.amazonaws.com")
        trail.call(
            after(target.created, "role", least=51, most=80),
            forwarded,
            "lambda.GetFunction20150331v2",
            "cloudformation.amazonaws.com",
            "cloudformation.amazonaws.com",
            request={"functionName": "orders"},
        )
    return target, ip


def web_identity(trail, time, ip, story=None):
    """CI proves itself to STS with a token of its code host."""
    given, response = trail.issue(
        time,
        cast.CI,
        "GitHubActions",
        3600,
        context={"webIdFederationData": {"federatedProvider": cast.PROVIDER, "attributes": {}}},
    )
    trail.record(
        cast.BUILD,
        time,
        "sts",
        "AssumeRoleWithWebIdentity",
        {
            "type": "WebIdentityUser",
            "principalId": f"{cast.PROVIDER}:sts.amazonaws.com:{cast.SUBJECT}",
            "userName": cast.SUBJECT,
            "identityProvider": cast.PROVIDER,
        },
        ip,
        cast.ACTIONS,
        request={"roleArn": cast.CI.arn, "roleSessionName": "GitHubActions", "durationSeconds": 3600},
        response={
            **response,
            "subjectFromWebIdentityToken": cast.SUBJECT,
            "provider": cast.PROVIDER,
            "audience": "sts.amazonaws.com",
        },
        additionalEventData={
            "identityProviderConnectionVerificationMethod": "IAMTrustStore",
            **endpoint("eu-west-1"),
        },
        resources=[resource(cast.CI)],
        story=story,
    )
    return given


def instance(trail, start):
    """EC2 hands an instance two credential sets in one call: one for each version of its metadata service."""
    time, shared_request = after(start, "ec2"), uid("ec2", iso(start))
    for version in ("1.0", "2.0"):
        given = trail.hand_out(
            time,
            "ec2",
            cast.WEB,
            "i-0a1b2c3d4e5f60718",
            6 * 3600 + pick(0, 2000, iso(time), version),
            user=False,
            label=version,
            request_id=shared_request,
        )
    held = replace(given, context={"ec2RoleDelivery": "2.0"})
    trail.call(
        after(time, "ping"),
        held,
        "ssm.UpdateInstanceInformation",
        WORKLOADS,
        "aws-sdk-go/1.55.5 (go1.22; linux; amd64) amazon-ssm-agent/3.3.1611.0",
        request={"instanceId": held.name, "agentStatus": "Active", "agentVersion": "3.3.1611.0"},
        read=False,
    )
    trail.call(
        after(time, "tags"), held, "ec2.DescribeTags", WORKLOADS, BOTO.format(""), request={"tagSet": {}}
    )


def function(trail, start):
    """Lambda's logged session and the one the function's calls show are two."""
    time = after(start, "lambda")
    trail.hand_out(
        time,
        "lambda",
        cast.ORDERS,
        f"awslambda_{pick(100, 999, iso(time))}_{time:%Y%m%d%H%M%S}{pick(100, 999, 'ms', iso(time))}",
        7200,
        user=False,
    )
    arn = f"arn:aws:lambda:eu-west-1:{PRODUCTION}:function:orders"
    runs = Session(
        cast.ORDERS,
        "orders",
        unique_id("ASIA", PRODUCTION, "orders", iso(time)),
        time,
        beside={"inScopeOf": {"issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": arn}},
    )
    agent = BOTO.format("exec-env/AWS_Lambda_python3.12")
    trail.call(after(time, "who"), runs, "sts.GetCallerIdentity", WORKLOADS, agent)
    trail.call(
        after(time, "table"),
        runs,
        "dynamodb.DescribeTable",
        WORKLOADS,
        agent,
        request={"tableName": "orders"},
    )


def recorder(trail, start):
    """A service-linked role, which its service takes and uses by itself."""
    for account in (PRODUCTION, DATA):
        time = after(start, account)
        role = cast.service_linked(account, "config", "Config")
        given = trail.hand_out(time, "config", role, "AWSConfig-Describe", 3600)
        acting = replace(given, beside={"invokedBy": "config.amazonaws.com"})
        trail.call(
            after(time, "volumes"),
            acting,
            "ec2.DescribeVolumes",
            "config.amazonaws.com",
            "config.amazonaws.com",
            request={"volumeSet": {}},
        )


def pod(trail, start):
    """EKS pod identity: the node asks eks-auth, the service asks STS; nothing in the records ties the two."""
    created = after(start, "node")
    given = trail.hand_out(
        created, "ec2", cast.NODE, "i-0f9e8d7c6b5a40312", 6 * 3600 + 600, user=False, label="2.0"
    )
    node = replace(given, context={"ec2RoleDelivery": "2.0"})
    agent = "eks-pod-identity-agent/v0.1.21"
    asked = after(created, "ask")
    trail.call(
        asked,
        node,
        "eks-auth.AssumeRoleForPodIdentity",
        WORKLOADS,
        agent,
        request={"clusterName": "preview", "token": "HIDDEN_DUE_TO_SECURITY_REASONS"},
    )
    pod_id = uid("pod", iso(created))
    tags = dict(
        zip(
            POD_TAGS,
            [
                f"arn:aws:eks:eu-west-1:{STAGING}:cluster/preview",
                "preview",
                "shop",
                "catalogue",
                "catalogue-7d9f",
                pod_id,
            ],
        )
    )
    given = trail.hand_out(
        asked,
        "pods.eks",
        cast.POD,
        f"eks-preview-catalogue--{pod_id}",
        21600,
        asked=21600,
        request={"tags": [{"key": k, "value": v} for k, v in tags.items()], "transitiveTagKeys": list(tags)},
    )
    trail.call(
        after(asked, "use"),
        given,
        "ssm.DescribeParameters",
        WORKLOADS,
        "aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6",
        request={"maxResults": 10},
    )


def batch(trail, start):
    """A long session that is meant to be long: the data centre's batch works until next morning."""
    given = trail.assume(
        after(start, "batch"),
        cast.ETL_USER,
        cast.ETL,
        "nightly-load",
        cast.DATA_CENTRE,
        BOTO.format(""),
        seconds=43200,
    )
    for hours, api in (
        (0, "glue.GetTables"),
        (0, "glue.BatchCreatePartition"),
        (5.1, "glue.GetTables"),
        (11.9, "glue.GetPartitions"),
    ):
        time = after(given.created + timedelta(hours=hours), api)
        trail.call(
            time,
            given,
            api,
            cast.DATA_CENTRE,
            BOTO.format(""),
            request={"databaseName": "sales", "tableName": "orders"},
            read="Create" not in api,
        )


def task(trail, start):
    """An ECS task lives on sessions of six hours that nobody asked the length of."""
    time = after(start, "task")
    given = trail.hand_out(time, "ecs-tasks", cast.REPORTS, seed("task", iso(time)).hex()[:32], 21600)
    trail.call(
        after(time, "query"),
        given,
        "athena.StartQueryExecution",
        WORKLOADS,
        BOTO.format("exec-env/AWS_ECS_FARGATE"),
        request={"queryString": "HIDDEN_DUE_TO_SECURITY_REASONS", "workGroup": "reports"},
        read=False,
    )
