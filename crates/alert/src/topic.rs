//! The name of an SNS topic.

use std::fmt;
use std::str::FromStr;

use rolecall_model::arn::is_account;

/// `arn:aws:sns:REGION:ACCOUNT:NAME`; the name of a FIFO topic ends with `.fifo`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TopicArn(String);

/// A text that is no such name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ARN of an SNS topic: write arn:aws:sns:eu-west-1:111111111111:findings")]
pub struct NotATopic(pub String);

impl TopicArn {
    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its Region.
    pub fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }

    /// Whether it keeps the order of messages, and drops repeated ones.
    pub fn is_fifo(&self) -> bool {
        self.0.ends_with(".fifo")
    }
}

impl FromStr for TopicArn {
    type Err = NotATopic;

    fn from_str(text: &str) -> Result<TopicArn, NotATopic> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let parts: Vec<&str> = text.split(':').collect();
        let fits = match parts[..] {
            ["arn", partition, "sns", region, account, name] => {
                let name = name.strip_suffix(".fifo").unwrap_or(name);
                partition.starts_with("aws")
                    && partition.chars().all(plain)
                    && !region.is_empty()
                    && region.chars().all(plain)
                    && is_account(account)
                    && !name.is_empty()
                    && name.len() <= 256
                    && name.chars().all(|c| plain(c) || c == '_')
            }
            _ => false,
        };
        if fits { Ok(TopicArn(text.to_owned())) } else { Err(NotATopic(text.to_owned())) }
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_have_a_region_and_may_keep_order() {
        let topic: TopicArn = "arn:aws-cn:sns:cn-north-1:111111111111:f_x.fifo".parse().unwrap();
        assert_eq!((topic.region(), topic.is_fifo()), ("cn-north-1", true));
        for text in [
            "",
            "arn:aws:sqs:eu-west-1:111111111111:q",
            "arn:aws:sns:eu-west-1:1:f",
            "arn:aws:sns::111111111111:f",
            "arn:aws:sns:eu-west-1:111111111111:",
            "arn:aws:sns:eu-west-1:111111111111:f:sub",
            "arn:aws:sns:eu/west:111111111111:f",
        ] {
            assert!(text.parse::<TopicArn>().is_err(), "{text}");
        }
    }
}
