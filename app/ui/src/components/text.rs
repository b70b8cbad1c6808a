/// Words that may be absent. A prop of this type takes `&str`, `String` or an `Option` of either; blank counts as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Option<String>);

impl Text {
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    #[must_use]
    pub const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    #[must_use]
    pub fn get(self) -> Option<String> {
        self.0
    }

    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self((!words.is_empty()).then_some(words))
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self::from(words.to_owned())
    }
}

impl From<Option<String>> for Text {
    fn from(words: Option<String>) -> Self {
        words.map_or_else(Self::none, Self::from)
    }
}

impl From<Option<&str>> for Text {
    fn from(words: Option<&str>) -> Self {
        words.map_or_else(Self::none, Self::from)
    }
}
