//! What ARNs, key ids, user agents and names of APIs tell by themselves.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Signature, Volatility};
use rolecall_model::{api, arn, client, key};

use super::{Function, FunctionDoc};

macro_rules! of_text {
    ($name:literal ($argument:literal), $about:literal, $example:literal, $work:expr) => {
        Function::new(
            FunctionDoc {
                name: $name,
                signature: concat!($name, "(", $argument, ")"),
                about: $about,
                example: $example,
            },
            Signature::string(1, Volatility::Immutable),
            DataType::Utf8,
            |arguments| arguments.told($work),
        )
    };
}

pub(super) fn all() -> Vec<Function> {
    vec![
        of_text!(
            "account_of_arn"("arn"),
            "The twelve-digit account that an ARN names; NULL if it names none.",
            "account_of_arn('arn:aws:iam::111111111111:role/build') = '111111111111'",
            arn::account
        ),
        of_text!(
            "account_of_key"("key"),
            "The account written into an access key id or unique id (AKIA…, ASIA…, AROA…, AIDA…) \
             of the new generation; NULL for older and masked ids.",
            "account_of_key('ASIAQAAAAAAAAAAAAAAA') = '000000000000'",
            key::account
        ),
        of_text!(
            "role_name"("arn"),
            "The name of a role without its path, from a role ARN or the ARN of one of its sessions.",
            "role_name('arn:aws:iam::111111111111:role/team/build') = 'build'",
            arn::role_name
        ),
        of_text!(
            "session_name"("arn"),
            "The session name at the end of an assumed-role or federated-user ARN.",
            "session_name('arn:aws:sts::111111111111:assumed-role/build/run-7') = 'run-7'",
            arn::session_name
        ),
        of_text!(
            "client_of"("user_agent"),
            "The family of a client, such as aws-cli, terraform or browser, whatever its version.",
            "client_of('aws-cli/2.15.0 Python/3.11') = 'aws-cli'",
            |agent| Some(client::family(agent))
        ),
        Function::new(
            FunctionDoc {
                name: "only_reads",
                signature: "only_reads(event_name)",
                about: "Whether an API only looks, as far as its name says: for records that do not say it in \
                        `read_only`, as many of before 2021.",
                example: "only_reads('ListUsers') AND NOT only_reads('CreateUser')",
            },
            Signature::string(1, Volatility::Immutable),
            DataType::Boolean,
            |arguments| arguments.flags(|row| Ok(arguments.text(0, row).map(api::only_reads))),
        ),
    ]
}
