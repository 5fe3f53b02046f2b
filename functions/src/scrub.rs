//! Takes out of a text what must not be in a log: credentials, signatures, and the paths of URLs,
//! which are the secret of many webhooks.

/// What stands for something that was taken out.
const GONE: &str = "…";

/// A run of letters, digits and `+/=` of this length is no word, and may be a token.
const TOKEN: usize = 100;

/// The text without secrets; those that the program knows, and what looks like one.
pub(crate) fn scrub(text: &str, secrets: &[String]) -> String {
    let mut text = without_bodies(text);
    for secret in secrets.iter().filter(|secret| secret.len() >= 8) {
        text = text.replace(secret.as_str(), GONE);
    }
    without_tokens(&without_paths(&text))
}

/// S3's refusals repeat the request that it refused, with its signature and session token: only
/// their code and message stay.
fn without_bodies(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("<Error>") {
        let body = &rest[at..];
        let end = body.find("</Error>").map_or(body.len(), |end| end + "</Error>".len());
        kept.push_str(rest[..at].trim_end_matches("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
        let body = &body[..end];
        let told = [element(body, "Code"), element(body, "Message")];
        kept.push_str(&told.into_iter().flatten().collect::<Vec<_>>().join(": "));
        rest = &rest[at + end..];
    }
    kept + rest
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// Of a web address only scheme and host stay.
fn without_paths(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|s| rest.find(s)).min() {
        let host = at + rest[at..].find("//").map_or(0, |slashes| slashes + 2);
        let is_end = |c: char| c.is_whitespace() || "\"'<>()`,".contains(c);
        let end = rest[host..].find(is_end).map_or(rest.len(), |end| host + end);
        let address = &rest[host..end];
        let named = address.split(['/', '?', '#']).next().unwrap_or_default();
        kept.push_str(&rest[..host]);
        kept.push_str(named.rsplit('@').next().unwrap_or_default());
        if named.len() < address.len() {
            kept.push('/');
            kept.push_str(GONE);
        }
        rest = &rest[end..];
    }
    kept + rest
}

fn without_tokens(text: &str) -> String {
    let mut kept = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() || "+/=".contains(c) {
            run.push(c);
            continue;
        }
        kept.push_str(if run.len() >= TOKEN { GONE } else { &run });
        run.clear();
        kept.push(c);
    }
    kept.pop();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_goes_and_what_helps_stays() {
        let token = "IQoJb3JpZ2luX2VjEXAMPLE".repeat(9);
        let refusal = format!(
            "403 Forbidden: <?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SignatureDoesNotMatch</Code><Message>It does not match</Message><CanonicalRequest>x-amz-security-token:{token}</CanonicalRequest></Error> (tried twice)"
        );
        for (text, scrubbed) in [
            (
                "could not read `s3://trail/AWSLogs/x.json.gz`",
                "could not read `s3://trail/AWSLogs/x.json.gz`",
            ),
            (
                refusal.as_str(),
                "403 Forbidden: SignatureDoesNotMatch: It does not match (tried twice)",
            ),
            (
                "POST https://hooks.slack.com/services/T0/B0/abc failed",
                "POST https://hooks.slack.com/… failed",
            ),
            ("(http://user:word@127.0.0.1:4566?X-Amz-Signature=abc)", "(http://127.0.0.1:4566/…)"),
            ("see https://example.com", "see https://example.com"),
            ("key wJalrXUtnFEMI is wrong", "key … is wrong"),
            (&format!("token {token}."), "token …."),
            ("<Error><Code>Broken", ""),
            ("", ""),
        ] {
            assert_eq!(scrub(text, &["wJalrXUtnFEMI".into(), "key".into()]), scrubbed);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_fail(text in "(<Error>|</Error>|<Code>|https://|[a@/?é…]){0,40}") {
            let once = scrub(&text, &[]);
            proptest::prop_assert!(once.len() <= text.len() + 8 * text.matches("://").count());
        }
    }
}
