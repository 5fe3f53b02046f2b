"""Who and where: accounts, people, roles, networks and clients of the demo organisation."""

import re

from ids import ORG
from shapes import Role, User

IDENTITY, BUILD, PRODUCTION, STAGING, DATA = (str(digit) * 12 for digit in range(1, 6))
VENDOR = str(6) * 12  # a monitoring company, not ours

# Documentation networks only. The runners and our workloads share one, as all of it is the cloud.
OFFICE, OFFICE_VPN, DATA_CENTRE = "198.51.100.24", "198.51.100.40", "198.51.100.200"
WORKLOADS, IDENTITY_CENTER, RUNNERS = "192.0.2.10", "192.0.2.20", "192.0.2.{}"
VENDOR_POLLER, PHONE = "2001:db8:5ca9::7", "2001:db8:ce11:12::{:x}"
ABROAD = "203.0.113.66"

BOTO = "Boto3/1.37.1 md/Botocore#1.37.1 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9 {}"
ACTIONS = "aws-sdk-nodejs/3.744.0 linux/v20.18.2 configure-aws-credentials-for-github-actions promise"
TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6"
BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/133.0.0.0 Safari/537.36"
SCANNER = "TruffleHog"


def cli(api):
    """What the AWS CLI calls itself when it is asked for an API."""
    command = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", api).lower()
    return (
        "aws-cli/2.24.7 md/awscrt#0.23.8 ua/2.1 os/macos#24.3.0 md/arch#arm64 lang/python#3.12.9 "
        f"md/pyimpl#CPython md/prompt#off md/command#{command}"
    )


MARA = User(BUILD, "mara.keller")
JONAS = User(PRODUCTION, "jonas.brandt")
ANNA = User(IDENTITY, "anna.okafor")
ETL_USER = User(DATA, "svc-etl")

CI = Role(BUILD, "ci-deploy")
TARGETS = {account: Role(account, "deploy-target") for account in (STAGING, PRODUCTION)}
WAREHOUSE = Role(DATA, "warehouse-admin")
READERS = Role(DATA, "data-readers")
SUPPORT = Role(PRODUCTION, "prod-support")
ADMIN = Role(PRODUCTION, "break-glass-admin")
ETL = Role(DATA, "etl-nightly")
VENDOR_ROLE = Role(PRODUCTION, "vendor-metrics-read")
VENDOR_CALLER = Role(VENDOR, "collector")
OPS = Role(PRODUCTION, "ops-readonly")
WEB = Role(PRODUCTION, "web-instance")
ORDERS = Role(PRODUCTION, "orders-function", "/service-role/")
MOBILE = Role(PRODUCTION, "mobile-app-guest")
REPORTS = Role(DATA, "reports-task")
POD = Role(STAGING, "preview-pod")
NODE = Role(STAGING, "preview-node")

STORE_ARN = f"arn:aws:identitystore::{IDENTITY}:identitystore/d-9967000001"
SUBJECT = "repo:example-org/shop:ref:refs/heads/main"
PROVIDER = f"arn:aws:iam::{BUILD}:oidc-provider/token.actions.githubusercontent.com"
POOL = "eu-west-1:00000000-0000-4000-8000-00000000d3a0"


def permission_set(account, name, suffix):
    return Role(account, f"AWSReservedSSO_{name}_{suffix}", "/aws-reserved/sso.amazonaws.com/eu-west-1/")


def service_linked(account, service, name):
    return Role(account, f"AWSServiceRoleFor{name}", f"/aws-service-role/{service}.amazonaws.com/")


def key(account, region, kind, time, end):
    """The name of an object below AWSLogs/, as an organisation's trail gives it."""
    return f"AWSLogs/{ORG}/{account}/{kind}/{region}/{time:%Y/%m/%d}/{account}_{kind}_{region}_{end}.json.gz"
