//! The certificate of a message: valid now, SNS's own, and its key made the signature.
//!
//! SNS publishes the certificate without those that lead to its root. What vouches for it is that it was
//! fetched over TLS from SNS's own host; the file is looked at nevertheless.

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rolecall_model::Time;
use x509_cert::certificate::{Certificate, TbsCertificate};
use x509_cert::der::DecodePem;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::Invalid;

/// Reads a certificate in PEM.
pub(super) fn read(pem: &[u8]) -> Result<Certificate, Invalid> {
    let none = Invalid::Certificate("it is no X.509 certificate in PEM");
    Certificate::from_pem(pem).map_err(|_| none)
}

/// Checks a signature, given in base64, of a text. `version` is that of SNS: "1" or "2".
pub(super) fn check(
    pem: &[u8],
    version: &str,
    signature: &str,
    text: &str,
    now: Time,
) -> Result<(), Invalid> {
    let wrong = Invalid::Certificate;
    let certificate = &read(pem)?.tbs_certificate;
    let validity = &certificate.validity;
    let seconds = |time: &x509_cert::time::Time| time.to_unix_duration().as_secs() as i64;
    if !(seconds(&validity.not_before)..=seconds(&validity.not_after)).contains(&now.seconds()) {
        return Err(wrong("it is not valid now"));
    }
    if !names(certificate).iter().any(|name| is_sns(name)) {
        return Err(wrong("its subject is not SNS"));
    }
    let algorithm = match version {
        "1" => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        _ => &RSA_PKCS1_2048_8192_SHA256,
    };
    let signature = STANDARD.decode(signature).map_err(|_| Invalid::Signature)?;
    let key = certificate.subject_public_key_info.subject_public_key.raw_bytes();
    UnparsedPublicKey::new(algorithm, key)
        .verify(text.as_bytes(), &signature)
        .map_err(|_| Invalid::Signature)
}

/// The common name of a subject.
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The names of the subject: alternative names, and the common name.
fn names(certificate: &TbsCertificate) -> Vec<String> {
    let alternative = certificate.get::<SubjectAltName>().ok().flatten();
    let alternative = alternative.into_iter().flat_map(|(_, names)| names.0);
    let alternative = alternative.filter_map(|name| match name {
        GeneralName::DnsName(name) => Some(name.to_string()),
        _ => None,
    });
    let parts = certificate.subject.0.iter().flat_map(|parts| parts.0.iter());
    let common = parts.filter(|part| part.oid == COMMON_NAME);
    let common = common.filter_map(|part| str::from_utf8(part.value.value()).ok());
    alternative.chain(common.map(str::to_owned)).collect()
}

/// `sns.amazonaws.com`, and in some Regions `sns.REGION.amazonaws.com`, `sns-REGION.amazonaws.com` or
/// `sns-signing.REGION.amazonaws.com`, each also with `.cn`.
fn is_sns(name: &str) -> bool {
    let name = name.strip_suffix(".cn").unwrap_or(name);
    let Some(first) = name.strip_suffix(".amazonaws.com") else { return false };
    let labels: Vec<&str> = first.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    labels.len() <= 2
        && labels.iter().all(is_label)
        && (labels[0] == "sns" || labels[0].starts_with("sns-"))
}

#[cfg(test)]
mod tests {
    use super::is_sns;

    #[test]
    fn sns_has_a_few_names() {
        for (name, expected) in [
            ("sns.amazonaws.com", true),
            ("sns.eu-west-1.amazonaws.com", true),
            ("sns-signing.me-south-1.amazonaws.com", true),
            ("sns-cn-north-1.amazonaws.com.cn", true),
            ("s3.amazonaws.com", false),
            ("snsx.amazonaws.com", false),
            ("bucket.sns.s3.amazonaws.com", false),
            ("*.amazonaws.com", false),
            ("sns.*.amazonaws.com", false),
            ("sns.amazonaws.com.evil.example", false),
            ("sns.amazonaws.org", false),
        ] {
            assert_eq!(is_sns(name), expected, "{name}");
        }
    }
}
