//! Which chapter of the manual a page of the program belongs to.

use crate::routes;

/// The last part of a page's address, and the chapter about it; the first that fits.
pub const ABOUT: &[(&str, &str)] = &[
    ("applications", "application"),
    ("conflicts", "conflict"),
    ("consents", "consent"),
    ("panels", "panel"),
    ("bridging", "panel"),
    ("draw", "draw"),
    ("session", "session"),
    ("findings", "finding"),
    ("board", "scoring"),
    ("calibration", "calibration"),
    ("ranking", "ranking"),
    ("exports", "export"),
    ("rounds", "round"),
    ("desk", "scoring"),
    ("batches", "programme"),
    ("imports", "import"),
    ("experts", "expert"),
    ("region", "region"),
    ("approaches", "approach"),
    ("audit", "audit"),
    ("accounts", "account"),
    ("roles", "account"),
    ("sessions", "account"),
    ("password", "account"),
    ("second-factor", "account"),
];

/// Where the help for the page at `path` is.
pub fn about(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if parts.first() == Some(&"help") {
        return path.to_owned();
    }
    let chapter = ABOUT.iter().find(|(part, _)| parts.contains(part));
    chapter.map_or_else(|| routes::HELP.to_owned(), |(_, chapter)| routes::help(chapter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_to_their_own_chapter() {
        let help = |path| about(path);
        assert_eq!(help("/"), "/help");
        assert_eq!(help("/rounds/0195eedc/ranking/weights"), "/help/ranking");
        assert_eq!(help("/rounds/0195eedc"), "/help/round");
        assert_eq!(help("/rounds/0195eedc/draw/board"), "/help/draw");
        assert_eq!(help("/desk/0195eedc/recusal"), "/help/scoring");
        assert_eq!(help("/help/draw"), "/help/draw");
    }
}
