use leptos::prelude::*;

use super::Text;

/// The meaning of a state to the reader. Each tone has its own glyph: colour is never the only sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Tone {
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Neutral => "○",
            Self::Accent => "●",
            Self::Good => "✓",
            Self::Warn => "▲",
            Self::Bad => "✕",
        }
    }
}

/// A state in a word, with a shape before it. `glyph` replaces the tone's own shape.
#[component]
pub fn Tag(
    #[prop(into)] label: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] glyph: Text,
    /// A longer explanation, shown on hover and read after the label.
    #[prop(optional, into)]
    title: Text,
) -> impl IntoView {
    let glyph = glyph.get().unwrap_or_else(|| tone.glyph().to_owned());
    view! {
        <span class=format!("tag {}", tone.class()) title=title.get()>
            <i aria-hidden="true">{glyph}</i>
            {label}
        </span>
    }
}
