use std::fmt::Write;

/// Which way a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Path and query of a list, as it stands. Links for sorting, filtering and paging are made from it.
///
/// `sort=key` is ascending, `sort=-key` descending; `page` counts from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), pairs: Vec::new() }
    }

    /// From decoded pairs, as axum's `Query<Vec<(String, String)>>` hands them over. Blank values are dropped.
    pub fn from_pairs(path: impl Into<String>, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { path: path.into(), pairs: pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect() }
    }

    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn with(&self, key: &str, value: impl Into<String>) -> Self {
        let mut next = self.without(key);
        next.pairs.push((key.to_owned(), value.into()));
        next
    }

    #[must_use]
    pub fn without(&self, key: &str) -> Self {
        let pairs = self.pairs.iter().filter(|(name, _)| name != key).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    /// Only the pairs under these keys.
    #[must_use]
    pub fn only(&self, keys: &[&str]) -> Self {
        let pairs = self.pairs.iter().filter(|(name, _)| keys.contains(&name.as_str())).cloned().collect();
        Self { path: self.path.clone(), pairs }
    }

    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// How the column `key` is sorted now, if it is.
    #[must_use]
    pub fn direction(&self, key: &str) -> Option<Direction> {
        let sort = self.get("sort")?;
        match sort.strip_prefix('-') {
            Some(rest) => (rest == key).then_some(Direction::Descending),
            None => (sort == key).then_some(Direction::Ascending),
        }
    }

    /// Sorted by `key`, turned around if it was so already, back on the first page.
    #[must_use]
    pub fn sorted(&self, key: &str) -> Self {
        let sort = match self.direction(key) {
            Some(Direction::Ascending) => format!("-{key}"),
            _ => key.to_owned(),
        };
        self.without("page").with("sort", sort)
    }

    #[must_use]
    pub fn page(&self, page: u64) -> Self {
        if page <= 1 { self.without("page") } else { self.with("page", page.to_string()) }
    }

    #[must_use]
    pub fn href(&self) -> String {
        let mut out = self.path.clone();
        for (i, (key, value)) in self.pairs.iter().enumerate() {
            out.push(if i == 0 { '?' } else { '&' });
            encode(&mut out, key);
            out.push('=');
            encode(&mut out, value);
        }
        out
    }
}

/// So that a table's heads can each take `query=&query`.
impl From<&Query> for Query {
    fn from(query: &Query) -> Self {
        query.clone()
    }
}

/// RFC 3986 percent-encoding of everything but unreserved characters.
pub fn percent_encode(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    encode(&mut out, words);
    out
}

fn encode(out: &mut String, words: &str) {
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Direction, Query};

    #[test]
    fn sorting_turns_around_and_leaves_the_page() {
        let query = Query::new("/experts").with("q", "铜箔 &").with("page", "3").sorted("name");
        assert_eq!(query.direction("name"), Some(Direction::Ascending));
        assert_eq!(query.href(), "/experts?q=%E9%93%9C%E7%AE%94%20%26&sort=name");
        assert_eq!(query.sorted("name").get("sort"), Some("-name"));
        assert_eq!(query.direction("unit"), None);
    }

    #[test]
    fn the_first_page_needs_no_number() {
        assert_eq!(Query::new("/a").page(4).page(1).href(), "/a");
    }
}
