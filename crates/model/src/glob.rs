//! Patterns with `*` and `?`, as IAM policies write them.

/// Whether the whole text fits a pattern in which `*` stands for any characters and `?` for one.
/// Upper and lower case differ.
///
/// Walks once; when something does not fit, the last `*` takes one more character. That is enough,
/// since an earlier `*` has nothing to gain, and it bounds the time by text × pattern.
pub fn fits(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(next) {
            Some(b'*') => {
                star = Some((at, next + 1));
                next += 1;
            }
            Some(b'?') => {
                at += character(text, at);
                next += 1;
            }
            Some(&byte) if byte == text[at] => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((taken, after)) = star else { return false };
                at = taken + character(text, taken);
                star = Some((at, after));
                next = after;
            }
        }
    }
    pattern[next..].iter().all(|&byte| byte == b'*')
}

/// How many bytes the character that begins here has.
fn character(text: &[u8], at: usize) -> usize {
    let continues = |byte: &&u8| **byte & 0xc0 == 0x80;
    1 + text[at + 1..].iter().take_while(continues).count()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_and_question_marks() {
        for (text, pattern, expected) in [
            ("", "", true),
            ("", "*", true),
            ("", "?", false),
            ("abc", "abc", true),
            ("abc", "ABC", false),
            ("abc", "b", false),
            ("abc", "a*", true),
            ("abc", "*c*", true),
            ("abc", "a?c", true),
            ("abc", "a??c", false),
            ("aXbXbc", "a*bc", true),
            ("aXbXbd", "a*bc", false),
            ("a*c", "a*c", true),
            ("grün", "gr?n", true),
            ("grün", "gr??n", false),
            ("ü", "*?", true),
        ] {
            assert_eq!(fits(text, pattern), expected, "{text} {pattern}");
        }
    }

    /// The rule, straight from its definition.
    fn oracle(text: &[char], pattern: &[char]) -> bool {
        match (text, pattern) {
            ([], []) => true,
            (_, ['*', rest @ ..]) => {
                oracle(text, rest) || (!text.is_empty() && oracle(&text[1..], pattern))
            }
            ([_, text @ ..], ['?', rest @ ..]) => oracle(text, rest),
            ([a, text @ ..], [b, rest @ ..]) if a == b => oracle(text, rest),
            _ => false,
        }
    }

    proptest::proptest! {
        #[test]
        fn the_walk_is_the_rule(text in "[abü]{0,8}", pattern in "[abü*?]{0,6}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = oracle(&chars(&text), &chars(&pattern));
            proptest::prop_assert_eq!(fits(&text, &pattern), expected);
        }
    }
}
