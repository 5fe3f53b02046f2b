//! What kind of client a user agent names.

/// Families, each with the lower-case text that tells it. The first that fits wins, so products that
/// wrap an SDK stand before the SDKs.
const FAMILIES: [(&str, &str); 36] = [
    ("trufflehog", "trufflehog"),
    ("pacu", "pacu"),
    ("cloudfox", "cloudfox"),
    ("stratus-red-team", "stratus-red-team"),
    ("s3 browser", "s3-browser"),
    ("kali", "kali"),
    ("parrot", "parrot"),
    ("pentoo", "pentoo"),
    ("aws internal", "aws-internal"),
    ("console.amazonaws.com", "console"),
    ("signin.amazonaws.com", "console"),
    ("awsconsole", "console"),
    ("s3console", "console"),
    ("terraform", "terraform"),
    ("pulumi", "pulumi"),
    ("cloudformation", "cloudformation"),
    ("configure-aws-credentials", "github-actions"),
    ("aws-cdk", "aws-cdk"),
    ("cdk-", "aws-cdk"),
    ("aws-cli", "aws-cli"),
    ("aws-tools", "powershell"),
    ("powershell", "powershell"),
    ("boto3", "boto3"),
    ("botocore", "boto3"),
    ("boto/", "boto3"),
    ("aws-sdk-go", "aws-sdk-go"),
    ("aws-sdk-java", "aws-sdk-java"),
    ("aws-sdk-js", "aws-sdk-js"),
    ("aws-sdk-nodejs", "aws-sdk-js"),
    ("aws-sdk-rust", "aws-sdk-rust"),
    ("aws-sdk-ruby", "aws-sdk-ruby"),
    ("aws-sdk-php", "aws-sdk-php"),
    ("aws-sdk-net", "aws-sdk-net"),
    ("mozilla/", "browser"),
    ("python-", "python"),
    ("curl/", "curl"),
];

/// The family of a user agent: a product or SDK without its version. Service names stand for
/// themselves; what is not known is its first word up to the slash.
pub fn family(user_agent: &str) -> String {
    let lower = user_agent.trim_matches(['[', ']']).to_ascii_lowercase();
    if lower.ends_with(".amazonaws.com") && !lower.contains("console") && !lower.contains("signin")
    {
        return lower;
    }
    for (mark, family) in FAMILIES {
        if lower.contains(mark) {
            return family.to_owned();
        }
    }
    let word = lower.split(['/', ' ', ',', ';']).next().unwrap_or_default();
    if word.is_empty() { "unknown".to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn versions_do_not_matter_and_products_win_over_sdks() {
        for (agent, expected) in [
            ("aws-cli/2.15.0 Python/3.11 md/command#sts.assume-role", "aws-cli"),
            ("Boto3/1.34 md/Botocore#1.34", "boto3"),
            ("[aws-cli/1.16]", "aws-cli"),
            ("APN/1.0 HashiCorp/1.0 Terraform/1.9 aws-sdk-go-v2/1.30", "terraform"),
            ("Mozilla/5.0 (X11)", "browser"),
            ("TruffleHog", "trufflehog"),
            ("lambda.amazonaws.com", "lambda.amazonaws.com"),
            ("console.amazonaws.com", "console"),
            ("my-tool/3.1 (x)", "my-tool"),
            ("", "unknown"),
        ] {
            assert_eq!(family(agent), expected, "{agent}");
        }
    }
}
