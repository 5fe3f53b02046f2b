//! The word that somebody probably meant.

/// The choice that is fewest letters away, if it is near enough to be meant.
pub fn nearest<'a>(word: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long texts are no slips of the pen, and would only cost time.
    if word.len() > 100 {
        return None;
    }
    let far = word.chars().count().div_ceil(3);
    let near = choices.into_iter().map(|choice| (distance(word, choice), choice));
    near.filter(|(distance, _)| *distance <= far).min_by_key(|(distance, _)| *distance).map(|n| n.1)
}

/// Letters to insert, delete or replace, neighbours that changed places counting once.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let replaced = last[j] + usize::from(a[i] != b[j]);
            let mut least = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        assert_eq!(distance("onwer", "owner"), 1);
        assert_eq!(distance("", "abc"), 3);
        let keys = ["owner", "reason", "expires"];
        assert_eq!(nearest("expire", keys), Some("expires"));
        assert_eq!(nearest("Owner", keys), Some("owner"));
        assert_eq!(nearest("colour", keys), None);
    }
}
