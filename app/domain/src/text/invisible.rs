//! Characters that nobody sees: they come along when text is copied from pages and chats.

/// Direction marks, zero-width characters, soft hyphens, variation selectors, fillers and tags.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// Characters that turn text around, control what shows it, or are none at all.
fn is_harmful(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
        || (c as u32) & 0xfffe == 0xfffe
}

/// The text as it may be kept: what cannot be seen and changes how the rest is shown or read is left out.
pub fn kept(text: &str) -> String {
    text.chars().filter(|c| !is_harmful(*c)).collect()
}

/// The first such character.
pub fn first_invisible(text: &str) -> Option<char> {
    text.chars().find(|c| is_invisible(*c))
}

/// The text without them.
pub fn without_invisible(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).collect()
}

/// How a message names a character that cannot be shown: U+202C.
pub fn named(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
