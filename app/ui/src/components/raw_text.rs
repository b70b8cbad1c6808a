//! Text inside elements whose content Leptos writes as it is: `<textarea>` and `<title>`.

/// Nothing in the text can end the element or begin another one.
pub fn raw_text(text: &str) -> String {
    let escaped = html_escape::encode_text(text);
    // The parser drops a line break right after `<textarea>`.
    if escaped.starts_with('\n') { format!("\n{escaped}") } else { escaped.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element() {
        assert_eq!(raw_text("</textarea><script>"), "&lt;/textarea&gt;&lt;script&gt;");
        assert_eq!(raw_text("a & b"), "a &amp; b");
        assert_eq!(raw_text("\n第二行"), "\n\n第二行");
    }
}
