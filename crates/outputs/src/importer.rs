//! Who imports findings into Security Hub: an account in a Region.

/// The account and the Region whose Security Hub takes findings as those of a custom integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Importer {
    account: String,
    region: String,
}

/// An account or a Region that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAnImporter {
    /// The account is not twelve digits.
    #[error("`{0}` is no account: write its twelve digits")]
    Account(String),
    /// The Region is no name of one.
    #[error("`{0}` is no region: write one such as eu-west-1")]
    Region(String),
}

impl Importer {
    /// The account that calls `BatchImportFindings`, and the Region in which it does.
    ///
    /// # Errors
    ///
    /// The account is not twelve digits, or the Region does not look like one.
    pub fn new(account: &str, region: &str) -> Result<Importer, NotAnImporter> {
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAnImporter::Account(account.escape_debug().to_string()));
        }
        let parts: Vec<&str> = region.split('-').collect();
        let is_word =
            |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
        let is_region = match parts.as_slice() {
            [words @ .., number] if words.len() >= 2 => {
                words.iter().all(is_word) && number.parse::<u8>().is_ok() && region.len() <= 16
            }
            _ => false,
        };
        if !is_region {
            return Err(NotAnImporter::Region(region.escape_debug().to_string()));
        }
        Ok(Importer { account: account.to_owned(), region: region.to_owned() })
    }

    /// The account's twelve digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The ARN of the account's own integration, which every Security Hub has.
    pub fn product(&self) -> String {
        let partition = match &self.region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        let Importer { account, region } = self;
        format!("arn:{partition}:securityhub:{region}:{account}:product/{account}/default")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_is_that_of_the_account_in_the_region() {
        for (region, product) in [
            (
                "eu-west-1",
                "arn:aws:securityhub:eu-west-1:111111111111:product/111111111111/default",
            ),
            (
                "cn-north-1",
                "arn:aws-cn:securityhub:cn-north-1:111111111111:product/111111111111/default",
            ),
            (
                "us-gov-west-1",
                "arn:aws-us-gov:securityhub:us-gov-west-1:111111111111:product/111111111111/default",
            ),
        ] {
            assert_eq!(Importer::new("111111111111", region).unwrap().product(), product);
        }
    }

    #[test]
    fn what_is_no_account_or_region_is_refused() {
        for (account, region) in [
            ("11111111111", "eu-west-1"),
            ("1111111111111", "eu-west-1"),
            ("11111111111x", "eu-west-1"),
            ("111111111111", "eu west"),
            ("111111111111", "eu-1"),
            ("111111111111", "eu-west-x"),
            ("111111111111", "eu--1"),
            ("111111111111", ""),
        ] {
            assert!(Importer::new(account, region).is_err(), "{account} {region}");
        }
    }
}
