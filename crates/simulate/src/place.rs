//! Where a call comes from and with which client: address, endpoint and user agent.

use crate::network::Net;

/// Where and with what somebody works.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// An address, a service name or `AWS Internal`.
    pub(crate) ip: String,
    pub(crate) agent: Agent,
    /// The VPC endpoint with its owner, if calls go through one.
    pub(crate) endpoint: Option<(String, String)>,
    /// The region that is worked in.
    pub(crate) region: &'static str,
    /// Whether STS is called by its global name.
    pub(crate) global_sts: bool,
}

/// What the client calls itself; some name the command, which differs from call to call.
#[derive(Clone, Debug)]
pub(crate) enum Agent {
    Fixed(String),
    /// The text before `md/command#service.command`.
    Command(String),
    /// The text before `api/Service#version`.
    Api(String),
}

impl Place {
    pub(crate) fn new(ip: String, agent: Agent) -> Place {
        Place { ip, agent, endpoint: None, region: "eu-west-1", global_sts: false }
    }

    /// Somewhere in a network, at the address that belongs to `at`.
    pub(crate) fn at(net: Net, at: u64, agent: Agent) -> Place {
        Place::new(net.ip(at), agent)
    }

    /// Where an AWS service is.
    pub(crate) fn service(host: &str) -> Place {
        Place::new(host.to_owned(), Agent::Fixed(host.to_owned()))
    }

    pub(crate) fn in_region(&self, region: &'static str) -> Place {
        Place { region, ..self.clone() }
    }

    pub(crate) fn by(&self, agent: Agent) -> Place {
        Place { agent, ..self.clone() }
    }

    pub(crate) fn from(&self, ip: String) -> Place {
        Place { ip, endpoint: None, ..self.clone() }
    }

    /// Through the endpoint of a VPC, from a private address.
    pub(crate) fn through(&self, endpoint: &str, owner: &str, host: u64) -> Place {
        let ip = format!("10.{}.{}.{}", 20 + host % 8, host / 8 % 250, 10 + host / 2000 % 240);
        Place { ip, endpoint: Some((endpoint.to_owned(), owner.to_owned())), ..self.clone() }
    }

    pub(crate) fn with_global_sts(&self) -> Place {
        Place { global_sts: true, ..self.clone() }
    }

    /// Whether an AWS service is the one who calls.
    pub(crate) fn is_service(&self) -> bool {
        self.ip.ends_with(".com") || self.ip == "AWS Internal"
    }
}

impl Agent {
    /// Writes the user agent of a call of that API.
    pub(crate) fn push(&self, into: &mut String, source: &str, name: &str) {
        match self {
            Agent::Fixed(text) => into.push_str(text),
            Agent::Command(text) => {
                into.push_str(text);
                into.push_str(" md/command#");
                into.push_str(source);
                into.push('.');
                push_dashed(into, name);
            }
            Agent::Api(text) => {
                into.push_str(text);
                into.push_str(" api/");
                into.push_str(source);
                into.push_str("#1.36.1");
            }
        }
    }
}

/// `DescribeInstances` as the command line spells it: `describe-instances`.
fn push_dashed(into: &mut String, name: &str) {
    let name = name.split(|letter: char| letter.is_ascii_digit()).next().unwrap_or_default();
    let mut before_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before_small {
            into.push('-');
        }
        before_small = letter.is_ascii_lowercase();
        into.push(letter.to_ascii_lowercase());
    }
}

/// The command line of AWS on a person's machine.
pub(crate) fn cli(at: u64) -> Agent {
    let (os, arch) =
        [("macos#24.3.0", "arm64"), ("linux#6.8.0", "x86_64"), ("windows#11", "amd64")]
            [(at % 3) as usize];
    let version = 20 + at / 3 % 8;
    Agent::Command(format!(
        "aws-cli/2.{version}.7 md/awscrt#0.23.8 ua/2.1 os/{os} md/arch#{arch} lang/python#3.12.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off"
    ))
}

/// A browser.
pub(crate) fn browser(at: u64) -> Agent {
    let os =
        ["Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "Windows NT 10.0; Win64; x64"]
            [(at % 3) as usize];
    let version = 128 + at / 3 % 6;
    Agent::Fixed(format!(
        "Mozilla/5.0 ({os}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version}.0.0.0 Safari/537.36"
    ))
}

/// Python's SDK, in the environment named.
pub(crate) fn boto(environment: &str) -> Agent {
    let blank = if environment.is_empty() { "" } else { " " };
    Agent::Fixed(format!(
        "Boto3/1.37.1 md/Botocore#1.37.1 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython{blank}{environment}"
    ))
}

/// Go's SDK.
pub(crate) fn go() -> Agent {
    Agent::Api(
        "aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6 md/GOOS#linux md/GOARCH#amd64".into(),
    )
}

/// Java's SDK.
pub(crate) fn java() -> Agent {
    Agent::Api("aws-sdk-java/2.30.1 md/io#sync md/http#Apache ua/2.1 lang/java#17.0.14".into())
}

/// Terraform.
pub(crate) fn terraform() -> Agent {
    Agent::Fixed("APN/1.0 HashiCorp/1.0 Terraform/1.11.0 (+https://www.terraform.io) terraform-provider-aws/5.89.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6".into())
}

/// The code host's step that fetches credentials.
pub(crate) fn actions() -> Agent {
    Agent::Fixed("aws-sdk-js/3.744.0 ua/2.1 os/linux#6.8.0 lang/js md/nodejs#20.18.2 configure-aws-credentials-for-github-actions".into())
}
