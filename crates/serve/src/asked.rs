//! What an address asks: the names and values after its `?`.

use rolecall_model::Time;
use rolecall_report::live::LONGEST;
use url::form_urlencoded;

use crate::trouble::Trouble;

/// Names and values in order; bytes that are no UTF-8 are replaced.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(Vec<(String, String)>);

impl Asked {
    pub(crate) fn of(query: Option<&str>) -> Asked {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Asked(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of a name, if it is given.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value that a page cannot do without.
    pub(crate) fn needed(&self, name: &str) -> Result<String, Trouble> {
        let value = self.get(name).map(str::trim).unwrap_or_default();
        if value.is_empty() || value.len() > LONGEST {
            return Err(Trouble::Unclear {
                why: format!("the address lacks a usable `{name}`"),
                help: "search for a key, an ARN, a name, an address or an account".to_owned(),
            });
        }
        Ok(value.to_owned())
    }

    /// An instant that may be given.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<Time>, Trouble> {
        let text = self.get(name).map(str::trim).filter(|text| !text.is_empty());
        let read = |text: &str| {
            text.parse().map_err(|error: rolecall_model::NotATime| Trouble::Unclear {
                why: format!("`{name}` is no instant"),
                help: error.to_string(),
            })
        };
        text.map(read).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_forms_write_them() {
        let asked = Asked::of(Some("id=a%2Fb+c&id=d&q=%ff&empty=+&at=2026-03-10"));
        assert_eq!(asked.needed("id").unwrap(), "a/b c");
        assert_eq!(asked.get("q"), Some("\u{fffd}"));
        assert!(asked.needed("empty").is_err() && asked.needed("none").is_err());
        assert_eq!(asked.instant("at").unwrap().unwrap().to_string(), "2026-03-10T00:00:00Z");
        assert!(asked.instant("id").is_err());
        assert_eq!(Asked::of(None).instant("at").unwrap(), None);
    }
}
