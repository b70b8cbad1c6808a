/// Whether the caller may decide now, as the parts of the page ask it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum May {
    Decide,
    Read,
}
