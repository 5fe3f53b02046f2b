//! Sets of words in one text: sorted, separated by blanks, at most so many.

/// How many networks, accounts, siblings or candidates a row lists.
pub(crate) const MOST: usize = 32;

/// Adds a word to a sorted list, keeping the first [`MOST`]: adding commutes and repeats freely.
pub(crate) fn add(words: &mut Vec<String>, word: &str) {
    if let Err(at) = words.binary_search_by(|w| w.as_str().cmp(word))
        && at < MOST
    {
        words.insert(at, word.to_owned());
        words.truncate(MOST);
    }
}

/// One text of a sorted list; NULL if it is empty.
pub(crate) fn join<T: AsRef<str>>(words: &[T]) -> Option<String> {
    let mut words = words.iter().map(AsRef::as_ref);
    let mut text = words.next()?.to_owned();
    for word in words {
        text.push(' ');
        text.push_str(word);
    }
    Some(text)
}

/// The words of a text.
pub(crate) fn split(text: &Option<String>) -> impl Iterator<Item = &str> {
    text.as_deref().unwrap_or_default().split(' ').filter(|word| !word.is_empty())
}

/// Adds the words of one text to another.
pub(crate) fn unite(text: &mut Option<String>, other: &Option<String>) {
    if other.is_none() || text == other {
        return;
    }
    let mut words: Vec<&str> = split(text).chain(split(other)).collect();
    words.sort_unstable();
    words.dedup();
    *text = join(&words);
}
