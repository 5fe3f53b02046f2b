//! What an access key id (or any AWS unique id) tells by itself.
//!
//! AWS does not document the layout; it was published independently by two researchers and
//! confirmed with `GetAccessKeyInfo`:
//! <https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>,
//! <https://labs.withsecure.com/publications/a-bitwise-analysis-of-aws-access-key-identifiers.html>.

/// Whether a key id names a long-term key (`AKIA`).
pub fn is_long_term(id: &str) -> bool {
    id.starts_with("AKIA")
}

/// Whether a key id names a temporary key (`ASIA`).
pub fn is_temporary(id: &str) -> bool {
    id.starts_with("ASIA")
}

/// Whether a key id is written out: masked ones hold other characters than AWS uses.
pub fn is_whole(id: &str) -> bool {
    id.len() >= 16 && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The twelve-digit account written into a key id, role id or user id of the new generation.
///
/// NULL for ids of the old generation, which hold no account, and for masked ids.
pub fn account(id: &str) -> Option<String> {
    let body = id.as_bytes().get(4..20)?;
    let mut bits: u128 = 0;
    for byte in body {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            _ => return None,
        };
        bits = bits << 5 | u128::from(digit);
    }
    // 16 base32 digits are 80 bits; the account lies in the 40 bits after the generation bit.
    let head = (bits >> 32) as u64;
    let new_generation = head >> 47 & 1 == 1;
    let account = (head & 0x7fff_ffff_ff80) >> 7;
    (new_generation && account <= 999_999_999_999).then(|| format!("{account:012}"))
}

#[cfg(test)]
mod tests {
    use super::{account, is_whole};

    #[test]
    fn reads_the_account_of_new_ids_and_none_of_old_ones() {
        for (id, expected) in [
            ("ASIAQNZGKIQY56JQ7WML", Some("029608264753")),
            ("ASIAY34FZKBOKMUTVV7A", Some("609629065308")),
            ("ASIAY34FZKBNKMUTVV7A", Some("609629065306")),
            ("AIDAU7JNXC7KTE2ELED2M", Some("342082656213")),
            ("AROA3ISBVQKHHSGTEMQ45", Some("774305579662")),
            ("ASIAQAAAAAAAAAAAAAAA", Some("000000000000")),
            ("ASIA6RVFFB77QAAAAAAA", Some("999999999999")),
            ("AKIAIOSFODNN7EXAMPLE", None),
            ("ASIAIWDLUULYBY4VRKNA", None),
            ("AROAJBP4A5WSXVNY72RLE", None),
            ("AKIAI44QH8DHBEXAMPLE", None),
            ("AKIA****************", None),
            ("ASIA", None),
        ] {
            assert_eq!(account(id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn masked_keys_are_not_whole() {
        for (id, expected) in [
            ("ASIAQNZGKIQY56JQ7WML", true),
            ("AKIAIOSFODNN7EXAMPLE", true),
            ("ASIA****************", false),
            ("ASIAxxxxxxxxxxxxxxxx", false),
            ("REDACTED", false),
            ("", false),
        ] {
            assert_eq!(is_whole(id), expected, "{id}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_twelve_digits_or_nothing(id in ".{0,40}") {
            if let Some(account) = account(&id) {
                proptest::prop_assert!(account.len() == 12);
            }
        }
    }
}
